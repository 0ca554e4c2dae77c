"""Sending links: who may, what the message says, sending again, revoking, and the lists."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from qa.accounts.models import Person, SignIn
from qa.accounts.permissions import Role
from qa.audits.lifecycle import ReturnState, Stage
from qa.audits.models import Audit, AuditPerson, Return
from qa.db import db, today
from tests.integration.guests.conftest import ADDRESS, NAME, Exercise
from tests.support.pages import Browser


def test_a_link_goes_to_somebody_without_an_account_and_the_return_is_theirs(exercise: Exercise) -> None:
    page = exercise.send()
    assert f"A link is on its way to {NAME}" in page.text
    ((to, subject, text),) = exercise.messages()
    assert to == ADDRESS
    assert subject.startswith("Please complete a return for The School by ")
    assert "“Neglect”" in text
    assert exercise.case.reference not in text
    assert exercise.link().split("/")[-1] not in repr(exercise.links()[0].__dict__)
    with exercise.app.app_context():
        guest = db.session.scalars(select(Person).where(Person.email == ADDRESS)).one()
    assert guest.guest
    assert guest.password_hash is None
    assert exercise.return_row().auditor_id == guest.id
    assert exercise.trail()[-1] == "guests.link_sent"
    assert "Sent" in page.text


def test_the_agency_lead_may_send_one_for_their_agency_and_sees_it_in_their_list(exercise: Exercise) -> None:
    page = exercise.browser(exercise.head).get(f"/returns/{exercise.row.id}/read")
    assert page.links["Send a link to somebody without an account"] == f"/returns/{exercise.row.id}/link"
    exercise.send(by=exercise.head)
    listed = exercise.browser(exercise.head).get(f"/audits/{exercise.audit.id}/links")
    assert NAME in listed.text
    # An agency lead sees the links of their own agency alone.
    other = exercise.make.agency("Clinic", areas=(exercise.area,))
    audit = exercise.make.audit(exercise.area, exercise.edition, (exercise.school, other))
    row = exercise.make.case_return(exercise.make.case(audit), other)
    exercise.browser().submit(
        f"/returns/{row.id}/link", {"name": "Gp", "email": "gp@example.org"}, holding="email"
    )
    assert "gp@example.org" in exercise.browser().get(f"/audits/{audit.id}/links").text
    assert "gp@example.org" not in exercise.browser(exercise.head).get(f"/audits/{audit.id}/links").text
    exercise.browser(exercise.head).get(f"/returns/{row.id}/link", status=404)


def test_auditors_send_none(exercise: Exercise) -> None:
    auditor = exercise.make.person(Role.AUDITOR, agency=exercise.school)
    exercise.browser(auditor).get(f"/returns/{exercise.row.id}/link", status=403)


def test_what_is_wrong_is_said_beside_the_field_and_nothing_is_sent(exercise: Exercise) -> None:
    page = exercise.send(to="nonsense", name="")
    assert page.field_error("name") == "Enter their name"
    assert page.field_error("email").startswith("Enter an e-mail address")
    page = exercise.send(to=exercise.head.email)
    assert "has an account" in page.field_error("email")
    assert exercise.messages() == []
    assert exercise.return_row().auditor_id is None


def test_no_link_leads_to_what_cannot_be_completed(exercise: Exercise) -> None:
    exercise.change(Return, due_on=today() - timedelta(days=1))
    assert "Extend the date first" in " ".join(exercise.send().errors)
    exercise.change(Return, due_on=today(), state=ReturnState.SUBMITTED)
    address = f"/returns/{exercise.row.id}/link"
    browser = exercise.browser()
    assert "This return is in" in browser.get(address).text
    sent = {"name": NAME, "email": ADDRESS, "version": str(exercise.return_row().version)}
    assert "This return is in" in " ".join(browser.post(address, sent).errors)
    exercise.change(Return, state=ReturnState.NOT_STARTED)
    exercise.change(Audit, stage=Stage.PANEL)
    assert "Fieldwork has ended" in browser.get(address).text
    browser.post(address, sent)
    assert exercise.messages() == []


def test_of_two_who_send_at_once_the_second_is_told(exercise: Exercise) -> None:
    address = f"/returns/{exercise.row.id}/link"
    browser = exercise.browser(exercise.head)
    form = browser.get(address).form("email")
    exercise.send()
    page = browser.post(address, {**form, "name": "Other", "email": "other@example.org"}, status=409)
    assert NAME in page.text
    assert len(exercise.messages()) == 1


def test_sending_again_makes_a_new_link_and_the_old_one_stops(exercise: Exercise) -> None:
    exercise.send()
    old = exercise.link()
    (row,) = exercise.links()
    page = exercise.browser().post(f"/links/{row.id}/again")
    assert "The one sent before no longer works" in page.text
    assert "2 times" in page.text
    assert exercise.link() != old
    assert Browser(exercise.app, None).get(old, status=404).heading == "This link does not work"
    exercise.arrive()


def test_a_revoked_link_opens_nothing_at_once(exercise: Exercise) -> None:
    exercise.send()
    guest = exercise.arrive()
    (row,) = exercise.links()
    page = exercise.browser().post(f"/links/{row.id}/revoke")
    assert "Revoked" in page.text
    assert guest.get(f"/returns/{exercise.row.id}", status=410).heading == "This link has ended"
    assert "revoked" in guest.get(exercise.link(), status=410).text
    assert exercise.return_row().auditor_id is None
    assert exercise.trail()[-1] == "guests.link_revoked"
    page = exercise.browser().post(f"/links/{row.id}/again")
    assert "This link was revoked" in page.text
    assert exercise.browser().post(f"/links/{row.id}/revoke").status == 200  # twice does no harm


def test_a_link_to_somebody_else_takes_the_return_along_and_ends_the_first(exercise: Exercise) -> None:
    exercise.send()
    first, browser = exercise.link(), exercise.arrive()
    browser.submit(
        f"/returns/{exercise.row.id}/sections/front_door",
        {"q-reference_used": "Level 3", "do": "stay"},
        holding="form",
    )
    exercise.send(to="other@example.org", name="Other Person")
    assert browser.get(first, status=410).heading == "This link has ended"
    second = exercise.arrive()
    assert "Level 3" in second.get(f"/returns/{exercise.row.id}/sections/front_door").html
    assert [row.revoked_at is not None for row in exercise.links()] == [True, False]


def test_the_list_tells_how_far_each_link_has_come(exercise: Exercise) -> None:
    def said() -> str:
        return exercise.browser().get(f"/audits/{exercise.audit.id}/links").text

    assert "No link has been sent" in said()
    exercise.send()
    assert f"{NAME} {ADDRESS}" in said()
    Browser(exercise.app, None).get(exercise.link())  # as a mail scanner does
    assert "Code asked for" not in said()
    Browser(exercise.app, None).post(f"{exercise.link()}/ask")
    assert "Code asked for" in said()
    with exercise.app.app_context():
        assert db.session.scalars(select(SignIn).where(SignIn.guest_return_id.is_not(None))).all() == []
    browser = Browser(exercise.app, None)
    browser.post(f"{exercise.link()}/code", {"code": exercise.code()})
    assert "Opened" in said()
    exercise.change(Return, due_on=today() - timedelta(days=1))
    assert "Its due date has passed" in said()


def test_a_guest_of_an_earlier_return_is_known_by_their_address(exercise: Exercise) -> None:
    exercise.send()
    row = exercise.make.case_return(exercise.make.case(exercise.audit), exercise.school)
    exercise.browser().submit(
        f"/returns/{row.id}/link", {"name": "Somebody", "email": ADDRESS}, holding="email"
    )
    with exercise.app.app_context():
        assert len(db.session.scalars(select(Person).where(Person.email == ADDRESS)).all()) == 1


@pytest.mark.parametrize("named", [True, False])
def test_a_confidential_audit_is_not_named_and_only_those_named_send(exercise: Exercise, named: bool) -> None:
    exercise.change(Audit, confidential=True)
    if not named:
        exercise.browser().get(f"/returns/{exercise.row.id}/link", status=404)
        exercise.browser().get(f"/audits/{exercise.audit.id}/links", status=404)
        return
    exercise.make.add(AuditPerson(audit_id=exercise.audit.id, person_id=exercise.qa_lead.id))
    exercise.send()
    assert "Neglect" not in exercise.messages()[0][2]
    assert exercise.arrive().get(f"/returns/{exercise.row.id}").status == 200
