"""Checking and submitting a return, "not involved", reading it afterwards, sending it back."""

from __future__ import annotations

from sqlalchemy import select

from qa.accounts.permissions import Role
from qa.audits.lifecycle import ReturnState, Stage
from qa.audits.models import Audit, Case, Return
from qa.db import db, now, writing
from qa.returns.models import Finding
from qa.trail.models import TrailEntry
from tests.integration.returns.conftest import COMPLETE_FRONT_DOOR, COMPLETE_PROTECTION, PROTECTION, World
from tests.support.factories import TEMPLATES
from tests.support.pages import Page

CHECK = "check-answers"
SECTION_11 = TEMPLATES / "section_11.yaml"


def complete(world: World) -> None:
    """Answer everything that must be answered."""
    world.save({**COMPLETE_FRONT_DOOR, "f-strength-n1": "Seen alone at each visit."})
    world.save(COMPLETE_PROTECTION, PROTECTION)


def submit(world: World, *, declared: bool = True) -> Page:
    changes = {"declared": "y"} if declared else {}
    return world.browser(world.auditor).submit(world.address(CHECK), changes, holding="seen")


def state(world: World) -> ReturnState:
    with world.app.app_context():
        return db.session.get_one(Return, world.row.id).state


def set_stage(world: World, stage: Stage) -> None:
    with world.app.app_context(), writing() as session:
        session.get_one(Audit, world.audit.id).stage = stage


def open_panel(world: World) -> None:
    with world.app.app_context(), writing() as session:
        session.get_one(Audit, world.audit.id).stage = Stage.PANEL
        session.get_one(Case, world.case.id).panel_opened_at = now()


def task_states(world: World) -> dict[str, str]:
    """What the task list says of each section."""
    page = world.browser(world.auditor).get(world.address())
    items = [item for item in page.all("li") if "govuk-task-list__item" in (item.get("class") or "")]
    listed = [[" ".join("".join(div.itertext()).split()) for div in page.all("div", item)] for item in items]
    return {name: said for name, said, *_ in listed}


def test_the_task_list_says_how_far_each_section_has_come(world: World) -> None:
    assert task_states(world) == {
        "Front door and threshold": "Not started",
        "Child protection plan": "Not started",
        "Check your answers and submit": "2 sections to finish",
    }
    world.save({"f-strength-n1": "Only a strength so far."})
    world.save(COMPLETE_PROTECTION, PROTECTION)
    assert task_states(world) == {
        "Front door and threshold": "In progress",
        "Child protection plan": "Complete",
        "Check your answers and submit": "1 section to finish",
    }
    world.save(COMPLETE_FRONT_DOOR)
    assert task_states(world)["Check your answers and submit"] == "Ready to submit"


def test_the_check_shows_answers_evidence_findings_and_what_is_missing(world: World) -> None:
    world.save({**COMPLETE_FRONT_DOOR, "q-threshold": "inadequate", "f-strength-n1": "Seen alone."})
    page = world.browser(world.auditor).get(world.address(CHECK))
    for text in ("Inadequate", "The decision record of 3 March", "Strengths Seen alone.", "School"):
        assert text in page.text
    assert "4 things are missing" in page.text
    missing = {text: href for text, href in page.links.items() if href.startswith(world.section())}
    assert missing["Write the evidence for your answer: Was the threshold decision right?"] == (
        f"{world.section()}#e-threshold"
    )
    protection = world.section(PROTECTION)
    assert page.links["Select a grade: Is the plan specific and measurable?"] == f"{protection}#q-plan_smart"


def test_an_incomplete_return_is_refused_with_links_to_what_is_missing(world: World) -> None:
    world.save(COMPLETE_FRONT_DOOR)
    world.save({**COMPLETE_PROTECTION, "e-protection_grade": "", "q-protection_impact": ""}, PROTECTION)
    page = submit(world)
    assert page.errors == [
        "Overall grade for the plan: Write the evidence for your answer",
        "What difference did this make to the child? Enter an answer",
    ]
    assert page.links[page.errors[0]] == f"{world.section(PROTECTION)}#e-protection_grade"
    assert state(world) is ReturnState.IN_PROGRESS


def test_an_answer_that_is_not_asked_is_kept_but_not_missing(world: World) -> None:
    world.save({**COMPLETE_FRONT_DOOR, "q-consent": "no"})
    world.save({"q-consent_why": ""})
    world.save(COMPLETE_PROTECTION, PROTECTION)
    assert len(submit(world).errors) == 1, "asked because consent was not sought"
    world.save({"q-consent": "yes"})
    assert submit(world).heading == "Return of Riverside NHS Trust"
    assert state(world) is ReturnState.SUBMITTED


def test_the_declaration_has_to_be_ticked(world: World) -> None:
    complete(world)
    page = submit(world, declared=False)
    assert page.field_error("declared") == "Tick the box to confirm before you submit"
    assert state(world) is ReturnState.IN_PROGRESS


def test_submitting_notes_who_and_when_and_releases_the_findings(world: World) -> None:
    complete(world)
    page = submit(world)
    assert "Your return is submitted" in page.text
    with world.app.app_context():
        row = db.session.get_one(Return, world.row.id)
        assert (row.state, row.submitted_by_id) == (ReturnState.SUBMITTED, world.auditor.id)
        assert row.submitted_at is not None
        assert db.session.scalars(select(Finding.released)).all() == [True]
        events = db.session.scalars(select(TrailEntry.event).order_by(TrailEntry.number)).all()
    assert "returns.submitted" in events


def test_after_submitting_the_next_case_is_one_click_away(world: World) -> None:
    complete(world)
    following = world.make.case_return(
        world.make.case(world.audit, "NEXT-1"), world.health, world.auditor, due_on=world.row.due_on
    )
    page = submit(world)
    assert page.links["Go on with case NEXT-1"] == f"/returns/{following.id}"


def test_after_the_last_submission_the_page_says_so(world: World) -> None:
    complete(world)
    page = submit(world)
    assert "You have no other return to complete" in page.text
    assert page.links["Go to your work"] == "/my-work"


def test_a_change_behind_the_back_of_the_checker_has_to_be_seen_first(world: World) -> None:
    complete(world)
    browser = world.browser(world.auditor)
    form = browser.get(world.address(CHECK)).form("seen")
    world.save({"q-threshold": "outstanding"})
    page = browser.post(world.address(CHECK), {**form, "declared": "y"})
    assert "Somebody changed answers" in page.errors[0]
    assert "Outstanding" in page.text
    assert state(world) is ReturnState.IN_PROGRESS
    browser.post(world.address(CHECK), {**page.form("seen"), "declared": "y"})
    assert state(world) is ReturnState.SUBMITTED


def test_after_submission_it_is_read_only(world: World) -> None:
    complete(world)
    form = world.open_section()
    submit(world)
    browser = world.browser(world.auditor)
    for name in ("", "sections/front_door", CHECK, "not-involved"):
        assert browser.get(world.address(name)).heading == "Return of Riverside NHS Trust"
    page = browser.post(world.section(), {**form, "q-threshold": "inadequate", "do": "continue"})
    assert "has been completed by Hana Visitor" in page.errors[0]
    assert page.form("form")["q-threshold"] == "inadequate", "what was typed is still there"
    assert "Raise a concern about this child" in browser.get(world.address("read")).links


def test_who_reads_a_return_before_and_after_submission(world: World) -> None:
    stranger = world.make.person(Role.AUDITOR, agency=world.make.agency(), email="stranger@example.org")
    far_lead = world.make.person(Role.QA_LEAD, area=world.make.area("Redbridge"), email="far@example.org")
    read = world.address("read")
    complete(world)
    for person in (world.qa_lead, world.police_auditor, stranger, far_lead):
        world.browser(person).get(read, status=404)
    assert "The decision record of 3 March" in world.browser(world.lead).get(read).text
    submit(world)
    assert "The decision record of 3 March" in world.browser(world.qa_lead).get(read).text
    world.browser(world.police_auditor).get(read, status=404)
    open_panel(world)
    assert "The decision record of 3 March" in world.browser(world.police_auditor).get(read).text
    for person in (stranger, far_lead):
        world.browser(person).get(read, status=404)


def test_other_agencies_never_read_a_return_that_was_not_submitted(world: World) -> None:
    world.save({"e-threshold": "Half finished."})
    open_panel(world)
    world.browser(world.police_auditor).get(world.address("read"), status=404)


# --- not involved -----------------------------------------------------------------------------------------


def test_not_involved_needs_a_reason_and_is_a_complete_return(world: World) -> None:
    world.save({"q-threshold": "good"})
    browser = world.browser(world.auditor)
    page = browser.submit(world.address("not-involved"), {"reason": " "})
    assert page.field_error("reason") == "Say why your agency was not involved"
    page = browser.submit(world.address("not-involved"), {"reason": "No record in <either> system."})
    assert "No record in <either> system." in page.text
    assert state(world) is ReturnState.NOT_INVOLVED
    assert ReturnState.NOT_INVOLVED.complete


def test_not_involved_can_be_undone_and_the_answers_are_as_they_were(world: World) -> None:
    world.save({"q-threshold": "good"})
    browser = world.browser(world.auditor)
    browser.submit(world.address("not-involved"), {"reason": "No record."})
    page = browser.post(world.address("involved"))
    assert "open again" in page.text
    assert state(world) is ReturnState.IN_PROGRESS
    assert world.open_section()["q-threshold"] == "good"


def test_not_involved_cannot_be_undone_after_fieldwork(world: World) -> None:
    browser = world.browser(world.auditor)
    browser.submit(world.address("not-involved"), {"reason": "No record."})
    set_stage(world, Stage.PANEL)
    assert "fieldwork is not open" in browser.post(world.address("involved")).text
    assert state(world) is ReturnState.NOT_INVOLVED


def test_an_untouched_return_that_was_not_involved_by_mistake_is_not_started_again(world: World) -> None:
    browser = world.browser(world.auditor)
    browser.submit(world.address("not-involved"), {"reason": "No record."})
    browser.post(world.address("involved"))
    assert state(world) is ReturnState.NOT_STARTED


def test_two_who_say_not_involved_at_once(world: World) -> None:
    browser = world.browser(world.auditor)
    form = browser.get(world.address("not-involved")).form("reason")
    browser.post(world.address("not-involved"), {**form, "reason": "No record."})
    browser.post(world.address("involved"))
    page = browser.post(world.address("not-involved"), {**form, "reason": "Another reason."}, status=409)
    assert "No record." in page.text
    assert "Another reason." in page.text
    browser.post(world.address("not-involved"), page.form("reason"))
    assert state(world) is ReturnState.NOT_INVOLVED


# --- sending back -----------------------------------------------------------------------------------------


def test_the_qa_lead_sends_a_return_back_and_the_auditor_sees_why(world: World) -> None:
    complete(world)
    submit(world)
    lead = world.browser(world.qa_lead)
    assert lead.get(world.address("read")).links["Send it back to be put right"] == world.address("send-back")
    page = lead.submit(world.address("send-back"), {"reason": ""})
    assert page.field_error("reason") == "Say what has to be put right"
    sent = lead.submit(world.address("send-back"), {"reason": "The evidence is for another case."})
    assert sent.heading.startswith("Case ")
    assert f"The return of {world.health.name} on case {world.case.reference} is open again." in sent.text
    assert state(world) is ReturnState.IN_PROGRESS
    page = world.browser(world.auditor).get(world.address())
    assert "The evidence is for another case." in page.text
    assert world.open_section()["q-threshold"] == "good"
    lead.get(world.address("read"), status=404)
    with world.app.app_context():
        assert db.session.scalars(select(Finding.released)).all() == [False]
    submit(world)
    assert "another case" not in world.browser(world.auditor).get(world.address()).text


def test_nobody_else_sends_a_return_back_and_nobody_after_fieldwork(world: World) -> None:
    complete(world)
    submit(world)
    for person in (world.auditor, world.lead, world.police_auditor):
        world.browser(person).get(world.address("send-back"), status=403)
    far_lead = world.make.person(Role.QA_LEAD, area=world.make.area("Redbridge"), email="far@example.org")
    world.browser(far_lead).get(world.address("send-back"), status=404)
    form = world.browser(world.qa_lead).get(world.address("send-back")).form("reason")
    set_stage(world, Stage.PANEL)
    world.browser(world.qa_lead).get(world.address("send-back"), status=403)
    world.browser(world.qa_lead).post(world.address("send-back"), {**form, "reason": "x"}, status=403)
    assert state(world) is ReturnState.SUBMITTED


def test_a_self_assessment_sent_back_is_on_no_case(world: World) -> None:
    edition = world.make.edition(SECTION_11)
    audit = world.make.audit(world.area, edition, (world.health,), title="Section 11")
    case = world.make.case(audit, "RNT", agency_id=world.health.id)
    row = world.make.case_return(case, world.health, world.auditor, state=ReturnState.SUBMITTED)
    lead = world.browser(world.qa_lead)
    sent = lead.submit(f"/returns/{row.id}/send-back", {"reason": "Say who is accountable."})
    assert f"The self-assessment of {world.health.name} is open again." in sent.text
    assert "on case" not in sent.text


def test_a_self_assessment_has_no_child_to_know_or_to_worry_about(world: World) -> None:
    edition = world.make.edition(SECTION_11)
    audit = world.make.audit(world.area, edition, (world.health,), title="Section 11")
    row = world.make.case_return(world.make.case(audit, "RNT"), world.health, world.auditor)
    page = world.browser(world.auditor).get(f"/returns/{row.id}")
    assert "this child" not in page.text
    assert len([href for href in page.links.values() if "/sections/" in href]) == 8
