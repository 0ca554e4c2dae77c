"""The library of themes."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import delete, select

from qa.accounts.permissions import Role
from qa.db import db, now, writing
from qa.findings.library import ensure_shipped_themes
from qa.findings.models import FindingTheme, Theme
from qa.frameworks.checking import load_themes
from tests.integration.findings.conftest import Scene, Visit, events
from tests.support.factories import Maker
from tests.support.pages import NAMESPACE, Page


def rows(page: Page) -> list[list[str]]:
    """The table's cells, row by row."""
    table = page.find("tbody")
    if table is None:
        return []
    return [
        [" ".join(" ".join(cell.itertext()).split()) for cell in row] for row in table.iter(f"{NAMESPACE}tr")
    ]


def themes(app: Flask) -> dict[str, Theme]:
    """Every theme by its key."""
    with app.app_context():
        return {row.key: row for row in db.session.scalars(select(Theme))}


def test_shared_themes_and_ones_own_are_listed_with_their_use(
    make: Maker, scene: Scene, browser: Visit
) -> None:
    for row in (scene.plan, scene.drift):
        make.add(FindingTheme(finding_id=row.id, theme_id=scene.voice.id, coded_at=now()))
    assert rows(browser(scene.lead.email).get("/themes")) == [
        ["Adulthood", "Havering", "0", "Change Adulthood"],
        ["Thresholds", "Shared", "0", ""],
        ["Voice of the child", "Shared", "2", ""],
    ]
    # What is out of reach counts nothing.
    assert rows(browser(scene.other_lead.email).get("/themes")) == [
        ["Of Redbridge alone", "Redbridge", "0", "Change Of Redbridge alone"],
        ["Thresholds", "Shared", "0", ""],
        ["Voice of the child", "Shared", "0", ""],
    ]
    browser(scene.auditor.email).get("/themes", status=403)


def test_a_theme_is_added_for_ones_own_area(app: Flask, scene: Scene, browser: Visit) -> None:
    data = {"name": "  Fathers &  carers ", "description": "Who else there is."}
    page = browser(scene.lead.email).submit("/themes/new", data)
    assert "The theme is in the library." in page.text
    added = themes(app)["fathers_carers"]
    assert (added.name, added.area_id, added.created_by_id) == (
        "Fathers & carers",
        scene.area.id,
        scene.lead.id,
    )
    (entry,) = events(app, "findings.theme_added")
    assert (entry.record_id, entry.fields, entry.area_id) == (added.id, "description,name", scene.area.id)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("", "Enter the theme’s name"),
        (
            "VOICE of the  child",
            "There is a theme “Voice of the child” already. Choose another name, or use that theme",
        ),
        ("adulthood", "There is a theme “Adulthood” already. Choose another name, or use that theme"),
        ("x" * 161, "Name must be 160 characters or fewer"),
    ],
)
def test_a_name_is_needed_and_must_be_new(
    app: Flask, scene: Scene, browser: Visit, name: str, message: str
) -> None:
    before = set(themes(app))
    page = browser(scene.lead.email).submit("/themes/new", {"name": name, "description": "Kept words."})
    assert page.field_error("name") == message
    assert str(page.form("name")["description"]).strip() == "Kept words."
    assert set(themes(app)) == before


def test_a_name_that_another_area_uses_is_free_and_gets_a_key_of_its_own(
    app: Flask, scene: Scene, browser: Visit
) -> None:
    browser(scene.lead.email).submit("/themes/new", {"name": "Foreign"})
    assert themes(app)["foreign_2"].name == "Foreign"


def test_no_theme_is_added_to_another_area(app: Flask, make: Maker, scene: Scene, browser: Visit) -> None:
    data = {"area": str(scene.elsewhere.id), "name": "Not mine"}
    page = browser(scene.lead.email).post("/themes/new", data)
    assert page.field_error("area") or page.errors
    assert "not_mine" not in themes(app)
    both = make.grant(scene.lead, Role.QA_LEAD, area=scene.elsewhere)
    browser(both.email).submit("/themes/new", data)
    assert themes(app)["not_mine"].area_id == scene.elsewhere.id


def test_ones_own_theme_is_changed_and_keeps_its_key(app: Flask, scene: Scene, browser: Visit) -> None:
    lead = browser(scene.lead.email)
    lead.submit(f"/themes/{scene.own.id}", {"name": "Moving on", "description": "To adults’ services."})
    changed = themes(app)["adulthood"]
    assert (changed.name, changed.version) == ("Moving on", 2)
    assert [entry.fields for entry in events(app, "findings.theme_changed")] == ["description,name"]
    # Its own name is not taken by itself.
    lead.submit(f"/themes/{scene.own.id}", {"name": "MOVING on"})
    assert themes(app)["adulthood"].name == "MOVING on"


def test_shared_themes_and_other_areas_are_not_ones_to_change(
    app: Flask, scene: Scene, browser: Visit
) -> None:
    lead = browser(scene.lead.email)
    for theme in (scene.voice, scene.foreign):
        lead.get(f"/themes/{theme.id}", status=404)
        lead.post(f"/themes/{theme.id}", {"name": "Mine now", "version": "1"}, status=404)
    assert "Mine now" not in {theme.name for theme in themes(app).values()}


def test_a_stale_theme_shows_both_versions(app: Flask, scene: Scene, browser: Visit) -> None:
    lead = browser(scene.lead.email)
    address = f"/themes/{scene.own.id}"
    lead.submit(address, {"name": "Theirs"})
    page = lead.post(address, {"name": "Mine", "description": "My words.", "version": "1"}, status=409)
    for words in ("Theirs", "Mine", "My words."):
        assert words in page.text
    assert themes(app)["adulthood"].name == "Theirs"
    lead.post(address, page.form("name"))
    assert themes(app)["adulthood"].name == "Mine"


def test_an_empty_library_offers_the_starting_themes(app: Flask, scene: Scene, browser: Visit) -> None:
    lead = browser(scene.lead.email)
    assert "Add the starting library" not in lead.get("/themes").text
    with app.app_context(), writing() as session:
        session.execute(delete(Theme).where(Theme.area_id.is_(None)))
    assert "Add the starting library" in lead.get("/themes").text
    shipped = load_themes().themes
    page = lead.post("/themes/starting-library")
    assert f"{len(shipped)} themes added." in page.text
    assert {theme.key for theme in shipped} < set(themes(app))
    assert "is there already" in lead.post("/themes/starting-library").text
    assert [entry.person_id for entry in events(app, "findings.library_loaded")] == [scene.lead.id]
    browser(scene.auditor.email).post("/themes/starting-library", status=403)


def test_the_command_loads_the_starting_library_once_and_changes_nothing_there(app: Flask) -> None:
    shipped = {theme.key: theme for theme in load_themes().themes}
    run = app.test_cli_runner().invoke
    assert run(args=["themes", "load"]).output == f"Added {len(shipped)} themes.\n"
    with app.app_context(), writing() as session:
        row = session.scalars(select(Theme).order_by(Theme.id)).first()
        assert row
        row.name = "Renamed here"
        session.execute(delete(Theme).where(Theme.id != row.id))
    assert run(args=["themes", "load"]).output == f"Added {len(shipped) - 1} themes.\n"
    assert run(args=["themes", "load"]).output == "Every theme of the starting library is there already.\n"
    found = themes(app)
    assert set(found) == set(shipped)
    assert sum(theme.name == "Renamed here" for theme in found.values()) == 1
    with app.app_context():
        assert ensure_shipped_themes() == 0
