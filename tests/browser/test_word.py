"""A Word tool of sixty questions and three scales is confirmed in a browser and becomes a draft."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import docx
import pytest
from flask import Flask

from qa.accounts.permissions import Role
from tests.browser.conftest import Visitor
from tests.support.factories import Maker
from tests.support.pages import Browser
from tests.unit.frameworks.word_files import OFSTED, add_table, raw

pytestmark = pytest.mark.browser
RATINGS = (OFSTED, "Met / Partly met / Not met", "Always / Often / Never")


def made(path: Path, parts: int, questions: int) -> Path:
    """A tool as a file."""
    file = docx.Document()
    file.add_heading("Missing children audit tool", 0)
    for part in range(1, parts + 1):
        file.add_heading(f"Part {part}", 1)
        rows = (
            (f"{n}", f"Does the record show point {part}.{n}", "Look here", "", "") for n in range(questions)
        )
        add_table(file, ("No.", "Standard", "Guidance", RATINGS[part % 3], "Evidence"), *rows)
    file.add_paragraph("Sign here")
    path.write_bytes(raw(file))
    return path


@pytest.fixture
def lead(app: Flask, make: Maker, visitor: Callable[..., Visitor]) -> Callable[..., Visitor]:
    """Gives a QA lead at a browser, signed in."""
    person = make.person(Role.QA_LEAD, area=make.area())

    def signed_in(name: str, **options: Any) -> Visitor:
        person_at = visitor(name, **options)
        cookie = Browser(app, person.email).client.get_cookie("audit_together")
        assert cookie
        person_at.context.add_cookies(
            [{"name": "audit_together", "value": cookie.value, "url": person_at.address}]
        )
        return person_at

    return signed_in


def send(one: Visitor, tool: Path) -> None:
    """Choose the tool and look what is in it."""
    one.visit("/frameworks/import/word")
    one.page.get_by_label("Word document").set_input_files(tool)
    one.click("Look what is in it")


def test_a_tool_of_sixty_questions_is_confirmed_and_becomes_a_draft(
    tmp_path: Path, lead: Callable[..., Visitor]
) -> None:
    one = lead("word")
    send(one, made(tmp_path / "tool.docx", 6, 10))
    assert "60 questions in 6 sections. Nothing is created yet." in one.text
    assert "Words outside the tables: “Sign here”" in one.text
    one.fill("Words of question 1.1", "Was the child's voice heard?")
    one.page.get_by_label("Bring in Question 1.2", exact=True).uncheck()
    one.choose("How it is answered, question 2.1", "A longer text")
    one.click("Create the draft")
    assert "Enter a summary" in one.text
    assert (
        one.page.get_by_label("Words of question 1.1", exact=True).input_value()
        == "Was the child's voice heard?"
    )
    assert not one.page.get_by_label("Bring in Question 1.2", exact=True).is_checked()
    one.fill("Summary", "How agencies respond when a child goes missing.")
    one.click("Create the draft")
    assert "The draft is here." in one.text
    assert one.heading == "Missing children audit tool"
    assert "Part 6" in one.text


def test_the_confirmation_fits_a_narrow_screen_and_needs_no_javascript(
    tmp_path: Path, lead: Callable[..., Visitor]
) -> None:
    tool = made(tmp_path / "tool.docx", 2, 3)
    narrow = lead("word-narrow", viewport={"width": 320, "height": 800})
    send(narrow, tool)
    assert narrow.page.evaluate("document.documentElement.scrollWidth") <= 320
    narrow.fill("Words of question 1.1", "")
    narrow.click("Create the draft")
    assert narrow.page.evaluate("document.documentElement.scrollWidth") <= 320
    plain = lead("word-plain", java_script_enabled=False)
    plain.page.goto(f"{plain.address}/frameworks/import/word")
    plain.page.get_by_label("Word document").set_input_files(tool)
    plain.page.get_by_role("button", name="Look what is in it").click()
    plain.fill("Summary", "How agencies respond.")
    plain.page.get_by_role("button", name="Create the draft").click()
    assert "The draft is here." in plain.text
