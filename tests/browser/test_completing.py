"""Completing a return when things go wrong: no network, no session any more, a reload, two tabs."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import BrowserContext, Locator, Page, expect
from sqlalchemy import select
from werkzeug.serving import ThreadedWSGIServer, make_server

from qa.accounts.models import SignIn
from qa.accounts.permissions import CurrentPerson, Role
from qa.accounts.sectors import Sector
from qa.audits.models import Return
from qa.db import db, now, writing
from qa.returns.models import Answer, Finding
from tests.support.factories import Maker
from tests.support.pages import Browser
from tests.support.timed import LIMIT, timed_sections

pytestmark = pytest.mark.browser
SAVED = re.compile(r"^Saved \d\d:\d\d$")
NOT_SAVED = "Not saved, trying again."
BACK = "What you had typed before and was not saved is back on this page."


class Desk:
    """An auditor with three returns, and a way to open tabs."""

    def __init__(self, app: Flask, make: Maker, site: str, browser: Callable[[str], Browser]) -> None:
        self.app, self.site, self.browser = app, site, browser
        area = make.area("Havering")
        health = make.agency("Riverside NHS Trust", Sector.HEALTH, (area,))
        edition = make.edition(sections=timed_sections())
        audit = make.audit(area, edition, (health,), title="Help and Protection")
        self.auditor: CurrentPerson = make.person(Role.AUDITOR, agency=health, email="auditor@example.org")
        self.other: CurrentPerson = make.person(Role.AUDITOR, agency=health, email="other@example.org")
        self.rows: list[Return] = []
        for reference in ("C001", "C002", "C003"):
            case = make.case(audit, reference)
            make.profile_value(case, edition, "pathway", "child_protection")
            self.rows.append(make.case_return(case, health, self.auditor))

    def section(self, place: int = 1) -> str:
        """The address of the first section of a return."""
        return f"{self.site}/returns/{self.rows[place].id}/sections/front_door"

    def sign_in(self, context: BrowserContext, person: CurrentPerson | None = None) -> None:
        """Put a new sign-in into the browser's cookies."""
        cookie = self.browser((person or self.auditor).email).client.get_cookie("audit_together")
        assert cookie is not None
        context.add_cookies([{"name": "audit_together", "value": cookie.value, "url": self.site}])

    def end_sessions(self) -> None:
        """Everybody has been idle too long."""
        with self.app.app_context(), writing() as session:
            for row in session.scalars(select(SignIn)):
                row.ended_at = now()

    def kept(self, column: Any) -> list[str]:
        """What the database holds."""
        with self.app.app_context():
            return [text for text in db.session.scalars(select(column)) if text]


@pytest.fixture
def site(app: Flask) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, app, threaded=True)
    # A page that is closed still sends what was typed: wait for that before the database goes.
    assert isinstance(server, ThreadedWSGIServer)
    server.daemon_threads = False
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def desk(app: Flask, make: Maker, site: str, browser: Callable[[str], Browser]) -> Desk:
    return Desk(app, make, site, browser)


@pytest.fixture
def page(desk: Desk, chromium: Chromium) -> Iterator[Page]:
    """The first section, opened by the auditor. A fault of the script fails the test."""
    faults: list[str] = []
    context = chromium.new_context(viewport={"width": 1100, "height": 800})
    context.set_default_timeout(15_000)
    context.on("page", lambda made: made.on("pageerror", lambda error: faults.append(str(error))))
    desk.sign_in(context)
    made = context.new_page()
    made.goto(desk.section())
    yield made
    context.close()
    assert faults == []


def status(page: Page) -> Locator:
    return page.locator("[data-status]")


def expect_saved(page: Page) -> None:
    expect(page.locator("form[data-unsaved]")).to_have_count(0)
    expect(status(page)).to_have_text(SAVED)


def unsent(page: Page) -> int:
    """How many sections have words kept in this tab."""
    count: int = page.evaluate(
        "Object.keys(sessionStorage).filter((key) => key.startsWith('at-unsent|')).length"
    )
    return count


def cut(page: Page) -> None:
    """No save gets out of this page, not even one that outlives it; the next page is free of that."""
    page.evaluate("() => { window.fetch = () => Promise.reject(new TypeError('no network')); }")


def test_the_network_is_cut_and_comes_back(desk: Desk, page: Page) -> None:
    page.context.set_offline(True)
    page.locator("#e-threshold").fill("Typed in a lift.")
    expect(status(page)).to_have_text(NOT_SAVED)
    page.locator("#q-reference_used").fill("Level 3")
    assert desk.kept(Answer.evidence) == []
    page.context.set_offline(False)
    expect_saved(page)
    assert desk.kept(Answer.evidence) == ["Typed in a lift."]
    assert "Level 3" in desk.kept(Answer.text)
    assert unsent(page) == 0


def test_a_reload_brings_back_what_was_not_saved(desk: Desk, page: Page) -> None:
    cut(page)
    page.locator("#e-threshold").fill("Typed in a lift.")
    page.locator("[data-question=consent]").get_by_label("No", exact=True).check()
    page.get_by_label("Why was consent not sought?").fill("An emergency.")
    page.get_by_label("Strength 1").fill("Seen alone.")
    page.get_by_role("button", name="Add another strength").click()
    page.get_by_label("Strength 2").fill("Brother seen too.")
    expect(status(page)).to_have_text(NOT_SAVED)
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    expect(page.locator("#e-threshold")).to_have_value("Typed in a lift.")
    expect(page.get_by_label("Why was consent not sought?")).to_have_value("An emergency.")
    expect(page.get_by_label("Strength 2")).to_have_value("Brother seen too.")
    expect(page.locator("#e-threshold + .at-words")).to_have_text("4 words")
    expect_saved(page)
    assert desk.kept(Answer.evidence) == ["Typed in a lift."]
    assert sorted(desk.kept(Finding.text)) == ["Brother seen too.", "Seen alone."]
    assert unsent(page) == 0


def test_that_words_are_back_is_said_until_they_are_saved(desk: Desk, page: Page) -> None:
    cut(page)
    page.locator("#e-threshold").fill("Typed in a lift.")
    expect(status(page)).to_have_text(NOT_SAVED)
    page.context.add_init_script("window.fetch = () => new Promise(() => {})")
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    expect(status(page)).to_have_text(BACK)
    assert desk.kept(Answer.evidence) == []
    assert unsent(page) == 1


def test_words_that_arrived_although_no_answer_did_are_no_clash_after_a_reload(
    desk: Desk, page: Page
) -> None:
    def lose(route: Any) -> None:
        route.fetch()
        route.abort()

    page.route("**/autosave", lose)
    page.locator("#e-threshold").fill("Typed")
    expect(status(page)).to_have_text(NOT_SAVED)
    page.unroute("**/autosave")
    page.route("**/autosave", lambda route: route.abort())
    page.locator("#e-threshold").fill("Typed in a lift.")
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    expect(page.locator("#e-threshold")).to_have_value("Typed in a lift.")
    page.unroute("**/autosave")
    page.locator("#q-reference_used").fill("Level 3")
    expect_saved(page)
    assert desk.kept(Answer.evidence) == ["Typed in a lift."]


def test_what_somebody_else_saved_meanwhile_is_compared_and_not_overwritten(desk: Desk, page: Page) -> None:
    cut(page)
    page.locator("#e-threshold").fill("Mine.")
    expect(status(page)).to_have_text(NOT_SAVED)
    other = desk.browser(desk.auditor.email)
    address = desk.section().removeprefix(desk.site)
    other.submit(address, {"e-threshold": "Theirs.", "do": "stay"}, holding="form")
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    expect(status(page)).to_contain_text("somebody else changed")
    page.get_by_role("button", name="Compare the two").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Somebody else changed this section")
    page.get_by_role("button", name="Save mine over it").click()
    expect(page.locator("#e-threshold")).to_have_value("Mine.")
    assert desk.kept(Answer.evidence) == ["Mine."]


def test_what_a_button_saved_is_not_brought_back_over_later_words(desk: Desk, page: Page) -> None:
    page.locator("#e-threshold").fill("First.")
    page.get_by_role("button", name="Save and continue").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Child protection plan")
    other = desk.browser(desk.auditor.email)
    address = desk.section().removeprefix(desk.site)
    other.submit(address, {"e-threshold": "Later.", "do": "stay"}, holding="form")
    page.goto(desk.section())
    expect(page.locator("#e-threshold")).to_have_value("Later.")
    expect(status(page)).to_have_text("")
    assert unsent(page) == 0


def test_words_in_the_tab_go_with_signing_out(desk: Desk, page: Page) -> None:
    cut(page)
    page.locator("#e-threshold").fill("Not for the next person.")
    expect(status(page)).to_have_text(NOT_SAVED)
    assert unsent(page) == 1
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    assert unsent(page) == 0


def test_words_in_the_tab_are_not_shown_to_somebody_else(desk: Desk, page: Page) -> None:
    cut(page)
    page.locator("#e-threshold").fill("Not for the next person.")
    expect(status(page)).to_have_text(NOT_SAVED)
    with desk.app.app_context(), writing() as session:
        session.get_one(Return, desk.rows[1].id).auditor_id = None
    page.context.clear_cookies()
    desk.sign_in(page.context, desk.other)
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    expect(page.locator("#e-threshold")).to_have_value("")
    assert unsent(page) == 0


def test_the_session_expires_and_the_page_carries_on(desk: Desk, page: Page) -> None:
    desk.end_sessions()
    page.locator("#e-threshold").fill("Typed over an hour.")
    expect(status(page)).to_contain_text("You have been signed out")
    desk.sign_in(page.context)
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    expect_saved(page)
    assert desk.kept(Answer.evidence) == ["Typed over an hour."]


def test_signed_out_and_loaded_again_the_words_are_back_after_signing_in(desk: Desk, page: Page) -> None:
    desk.end_sessions()
    cut(page)
    page.locator("#e-threshold").fill("Typed over an hour.")
    expect(status(page)).to_have_text(NOT_SAVED)
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    assert unsent(page) == 1
    desk.sign_in(page.context)
    page.goto(desk.section())
    expect(page.locator("#e-threshold")).to_have_value("Typed over an hour.")
    expect_saved(page)
    assert desk.kept(Answer.evidence) == ["Typed over an hour."]


def test_nothing_is_saved_in_the_name_of_somebody_who_signed_in_since(desk: Desk, page: Page) -> None:
    with desk.app.app_context(), writing() as session:
        session.get_one(Return, desk.rows[1].id).auditor_id = None
    desk.end_sessions()
    page.locator("#e-threshold").fill("Typed by the first.")
    expect(status(page)).to_contain_text("You have been signed out")
    page.context.clear_cookies()
    desk.sign_in(page.context, desk.other)
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(status(page)).to_contain_text("Not saved. Copy what you typed")
    assert desk.kept(Answer.evidence) == []


def test_signed_out_without_a_script_the_words_come_back_and_are_saved(
    desk: Desk, chromium: Chromium
) -> None:
    context = chromium.new_context(java_script_enabled=False)
    desk.sign_in(context)
    page = context.new_page()
    page.goto(desk.section())
    page.locator("#e-threshold").fill("Typed over an hour.\nIn two lines.")
    page.locator("[data-question=consent]").get_by_label("Yes", exact=True).check()
    desk.end_sessions()
    page.get_by_role("button", name="Save and come back later").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("You have been signed out")
    context.clear_cookies()
    desk.sign_in(context)
    page.get_by_role("button", name="Send it again").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Send it once more")
    page.get_by_role("button", name="Send it").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Return of Riverside NHS Trust")
    context.close()
    assert desk.kept(Answer.evidence) == ["Typed over an hour.\nIn two lines."]
    assert desk.kept(Answer.code) == ["yes"]


def test_two_tabs_that_change_the_same_answer_are_compared(desk: Desk, page: Page) -> None:
    second = page.context.new_page()
    second.goto(desk.section())
    page.locator("#e-threshold").fill("In the first tab.")
    expect_saved(page)
    second.locator("#e-threshold").fill("In the second tab.")
    expect(status(second)).to_contain_text("somebody else changed “Was the threshold decision right?”")
    second.get_by_role("button", name="Compare the two").click()
    expect(second.get_by_role("heading", level=1)).to_have_text("Somebody else changed this section")
    expect(second.locator("main")).to_contain_text("or another of your tabs")
    second.get_by_role("button", name="Save mine over it").click()
    expect(second.locator("#e-threshold")).to_have_value("In the second tab.")
    assert desk.kept(Answer.evidence) == ["In the second tab."]


def test_control_and_s_saves_at_once(desk: Desk, page: Page) -> None:
    box = page.locator("#e-threshold")
    # Pressed in the box: a page that has just been opened may not have the keyboard yet.
    box.press("Control+s")
    expect(status(page)).to_have_text("Nothing to save: nothing was changed.")
    box.fill("Saved by the keyboard.")
    box.press("Control+s")
    expect_saved(page)
    assert desk.kept(Answer.evidence) == ["Saved by the keyboard."]


def test_a_box_counts_its_words(desk: Desk, page: Page) -> None:
    box = page.locator("#e-threshold")
    line = page.locator("#e-threshold + .at-words")
    box.fill("One")
    expect(line).to_have_text("1 word")
    box.fill("One two\n three")
    expect(line).to_have_text("3 words")
    said = page.locator("[data-words-said]")
    expect(said).to_have_text("")
    box.fill("word " * 3_900)
    expect(line).to_have_text("3,900 words. 501 characters left.")
    expect(said).to_have_text("501 characters left.")
    box.fill("word " * 4_001)
    expect(line).to_have_text("4,001 words. 4 characters too many.")
    box.fill("")
    expect(line).to_have_text("")
    page.get_by_label("Strength 1").fill("Seen alone.")
    expect(page.locator("#f-strength-n1 + .at-words")).to_have_text("2 words")
    page.get_by_role("button", name="Add another strength").click()
    expect(page.locator("#f-strength-n2 + .at-words")).to_have_text("")


def test_the_days_between_two_dates_stand_beside_the_second(desk: Desk, page: Page) -> None:
    line = page.locator("[data-counted=decided_on]")
    expect(line).to_have_text(LIMIT)
    for key, day in (("referred_on", "3"), ("decided_on", "13")):
        for part, text in (("day", day), ("month", "3"), ("year", "2025")):
            page.locator(f"#q-{key}-{part}").fill(text)
    page.locator("#q-reference_used").focus()
    expect(line).to_have_text("8 working days, limit 5 (3 over)")
    expect(line).to_have_attribute("role", "status")
