"""Programmes as people read them: the list of them, one year, one planned audit."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import ColumnElement, Row, and_, func, select
from sqlalchemy.orm import aliased

from qa.accounts.models import Agency, Area, Person
from qa.accounts.permissions import CurrentPerson, Permission
from qa.audits.lifecycle import Stage
from qa.audits.models import Audit
from qa.audits.programme.models import PlannedAgency, PlannedAudit, PlannedPerson, Programme
from qa.audits.programme.planned import (
    NOT_DONE,
    AuditDates,
    AuditMethod,
    PlanState,
    Reason,
    Status,
    reason_in_words,
    status_of,
)
from qa.audits.programme.reach import get_planned, get_programme, manages, visible_planned, visible_programmes
from qa.audits.programme.year import ProgrammeYear, Span, months_in_words, of_quarters
from qa.audits.queries.lists import at_most_last
from qa.audits.queries.reach import visible_audits
from qa.db import db
from qa.frameworks.models import Edition
from qa.frameworks.states import EditionState
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


class RunAudit(NamedTuple):
    """An audit of a planned one. opens: whether the reader has its page."""

    id: int
    title: str
    reference: str
    area: str
    stage: Stage
    dates: AuditDates
    opens: bool

    @property
    def months(self) -> str:
        """May to August 2026."""
        return months_in_words(self.dates.begins, self.dates.ends)


class PlannedLine(NamedTuple):
    """A planned audit as it stands in its programme. carried_to: the year it was carried over to."""

    id: int
    title: str
    theme: str
    reason: Reason
    reason_words: str
    method: AuditMethod
    quarter: int
    until: int
    framework: str | None
    lead_id: int | None
    lead: str | None
    state: PlanState
    state_reason: str
    confidential: bool
    agencies: tuple[str, ...]
    audits: tuple[RunAudit, ...]
    carried_to: ProgrammeYear | None
    year: ProgrammeYear

    @property
    def why(self) -> str:
        """The reason in words."""
        return reason_in_words(self.reason, self.reason_words)

    @property
    def status(self) -> Status:
        """Where it stands."""
        return status_of(
            self.state, [audit.stage for audit in self.audits], carried=self.carried_to is not None
        )

    @property
    def planned_span(self) -> Span:
        """The months of the quarters it was planned for."""
        return of_quarters(self.quarter, self.until)

    @property
    def spans(self) -> tuple[tuple[RunAudit, Span | None], ...]:
        """Its audits with their months; None where an audit lies outside the year."""
        return tuple((audit, self.year.span(audit.dates.begins, audit.dates.ends)) for audit in self.audits)

    @property
    def quarters(self) -> str:
        """Quarter 1, or Quarters 1 to 4."""
        if self.quarter == self.until:
            return f"Quarter {self.quarter}"
        return f"Quarters {self.quarter} to {self.until}"

    @property
    def months(self) -> str:
        """The months of its quarters in words."""
        quarters = self.year.quarters
        return months_in_words(quarters[self.quarter - 1].starts_on, quarters[self.until - 1].ends_on)


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
    rows = _lines(person, PlannedAudit.programme_id == programme.id, year)
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
    (line,) = _lines(person, PlannedAudit.id == row.id, year)
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


def _lines(person: CurrentPerson, wanted: ColumnElement[bool], year: ProgrammeYear) -> list[PlannedLine]:
    """Planned audits in the order of the year, in three statements."""
    copy, next_year = aliased(PlannedAudit), aliased(Programme)
    newest = (
        select(Edition.name)
        .where(Edition.framework_id == PlannedAudit.framework_id, Edition.state != EditionState.DRAFT)
        .order_by(Edition.number.desc())
        .limit(1)
        .correlate(PlannedAudit)
        .scalar_subquery()
    )
    rows = db.session.execute(
        select(PlannedAudit, newest, Person.name, next_year.starts_on)
        .outerjoin(Person, Person.id == PlannedAudit.lead_id)
        .outerjoin(copy, copy.carried_from_id == PlannedAudit.id)
        .outerjoin(next_year, next_year.id == copy.programme_id)
        .where(wanted, visible_planned(person))
        .order_by(PlannedAudit.quarter, PlannedAudit.until, func.lower(PlannedAudit.title), PlannedAudit.id)
    ).all()
    numbers = [row[0].id for row in rows]
    agencies, audits = _agencies(numbers), _audits(person, numbers)
    return [
        PlannedLine(
            id=row.id,
            title=row.title,
            theme=row.theme,
            reason=row.reason,
            reason_words=row.reason_words,
            method=row.method,
            quarter=row.quarter,
            until=row.until,
            framework=framework,
            lead_id=row.lead_id,
            lead=lead,
            state=row.state,
            state_reason=row.state_reason,
            confidential=row.confidential or any(secret for _, secret in audits[row.id]),
            agencies=tuple(agencies[row.id]),
            audits=tuple(audit for audit, _ in audits[row.id]),
            carried_to=ProgrammeYear(carried_to) if carried_to else None,
            year=year,
        )
        for row, framework, lead, carried_to in rows
    ]


def _agencies(planned_ids: Sequence[int]) -> Mapping[int, list[str]]:
    found: defaultdict[int, list[str]] = defaultdict(list)
    query = (
        select(PlannedAgency.planned_id, Agency.short_name)
        .join(Agency, Agency.id == PlannedAgency.agency_id)
        .where(PlannedAgency.planned_id.in_(planned_ids))
        .order_by(Agency.name, Agency.id)
    )
    for planned_id, name in db.session.execute(query):
        found[planned_id].append(name)
    return found


def _audits(person: CurrentPerson, planned_ids: Sequence[int]) -> Mapping[int, list[tuple[RunAudit, bool]]]:
    """The audits of planned ones that the person may see, by area, each with whether it is confidential."""
    query = (
        select(Audit, Area.name, visible_audits(person, Permission.AUDITS_READ))
        .join(Area, Area.id == Audit.area_id)
        .where(Audit.planned_id.in_(planned_ids))
        .order_by(Area.name, Audit.id)
    )
    found: defaultdict[int, list[tuple[RunAudit, bool]]] = defaultdict(list)
    for planned_id, shown, secret in _run(db.session.execute(query)):
        found[planned_id].append((shown, secret))
    return found


def _run(rows: Iterable[Row[Audit, str, bool]]) -> Iterable[tuple[int, RunAudit, bool]]:
    for audit, area, opens in rows:
        dates = AuditDates(
            audit.fieldwork_opens_on, audit.returns_due_on, audit.panel_on, audit.report_due_on
        )
        shown = RunAudit(audit.id, audit.title, audit.reference, area, audit.stage, dates, bool(opens))
        yield audit.planned_id or 0, shown, audit.confidential
