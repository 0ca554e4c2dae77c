"""The panel of a self-assessment speaks of agencies."""

from __future__ import annotations

import re

import pytest

from qa.audits.lifecycle import ReturnState, Stage
from qa.audits.models import Audit, Case
from tests.integration.moderation.conftest import Scene, Visit
from tests.support.factories import TEMPLATES, Maker
from tests.support.pages import Page


@pytest.fixture
def audit(make: Maker, scene: Scene) -> Audit:
    """Two agencies that assess themselves; the return of the first is in."""
    edition = make.edition(TEMPLATES / "section_11.yaml")
    audit: Audit = make.audit(scene.area, edition, (scene.health, scene.council), stage=Stage.PANEL)
    first = make.case(audit, "Health", agency_id=scene.health.id)
    make.case_return(first, scene.health, state=ReturnState.SUBMITTED)
    second: Case = make.case(audit, "Council", agency_id=scene.council.id)
    make.case_return(second, scene.council)
    return audit


def speaks_of_cases(page: Page) -> list[str]:
    return re.findall(r".{0,40}\bcases?\b.{0,40}", page.text, re.IGNORECASE)


def test_no_page_of_the_panel_calls_an_agency_a_case(scene: Scene, audit: Audit, browser: Visit) -> None:
    lead, agency = browser(scene.lead.email), browser(scene.health_lead.email)
    agenda = f"/audits/{audit.id}/panel"
    listed = lead.get(agenda)
    closed, waiting = listed.links["East Health Trust"], listed.links["Havering Council"]
    pages = [
        listed,
        lead.get(f"{agenda}?show=judged"),
        lead.get(f"{agenda}/open"),
        lead.get(closed),
        lead.get(waiting),
        lead.post(f"{waiting}/open"),
        agency.get(agenda),
        lead.post(agenda),
        lead.post(agenda),
        lead.get(f"{agenda}/open"),
        agency.get(agenda),
        lead.get(f"{closed}/findings/new"),
    ]
    assert [speaks_of_cases(page) for page in pages] == [[]] * len(pages)
    assert pages[5].errors == ["The agency’s return is not in yet. Open it when it is"]
    assert "1 self-assessment is now open to the panel." in pages[7].text
    assert "Every complete self-assessment was open already." in pages[8].text


def test_a_day_may_be_written_of_an_agency_and_a_child_s_number_not(
    scene: Scene, audit: Audit, browser: Visit
) -> None:
    lead = browser(scene.lead.email)
    page = lead.get(f"/audits/{audit.id}/panel").links["East Health Trust"]
    lead.post(f"{page}/open")
    data = {"grade": "not_applicable", "version": "0"}
    saved = lead.post(f"{page}/overall", {**data, "reason": "Its policy is of 1 May 2011."})
    assert "Its policy is of 1 May 2011." in saved.text
    refused = lead.post(
        f"{page}/overall", {**data, "version": "1", "reason": "Record 943 476 5919 shows it."}
    )
    problem = "“943 476 5919” looks like an NHS number. Replace it, or say why it has to stay"
    assert refused.field_error("reason-overall") == problem
