"""Bringing a framework in from a file, whatever kind of file it is: YAML or an Excel workbook."""

from importlib import import_module
from pathlib import Path, PurePath
from typing import NamedTuple

from sqlalchemy import select

from qa.accounts.permissions import CurrentPerson
from qa.config import ImportLimits
from qa.db import db
from qa.frameworks.checking import CheckResult, check_bytes, load_themes
from qa.frameworks.commands import BadFile, check_may_bring_in, import_framework
from qa.frameworks.content import FrameworkContent
from qa.frameworks.file_problems import FileProblem
from qa.frameworks.models import Edition, Framework
from qa.frameworks.sharing import check_manages
from qa.frameworks.states import EditionState

_WORKBOOKS = {".xlsx", ".xlsm", ".xls", ".xlsb", ".ods"}
_ZIP, _OLD_OFFICE = b"PK", b"\xd0\xcf\x11\xe0"


class Becoming(NamedTuple):
    """What a file becomes. number: of the edition; earlier_id: the newest edition published, if any.

    draft_id: a draft that the framework has already.
    """

    number: int
    earlier_id: int | None = None
    earlier_number: int | None = None
    draft_id: int | None = None


class BroughtIn(NamedTuple):
    """A framework that was brought in."""

    edition_id: int
    content: FrameworkContent
    becoming: Becoming


def check_framework_file(raw: bytes, filename: str, limits: ImportLimits) -> CheckResult:
    """Check the bytes of a file: a workbook by what it holds or its name's ending, any other as YAML.

    A workbook's framework may have any key; a YAML file is named by its key.
    """
    themes = load_themes()
    if raw.startswith((_ZIP, _OLD_OFFICE)) or PurePath(filename).suffix.lower() in _WORKBOOKS:
        # Needed when a workbook comes only, so it is loaded then.
        checking = import_module("qa.frameworks.workbook.checking")
        result: CheckResult = checking.check_workbook(raw, filename, themes.themes, limits)
        return result
    return check_bytes(raw, filename, themes.keys, limits)


def check_framework_path(path: Path, limits: ImportLimits) -> CheckResult:
    """Check a file on disk. One that cannot be read is a result with a problem."""
    try:
        with path.open("rb") as handle:
            raw = handle.read(limits.file_mb * 1_000_000 + 4)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "its name is not valid"
        problem = FileProblem(
            str(path), 1, f"The file cannot be read ({reason}).", "Check its name and who may read it."
        )
        return CheckResult(str(path), None, (problem,))
    return check_framework_file(raw, str(path), limits)


def would_become(person: CurrentPerson, raw: bytes, filename: str, limits: ImportLimits) -> BroughtIn:
    """What bringing a file in would do; nothing is kept, and its edition_id is 0.

    Raises as `bring_in` does.
    """
    content = _content(person, raw, filename, limits)
    return BroughtIn(0, content, becoming(content.key))


def bring_in(
    person: CurrentPerson, raw: bytes, filename: str, limits: ImportLimits, *, publish: bool
) -> BroughtIn:
    """Bring a file in as a new framework, or as the next edition of the one that is here by its key.

    Raises NotAllowed, Refused when another area keeps a framework with that key or there is a draft already,
    and BadFile with every problem when the file does not check: nothing is kept then.
    """
    content = _content(person, raw, filename, limits)
    before = becoming(content.key)
    edition_id = import_framework(person.id, content, publish=publish)
    return BroughtIn(edition_id, content, before)


def _content(person: CurrentPerson, raw: bytes, filename: str, limits: ImportLimits) -> FrameworkContent:
    check_manages(person, None)
    result = check_framework_file(raw, filename, limits)
    if result.content is None:
        raise BadFile(result.problems)
    check_may_bring_in(person, result.content.key)
    return result.content


def becoming(key: str) -> Becoming:
    """Which edition a framework with that key gets next."""
    framework = select(Framework.id).where(Framework.key == key).scalar_subquery()
    rows = db.session.execute(
        select(Edition.id, Edition.number, Edition.state)
        .where(Edition.framework_id == framework)
        .order_by(Edition.number.desc())
    ).all()
    published = next((row for row in rows if row.state != EditionState.DRAFT), None)
    draft = next((row.id for row in rows if row.state == EditionState.DRAFT), None)
    return Becoming(
        max((row.number for row in rows), default=0) + 1,
        published.id if published else None,
        published.number if published else None,
        draft,
    )
