"""Programmes as people read them: the list of them, one year, one planned audit."""

from datetime import date
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, func, select

from qa.accounts.models import Area, Person
from qa.accounts.permissions import CurrentPerson
from qa.audits.programme.lines import PlannedLine, lines_of
from qa.audits.programme.models import PlannedAudit, PlannedPerson, Programme
from qa.audits.programme.planned import NOT_DONE, Status
from qa.audits.programme.reach import get_planned, get_programme, manages, visible_planned, visible_programmes
from qa.audits.programme.year import ProgrammeYear
from qa.audits.queries.lists import at_most_last
from qa.db import db
from qa.web.paging import PAGE_SIZE, Page

ALL_AREAS = "All areas together"


class ProgrammeLine(NamedTuple):
    """One programme of the list. planned: audits in it that the reader may know of."""

    id: int
    area: str
    year: ProgrammeYear
    planned: int


class ProgrammeFilter(NamedTuple):
    """What the list of programmes is narrowed to. area_id: 0 for all areas together."""

    area_id: int | None = None
    starts_on: date | None = None

    @property
    def any(self) -> bool:
        """Whether anything is narrowed."""
        return self.area_id is not None or self.starts_on is not None


class YearView(NamedTuple):
    """A programme whole. others: the years that the same area has, oldest first."""

    programme: Programme
    year: ProgrammeYear
    area: str
    manages: bool
    rows: tuple[PlannedLine, ...]
    others: tuple[tuple[int, ProgrammeYear], ...]

    @property
    def leads(self) -> tuple[tuple[int, str], ...]:
        """Who leads an audit of it, by name."""
        found = {row.lead_id: row.lead for row in self.rows if row.lead_id and row.lead}
        return tuple(sorted(found.items(), key=lambda entry: (entry[1], entry[0])))

    @property
    def counts(self) -> tuple[tuple[Status, int], ...]:
        """How many stand where; statuses that none has are left out."""
        found = [row.status for row in self.rows]
        return tuple((status, found.count(status)) for status in Status if status in found)

    @property
    def following(self) -> ProgrammeYear:
        """The year that what is not done is carried over to, whether it was begun or not."""
        return self.year.following(year.starts_on for _, year in self.others)

    @property
    def can_be_carried_over(self) -> tuple[PlannedLine, ...]:
        """What was not begun and is in no other year yet."""
        return tuple(row for row in self.rows if row.status in NOT_DONE)


class PlannedView(NamedTuple):
    """A planned audit with what belongs to its page. carried_from: the year it came from.

    carried_to_id, carried_from_id: those planned audits, as far as the reader may see them. named: who sees a
    confidential one, besides those named on its audits.
    """

    row: PlannedAudit
    line: PlannedLine
    year: ProgrammeYear
    area: str
    manages: bool
    carried_from: ProgrammeYear | None
    carried_from_id: int | None
    carried_to_id: int | None
    named: tuple[str, ...]


def programme_list(
    person: CurrentPerson, narrowed: ProgrammeFilter, page: int
) -> tuple[Page[ProgrammeLine], tuple[tuple[int, str], ...], tuple[date, ...]]:
    """A page of the programmes within reach, the newest first; the areas and years there are to narrow by.

    Three statements.
    """
    within = visible_programmes(person)
    every = db.session.execute(
        select(Programme.area_id, Area.name, Programme.starts_on)
        .outerjoin(Area, Area.id == Programme.area_id)
        .where(within)
        .distinct()
    ).all()
    areas = sorted({(number or 0, name or ALL_AREAS) for number, name, _ in every}, key=_all_areas_first)
    years = tuple(sorted({starts_on for _, _, starts_on in every}, reverse=True))
    wanted = and_(within, *_narrowing(narrowed))
    total = db.session.scalar(select(func.count()).select_from(Programme).where(wanted)) or 0
    page = at_most_last(page, total)
    planned = (
        select(func.count())
        .select_from(PlannedAudit)
        .where(PlannedAudit.programme_id == Programme.id, visible_planned(person))
        .correlate(Programme)
        .scalar_subquery()
    )
    rows = db.session.execute(
        select(Programme.id, Area.name, Programme.starts_on, planned)
        .outerjoin(Area, Area.id == Programme.area_id)
        .where(wanted)
        .order_by(Programme.starts_on.desc(), Programme.area_id.is_(None).desc(), Area.name, Programme.id)
        .limit(PAGE_SIZE)
        .offset((page - 1) * PAGE_SIZE)
    )
    items = [
        ProgrammeLine(number, area or ALL_AREAS, ProgrammeYear(starts_on), count)
        for number, area, starts_on, count in rows
    ]
    return Page(items, page, total), tuple(areas), years


def _all_areas_first(entry: tuple[int, str]) -> tuple[bool, str]:
    return entry[0] != 0, entry[1]


def _narrowing(narrowed: ProgrammeFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if narrowed.area_id is not None:
        conditions.append(Programme.area_id == narrowed.area_id if narrowed.area_id else _of_all_areas())
    if narrowed.starts_on is not None:
        conditions.append(Programme.starts_on == narrowed.starts_on)
    return conditions


def _of_all_areas() -> ColumnElement[bool]:
    return Programme.area_id.is_(None)


def year_view(person: CurrentPerson, programme_id: int, *, with_confidential: bool = True) -> YearView:
    """A programme whole, as far as the person may know it, in five statements. Raises NotFound.

    with_confidential: False for what leaves the service, such as a PDF.
    """
    programme = get_programme(person, programme_id)
    year = ProgrammeYear(programme.starts_on)
    same = (
        Programme.area_id.is_(None) if programme.area_id is None else Programme.area_id == programme.area_id
    )
    others = db.session.execute(
        select(Programme.id, Programme.starts_on).where(same).order_by(Programme.starts_on)
    )
    rows = lines_of(person, PlannedAudit.programme_id == programme.id, year)
    if not with_confidential:
        rows = [row for row in rows if not row.confidential]
    return YearView(
        programme,
        year,
        programme.area.name if programme.area else ALL_AREAS,
        manages(person, programme),
        tuple(rows),
        tuple((number, ProgrammeYear(starts_on)) for number, starts_on in others),
    )


def planned_view(person: CurrentPerson, planned_id: int) -> PlannedView:
    """A planned audit, in at most six statements. Raises NotFound when it is out of reach."""
    row = get_planned(person, planned_id)
    year = ProgrammeYear(row.programme.starts_on)
    (line,) = lines_of(person, PlannedAudit.id == row.id, year)
    ties = db.session.execute(
        select(PlannedAudit.id, Programme.starts_on)
        .join(Programme, Programme.id == PlannedAudit.programme_id)
        .where(
            (PlannedAudit.id == row.carried_from_id) | (PlannedAudit.carried_from_id == row.id),
            visible_programmes(person),
            visible_planned(person),
        )
    ).all()
    before = next((tie for tie in ties if tie[0] == row.carried_from_id), None)
    after = next((tie for tie in ties if tie[0] != row.carried_from_id), None)
    named = (
        select(Person.name)
        .join(PlannedPerson, PlannedPerson.person_id == Person.id)
        .where(PlannedPerson.planned_id == row.id)
        .order_by(Person.name, Person.id)
    )
    return PlannedView(
        row,
        line,
        year,
        row.programme.area.name if row.programme.area else ALL_AREAS,
        manages(person, row.programme),
        ProgrammeYear(before[1]) if before else None,
        before[0] if before else None,
        after[0] if after else None,
        tuple(db.session.scalars(named)) if row.confidential else (),
    )
