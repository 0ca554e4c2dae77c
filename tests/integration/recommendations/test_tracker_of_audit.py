"""The tracker narrowed to one audit: adding to it, and what it says while there is nothing in it."""

from qa.accounts.permissions import Role
from tests.integration.recommendations.conftest import Scene, Visit
from tests.support.factories import Maker
from tests.support.pages import NAMESPACE, Page


def offered(page: Page) -> dict[str, bool]:
    """The audits that the filter offers, and whether each is chosen."""
    (select,) = [each for each in page.all("select") if each.get("name") == "audit"]
    return {
        "".join(option.itertext()): option.get("selected") is not None
        for option in select.iter(f"{NAMESPACE}option")
    }


def test_a_qa_lead_adds_a_recommendation_from_the_tracker_of_an_audit(
    scene: Scene, make: Maker, browser: Visit
) -> None:
    make.recommendation(scene.audit)
    lead = browser(scene.qa_lead.email)
    assert "Add a recommendation" not in lead.get("/recommendations").links
    page = lead.get(f"/recommendations?audit={scene.audit.id}")
    assert page.links["Add a recommendation"] == scene.new
    assert lead.get(scene.new).heading == "New recommendation"
    for person in (scene.health_lead, scene.member):
        other = browser(person.email).get(f"/recommendations?audit={scene.audit.id}")
        assert "Add a recommendation" not in other.links


def test_somebody_who_only_reads_in_the_audits_area_adds_nothing(
    scene: Scene, make: Maker, browser: Visit
) -> None:
    both = make.grant(
        make.person(Role.QA_LEAD, area=scene.other_area), Role.PARTNERSHIP_MEMBER, area=scene.area
    )
    page = browser(both.email).get(f"/recommendations?audit={scene.audit.id}")
    assert "Add a recommendation" not in page.links


def test_an_audit_without_a_recommendation_is_offered_and_says_so(
    scene: Scene, make: Maker, browser: Visit
) -> None:
    empty = make.audit(scene.area, scene.edition, (scene.health,), title="Neglect & <drift>", reference="N-1")
    make.recommendation(scene.audit)
    address = f"/recommendations?audit={empty.id}"
    lead = browser(scene.qa_lead.email)
    page = lead.get(address)
    assert "“Neglect & <drift>” has no recommendations yet." in page.text
    assert offered(page) == {"Any": False, "AUD-1 Audit 1": False, "N-1 Neglect & <drift>": True}
    assert lead.get(page.links["Show those of every audit"]).text.count("recommendation 1") == 1
    assert "No recommendation fits these filters." in lead.get(f"{address}&state=open").text
    agency = browser(scene.health_lead.email).get(address)
    assert "“Neglect & <drift>” has no recommendations for you to see yet." in agency.text


def test_an_audit_out_of_reach_is_not_named(scene: Scene, make: Maker, browser: Visit) -> None:
    secret = make.audit(scene.area, scene.edition, (scene.health,), title="Secret", confidential=True)
    for person in (scene.qa_lead, scene.stranger, scene.other_qa_lead):
        for number in (secret.id, 999):
            page = browser(person.email).get(f"/recommendations?audit={number}")
            assert "Secret" not in page.html
            assert "No recommendation fits these filters." in page.text
