"""A school without accounts completes its return: by a link and a code, signed out on the way, in Excel."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import expect
from sqlalchemy import update

from qa.accounts.models import SignIn
from qa.db import db, now, writing
from qa.guests.models import ReturnLink
from qa.returns.models import Answer
from tests.browser.conftest import Visitor
from tests.integration.guests.conftest import Exercise, exercise
from tests.integration.returns.conftest import COMPLETE_FRONT_DOOR

pytestmark = pytest.mark.browser
__all__ = ["exercise"]


def newest_code(exercise: Exercise, guest: Visitor, sent: int) -> str:
    """The code of the message after so many; mail leaves once the page has gone out."""
    for _ in range(100):
        if len(exercise.messages()) > sent:
            break
        guest.page.reload()
    return exercise.code()


def enter(exercise: Exercise, guest: Visitor) -> None:
    """From the link's page to the return."""
    sent = len(exercise.messages())
    guest.click("Send me a code")
    guest.fill("Code", newest_code(exercise, guest, sent))
    guest.click("Open the return")


def forget(exercise: Exercise) -> None:
    """Every session ends, and the last code was sent a while ago."""
    with exercise.app.app_context(), writing() as session:
        session.execute(update(SignIn).where(SignIn.guest_return_id.is_not(None)).values(ended_at=now()))
        session.execute(update(ReturnLink).values(code_asked_at=None))


def test_a_school_completes_its_return_by_a_link(
    exercise: Exercise,
    visitor: Callable[..., Visitor],
) -> None:
    exercise.send()
    guest = visitor("guest")
    guest.visit(exercise.link())
    assert guest.heading == "Open your return"
    enter(exercise, guest)
    assert guest.heading == "Return of The School"
    assert guest.page.get_by_role("navigation", name="Menu").count() == 0
    guest.click("Front door and threshold")
    status = guest.page.locator("[data-status]")
    text = guest.page.get_by_label("Threshold level named in the record (optional)")
    text.fill("Level 3")
    text.blur()
    expect(status).to_contain_text(re.compile(r"^Saved \d\d:\d\d$"))

    # Signed out in the middle: the words stay, the link leads to a new code, and they are saved.
    forget(exercise)
    text.fill("Level 4, as the record says")
    text.blur()
    expect(status).to_contain_text("You have been signed out")
    with guest.context.expect_page() as opened:
        status.get_by_role("link").click()
    again = Visitor.__new__(Visitor)
    again.__dict__.update(guest.__dict__, page=opened.value)
    again.page.wait_for_load_state()
    assert again.heading == "Open your return"
    enter(exercise, again)
    guest.page.evaluate("window.dispatchEvent(new Event('focus'))")  # as when one comes back to the tab
    expect(status).to_contain_text(re.compile(r"^Saved \d\d:\d\d$"))
    with exercise.app.app_context():
        assert db.session.scalars(db.select(Answer.text)).one() == "Level 4, as the record says"


def test_a_school_completes_its_return_in_excel_on_a_small_screen_without_scripts(
    exercise: Exercise,
    visitor: Callable[..., Visitor],
    tmp_path: Path,
) -> None:
    exercise.send()
    small = {"viewport": {"width": 320, "height": 640}, "java_script_enabled": False}
    guest = visitor("guest-320", **small)
    guest.review = lambda: None  # type: ignore[method-assign]  # axe is a script
    guest.visit(exercise.link())
    enter(exercise, guest)
    guest.click("Complete it in Excel")
    with guest.page.expect_download() as downloaded:
        guest.page.get_by_role("button", name="Download the form").click()
    file = tmp_path / "form.xlsx"
    downloaded.value.save_as(file)
    book = openpyxl.load_workbook(file)
    sheet = book["1. Front door and threshold"]
    labels = {"good": "Good", "yes": "Yes", "school": "School"}
    for name, answer in COMPLETE_FRONT_DOOR.items():
        row = next(row for row in range(1, 80) if sheet.cell(row, 1).value == f"q:{name[2:]}")
        sheet.cell(row, 4 if name.startswith("e-") else 3).value = labels.get(answer, answer)
    book.save(file)
    guest.page.get_by_label("Completed form").set_input_files(file)
    guest.click("Upload and compare")
    assert guest.heading == "What differs"
    width = guest.page.locator("html").evaluate("e => e.scrollWidth")
    assert width <= 320
    guest.click("Take in what is ticked")
    assert "answers were taken in" in guest.text
    guest.click("Check your answers and submit")
    guest.page.get_by_label(re.compile("I have checked these answers")).check()
    guest.click("Submit return")
    assert "Thank you. There is nothing more for you to do" in guest.text
    guest.click("Sign out")
    assert guest.heading == "This return is in"


def test_the_pages_of_links_and_of_excel_are_accessible(
    exercise: Exercise,
    visitor: Callable[..., Visitor],
    tmp_path: Path,
) -> None:
    exercise.send()
    lead, cookie = visitor("lead"), exercise.browser().client.get_cookie("audit_together")
    assert cookie is not None
    lead.context.add_cookies([{"name": "audit_together", "value": cookie.value, "url": lead.address}])
    lead.visit(f"/returns/{exercise.row.id}/link")
    lead.visit(f"/audits/{exercise.audit.id}/links")
    guest = visitor("guest")
    guest.visit("/link/unknown")
    guest.visit(exercise.link())
    enter(exercise, guest)
    guest.visit(f"/returns/{exercise.row.id}/excel")
    with guest.page.expect_download() as downloaded:
        guest.page.get_by_role("button", name="Download the form").click()
    file = tmp_path / "form.xlsx"
    downloaded.value.save_as(file)
    book = openpyxl.load_workbook(file)
    sheet = book["1. Front door and threshold"]
    row = next(row for row in range(1, 80) if sheet.cell(row, 1).value == "q:threshold")
    for answer, heading in (("Goood", "Complete it in Excel"), ("Good", "What differs")):
        sheet.cell(row, 3).value = answer
        book.save(file)
        guest.page.get_by_label("Completed form").set_input_files(file)
        guest.click("Upload and compare")
        assert guest.heading == heading
    guest.click("Take in what is ticked")
    lead.visit(f"/returns/{exercise.row.id}/link")
    lead.click("Revoke", exact=False)
    guest.visit(exercise.link())
    assert guest.heading == "This link has ended"
