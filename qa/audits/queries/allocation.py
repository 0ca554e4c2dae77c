"""Who has been given which returns."""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from sqlalchemy import ColumnElement, exists, func, literal, select, true

from qa.accounts.models import Agency, Person, PersonRole
from qa.accounts.permissions import Role
from qa.audits.lifecycle import NOT_IN, ReturnState
from qa.audits.models import Audit, AuditPerson, Case, Return
from qa.audits.queries.counting import is_late
from qa.audits.queries.lists import at_most_last
from qa.db import db
from qa.web.paging import PAGE_SIZE, Page

OUTSTANDING = "outstanding"
LATE = "late"
NOBODY = "nobody"


class Auditor(NamedTuple):
    """A person who completes returns for an agency. outstanding: the audit's returns they still hold."""

    id: int
    name: str
    outstanding: int = 0


class ReturnFilter(NamedTuple):
    """What the list of returns is narrowed to.

    auditor: the number of a person, or "nobody". state: a ReturnState's value, "outstanding" or "late".
    """

    agency_id: int | None = None
    auditor: str = ""
    state: str = ""
    text: str = ""

    @property
    def any(self) -> bool:
        """Whether anything is narrowed."""
        return bool(self.agency_id or self.auditor or self.state or self.text)


class AllocatedReturn(NamedTuple):
    """One return of the list."""

    id: int
    case_id: int
    reference: str
    agency_id: int
    agency: str
    auditor: str | None
    state: ReturnState
    due_on: date
    late: bool
    second: bool


def auditors_of(audit: Audit, *, with_held: bool = False) -> Mapping[int, tuple[Auditor, ...]]:
    """The auditors of each agency taking part, by name; on a confidential audit only those named on it.

    with_held: count what each of them holds, too. One statement.
    """
    named = exists().where(AuditPerson.audit_id == audit.id, AuditPerson.person_id == Person.id)
    held = select(func.count()).where(
        Return.auditor_id == Person.id, Return.state.in_(NOT_IN), Return.audit_id == audit.id
    )
    count = held.correlate(Person).scalar_subquery() if with_held else literal(0)
    rows = db.session.execute(
        select(PersonRole.agency_id, Person.id, Person.name, count)
        .join(Person, Person.id == PersonRole.person_id)
        .where(
            Person.active,
            PersonRole.role == Role.AUDITOR,
            PersonRole.agency_id.in_([agency.id for agency in audit.agencies]),
            named if audit.confidential else true(),
        )
        .order_by(Person.name, Person.id)
    )
    found: dict[int, list[Auditor]] = {agency.id: [] for agency in audit.agencies}
    for agency_id, number, name, outstanding in rows:
        found[agency_id].append(Auditor(number, name, outstanding))
    return {agency_id: tuple(people) for agency_id, people in found.items()}


def returns_list(
    audit_id: int, narrowed: ReturnFilter, page: int, everything: int | None = None
) -> Page[AllocatedReturn]:
    """A page of an audit's returns, by case and agency; the caller has loaded the audit. Two statements.

    everything: how many returns the audit has, when that is known: spares counting them for a list of all.
    """
    total = _total(audit_id, narrowed) if narrowed.any or everything is None else everything
    page = at_most_last(page, total)
    rows = db.session.execute(
        select(
            Return.id,
            Return.case_id,
            Case.reference,
            Return.agency_id,
            Agency.name,
            Person.name,
            Return.state,
            Return.due_on,
            is_late(),
            Return.second,
        )
        .join(Case, Case.id == Return.case_id)
        .join(Agency, Agency.id == Return.agency_id)
        .outerjoin(Person, Person.id == Return.auditor_id)
        # By the case's audit: the cases are then walked in their order, and no further than this page.
        .where(Case.audit_id == audit_id, *_conditions(narrowed))
        .order_by(Case.number, Return.agency_id, Return.second, Return.id)
        .limit(PAGE_SIZE)
        .offset((page - 1) * PAGE_SIZE)
    )
    items = [AllocatedReturn(*row[:9], row.second) for row in rows]
    return Page(items, page, total)


def _total(audit_id: int, narrowed: ReturnFilter) -> int:
    counted = select(func.count()).select_from(Return)
    if narrowed.text:
        counted = counted.join(Case, Case.id == Return.case_id)
    return db.session.scalar(counted.where(Return.audit_id == audit_id, *_conditions(narrowed))) or 0


def _conditions(narrowed: ReturnFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if narrowed.agency_id is not None:
        conditions.append(Return.agency_id == narrowed.agency_id)
    if narrowed.auditor == NOBODY:
        conditions.append(Return.auditor_id.is_(None))
    elif narrowed.auditor:
        conditions.append(Return.auditor_id == int(narrowed.auditor))
    if narrowed.state == OUTSTANDING:
        conditions.append(Return.state.in_(NOT_IN))
    elif narrowed.state == LATE:
        conditions.append(is_late())
    elif narrowed.state:
        conditions.append(Return.state == ReturnState(narrowed.state))
    if narrowed.text:
        conditions.append(Case.reference.icontains(narrowed.text, autoescape=True))
    return conditions
