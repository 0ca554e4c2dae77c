"""A guest at work: their return from its first page to submitting, and nothing else."""

from __future__ import annotations

import io

import openpyxl
from sqlalchemy import select

from qa.accounts.models import Person, SignIn
from qa.accounts.permissions import Role
from qa.audits.commands.allocating import assign
from qa.audits.lifecycle import ReturnState
from qa.audits.models import Audit, AuditPerson
from qa.db import db
from qa.guests.models import ReturnLink
from qa.returns.models import Answer, Concern
from qa.trail.models import TrailEntry
from tests.integration.guests.conftest import ADDRESS, NAME, Exercise
from tests.integration.returns.conftest import COMPLETE_FRONT_DOOR
from tests.support.pages import Browser


def guest_number(exercise: Exercise) -> int:
    with exercise.app.app_context():
        return db.session.scalars(select(Person.id).where(Person.email == ADDRESS)).one()


def complete(browser: Browser, address: str) -> None:
    section = f"{address}/sections/front_door"
    browser.submit(section, {**COMPLETE_FRONT_DOOR, "do": "stay"}, holding="form")


def test_a_guest_completes_and_submits_their_return(exercise: Exercise) -> None:
    exercise.send()
    browser, address = exercise.arrive(), f"/returns/{exercise.row.id}"
    complete(browser, address)
    saved = browser.post(
        f"{address}/sections/front_door/autosave",
        {
            **browser.get(f"{address}/sections/front_door").form("form"),
            "q-reference_used": "Level 3",
        },
    )
    assert saved.response.get_json()["saved_at"]
    page = browser.submit(f"{address}/check-answers", {"declared": "y"}, holding="seen")
    assert "Your return is submitted" in page.text
    assert "There is nothing more for you to do" in page.text
    row = exercise.return_row()
    assert row.state is ReturnState.SUBMITTED
    assert row.submitted_by_id == guest_number(exercise)
    with exercise.app.app_context():
        writers = set(db.session.scalars(select(Answer.updated_by_id)))
        named = db.session.scalars(
            select(TrailEntry.person_id).where(TrailEntry.event == "returns.submitted")
        )
        assert writers == set(named) == {guest_number(exercise)}
    assert browser.get(f"{address}/sections/front_door").heading == "Return of The School"
    assert Browser(exercise.app, None).get(exercise.link(), status=410).heading == "This return is in"
    assert NAME in exercise.browser().get(f"/returns/{exercise.row.id}/read").text


def test_a_guest_says_that_they_were_not_involved_and_takes_it_back(exercise: Exercise) -> None:
    exercise.send()
    browser, address = exercise.arrive(), f"/returns/{exercise.row.id}"
    page = browser.submit(f"{address}/not-involved", {"reason": "Never on roll."}, holding="reason")
    assert "your agency was not involved" in page.text
    browser.post(f"{address}/involved")
    assert exercise.return_row().state is ReturnState.NOT_STARTED


def test_a_guest_raises_a_concern_and_comes_back_to_their_return(exercise: Exercise) -> None:
    exercise.send()
    browser, address = exercise.arrive(), f"/returns/{exercise.row.id}"
    page = browser.submit(f"{address}/concern", {"text": "Not seen for weeks."}, holding="text")
    assert "Your concern has reached the QA leads of Northside" in page.text
    assert page.heading == "Return of The School"
    with exercise.app.app_context():
        concern = db.session.scalars(select(Concern)).one()
    assert concern.raised_by_id == guest_number(exercise)
    assert (exercise.qa_lead.email, "A concern about a child needs you") in [
        (to, subject) for to, subject, _ in exercise.messages()
    ]


def test_a_guest_completes_their_return_in_excel(exercise: Exercise) -> None:
    exercise.send()
    browser, address = exercise.arrive(), f"/returns/{exercise.row.id}/excel"
    raw = browser.get(f"{address}/form").response.get_data()
    book = openpyxl.load_workbook(io.BytesIO(raw))
    sheet = book["1. Front door and threshold"]
    row = next(row for row in range(1, 60) if sheet.cell(row, 1).value == "q:reference_used")
    sheet.cell(row, 3).value = "Level 3"
    out = io.BytesIO()
    book.save(out)
    page = browser.post(address, {"file": (io.BytesIO(out.getvalue()), "form.xlsx")})
    done = browser.post(f"{address}/take-in", {**page.form("file"), "do": "all"})
    assert "1 answer was taken in." in done.text
    with exercise.app.app_context():
        answer = db.session.scalars(select(Answer)).one()
    assert (answer.text, answer.updated_by_id) == ("Level 3", guest_number(exercise))


def test_a_guest_has_no_navigation_but_their_return_and_a_way_out(exercise: Exercise) -> None:
    exercise.send()
    browser, address = exercise.arrive(), f"/returns/{exercise.row.id}"
    page = browser.get("/")
    assert page.heading == "Return of The School"
    inside = {link for link in page.links.values() if link.startswith("/")}
    assert all(link.startswith(address) for link in inside - {"/", "/accessibility"}), inside
    assert NAME in page.html
    out = browser.post("/sign-out")
    assert out.heading == "Open your return"
    assert browser.get(address).heading == "Sign in"


def test_a_guest_reaches_no_other_return_even_of_the_same_school(exercise: Exercise) -> None:
    other = exercise.make.case_return(exercise.make.case(exercise.audit), exercise.school)
    exercise.send()
    browser = exercise.arrive()
    for page in ("", "/read", "/sections/front_door", "/check-answers", "/not-involved", "/concern"):
        browser.get(f"/returns/{other.id}{page}", status=404)
    browser.post(f"/returns/{other.id}/sections/front_door/autosave", {}, status=404)
    browser.get("/my-work", status=404)
    browser.get("/account", status=403)
    browser.get("/audits", status=403)


def test_two_links_of_one_guest_open_a_return_each(exercise: Exercise) -> None:
    other = exercise.make.case_return(exercise.make.case(exercise.audit), exercise.school)
    exercise.send()
    browser = exercise.arrive()
    exercise.browser().submit(f"/returns/{other.id}/link", {"name": NAME, "email": ADDRESS}, holding="email")
    browser.get(f"/returns/{other.id}", status=404)
    second = exercise.arrive()
    assert second.get(f"/returns/{other.id}").status == 200
    second.get(f"/returns/{exercise.row.id}", status=404)


def test_a_return_given_to_somebody_else_ends_the_session_at_once(exercise: Exercise) -> None:
    exercise.send()
    browser, address = exercise.arrive(), f"/returns/{exercise.row.id}"
    auditor = exercise.make.person(Role.AUDITOR, agency=exercise.school)
    with exercise.app.app_context():
        assign(exercise.qa_lead, exercise.audit.id, [exercise.row.id], auditor.id)
    assert exercise.return_row().auditor_id == auditor.id
    assert "given to somebody else" in browser.get(address, status=410).text
    browser.post(f"{address}/sections/front_door/autosave", {}, status=401)


def test_a_confidential_audit_is_open_to_the_guest_of_its_return(exercise: Exercise) -> None:
    exercise.change(Audit, confidential=True)
    exercise.make.add(AuditPerson(audit_id=exercise.audit.id, person_id=exercise.qa_lead.id))
    exercise.send()
    browser = exercise.arrive()
    complete(browser, f"/returns/{exercise.row.id}")


def test_a_guest_never_signs_in_with_a_password(exercise: Exercise) -> None:
    exercise.send()
    before = len(exercise.messages())
    page = Browser(exercise.app, None).submit("/sign-in", {"email": ADDRESS, "password": "anything at all"})
    assert page.errors
    Browser(exercise.app, None).submit("/forgotten-password", {"email": ADDRESS})
    assert len(exercise.messages()) == before


def test_guests_are_listed_apart_and_an_account_is_a_decision(exercise: Exercise) -> None:
    exercise.send()
    session = exercise.arrive()
    number = guest_number(exercise)
    admin = exercise.browser(exercise.make.person(Role.ADMINISTRATOR, name="Marisol Fenwick"))
    assert NAME not in admin.get("/people").text
    assert NAME in admin.get("/people?state=guests").text
    page = admin.submit(
        "/people/invite",
        {"name": NAME, "email": ADDRESS, "agency": str(exercise.school.id), "roles": ["auditor"]},
        holding="email",
    )
    assert page.errors
    page = admin.get(f"/people/{number}")
    assert "somebody without an account" in page.text
    admin.post(f"/people/{number}/invite-again", status=403)
    page = admin.post(f"/people/{number}/give-account")
    assert "is no guest any more" in page.text
    assert NAME in admin.get("/people").text
    session.get(f"/returns/{exercise.row.id}", status=410)
    with exercise.app.app_context():
        live = select(SignIn).where(SignIn.person_id == number, SignIn.ended_at.is_(None))
        assert db.session.scalars(live).all() == []
        assert db.session.scalars(select(ReturnLink)).one().revoked_at is None
    admin.post(f"/people/{number}/invite-again")
    assert exercise.messages()[-1][0] == ADDRESS
