"""An area's list of names: for its QA leads, who add, find and take out names."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from qa.accounts.models import Area
from qa.accounts.permissions import CurrentPerson, Role
from qa.db import db
from qa.identifiers import commands
from qa.identifiers.guarding import looking_for
from qa.identifiers.models import GuardedName
from qa.problems import NotFound
from qa.trail.models import TrailEntry
from tests.support.factories import Maker
from tests.support.pages import Browser

OpenBrowser = Callable[[str], Browser]


@pytest.fixture
def area(make: Maker) -> Area:
    return make.area("Havering")


@pytest.fixture
def lead(make: Maker, area: Area) -> CurrentPerson:
    return make.person(Role.QA_LEAD, area=area, email="lead@example.org")


def listed(app: Flask, area: Area) -> list[str]:
    with app.app_context():
        return list(
            db.session.scalars(
                select(GuardedName.name).where(GuardedName.area_id == area.id).order_by(GuardedName.folded)
            )
        )


def found(app: Flask, area: Area, text: str) -> list[str]:
    """What of the list is found in a text."""
    with app.app_context():
        return [one.found.text for one in looking_for(db.session(), area.id).look(text, "text")]


def test_names_are_pasted_looked_for_and_taken_out_again(
    app: Flask, area: Area, lead: CurrentPerson, browser: OpenBrowser
) -> None:
    here = browser(lead.email)
    page = here.get("/names")
    assert "There are no names on this list yet" in page.text
    page = here.submit(f"/names/{area.id}/add", {"names": "Jayden Okafor\nSummer Ng\nTolu Smart"})
    assert "6 entries are added" in page.text
    assert "being everyday words: Summer, Smart" in page.text
    assert listed(app, area) == ["Jayden", "Jayden Okafor", "Okafor", "Summer Ng", "Tolu", "Tolu Smart"]
    assert found(app, area, "JAYDEN and Summer Ng; a smart summer") == ["JAYDEN", "Summer Ng"]
    form = next(form for form in page.all("form") if (form.get("action") or "").endswith("/removal"))
    page = here.post(form.get("action") or "")
    assert "“Jayden” is taken out" in page.text
    assert found(app, area, "JAYDEN and Summer Ng") == ["Summer Ng"]


def test_what_is_there_already_is_counted_and_not_doubled(
    app: Flask, area: Area, lead: CurrentPerson, browser: OpenBrowser
) -> None:
    here, address = browser(lead.email), f"/names/{area.id}/add"
    here.submit(address, {"names": "Jayden"})
    page = here.submit(address, {"names": "JÀYDEN\nTolu"})
    assert "1 entry is added. 1 was there already." in page.text
    assert listed(app, area) == ["Jayden", "Tolu"]


def test_a_bad_line_adds_nothing_and_keeps_what_was_typed(
    app: Flask, area: Area, lead: CurrentPerson, browser: OpenBrowser
) -> None:
    page = browser(lead.email).submit(f"/names/{area.id}/add", {"names": "Jayden\nBorn 3 May", "words": []})
    assert page.errors == ["Line 2: write names alone, without numbers or addresses"]
    form = page.form("names")
    assert form["names"] == "Jayden\nBorn 3 May"
    assert "words" not in form
    assert listed(app, area) == []


def test_a_list_is_searched_without_the_name_in_an_address(
    area: Area, lead: CurrentPerson, browser: OpenBrowser
) -> None:
    here = browser(lead.email)
    here.submit(f"/names/{area.id}/add", {"names": "Zoë Brontë\nJayden Okafor", "words": []})
    page = here.submit(f"/names/{area.id}", {"text": "bronte"}, holding="text")
    assert "1 entry holds “bronte”" in page.text
    assert "Zoë Brontë" in page.text
    assert "Jayden" not in page.text
    assert here.submit(f"/names/{area.id}", {"text": " "}, holding="text").errors == ["Enter part of a name"]
    assert "0 entries hold “100%”" in here.submit(f"/names/{area.id}", {"text": "100%"}, holding="text").text


def test_a_long_list_is_paged_and_can_be_emptied(
    app: Flask, area: Area, lead: CurrentPerson, browser: OpenBrowser
) -> None:
    here = browser(lead.email)
    letters = "abcdefghijklmnopqrstuvwxyz"
    names = [f"X{one}{two}" for one in letters[:12] for two in letters[:10]]
    here.submit(f"/names/{area.id}/add", {"names": "\n".join(names)})
    page = here.get(f"/names/{area.id}?page=3")
    assert "Showing 101 to 120 of 120 entries" in page.text
    page = here.submit(f"/names/{area.id}/clear", {})
    assert "120 entries are taken out" in page.text
    assert listed(app, area) == []
    assert found(app, area, "Xaa") == []


def test_the_trail_counts_names_and_never_says_them(
    app: Flask, area: Area, lead: CurrentPerson, browser: OpenBrowser
) -> None:
    here = browser(lead.email)
    here.submit(f"/names/{area.id}/add", {"names": "Jayden Okafor"})
    with app.app_context():
        entries = db.session.execute(
            select(TrailEntry.event, TrailEntry.record_id, TrailEntry.fields).where(
                TrailEntry.event.in_(("identifiers.names_added", "name_list.read"))
            )
        ).all()
        everything = " ".join(db.session.scalars(select(TrailEntry.fields)))
    assert ("identifiers.names_added", area.id, "names:3") in entries
    assert ("name_list.read", area.id, "") in entries
    assert "Jayden" not in everything


def test_administrators_and_other_areas_do_not_see_a_list(
    app: Flask, make: Maker, area: Area, lead: CurrentPerson, browser: OpenBrowser
) -> None:
    browser(lead.email).submit(f"/names/{area.id}/add", {"names": "Jayden"})
    make.person(Role.ADMINISTRATOR, email="administrator@example.org")
    other = make.person(Role.QA_LEAD, area=make.area("Redbridge"), email="other@example.org")
    browser("administrator@example.org").get(f"/names/{area.id}", status=403)
    browser("other@example.org").get(f"/names/{area.id}", status=404)
    with app.app_context():
        with pytest.raises(NotFound):
            commands.add_names(other, area.id, "Tolu", word_by_word=False)
        with pytest.raises(NotFound):
            commands.clear_names(other, area.id)
    assert listed(app, area) == ["Jayden"]


def test_whoever_leads_several_areas_chooses_one(make: Maker, area: Area, browser: OpenBrowser) -> None:
    make.area("Redbridge")
    make.person(Role.QA_LEAD, email="all@example.org")
    here = browser("all@example.org")
    here.submit(f"/names/{area.id}/add", {"names": "Jayden"})
    page = here.get("/names")
    assert "Havering (1 entry)" in page.text
    assert "Redbridge (0 entries)" in page.text
