"""The section's page in a real browser: saving by itself, questions that come and go, rows, bad lines."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect
from sqlalchemy import select
from werkzeug.serving import ThreadedWSGIServer, make_server

from qa.accounts.models import SignIn
from qa.audits.models import Return
from qa.db import db, now, writing
from qa.returns.models import Answer, Finding
from tests.integration.returns.conftest import World

pytestmark = pytest.mark.browser
AXE = (Path(__file__).parents[2] / "browser/vendor/axe-core-4.14.1/axe.min.js").read_text("utf-8")
SAVED = re.compile(r"^Saved \d\d:\d\d$")


@pytest.fixture
def site(world: World) -> Iterator[str]:
    """The address of the application, served to the browser."""
    server = make_server("127.0.0.1", 0, world.app, threaded=True)
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
def page(world: World, site: str, chromium: Browser) -> Iterator[Page]:
    """The front door section, opened by the auditor. A fault of the script fails the test."""
    faults: list[str] = []
    context = chromium.new_context(viewport={"width": 1100, "height": 800})
    context.set_default_timeout(15_000)
    sign_in(world, site, context)
    made = context.new_page()
    made.on("pageerror", lambda error: faults.append(str(error)))
    made.goto(site + world.section())
    yield made
    context.close()
    assert faults == []


def sign_in(world: World, site: str, context: Any) -> None:
    cookie = world.open_browser(world.auditor.email).client.get_cookie("audit_together")
    assert cookie is not None
    context.add_cookies([{"name": "audit_together", "value": cookie.value, "url": site}])


def status(page: Page) -> Locator:
    return page.locator("[data-status]")


def expect_saved(page: Page) -> None:
    """Wait until everything that was typed is saved, and the page says so."""
    expect(page.locator("form[data-unsaved]")).to_have_count(0)
    expect(status(page)).to_have_text(SAVED)


def evidence(world: World) -> list[str]:
    with world.app.app_context():
        return [text for text in db.session.scalars(select(Answer.evidence)) if text]


def findings(world: World) -> list[str]:
    with world.app.app_context():
        return list(db.session.scalars(select(Finding.text).order_by(Finding.id)))


def test_what_is_typed_is_saved_by_itself(world: World, page: Page) -> None:
    page.get_by_label("Good", exact=True).first.check()
    page.locator("#e-threshold").fill("The decision record names the level.")
    expect_saved(page)
    assert evidence(world) == ["The decision record names the level."]
    page.reload()
    expect(page.locator("#e-threshold")).to_have_value("The decision record names the level.")
    expect(page.get_by_label("Good", exact=True).first).to_be_checked()


def test_what_answers_suggest_follows_what_is_saved(world: World, page: Page) -> None:
    box = page.locator("[data-suggestion]")
    expect(box).to_be_hidden()
    page.locator("[data-question=threshold]").get_by_label("Good", exact=True).check()
    expect(box).to_contain_text(
        "From your answers above: worst Good, middle Good, weighted Good. You decide."
    )
    page.locator("[data-question=consent]").get_by_label("No", exact=True).check()
    expect(box).to_contain_text("worst Inadequate, middle Inadequate, weighted Requires improvement")
    expect(page.locator("[name=q-front_door_grade]:checked")).to_have_count(0)


def test_typing_on_and_then_pressing_the_button_is_no_clash(world: World, page: Page) -> None:
    box = page.locator("#e-threshold")
    box.fill("The rec")
    expect_saved(page)
    box.fill("The record of 3 March")
    page.get_by_role("button", name="Save and continue").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Child protection plan")
    assert evidence(world) == ["The record of 3 March"]


def test_questions_come_and_go_as_answers_change(world: World, page: Page) -> None:
    why = page.get_by_label("Why was consent not sought?")
    consent = page.locator("[data-question=consent]")
    expect(why).to_be_hidden()
    consent.get_by_label("No", exact=True).check()
    expect(why).to_be_visible()
    why.fill("An emergency.")
    expect_saved(page)
    consent.get_by_label("Yes", exact=True).check()
    expect(why).to_be_hidden()
    page.get_by_role("button", name="Save and continue").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Child protection plan")
    page.go_back()
    expect(why).to_be_hidden()
    consent.get_by_label("No", exact=True).check()
    expect(why).to_have_value("An emergency.")


def test_rows_are_added_removed_and_brought_back_at_once(world: World, page: Page) -> None:
    page.get_by_label("Strength 1").fill("Seen alone.")
    page.get_by_role("button", name="Add another strength").click()
    expect(page.get_by_label("Strength 2")).to_be_focused()
    page.keyboard.type("Brother seen too.")
    expect_saved(page)
    assert findings(world) == ["Seen alone.", "Brother seen too."]
    page.get_by_role("button", name="Remove strength 1").click()
    page.locator("#e-threshold").fill("x")
    expect_saved(page)
    expect(page.get_by_role("textbox", name="Strength 1")).to_have_value("Brother seen too.")
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_label("Strength 2")).to_have_value("Brother seen too.")
    page.get_by_role("button", name="Save and continue").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Child protection plan")
    assert sorted(findings(world)) == ["Brother seen too.", "Seen alone."]


def test_half_a_date_is_no_mistake_until_it_is_left(world: World, page: Page) -> None:
    day = page.locator("#q-referred_on-day")
    error = page.locator("#q-referred_on-error, [data-question=referred_on] .govuk-error-message")
    day.fill("31")
    expect(status(page)).to_have_text(re.compile("^Saved .*except what is marked"))
    expect(error).to_have_count(0)
    page.locator("#q-referred_on-month").fill("2")
    page.locator("#q-referred_on-year").fill("2025")
    with page.expect_response(lambda response: "The+rest" in (response.request.post_data or "")):
        page.locator("#e-threshold").fill("The rest is saved.")
    expect(error).to_have_text("Error: The date must be a real date, like 27 3 2025")
    assert evidence(world) == ["The rest is saved."]
    day.fill("28")
    page.locator("#q-reference_used").focus()
    expect(error).to_have_count(0)
    expect_saved(page)


def test_a_bad_line_is_said_and_saved_over_when_it_is_back(world: World, page: Page) -> None:
    page.route("**/autosave", lambda route: route.abort())
    page.locator("#e-threshold").fill("Typed on a train.")
    expect(status(page)).to_have_text("Not saved, trying again.")
    assert evidence(world) == []
    page.unroute("**/autosave")
    expect_saved(page)
    assert evidence(world) == ["Typed on a train."]


def test_a_lost_answer_is_no_clash(world: World, page: Page) -> None:
    def lose(route: Route) -> None:
        route.fetch()
        route.abort()

    page.route("**/autosave", lose)
    page.locator("#e-threshold").fill("Typed on")
    page.get_by_label("Strength 1").fill("Seen")
    expect(status(page)).to_have_text("Not saved, trying again.")
    page.unroute("**/autosave")
    page.locator("#e-threshold").fill("Typed on a train.")
    page.get_by_label("Strength 1").fill("Seen alone.")
    expect_saved(page)
    assert (evidence(world), findings(world)) == (["Typed on a train."], ["Seen alone."])


def test_leaving_with_unsaved_words_asks_first(world: World, page: Page) -> None:
    asked: list[str] = []

    def stay(dialog: Any) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.route("**/autosave", lambda route: route.abort())
    page.on("dialog", stay)
    page.locator("#e-threshold").fill("Not yet saved.")
    page.get_by_role("link", name="Case C014").click()
    expect(page.locator("#e-threshold")).to_have_value("Not yet saved.")
    assert asked == ["beforeunload"]


def test_words_typed_just_before_leaving_are_saved(world: World, page: Page) -> None:
    page.on("dialog", lambda dialog: dialog.accept())
    page.locator("#e-threshold").fill("At the last moment.")
    page.get_by_role("link", name="Case C014").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Return of Riverside NHS Trust")
    page.go_back()
    expect(page.locator("#e-threshold")).to_have_value("At the last moment.")


def test_somebody_else_s_change_is_not_overwritten_but_compared(world: World, page: Page) -> None:
    world.save({"e-threshold": "Theirs."})
    page.locator("#e-threshold").fill("Mine.")
    expect(status(page)).to_contain_text("somebody else changed “Was the threshold decision right?”")
    assert evidence(world) == ["Theirs."]
    page.get_by_role("button", name="Compare the two").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Somebody else changed this section")
    page.get_by_role("button", name="Save mine over it").click()
    expect(page.locator("#e-threshold")).to_have_value("Mine.")
    assert evidence(world) == ["Mine."]


def test_signed_out_and_in_again_elsewhere_the_page_saves_what_it_kept(
    world: World, site: str, page: Page
) -> None:
    with world.app.app_context(), writing() as session:
        for row in session.scalars(select(SignIn)):
            row.ended_at = now()
    page.locator("#e-threshold").fill("Typed over an hour.")
    expect(status(page)).to_contain_text("You have been signed out")
    expect(page.get_by_role("link", name="Sign in again")).to_have_attribute("target", "_blank")
    assert evidence(world) == []
    sign_in(world, site, page.context)
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    expect_saved(page)
    assert evidence(world) == ["Typed over an hour."]


def test_a_return_completed_meanwhile_stops_saving_and_says_so(world: World, page: Page) -> None:
    with world.app.app_context(), writing() as session:
        session.get_one(Return, world.row.id).state = "submitted"  # type: ignore[assignment]
    page.locator("#e-threshold").fill("Too late.")
    expect(status(page)).to_contain_text("This return has been completed")
    expect(page.locator("#e-threshold")).to_have_value("Too late.")


def test_enter_in_a_box_saves_and_stays(world: World, page: Page) -> None:
    page.locator("#q-reference_used").fill("Level 3")
    page.locator("#q-reference_used").press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("Your answers are saved.")
    expect(page.get_by_role("heading", level=1)).to_have_text("Front door and threshold")


def test_without_a_script_everything_works_by_buttons(world: World, site: str, chromium: Browser) -> None:
    context = chromium.new_context(java_script_enabled=False)
    sign_in(world, site, context)
    page = context.new_page()
    page.goto(site + world.section())
    expect(page.get_by_label("Why was consent not sought?")).to_be_hidden()
    page.locator("[data-question=consent]").get_by_label("No", exact=True).check()
    page.get_by_label("Strength 1").fill("Seen alone.")
    page.get_by_role("button", name="Add another strength").click()
    page.get_by_label("Strength 2").fill("Brother seen too.")
    page.get_by_role("button", name="Remove strength 1").click()
    page.get_by_role("button", name="Save and continue").click()
    page.get_by_role("link", name="Why was consent not sought?").click()
    page.get_by_label("Why was consent not sought?").fill("An emergency.")
    page.get_by_role("button", name="Save and continue").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Child protection plan")
    context.close()
    assert findings(world) == ["Brother seen too."]


@pytest.mark.parametrize("width", [1200, 320])
def test_pages_have_no_barriers_and_fit_the_screen(world: World, site: str, page: Page, width: int) -> None:
    world.save({"q-consent": "no", "q-decision_days": "4", "f-strength-n1": "Seen alone."})
    page.set_viewport_size({"width": width, "height": 800})
    pages = [world.address(name) for name in ("", "check-answers", "read", "not-involved", "concern")]
    for address in ("/my-work", world.section(), "/concerns", *pages):
        page.goto(site + address)
        page.evaluate(AXE)
        found = page.evaluate("axe.run()")["violations"]
        assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found] == [], address
        wider = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert page.evaluate(wider) == 0, f"{address} must be scrolled sideways"
