"""A return in Excel, by its pages: download, upload, what differs, taking in."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
import pytest
from sqlalchemy import func, select

from qa.accounts.permissions import Role
from qa.audits.lifecycle import ReturnState
from qa.audits.models import Return
from qa.db import db, writing
from qa.returns.models import Answer, Finding
from qa.trail.models import TrailEntry
from tests.integration.returns.conftest import World
from tests.support.pages import Browser, Page


def download(world: World, browser: Browser | None = None) -> bytes:
    page = (browser or world.browser(world.auditor)).get(world.address("excel/form"))
    assert f'filename="{world.case.reference}-' in page.response.headers["Content-Disposition"]
    return page.response.get_data()


def typed(raw: bytes, **answers: object) -> bytes:
    """The workbook with words typed into it, by question; e_ before one is its evidence, f_1 the first new
    strength of the first section.
    """
    book: Any = openpyxl.load_workbook(io.BytesIO(raw))
    for name, said in answers.items():
        key = f"f:strength-n{name[2:]}" if name.startswith("f_") else f"q:{name.removeprefix('e_')}"
        column = 4 if name.startswith("e_") else 3
        place = [(sheet, row) for sheet in book for row in range(1, sheet.max_row + 1)]
        sheet, row = next((s, r) for s, r in place if s.cell(r, 1).value == key)
        sheet.cell(row, column).value = said
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def upload(world: World, raw: bytes, name: str = "form.xlsx", browser: Browser | None = None) -> Page:
    sent = {"file": (io.BytesIO(raw), name)}
    return (browser or world.browser(world.auditor)).post(world.address("excel"), sent)


def take_in(world: World, page: Page, *, do: str = "ticked", **changes: object) -> Page:
    form = {**page.form("file"), "do": do, **changes}
    return world.browser(world.auditor).post(world.address("excel/take-in"), form)


def answers(world: World) -> dict[str, tuple[str | None, str]]:
    """Texts and evidence by question."""
    with world.app.app_context():
        rows = db.session.execute(
            select(Answer.question_id, Answer.text, Answer.code, Answer.grade_id, Answer.evidence).where(
                Answer.return_id == world.row.id
            )
        )
        keys = world.edition.question_keys
        grades = world.edition.grade_keys
        return {
            keys[number]: (text or code or (grades[grade][1] if grade else None), evidence)
            for number, text, code, grade, evidence in rows
        }


def test_a_return_is_completed_in_excel(world: World) -> None:
    browser = world.browser(world.auditor)
    assert browser.get(world.address()).links["Complete it in Excel"] == world.address("excel")
    raw = typed(
        download(world), threshold="Good", e_threshold="=1+1 as it stands.", reference_used="-3", f_1="@seen"
    )
    page = upload(world, raw)
    assert page.heading == "What differs"
    assert "The file changes 3 answers. Nothing has been taken in yet" in page.text
    assert "Answer: kept now Not answered" in page.text
    assert answers(world) == {}
    done = take_in(world, page)
    assert "3 answers were taken in." in done.text
    assert answers(world) == {"threshold": ("good", "=1+1 as it stands."), "reference_used": ("-3", "")}
    with world.app.app_context():
        finding = db.session.scalars(select(Finding)).one()
        row = db.session.get_one(Return, world.row.id)
        events = list(db.session.scalars(select(TrailEntry.event).where(TrailEntry.record == "return")))
    assert (finding.text, finding.created_by_id) == ("@seen", world.auditor.id)
    assert row.state is ReturnState.IN_PROGRESS
    assert "returns.saved" in events


def test_the_same_file_again_changes_nothing(world: World) -> None:
    raw = typed(download(world), threshold="Good", f_1="Seen alone.")
    take_in(world, upload(world, raw))
    page = upload(world, raw)
    assert "there is nothing to take in" in page.text
    with world.app.app_context():
        assert db.session.scalar(select(func.count(Finding.id))) == 1


def test_only_what_is_ticked_is_taken_in(world: World) -> None:
    raw = typed(download(world), threshold="Good", reference_used="Level 3")
    page = upload(world, raw)
    done = take_in(world, page, take=["reference_used"])
    assert "1 answer was taken in." in done.text
    assert answers(world) == {"reference_used": ("Level 3", "")}
    again = take_in(world, upload(world, raw), take=[])
    assert again.errors == ["Nothing was ticked, so nothing was taken in"]
    assert "Was the threshold decision right?" in again.text


def test_a_conflict_is_marked_and_not_ticked_and_taken_only_when_chosen(world: World) -> None:
    raw = typed(download(world), reference_used="From the file", decision_days=4)
    world.save({"q-reference_used": "Typed here"})
    page = upload(world, raw)
    assert "Changed here since the download" in page.text
    assert "Take in everything, also what changed here" in page.html
    assert page.form("file")["take"] == "decision_days"
    take_in(world, page)
    assert answers(world)["reference_used"] == ("Typed here", "")
    take_in(world, upload(world, raw), take=["reference_used"])
    assert answers(world)["reference_used"] == ("From the file", "")


def test_everything_is_taken_in_by_one_button(world: World) -> None:
    raw = typed(download(world), reference_used="From the file", decision_days=4)
    world.save({"q-reference_used": "Typed here"})
    done = take_in(world, upload(world, raw), do="all")
    assert "2 answers were taken in." in done.text
    assert answers(world)["reference_used"] == ("From the file", "")


def test_what_changes_between_the_page_and_the_button_is_not_written_over(world: World) -> None:
    raw = typed(download(world), reference_used="From the file", threshold="Good")
    page = upload(world, raw)
    world.save({"q-reference_used": "Typed meanwhile"})
    again = take_in(world, page)
    assert again.errors[0].startswith("Somebody changed the same answers meanwhile. Nothing was taken in")
    assert "Typed meanwhile" in again.text
    assert answers(world) == {"reference_used": ("Typed meanwhile", "")}
    take_in(world, again, do="all")
    assert answers(world) == {"reference_used": ("From the file", ""), "threshold": ("good", "")}


def test_a_file_with_wrong_cells_is_not_taken_in_and_each_is_named(world: World) -> None:
    raw = typed(download(world), threshold="Goood", reference_used="Level 3", decision_days="soon")
    page = upload(world, raw)
    assert page.heading == "Complete it in Excel"
    assert "“1. Front door and threshold”, C4: “Goood” is not one of the answers" in page.text
    assert "must be a number in figures" in page.text
    assert "Nothing was taken in" in page.text
    assert answers(world) == {}


@pytest.mark.parametrize(
    ("raw", "sentence"),
    [
        (b"", "Choose the Excel file that you completed"),
        (b"threshold,good", "This is not an Office file"),
        (b"x" * 2_000_001, "The file is larger than 2 MB"),
    ],
)
def test_another_file_is_refused_in_words(world: World, raw: bytes, sentence: str) -> None:
    page = upload(world, raw, "form.xlsx" if raw else "")
    assert sentence in page.field_error("file")


def test_the_form_of_another_return_is_refused(world: World) -> None:
    browser = world.browser(world.police_auditor)
    raw = browser.get(f"/returns/{world.other_row.id}/excel/form").response.get_data()
    page = upload(world, raw)
    assert "This is the form of another return" in page.field_error("file")
    assert answers(world) == {}


def test_nothing_is_downloaded_or_taken_in_once_the_return_is_in(world: World) -> None:
    raw = typed(download(world), threshold="Good")
    page = upload(world, raw)
    with world.app.app_context(), writing() as session:
        session.get_one(Return, world.row.id).state = ReturnState.SUBMITTED
    refused = take_in(world, page)
    assert "so nothing was saved" in " ".join(refused.errors)
    assert answers(world) == {}
    assert world.browser(world.auditor).get(world.address("excel")).heading.startswith("Return of")
    assert world.browser(world.auditor).get(world.address("excel/form")).heading.startswith("Return of")


def test_who_only_reads_the_return_does_not_download_it(world: World) -> None:
    lead = world.browser(world.lead)
    lead.get(world.address("excel"), status=403)
    lead.get(world.address("excel/form"), status=403)
    lead.post(world.address("excel/take-in"), {}, status=403)
    other = world.make.person(Role.AUDITOR, agency=world.police)
    world.browser(other).get(world.address("excel/form"), status=404)


def test_nonsense_sent_to_be_taken_in_is_refused(world: World) -> None:
    page = world.browser(world.auditor).post(world.address("excel/take-in"), {"file": "[1", "do": "all"})
    assert "The file could not be taken in. Choose it again" in page.text
