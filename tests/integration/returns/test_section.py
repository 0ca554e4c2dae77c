"""A section's page: answering, conditions, malformed answers, strengths and areas for improvement."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from qa.audits.lifecycle import ReturnState, Stage
from qa.audits.models import Audit, Return
from qa.db import db, now, writing
from qa.recommendations.models import Recommendation, RecommendationFinding
from qa.returns.models import Answer, Finding
from qa.trail.models import TrailEntry
from tests.integration.returns.conftest import FRONT_DOOR, PROTECTION, World

EVERY_TYPE: dict[str, object] = {
    "q-threshold": "requires_improvement",
    "e-threshold": "The threshold document was not named.",
    "q-consent": "no",
    "q-decision_days": "12",
    "q-referred_on-day": "27",
    "q-referred_on-month": "3",
    "q-referred_on-year": "2025",
    "q-referrer": "police",
    "q-consulted": ["health", "education"],
    "q-reference_used": "Level 3",
    "q-front_door_impact": "Two lines\nof text",
}


def answers(world: World) -> dict[str, Answer]:
    """The rows of the health return by question."""
    with world.app.app_context():
        rows = db.session.scalars(select(Answer).where(Answer.return_id == world.row.id)).all()
        return {world.edition.question_keys[row.question_id]: row for row in rows}


def findings(world: World) -> list[tuple[str, str]]:
    with world.app.app_context():
        query = select(Finding.kind, Finding.text).where(Finding.return_id == world.row.id)
        return [(kind.value, text) for kind, text in db.session.execute(query.order_by(Finding.id))]


def test_every_type_of_question_is_saved_and_shown_again(world: World) -> None:
    page = world.save(EVERY_TYPE)
    shown = page.form("form")
    for name, value in EVERY_TYPE.items():
        assert shown[name] == value, name
    assert "Saved, and there is more to answer" in page.text


def test_an_answer_taken_back_is_empty_again(world: World) -> None:
    world.save(EVERY_TYPE)
    boxes = ("q-decision_days", "q-reference_used", "q-front_door_impact", "e-threshold")
    emptied = dict.fromkeys((*boxes, "q-referred_on-day", "q-referred_on-month", "q-referred_on-year"), "")
    page = world.save({**emptied, "q-consulted": []})
    shown = page.form("form")
    assert "q-consulted" not in shown
    assert [shown[name] for name in emptied] == [""] * 7
    assert shown["q-threshold"] == "requires_improvement"


def test_a_draft_may_be_incomplete_and_the_return_is_then_in_progress(world: World) -> None:
    world.save({"q-threshold": "good"})
    with world.app.app_context():
        row = db.session.get_one(Return, world.row.id)
        assert (row.state, row.started_at is not None) == (ReturnState.IN_PROGRESS, True)


def test_save_and_continue_leads_on_section_by_section_to_the_check(world: World) -> None:
    assert world.save({"q-consent": "yes"}, do="continue").heading == "Child protection plan"
    assert world.save({"q-plan_smart": "good"}, PROTECTION, do="continue").heading == "Check your answers"


def test_save_and_come_back_later_leads_to_the_task_list(world: World) -> None:
    page = world.save({"q-consent": "yes"}, do="later")
    assert page.heading == "Return of Riverside NHS Trust"
    assert "Your answers are saved" in page.text


def test_questions_that_depend_on_an_answer_come_after_it_is_saved(world: World) -> None:
    page = world.browser(world.auditor).get(world.section())
    assert "q-consent_why" not in page.form("form")
    page = world.save({"q-consent": "no"}, do="continue")
    assert page.heading == "Front door and threshold", "the page stays while there is more to answer"
    assert "there is more to answer" in page.text
    assert page.links["Why was consent not sought?"] == "#q-consent_why"
    page = world.save({"q-consent_why": "An emergency."}, do="continue")
    assert page.heading == "Child protection plan"


def test_an_answer_that_is_no_longer_asked_is_kept(world: World) -> None:
    world.save({"q-consent": "no"})
    world.save({"q-consent_why": "An emergency."})
    page = world.save({"q-consent": "yes", "q-consent_why": "typed and then not asked"})
    assert "q-consent_why" not in page.form("form")
    assert answers(world)["consent_why"].text == "An emergency."
    assert world.save({"q-consent": "no"}).form("form")["q-consent_why"] == "An emergency."


LONG = "x" * 20_001
TOO_LONG = "Shorten the text to 20,000 characters or fewer. It has 20,001"
LISTED = "Select one of the answers listed"
CHOICES = "Select only answers that are listed"
DAYS = "The number of days must be"
MALFORMED: list[tuple[dict[str, object], str, str]] = [
    (
        {"q-referred_on-day": "31", "q-referred_on-month": "2", "q-referred_on-year": "2025"},
        "q-referred_on",
        "The date must be a real date, like 27 3 2025",
    ),
    ({"q-referred_on-day": "31"}, "q-referred_on", "The date must include a month and a year"),
    ({"q-decision_days": "soon"}, "q-decision_days", f"{DAYS} a number in figures, like 12"),
    ({"q-decision_days": "1.5"}, "q-decision_days", f"{DAYS} a whole number, like 12"),
    ({"q-decision_days": "401"}, "q-decision_days", f"{DAYS} between 0 and 400"),
    ({"q-threshold": "splendid"}, "q-threshold", LISTED),
    ({"q-consent": ["yes", "no"]}, "q-consent", LISTED),
    ({"q-referrer": "nobody"}, "q-referrer", LISTED),
    ({"q-consulted": ["health", "army"]}, "q-consulted", CHOICES),
    (
        {"q-reference_used": "x" * 501},
        "q-reference_used",
        "Shorten the text to 500 characters or fewer. It has 501",
    ),
    ({"q-front_door_impact": LONG}, "q-front_door_impact", TOO_LONG),
    ({"e-threshold": LONG}, "e-threshold", TOO_LONG),
    ({"f-strength-n1": LONG}, "f-strength-n1", TOO_LONG),
]


@pytest.mark.parametrize(("typed", "field", "message"), MALFORMED)
def test_a_malformed_answer_is_named_and_nothing_is_half_saved(
    world: World, typed: dict[str, object], field: str, message: str
) -> None:
    page = world.save({"e-front_door_grade": "Typed with care.", **typed})
    assert page.field_error(field) == message
    assert len(page.errors) == 1
    assert page.errors[0].endswith(message)
    sent = page.form("form")
    assert sent["e-front_door_grade"] == "Typed with care."
    boxes = {name: value for name, value in typed.items() if message not in {LISTED, CHOICES}}
    assert {name: sent[name] for name in boxes} == boxes
    assert answers(world) == {}
    assert findings(world) == []


def test_what_was_malformed_can_be_put_right_and_saved(world: World) -> None:
    page = world.save({"q-decision_days": "soon", "q-consent": "yes", "f-strength-n1": "Seen alone."})
    form = {**page.form("form"), "q-decision_days": "3", "do": "stay"}
    world.browser(world.auditor).post(world.section(), form)
    assert answers(world)["decision_days"].number == 3
    assert answers(world)["consent"].code == "yes"
    assert findings(world) == [("strength", "Seen alone.")]


def test_only_what_changed_is_written(world: World) -> None:
    world.save({"q-threshold": "good", "q-consent": "yes"})
    world.save({"q-consent": "no"})
    rows = answers(world)
    assert (rows["threshold"].version, rows["consent"].version) == (1, 2)
    assert set(rows) == {"threshold", "consent"}


def test_saving_without_a_change_writes_nothing_at_all(world: World) -> None:
    world.save(EVERY_TYPE)
    before = saves(world)
    world.save({})
    assert saves(world) == before


def saves(world: World) -> list[str]:
    with world.app.app_context():
        query = select(TrailEntry.fields).where(TrailEntry.event == "returns.saved")
        return list(db.session.scalars(query.order_by(TrailEntry.number)))


def test_the_trail_names_the_questions_but_not_what_was_typed(world: World) -> None:
    world.save({"q-consent": "yes", "e-consent": "secret words", "f-strength-n1": "more secret words"})
    assert saves(world) == ["consent,front_door.findings"]
    with world.app.app_context():
        read = db.session.scalars(select(TrailEntry.fields).where(TrailEntry.event == "return.read")).all()
    assert FRONT_DOOR in read


# --- strengths and areas for improvement ------------------------------------------------------------------


def test_findings_are_rows_of_their_own(world: World) -> None:
    world.save({"f-strength-n1": "Seen alone.", "f-area_for_improvement-n1": "Father not asked."})
    page = world.save({})
    assert "Strength 1" in page.text
    assert findings(world) == [("strength", "Seen alone."), ("area_for_improvement", "Father not asked.")]


def test_another_row_is_added_without_saving_and_without_losing_anything(world: World) -> None:
    page = world.save({"q-consent": "yes", "f-strength-n1": "One."}, do="add-strength")
    assert answers(world) == {}
    form = page.form("form")
    assert (form["q-consent"], form["f-strength-n1"], form["f-strength-n2"]) == ("yes", "One.", "")
    page = world.browser(world.auditor).post(
        world.section(), {**form, "f-strength-n2": "Two.", "do": "add-strength"}
    )
    form = {**page.form("form"), "f-strength-n3": "Three.", "do": "stay"}
    world.browser(world.auditor).post(world.section(), form)
    assert [text for _, text in findings(world)] == ["One.", "Two.", "Three."]


def test_a_row_is_removed_when_the_page_is_saved_and_can_be_kept_until_then(world: World) -> None:
    page = world.save({"f-strength-n1": "Seen alone.", "f-area_for_improvement-n1": "Father not asked."})
    name = next(name for name in page.form("form") if name.startswith("f-strength"))
    ref = name.removeprefix("f-")
    page = world.save({"q-consent": "yes"}, do=f"remove-{ref}")
    assert "goes when you save" in page.text
    assert len(findings(world)) == 2
    kept = world.browser(world.auditor).post(world.section(), {**page.form("form"), "do": f"keep-{ref}"})
    assert kept.form("form")[name] == "Seen alone."
    gone = world.browser(world.auditor).post(world.section(), {**page.form("form"), "do": "stay"})
    assert findings(world) == [("area_for_improvement", "Father not asked.")]
    assert gone.form("form")["q-consent"] == "yes"


def test_an_emptied_row_goes(world: World) -> None:
    page = world.save({"f-strength-n1": "Seen alone."})
    name = next(name for name in page.form("form") if name.startswith("f-strength"))
    world.save({name: "  "})
    assert findings(world) == []


def test_a_finding_that_a_recommendation_rests_on_has_to_stay(world: World) -> None:
    page = world.save({"f-strength-n1": "Seen alone."})
    name = next(name for name in page.form("form") if name.startswith("f-strength"))
    with world.app.app_context(), writing() as session:
        recommendation = Recommendation(
            audit_id=world.audit.id,
            area_id=world.area.id,
            number=1,
            level="case",
            priority="high",
            text="Keep it so.",
            measure_of_success="It is so.",
            created_at=now(),
        )
        session.add(recommendation)
        session.flush()
        number = int(name.rsplit("-", 1)[1])
        session.add(RecommendationFinding(recommendation_id=recommendation.id, finding_id=number))
    page = world.save({"q-consent": "yes", name: ""})
    assert "A recommendation rests on" in page.errors[0]
    assert page.form("form")["q-consent"] == "yes"
    assert findings(world) == [("strength", "Seen alone.")]
    assert answers(world) == {}


def test_a_reworded_finding_stays_the_same_one(world: World) -> None:
    page = world.save({"f-strength-n1": "Seen alone."})
    name = next(name for name in page.form("form") if name.startswith("f-strength"))
    again = world.save({name: "Seen alone at each visit."})
    assert again.form("form")[name] == "Seen alone at each visit."
    assert findings(world) == [("strength", "Seen alone at each visit.")]


def test_a_form_sent_twice_adds_its_findings_once(world: World) -> None:
    form = {**world.open_section(), "f-strength-n1": "Seen alone.", "q-consent": "yes", "do": "stay"}
    for _ in range(2):
        world.browser(world.auditor).post(world.section(), form)
    assert findings(world) == [("strength", "Seen alone.")]
    assert answers(world)["consent"].version == 1


# --- text of every kind -----------------------------------------------------------------------------------


def test_markup_is_shown_as_it_was_typed(world: World) -> None:
    nasty = "</textarea><script>alert('1')</script> & \"quotes\" <b>bold</b>"
    page = world.save({"e-threshold": nasty, "q-reference_used": nasty, "f-strength-n1": nasty})
    assert "<script>alert" not in page.html
    assert page.form("form")["e-threshold"] == nasty
    page = world.browser(world.auditor).get(world.address("check-answers"))
    assert "<script>alert" not in page.html
    assert nasty in page.text


def test_long_texts_are_kept_whole(world: World) -> None:
    text = "A long account, with accents: naïve façade. " * 450
    page = world.save({"q-front_door_impact": text, "e-threshold": text})
    assert page.form("form")["q-front_door_impact"] == page.form("form")["e-threshold"] == text.strip()


# --- when a return does not change ------------------------------------------------------------------------


def test_nothing_is_saved_once_fieldwork_has_ended_and_what_was_typed_is_shown(world: World) -> None:
    form = {**world.open_section(), "e-threshold": "A quarter of an hour's work.", "do": "continue"}
    with world.app.app_context(), writing() as session:
        session.get_one(Audit, world.audit.id).stage = Stage.PANEL
    page = world.browser(world.auditor).post(world.section(), form)
    assert "fieldwork is not open" in page.errors[0]
    assert page.form("form")["e-threshold"] == "A quarter of an hour's work."
    assert answers(world) == {}


def test_a_section_of_another_pathway_is_not_found(world: World) -> None:
    case = world.make.case(world.audit, "C015")
    world.make.profile_value(case, world.edition, "pathway", "early_help")
    row = world.make.case_return(case, world.health, world.auditor)
    browser = world.browser(world.auditor)
    browser.get(f"/returns/{row.id}/sections/{PROTECTION}", status=404)
    browser.get(f"/returns/{row.id}/sections/nonsense", status=404)
    assert "Child protection plan" not in browser.get(f"/returns/{row.id}").text


def test_questions_are_those_of_the_agency_s_sector(world: World) -> None:
    page = world.browser(world.auditor).get(world.section(PROTECTION))
    assert "Did the police share what they know?" not in page.text
    assert "Is the plan specific and measurable?" in page.text
    world.browser(world.police_auditor).get(
        f"/returns/{world.other_row.id}/sections/{PROTECTION}", status=404
    )


def test_hidden_fields_full_of_nonsense_do_no_harm(world: World) -> None:
    form = world.open_section()
    form |= {
        "v-threshold": "x; DROP",
        "form": "?",
        "f-strength-": "a",
        "f-other-1": "b",
        "f-strength-n0": "c",
    }
    form |= {"q-threshold": "good", "q-consent": "yes", "do": "remove-"}
    world.browser(world.auditor).post(world.section(), form)
    world.browser(world.auditor).post(world.section(), {**form, "do": "add-nonsense"})
    world.browser(world.auditor).post(world.section(), {**form, "do": "stay"})
    assert set(answers(world)) == {"consent"}, "a question without a mark was not on the form"
    assert findings(world) == [("strength", "c")]
