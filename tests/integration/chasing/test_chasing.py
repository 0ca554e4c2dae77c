"""Chasing by e-mail: one return, all late ones, many people as long work."""

from datetime import timedelta

from sqlalchemy import select

from qa.accounts.permissions import Role
from qa.audits.models import Audit
from qa.db import db, today
from qa.jobs.models import Job
from qa.trail.models import TrailEntry
from tests.integration.chasing.conftest import Fieldwork
from tests.support.jobs import run_all


def test_all_late_returns_are_chased_with_the_senders_words(fieldwork: Fieldwork) -> None:
    browser = fieldwork.browser
    page = browser.get(f"{fieldwork.tracker}/chase")
    assert "2 messages about 2 returns." in page.text
    assert "Nora Nurse (East Health Trust): 1 return" in page.text
    assert "Ivan Inspector (East Area Police, agency lead): 1 return" in page.text
    form = page.form("text")
    assert "Returns for the audit “Neglect” are due." in form["text"]
    done = browser.post(f"{fieldwork.tracker}/chase", {**form, "text": "Please hurry.", "subject": "Late"})
    assert "2 messages are on their way." in done.text
    assert fieldwork.mail() == [("ivan@example.org", "Late"), ("nora@example.org", "Late")]
    assert "Please hurry." in fieldwork.letters()
    late, nobody = fieldwork.rows["late"].id, fieldwork.rows["nobody"].id
    assert sorted(fieldwork.chases()) == sorted(
        [(late, fieldwork.nurse.id), (nobody, fieldwork.inspector.id)]
    )
    history = browser.get(f"{fieldwork.tracker}/chases").text
    assert "Nora Nurse" in history
    assert "by Lena Lead" in browser.get(f"{fieldwork.tracker}/{late}").text
    with fieldwork.app.app_context():
        events = db.session.scalars(select(TrailEntry.event).where(TrailEntry.event == "chasing.chased"))
        assert len(events.all()) == 1


def test_nobody_is_chased_twice_a_day_with_all_the_others(fieldwork: Fieldwork) -> None:
    browser = fieldwork.browser
    browser.submit(f"{fieldwork.tracker}/chase?agency={fieldwork.health.id}", {}, holding="text")
    page = browser.get(f"{fieldwork.tracker}/chase")
    assert "1 message about 1 return." in page.text
    assert "1 late return left out: somebody was written to about it today." in page.text


def test_a_single_return_is_chased_though_it_is_not_late(fieldwork: Fieldwork) -> None:
    row = fieldwork.rows["later"]
    browser = fieldwork.browser
    page = browser.submit(f"{fieldwork.tracker}/chase?return={row.id}", {}, holding="text")
    assert "1 message is on its way." in page.text
    assert fieldwork.chases() == [(row.id, fieldwork.nurse.id)]
    again = browser.submit(f"{fieldwork.tracker}/chase?return={row.id}", {}, holding="text")
    assert "1 message is on its way." in again.text


def test_an_empty_text_is_said_beside_the_field_and_nothing_is_sent(fieldwork: Fieldwork) -> None:
    form = {"subject": "Late", "text": " "}
    page = fieldwork.browser.submit(f"{fieldwork.tracker}/chase", form, holding="text")
    assert page.field_error("text") == "Write what the e-mail is to say"
    assert page.form("text")["subject"] == "Late"
    assert fieldwork.mail() == []


def test_identifiers_in_the_text_are_asked_about_before_anything_leaves(fieldwork: Fieldwork) -> None:
    form = {"text": "About 943 476 5919, please."}
    page = fieldwork.browser.submit(f"{fieldwork.tracker}/chase", form, holding="text")
    assert "an NHS number" in page.text
    assert fieldwork.mail() == []


def test_who_is_not_named_on_a_confidential_audit_chases_nobody(fieldwork: Fieldwork) -> None:
    fieldwork.change(Audit, confidential=True)
    fieldwork.browser.get(f"{fieldwork.tracker}/chase", status=404)


def test_returns_that_nobody_can_be_written_to_about_are_said(fieldwork: Fieldwork) -> None:
    from_nobody = fieldwork.make.case_return(
        fieldwork.make.case(fieldwork.audit, "C009"), fieldwork.school, due_on=today() - timedelta(days=2)
    )
    page = fieldwork.browser.get(f"{fieldwork.tracker}/chase")
    assert "1 return left out: no auditor has it" in page.text
    fieldwork.browser.submit(f"{fieldwork.tracker}/chase", {}, holding="text")
    assert from_nobody.id not in [number for number, _ in fieldwork.chases()]


def test_many_people_are_written_to_in_steps(fieldwork: Fieldwork) -> None:
    for number in range(45):
        email = f"auditor{number:02}@example.org"
        who = fieldwork.make.person(Role.AUDITOR, agency=fieldwork.health, email=email)
        case = fieldwork.make.case(fieldwork.audit, f"D{number:03}")
        fieldwork.make.case_return(case, fieldwork.health, who, due_on=today() - timedelta(days=1))
    page = fieldwork.browser.submit(f"{fieldwork.tracker}/chase", {"subject": "Late"}, holding="text")
    assert "Writing to those with late returns" in page.text
    assert fieldwork.chases() == []
    assert run_all(fieldwork.app).done == 1
    assert len(fieldwork.mail()) == 47
    assert len(set(fieldwork.chases())) == len(fieldwork.chases()) == 47
    with fieldwork.app.app_context():
        assert db.session.scalars(select(Job.arguments)).all() == [{}]


def test_everybody_who_leads_an_agency_is_written_to_though_in_steps_of_their_own(
    fieldwork: Fieldwork,
) -> None:
    for number in range(25):
        email = f"auditor{number:02}@example.org"
        who = fieldwork.make.person(Role.AUDITOR, agency=fieldwork.health, email=email)
        case = fieldwork.make.case(fieldwork.audit, f"D{number:03}")
        fieldwork.make.case_return(case, fieldwork.health, who, due_on=today() - timedelta(days=1))
    last = fieldwork.make.person(Role.AGENCY_LEAD, agency=fieldwork.police, email="second@example.org")
    fieldwork.browser.submit(f"{fieldwork.tracker}/chase", {"subject": "Late"}, holding="text")
    assert run_all(fieldwork.app).done == 1
    nobody = fieldwork.rows["nobody"].id
    about = [person for number, person in fieldwork.chases() if number == nobody]
    assert sorted(about) == sorted([fieldwork.inspector.id, last.id])


def test_a_subject_is_one_line_whatever_was_sent(fieldwork: Fieldwork) -> None:
    form = {**fieldwork.browser.get(f"{fieldwork.tracker}/chase").form("text")}
    form["subject"] = "Late\r\nBcc: somebody"
    fieldwork.browser.post(f"{fieldwork.tracker}/chase", form)
    letters = fieldwork.letters()
    assert "Subject: Late Bcc: somebody" in letters
    assert "\nBcc:" not in letters
