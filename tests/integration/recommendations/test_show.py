"""A recommendation's page, and what reports are given."""

from datetime import timedelta

import pytest
from flask import Flask

from qa.accounts.permissions import CurrentPerson, Role
from qa.audits.lifecycle import Stage
from qa.db import today
from qa.problems import NotFound
from qa.recommendations import progress
from qa.recommendations.lifecycle import ActionState
from qa.recommendations.models import Recommendation, RecommendationFinding
from qa.recommendations.queries import recommendations_of
from tests.integration.recommendations.conftest import Scene, Visit, events
from tests.support.factories import Maker
from tests.support.pages import counting

S = ActionState


@pytest.fixture
def recommendation(scene: Scene, make: Maker) -> Recommendation:
    """Two actions, one of them overdue, and a finding to rest on."""
    row: Recommendation = make.recommendation(scene.audit)
    make.action(row, scene.health, scene.health_lead, text="Late step.", due_on=today() - timedelta(days=12))
    make.action(row, scene.police, scene.police_lead, text="Police step.")
    finding = make.finding(
        make.case_return(make.case(scene.audit), scene.health), scene.edition, "Plans list tasks."
    )
    make.add(RecommendationFinding(recommendation_id=row.id, finding_id=finding.id))
    return row


def test_findings_are_for_qa_leads_and_reading_them_is_on_the_trail(
    app: Flask, scene: Scene, recommendation: Recommendation, browser: Visit
) -> None:
    address = f"/recommendations/{recommendation.id}"
    for person in (scene.member, scene.health_lead):
        page = browser(person.email).get(address)
        assert "It rests on 1 finding of the audit." in page.text
        assert "Plans list tasks." not in page.text
    assert events(app) == []
    assert "Plans list tasks." in browser(scene.qa_lead.email).get(address).text
    assert events(app) == ["recommendation.read"]


def test_overdue_is_said_in_words(scene: Scene, recommendation: Recommendation, browser: Visit) -> None:
    page = browser(scene.member.email).get(f"/recommendations/{recommendation.id}")
    assert page.text.count("Overdue by 12 days") == 2
    assert "Not accepted yet" in page.text
    assert "Edit recommendation" not in page.links


def test_the_history_tells_an_agency_only_of_its_own_actions(
    app: Flask, scene: Scene, recommendation: Recommendation, make: Maker, browser: Visit
) -> None:
    police = make.action(recommendation, scene.police, scene.police_lead)
    with app.app_context():
        progress.post_progress(scene.police_lead, police.id, S.IN_PROGRESS, "Sergeants briefed.")
    address = f"/recommendations/{recommendation.id}"
    assert "Sergeants briefed." in browser(scene.qa_lead.email).get(address).text
    assert "Sergeants briefed." not in browser(scene.health_lead.email).get(address).text


def test_the_page_keeps_its_budget_however_much_happened(
    app: Flask, scene: Scene, recommendation: Recommendation, make: Maker, browser: Visit
) -> None:
    lead, member = browser(scene.qa_lead.email), browser(scene.member.email)
    address = f"/recommendations/{recommendation.id}"
    before = lead.get(address).statements, member.get(address).statements
    for _ in range(5):
        action = make.action(recommendation, scene.health, scene.health_lead)
        with app.app_context():
            progress.post_progress(scene.health_lead, action.id, S.IN_PROGRESS, "A step.")
    assert (lead.get(address).statements, member.get(address).statements) == before
    assert before[0] <= 12
    assert before[1] <= 8


def test_an_unknown_number_is_not_found(scene: Scene, browser: Visit) -> None:
    lead = browser(scene.qa_lead.email)
    lead.get("/recommendations/999", status=404)
    lead.get("/actions/999", status=404)
    lead.get("/actions/999/evidence/1", status=404)


def test_reports_get_everything_in_one_statement(
    app: Flask, scene: Scene, recommendation: Recommendation
) -> None:
    for person in (scene.qa_lead, scene.member, scene.health_lead):
        with app.app_context(), counting() as statements:
            (told,) = recommendations_of(person, scene.audit.id)
        assert len(statements) == 1
        assert (told.number, told.text) == (1, "Write plans around outcomes.")
        assert told.measure_of_success == "Nine plans in ten judged good."
        late, police = told.actions
        assert (late.agency, late.lead_name, late.overdue) == ("North East Health Trust", "Hana Health", True)
        assert (late.days_overdue, late.due_on) == (12, today() - timedelta(days=12))
        assert (police.text, police.lead_name, police.overdue) == ("Police step.", "Pat Police", False)


def test_before_the_report_an_agency_gets_what_the_tracker_shows(
    app: Flask, scene: Scene, make: Maker
) -> None:
    audit = make.audit(scene.area, scene.edition, (scene.health, scene.police), stage=Stage.PANEL)
    shared, other = make.recommendation(audit, "Shared."), make.recommendation(audit, "Theirs.")
    make.action(shared, scene.health, scene.health_lead)
    make.action(shared, scene.police, scene.police_lead)
    make.action(other, scene.police, scene.police_lead)
    with app.app_context():
        (told,) = recommendations_of(scene.health_lead, audit.id)
        assert told.text == "Shared."
        police = next(action for action in told.actions if action.agency == "East Area Police")
        assert (police.lead_name, police.due_on, police.overdue) == (None, None, False)
        assert len(recommendations_of(scene.member, audit.id)) == 2


@pytest.mark.parametrize("who", ["other_qa_lead", "stranger"])
def test_reports_of_audits_out_of_reach_are_not_found(
    app: Flask, scene: Scene, recommendation: Recommendation, who: str
) -> None:
    person: CurrentPerson = getattr(scene, who)
    with app.app_context(), pytest.raises(NotFound):
        recommendations_of(person, scene.audit.id)


def test_a_confidential_audit_is_reported_to_those_named_alone(app: Flask, scene: Scene, make: Maker) -> None:
    secret = make.audit(scene.area, scene.edition, (scene.health,), confidential=True, stage=Stage.REPORTED)
    make.recommendation(secret)
    anywhere = make.person(Role.QA_LEAD)
    with app.app_context():
        for person in (scene.qa_lead, scene.member, anywhere):
            with pytest.raises(NotFound):
                recommendations_of(person, secret.id)
