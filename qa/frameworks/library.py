"""Reads of the library: frameworks a row each, with their editions; scoped to the person asking."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, case, exists, func, or_, select
from sqlalchemy.orm import aliased

from qa.accounts.models import Area
from qa.accounts.permissions import CurrentPerson
from qa.db import db
from qa.frameworks.models import Draft, Edition, Framework, Question
from qa.frameworks.queries import managed, readable, visible
from qa.frameworks.sharing import managed_areas, manages
from qa.frameworks.states import EditionState
from qa.frameworks.vocabulary import FrameworkKind
from qa.problems import NotFound
from qa.web.paging import PAGE_SIZE, Page

SHARED = "all"


class Standing(StrEnum):
    """What the library is filtered by."""

    CURRENT = "current"
    DRAFT = "draft"
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> str:
        """What people read."""
        return {
            Standing.CURRENT: "With a published edition",
            Standing.DRAFT: "With a draft",
            Standing.WITHDRAWN: "Withdrawn altogether",
        }[self]


class LibraryFilter(NamedTuple):
    """What the library is narrowed to. area: "all" for shared frameworks, or an area's number."""

    text: str = ""
    kind: FrameworkKind | None = None
    area: str = ""
    standing: Standing | None = None

    @property
    def any(self) -> bool:
        """Whether anything is narrowed."""
        return bool(self.text or self.kind or self.area or self.standing)


class EditionLine(NamedTuple):
    """An edition as lists show it."""

    id: int
    framework_id: int
    number: int
    name: str
    state: EditionState
    published_at: datetime | None
    questions: int


class FrameworkLine(NamedTuple):
    """A framework of the library, named by its current edition, or by its draft, or by its last one.

    area: the one that keeps it, None when all areas share it. editions: those the person may see, newest
    first.
    """

    id: int
    key: str
    area_id: int | None
    area: str | None
    name: str
    summary: str
    kind: FrameworkKind | None
    questions: int
    editions: tuple[EditionLine, ...] = ()
    manages: bool = False

    @property
    def current(self) -> EditionLine | None:
        """The newest published edition: the one that audits start from."""
        return next((one for one in self.editions if one.state is EditionState.PUBLISHED), None)

    @property
    def draft(self) -> EditionLine | None:
        """The draft, for those who may write it."""
        return next((one for one in self.editions if one.state is EditionState.DRAFT), None)

    @property
    def earlier(self) -> tuple[EditionLine, ...]:
        """Editions that are neither the current one nor a draft."""
        current = self.current
        return tuple(one for one in self.editions if one != current and one.state is not EditionState.DRAFT)

    @property
    def compared(self) -> tuple[EditionLine, ...]:
        """The editions that can be put side by side, when there is more than one."""
        return self.editions if len(self.editions) > 1 else ()


def library(person: CurrentPerson, narrowed: LibraryFilter, page: int) -> Page[FrameworkLine]:
    """A page of the frameworks within the person's reach, by name. Three statements."""
    shown = aliased(Edition)
    wanted = and_(readable(person), shown.id == _shown_id(person), *_conditions(person, narrowed, shown))
    total = db.session.scalar(select(func.count()).select_from(Framework).join(shown, wanted)) or 0
    page = min(page, Page((), page, total).pages)
    lines = _lines(person, wanted, shown, PAGE_SIZE, (page - 1) * PAGE_SIZE)
    return Page(lines, page, total)


def framework_line(person: CurrentPerson, framework_id: int) -> FrameworkLine:
    """One framework with its editions. Raises NotFound. Two statements."""
    shown = aliased(Edition)
    wanted = and_(readable(person), shown.id == _shown_id(person), Framework.id == framework_id)
    found = _lines(person, wanted, shown, 1, 0)
    if not found:
        raise NotFound("no such framework")
    return found[0]


def _shown_id(person: CurrentPerson) -> ColumnElement[int]:
    """The edition that a framework goes by: the newest published, else the draft, else the newest."""
    one = aliased(Edition)
    rank = case((one.state == EditionState.PUBLISHED, 0), (one.state == EditionState.DRAFT, 1), else_=2)
    return (
        select(one.id)
        .where(one.framework_id == Framework.id, visible(person, one))
        .order_by(rank, one.number.desc())
        .limit(1)
        .correlate(Framework)
        .scalar_subquery()
    )


def _conditions(
    person: CurrentPerson, narrowed: LibraryFilter, shown: type[Edition]
) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if narrowed.text:
        columns = (shown.name, shown.summary)
        conditions.append(or_(*(column.icontains(narrowed.text, autoescape=True) for column in columns)))
    if narrowed.kind is not None:
        conditions.append(shown.kind == narrowed.kind.value)
    if narrowed.area == SHARED:
        conditions.append(Framework.area_id.is_(None))
    elif narrowed.area:
        conditions.append(Framework.area_id == int(narrowed.area))
    if narrowed.standing is Standing.DRAFT:
        draft = exists().where(Edition.framework_id == Framework.id, Edition.state == EditionState.DRAFT)
        conditions += [draft, managed(person)]
    elif narrowed.standing is Standing.CURRENT:
        conditions.append(shown.state == EditionState.PUBLISHED)
    elif narrowed.standing is Standing.WITHDRAWN:
        conditions.append(shown.state == EditionState.WITHDRAWN)
    return conditions


def _lines(
    person: CurrentPerson, wanted: ColumnElement[bool], shown: type[Edition], most: int, offset: int
) -> list[FrameworkLine]:
    rows = db.session.execute(
        select(
            Framework.id, Framework.key, Framework.area_id, Area.name, shown.name, shown.summary, shown.kind
        )
        .select_from(Framework)
        .join(shown, wanted)
        .outerjoin(Area, Area.id == Framework.area_id)
        .order_by(func.lower(shown.name), Framework.id)
        .limit(most)
        .offset(offset)
    ).all()
    editions = _editions(person, [row[0] for row in rows])
    made = []
    for number, key, area_id, area, name, summary, kind in rows:
        theirs = editions.get(number, ())
        line = FrameworkLine(number, key, area_id, area, name, summary, _kind(kind), 0, theirs)
        named_by = line.current or line.draft or (theirs[0] if theirs else None)
        questions = named_by.questions if named_by else 0
        made.append(line._replace(questions=questions, manages=manages(person, area_id)))
    return made


def _kind(text: str) -> FrameworkKind | None:
    """A draft may still be without a kind."""
    return FrameworkKind(text) if text in set(FrameworkKind) else None


def _editions(person: CurrentPerson, framework_ids: Collection[int]) -> Mapping[int, tuple[EditionLine, ...]]:
    questions = (
        select(func.count()).select_from(Question).where(Question.edition_id == Edition.id).scalar_subquery()
    )
    rows = db.session.execute(
        select(
            Edition.id,
            Edition.framework_id,
            Edition.number,
            Edition.name,
            Edition.state,
            Edition.published_at,
            func.coalesce(Draft.questions, questions),
        )
        .join(Framework, Framework.id == Edition.framework_id)
        .outerjoin(Draft, Draft.edition_id == Edition.id)
        .where(Edition.framework_id.in_(framework_ids), visible(person))
        .order_by(Edition.number.desc())
    )
    found: defaultdict[int, list[EditionLine]] = defaultdict(list)
    for row in rows:
        found[row[1]].append(EditionLine(*row))
    return {number: tuple(listed) for number, listed in found.items()}


def areas_keeping(person: CurrentPerson) -> Sequence[tuple[int, str]]:
    """The areas that keep a framework which the person may read, by name: for the filter."""
    kept = select(Framework.area_id).where(readable(person), Framework.area_id.is_not(None))
    rows = db.session.execute(select(Area.id, Area.name).where(Area.id.in_(kept)).order_by(Area.name))
    return [(number, name) for number, name in rows]


def areas_to_keep_in(person: CurrentPerson) -> Sequence[tuple[int, str]]:
    """The areas to which the person may keep a framework, by name."""
    query = select(Area.id, Area.name).order_by(Area.name)
    areas = managed_areas(person)
    if areas is not None:
        query = query.where(Area.id.in_(areas))
    return [(number, name) for number, name in db.session.execute(query)]


def frameworks_here(keys: Collection[str]) -> Mapping[str, int]:
    """The frameworks with these keys that are in the database, whoever asks: number by key."""
    rows = db.session.execute(select(Framework.key, Framework.id).where(Framework.key.in_(keys)))
    return {row[0]: row[1] for row in rows}


class StartingPoint(NamedTuple):
    """An edition that a draft can start from."""

    id: int
    name: str
    number: int
    state: EditionState

    @property
    def said(self) -> str:
        """What people read: "Child in Need, edition 2"."""
        withdrawn = ", withdrawn" if self.state is EditionState.WITHDRAWN else ""
        return f"{self.name}, edition {self.number}{withdrawn}"


def editions_to_start_from(person: CurrentPerson) -> Sequence[StartingPoint]:
    """Every published or withdrawn edition that the person may read, by name, newest first."""
    rows = db.session.execute(
        select(Edition.id, Edition.name, Edition.number, Edition.state)
        .join(Framework, Framework.id == Edition.framework_id)
        .where(readable(person), Edition.state != EditionState.DRAFT)
        .order_by(func.lower(Edition.name), Framework.id, Edition.number.desc())
    )
    return [StartingPoint(*row) for row in rows]
