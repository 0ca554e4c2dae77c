"""Planned audits as lines of their programme: where each stands, with its agencies and audits."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import ColumnElement, Row, func, select
from sqlalchemy.orm import aliased

from qa.accounts.models import Agency, Area, Person
from qa.accounts.permissions import CurrentPerson, Permission
from qa.audits.lifecycle import Stage
from qa.audits.models import Audit
from qa.audits.programme.models import PlannedAgency, PlannedAudit, Programme
from qa.audits.programme.planned import (
    AuditDates,
    AuditMethod,
    PlanState,
    Reason,
    Status,
    reason_in_words,
    status_of,
)
from qa.audits.programme.reach import visible_planned
from qa.audits.programme.year import ProgrammeYear, Span, months_in_words, of_quarters
from qa.audits.queries.reach import visible_audits
from qa.db import db
from qa.frameworks.models import Edition
from qa.frameworks.states import EditionState


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


def lines_of(person: CurrentPerson, wanted: ColumnElement[bool], year: ProgrammeYear) -> list[PlannedLine]:
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
