"""Signing in, in a real browser."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import update

from qa.accounts import passwords
from qa.accounts.models import Person
from qa.accounts.permissions import Role
from qa.db import writing
from tests.browser.conftest import Visitor
from tests.support.factories import Maker


@pytest.fixture
def lead(app: Flask, make: Maker) -> str:
    """The address of a QA lead whose password is three-random-words."""
    person = make.person(Role.QA_LEAD, area=make.area(), name="Ada Quill")
    with app.app_context(), writing() as session:
        hashed = passwords.hashed("three-random-words")
        session.execute(update(Person).where(Person.id == person.id).values(password_hash=hashed))
    return person.email


def test_signing_in_and_out(lead: str, visitor: Callable[..., Visitor]) -> None:
    person = visitor("signing-in")
    person.visit("/account")
    person.click("Sign in")
    assert "Enter your e-mail address" in person.text
    person.fill("E-mail address", lead)
    person.fill("Password", "three-random-words")
    person.click("Sign in")
    assert person.heading == "Your account"
    person.click("Sign out")
    assert person.heading == "Sign in"


def test_signing_in_with_the_keyboard_alone_and_without_scripts(
    lead: str, visitor: Callable[..., Visitor]
) -> None:
    person = visitor("keyboard", java_script_enabled=True)
    person.visit("/sign-in")
    keyboard = person.page.keyboard
    keyboard.press("Tab")
    assert person.page.locator(":focus").inner_text() == "Skip to main content"
    person.page.get_by_label("E-mail address").focus()
    keyboard.type(lead)
    keyboard.press("Tab")
    keyboard.type("three-random-words")
    keyboard.press("Enter")
    person.page.wait_for_url("**/")
    assert person.heading == "Hello, Ada Quill"


def test_signing_in_at_400_percent_zoom(lead: str, visitor: Callable[..., Visitor]) -> None:
    person = visitor("zoomed", viewport={"width": 320, "height": 256})
    person.visit("/sign-in")
    wide = person.page.evaluate("document.documentElement.scrollWidth")
    assert wide <= 320
