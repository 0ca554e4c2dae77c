"""Editing recommendations; adding, editing, deleting and moving actions; closing and reopening."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from qa.accounts.permissions import Role
from qa.db import db, today
from qa.recommendations import progress
from qa.recommendations.lifecycle import ActionState, RecommendationState
from qa.recommendations.models import Action, ClosingDecision, DueDateChange, Recommendation
from tests.integration.recommendations.conftest import (
    Scene,
    Visit,
    action_row,
    day_fields,
    events,
    recommendation_row,
)
from tests.support.factories import Maker

S = ActionState


@pytest.fixture
def recommendation(scene: Scene, make: Maker) -> Recommendation:
    """An open recommendation without actions."""
    row: Recommendation = make.recommendation(scene.audit)
    return row


@pytest.fixture
def action(scene: Scene, make: Maker, recommendation: Recommendation) -> Action:
    """Its one action, not started."""
    row: Action = make.action(recommendation, scene.health, scene.health_lead)
    return row


def at(row: Recommendation | Action, part: str = "") -> str:
    folder = "recommendations" if isinstance(row, Recommendation) else "actions"
    return f"/{folder}/{row.id}{part}"


def begin(app: Flask, scene: Scene, action: Action, state: S = S.IN_PROGRESS) -> None:
    with app.app_context():
        progress.post_progress(scene.health_lead, action.id, state, "Begun.")


def verify(app: Flask, scene: Scene, action: Action) -> None:
    begin(app, scene, action, S.AWAITING_VERIFICATION)
    version = action_row(app, action.id).version
    with app.app_context():
        progress.decide(scene.qa_lead, action.id, version, S.VERIFIED, "Seen.")


def test_a_recommendation_is_edited(
    app: Flask, scene: Scene, recommendation: Recommendation, make: Maker, browser: Visit
) -> None:
    theme = make.theme("Planning")
    lead = browser(scene.qa_lead.email)
    changes = {"text": "Write better plans.", "priority": "low", "themes": str(theme.id)}
    page = lead.submit(at(recommendation, "/edit"), changes, holding="text")
    assert "Write better plans." in page.text
    assert "Priority Low" in page.text
    assert "Planning" in page.links
    assert events(app) == ["recommendations.changed"]


def test_a_stale_edit_shows_both_versions_and_either_can_be_kept(
    app: Flask, scene: Scene, recommendation: Recommendation, browser: Visit
) -> None:
    first, second = browser(scene.qa_lead.email), browser(scene.qa_lead.email)
    stale = first.get(at(recommendation, "/edit")).form("text")
    second.submit(at(recommendation, "/edit"), {"text": "Theirs."}, holding="text")
    page = first.post(at(recommendation, "/edit"), {**stale, "text": "Mine."}, status=409)
    assert "Mine." in page.text
    assert "Theirs." in page.text
    assert recommendation_row(app, recommendation.id).text == "Theirs."
    page = first.post(at(recommendation, "/edit"), page.form("version"))
    assert recommendation_row(app, recommendation.id).text == "Mine."


def test_a_change_of_themes_alone_makes_an_older_form_stale(
    scene: Scene, recommendation: Recommendation, make: Maker, browser: Visit
) -> None:
    theme = make.theme("Planning")
    lead = browser(scene.qa_lead.email)
    stale = lead.get(at(recommendation, "/edit")).form("text")
    lead.submit(at(recommendation, "/edit"), {"themes": str(theme.id)}, holding="text")
    lead.post(at(recommendation, "/edit"), {**stale, "text": "Mine."}, status=409)


def test_an_empty_recommendation_is_refused(
    app: Flask, scene: Scene, recommendation: Recommendation, browser: Visit
) -> None:
    page = browser(scene.qa_lead.email).submit(
        at(recommendation, "/edit"), {"text": "", "measure_of_success": "All of it."}, holding="text"
    )
    assert page.field_error("text") == "Enter the recommendation"
    assert page.form("text")["measure_of_success"] == "All of it."


def new_action(scene: Scene, days: int = 10) -> dict[str, Any]:
    return {
        "who": f"{scene.police.id}-{scene.police_lead.id}",
        "text": "Brief every sergeant.",
        "due_on": day_fields(today() + timedelta(days=days)),
    }


def test_an_action_is_added(app: Flask, scene: Scene, recommendation: Recommendation, browser: Visit) -> None:
    lead = browser(scene.qa_lead.email)
    page = lead.submit(at(recommendation, "/actions/new"), new_action(scene), holding="who")
    assert page.heading == "Recommendation 1"
    assert "Brief every sergeant." in page.text
    assert "Led by Pat Police" in page.text
    assert events(app) == ["actions.added"]


@pytest.mark.parametrize(
    ("changes", "field", "message"),
    [
        ({"who": ""}, "who", "Choose the agency and who leads the action for it"),
        ({"text": ""}, "text", "Say what is to be done"),
        ({"due_on": ["31", "2", "2027"]}, "due_on", "Due date must be a real date, like 27 3 2026"),
        ({"due_on": ["1", "1", "2020"]}, "due_on", "Due date must be today or in the future"),
    ],
)
def test_an_action_that_does_not_do_is_refused_with_what_was_typed(
    scene: Scene,
    recommendation: Recommendation,
    browser: Visit,
    changes: dict[str, Any],
    field: str,
    message: str,
) -> None:
    data = {**new_action(scene), **changes}
    page = browser(scene.qa_lead.email).submit(at(recommendation, "/actions/new"), data, holding="who")
    assert page.field_error(field) == message
    assert page.form("who")["text"] == data["text"]
    assert page.form("who")["who"] == data["who"]


def test_an_untouched_action_may_change_agency_and_words(
    app: Flask, scene: Scene, action: Action, browser: Visit
) -> None:
    changes = {"who": f"{scene.police.id}-{scene.police_lead.id}", "text": "Brief every sergeant."}
    page = browser(scene.qa_lead.email).submit(at(action, "/edit"), changes, holding="who")
    assert page.heading == "Action of East Area Police"
    assert "Brief every sergeant." in page.text
    assert events(app) == ["actions.changed"]


def test_an_action_begun_stays_with_its_agency(
    app: Flask, scene: Scene, action: Action, make: Maker, browser: Visit
) -> None:
    deputy = make.person(Role.AGENCY_LEAD, agency=scene.health, name="Dee Deputy")
    begin(app, scene, action)
    lead = browser(scene.qa_lead.email)
    page = lead.get(at(action, "/edit"))
    assert "East Area Police" not in page.text
    form = {**page.form("who"), "who": f"{scene.health.id}-{deputy.id}"}
    assert "Dee Deputy" in lead.post(at(action, "/edit"), form).text
    form = {**lead.get(at(action, "/edit")).form("who"), "who": f"{scene.police.id}-{scene.police_lead.id}"}
    page = lead.post(at(action, "/edit"), form)
    assert page.field_error("who")
    assert action_row(app, action.id).agency_id == scene.health.id


def test_a_stale_edit_of_an_action_shows_both(
    app: Flask, scene: Scene, action: Action, browser: Visit
) -> None:
    lead = browser(scene.qa_lead.email)
    stale = lead.get(at(action, "/edit")).form("who")
    lead.submit(at(action, "/edit"), {"text": "Theirs."}, holding="who")
    page = lead.post(at(action, "/edit"), {**stale, "text": "Mine."}, status=409)
    assert "Theirs." in page.text
    assert "Mine." in page.text
    cells = ["".join(cell.itertext()) for cell in page.all("td")]
    assert cells[:2] == ["Hana Health, North East Health Trust"] * 2


def test_an_untouched_action_is_deleted_after_a_question(
    app: Flask, scene: Scene, action: Action, browser: Visit
) -> None:
    lead = browser(scene.qa_lead.email)
    lead.submit(
        at(action, "/due-date"),
        {"due_on": day_fields(today() + timedelta(days=3)), "reason": "Sooner."},
        holding="reason",
    )
    page = lead.get(at(action, "/delete"))
    assert page.heading == "Delete this action?"
    page = lead.post(at(action, "/delete"), page.form("version"))
    assert "Nobody has been asked to do anything yet." in page.text
    with app.app_context():
        assert db.session.scalar(select(func.count(Action.id))) == 0
        assert db.session.scalar(select(func.count(DueDateChange.id))) == 0
    assert events(app)[-1] == "actions.deleted"


def test_an_action_begun_cannot_be_deleted(app: Flask, scene: Scene, action: Action, browser: Visit) -> None:
    begin(app, scene, action)
    lead = browser(scene.qa_lead.email)
    assert "Delete this action" not in lead.get(at(action)).links
    page = lead.submit(at(action, "/delete"), {}, holding="version")
    assert "Work on this action has begun, so it cannot be deleted" in page.errors
    assert action_row(app, action.id).state is S.IN_PROGRESS


def test_the_due_date_moves_with_a_reason_that_stays(
    app: Flask, scene: Scene, action: Action, browser: Visit
) -> None:
    day = today() + timedelta(days=90)
    lead = browser(scene.qa_lead.email)
    page = lead.submit(
        at(action, "/due-date"),
        {"due_on": day_fields(day), "reason": "The supplier is late."},
        holding="reason",
    )
    assert "Due date moved from" in page.text
    assert "The supplier is late." in page.text
    assert action_row(app, action.id).due_on == day
    assert events(app) == ["actions.due_date_changed"]
    assert "The supplier is late." in browser(scene.health_lead.email).get(at(action)).text


@pytest.mark.parametrize(
    ("days", "reason", "field", "message"),
    [
        (90, "", "reason", "Say why the due date is moving"),
        (-1, "Why not.", "due_on", "New due date must be today or in the future"),
        (60, "Why not.", "due_on", "This is the due date already. Enter another, or go back"),
    ],
)
def test_a_due_date_that_does_not_do_is_refused(
    app: Flask, scene: Scene, action: Action, browser: Visit, days: int, reason: str, field: str, message: str
) -> None:
    due_on = day_fields(today() + timedelta(days=days))
    page = browser(scene.qa_lead.email).submit(
        at(action, "/due-date"), {"due_on": due_on, "reason": reason}, holding="reason"
    )
    assert page.field_error(field) == message
    assert page.form("reason")["due_on"] == due_on
    assert events(app) == []


def test_two_at_once_moving_a_due_date_meet(scene: Scene, action: Action, browser: Visit) -> None:
    lead = browser(scene.qa_lead.email)
    stale = lead.get(at(action, "/due-date")).form("reason")
    theirs, mine = today() + timedelta(days=10), today() + timedelta(days=20)
    lead.post(at(action, "/due-date"), {**stale, "due_on": day_fields(theirs), "reason": "Sooner."})
    page = lead.post(
        at(action, "/due-date"), {**stale, "due_on": day_fields(mine), "reason": "Later."}, status=409
    )
    assert theirs.isoformat() in page.text
    assert mine.isoformat() in page.text


def test_a_verified_action_no_longer_changes(
    app: Flask, scene: Scene, action: Action, browser: Visit
) -> None:
    verify(app, scene, action)
    lead = browser(scene.qa_lead.email)
    assert "Edit this action" not in lead.get(at(action)).links
    page = lead.submit(at(action, "/edit"), {"text": "Something else."}, holding="who")
    assert "This action is verified, so it can no longer change" in " ".join(page.errors)
    page = lead.submit(
        at(action, "/due-date"), {"due_on": day_fields(today()), "reason": "Now."}, holding="reason"
    )
    assert "This action is verified" in " ".join(page.errors)


def test_closing_and_reopening(
    app: Flask, scene: Scene, recommendation: Recommendation, action: Action, browser: Visit
) -> None:
    lead = browser(scene.qa_lead.email)
    assert "Close recommendation" not in lead.get(at(recommendation)).links
    assert "Its action has not been verified yet." in lead.get(at(recommendation, "/close")).text
    verify(app, scene, action)
    assert "Close recommendation" in lead.get(at(recommendation)).links
    page = lead.submit(at(recommendation, "/close"), {"note": ""}, holding="note")
    assert page.field_error("note") == "Say what came of the recommendation"
    page = lead.submit(at(recommendation, "/close"), {"note": "Nine plans in ten are good."}, holding="note")
    assert "Closed by Quinn Lead" in page.text
    assert "Nine plans in ten are good." in page.text
    assert recommendation_row(app, recommendation.id).state is RecommendationState.CLOSED
    assert "Nine plans in ten are good." in browser(scene.health_lead.email).get(at(recommendation)).text
    for part in ("/edit", "/actions/new"):
        form = lead.get(at(recommendation, part)).form("text")
        page = lead.post(
            at(recommendation, part), {**form, **(new_action(scene) if "actions" in part else {})}
        )
        assert "This recommendation is closed. Reopen it" in " ".join(page.errors)
    page = lead.submit(at(recommendation, "/reopen"), {"reason": ""}, holding="reason")
    assert page.field_error("reason") == "Say why the recommendation is being reopened"
    page = lead.submit(at(recommendation, "/reopen"), {"reason": "It slipped back."}, holding="reason")
    assert "It slipped back." in page.text
    assert "Nine plans in ten are good." in page.text
    row = recommendation_row(app, recommendation.id)
    assert (row.state, row.closing_note, row.closed_at) == (RecommendationState.OPEN, "", None)
    with app.app_context():
        outcomes = db.session.scalars(select(ClosingDecision.outcome).order_by(ClosingDecision.id)).all()
    assert outcomes == ["closed", "reopened"]
    assert events(app)[-2:] == ["recommendations.closed", "recommendations.reopened"]


def test_closing_is_refused_while_an_action_is_not_verified_or_there_is_none(
    app: Flask, scene: Scene, recommendation: Recommendation, make: Maker, browser: Visit
) -> None:
    lead = browser(scene.qa_lead.email)
    page = lead.post(at(recommendation, "/close"), {"note": "Enough.", "version": "1"})
    assert "Every action must be verified before the recommendation can be closed" in page.errors
    assert page.form("note")["note"] == "Enough."
    begin(app, scene, make.action(recommendation, scene.health, scene.health_lead))
    page = lead.post(at(recommendation, "/close"), {"note": "Enough.", "version": "1"})
    assert "Every action must be verified before the recommendation can be closed" in page.errors
    assert recommendation_row(app, recommendation.id).state is RecommendationState.OPEN


def test_closing_what_was_changed_meanwhile_shows_the_change(
    app: Flask, scene: Scene, recommendation: Recommendation, action: Action, browser: Visit
) -> None:
    verify(app, scene, action)
    lead = browser(scene.qa_lead.email)
    stale = lead.get(at(recommendation, "/close")).form("note")
    lead.submit(at(recommendation, "/edit"), {"text": "Other words."}, holding="text")
    page = lead.post(at(recommendation, "/close"), {**stale, "note": "Done."}, status=409)
    assert "Other words." in page.text
    assert recommendation_row(app, recommendation.id).state is RecommendationState.OPEN


PLANNING = ("/edit", "/close", "/reopen", "/actions/new")
OF_ACTION = ("/edit", "/due-date", "/delete")


@pytest.mark.parametrize("who", ["health_lead", "auditor", "member"])
def test_only_qa_leads_plan(
    scene: Scene, recommendation: Recommendation, action: Action, browser: Visit, who: str
) -> None:
    visitor = browser(getattr(scene, who).email)
    for part in PLANNING:
        visitor.get(at(recommendation, part), status=403)
    for part in OF_ACTION:
        visitor.get(at(action, part), status=403)
    assert "Edit recommendation" not in visitor.get(at(recommendation)).links


def test_a_qa_lead_of_another_area_finds_nothing(
    app: Flask, scene: Scene, recommendation: Recommendation, action: Action, browser: Visit
) -> None:
    visitor = browser(scene.other_qa_lead.email)
    for part in ("", *PLANNING):
        visitor.get(at(recommendation, part), status=404)
    for part in OF_ACTION:
        visitor.get(at(action, part), status=404)
    visitor.post(at(recommendation, "/close"), {"note": "x", "version": "1"}, status=404)
    visitor.post(at(action, "/delete"), {"version": "1"}, status=404)
    assert events(app) == []
