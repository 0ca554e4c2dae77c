"""My work: the returns that wait for a person, with how far each has come."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Row,
    and_,
    case,
    exists,
    false,
    func,
    literal,
    or_,
    select,
    tuple_,
    union_all,
)
from sqlalchemy.orm import Session

from qa.accounts.models import Agency, Person
from qa.accounts.permissions import CurrentPerson, Permission, reach
from qa.audits.lifecycle import COMPLETE, NOT_IN, ReturnState, Stage
from qa.audits.models import Audit, AuditPerson, Case, Return
from qa.db import db, today
from qa.returns.many import progress_of_many
from qa.returns.records import ReturnRecord
from qa.web.paging import Page

WORK_PAGE = 20  # returns: each is told with how far it has come, for which all its answers are read


class Show(StrEnum):
    """Which returns a list shows."""

    OPEN = "open"
    DONE = "done"
    ALL = "all"

    @property
    def label(self) -> str:
        """What people read."""
        return {"open": "To do", "done": "Submitted or not involved", "all": "All"}[self.value]


ANYBODY, NOBODY = "anybody", "nobody"


class WorkFilter(NamedTuple):
    """What a person asked to see. who: ANYBODY, NOBODY, or a person's number; None for what is usual."""

    show: Show = Show.OPEN
    audit_id: int | None = None
    who: str | None = None


class WorkItem(NamedTuple):
    """One return in the list. second: by a second auditor, which only those who lead are told. done, asked:
    sections, None where it has not been started or is complete.
    """

    id: int
    state: ReturnState
    due_on: date
    submitted_at: datetime | None
    auditor_id: int | None
    auditor: str | None
    case_reference: str
    audit_title: str
    stage: Stage
    agency: str
    second: bool
    done: int | None = None
    asked: int | None = None

    @property
    def open(self) -> bool:
        """Whether it can be worked on now."""
        return self.stage is Stage.FIELDWORK and not self.state.complete


class Work(NamedTuple):
    """A page of returns, and what the filters offer: (number, title) of audits, (number, name) of auditors.

    unallocated: how many open returns of the person's agencies are nobody's; leads: whether the person
    sees other people's. complete, in_hand: of the returns in fieldwork that the filters on the audit and the
    auditor leave, whatever their state.
    """

    page: Page[WorkItem]
    audits: Sequence[tuple[int, str]]
    auditors: Sequence[tuple[int, str]]
    unallocated: int
    leads: bool
    complete: int = 0
    in_hand: int = 0


def my_work(person: CurrentPerson, wanted: WorkFilter, number: int) -> Work:
    """The person's returns, the next due first. At most 7 statements, whatever the number of returns."""
    session = db.session()
    mine = _within_reach(person)
    leads = bool(reach(person, Permission.RETURNS_READ).agencies)
    narrowed = [mine, _whose(person, wanted.who, leads)]
    if wanted.audit_id is not None:
        narrowed.append(Return.audit_id == wanted.audit_id)
    conditions = [*narrowed, _shown(wanted.show)]
    total, unallocated, complete, in_hand = _totals(session, mine, conditions, narrowed)
    rows = _rows(session, conditions, number)
    progress = progress_of_many(session, [row for row in rows if row.state is ReturnState.IN_PROGRESS])
    items = [
        WorkItem(
            row.id,
            row.state,
            row.due_on,
            row.submitted_at,
            row.auditor_id,
            row.auditor,
            row.reference,
            row.title,
            row.stage,
            row.agency,
            row.second,
            *progress.get(row.id, (None, None)),
        )
        for row in rows
    ]
    audits, auditors = _choices(session, mine, leads)
    return Work(
        Page(items, number, total, WORK_PAGE), audits, auditors, unallocated, leads, complete, in_hand
    )


def _rows(session: Session, conditions: Sequence[ColumnElement[bool]], number: int) -> Sequence[Any]:
    """One page of the list, with what `progress_of_many` needs to know."""
    order = (Return.due_on, Return.id)
    # Put in order by an index alone, before anything is looked up about them.
    listed = (
        select(Return.id)
        .join(Audit, Audit.id == Return.audit_id)
        .where(*conditions)
        .order_by(*order)
        .limit(WORK_PAGE)
        .offset((number - 1) * WORK_PAGE)
        .subquery("listed")
    )
    return session.execute(
        select(
            Return.id,
            Return.state,
            Return.due_on,
            Return.submitted_at,
            Return.auditor_id,
            Person.name.label("auditor"),
            Return.case_id,
            Case.reference,
            Audit.title,
            Audit.stage,
            Audit.edition_id,
            Agency.name.label("agency"),
            Agency.sector,
            Return.second,
        )
        .join(Audit, Audit.id == Return.audit_id)
        .join(Case, Case.id == Return.case_id)
        .join(Agency, Agency.id == Return.agency_id)
        .outerjoin(Person, Person.id == Return.auditor_id)
        .join(listed, listed.c.id == Return.id)
        .order_by(*order)
    ).all()


def _within_reach(person: CurrentPerson) -> ColumnElement[bool]:
    """Returns of the person's agencies that they complete or lead; QA leads have lists of their own."""
    reached = reach(person, Permission.RETURNS_READ)
    ways: list[ColumnElement[bool]] = []
    if reached.agencies:
        ways.append(Return.agency_id.in_(sorted(reached.agencies)))
    if reached.own_agencies:
        theirs = or_(Return.auditor_id == person.id, Return.auditor_id.is_(None))
        ways.append(and_(Return.agency_id.in_(sorted(reached.own_agencies)), theirs))
    named = exists().where(AuditPerson.audit_id == Audit.id, AuditPerson.person_id == person.id)
    return and_(or_(*ways) if ways else false(), or_(Audit.confidential.is_(False), named))


def _shown(show: Show) -> ColumnElement[bool]:
    if show is Show.OPEN:  # by the states that are left, which an index finds
        return and_(Return.state.in_(NOT_IN), Audit.stage == Stage.FIELDWORK)
    return Return.state.in_(sorted(COMPLETE)) if show is Show.DONE else Audit.id.is_not(None)


def _whose(person: CurrentPerson, who: str | None, leads: bool) -> ColumnElement[bool]:
    """Whose returns: an auditor's own unless they ask for others, everybody's for an agency lead."""
    if who == NOBODY:
        return Return.auditor_id.is_(None)
    if who and who.isdigit() and len(who) < 10:
        return Return.auditor_id == int(who)
    if who == ANYBODY or leads:
        return Audit.id.is_not(None)
    return Return.auditor_id == person.id


def _totals(
    session: Session,
    mine: ColumnElement[bool],
    conditions: Sequence[ColumnElement[bool]],
    narrowed: Sequence[ColumnElement[bool]],
) -> tuple[int, int, int, int]:
    """How many returns the list has, how many open ones are nobody's, and of those in fieldwork that
    `narrowed` leaves how many are complete and how many there are. One statement.
    """
    nobodys = (mine, Return.auditor_id.is_(None), _shown(Show.OPEN))
    in_hand = (*narrowed, Audit.stage == Stage.FIELDWORK)
    complete = (*in_hand, Return.state.in_(sorted(COMPLETE)))
    counted = select(func.count()).select_from(Return).join(Audit, Audit.id == Return.audit_id)
    wanted = (conditions, nobodys, complete, in_hand)
    row = session.execute(select(*(counted.where(*each).scalar_subquery() for each in wanted))).one()
    return row[0], row[1], row[2], row[3]


def _choices(
    session: Session, mine: ColumnElement[bool], leads: bool
) -> tuple[list[tuple[int, str]], list[tuple[int, str]]]:
    """The audits and, for those who lead, the auditors to filter by.

    Each is asked for one return within reach, so that the returns are not all gone through.
    """
    of_audit = exists().where(Return.audit_id == Audit.id, mine).correlate(Audit)
    query = select(literal("audit"), Audit.id, Audit.title).where(of_audit)
    found: dict[str, dict[int, str]] = {"audit": {}, "auditor": {}}
    if leads:
        has_return = exists().where(Return.auditor_id == Person.id, Audit.id == Return.audit_id, mine)
        people = select(literal("auditor"), Person.id, Person.name).where(has_return.correlate(Person))
        rows = session.execute(union_all(query, people))
    else:
        rows = session.execute(query)
    for kind, number, words in rows:
        found[kind][number] = words
    return _by_name(found["audit"]), _by_name(found["auditor"])


def _by_name(names: Mapping[int, str]) -> list[tuple[int, str]]:
    return sorted(names.items(), key=lambda entry: (entry[1].casefold(), entry[0]))


class Neighbours(NamedTuple):
    """The returns before and after one in its auditor's pile: (number, case reference), None at an end."""

    before: tuple[int, str] | None
    after: tuple[int, str] | None


def neighbours(person: CurrentPerson, record: ReturnRecord) -> Neighbours:
    """The open returns next to this one among those with the same auditor, by due date. One statement."""
    same = (
        Return.auditor_id.is_(None) if record.auditor_id is None else Return.auditor_id == record.auditor_id
    )
    pile = (
        select(Return.due_on, Return.id, Case.reference)
        .select_from(Return)
        .join(Audit, Audit.id == Return.audit_id)
        .join(Case, Case.id == Return.case_id)
        .where(_within_reach(person), Audit.stage == Stage.FIELDWORK, same)
        .limit(1)
    )
    place, here = tuple_(Return.due_on, Return.id), (record.due_on, record.id)
    before = pile.where(place < here).order_by(Return.due_on.desc(), Return.id.desc())
    after = pile.where(place > here).order_by(Return.due_on, Return.id)
    # State by state, so that an index leads straight to the next one of each.
    sides = [side.where(Return.state == state).subquery() for side in (before, after) for state in NOT_IN]
    rows = db.session.execute(union_all(*(select(side) for side in sides))).all()
    earlier = [row for row in rows if (row.due_on, row.id) < here]
    later = [row for row in rows if (row.due_on, row.id) > here]
    return Neighbours(
        _named(max(earlier, key=itemgetter(0, 1), default=None)),
        _named(min(later, key=itemgetter(0, 1), default=None)),
    )


def _named(row: Row[Any] | None) -> tuple[int, str] | None:
    return (row.id, row.reference) if row else None


def waiting(person: CurrentPerson) -> tuple[int, int] | None:
    """How many returns the person has to do (a lead: the agency has), and how many of them are late.

    None, without a statement, for those who have no returns to do. Otherwise one statement.
    """
    reached = reach(person, Permission.RETURNS_READ)
    if not (reached.agencies or reached.own_agencies):
        return None
    whose = _whose(person, None, leads=bool(reached.agencies))
    late = case((Return.due_on < today(), 1), else_=0)
    query = (
        select(func.count(), func.coalesce(func.sum(late), 0))
        .select_from(Return)
        .join(Audit, Audit.id == Return.audit_id)
        .where(_within_reach(person), _shown(Show.OPEN), whose)
    )
    count, overdue = db.session.execute(query).one()
    return count, int(overdue)
