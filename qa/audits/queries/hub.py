"""Figures of one audit: how far it has come, and what each agency owes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, case, exists, func, or_, select
from sqlalchemy.sql import false

from qa.accounts.models import Agency, Person
from qa.accounts.permissions import CurrentPerson, Permission, can, reach
from qa.audits.lifecycle import COMPLETE, Progress, ReturnState
from qa.audits.models import Audit, AuditPerson, Case, Return
from qa.audits.queries.lists import at_most_last
from qa.audits.queries.reach import audit_facts, get_audit
from qa.db import db, today
from qa.frameworks.editions import EditionTree
from qa.frameworks.reading import edition_tree
from qa.web.paging import PAGE_SIZE, Page


@dataclass(frozen=True, slots=True)
class AgencyLine:
    """What one agency has been given and has sent in."""

    id: int
    name: str
    returns: int = 0
    not_started: int = 0
    in_progress: int = 0
    submitted: int = 0
    not_involved: int = 0
    late: int = 0
    unallocated: int = 0

    @property
    def complete(self) -> int:
        """Returns in."""
        return self.submitted + self.not_involved


@dataclass(frozen=True, slots=True)
class OwnReturn:
    """A return of the reader's own agency. mine: they may complete it."""

    id: int
    reference: str
    agency: str
    auditor: str | None
    state: ReturnState
    due_on: date
    late: bool


def is_late() -> ColumnElement[bool]:
    """The condition on Return that it is not in and its due date is past."""
    return and_(Return.state.not_in(COMPLETE), Return.due_on < today())


def count_where(condition: ColumnElement[bool]) -> ColumnElement[int]:
    """How many rows of a group meet a condition."""
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


def agency_lines(audit: Audit, only: frozenset[int] | None = None) -> tuple[AgencyLine, ...]:
    """One line an agency taking part, by name, those without returns too. only: just those agencies.

    One statement. The audit's agencies must be loaded.
    """
    query = (
        select(
            Return.agency_id,
            Return.state,
            func.count(),
            count_where(is_late()),
            count_where(and_(Return.auditor_id.is_(None), Return.state.not_in(COMPLETE))),
        )
        .where(Return.audit_id == audit.id)
        .group_by(Return.agency_id, Return.state)
    )
    if only is not None:
        query = query.where(Return.agency_id.in_(only))
    counts: dict[int, dict[str, int]] = {}
    for agency_id, state, number, late, unallocated in db.session.execute(query):
        of_agency = counts.setdefault(agency_id, dict.fromkeys(("returns", "late", "unallocated"), 0))
        of_agency[state.value] = number
        of_agency["returns"] += number
        of_agency["late"] += late
        of_agency["unallocated"] += unallocated
    return tuple(
        AgencyLine(agency.id, agency.name, **counts.get(agency.id, {}))
        for agency in sorted(audit.agencies, key=lambda agency: (agency.name, agency.id))
        if only is None or agency.id in only
    )


def progress_of(audit: Audit, lines: Sequence[AgencyLine] | None = None) -> Progress:
    """How far the audit has come. lines: its agencies' lines, when they have been read already.

    One statement, and one more for the lines.
    """
    lines = agency_lines(audit) if lines is None else lines
    has_return = exists().where(Return.case_id == Case.id)
    has_outstanding = exists().where(Return.case_id == Case.id, Return.state.not_in(COMPLETE))
    not_opened = Case.panel_opened_at.is_(None)
    cases, without, ready, opened = db.session.execute(
        select(
            func.count(),
            count_where(~has_return),
            count_where(and_(not_opened, has_return, ~has_outstanding)),
            count_where(~not_opened),
        )
        .select_from(Case)
        .where(Case.audit_id == audit.id)
    ).one()
    return Progress(
        cases=cases,
        cases_without_returns=without,
        returns=sum(line.returns for line in lines),
        not_started=sum(line.not_started for line in lines),
        in_progress=sum(line.in_progress for line in lines),
        submitted=sum(line.submitted for line in lines),
        not_involved=sum(line.not_involved for line in lines),
        unallocated=sum(line.unallocated for line in lines),
        late=sum(line.late for line in lines),
        panel_ready=ready,
        panel_opened=opened,
    )


def own_returns(person: CurrentPerson, audit: Audit, page: int) -> Page[OwnReturn]:
    """The returns of the reader's own agency in this audit: those that are not in first, by due date.

    An agency lead has all of the agency's; an auditor their own and those nobody was given. Two statements.
    """
    own = _own(person)
    total = db.session.scalar(select(func.count()).where(Return.audit_id == audit.id, own)) or 0
    page = at_most_last(page, total)
    rows = db.session.execute(
        select(
            Return.id,
            Case.reference,
            Agency.short_name,
            Person.name,
            Return.state,
            Return.due_on,
            is_late(),
        )
        .join(Case, Case.id == Return.case_id)
        .join(Agency, Agency.id == Return.agency_id)
        .outerjoin(Person, Person.id == Return.auditor_id)
        .where(Return.audit_id == audit.id, own)
        .order_by(case((Return.state.in_(COMPLETE), 1), else_=0), Return.due_on, Return.id)
        .limit(PAGE_SIZE)
        .offset((page - 1) * PAGE_SIZE)
    )
    items = [
        OwnReturn(number, reference, agency, auditor, state, due, bool(late))
        for number, reference, agency, auditor, state, due, late in rows
    ]
    return Page(items, page, total)


def _own(person: CurrentPerson) -> ColumnElement[bool]:
    within = reach(person, Permission.RETURNS_READ)
    ways: list[ColumnElement[bool]] = []
    if within.agencies:
        ways.append(Return.agency_id.in_(within.agencies))
    if within.own_agencies:
        given = or_(Return.auditor_id == person.id, Return.auditor_id.is_(None))
        ways.append(and_(Return.agency_id.in_(within.own_agencies), given))
    return or_(*ways) if ways else false()


def people_named(audit_id: int) -> tuple[str, ...]:
    """Names of the people named on a confidential audit."""
    query = (
        select(Person.name)
        .join(AuditPerson, AuditPerson.person_id == Person.id)
        .where(AuditPerson.audit_id == audit_id)
        .order_by(Person.name)
    )
    return tuple(db.session.scalars(query))


@dataclass(frozen=True, slots=True)
class Hub:
    """Everything on the page of one audit.

    manages: the reader is a QA lead of the audit. lines: every agency's, or for others their own agencies'.
    progress, named: for those who manage it. own: the reader's own returns, for those who do not.
    """

    audit: Audit
    tree: EditionTree
    manages: bool
    lines: tuple[AgencyLine, ...]
    progress: Progress
    named: tuple[str, ...]
    own: Page[OwnReturn] | None


def hub_of(person: CurrentPerson, audit_id: int, page: int) -> Hub:
    """The page of one audit, in at most five statements. Raises NotFound when it is out of reach."""
    audit = get_audit(person, audit_id)
    tree = edition_tree(audit.edition_id)
    # The audit is within reach, so a reader of a confidential one is named on it.
    named_here = frozenset({person.id}) if audit.confidential else None
    if can(person, Permission.AUDITS_MANAGE, audit_facts(audit, named=named_here)):
        lines = agency_lines(audit)
        named = people_named(audit.id) if audit.confidential else ()
        return Hub(audit, tree, True, lines, progress_of(audit, lines), named, None)
    within = reach(person, Permission.AUDITS_READ)
    lines = agency_lines(audit, within.agencies | within.own_agencies)
    return Hub(audit, tree, False, lines, Progress(), (), own_returns(person, audit, page))


def stage_of(person: CurrentPerson, audit_id: int) -> tuple[Audit, Progress]:
    """An audit that the person manages, and how far it has come. Raises NotFound when out of reach."""
    audit = get_audit(person, audit_id, Permission.AUDITS_MANAGE)
    return audit, progress_of(audit)
