"""A draft tried out in a real browser: with its script, without it, and on a narrow screen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.sessions import SecureCookieSessionInterface

from qa.accounts.permissions import Role
from qa.accounts.signing_in import _start
from qa.db import db
from qa.frameworks.drafts.commands import Change, change_draft
from qa.frameworks.drafts.editing import removed
from qa.frameworks.drafts.elements import Kind
from tests.browser.conftest import Visitor
from tests.support.factories import Maker

pytestmark = pytest.mark.browser
WHY = "Why was consent not sought?"


@pytest.fixture
def lead(app: Flask, make: Maker, visitor: Callable[..., Visitor]) -> Callable[..., Visitor]:
    """Gives a QA lead at a browser, signed in."""
    person = make.person(Role.QA_LEAD, area=make.area())

    def signed_in(name: str, **options: Any) -> Visitor:
        with app.app_context():
            token = _start(person.id, "")
            db.session.remove()
        signer = SecureCookieSessionInterface().get_signing_serializer(app)
        assert signer
        made = visitor(name, **options)
        cookie = app.config["SESSION_COOKIE_NAME"]
        made.context.add_cookies(
            [{"name": cookie, "value": signer.dumps({"sign_in": token}), "url": made.address}]
        )
        return made

    return signed_in


def test_questions_and_sections_come_and_go_by_themselves(make: Maker, lead: Callable[..., Visitor]) -> None:
    draft_id = make.draft()
    one = lead("preview")
    one.visit(f"/frameworks/drafts/{draft_id}/preview")
    page = one.page
    assert not page.get_by_label(WHY).is_visible()
    one.tick("No", group="Was consent sought?")
    one.fill(WHY, "Nobody asked.")
    one.choose("Pathway", "Child protection")
    assert "Section 1 of 2" in one.text
    page.get_by_role("button", name="Child protection plan", exact=True).click()
    assert "Section 2 of 2" in one.text
    assert page.evaluate("document.activeElement.id") == "title-protection"
    one.click("Check what is missing")
    assert "Is the plan specific and measurable? Select a grade" in one.text
    page.get_by_role("button", name="Front door and threshold", exact=True).click()
    assert page.get_by_label(WHY).input_value() == "Nobody asked."
    one.choose("Pathway", "Early help")
    assert "Section 1 of 1" in one.text
    assert not page.get_by_role("button", name="Child protection plan", exact=True).is_visible()
    one.visit(f"/frameworks/drafts/{draft_id}/checks")
    assert one.heading == "Checks"


def test_a_broken_draft_fits_a_narrow_screen(app: Flask, make: Maker, lead: Callable[..., Visitor]) -> None:
    draft_id = make.draft()
    narrow = lead("preview-narrow", viewport={"width": 320, "height": 800})
    person = make.person(Role.QA_LEAD)
    with app.app_context():
        change = Change(lambda document: removed(document, Kind.QUESTION, "consent"), "Deleted a question")
        change_draft(person, draft_id, change)
    for page in ("preview", "checks"):
        narrow.visit(f"/frameworks/drafts/{draft_id}/{page}")
        assert "The condition looks at a question that is not there: “consent”." in narrow.text
        assert narrow.page.evaluate("document.documentElement.scrollWidth") <= 320


def test_the_preview_works_without_javascript(make: Maker, lead: Callable[..., Visitor]) -> None:
    draft_id = make.draft()
    plain = lead("preview-plain", java_script_enabled=False)
    plain.page.goto(f"{plain.address}/frameworks/drafts/{draft_id}/preview")
    plain.tick("No", group="Was consent sought?")
    assert not plain.page.get_by_label(WHY).is_visible()
    plain.page.get_by_role("button", name="Continue", exact=True).or_(
        plain.page.get_by_role("button", name="Show what is asked now", exact=True)
    ).last.click()
    assert plain.page.get_by_label(WHY).is_visible()
