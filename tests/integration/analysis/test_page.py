"""Who reads the analysis of an audit, and where its page leads."""

from __future__ import annotations

import pytest

from qa.accounts.permissions import CurrentPerson, Role
from qa.audits.lifecycle import Stage
from qa.audits.models import AuditPerson
from tests.integration.analysis import scene as scenes
from tests.integration.analysis.conftest import Visit
from tests.integration.analysis.reading import charts
from tests.integration.analysis.scene import Scene
from tests.support.factories import Maker
from tests.support.pages import Page


def theme_links(page: Page) -> set[str]:
    """Where the bars of the chart of themes lead."""
    links = {
        link.get("href", "") for chart in charts(page) for link in chart.iter("{http://www.w3.org/2000/svg}a")
    }
    return links | {link.get("href", "") for chart in charts(page) for link in page.all("a", chart)}


@pytest.mark.parametrize("stage", Stage)
def test_a_qa_lead_reads_it_at_any_stage_and_a_member_once_it_is_reported(
    make: Maker, browser: Visit, stage: Stage
) -> None:
    scene = scenes.people(make, stage)
    assert browser(scene.lead.email).get(scene.analysis).heading == "Analysis"
    reported = stage in {Stage.REPORTED, Stage.CLOSED}
    browser(scene.member.email).get(scene.analysis, status=200 if reported else 404)


@pytest.mark.parametrize(
    ("who", "status"), [("agency_lead", 403), ("auditor", 403), ("other_lead", 404), ("other_member", 404)]
)
def test_agencies_and_other_areas_do_not_read_it(make: Maker, browser: Visit, who: str, status: int) -> None:
    scene = scenes.people(make, Stage.REPORTED)
    person: CurrentPerson = getattr(scene, who)
    page = browser(person.email).get(scene.analysis, status=status)
    assert "Help and protection" not in page.text


def test_an_unknown_audit_is_not_found(make: Maker, browser: Visit) -> None:
    scene = scenes.people(make, Stage.REPORTED)
    browser(scene.lead.email).get("/audits/999/analysis", status=404)


def test_a_confidential_audit_is_read_by_those_named_alone(make: Maker, browser: Visit) -> None:
    scene = scenes.people(make, Stage.REPORTED, confidential=True)
    everywhere = make.person(Role.QA_LEAD)
    make.add(AuditPerson(audit_id=scene.audit.id, person_id=scene.member.id))
    for person in (scene.lead, everywhere):
        browser(person.email).get(scene.analysis, status=404)
    browser(scene.member.email).get(scene.analysis)
    make.add(AuditPerson(audit_id=scene.audit.id, person_id=scene.lead.id))
    browser(scene.lead.email).get(scene.analysis)


def test_a_qa_lead_goes_from_a_bar_to_the_findings_behind_it(scene: Scene, browser: Visit) -> None:
    visit = browser(scene.lead.email)
    page = visit.get(scene.analysis)
    links = theme_links(page)
    assert len(links) == 2
    for link in links:
        assert "Seen alone at each visit." in visit.get(link).text
    assert page.links["Open the thematic report"] == scene.report
    assert page.links["Help and protection"] == f"/audits/{scene.audit.id}"


def test_a_member_is_offered_nothing_that_would_turn_them_away(scene: Scene, browser: Visit) -> None:
    visit = browser(scene.member.email)
    page = visit.get(scene.analysis)
    assert theme_links(page) == set()
    for address in set(page.links.values()):
        if address.startswith("/") and address != "/sign-out":
            visit.get(address)
