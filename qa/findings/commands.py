"""Coding findings to themes, and keeping the library of themes."""

from collections.abc import Collection

from sqlalchemy import delete, func, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from qa.accounts.permissions import CurrentPerson, Facts, Permission, can, holds
from qa.audits.lifecycle import Stage
from qa.audits.models import Audit
from qa.audits.queries import get_audit
from qa.db import now, writing
from qa.findings.library import add_shipped_themes
from qa.findings.models import FindingTheme, Theme
from qa.findings.naming import same_name, theme_key
from qa.findings.queries import themes_for
from qa.identifiers.asking import NO_CHOICES, Choices
from qa.identifiers.guarding import check
from qa.problems import NotAllowed, NotFound, Refused, Stale, refused
from qa.returns.models import Finding
from qa.trail.recording import record

CLOSED = "This audit is closed. Reopen it to change its coding"
NAME_LIMIT = 160


def code_findings(
    person: CurrentPerson, audit_id: int, finding_ids: Collection[int], theme_ids: Collection[int]
) -> int:
    """Code each of the findings to each of the themes; gives back how many findings were chosen.

    Findings that were withdrawn meanwhile are left out. Raises NotFound, and Refused when no finding or no
    theme is left, or the audit is closed.
    """
    return _code(person, audit_id, finding_ids, theme_ids, remove=False)


def uncode_findings(
    person: CurrentPerson, audit_id: int, finding_ids: Collection[int], theme_ids: Collection[int]
) -> int:
    """Take each of the themes off each of the findings; otherwise as `code_findings`."""
    return _code(person, audit_id, finding_ids, theme_ids, remove=True)


def _code(
    person: CurrentPerson,
    audit_id: int,
    finding_ids: Collection[int],
    theme_ids: Collection[int],
    *,
    remove: bool,
) -> int:
    if not finding_ids:
        raise refused("Tick the findings to code", "finding")
    with writing() as session:
        audit = _audit_to_code(person, audit_id)
        themes = _available(audit, theme_ids)
        if not themes:
            raise refused("Choose at least one theme", "theme")
        findings = _locked(session, audit_id, finding_ids)
        if not findings:
            raise refused("These findings are no longer there. Choose others", "finding")
        pairs = {(finding, theme) for finding in findings for theme in themes}
        changed = _remove(session, pairs) if remove else _add(session, person, pairs)
        if changed:
            event = "findings.uncoded" if remove else "findings.coded"
            _note(session, person, event, audit, len(findings), themes.values())
    return len(findings)


def recode_finding(
    person: CurrentPerson,
    audit_id: int,
    finding_id: int,
    before: Collection[int],
    chosen: Collection[int],
) -> None:
    """Give one finding the chosen themes. before: those it had when its page was opened.

    Only what the person changed is changed, so that two who code at once lose nothing. Raises NotFound, and
    Refused when the audit is closed.
    """
    with writing() as session:
        audit = _audit_to_code(person, audit_id)
        if not _locked(session, audit_id, [finding_id]):
            raise NotFound
        added = _available(audit, set(chosen) - set(before))
        removed = _available(audit, set(before) - set(chosen))
        changed = _add(session, person, {(finding_id, theme) for theme in added})
        if changed:
            _note(session, person, "findings.coded", audit, 1, added.values())
        if _remove(session, {(finding_id, theme) for theme in removed}):
            _note(session, person, "findings.uncoded", audit, 1, removed.values())


def _audit_to_code(person: CurrentPerson, audit_id: int) -> Audit:
    audit = get_audit(person, audit_id, Permission.FINDINGS_CODE)
    if audit.stage is Stage.CLOSED:
        raise refused(CLOSED)
    return audit


def _available(audit: Audit, theme_ids: Collection[int]) -> dict[int, str]:
    """Keys by number of those themes that the audit's findings can be coded to."""
    return {theme.id: theme.key for theme in themes_for(audit.area_id) if theme.id in theme_ids}


def _locked(session: Session, audit_id: int, finding_ids: Collection[int]) -> list[int]:
    """Those of the findings that are released and of the audit, locked against another coder."""
    query = (
        select(Finding.id)
        .where(Finding.id.in_(finding_ids), Finding.audit_id == audit_id, Finding.released.is_(True))
        .order_by(Finding.id)
        .with_for_update()
    )
    return list(session.scalars(query))


def _present(session: Session, pairs: Collection[tuple[int, int]]) -> set[tuple[int, int]]:
    query = select(FindingTheme.finding_id, FindingTheme.theme_id).where(
        FindingTheme.finding_id.in_({finding for finding, _ in pairs})
    )
    return {(row.finding_id, row.theme_id) for row in session.execute(query)} & set(pairs)


def _add(session: Session, person: CurrentPerson, pairs: set[tuple[int, int]]) -> int:
    new = sorted(pairs - _present(session, pairs)) if pairs else []
    if new:
        row = {"coded_at": now(), "coded_by_id": person.id}
        rows = [{"finding_id": finding, "theme_id": theme, **row} for finding, theme in new]
        session.execute(insert(FindingTheme), rows)
    return len(new)


def _remove(session: Session, pairs: set[tuple[int, int]]) -> int:
    old = _present(session, pairs) if pairs else set()
    if old:
        session.execute(
            delete(FindingTheme)
            .where(
                FindingTheme.finding_id.in_({finding for finding, _ in old}),
                FindingTheme.theme_id.in_({theme for _, theme in old}),
            )
            .execution_options(synchronize_session=False)
        )
    return len(old)


def _note(
    session: Session,
    person: CurrentPerson,
    event: str,
    audit: Audit,
    findings: int,
    themes: Collection[str],
) -> None:
    fields = [f"findings:{findings}", *(f"theme:{key}" for key in themes)]
    record(session, person.id, event, "audit", audit.id, fields=fields, area_id=audit.area_id)


def add_theme(
    person: CurrentPerson, area_id: int, name: str, description: str, choices: Choices = NO_CHOICES
) -> int:
    """Add a theme of an area's own, its key made from its name; gives its number.

    Raises NotAllowed outside the person's areas, and Refused for a name that is missing or taken.
    """
    try:
        with writing() as session:
            _check_area(person, area_id)
            name = _checked_name(session, area_id, name)
            keys = set(session.scalars(select(Theme.key)))
            row = Theme(
                key=theme_key(name, keys),
                name=name,
                description=description.strip(),
                area_id=area_id,
                created_at=now(),
                created_by_id=person.id,
            )
            session.add(row)
            session.flush()
            texts = {"name": row.name, "description": row.description}
            check(session, person, area_id, "theme", row.id, texts, choices, about_child=False)
            fields = ["name", "description"]
            record(
                session, person.id, "findings.theme_added", "theme", row.id, fields=fields, area_id=area_id
            )
            return row.id
    except IntegrityError:
        # Two people added a theme with one key at the same moment.
        raise refused(
            "Somebody else has just added a theme of this name. Check the library", "name"
        ) from None


def change_theme(
    person: CurrentPerson,
    theme_id: int,
    name: str,
    description: str,
    version: int,
    choices: Choices = NO_CHOICES,
) -> None:
    """Change the name and description of an area's own theme; its key stays.

    Raises NotFound for a shared theme or another area's, Refused for a name that is missing or taken, Stale.
    """
    with writing() as session:
        row = session.scalar(select(Theme).where(Theme.id == theme_id).with_for_update())
        if row is None or row.area_id is None:
            raise NotFound
        if not can(person, Permission.FINDINGS_CODE, Facts(area_id=row.area_id)):
            raise NotFound
        if row.version != version:
            raise Stale({"name": row.name, "description": row.description}, row.version)
        wanted = {
            "name": _checked_name(session, row.area_id, name, row.id),
            "description": description.strip(),
        }
        changed = [field for field, text in wanted.items() if getattr(row, field) != text]
        for field in changed:
            setattr(row, field, wanted[field])
        if changed:
            check(session, person, row.area_id, "theme", row.id, wanted, choices, about_child=False)
            _note_theme(session, person, "findings.theme_changed", row, changed)


def _note_theme(
    session: Session, person: CurrentPerson, event: str, row: Theme, fields: Collection[str]
) -> None:
    record(session, person.id, event, "theme", row.id, fields=fields, area_id=row.area_id)


def load_library(person: CurrentPerson) -> int:
    """Add the themes of the starting library that are not there yet; gives back how many."""
    if not holds(person, Permission.FINDINGS_CODE):
        raise NotAllowed("Only QA leads keep the library of themes.")
    with writing() as session:
        return add_shipped_themes(session, person.id)


def _check_area(person: CurrentPerson, area_id: int) -> None:
    if not can(person, Permission.FINDINGS_CODE, Facts(area_id=area_id)):
        raise NotAllowed("You keep the themes of your own area.")


def _checked_name(session: Session, area_id: int, name: str, besides: int | None = None) -> str:
    """The name, if no other theme that the area can use has it."""
    name = " ".join(name.split())
    if not name:
        raise refused("Enter the theme’s name", "name")
    if len(name) > NAME_LIMIT:
        raise refused(f"The name must be {NAME_LIMIT} characters or fewer", "name")
    query = select(Theme.name).where(func.coalesce(Theme.area_id, area_id) == area_id)
    if besides is not None:
        query = query.where(Theme.id != besides)
    taken = next((other for other in session.scalars(query) if same_name(other, name)), None)
    if taken is not None:
        raise Refused({"name": f"There is a theme “{taken}” already. Choose another name, or use that theme"})
    return name
