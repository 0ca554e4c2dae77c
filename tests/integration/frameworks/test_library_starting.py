"""Starting a framework, publishing it with its changes shown first, and what came with the product."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from qa.accounts.models import Area
from qa.accounts.permissions import Role
from qa.db import db
from qa.frameworks.content import FrameworkContent
from qa.frameworks.models import Edition, Framework
from qa.frameworks.reading import edition_tree
from qa.frameworks.shipped import one
from qa.frameworks.states import EditionState
from tests.support.factories import TEMPLATES, Maker
from tests.support.pages import Browser

THREE = TEMPLATES / "three_questions.yaml"


@pytest.fixture
def area(make: Maker) -> Area:
    return make.area("Northside")


@pytest.fixture
def lead(make: Maker, area: Area, browser: Callable[[str], Browser]) -> Browser:
    """A QA lead's browser."""
    return browser(make.person(Role.QA_LEAD, area=area).email)


def published(app: Flask, edition_id: int) -> FrameworkContent:
    with app.app_context():
        return edition_tree(edition_id).content


def frameworks(app: Flask) -> dict[str, int | None]:
    """The area that keeps each framework, by key."""
    with app.app_context():
        return {row[0]: row[1] for row in db.session.execute(select(Framework.key, Framework.area_id))}


def states(app: Flask) -> list[tuple[int, EditionState]]:
    with app.app_context():
        rows = db.session.execute(select(Edition.number, Edition.state).order_by(Edition.number))
        return [(row[0], row[1]) for row in rows]


def reworded(file: Path, **changes: Any) -> dict[str, Any]:
    """What makes an edition of a file differ: its first question in other words, and these changes."""
    content = one(file.stem).content
    first = content.sections[0]
    question = first.questions[0]._replace(text="Was the child asked about it?")
    sections = (first._replace(questions=(question, *first.questions[1:])), *content.sections[1:])
    return {"sections": sections, **changes}


def test_every_way_to_start_is_offered(lead: Browser) -> None:
    page = lead.get("/frameworks/new")
    for words in (
        "From blank",
        "From an edition that is here",
        "From one that comes with Audit Together",
        "From a file",
    ):
        lead.get(page.links[words])
    assert "Start a framework" in lead.get("/frameworks").links


def test_a_blank_framework_is_a_draft_kept_to_the_area_chosen(app: Flask, area: Area, lead: Browser) -> None:
    page = lead.submit(
        "/frameworks/new/blank",
        {
            "name": "Children & <families>",
            "summary": "How it went.",
            "kind": "case_audit",
            "method": "single_agency",
            "area": str(area.id),
        },
    )
    assert page.heading == "Children & <families>"
    assert "The draft is started." in page.text
    assert frameworks(app) == {"children_families": area.id}
    assert states(app) == [(1, EditionState.DRAFT)]


def test_what_is_missing_is_said_next_to_its_field_and_nothing_typed_is_lost(
    app: Flask, lead: Browser
) -> None:
    page = lead.submit("/frameworks/new/blank", {"name": "Kept words", "summary": " "})
    assert page.field_error("summary") == "Enter a summary"
    assert page.field_error("kind") == "Choose what is audited"
    assert page.field_error("method") == "Choose who answers"
    assert page.form("name")["name"] == "Kept words"
    assert frameworks(app) == {}


def test_no_framework_of_ones_own_takes_a_shipped_key(app: Flask, lead: Browser) -> None:
    values = {
        "name": "Help and Protection",
        "summary": "Ours.",
        "kind": "case_audit",
        "method": "multi_agency",
    }
    lead.submit("/frameworks/new/blank", values)
    assert list(frameworks(app)) == ["help_and_protection_2"]
    lead.post("/frameworks/shipped/help_and_protection")
    assert set(frameworks(app)) == {"help_and_protection", "help_and_protection_2"}


def test_the_next_edition_starts_from_any_edition_and_only_once(
    app: Flask, make: Maker, lead: Browser
) -> None:
    first = make.edition()
    make.edition(name="Second")
    page = lead.submit("/frameworks/new/edition", {"edition": str(first.id), "what": "next"})
    assert page.heading == "Small framework"
    assert states(app)[-1] == (3, EditionState.DRAFT)
    page = lead.submit("/frameworks/new/edition", {"edition": str(first.id), "what": "next"})
    assert "This framework has a draft already" in " ".join(page.errors)
    page = lead.post(f"/frameworks/editions/{first.id}/draft")
    assert "This framework has a draft already" in page.text
    assert "Go on writing the next edition" in page.links


def test_a_framework_of_its_own_has_a_new_name_and_a_key_of_its_own(
    app: Flask, area: Area, make: Maker, lead: Browser
) -> None:
    tree = make.edition()
    start = f"/frameworks/new/edition?edition={tree.id}"
    page = lead.submit(start, {"what": "own"})
    assert page.field_error("name") == "Enter a name for the new framework"
    page = lead.submit(start, {"what": "own", "name": "small FRAMEWORK"})
    assert page.field_error("name") == "Enter a name that differs from the one it is made from"
    page = lead.submit(start, {"what": "own", "name": "Ours", "area": str(area.id)})
    assert page.heading == "Ours"
    assert frameworks(app) == {"small_framework": None, "ours": area.id}
    draft_id = int(page.response.request.path.rsplit("/", 1)[1])
    lead.submit(f"/frameworks/editions/{draft_id}/publish", {})
    copied = published(app, draft_id)
    assert replace(copied, key=tree.content.key, name=tree.content.name) == tree.content


def test_a_shipped_framework_is_the_beginning_of_ones_own(app: Flask, lead: Browser) -> None:
    page = lead.submit("/frameworks/shipped/three_questions/copy", {"name": "Three questions"})
    assert "differs" in page.field_error("name")
    page = lead.submit("/frameworks/shipped/three_questions/copy", {"name": "Four questions"})
    assert page.heading == "Four questions"
    assert frameworks(app) == {"four_questions": None}


def test_publishing_says_what_freezing_means_and_what_changes_first(
    app: Flask, make: Maker, lead: Browser
) -> None:
    make.edition(THREE)
    old = make.edition(THREE, **reworded(THREE))
    lead.post(f"/frameworks/editions/{old.id}/withdraw", {"version": "1"})
    page = lead.post("/frameworks/shipped/three_questions", {"version": str(old.id - 1), "how": "draft"})
    assert "There is nothing to update." in page.text
    page = lead.post(f"/frameworks/editions/{old.id}/draft")
    draft_id = int(page.response.request.path.rsplit("/", 1)[1])
    page = lead.get(f"/frameworks/editions/{draft_id}/publish")
    assert page.heading == "Publish edition 3?"
    assert "Publishing freezes it." in page.text
    assert "What it changes against edition 1" in page.text
    assert "Reworded 1 question" in page.text
    compared = lead.get(page.links["See every change side by side"])
    assert compared.heading == "Edition 1 and draft of edition 3 compared"
    page = lead.post(f"/frameworks/editions/{draft_id}/publish", page.form("version"))
    assert "The edition is published." in page.text


def test_a_first_edition_is_published_without_a_comparison(make: Maker, lead: Browser) -> None:
    draft_id = make.draft()
    page = lead.get(f"/frameworks/editions/{draft_id}/publish")
    assert "Publishing freezes it." in page.text
    assert "What it changes" not in page.text


def test_a_draft_that_is_unfinished_is_refused_and_says_so(lead: Browser) -> None:
    values = {"name": "Empty", "summary": "Nothing.", "kind": "case_audit", "method": "multi_agency"}
    page = lead.submit("/frameworks/new/blank", values)
    draft_id = int(page.response.request.path.rsplit("/", 1)[1])
    page = lead.submit(f"/frameworks/editions/{draft_id}/publish", {})
    assert any("from being published" in error for error in page.errors)


def test_a_draft_published_after_another_edition_becomes_the_newest(
    app: Flask, make: Maker, lead: Browser
) -> None:
    first = make.edition()
    page = lead.post(f"/frameworks/editions/{first.id}/draft")
    draft_id = int(page.response.request.path.rsplit("/", 1)[1])
    make.edition(name="Brought in meanwhile")
    lead.submit(f"/frameworks/editions/{draft_id}/publish", {})
    assert [number for number, _state in states(app)] == [1, 3, 4]
    page = lead.get("/frameworks")
    assert "Edition 4 of Small framework" in page.links


def test_each_shipped_framework_says_how_it_stands_here(make: Maker, lead: Browser) -> None:
    make.edition(THREE, **reworded(THREE))
    same = make.edition(TEMPLATES / "section_11.yaml")
    gone = make.edition(TEMPLATES / "child_in_need.yaml")
    lead.post(f"/frameworks/editions/{gone.id}/withdraw", {"version": "1"})
    page = lead.get("/frameworks/shipped")
    for words in ("Not here yet", "Up to date", "Withdrawn", "Differs from the edition here"):
        assert words in page.text
    assert lead.get("/frameworks/shipped").statements <= 8  # editions that were read once stay in memory
    page = lead.get("/frameworks/shipped/section_11")
    assert "There is nothing to update." in page.text
    assert "Publish it" not in page.text
    lead.get("/frameworks/shipped/nothing", status=404)
    page = lead.post("/frameworks/shipped/section_11", {"version": str(same.id)})
    assert "says the same already" in " ".join(page.errors)


def test_an_update_shows_its_changes_then_becomes_a_draft_or_an_edition(
    app: Flask, make: Maker, lead: Browser
) -> None:
    make.edition(THREE, **reworded(THREE))
    page = lead.get("/frameworks/shipped/three_questions")
    assert "What it changes against edition 1" in page.text
    assert "[removed: Was the child asked about it" in page.text
    form = page.form("version")
    page = lead.post("/frameworks/shipped/three_questions", {**form, "how": "draft"})
    assert "Three questions is here as a draft." in page.text
    assert states(app) == [(1, EditionState.PUBLISHED), (2, EditionState.DRAFT)]
    page = lead.get("/frameworks/shipped/three_questions")
    assert "There is a draft already" in page.text
    page = lead.post("/frameworks/shipped/three_questions", {**form, "how": "draft"})
    assert "has a draft already" in " ".join(page.errors)
    page = lead.post("/frameworks/shipped/three_questions", {**form, "how": "publish"})
    assert "Three questions is published and ready for audits." in page.text
    assert states(app)[-1] == (3, EditionState.PUBLISHED)
    lead.post("/frameworks/shipped/three_questions", {**form, "how": "publish"}, status=409)


def test_a_withdrawn_one_that_says_the_same_is_published_again_as_it_was(
    app: Flask, make: Maker, lead: Browser
) -> None:
    tree = make.edition(THREE)
    lead.submit(f"/frameworks/editions/{tree.id}/withdraw", {})
    page = lead.get("/frameworks/shipped/three_questions")
    assert "says the same, and is withdrawn" in page.text
    page = lead.post("/frameworks/shipped/three_questions", page.form("version"))
    assert states(app) == [(1, EditionState.PUBLISHED)]
    assert page.response.request.path == f"/frameworks/editions/{tree.id}"


def test_what_a_blank_draft_lacks_leads_to_where_it_is_added(lead: Browser) -> None:
    typed = {"do": "save", "name": "n" * 120, "summary": "What it is for.", "kind": "case_audit"}
    typed |= {"method": "single_agency", "area": "all"}
    longer = lead.submit("/frameworks/new/blank", {**typed, "name": "n" * 121}, holding="name")
    assert longer.errors
    page = lead.submit("/frameworks/new/blank", typed, holding="name")
    assert page.links["The framework has no scales."].endswith("/scales")
    assert page.links["The framework has no sections."].endswith("/new-section")
