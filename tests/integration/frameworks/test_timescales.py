"""A date's timescale wherever a framework is written, shown, moved and taken away."""

import io
from collections.abc import Callable

import pytest
from flask import Flask
from openpyxl import load_workbook
from pypdf import PdfReader

from qa.accounts.permissions import Role
from qa.db import db
from qa.frameworks.drafts.documents import from_text
from qa.frameworks.drafts.elements import Kind, element
from qa.frameworks.models import Draft
from qa.frameworks.reading import edition_tree, forget_kept_editions
from tests.support.factories import Maker
from tests.support.pages import Browser
from tests.support.timed import DECIDED, LIMIT, timed_sections

DATES = {"q-referred_on-day": "3", "q-referred_on-month": "3", "q-referred_on-year": "2025"}
DECIDED_LATE = {"q-decided_on-day": "13", "q-decided_on-month": "3", "q-decided_on-year": "2025"}


@pytest.fixture
def lead(make: Maker, browser: Callable[[str], Browser]) -> Browser:
    """A QA lead's browser."""
    return browser(make.person(Role.QA_LEAD, area=make.area()).email)


def test_an_edition_is_read_as_it_was_written(app: Flask, make: Maker) -> None:
    written = make.edition(sections=timed_sections())
    with app.app_context():
        forget_kept_editions()
        read = edition_tree(written.id)
    assert read.content.question("decided_on") == DECIDED
    assert read.content.sections == timed_sections()


def test_an_edition_shows_it_in_words_and_the_workbook_and_paper_have_it(lead: Browser, make: Maker) -> None:
    tree = make.edition(sections=timed_sections())
    assert f"Date · Optional · {LIMIT}" in lead.get(f"/frameworks/editions/{tree.id}").text
    raw = lead.get(f"/frameworks/editions/{tree.id}/file?format=xlsx").response.data
    cells = [cell.value for row in load_workbook(io.BytesIO(raw)).worksheets[4].iter_rows() for cell in row]
    assert "5 working days from “When was the referral received?”" in cells
    paper = lead.get(f"/frameworks/editions/{tree.id}/blank?format=pdf").response.data
    text = " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(paper)).pages).split())
    assert "Within: 5 working days of question 1.5" in text


def test_the_preview_counts_the_days(lead: Browser, make: Maker) -> None:
    tree = make.edition(sections=timed_sections())
    address = f"/frameworks/editions/{tree.id}/preview"
    page = lead.get(address)
    assert LIMIT in page.text
    page = lead.post(address, {**page.form("section"), **DATES, **DECIDED_LATE, "do": "show"})
    assert "8 working days, limit 5 (3 over)" in page.text
    assert LIMIT not in page.text


def questions(app: Flask, draft_id: int) -> Callable[[str], dict[str, object]]:
    """What a draft says of a question now."""

    def question(key: str) -> dict[str, object]:
        with app.app_context():
            held = db.session.get_one(Draft, draft_id)
            found = element(from_text(held.document), Kind.QUESTION, key)
            db.session.remove()
        assert found
        return dict(found.value)

    return question


def test_a_timescale_is_written_and_taken_away_in_the_browser(app: Flask, lead: Browser, make: Maker) -> None:
    draft_id = make.draft()
    at, question = f"/frameworks/drafts/{draft_id}", questions(app, draft_id)
    added = {"text": "When was it decided?", "type": "date", "do": "save"}
    lead.submit(f"{at}/sections/front_door/new-question", added, holding="text")
    key, address = "when_was_it_decided", f"{at}/questions/when_was_it_decided"
    page = lead.get(address)
    assert "When was the referral received?" in page.html
    chosen = {"timescale_from": "referred_on", "timescale_days": "", "do": "save"}
    page = lead.submit(address, chosen, holding="version")
    assert page.field_error("timescale_days") == "Enter how many days there may be at most"
    page = lead.submit(address, {**chosen, "timescale_days": "many"}, holding="version")
    assert page.field_error("timescale_days")
    page = lead.submit(address, {**chosen, "timescale_days": "many", "do": "add-clauses"}, holding="version")
    assert "Timescale: none" in page.text
    lead.submit(address, {**chosen, "timescale_days": "5"}, holding="version")
    assert question(key)["timescale"] == {"from": "referred_on", "days": 5, "kind": "working"}
    assert "Timescale: 5 working days" in lead.get(address).text
    before = question(key)
    lead.submit(address, {"do": "save"}, holding="version")
    assert question(key) == before
    lead.submit(address, {"timescale_kind": "calendar", "do": "save"}, holding="version")
    assert question(key)["timescale"] == {"from": "referred_on", "days": 5, "kind": "calendar"}
    page = lead.get(f"{at}/questions/referred_on/delete")
    assert "These depend on it and will need another condition or timescale:" in page.text
    assert "hen was it decided?" in page.text
    lead.submit(address, {"type": "short_text", "do": "save"}, holding="version")
    assert "timescale" not in question(key)


def test_what_it_counts_from_and_is_gone_stays_to_be_seen(app: Flask, lead: Browser, make: Maker) -> None:
    draft_id = make.draft()
    at, question = f"/frameworks/drafts/{draft_id}", questions(app, draft_id)
    lead.submit(
        f"{at}/sections/front_door/new-question",
        {"text": "When was it decided?", "type": "date", "do": "save"},
        holding="text",
    )
    address = f"{at}/questions/when_was_it_decided"
    chosen = {"timescale_from": "referred_on", "timescale_days": "5", "do": "save"}
    lead.submit(address, chosen, holding="version")
    lead.submit(f"{at}/questions/referred_on/delete", {}, holding="version")
    page = lead.get(address)
    assert "is counted from a question that is not there: “referred on”" in page.text
    assert "referred on (that comes later, is no date, or is gone)" in page.html
    lead.submit(address, {"timescale_from": "", "do": "save"}, holding="version")
    assert "timescale" not in question("when_was_it_decided")
    assert "is not there" not in lead.get(at).text
