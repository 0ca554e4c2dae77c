"""A framework kept to one area is there for that area's people alone; the library's rows and filters."""

import io
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from flask import Flask
from sqlalchemy import select, update

from qa.accounts.models import Agency, Area
from qa.accounts.permissions import CurrentPerson, Role
from qa.accounts.sectors import Sector
from qa.db import db, writing
from qa.frameworks.editions import EditionTree
from qa.frameworks.models import Edition, Framework
from qa.frameworks.states import EditionState
from qa.trail.models import TrailEntry
from tests.support.factories import TEMPLATES, Maker
from tests.support.pages import Browser


@dataclass
class Two:
    """Two areas, an agency and a QA lead in each, one framework of all areas and one kept to the north."""

    north: Area
    south: Area
    trust: Agency
    school: Agency
    shared: EditionTree
    own: EditionTree
    north_lead: CurrentPerson
    south_lead: CurrentPerson


@pytest.fixture
def two(make: Maker) -> Two:
    north, south = make.area("Northside"), make.area("Southside")
    return Two(
        north,
        south,
        make.agency("Trust", Sector.HEALTH, (north,)),
        make.agency("School", Sector.EDUCATION, (south,)),
        make.edition(),
        make.edition(key="own", name="Only the north's", area=north),
        make.person(Role.QA_LEAD, area=north),
        make.person(Role.QA_LEAD, area=south),
    )


@pytest.fixture
def north(two: Two, browser: Callable[[str], Browser]) -> Browser:
    """The northern QA lead's browser."""
    return browser(two.north_lead.email)


@pytest.fixture
def south(two: Two, browser: Callable[[str], Browser]) -> Browser:
    """The southern QA lead's browser."""
    return browser(two.south_lead.email)


def address(tree: EditionTree) -> str:
    return f"/frameworks/{tree.framework_id}"


def kept_to(app: Flask, tree: EditionTree) -> int | None:
    with app.app_context():
        return db.session.scalar(select(Framework.area_id).where(Framework.id == tree.framework_id))


def test_what_one_area_keeps_is_not_there_for_the_other(two: Two, north: Browser, south: Browser) -> None:
    assert "Only the north's" in north.get("/frameworks").links
    page = south.get("/frameworks")
    assert "Small framework" in page.links
    assert "Only the north's" not in page.text
    assert "Northside" not in page.text
    for end in ("", "/file"):
        north.get(f"/frameworks/editions/{two.own.id}{end}")
        south.get(f"/frameworks/editions/{two.own.id}{end}", status=404)
    south.get(address(two.own), status=404)
    south.get(f"/frameworks/editions/{two.shared.id}/compare/{two.own.id}", status=404)
    south.post(f"/frameworks/editions/{two.own.id}/withdraw", {"version": "1"}, status=404)
    south.post(f"/frameworks/editions/{two.own.id}/draft", status=404)


def test_auditors_see_it_by_the_areas_their_agency_works_in(
    two: Two, make: Maker, browser: Callable[[str], Browser]
) -> None:
    here = browser(make.person(Role.AUDITOR, agency=two.trust).email)
    there = browser(make.person(Role.AGENCY_LEAD, agency=two.school).email)
    assert "Only the north's" in here.get("/frameworks").text
    assert "Only the north's" not in there.get("/frameworks").text
    here.get(address(two.own))
    there.get(address(two.own), status=404)
    administrator = browser(make.person(Role.ADMINISTRATOR).email)
    assert "Northside only" in administrator.get(address(two.own)).text


def test_an_audit_of_another_area_cannot_be_planned_with_it(two: Two, north: Browser, south: Browser) -> None:
    assert "Only the north's, edition 1" in north.get("/audits/new").text
    page = south.get("/audits/new")
    assert "Small framework, edition 1" in page.text
    assert "Only the north's" not in page.text
    form = {**page.form("title"), "title": "Borrowed", "edition": str(two.own.id)}
    page = south.post("/audits/new", {**form, "returns_due_on": ["1", "1", "2030"]})
    assert page.field_error("edition") == "Choose a published framework from the list"


def test_a_framework_is_kept_to_the_area_and_shared_again(
    app: Flask, two: Two, north: Browser, south: Browser
) -> None:
    page = north.submit(f"{address(two.shared)}/sharing", {"area": str(two.north.id)})
    assert "It is kept to that area now." in page.text
    assert kept_to(app, two.shared) == two.north.id
    south.get(address(two.shared), status=404)
    page = north.submit(f"{address(two.shared)}/sharing", {"area": "all"})
    assert "All areas can use it now." in page.text
    south.get(address(two.shared))


def test_it_stays_with_all_areas_while_another_area_uses_it_even_confidentially(
    app: Flask, two: Two, make: Maker, north: Browser
) -> None:
    make.audit(two.south, two.shared, confidential=True)
    page = north.submit(f"{address(two.shared)}/sharing", {"area": str(two.north.id)})
    assert page.field_error("area") == (
        "Audits of other areas use this framework, so it stays with all areas"
    )
    assert kept_to(app, two.shared) is None


def test_an_area_keeps_nothing_for_another_and_nothing_that_was_shipped(
    app: Flask, two: Two, make: Maker, south: Browser
) -> None:
    page = south.get(f"{address(two.shared)}/sharing")
    assert "Northside" not in page.text
    page = south.post(f"{address(two.shared)}/sharing", {**page.form("area"), "area": str(two.north.id)})
    assert page.errors
    shipped = make.edition(TEMPLATES / "three_questions.yaml")
    page = south.submit(f"{address(shipped)}/sharing", {"area": str(two.south.id)})
    assert "stays with all areas" in page.field_error("area")
    assert kept_to(app, shipped) is None


def test_a_form_opened_before_somebody_elses_change_is_stale(
    app: Flask, two: Two, make: Maker, north: Browser, browser: Callable[[str], Browser]
) -> None:
    form = north.get(f"{address(two.shared)}/sharing").form("area")
    everywhere = browser(make.person(Role.QA_LEAD).email)
    everywhere.submit(f"{address(two.shared)}/sharing", {"area": str(two.north.id)})
    page = north.post(f"{address(two.shared)}/sharing", form, status=409)
    assert page.heading == "Somebody else changed this"
    assert kept_to(app, two.shared) == two.north.id


def test_the_library_counts_the_audits_of_each_area_and_leads_to_those_one_may_see(
    two: Two, make: Maker, north: Browser
) -> None:
    for area in (two.north, two.north, two.south):
        make.audit(area, two.shared)
    make.audit(two.south, two.shared, confidential=True)
    make.audit(two.north, two.own)
    page = north.get("/frameworks")
    assert "Northside: 2 audits" in page.text
    assert "Southside: 1 audit" in page.text
    link = page.links["2 audits of Northside that use Small framework"]
    assert not any("Southside" in text for text in page.links)
    listed = north.get(link)
    assert "2 audits" in listed.text
    assert page.statements <= 8
    assert "Northside: 2 audits" in north.get(address(two.shared)).text


def test_an_auditor_is_told_of_their_own_audits_alone(
    two: Two, make: Maker, browser: Callable[[str], Browser]
) -> None:
    make.audit(two.north, two.shared, (two.trust,))
    make.audit(two.north, two.shared)
    page = browser(make.person(Role.AUDITOR, agency=two.trust).email).get("/frameworks")
    assert "Northside: 1 audit" in page.text


def test_the_library_is_filtered_by_kind_area_state_and_words(
    app: Flask, two: Two, make: Maker, north: Browser
) -> None:
    make.edition(TEMPLATES / "section_11.yaml", name="Section 11")
    make.draft("unfinished", area=two.north)
    with app.app_context(), writing() as session:
        session.execute(update(Edition).where(Edition.id == two.own.id).values(state=EditionState.WITHDRAWN))

    def names(query: str) -> set[str]:
        found = north.get(f"/frameworks?{query}")
        return {text for text in found.links if text in {"Small framework", "Only the north's", "Section 11"}}

    assert names("kind=self_assessment") == {"Section 11"}
    assert names("standing=withdrawn") == {"Only the north's"}
    assert names("standing=draft") == {"Small framework"}
    assert names(f"area={two.north.id}") == {"Only the north's", "Small framework"}
    assert names("area=all&kind=case_audit") == {"Small framework"}
    assert names("text=NORTH%27s") == {"Only the north's"}
    assert "No framework matches these filters." in north.get("/frameworks?text=%25").text
    north.get("/frameworks?kind=x&standing=y&area=%F0%9F%92%A5&page=99")


def test_a_framework_is_one_row_however_many_editions_it_has(two: Two, make: Maker, north: Browser) -> None:
    for name in ("Renamed once", "Renamed twice"):
        make.edition(name=name)
    page = north.get("/frameworks")
    assert "Renamed twice" in page.links
    assert "Renamed once" not in page.links
    assert page.links["Edition 3 of Renamed twice"]
    assert "2 earlier" in page.text
    page = north.get(address(two.shared))
    assert page.heading == "Renamed twice"
    assert [link for link in page.links if link.startswith("Edition ")] == [
        "Edition 3",
        "Edition 2",
        "Edition 1",
    ]


def test_many_frameworks_come_in_pages_with_the_same_statements(make: Maker, north: Browser) -> None:
    few = north.get("/frameworks").statements
    for number in range(60):
        make.draft(f"draft_{number}")
    page = north.get("/frameworks?page=2")
    assert "Showing 51 to" in page.text
    assert page.statements <= max(few, 8)


def test_a_draft_is_a_row_for_those_who_may_write_it(
    two: Two, make: Maker, north: Browser, south: Browser
) -> None:
    draft_id = make.draft("unfinished", area=two.north)
    page = north.get("/frameworks?standing=draft")
    assert page.links["Go on writing edition 1 of Small framework"] == f"/frameworks/drafts/{draft_id}"
    assert "Go on writing" not in south.get("/frameworks").text
    south.get(f"/frameworks/editions/{draft_id}/publish", status=404)


def test_a_file_does_not_change_a_framework_that_another_area_keeps(two: Two, south: Browser) -> None:
    text = south.get(f"/frameworks/editions/{two.shared.id}/file").response.get_data(as_text=True)
    from_south = text.replace("key: small_framework", "key: own", 1)
    assert from_south != text
    page = south.post(
        "/frameworks/import", {"file": (io.BytesIO(from_south.encode()), "own.yaml"), "publish": "publish"}
    )
    assert "is taken by a framework that you cannot change" in page.field_error("file")


def test_sharing_and_withdrawing_are_in_the_trail(app: Flask, two: Two, north: Browser) -> None:
    north.submit(f"{address(two.shared)}/sharing", {"area": str(two.north.id)})
    north.submit(f"/frameworks/editions/{two.shared.id}/withdraw", {})
    with app.app_context():
        whats = set(db.session.scalars(select(TrailEntry.event)))
        assert {"frameworks.kept_to_area", "frameworks.withdrawn"} <= whats
