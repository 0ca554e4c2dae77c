"""Meetings of the panel: who came, minutes, who reads them."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from qa.accounts.permissions import Role
from qa.db import db, today
from qa.identifiers.models import KeptIdentifier
from qa.moderation.models import PanelAttendance, PanelMeeting
from tests.integration.moderation.conftest import Scene, Visit, events
from tests.support.factories import Maker

MINUTES = "The panel asked for the chronology.\n\nIt met for two hours."


def boxes(moved: int = 0) -> dict[str, list[str]]:
    """The date of the meeting in its three boxes. moved: days from today."""
    held = today() + timedelta(days=moved)
    return {"held_on": [str(part) for part in (held.day, held.month, held.year)]}


def people(app: Flask) -> list[tuple[str, str, int | None, str]]:
    """Everybody kept, in order."""
    with app.app_context():
        query = select(PanelAttendance).order_by(PanelAttendance.meeting_id, PanelAttendance.place)
        return [(row.name, row.role, row.agency_id, row.attended.value) for row in db.session.scalars(query)]


def meetings(app: Flask) -> list[PanelMeeting]:
    """Every meeting kept."""
    with app.app_context():
        return list(db.session.scalars(select(PanelMeeting).order_by(PanelMeeting.id)))


@pytest.fixture
def address(scene: Scene) -> str:
    """Where the meetings are listed."""
    return f"{scene.agenda}/meetings"


@pytest.fixture
def kept(scene: Scene, browser: Visit, address: str) -> str:
    """The address of a meeting with two people and minutes."""
    lead = browser(scene.lead.email)
    form = lead.get(f"{address}/new").form("chair")
    names = {"name_0": "Ada Marsh", "role_0": "Named nurse", "name_1": "Ben Fielding"}
    rows = {"attended_1": "apologies", "minutes": MINUTES}
    page = lead.post(f"{address}/new", {**form, **names, **rows})
    assert "The meeting is kept" in page.text
    return page.response.request.path


def test_a_meeting_is_kept_with_who_came_and_its_minutes(
    app: Flask, scene: Scene, browser: Visit, address: str, kept: str
) -> None:
    page = browser(scene.lead.email).get(kept)
    assert "Chair Lena Lead" in page.text
    assert "The panel asked for the chronology." in page.text
    police, health = scene.police.id, scene.health.id
    assert people(app) == [
        ("Ada Marsh", "Named nurse", police, "present"),
        ("Ben Fielding", "", health, "apologies"),
    ]
    assert "Not represented East Health Trust, Havering Council, Riverside Schools" in page.text
    listed = browser(scene.lead.email).get(address).text
    assert "Lena Lead 1 1 of 4 No" in listed
    assert [entry.event for entry in events(app, "moderation.meeting_added")] == ["moderation.meeting_added"]


def test_the_next_meeting_begins_with_the_same_people(
    scene: Scene, browser: Visit, address: str, kept: str
) -> None:
    form = browser(scene.lead.email).get(f"{address}/new").form("chair")
    assert (form["name_0"], form["role_0"], form["name_1"]) == ("Ada Marsh", "Named nurse", "Ben Fielding")
    assert form["attended_1"] == "present"


def test_more_rows_keep_what_was_typed(app: Flask, scene: Scene, browser: Visit, address: str) -> None:
    lead = browser(scene.lead.email)
    form = lead.get(f"{address}/new").form("chair")
    assert "name_7" not in form
    page = lead.post(f"{address}/new", {**form, "name_0": "Ada Marsh", "minutes": MINUTES, "do": "add"})
    again = page.form("chair")
    assert (again["name_0"], str(again["minutes"]).strip()) == ("Ada Marsh", MINUTES)
    assert "name_7" in again
    assert meetings(app) == []


def test_faults_stand_beside_their_fields_and_nothing_is_kept(
    app: Flask, scene: Scene, browser: Visit, address: str
) -> None:
    lead = browser(scene.lead.email)
    form = lead.get(f"{address}/new").form("chair")
    typed = {"chair": " ", "role_0": "Named nurse", "minutes": MINUTES}
    page = lead.post(f"{address}/new", {**form, **typed})
    assert page.field_error("chair") == "Enter who chaired the meeting"
    page = lead.post(f"{address}/new", {**form, **typed, **boxes(1), "chair": "Lena Lead"})
    assert page.field_error("held_on") == "Date of the meeting must be today or in the past"
    assert page.field_error("name_0") == "Enter the person’s name, or empty the row"
    assert str(page.form("chair")["minutes"]).strip() == MINUTES
    assert meetings(app) == []


def test_minutes_are_read_by_agencies_only_once_they_are_shared(
    scene: Scene, browser: Visit, address: str, kept: str
) -> None:
    nurse = browser(scene.health_lead.email)
    assert "No meeting has been shared yet." in nurse.get(address).text
    nurse.get(kept, status=404)
    lead = browser(scene.lead.email)
    form = lead.get(f"{kept}/change").form("chair")
    lead.post(f"{kept}/change", {**form, "shared": "y"})
    page = nurse.get(kept)
    assert "The panel asked for the chronology." in page.text
    assert "Change this meeting" not in page.text
    browser(scene.other_lead.email).get(kept, status=404)


def test_two_who_change_a_meeting_see_both_versions(
    app: Flask, scene: Scene, browser: Visit, kept: str
) -> None:
    lead = browser(scene.lead.email)
    form = lead.get(f"{kept}/change").form("chair")
    lead.post(f"{kept}/change", {**form, "name_2": "Cara Lowe", "role_2": "Detective"})
    page = lead.post(f"{kept}/change", {**form, "minutes": "Mine."}, status=409)
    assert "Cara Lowe, Detective: present" in page.text
    assert "Mine." in page.text
    assert len(people(app)) == 3
    (row,) = meetings(app)
    assert row.minutes == MINUTES


def test_identifiers_in_the_minutes_are_asked_about(
    app: Flask, scene: Scene, browser: Visit, kept: str
) -> None:
    lead = browser(scene.lead.email)
    form = lead.get(f"{kept}/change").form("chair")
    page = lead.post(f"{kept}/change", {**form, "minutes": "The number 943 476 5919 was read out."})
    assert "an NHS number" in page.text
    (row,) = meetings(app)
    assert row.minutes == MINUTES
    asked = page.form("chair")
    why = next(name for name in asked if name.startswith("why-"))
    lead.post(f"{kept}/change", {**asked, why: "It is the example of the guidance."})
    (row,) = meetings(app)
    assert "943 476 5919" in row.minutes
    with app.app_context():
        assert db.session.scalars(select(KeptIdentifier.record)).all() == ["panel_meeting"]


def test_a_meeting_is_removed_after_asking(
    app: Flask, scene: Scene, browser: Visit, address: str, kept: str
) -> None:
    lead = browser(scene.lead.email)
    page = lead.get(f"{kept}/removal")
    assert "Its minutes and attendance go with it." in page.text
    lead.post(f"{kept}/removal", {"version": "1"})
    assert meetings(app) == []
    assert people(app) == []
    assert "No meeting has been kept yet." in lead.get(address).text


def test_a_meeting_changed_meanwhile_is_not_removed(
    app: Flask, scene: Scene, browser: Visit, kept: str
) -> None:
    lead = browser(scene.lead.email)
    lead.post(f"{kept}/removal", {"version": "9"})
    assert len(meetings(app)) == 1


def test_whoever_may_not_keep_meetings_has_no_form(
    scene: Scene, browser: Visit, address: str, make: Maker
) -> None:
    for person in (scene.health_lead, make.person(Role.PARTNERSHIP_MEMBER, area=scene.area)):
        browser(person.email).get(f"{address}/new", status=403)
