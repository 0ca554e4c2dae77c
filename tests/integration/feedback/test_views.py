"""Views of the child, family and practitioners: entered, read, changed, removed, and by whom."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from qa.accounts.permissions import Role
from qa.audits.lifecycle import Stage
from qa.audits.models import Audit, AuditPerson
from qa.db import db, now, today, writing
from qa.feedback.models import Feedback
from qa.feedback.vocabulary import Listened, Manner, Sought, Voice
from qa.trail.models import TrailEntry
from tests.integration.feedback.conftest import (
    CHILD,
    DAY,
    PRACTITIONER,
    enter,
    kept,
    open_panel,
    say_none,
    views_page,
)
from tests.integration.returns.conftest import World
from tests.support.factories import TEMPLATES

Add = Callable[..., Feedback]
SAID = "She came when she said she would."


def set_stage(world: World, stage: Stage) -> None:
    with world.app.app_context(), writing() as session:
        session.get_one(Audit, world.audit.id).stage = stage


def test_an_auditor_enters_a_child_s_views(world: World) -> None:
    page = enter(world, world.auditor)
    assert "The views are kept with the case." in page.text
    for text in (SAID, "One worker and not four.", "Mostly", "Notes of an interview, Advocate"):
        assert text in page.text
    assert "May be quoted without their name." in page.text
    (row,) = kept(world)
    assert (row.voice, row.outcome, row.manner) == (Voice.CHILD, Sought.GIVEN, Manner.INTERVIEW)
    assert (row.listened, row.quotable, row.agency_id) == (Listened.MOSTLY, True, world.health.id)
    assert row.given_on == today()


def test_a_practitioner_is_asked_other_questions(world: World) -> None:
    form = world.browser(world.auditor).get(views_page(world, "/new/practitioner"))
    assert "What are they proud of in this work?" in form.text
    assert "listened" not in form.text
    page = enter(world, world.auditor, "practitioner", PRACTITIONER)
    assert "He trusts us now." in page.text
    assert "Not to be quoted." in page.text


def test_a_case_has_several_and_they_can_be_filtered(world: World) -> None:
    enter(world, world.auditor)
    enter(world, world.auditor, "parent_or_carer", {**CHILD, "helped": "The school rang me first."})
    enter(world, world.qa_lead, "child", {**CHILD, "helped": "The taxi came."})
    page = world.browser(world.qa_lead).get(views_page(world))
    assert "3 entries" in page.text
    page = world.browser(world.qa_lead).get(views_page(world, "?voice=child"))
    assert "2 entries" in page.text
    assert "The school rang me first." not in page.text
    page = world.browser(world.qa_lead).get(views_page(world, "?voice=practitioner"))
    assert "No such views are entered." in page.text


def test_the_empty_page_says_so(world: World) -> None:
    assert (
        "No views are entered on this case yet." in world.browser(world.qa_lead).get(views_page(world)).text
    )


@pytest.mark.parametrize(
    ("values", "field", "message"),
    [
        ({"helped": "", "difference": " ", "other": ""}, "helped", "Give at least one answer in words"),
        ({"given_on": ["", "", ""]}, "given_on", "Enter the day on which they said it"),
        ({"given_on": ["1", "1", "2099"]}, "given_on", "The day cannot lie in the future"),
        ({"interviewer": ""}, "interviewer", "Give the role of who spoke with them"),
        ({"manner": ""}, "manner", "Choose how the words came to be written"),
        ({"quotable": ""}, "quotable", "Choose whether they agree to be quoted"),
        ({"helped": "x" * 5001}, "helped", "What helped? must be 5,000 characters or fewer"),
    ],
)
def test_what_cannot_be_taken_is_said_beside_its_field_and_nothing_typed_is_lost(
    world: World, values: dict[str, object], field: str, message: str
) -> None:
    typed = {**CHILD, "other": "Nothing more.", **values}
    page = enter(world, world.auditor, values=typed)
    assert page.field_error(field) == message
    form = page.form("given_on")
    assert (form["other"], form["listened"]) == (typed["other"], "mostly")
    assert kept(world) == []


def test_sent_twice_it_is_entered_once(world: World) -> None:
    enter(world, world.auditor)
    enter(world, world.auditor)
    assert len(kept(world)) == 1


def test_own_words_have_no_interviewer(world: World) -> None:
    enter(world, world.auditor, values={**CHILD, "manner": "own_words"})
    assert kept(world)[0].interviewer == ""


@pytest.mark.parametrize(
    ("outcome", "words"),
    [("declined", "declined"), ("not_possible", "not possible"), ("not_sought", "not sought")],
)
def test_why_there_are_none_is_recorded(world: World, outcome: str, words: str) -> None:
    page = say_none(world, world.auditor, "child", outcome, "A baby of three months.")
    assert f"Child: {words}" in page.text
    assert "A baby of three months." in page.text


def test_why_there_are_none_needs_both_answers(world: World) -> None:
    page = say_none(world, world.auditor, "child", "", "")
    assert page.field_error("outcome") == "Choose what happened"
    assert page.field_error("reason") == "Say why there are no views"
    page = say_none(world, world.auditor, "child", "given", "x")
    assert page.field_error("outcome")
    assert kept(world) == []


def test_before_the_panel_opens_it_only_the_agency_that_entered_it_and_the_qa_lead_read_it(
    world: World,
) -> None:
    enter(world, world.auditor)
    for person in (world.auditor, world.lead, world.qa_lead):
        assert SAID in world.browser(person).get(views_page(world)).text
    assert SAID not in world.browser(world.police_auditor).get(views_page(world)).text
    open_panel(world)
    for person in (world.auditor, world.lead, world.qa_lead, world.police_auditor):
        assert SAID in world.browser(person).get(views_page(world)).text


def test_those_without_a_return_on_the_case_have_no_such_page(world: World) -> None:
    school = world.make.agency("School", areas=(world.area,))
    outsiders = [
        world.make.person(Role.AUDITOR, agency=school),
        world.make.person(Role.QA_LEAD, area=world.make.area("Redbridge")),
    ]
    for person in outsiders:
        world.browser(person).get(views_page(world), status=404)
        world.browser(person).get(views_page(world, "/new/child"), status=404)
    for role in (Role.ADMINISTRATOR, Role.PARTNERSHIP_MEMBER):
        member = world.make.person(role, area=world.area if role is Role.PARTNERSHIP_MEMBER else None)
        world.browser(member).get(views_page(world), status=403)


def test_on_a_confidential_audit_only_those_named_read_and_enter(world: World) -> None:
    enter(world, world.auditor)
    with world.app.app_context(), writing() as session:
        session.get_one(Audit, world.audit.id).confidential = True
        session.add(AuditPerson(audit_id=world.audit.id, person_id=world.auditor.id))
    assert SAID in world.browser(world.auditor).get(views_page(world)).text
    world.browser(world.qa_lead).get(views_page(world), status=404)


def test_an_agency_s_lead_reads_and_does_not_enter(world: World) -> None:
    page = world.browser(world.lead).get(views_page(world))
    assert "Enter views" not in page.text
    world.browser(world.lead).get(views_page(world, "/new/child"), status=403)


def test_another_agency_neither_changes_nor_removes_it(world: World) -> None:
    enter(world, world.auditor)
    number = kept(world)[0].id
    for step in ("edit", "remove"):
        world.browser(world.police_auditor).get(views_page(world, f"/{number}/{step}"), status=404)
    open_panel(world)
    for step in ("edit", "remove"):
        world.browser(world.police_auditor).get(views_page(world, f"/{number}/{step}"), status=403)
        world.browser(world.police_auditor).post(
            views_page(world, f"/{number}/{step}"), {**CHILD, "reason": "x", "version": "1"}, status=403
        )
    assert kept(world)[0].removed_at is None


def test_what_the_qa_lead_entered_is_hers_to_change(world: World) -> None:
    enter(world, world.qa_lead)
    row = kept(world)[0]
    assert row.agency_id is None
    open_panel(world)
    page = world.browser(world.auditor).get(views_page(world))
    assert "QA lead" in page.text
    assert "Change" not in page.text
    world.browser(world.auditor).get(views_page(world, f"/{row.id}/edit"), status=403)


def test_it_is_changed_with_every_field(world: World) -> None:
    enter(world, world.auditor)
    address = views_page(world, f"/{kept(world)[0].id}/edit")
    form = world.browser(world.auditor).get(address).form("given_on")
    assert form.items() >= {**CHILD, "given_on": DAY}.items()
    page = world.browser(world.auditor).submit(
        address, {"helped": "She kept her word.", "quotable": "no", "listened": ""}, holding="given_on"
    )
    assert "She kept her word." in page.text
    assert "Not to be quoted." in page.text
    assert kept(world)[0].listened is None


def test_two_people_change_it_at_once_and_neither_loses_words(world: World) -> None:
    enter(world, world.auditor)
    address = views_page(world, f"/{kept(world)[0].id}/edit")
    form = world.browser(world.auditor).get(address).form("given_on")
    world.browser(world.qa_lead).submit(address, {"helped": "Version of the lead."}, holding="given_on")
    page = world.browser(world.auditor).post(address, {**form, "helped": "My version."}, status=409)
    assert "Version of the lead." in page.text
    assert "My version." in page.text
    world.browser(world.auditor).post(address, page.form("helped"))
    assert kept(world)[0].helped == "My version."


def test_why_there_are_none_is_changed_too(world: World) -> None:
    say_none(world, world.auditor, "child", "declined", "She did not want to.")
    address = views_page(world, f"/{kept(world)[0].id}/edit")
    form = world.browser(world.qa_lead).get(address).form("reason")
    world.browser(world.auditor).submit(address, {"outcome": "not_possible"}, holding="reason")
    page = world.browser(world.qa_lead).post(address, {**form, "reason": "Ill."}, status=409)
    assert "She did not want to." in page.text
    assert kept(world)[0].outcome is Sought.NOT_POSSIBLE


def test_removing_it_deletes_the_words_and_keeps_the_reason(world: World) -> None:
    enter(world, world.auditor)
    address = views_page(world, f"/{kept(world)[0].id}/remove")
    page = world.browser(world.auditor).submit(address, {"reason": ""}, holding="reason")
    assert page.field_error("reason") == "Say why it is removed"
    assert SAID in page.text
    page = world.browser(world.auditor).submit(address, {"reason": "She asked for it."}, holding="reason")
    assert SAID not in page.text
    assert "She asked for it." in page.text
    row = kept(world)[0]
    assert (row.helped, row.difference, row.interviewer, row.quotable) == ("", "", "", False)
    world.browser(world.auditor).get(address, status=404)


def test_removing_what_was_changed_meanwhile_asks_first(world: World) -> None:
    enter(world, world.auditor)
    number = kept(world)[0].id
    form = world.browser(world.qa_lead).get(views_page(world, f"/{number}/remove")).form("reason")
    edit = views_page(world, f"/{number}/edit")
    world.browser(world.auditor).submit(edit, {"helped": "Otherwise."}, holding="given_on")
    address = views_page(world, f"/{number}/remove")
    page = world.browser(world.qa_lead).post(address, {**form, "reason": "Wrong case."}, status=409)
    assert "Wrong case." in page.text
    assert kept(world)[0].helped == "Otherwise."


def test_a_change_of_what_was_removed_meanwhile_is_refused_and_shown(world: World, add: Add) -> None:
    row = add()
    address = views_page(world, f"/{row.id}/edit")
    form = world.browser(world.auditor).get(address).form("given_on")
    world.browser(world.qa_lead).submit(
        views_page(world, f"/{row.id}/remove"), {"reason": "Wrong case."}, holding="reason"
    )
    world.browser(world.auditor).post(address, form, status=404)


@pytest.mark.parametrize("stage", [Stage.PLANNING, Stage.REPORTED, Stage.CLOSED])
def test_at_other_stages_nothing_is_entered_or_changed(world: World, add: Add, stage: Stage) -> None:
    row = add()
    set_stage(world, stage)
    assert "during fieldwork and the panel stage" in world.browser(world.auditor).get(views_page(world)).text
    page = enter(world, world.auditor, values={**CHILD, "helped": "Late words."})
    assert "during fieldwork and the panel stage" in page.errors[0]
    assert page.form("given_on")["helped"] == "Late words."
    world.browser(world.auditor).get(views_page(world, f"/{row.id}/edit"), status=403)
    assert len(kept(world)) == 1


def test_a_form_opened_in_time_and_sent_too_late_keeps_what_was_typed(world: World, add: Add) -> None:
    row = add()
    address = views_page(world, f"/{row.id}/edit")
    form = world.browser(world.auditor).get(address).form("given_on")
    set_stage(world, Stage.REPORTED)
    page = world.browser(world.auditor).post(address, {**form, "helped": "Late words.", "quotable": "no"})
    assert "during fieldwork and the panel stage" in page.errors[0]
    assert page.form("given_on")["helped"] == "Late words."


def test_consent_can_be_withdrawn_after_the_report(world: World, add: Add) -> None:
    row = add()
    set_stage(world, Stage.REPORTED)
    address = views_page(world, f"/{row.id}/remove")
    world.browser(world.auditor).get(address, status=403)
    world.browser(world.qa_lead).submit(address, {"reason": "She asked for it."}, holding="reason")
    assert kept(world)[0].helped == ""


def test_a_self_assessment_has_no_such_pages(world: World) -> None:
    edition = world.make.edition(TEMPLATES / "section_11.yaml")
    audit = world.make.audit(world.area, edition, (world.health,))
    case = world.make.case(audit, agency_id=world.health.id)
    world.make.case_return(case, world.health)
    world.browser(world.qa_lead).get(f"/audits/{audit.id}/cases/{case.id}/views", status=404)


def test_all_of_it_is_in_the_trail_without_a_word(world: World) -> None:
    enter(world, world.auditor)
    number = kept(world)[0].id
    world.browser(world.auditor).submit(
        views_page(world, f"/{number}/edit"), {"helped": "She kept her word."}, holding="given_on"
    )
    world.browser(world.auditor).submit(
        views_page(world, f"/{number}/remove"), {"reason": "She asked."}, holding="reason"
    )
    with world.app.app_context():
        query = select(TrailEntry.event, TrailEntry.fields, TrailEntry.record_id)
        query = query.where(TrailEntry.record == "feedback").order_by(TrailEntry.number)
        entries = db.session.execute(query).all()
        assert [row.event for row in entries] == [
            "feedback.entered",
            "feedback.changed",
            "feedback.removed",
        ]
        assert entries[0].fields.split(",") == sorted(
            [*(name for name in CHILD if name != "given_on"), "given_on", "outcome"]
        )
        assert entries[1].fields == "helped"
        reading = select(TrailEntry).where(TrailEntry.event == "case.read", TrailEntry.fields == "views")
        assert db.session.scalars(reading).first()


def test_the_list_is_paged_and_costs_the_same_statements(world: World, add: Add) -> None:
    add()
    browser = world.browser(world.qa_lead)
    few = browser.get(views_page(world)).statements
    for number in range(59):
        add(place=number, given_on=today() - timedelta(days=number), helped=f"Said {number}.")
    page = browser.get(views_page(world))
    assert page.statements == few <= 8
    assert "Showing 1 to 50 of 60 entries" in page.text
    assert "Showing 51 to 60" in browser.get(views_page(world, "?page=2")).text


def test_a_form_costs_few_statements(world: World, add: Add) -> None:
    row = add()
    browser = world.browser(world.auditor)
    for rest in ("/new/child", "/new/child/none", f"/{row.id}/edit", f"/{row.id}/remove"):
        assert browser.get(views_page(world, rest)).statements <= 6


def test_the_case_and_the_return_lead_to_it(world: World) -> None:
    name = "Views of the child, family and practitioners"
    case = world.browser(world.qa_lead).get(f"/audits/{world.audit.id}/cases/{world.case.id}")
    assert case.links[name] == views_page(world)
    assert world.browser(world.auditor).get(world.address()).links[name] == views_page(world)


def test_the_panel_s_page_of_the_case_shows_them(world: World, add: Add) -> None:
    add()
    add(voice=Voice.PARENT, outcome=Sought.DECLINED, reason="He hung up.", helped="", given_on=None)
    add(helped="Removed words.", removed_at=now(), removed_reason="Wrong case.")
    open_panel(world)
    set_stage(world, Stage.PANEL)
    for person in (world.qa_lead, world.police_auditor):
        page = world.browser(person).get(f"/audits/{world.audit.id}/panel/{world.case.id}")
        assert "She came when she said." in page.text
        assert "He hung up." in page.text
        assert "Removed words." not in page.text
    with world.app.app_context():
        assert db.session.scalar(select(func.count(Feedback.id))) == 3


def test_two_auditors_of_one_agency_do_not_learn_of_each_other_by_views(world: World) -> None:
    other = world.make.person(Role.AUDITOR, agency=world.health, name="Sam Second")
    world.make.case_return(world.case, world.health, other, second=True)
    enter(world, world.auditor)
    assert SAID in world.browser(world.auditor).get(views_page(world)).text
    assert SAID not in world.browser(other).get(views_page(world)).text
    (row,) = kept(world)
    world.browser(other).get(views_page(world, f"/{row.id}/edit"), status=404)
    for person in (world.lead, world.qa_lead):
        assert SAID in world.browser(person).get(views_page(world)).text
    open_panel(world)
    assert SAID in world.browser(other).get(views_page(world)).text
