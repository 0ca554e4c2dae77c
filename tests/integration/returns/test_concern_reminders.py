"""Reminders of concerns whose clock has run out."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import delete, select, update

from qa.accounts.permissions import Role
from qa.audits.models import Audit, AuditPerson
from qa.db import db, now, writing
from qa.mail.models import OutgoingMail
from qa.returns.concern_reminders import send_due
from qa.returns.models import Concern
from qa.trail.models import TrailEntry
from tests.integration.returns.conftest import World

WORRY = "He was alone overnight in Romford."


def raise_concern(world: World) -> str:
    """A concern of the auditor's, its first message out of the way; gives its address."""
    world.browser(world.auditor).submit(world.address("concern"), {"text": WORRY})
    with world.app.app_context():
        number = db.session.scalars(select(Concern.id).order_by(Concern.id.desc())).first()
        with writing() as session:
            session.execute(delete(OutgoingMail))
    return f"/concerns/{number}"


def change(world: World, **values: object) -> None:
    with world.app.app_context(), writing() as session:
        session.execute(update(Concern).values(**values))


def send(world: World) -> list[OutgoingMail]:
    """Run the reminders; the messages that it queued."""
    with world.app.app_context():
        with writing() as session:
            session.execute(delete(OutgoingMail))
            count = send_due(session)
        mail = db.session.scalars(select(OutgoingMail).order_by(OutgoingMail.to)).all()
        assert len(mail) == count
        return list(mail)


def overdue(world: World) -> None:
    change(world, due_at=now() - timedelta(minutes=5), raised_at=now() - timedelta(hours=2))


def test_nobody_is_reminded_while_there_is_time(world: World) -> None:
    raise_concern(world)
    change(world, due_at=now() + timedelta(minutes=5))
    assert send(world) == []


def test_those_who_must_act_are_told_once_a_day_and_nobody_else(world: World) -> None:
    world.make.person(Role.QA_LEAD, email="everywhere@example.org")
    world.make.person(Role.QA_LEAD, area=world.make.area("Redbridge"), email="far@example.org")
    address = raise_concern(world)
    overdue(world)
    mail = send(world)
    assert [one.to for one in mail] == ["everywhere@example.org", "qa@example.org"]
    for one in mail:
        assert one.subject == "A concern about a child is overdue"
        assert f"raised 2 hours ago has not been acknowledged:\nhttp://127.0.0.1:5000{address}" in one.body
        words = ("alone", "Romford", "C014", "Riverside", "Visitor", "Havering")
        assert not any(word in one.body + one.subject for word in words)
    assert send(world) == []
    change(world, reminded_at=now() - timedelta(days=1, minutes=1))
    assert len(send(world)) == 2


def test_several_are_in_one_message_the_longest_overdue_first(world: World) -> None:
    addresses = [raise_concern(world) for _ in range(3)]
    overdue(world)
    with world.app.app_context(), writing() as session:
        first = session.scalars(select(Concern).order_by(Concern.id.desc())).first()
        assert first
        first.due_at = now() - timedelta(days=2)
    (mail,) = send(world)
    assert mail.subject == "Concerns about children are overdue"
    places = [mail.body.index(f"{address}\n") for address in (addresses[2], addresses[0], addresses[1])]
    assert places == sorted(places)


@pytest.mark.parametrize("acted", [False, True])
def test_after_it_is_acknowledged_an_action_is_waited_for(world: World, acted: bool) -> None:
    address, lead = raise_concern(world), world.browser(world.qa_lead)
    overdue(world)
    send(world)
    lead.post(f"{address}/acknowledge")
    if acted:
        lead.post(f"{address}/actions", {**lead.get(address).form("action"), "action": "Visited."})
        assert send(world) == []
        return
    overdue(world)
    (mail,) = send(world)
    assert "waits for an action" in mail.body


def test_a_closed_one_is_at_rest(world: World) -> None:
    address, lead = raise_concern(world), world.browser(world.qa_lead)
    overdue(world)
    lead.post(f"{address}/close", {**lead.get(address).form("outcome"), "outcome": "He is safe."})
    assert send(world) == []


def test_of_a_confidential_audit_only_those_named_are_told(world: World) -> None:
    named = world.make.person(Role.QA_LEAD, area=world.area, email="named@example.org")
    raise_concern(world)
    overdue(world)
    with world.app.app_context(), writing() as session:
        session.get_one(Audit, world.audit.id).confidential = True
        session.add(AuditPerson(audit_id=world.audit.id, person_id=named.id))
    assert [one.to for one in send(world)] == ["named@example.org"]


def test_that_they_were_reminded_is_in_the_trail(world: World) -> None:
    raise_concern(world)
    overdue(world)
    send(world)
    with world.app.app_context():
        query = select(TrailEntry).where(TrailEntry.event == "concerns.reminded")
        entry = db.session.scalars(query).one()
        assert (entry.record, entry.person_id, entry.area_id) == ("concern", None, world.area.id)
