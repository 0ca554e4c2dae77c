"""Writing a recommendation with its first actions."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from qa.db import db, today
from qa.recommendations import commands
from qa.recommendations.lifecycle import Level, Priority
from qa.recommendations.models import Action, Recommendation, RecommendationFinding, RecommendationTheme
from qa.recommendations.records import Wording
from qa.returns.models import FindingKind
from tests.integration.recommendations.conftest import Scene, Visit, day_fields, events
from tests.support.factories import Maker

WORDS = {
    "text": "Write plans around outcomes, not tasks.",
    "level": "operational",
    "measure_of_success": "Nine plans in ten are judged good by March.",
    "priority": "high",
}


def first_action(scene: Scene, place: int = 0, days: int = 30) -> dict[str, object]:
    return {
        f"actions-{place}-who": f"{scene.health.id}-{scene.health_lead.id}",
        f"actions-{place}-text": "Revise the plan template.",
        f"actions-{place}-due_on": day_fields(today() + timedelta(days=days)),
    }


def how_many(app: Flask) -> tuple[int, int]:
    with app.app_context():
        return (
            db.session.scalar(select(func.count(Recommendation.id))) or 0,
            db.session.scalar(select(func.count(Action.id))) or 0,
        )


def test_a_recommendation_with_two_actions_from_a_theme_and_a_finding(
    app: Flask, scene: Scene, make: Maker, browser: Visit
) -> None:
    theme = make.theme("Planning")
    row = make.case_return(make.case(scene.audit), scene.health)
    finding = make.finding(row, scene.edition, "Plans list tasks.", kind=FindingKind.AREA_FOR_IMPROVEMENT)
    lead = browser(scene.qa_lead.email)
    address = f"{scene.new}?theme={theme.id}&finding={finding.id}"
    page = lead.get(address)
    assert "Area for improvement, case C001, North East Health Trust: Plans list tasks." in page.text
    for meaning in ("a particular child or family", "teams and managers work", "What leaders decide"):
        assert meaning in page.text
    second = {
        "actions-1-who": f"{scene.police.id}-{scene.police_lead.id}",
        "actions-1-text": "Brief every sergeant.",
        "actions-1-due_on": day_fields(today()),
    }
    page = lead.post(address, {**page.form("text"), **WORDS, **first_action(scene), **second})
    assert page.heading == "Recommendation 1"
    for words in (*WORDS.values(), "Revise the plan template.", "Brief every sergeant.", "Planning"):
        assert words.lower() in page.text.lower()
    assert "Plans list tasks." in page.text
    assert "Hana Health" in page.text
    with app.app_context():
        assert db.session.scalars(select(RecommendationTheme.theme_id)).all() == [theme.id]
        assert db.session.scalars(select(RecommendationFinding.finding_id)).all() == [finding.id]
    assert events(app) == [
        "audit.read",
        "recommendations.created",
        "actions.added",
        "actions.added",
        "recommendation.read",
    ]


def test_leads_are_offered_under_their_agency_and_only_agency_leads(scene: Scene, browser: Visit) -> None:
    page = browser(scene.qa_lead.email).get(scene.new)
    groups = {
        group.get("label"): ["".join(option.itertext()) for option in page.all("option", group)]
        for group in page.all("optgroup")
    }
    assert groups == {
        "East Area Police": ["Pat Police, East Area Police"],
        "North East Health Trust": ["Hana Health, North East Health Trust"],
    }


def test_adding_and_removing_an_action_keeps_what_was_typed(app: Flask, scene: Scene, browser: Visit) -> None:
    lead = browser(scene.qa_lead.email)
    typed = {**lead.get(scene.new).form("text"), **WORDS, **first_action(scene)}
    page = lead.post(scene.new, {**typed, "add_action": "yes"})
    assert page.heading == "New recommendation"
    assert not page.errors
    form = page.form("text")
    assert form["text"] == WORDS["text"]
    assert form["level"] == "operational"
    assert form["actions-0-text"] == "Revise the plan template."
    assert form["actions-0-who"] == typed["actions-0-who"]
    assert form["actions-0-due_on"] == typed["actions-0-due_on"]
    assert form["actions-1-text"] == ""
    form["actions-1-text"] = "The second."
    page = lead.post(scene.new, {**form, "remove_action": "0"})
    texts = [value for name, value in page.form("text").items() if name.endswith("-text")]
    assert texts == ["The second."]
    assert how_many(app) == (0, 0)


def test_the_last_action_cannot_be_removed_nor_a_twenty_first_added(scene: Scene, browser: Visit) -> None:
    lead = browser(scene.qa_lead.email)
    page = lead.post(scene.new, {**lead.get(scene.new).form("text"), "remove_action": "0"})
    assert "actions-0-text" in page.form("text")
    form = page.form("text")
    for place in range(20):
        form[f"actions-{place}-text"] = f"Action {place}"
    page = lead.post(scene.new, {**form, "add_action": "yes"})
    assert "Action 20" in page.text
    assert "Action 21" not in page.text


def test_actions_may_come_later_if_that_is_said(app: Flask, scene: Scene, browser: Visit) -> None:
    lead = browser(scene.qa_lead.email)
    page = lead.submit(scene.new, WORDS, holding="text")
    assert page.errors == ["Add at least one action, or tick “I will add the actions later”"]
    assert page.field_error("later") == page.errors[0]
    assert page.form("text")["text"] == WORDS["text"]
    page = lead.post(scene.new, {**page.form("text"), "later": "y"})
    assert page.heading == "Recommendation 1"
    assert "Nobody has been asked to do anything yet." in page.text
    assert how_many(app) == (1, 0)


def test_every_empty_field_is_named(scene: Scene, browser: Visit) -> None:
    page = browser(scene.qa_lead.email).submit(scene.new, {"actions-0-text": "Do something."}, holding="text")
    assert page.errors == [
        "Enter the recommendation",
        "Choose the level",
        "Say how you will know that it has worked",
        "Choose the priority",
        "Choose the agency and who leads the action for it",
        "Enter the day it is due",
    ]
    assert page.field_error("actions-0-due_on") == "Enter the day it is due"
    assert page.field_error("actions-0-who") == "Choose the agency and who leads the action for it"
    targets = {element.get("id") for element in page.tree.iter()}
    links = [href for words, href in page.links.items() if words in page.errors]
    assert links
    assert all(href.removeprefix("#") in targets for href in links)


def test_a_due_date_in_the_past_is_refused_next_to_its_action(
    app: Flask, scene: Scene, browser: Visit
) -> None:
    lead = browser(scene.qa_lead.email)
    form = lead.post(scene.new, {**lead.get(scene.new).form("text"), "add_action": "yes"}).form("text")
    changes = {**WORDS, **first_action(scene, place=1, days=-1)}
    page = lead.post(scene.new, {**form, **changes})
    assert page.errors == ["Due date must be today or in the future"]
    assert page.field_error("actions-1-due_on") == page.errors[0]
    assert page.form("text")["actions-1-text"] == "Revise the plan template."
    assert how_many(app) == (0, 0)


@pytest.mark.parametrize("who", ["{school}-{stranger}", "{health}-{police_lead}", "{health}-", "rubbish"])
def test_a_lead_who_is_not_offered_is_refused(app: Flask, scene: Scene, browser: Visit, who: str) -> None:
    code = who.format(
        school=scene.stranger.grants[0].agency_id,
        stranger=scene.stranger.id,
        health=scene.health.id,
        police_lead=scene.police_lead.id,
    )
    changes = {**WORDS, **first_action(scene), "actions-0-who": code}
    page = browser(scene.qa_lead.email).submit(scene.new, changes, holding="text")
    assert page.field_error("actions-0-who")
    assert how_many(app) == (0, 0)


def test_an_agency_without_a_lead_can_still_be_given_an_action(
    app: Flask, scene: Scene, make: Maker, browser: Visit
) -> None:
    charity = make.agency("Family Charity", areas=(scene.area,))
    audit = make.audit(scene.area, scene.edition, (charity,))
    address = f"/audits/{audit.id}/recommendations/new"
    changes = {**WORDS, **first_action(scene), "actions-0-who": f"{charity.id}-"}
    page = browser(scene.qa_lead.email).submit(address, changes, holding="text")
    assert page.heading == "Recommendation 1"
    assert "No lead yet" in page.text


def test_findings_of_another_audit_are_not_taken(
    app: Flask, scene: Scene, make: Maker, browser: Visit
) -> None:
    other = make.audit(scene.area, scene.edition, (scene.health,))
    finding = make.finding(make.case_return(make.case(other), scene.health), scene.edition, "Elsewhere.")
    hidden = make.finding(
        make.case_return(make.case(scene.audit), scene.health), scene.edition, "Not yet.", released=False
    )
    lead = browser(scene.qa_lead.email)
    page = lead.get(f"{scene.new}?finding={finding.id}&finding={hidden.id}&finding=x&theme=999")
    assert "Elsewhere." not in page.text
    assert "Not yet." not in page.text
    page = lead.submit(
        scene.new, {**WORDS, **first_action(scene), "findings": str(finding.id)}, holding="text"
    )
    assert page.errors
    assert how_many(app) == (0, 0)


def test_markup_is_shown_as_typed(scene: Scene, browser: Visit) -> None:
    nasty = "<script>alert(1)</script> & <b>bold</b>"
    changes = {**WORDS, **first_action(scene), "text": nasty, "actions-0-text": nasty}
    page = browser(scene.qa_lead.email).submit(scene.new, changes, holding="text")
    assert page.text.count(nasty) >= 2
    assert "<script>alert" not in page.html


@pytest.mark.parametrize("who", ["health_lead", "auditor", "member"])
def test_only_qa_leads_write_recommendations(scene: Scene, browser: Visit, who: str) -> None:
    browser(getattr(scene, who).email).get(scene.new, status=403)


def test_a_qa_lead_of_another_area_finds_nothing(app: Flask, scene: Scene, browser: Visit) -> None:
    other = browser(scene.other_qa_lead.email)
    other.get(scene.new, status=404)
    other.post(scene.new, {**WORDS, **first_action(scene)}, status=404)
    assert how_many(app) == (0, 0)


def test_numbers_run_on_within_an_audit(scene: Scene, browser: Visit) -> None:
    lead = browser(scene.qa_lead.email)
    headings = [lead.submit(scene.new, {**WORDS, "later": "y"}, holding="text").heading for _ in range(3)]
    assert headings == ["Recommendation 1", "Recommendation 2", "Recommendation 3"]


def test_the_form_keeps_its_budget(scene: Scene, make: Maker, browser: Visit) -> None:
    row = make.case_return(make.case(scene.audit), scene.health)
    finding = make.finding(row, scene.edition)
    lead = browser(scene.qa_lead.email)
    assert lead.get(scene.new).statements <= 8
    assert lead.get(f"{scene.new}?finding={finding.id}").statements <= 12


def test_recommendations_written_at_once_get_numbers_of_their_own(app: Flask, scene: Scene) -> None:
    wording = Wording("Do better.", Level.CASE, "It is better.", Priority.LOW)

    def write(_place: int) -> int:
        with app.app_context():
            return commands.create(scene.qa_lead, scene.audit.id, wording, [])

    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(write, range(8)))
    assert len(set(made)) == 8
    with app.app_context():
        numbers = db.session.scalars(select(Recommendation.number)).all()
    assert sorted(numbers) == list(range(1, 9))
