"""What an auditor's own answers suggest for a section's grade: from what is saved, never filled in."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, select

from qa.audits.models import CaseProfileValue
from qa.db import db, writing
from qa.returns.models import Answer
from tests.integration.returns.conftest import World
from tests.support.pages import Page

RI = "Requires improvement to be good"
LEAD = "From your answers above:"


def suggested(page: Page) -> str | None:
    """What the page suggests, in words; None when the box is hidden or not there."""
    boxes = [box for box in page.all("div") if "data-suggestion" in box.attrib]
    assert len(boxes) < 2
    if not boxes or "hidden" in boxes[0].attrib:
        return None
    (paragraph, *_) = page.all("p", boxes[0])
    words = " ".join("".join(paragraph.itertext()).split())
    assert words.startswith(LEAD)
    assert words.endswith(" You decide.")
    return words.removeprefix(LEAD).removesuffix(". You decide.").strip()


def opened(world: World, key: str = "front_door") -> Page:
    return world.browser(world.auditor).get(world.section(key))


def autosave(world: World, form: dict[str, object]) -> dict[str, Any]:
    browser = world.browser(world.auditor)
    sent = {**form, "csrf_token": browser.token()}
    answer: dict[str, Any] = browser.client.post(f"{world.section()}/autosave", data=sent).get_json()
    return answer


def test_nothing_is_suggested_before_there_is_an_answer(world: World) -> None:
    assert suggested(opened(world)) is None
    world.save({"q-referrer": "school", "q-front_door_grade": "good", "e-front_door_grade": "Record."})
    assert suggested(opened(world)) is None


def test_saved_answers_suggest_and_the_grade_stays_a_persons(world: World) -> None:
    page = world.save({"q-threshold": "good", "q-consent": "no"})
    assert suggested(page) == f"worst Inadequate, middle Inadequate, weighted {RI}"
    assert page.form("form").get("q-front_door_grade") in {None, ""}
    with world.app.app_context():
        question = world.edition.ids.questions["front_door_grade"]
        kept = db.session.scalars(select(Answer).where(Answer.question_id == question)).all()
    assert [row.grade_id for row in kept] in ([], [None])


def test_not_applicable_and_the_other_section_change_nothing(world: World) -> None:
    world.save({"q-threshold": "good"})
    world.save({"q-plan_smart": "inadequate"}, "protection")
    assert suggested(opened(world)) == "worst Good, middle Good, weighted Good"
    world.save({"q-consent": "not_applicable"})
    assert suggested(opened(world)) == "worst Good, middle Good, weighted Good"


def test_a_question_for_another_sector_suggests_nothing(world: World) -> None:
    world.make.answer(world.row, world.edition, "police_check", code="no")
    world.make.answer(world.row, world.edition, "plan_smart", grade="good")
    assert suggested(opened(world, "protection")) == "worst Good, middle Good, weighted Good"


def test_saving_by_itself_tells_what_is_suggested_now(world: World) -> None:
    form = world.open_section()
    answer = autosave(world, {**form, "q-threshold": "good"})
    assert answer["suggested"] == "worst Good, middle Good, weighted Good"
    answer = autosave(world, {**form, **answer["marks"], "q-threshold": "good", "q-consent": "partly"})
    assert answer["suggested"] == suggested(opened(world)) == f"worst {RI}, middle {RI}, weighted Good"
    form = world.open_section()
    answer = autosave(world, {**form, "q-threshold": "", "q-consent": ""})
    assert answer["suggested"] == ""
    assert suggested(opened(world)) is None


def test_what_was_refused_or_clashes_suggests_nothing(world: World) -> None:
    world.save({"q-threshold": "good"})
    page = world.save({"q-threshold": "inadequate", "q-decision_days": "soon"})
    assert page.form("form")["q-threshold"] == "inadequate"
    assert suggested(page) == "worst Good, middle Good, weighted Good"
    form = world.open_section()
    world.save({"q-threshold": "outstanding"})
    answer = autosave(world, {**form, "q-threshold": "inadequate"})
    assert answer["clashes"]
    assert answer["suggested"] == "worst Outstanding, middle Outstanding, weighted Outstanding"


def test_the_rule_is_written_beside_it(world: World) -> None:
    page = world.save({"q-threshold": "good"})
    (rule,) = [one for one in page.all("details") if "How this is worked out" in "".join(one.itertext())]
    words = " ".join("".join(rule.itertext()).split())
    assert "“Not applicable”, questions without an answer and the section’s own grade are left out" in words
    assert "Inadequate stands for 0% and Outstanding for 100%" in words


def test_a_case_on_another_pathway_changes_the_task_and_not_what_was_saved(world: World) -> None:
    world.save({"q-plan_smart": "good"}, "protection")
    assert suggested(opened(world, "protection")) == "worst Good, middle Good, weighted Good"
    with world.app.app_context(), writing() as session:
        session.execute(delete(CaseProfileValue))
    world.browser(world.auditor).get(world.section("protection"), status=404)
