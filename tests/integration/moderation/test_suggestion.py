"""What all agencies' answers suggest for a section, beside the form of its agreed grade."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import select

from qa.db import db
from qa.moderation.models import Judgement
from tests.integration.moderation.conftest import Scene, Visit

SUGGESTED = (
    "From all agencies’ answers above: worst Requires improvement to be good, middle Outstanding, "
    "weighted Good . You decide."
)


def test_whoever_agrees_a_grade_sees_what_all_answers_suggest_and_nothing_is_filled_in(
    app: Flask, open_case: Scene, browser: Visit
) -> None:
    page = browser(open_case.lead.email).get(open_case.page)
    assert SUGGESTED in page.text
    chosen = [box for box in page.all("input") if box.get("type") == "radio" and "checked" in box.attrib]
    assert chosen == []
    assert "the section’s own grade are left out" in page.text
    with app.app_context():
        assert db.session.scalars(select(Judgement)).all() == []


def test_it_is_the_same_when_only_divergent_questions_are_shown(open_case: Scene, browser: Visit) -> None:
    page = browser(open_case.lead.email).get(f"{open_case.page}?show=apart")
    assert "Was consent sought?" not in page.text
    assert SUGGESTED in page.text


def test_it_stays_with_the_form_once_a_grade_is_agreed(open_case: Scene, browser: Visit) -> None:
    lead = browser(open_case.lead.email)
    data = {"grade": "inadequate", "reason": "Drift.", "version": "0"}
    assert SUGGESTED in lead.post(f"{open_case.page}/sections/front_door", data).text


def test_who_agrees_no_grade_is_suggested_none(open_case: Scene, browser: Visit) -> None:
    page = browser(open_case.health_lead.email).get(open_case.page)
    assert "Was the threshold decision right?" in page.text
    assert "You decide" not in page.text
