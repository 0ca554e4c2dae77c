"""Figures of one audit: how far it has come, and what each agency owes.

An audit may have ten thousand returns, so nothing here reads their rows: each figure is the length of a piece
of an index, which costs next to nothing a return.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Date,
    Integer,
    Label,
    ScalarSelect,
    and_,
    bindparam,
    func,
    select,
)

from qa.audits.lifecycle import NOT_IN, Progress, ReturnState
from qa.audits.models import Audit, AuditAgency, Case, Return
from qa.db import db, today
from qa.frameworks.reading import edition_tree


class AgencyLine(NamedTuple):
    """What one agency has been given and has sent in, second auditors' returns too: all of it is work.

    due: the first and the last day returns are due. second: how many of the returns are second auditors'.
    """

    id: int
    name: str
    returns: int = 0
    not_started: int = 0
    in_progress: int = 0
    submitted: int = 0
    not_involved: int = 0
    late: int = 0
    unallocated: int = 0
    due: frozenset[date] = frozenset()
    second: int = 0

    @property
    def cases(self) -> int:
        """Cases it has a return on."""
        return self.returns - self.second

    @property
    def complete(self) -> int:
        """Returns in."""
        return self.submitted + self.not_involved


def is_late() -> ColumnElement[bool]:
    """The condition on Return that it is not in and its due date is past."""
    return and_(Return.state.in_(NOT_IN), Return.due_on < today())


def _of_agency(what: ColumnElement[Any], *conditions: ColumnElement[bool]) -> ScalarSelect[Any]:
    """A figure over an agency's returns; with their state named, it is read from one stretch of an index."""
    query = select(what).where(
        Return.audit_id == AuditAgency.audit_id, Return.agency_id == AuditAgency.agency_id, *conditions
    )
    return query.correlate(AuditAgency).scalar_subquery()


def _columns_of_lines() -> Iterator[Label[Any]]:
    due_on: ColumnElement[date] = Return.__table__.c.due_on
    for state in ReturnState:
        of_state = Return.state == state
        yield _of_agency(func.count(), of_state).label(state.value)
        yield _of_agency(func.min(due_on), of_state).label(f"{state.value}_from")
        yield _of_agency(func.max(due_on), of_state).label(f"{state.value}_to")
    outstanding = Return.state.in_(NOT_IN)
    yield _of_agency(func.count(), outstanding, Return.due_on < bindparam("day", type_=Date)).label("late")
    yield _of_agency(func.count(), outstanding, Return.auditor_id.is_(None)).label("unallocated")
    yield _of_agency(func.count(), Return.second.is_(True)).label("second")


# Statements of many parts are put together once: that costs more than the database takes to answer.
LINES = select(AuditAgency.agency_id, *_columns_of_lines()).where(
    AuditAgency.audit_id == bindparam("audit_id", type_=Integer)
)


def agency_lines(audit: Audit, only: frozenset[int] | None = None) -> tuple[AgencyLine, ...]:
    """One line an agency taking part, by name, those without returns too. only: just those agencies.

    One statement. The audit's agencies must be loaded.
    """
    query = LINES if only is None else LINES.where(AuditAgency.agency_id.in_(only))
    rows = {
        row.agency_id: dict(row._mapping)
        for row in db.session.execute(query, {"audit_id": audit.id, "day": today()})
    }
    names = {agency.id: agency.name for agency in audit.agencies}
    return tuple(
        _line(names[number], rows[number])
        for number in sorted(names, key=lambda number: (names[number], number))
        if number in rows
    )


def _line(name: str, figures: Mapping[str, Any]) -> AgencyLine:
    states = {state.value: figures[state.value] for state in ReturnState}
    days = {figures[f"{state}_{end}"] for state in states for end in ("from", "to")}
    return AgencyLine(
        figures["agency_id"],
        name,
        returns=sum(states.values()),
        late=figures["late"],
        unallocated=figures["unallocated"],
        due=frozenset(days - {None}),
        second=figures["second"],
        **states,
    )


def _cases(*conditions: ColumnElement[bool]) -> ScalarSelect[int]:
    """How many cases of the audit meet the conditions."""
    of_audit = Case.audit_id == bindparam("audit_id", type_=Integer)
    return select(func.count()).select_from(Case).where(of_audit, *conditions).scalar_subquery()


ready_for_panel = and_(Case.returns_in.is_(True), Case.panel_opened_at.is_(None))
"""The condition on Case that all its returns are in and its panel is not open."""

PROGRESS = select(
    _cases().label("cases"),
    _cases(Case.returns_in.is_(None)).label("without"),
    _cases(ready_for_panel).label("ready"),
    _cases(Case.panel_opened_at.is_not(None)).label("opened"),
)


def progress_of(audit: Audit, lines: Sequence[AgencyLine] | None = None) -> Progress:
    """How far the audit has come. lines: its agencies' lines, when they have been read already.

    One statement, and one more for the lines.
    """
    lines = agency_lines(audit) if lines is None else lines
    row = db.session.execute(PROGRESS, {"audit_id": audit.id}).one()
    return Progress(
        cases=row.cases,
        cases_without_returns=row.without,
        returns=sum(line.returns for line in lines),
        not_started=sum(line.not_started for line in lines),
        in_progress=sum(line.in_progress for line in lines),
        submitted=sum(line.submitted for line in lines),
        not_involved=sum(line.not_involved for line in lines),
        unallocated=sum(line.unallocated for line in lines),
        late=sum(line.late for line in lines),
        panel_ready=row.ready,
        panel_opened=row.opened,
        self_assessment=edition_tree(audit.edition_id).self_assessment,
    )
