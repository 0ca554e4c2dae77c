"""The register of issued reports, and what leads to it."""

from __future__ import annotations

import pytest

from qa.accounts.permissions import CurrentPerson
from qa.audits.lifecycle import Stage
from tests.integration.analysis import scene as scenes
from tests.integration.analysis.reading import tables
from tests.integration.analysis.scene import Scene
from tests.integration.reports.conftest import Visit, keep
from tests.support.factories import Maker
from tests.support.kept import kept
from tests.support.pages import Page

CAPTION = "Issued reports"


@pytest.fixture
@kept
def scene(make: Maker) -> Scene:
    """A reported audit without a case: the register does not look into it."""
    return scenes.people(make, Stage.REPORTED)


def titles(page: Page) -> list[str]:
    """The titles listed, in order."""
    return [row[0].split(" Thematic")[0].split("Thematic")[0] for row in tables(page).get(CAPTION, [])]


def test_an_empty_register_says_so(scene: Scene, browser: Visit) -> None:
    page = browser(scene.member.email).get("/reports")
    assert page.heading == "Reports"
    assert "No report has been issued yet." in page.text
    assert tables(page) == {}


def test_a_line_says_what_where_and_when(scene: Scene, make: Maker, browser: Visit) -> None:
    row = keep(make, scene, "Help and protection", number=3)
    visit = browser(scene.member.email)
    page = visit.get("/reports")
    ((what, area, issued, file),) = tables(page)[CAPTION]
    assert what == "Help and protectionThematic report, version 3, HAV-2026-01"
    assert area == "Havering"
    assert str(row.issued_at.year) in issued
    assert file == "PDF of Help and protection, version 3 (2 KB)"
    assert page.links["Help and protection"] == f"/reports/{row.id}"
    assert visit.get(f"/reports/{row.id}").status == 200


def test_the_newest_comes_first(scene: Scene, make: Maker, browser: Visit) -> None:
    for number, days_ago in ((1, 9), (2, 1), (3, 30)):
        keep(make, scene, f"Report {number}", number=number, days_ago=days_ago)
    assert titles(browser(scene.member.email).get("/reports")) == ["Report 2", "Report 1", "Report 3"]


def test_it_is_filtered_by_title(scene: Scene, make: Maker, browser: Visit) -> None:
    for number, title in enumerate(("Help and protection", "Neglect", "100% sure_thing"), start=1):
        keep(make, scene, title, number=number)
    visit = browser(scene.member.email)
    assert titles(visit.get("/reports?text=PROTECT")) == ["Help and protection"]
    assert titles(visit.get("/reports?text=%25")) == ["100% sure_thing"]
    assert titles(visit.get("/reports?text=_")) == ["100% sure_thing"]
    page = visit.get("/reports?text=Neglect")
    assert page.form("text")["text"] == "Neglect"
    none = visit.get("/reports?text=%3Cscript%3E%00nothing")
    assert "No issued report has “<script>nothing” in its title." in none.text
    assert none.links["Show all reports"] == "/reports"


def test_it_goes_on_over_pages(scene: Scene, make: Maker, browser: Visit) -> None:
    for number in range(1, 53):
        keep(make, scene, f"Report {number:02}", number=number, days_ago=number)
    visit = browser(scene.member.email)
    first = visit.get("/reports")
    assert titles(first) == [f"Report {number:02}" for number in range(1, 51)]
    assert "Showing 1 to 50 of 52 reports" in first.text
    assert titles(visit.get("/reports?page=2")) == ["Report 51", "Report 52"]
    assert "There is no page 9 of this list." in visit.get("/reports?page=9").text
    assert titles(visit.get("/reports?page=2&text=Report 5")) == []
    for nonsense in ("0", "-1", "x", "99999999999"):
        assert titles(visit.get(f"/reports?page={nonsense}"))[0] == "Report 01"


@pytest.mark.parametrize(
    ("who", "seen"),
    [("lead", 2), ("member", 1), ("agency_lead", 1), ("other_lead", 0), ("other_member", 0)],
)
def test_each_sees_what_is_within_reach(
    scene: Scene, make: Maker, browser: Visit, who: str, seen: int
) -> None:
    keep(make, scene, "Reported")
    panel = make.audit(scene.area, scene.edition, tuple(scene.agencies.values()), stage=Stage.PANEL)
    early = scenes.Scene(**{**vars(scene), "audit": panel})
    keep(make, early, "At the panel")
    hidden = make.audit(
        scene.area, scene.edition, tuple(scene.agencies.values()), stage=Stage.REPORTED, confidential=True
    )
    keep(make, scenes.Scene(**{**vars(scene), "audit": hidden}), "Confidential")
    person: CurrentPerson = getattr(scene, who)
    found = titles(browser(person.email).get("/reports"))
    assert len(found) == seen
    assert "Confidential" not in found


def test_auditors_have_no_register(scene: Scene, browser: Visit) -> None:
    visit = browser(scene.auditor.email)
    visit.get("/reports", status=403)
    assert "Reports" not in visit.get("/").links


@pytest.mark.parametrize(("number", "words"), [(1, "issued report to read"), (2, "issued reports to read")])
def test_the_home_page_counts_reports_for_those_who_come_to_read(
    scene: Scene, make: Maker, browser: Visit, number: int, words: str
) -> None:
    assert "to read" not in browser(scene.member.email).get("/").text
    for place in range(number):
        keep(make, scene, "Report", number=place + 1)
    for person in (scene.member, scene.agency_lead):
        page = browser(person.email).get("/")
        assert page.links[words] == "/reports"
        assert f"{number} {words}" in page.text.replace(f"{number}{words}", f"{number} {words}")
    assert words not in browser(scene.lead.email).get("/").links


def test_statements_are_few_and_the_same_however_many_there_are(
    scene: Scene, make: Maker, browser: Visit
) -> None:
    visit = browser(scene.member.email)
    keep(make, scene, "Report 1")
    few = visit.get("/reports").statements
    assert few <= 4
    for number in range(2, 60):
        keep(make, scene, f"Report {number}", number=number)
    assert visit.get("/reports").statements == few
