"""The page of one audit, for whoever manages it and for the agencies taking part."""

from datetime import date
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.sql import false

from qa.accounts.models import Agency, Person
from qa.accounts.permissions import CurrentPerson, Permission, can, reach
from qa.audits.lifecycle import COMPLETE, Progress, ReturnState
from qa.audits.models import Audit, AuditPerson, Case, Return
from qa.audits.queries.counting import AgencyLine, agency_lines, is_late, progress_of
from qa.audits.queries.lists import at_most_last
from qa.audits.queries.reach import audit_facts, get_audit
from qa.db import db
from qa.frameworks.editions import EditionTree
from qa.frameworks.reading import edition_tree
from qa.web.paging import PAGE_SIZE, Page


class OwnReturn(NamedTuple):
    """A return of the reader's own agency. second: by a second auditor, told to those who lead alone."""

    id: int
    reference: str
    agency: str
    auditor: str | None
    state: ReturnState
    due_on: date
    late: bool
    second: bool


def own_returns(person: CurrentPerson, audit: Audit, page: int) -> Page[OwnReturn]:
    """The returns of the reader's own agency in this audit: those that are not in first, by due date.

    An agency lead has all of the agency's; an auditor their own and those nobody was given. Two statements.
    """
    own = _own(person)
    total = db.session.scalar(select(func.count()).where(Return.audit_id == audit.id, own)) or 0
    page = at_most_last(page, total)
    order = (case((Return.state.in_(COMPLETE), 1), else_=0), Return.due_on, Return.id)
    # Put in order by an index alone, before anything is looked up about them.
    listed = (
        select(Return.id)
        .where(Return.audit_id == audit.id, own)
        .order_by(*order)
        .limit(PAGE_SIZE)
        .offset((page - 1) * PAGE_SIZE)
        .subquery("listed")
    )
    rows = db.session.execute(
        select(
            Return.id,
            Case.reference,
            Agency.short_name,
            Person.name,
            Return.state,
            Return.due_on,
            is_late(),
            Return.second,
        )
        .join(Case, Case.id == Return.case_id)
        .join(Agency, Agency.id == Return.agency_id)
        .outerjoin(Person, Person.id == Return.auditor_id)
        .join(listed, listed.c.id == Return.id)
        .order_by(*order)
    )
    leads = bool(reach(person, Permission.RETURNS_READ).agencies)
    items = [
        OwnReturn(number, reference, agency, auditor, state, due, bool(late), leads and second)
        for number, reference, agency, auditor, state, due, late, second in rows
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


class Hub(NamedTuple):
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

    @property
    def due(self) -> tuple[date, date]:
        """The first and the last day on which returns are due: the audit's, and days of returns' own."""
        days = {self.audit.returns_due_on}.union(*(line.due for line in self.lines))
        return min(days), max(days)


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
