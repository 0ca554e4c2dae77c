"""Gathers what is due for everybody, and queues a message to each who has something and had none today."""

from collections import defaultdict
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Select, and_, case, func, insert, or_, select
from sqlalchemy.orm import Session

from qa.accounts.models import Person, PersonRole
from qa.accounts.permissions import Role
from qa.audits.lifecycle import NOT_IN, Stage
from qa.audits.models import Audit, AuditPerson, Return
from qa.chasing.models import Chase
from qa.db import now, today
from qa.mail.outbox import queue
from qa.recommendations.lifecycle import ActionState
from qa.recommendations.models import Action
from qa.reminding.digest import ACTIONS_WITHIN, RETURNS_WITHIN, Line, body, subject
from qa.reminding.models import LastDigest
from qa.trail.recording import record
from qa.web.addresses import public_address

YOURS = "yours"
OF_THE_AGENCY = "your agency’s, with no auditor yet"
BY_LINK = "Open it by the link in the message that you were sent before."
DOING = (ActionState.NOT_STARTED, ActionState.IN_PROGRESS, ActionState.SENT_BACK)


def send_digests(session: Session) -> int:
    """Queue the digests that are due, in the caller's unit of work; gives how many.

    In it are returns due within three days or late: a person's own, and for agency leads those of their
    agency that nobody has; and actions due within a week or overdue, for whoever leads them. Confidential
    audits count for the people named on them. That somebody was reminded of a return is kept as a chase.
    """
    day = today()
    lines: defaultdict[int, list[Line]] = defaultdict(list)
    guests = _own_returns(session, day, lines)
    _returns_of_nobody(session, day, lines)
    _actions(session, day, lines)
    had = set(session.scalars(select(LastDigest.person_id).where(LastDigest.sent_on >= day)))
    wanted = sorted(lines.keys() - had)
    people = session.execute(
        select(Person.id, Person.name, Person.email).where(Person.id.in_(wanted), Person.active)
    ).all()
    for person_id, name, email in sorted(people):
        own = lines[person_id]
        if person_id in guests:
            own = [line._replace(address=BY_LINK) for line in own]
        queue(session, email, subject(own), body(name, own, day))
        _note(session, person_id, day)
    told = [row.id for row in people]
    _keep_chases(session, told, day)
    if told:
        record(session, None, "reminding.digests_sent", "installation", None, fields=[f"people:{len(told)}"])
    return len(told)


def _due(day: date) -> Select[Any, Any, Any]:
    late = func.sum(case((Return.due_on < day, 1), else_=0))
    return (
        select(func.count(), late, func.min(Return.due_on))
        .select_from(Return)
        .join(Audit, Audit.id == Return.audit_id)
        .where(
            Audit.stage == Stage.FIELDWORK,
            Return.state.in_(NOT_IN),
            Return.due_on <= day + timedelta(days=RETURNS_WITHIN),
        )
    )


def _own_returns(session: Session, day: date, lines: dict[int, list[Line]]) -> set[int]:
    """Adds everybody's own returns; gives the guests among them, who open theirs by a link."""
    query = (
        _due(day)
        .add_columns(Return.auditor_id, Person.guest)
        .join(Person, Person.id == Return.auditor_id)
        .group_by(Return.auditor_id, Person.guest)
    )
    address, guests = public_address("returns.my_work"), set()
    for number, late, first, person_id, guest in session.execute(query):
        lines[person_id].append(Line("return", number, int(late), first, YOURS, address))
        if guest:
            guests.add(person_id)
    return guests


def _returns_of_nobody(session: Session, day: date, lines: dict[int, list[Line]]) -> None:
    named = and_(AuditPerson.audit_id == Audit.id, AuditPerson.person_id == PersonRole.person_id)
    query = (
        _due(day)
        .add_columns(PersonRole.person_id)
        .join(
            PersonRole,
            and_(PersonRole.agency_id == Return.agency_id, PersonRole.role == Role.AGENCY_LEAD),
        )
        .where(
            Return.auditor_id.is_(None),
            or_(Audit.confidential.is_(False), select(1).where(named).exists()),
        )
        .group_by(PersonRole.person_id)
    )
    address = public_address("returns.my_work")
    for number, late, first, person_id in session.execute(query):
        lines[person_id].append(Line("return", number, int(late), first, OF_THE_AGENCY, address))


def _actions(session: Session, day: date, lines: dict[int, list[Line]]) -> None:
    query = (
        select(
            Action.lead_id,
            func.count(),
            func.sum(case((Action.due_on < day, 1), else_=0)),
            func.min(Action.due_on),
        )
        .where(
            Action.lead_id.is_not(None),
            Action.state.in_(DOING),
            Action.due_on <= day + timedelta(days=ACTIONS_WITHIN),
        )
        .group_by(Action.lead_id)
    )
    address = public_address("recommendations.index")
    for person_id, number, late, first in session.execute(query):
        lines[person_id].append(Line("action", number, int(late), first, YOURS, address))


def _note(session: Session, person_id: int, day: date) -> None:
    session.merge(LastDigest(person_id=person_id, sent_on=day))


def _keep_chases(session: Session, people: list[int], day: date) -> None:
    """Keep that the product reminded people of their own returns."""
    query = (
        select(Return.id, Return.audit_id, Return.auditor_id)
        .join(Audit, Audit.id == Return.audit_id)
        .where(
            Audit.stage == Stage.FIELDWORK,
            Return.state.in_(NOT_IN),
            Return.due_on <= day + timedelta(days=RETURNS_WITHIN),
            Return.auditor_id.in_(people),
        )
        .order_by(Return.id)
    )
    moment = now()
    rows = [
        {"audit_id": audit_id, "return_id": number, "person_id": auditor_id, "sent_at": moment}
        for number, audit_id, auditor_id in session.execute(query)
    ]
    if rows:
        session.execute(insert(Chase), rows)
