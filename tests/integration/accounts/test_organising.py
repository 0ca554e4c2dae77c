"""Areas and agencies: lists, forms, refusals, stale forms."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from qa.accounts.models import Agency, Area
from qa.accounts.permissions import CurrentPerson, Role
from qa.accounts.sectors import Sector
from qa.db import db
from tests.integration.accounts.conftest import trail_of
from tests.support.factories import Maker
from tests.support.pages import Browser


def test_an_area_is_added_and_renamed(app: Flask, admin: Browser) -> None:
    page = admin.get("/areas")
    assert "There are no areas yet" in page.text
    page = admin.submit(page.links["Add an area"], {"name": "  Northside "})
    assert page.heading == "Areas"
    assert "Northside is added." in page.text
    page = admin.submit(page.links["Rename Northside"], {"name": "Northside and Vale"})
    assert "The area's name is changed." in page.text
    assert "Northside and Vale" in page.text
    with app.app_context():
        row = db.session.scalars(select(Area)).one()
        assert (row.name, row.slug, row.version) == ("Northside and Vale", "northside", 2)
    assert trail_of(app) == [
        ("accounts.area_added", row.id, "name"),
        ("accounts.area_renamed", row.id, "name"),
    ]


def test_names_that_differ_in_capitals_alone_are_refused(make: Maker, admin: Browser) -> None:
    area = make.area("Northside")
    make.agency("Health Trust", areas=(area,))
    page = admin.submit("/areas/new", {"name": "NORTHSIDE"})
    assert page.field_error("name") == "There is an area of this name already"
    assert page.form("name")["name"] == "NORTHSIDE"
    typed = {"name": "health trust", "sector": "health", "areas": [str(area.id)], "short_name": "HT"}
    page = admin.submit("/agencies/new", typed)
    assert page.errors == ["There is an agency of this name already"]
    assert page.form("name")["short_name"] == "HT"


def test_an_area_without_a_name_is_refused(admin: Browser) -> None:
    page = admin.submit("/areas/new", {"name": "   "})
    assert page.field_error("name") == "Enter the area's name"
    page = admin.submit("/areas/new", {"name": "x" * 121})
    assert page.field_error("name") == "Name must be 120 characters or fewer"


def test_areas_of_similar_names_get_short_names_of_their_own(app: Flask, admin: Browser) -> None:
    for name in ("Kingston", "Kingston!", "Ynys Môn", "北"):
        admin.submit("/areas/new", {"name": name})
    with app.app_context():
        slugs = db.session.scalars(select(Area.slug).order_by(Area.id)).all()
    assert slugs == ["kingston", "kingston-2", "ynys-mon", "area"]


def test_two_who_rename_an_area_see_both_names(
    make: Maker, admin: Browser, browser: Callable[[str], Browser]
) -> None:
    area = make.area("Northside")
    other = browser(make.person(Role.ADMINISTRATOR, name="Tess Rook").email)
    address = f"/areas/{area.id}"
    opened = admin.get(address).form("name")
    other.submit(address, {"name": "Southside"})
    page = admin.post(address, {**opened, "name": "Westside"}, status=409)
    assert "Tess Rook saved this area after you opened it" in page.text
    assert "Westside" in page.text
    assert "Southside" in page.text
    page = admin.post(address, page.form("name"))
    assert "The area's name is changed." in page.text
    assert "Westside" in page.text


def test_an_agency_is_added_and_changed(app: Flask, make: Maker, admin: Browser) -> None:
    page = admin.get("/agencies")
    assert "add an area first" in page.text
    assert "none yet" in admin.get("/agencies/new").text
    north, south = make.area("Northside"), make.area("Southside")
    typed = {"name": "Rom Valley Trust", "sector": "health", "areas": [str(north.id), str(south.id)]}
    page = admin.submit("/agencies/new", typed)
    assert "Rom Valley Trust is added." in page.text
    assert "Northside, Southside" in page.text
    changed = {"sector": "police", "areas": [str(south.id)], "short_name": "Rom"}
    page = admin.submit(page.links["Rom Valley Trust"], changed)
    assert "The agency is changed." in page.text
    with app.app_context():
        row = db.session.scalars(select(Agency)).one()
        assert (row.name, row.short_name, row.sector) == ("Rom Valley Trust", "Rom", Sector.POLICE)
    assert trail_of(app)[1:] == [("accounts.agency_changed", row.id, "areas,sector,short_name")]


def test_an_agency_needs_a_name_a_sector_and_an_area(make: Maker, admin: Browser) -> None:
    make.area()
    page = admin.submit("/agencies/new", {"short_name": "RVT"})
    assert page.errors == [
        "Enter the agency's name",
        "Choose the agency's sector",
        "Choose at least one area",
    ]
    assert page.form("name")["short_name"] == "RVT"
    page = admin.post("/agencies/new", {"name": "Rom", "sector": "navy", "areas": ["999"]})
    assert len(page.errors) == 2


def test_a_change_of_areas_alone_makes_an_open_form_stale(
    make: Maker, admin: Browser, browser: Callable[[str], Browser]
) -> None:
    north, south = make.area("Northside"), make.area("Southside")
    agency = make.agency("Rom Valley Trust", areas=(north,))
    address = f"/agencies/{agency.id}"
    opened = admin.get(address).form("name")
    browser(make.person(Role.ADMINISTRATOR).email).submit(address, {"areas": [str(south.id)]})
    page = admin.post(address, {**opened, "name": "Rom"}, status=409)
    rows = [["".join(cell.itertext()) for cell in row] for row in page.all("tr")]
    assert ["Areas", "Northside", "Southside"] in rows
    assert ["Name", "Rom", "Rom Valley Trust"] in rows


def test_agencies_are_filtered_by_sector_area_and_state(make: Maker, admin: Browser) -> None:
    north, south = make.area("Northside"), make.area("Southside")
    make.agency("Beam Hospitals", Sector.HEALTH, (north, south))
    make.agency("Creek Police", Sector.POLICE, (north,))
    gone = make.agency("Old Probation", Sector.PROBATION, (south,))
    page = admin.post(f"/agencies/{gone.id}/deactivate")
    assert "Old Probation is deactivated." in page.text

    def listed(query: str) -> set[str]:
        text = admin.get(f"/agencies{query}").text
        return {name for name in ("Beam Hospitals", "Creek Police", "Old Probation") if name in text}

    assert listed("") == {"Beam Hospitals", "Creek Police"}
    assert listed("?sector=police") == {"Creek Police"}
    assert listed(f"?area={south.id}") == {"Beam Hospitals"}
    assert listed(f"?area={south.id}&state=any") == {"Beam Hospitals", "Old Probation"}
    assert listed("?state=deactivated") == {"Old Probation"}
    assert listed("?sector=nonsense&area=x&state=y") == {"Beam Hospitals", "Creek Police"}
    assert "No agency fits" in admin.get("/agencies?sector=housing").text
    page = admin.post(f"/agencies/{gone.id}/reactivate")
    assert "Old Probation is active again." in page.text
    assert listed("?sector=probation") == {"Old Probation"}


def test_a_long_list_of_agencies_has_pages_that_keep_the_filter(make: Maker, admin: Browser) -> None:
    area = make.area()
    for number in range(53):
        make.agency(f"Agency {number:02}", Sector.HEALTH, (area,))
    page = admin.get("/agencies?sector=health")
    assert "Showing 1 to 50 of 53 agencies" in page.text
    assert "sector=health" in page.links["Next page"]
    assert "Agency 52" in admin.get(page.links["Next page"]).text
    assert "Showing 51 to 53 of 53 agencies" in admin.get("/agencies?page=99").text


@pytest.mark.parametrize("address", ["/areas/999", "/agencies/999"])
def test_what_is_not_there_is_not_found(admin: Browser, address: str) -> None:
    admin.get(address, status=404)
    admin.post(address, {"name": "x"}, status=404)


def test_what_is_typed_is_shown_as_typed(make: Maker, admin: Browser) -> None:
    area = make.area("<script>alert(1)</script>")
    make.agency("<b>Bold</b> Trust", areas=(area,))
    assert "<script>alert(1)</script>" in admin.get("/areas").text
    page = admin.get("/agencies")
    assert "<b>Bold</b> Trust" in page.text
    assert "<script>alert(1)</script>" in page.text


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_only_administrators_organise(make: Maker, browser: Callable[[str], Browser], role: Role) -> None:
    area = make.area()
    agency = make.agency(areas=(area,))
    visitor = browser(make.person(role, area=area, agency=agency).email)
    for address in ("/areas", "/areas/new", f"/areas/{area.id}", "/agencies", f"/agencies/{agency.id}"):
        visitor.get(address, status=403)
    visitor.post(f"/agencies/{agency.id}/deactivate", status=403)


def test_lists_cost_the_same_however_long(make: Maker, admin: Browser) -> None:
    area = make.area()
    make.agency(areas=(area,))
    few = [admin.get(address).statements for address in ("/areas", "/agencies")]
    for _ in range(20):
        make.agency(areas=(make.area(), area))
    assert [admin.get(address).statements for address in ("/areas", "/agencies")] == few
    assert max(few) <= 8


def test_saving_an_unchanged_form_writes_nothing(
    app: Flask, make: Maker, admin: Browser, administrator: CurrentPerson
) -> None:
    area = make.area("Northside")
    agency = make.agency("Rom Valley Trust", areas=(area,))
    admin.submit(f"/areas/{area.id}", {})
    admin.submit(f"/agencies/{agency.id}", {})
    assert trail_of(app) == []
