"""The page of agreement: two auditors of an agency, agencies on a case, and the panel's grades."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import update

from qa.audits.lifecycle import ReturnState
from qa.audits.models import Case, Return
from qa.db import db, now, writing
from qa.moderation.agreement_queries import AuditAgreement, agreement_of
from qa.moderation.models import Judgement
from tests.integration.moderation.conftest import Scene, Visit
from tests.support.factories import Maker

OUT, GOOD, RI, INAD = "outstanding", "good", "requires_improvement", "inadequate"
# Of the first auditor and the second on each case: three in four the same.
GRADES = [(GOOD, GOOD), (RI, RI), (OUT, OUT), (GOOD, RI)] * 6


def address(scene: Scene) -> str:
    return f"/audits/{scene.audit.id}/agreement"


@pytest.fixture
def twice(make: Maker, scene: Scene) -> list[Case]:
    """Cases with the council's grade by two auditors, and health's one grade worse than the first."""
    cases = []
    for first, second in GRADES:
        case = make.case(scene.audit)
        cases.append(case)
        make.profile_value(case, scene.edition, "pathway", "early_help")
        council = make.case_return(case, scene.council, state=ReturnState.SUBMITTED)
        other = make.case_return(
            case, scene.council, scene.council_auditor, second=True, state=ReturnState.SUBMITTED
        )
        make.answer(council, scene.edition, "front_door_grade", grade=first)
        make.answer(other, scene.edition, "front_door_grade", grade=second)
        # Not asked of an early help case: in no pair.
        make.answer(council, scene.edition, "protection_grade", grade=OUT)
        make.answer(other, scene.edition, "protection_grade", grade=INAD)
    return cases


def figures(app: Flask, scene: Scene) -> AuditAgreement:
    with app.app_context():
        found = agreement_of(scene.lead, scene.audit.id)
        db.session.remove()
        return found


def test_two_auditors_agreement_is_said_in_numbers_and_words(
    app: Flask, scene: Scene, twice: list[Case], browser: Visit
) -> None:
    (scale,) = figures(app, scene).scales
    assert (scale.auditors.pairs, scale.auditors.same) == (24, 18)
    # By hand: a quarter of the pairs are a grade apart; by chance they would be 1.25 squared grades apart.
    assert scale.auditors.kappa == pytest.approx(1 - 0.25 / 1.25)
    page = browser(scene.lead.email).get(address(scene))
    assert "From 24 double audits of 24 cases" in page.text
    assert "18 of 24 pairs are the same grade (75%). Weighted kappa is 0.80" in page.text
    assert "substantial agreement. Krippendorff’s alpha is 0." in page.text
    assert "Overall grade for the front door Front door and threshold 24 18 (75%) 0.80" in page.text
    assert "Overall grade for the plan" not in page.text
    assert page.statements <= 12


def test_a_return_that_came_in_after_the_case_was_opened_is_left_out(
    app: Flask, scene: Scene, twice: list[Case], browser: Visit
) -> None:
    with app.app_context(), writing() as session:
        session.execute(update(Case).values(panel_opened_at=now() + timedelta(minutes=1)))
        late = update(Return).where(Return.case_id == twice[0].id, Return.second)
        session.execute(late.values(submitted_at=now() + timedelta(minutes=2)))
    found = figures(app, scene)
    assert (found.twice, found.not_blind, found.scales[0].auditors.pairs) == (23, 1, 23)
    assert "1 double audit is left out" in browser(scene.lead.email).get(address(scene)).text


def test_agencies_are_compared_without_second_returns_and_few_pairs_say_so(
    app: Flask, scene: Scene, browser: Visit
) -> None:
    found = figures(app, scene)
    (scale,) = found.scales
    assert (scale.agencies.pairs, scale.agencies.same, scale.agencies.kappa) == (2, 1, None)
    text = browser(scene.lead.email).get(address(scene)).text
    assert "No case has two blind returns of one agency" in text
    assert "1 of 2 pairs are the same grade (50%). That is fewer than 20 pairs" in text


def test_how_far_the_panel_moved_each_agencys_grades(
    app: Flask, make: Maker, scene: Scene, twice: list[Case], browser: Visit
) -> None:
    ids = scene.edition.ids
    for case, agreed in zip(twice[:4], (GOOD, GOOD, RI, None), strict=True):
        make.add(
            Judgement(
                audit_id=scene.audit.id,
                case_id=case.id,
                section_id=ids.sections["front_door"],
                grade_id=ids.grades["ofsted", agreed] if agreed else None,
                reason="Weighed.",
                decided_at=now(),
            )
        )
    (council,) = figures(app, scene).moved
    # Good kept; requires improvement made good; outstanding made requires improvement; none to compare.
    assert council[1:] == (1, 1, 1, 3)
    text = browser(scene.lead.email).get(address(scene)).text
    assert f"{council.agency} 3 1 1 1 1.0 grades" in text


def test_without_anything_to_compare_the_page_leads_on(make: Maker, scene: Scene, browser: Visit) -> None:
    audit = make.audit(scene.area, scene.edition, (scene.council,))
    page = browser(scene.lead.email).get(f"/audits/{audit.id}/agreement")
    assert "There is nothing to compare yet" in page.text
    browser(scene.health_lead.email).get(address(scene), status=403)
    browser(scene.other_lead.email).get(address(scene), status=404)
