"""Signed out in the middle, without a script: every form of a return comes back whole, to be sent again."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from sqlalchemy import select

from qa.accounts.models import SignIn
from qa.accounts.permissions import CurrentPerson
from qa.audits.models import Return
from qa.db import db, now, writing
from qa.returns.models import Answer, Concern, Finding
from tests.integration.returns.conftest import World
from tests.support.pages import Browser, Page

WORDS = "Typed over an hour,\nin two lines: “quotes”, <b>& more</b>."


def end_sessions(world: World) -> None:
    """Everybody has been idle too long."""
    with world.app.app_context(), writing() as session:
        for row in session.scalars(select(SignIn)):
            row.ended_at = now()


def sign_in_again(browser: Browser, email: str) -> None:
    """In another tab: the cookie is a new one, with nothing from before."""
    with browser.client.session_transaction() as session:
        session.clear()
    browser.sign_in(email)


def press(browser: Browser, page: Page, status: int = 200) -> Page:
    """Press the button of the page that shows the form once more."""
    forms = [form for form in page.all("form") if not (form.get("action") or "").endswith("/sign-out")]
    return browser.post(forms[0].get("action", ""), page.form(), status=status, token=False)


def rows(world: World, column: object) -> list[object]:
    with world.app.app_context():
        return list(db.session.scalars(select(column)))  # type: ignore[call-overload]


def carried_on(world: World, person: CurrentPerson, address: str, changes: Mapping[str, object]) -> Page:
    """Fill in a form, be signed out, send it, sign in again elsewhere, and send it once more."""
    browser = world.browser(person)
    page = browser.get(address)
    form = {**page.form(), **changes}
    end_sessions(world)
    page = browser.post(address, form, status=401, token=False)
    assert page.heading == "You have been signed out"
    assert press(browser, page, status=401).heading == "You have been signed out", "too early: still whole"
    sign_in_again(browser, person.email)
    page = press(browser, page, status=400)
    assert page.heading == "Send it once more"
    return press(browser, page)


def test_a_section_is_saved_with_every_word(world: World) -> None:
    typed = {"e-threshold": WORDS, "q-consent": "yes", "f-strength-n1": "Seen alone.", "do": "stay"}
    page = carried_on(world, world.auditor, world.section(), typed)
    assert "Your answers are saved." in page.text
    assert WORDS in rows(world, Answer.evidence)
    assert rows(world, Finding.text) == ["Seen alone."]


def test_a_section_changed_by_somebody_else_meanwhile_is_compared(world: World) -> None:
    browser = world.browser(world.auditor)
    form = {**world.open_section(), "e-threshold": WORDS, "do": "stay"}
    world.save({"e-threshold": "Theirs."})
    end_sessions(world)
    page = browser.post(world.section(), form, status=401, token=False)
    sign_in_again(browser, world.auditor.email)
    page = press(browser, page, status=400)
    page = press(browser, page, status=409)
    assert page.heading == "Somebody else changed this section"
    assert "Typed over an hour," in page.text


def test_a_concern_is_raised(world: World) -> None:
    browser = world.browser(world.auditor)
    boxes = [
        element.get("name", "")
        for tag in ("textarea", "input")
        for element in browser.get(world.address("concern")).all(tag)
        if element.get("type") not in {"hidden", "checkbox", "radio", "submit"} and element.get("name")
    ]
    page = carried_on(
        world, world.auditor, world.address("concern"), dict.fromkeys(boxes, "She is unsafe now.")
    )
    assert page.status == 200
    assert len(rows(world, Concern.id)) == 1


def test_not_involved_is_told(world: World) -> None:
    page = carried_on(world, world.auditor, world.address("not-involved"), {"reason": WORDS})
    assert "your agency was not involved" in page.text
    assert WORDS in rows(world, Return.not_involved_reason)


def test_a_form_without_long_words_is_kept_too(world: World) -> None:
    carried_on(world, world.auditor, world.section(), {"q-referrer": "school", "do": "stay"})
    page = world.browser(world.auditor).get(world.section())
    assert page.form("form")["q-referrer"] == "school"


def test_nothing_of_it_goes_into_the_cookie_and_no_password_into_the_page(world: World) -> None:
    browser = world.browser(world.auditor)
    form = {**world.open_section(), "e-threshold": WORDS}
    account = {**browser.get("/account").form("current_password"), "current_password": "secret of mine"}
    end_sessions(world)
    browser.post(world.section(), form, status=401, token=False)
    with browser.client.session_transaction() as session:
        assert WORDS not in str(dict(session))
        assert set(session) <= {"sign_in", "csrf_token", "_flashes"}
    page = browser.post("/account", account, status=401, token=False)
    assert "secret of mine" not in page.html
    assert "Send it again" not in page.text


@pytest.mark.parametrize("site", ["cross-site", "same-site", "none"])
def test_words_from_a_page_of_somebody_else_get_no_button(world: World, site: str) -> None:
    client = world.app.test_client()
    answer = client.post(world.section(), data={"e-threshold": WORDS}, headers={"Sec-Fetch-Site": site})
    assert answer.status_code == 400
    page = answer.get_data(as_text=True)
    assert "Send it" not in page
    assert "Typed over an hour" in page
