"""Building a framework with the keyboard and with the script: order, rows, conditions, kept words."""

from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Page

from qa.accounts.permissions import Role
from qa.accounts.signing_in import _start
from qa.db import db
from tests.browser.conftest import Visitor
from tests.support.factories import Maker

Build = Callable[[], Visitor]


@pytest.fixture
def draft(make: Maker) -> str:
    """The path of a draft of every question type."""
    return f"/frameworks/drafts/{make.draft()}"


@pytest.fixture
def lead(app: Flask, make: Maker, visitor: Callable[..., Visitor]) -> Visitor:
    """A QA lead who is signed in."""
    person = make.person(Role.QA_LEAD, area=make.area())
    came = visitor("builder")
    with app.app_context():
        token = _start(person.id, "")
        db.session.remove()
    signed = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    name = app.config["SESSION_COOKIE_NAME"]
    came.context.add_cookies([{"name": name, "value": signed.dumps({"sign_in": token}), "url": came.address}])
    return came


def order(page: Page) -> list[str]:
    """The list's parts in their order."""
    ids = page.locator("[data-move]").evaluate_all("rows => rows.map(row => row.id)")
    return [str(one) for one in ids]


def kept(page: Page) -> int:
    """How many forms' words this browser keeps."""
    found: int = page.evaluate("Object.keys(localStorage).filter(key => key.startsWith('at-typed|')).length")
    return found


def wait_until_kept(page: Page) -> None:
    """Typed words are kept a moment after the last key."""
    page.locator("body").evaluate(
        """() => new Promise((done) => {
            const look = () => Object.keys(localStorage).some((key) => key.startsWith("at-typed|"))
                ? done() : setTimeout(look, 20);
            look();
        })"""
    )


def test_a_list_is_ordered_by_the_keyboard_and_by_dragging(lead: Visitor, draft: str) -> None:
    lead.visit(f"{draft}/sections/front_door")
    page = lead.page
    status = page.locator("[data-announce]")
    button = page.get_by_role("button", name="Move question 2 up")
    button.focus()
    page.keyboard.press("Enter")
    status.filter(has_text="is now 1 of 10").wait_for(state="attached")
    assert order(page)[:2] == ["q-consent", "q-threshold"]
    assert page.evaluate("document.activeElement.closest('li').id") == "q-consent"
    target = page.locator("#q-consent")
    page.locator("#q-referrer .at-grip").drag_to(target, target_position={"x": 100, "y": 4})
    status.filter(has_text="“Who referred?” is now 1 of 10").wait_for(state="attached")
    assert order(page)[:2] == ["q-referrer", "q-consent"]
    page.reload()
    assert order(page)[:2] == ["q-referrer", "q-consent"]
    lead.review()


def test_rows_and_conditions_are_written_in_place(lead: Visitor, draft: str) -> None:
    lead.visit(f"{draft}/questions/consulted")
    page = lead.page
    page.get_by_role("button", name="Add an answer").click()
    page.keyboard.type("Housing")
    page.get_by_role("button", name="Up answer 5").click()
    page.get_by_role("button", name="Remove answer 1").click()
    page.get_by_text("When it is asked: always").click()
    page.get_by_role("button", name="Add a condition").click()
    page.get_by_label("Show it when the answer to").select_option("profile:pathway")
    page.get_by_label("Child protection", exact=True).check()
    page.get_by_role("button", name="Add a condition").click()
    page.get_by_label("Show it when the answer to").nth(1).select_option("question:consent")
    page.locator("[data-answers]").nth(1).get_by_label("No", exact=True).check()
    lead.tick("Any one of them is enough")
    lead.review()
    lead.click("Save the question")
    row = page.locator("#q-consulted")
    assert "Several choices, 3 answers" in row.inner_text()
    assert "“Pathway” is “Child protection” or “Was consent sought” is “No”" in row.inner_text()
    lead.visit(f"{draft}/questions/consulted")
    labels = page.locator("[data-row-of=options] input[id$=label]").evaluate_all(
        "all => all.map(e => e.value)"
    )
    assert labels[:3] == ["Police", "Education", "Housing"]


def test_fields_come_and_go_with_the_type(lead: Visitor, draft: str) -> None:
    lead.visit(f"{draft}/questions/referrer")
    page = lead.page
    lead.choose("How it is answered", "Number")
    assert page.get_by_label("Unit (optional)").is_visible()
    assert page.get_by_label("Answer 1").is_hidden()
    lead.choose("How it is answered", "One choice")
    assert page.get_by_label("Answer 1").input_value() == "School"


def test_sixty_questions_go_in_by_the_enter_key(lead: Visitor, draft: str) -> None:
    lead.visit(f"{draft}/sections/front_door/new-question")
    page = lead.page
    lead.choose("How it is answered", "Grade")
    lead.choose("Scale", "Ofsted's four grades")
    page.get_by_label("Question", exact=True).focus()
    for number in range(3):
        page.keyboard.type(f"Question number {number}?")
        with page.expect_navigation():
            page.keyboard.press("Enter")
        assert f"Added: Question number {number}?" in lead.text
        assert "did not save it" not in lead.text
        assert page.evaluate("document.activeElement.name") == "text"
    assert "13 questions so far" in lead.text


def test_typed_words_survive_a_closed_tab_and_go_once_they_are_saved(lead: Visitor, draft: str) -> None:
    lead.visit(f"{draft}/questions/consent")
    lead.fill("Question", "Half a thought")
    wait_until_kept(lead.page)
    lead.page.close()
    lead.page = lead.context.new_page()
    lead.visit(f"{draft}/questions/consent")
    assert lead.page.get_by_label("Question", exact=True).input_value() == "Was consent sought?"
    assert "and did not save it." in lead.text
    lead.click("Bring it back")
    lead.page.wait_for_load_state()
    assert lead.page.get_by_label("Question", exact=True).input_value() == "Half a thought"
    assert kept(lead.page) == 1
    lead.click("Save the question")
    assert "Half a thought" in lead.page.locator("#q-consent").inner_text()
    assert kept(lead.page) == 0


def test_typed_words_survive_being_signed_out(lead: Visitor, draft: str) -> None:
    lead.visit(f"{draft}/new-section")
    cookies = lead.context.cookies()
    lead.fill("Title", "Planning")
    wait_until_kept(lead.page)
    lead.context.clear_cookies()
    lead.click("Add the section")
    lead.context.add_cookies(cookies)  # type: ignore[arg-type]  # what it gives, it takes
    lead.visit(f"{draft}/new-section")
    lead.click("Bring it back")
    lead.page.wait_for_load_state()
    lead.click("Add the section")
    assert lead.heading == "Planning"
    assert kept(lead.page) == 0


def test_words_are_forgotten_on_request_and_on_signing_out(lead: Visitor, draft: str) -> None:
    lead.visit(f"{draft}/questions/consent")
    lead.fill("Question", "Half a thought")
    wait_until_kept(lead.page)
    lead.page.close()
    lead.page = lead.context.new_page()
    lead.visit(f"{draft}/questions/consent")
    lead.page.get_by_role("button", name="Forget it").click()
    assert kept(lead.page) == 0
    lead.fill("Question", "Another thought")
    wait_until_kept(lead.page)
    lead.page.once("dialog", lambda dialog: dialog.accept())
    lead.click("Sign out")
    assert kept(lead.page) == 0


def test_leaving_with_unsaved_words_warns(lead: Visitor, draft: str) -> None:
    lead.visit(f"{draft}/questions/consent")
    lead.fill("Question", "Half a thought")
    asked: list[str] = []

    def stay(dialog: object) -> None:
        asked.append(getattr(dialog, "type", ""))
        getattr(dialog, "dismiss")()  # noqa: B009 typed as object by the event

    lead.page.once("dialog", stay)
    lead.page.get_by_role("link", name="Cancel").click()
    assert asked == ["beforeunload"]
    assert lead.page.get_by_label("Question", exact=True).input_value() == "Half a thought"


@pytest.mark.parametrize(
    "path",
    [
        *("", "/details", "/new-section", "/sections/front_door", "/sections/protection/settings"),
        *(
            "/sections/front_door/new-question",
            "/sections/front_door/paste-questions",
            "/questions/threshold",
        ),
        *("/questions/consent_why", "/questions/referrer", "/questions/consent/delete", "/scales"),
        *("/scales/ofsted", "/profile", "/profile/pathway", "/delete"),
    ],
)
def test_every_page_fits_a_small_screen(lead: Visitor, draft: str, path: str) -> None:
    lead.page.set_viewport_size({"width": 320, "height": 640})
    lead.visit(draft + path)
    lead.page.locator("details").evaluate_all("all => all.forEach(one => { one.open = true; })")
    assert lead.page.evaluate("document.documentElement.scrollWidth") <= 320
    lead.reviewed.clear()
    lead.review()
