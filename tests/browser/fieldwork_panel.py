"""Steps of the panel, the summaries of the cases, and where every sentence that was typed is found again."""

from __future__ import annotations

import re
from datetime import date
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

from playwright.sync_api import expect
from pypdf import PdfReader
from sqlalchemy import select

from qa.moderation.models import Judgement, PanelAttendance, PanelMeeting
from tests.browser.conftest import Visitor
from tests.browser.fieldwork_world import Fieldwork
from tests.support.jobs import run_all

TODAY = date.today()  # noqa: DTZ011 only a date to type into forms
REASONS = {
    "front_door": "The panel saw the referral form: it was decided within a day.",
    "protection": "The plan names who does what, but not by when.",
    "overall": "Good work at the door; the plan keeps the case from being good as a whole.",
}


def open_complete_cases(work: Fieldwork, lead: Visitor) -> None:
    """Every case is complete, double audits too, and goes to the panel at once."""
    lead.visit(work.path)
    lead.click("Panel")
    lead.click("Open the 30 complete cases to the panel")
    lead.click("Open to the panel")
    assert "Open the" not in lead.text
    assert "Furthest apart" in lead.text


def read_side_by_side(work: Fieldwork, auditor: Visitor, case_id: int) -> None:
    """Once the case is open its auditors read every return on it, a second auditor's marked as such."""
    auditor.visit(f"{work.path}/panel/{case_id}")
    facts = auditor.page.locator(".at-facts").first
    expect(facts).to_contain_text("Riverton Police")
    expect(facts).to_contain_text("Riverton Health (second auditor)")


def agree_by_keyboard(work: Fieldwork, lead: Visitor, case_id: int) -> None:
    """Each grade of a case by a digit, its reason typed, saved by Ctrl with Enter; no mouse."""
    page = lead.page
    lead.visit(f"{work.path}/panel/{case_id}")
    for part, reason in REASONS.items():
        page.locator(f"#grade-{part}").focus()
        page.keyboard.press("3")
        expect(page.locator(f"#grade-{part}-3")).to_be_checked()
        page.keyboard.press("Tab")
        expect(page.locator(f"#reason-{part}")).to_be_focused()
        page.keyboard.type(work.say(reason, Judgement.reason, case_id))
        with page.expect_navigation(wait_until="load"):
            page.keyboard.press("Control+Enter")
        lead.review()
        expect(page.locator(f"#agreed-{part}")).to_contain_text("Saved")
        expect(page.locator(f"#agreed-{part}")).to_contain_text("Requires improvement to be good")
    assert sorted(work.ask(select(Judgement.reason))) == sorted(REASONS.values())


def hold_meeting(work: Fieldwork, lead: Visitor) -> None:
    """The panel meets: who was there, who sent apologies, and the minutes."""
    lead.visit(f"{work.path}/panel")
    lead.click("Meetings: attendance and minutes")
    lead.click("Add a meeting")
    place = f"{work.path}/panel/meetings/1"
    lead.day("Date of the meeting", TODAY.day, TODAY.month, TODAY.year)
    lead.fill("Chair", work.say("Ira Scrutineer", PanelMeeting.chair, place))
    people = (
        ("Cole Council", "Riverton Council", "Present"),
        ("Perry P.", "Riverton Probation", "Sent apologies"),
    )
    for number, (name, agency, attended) in enumerate(people, start=1):
        row = lead.page.get_by_role("group", name=f"Person {number}", exact=True)
        row.get_by_label("Name", exact=True).fill(work.say(name, PanelAttendance.name, place))
        row.get_by_label("Agency", exact=True).select_option(label=agency)
        row.get_by_label(attended, exact=True).check()
    minutes = "Plans were talked about for an hour.\nThe group asks for one template."
    lead.fill("Minutes (optional)", work.say(minutes, PanelMeeting.minutes, place))
    lead.press(lead.page.get_by_role("button", name="Save", exact=True).last)
    assert lead.heading.startswith("Panel of "), lead.text
    assert lead.page.url.endswith(place)
    assert "Riverton Police" in lead.text  # not represented


def read_agreement(work: Fieldwork, lead: Visitor) -> None:
    """How far graders agree, in words and figures, and how many pairs that rests on."""
    lead.visit(f"{work.path}/panel")
    lead.click("Agreement of graders")
    assert "From 24 double audits of 6 cases" in lead.text
    assert re.search(r"of \d+ pairs are the same grade \(\d+%\)\. Weighted kappa is 0\.\d\d", lead.text)
    assert re.search(r"Krippendorff’s alpha is 0\.\d\d", lead.text)
    table = lead.page.get_by_role("table", name="Two auditors, question by question")
    line = table.get_by_role("row", name=re.compile("Was the threshold decision right"))
    cells = line.get_by_role("cell").all_inner_texts()
    assert cells[0] == "24", cells
    assert all(re.fullmatch(r"0\.\d\d", cell) for cell in cells[2:]), cells
    moved = lead.page.get_by_role("table", name="Section grades that an agency gave and the panel agreed")
    expect(moved.get_by_role("row")).to_have_count(6)


def make_summaries(work: Fieldwork, lead: Visitor) -> dict[str, str]:
    """Every case summary as long work, in one zip; gives back the text of each PDF by its name."""
    lead.visit(f"{work.path}/cases")
    lead.click("Every case summary in one zip file")
    lead.click("Make the case summaries")
    ended = run_all(work.app)
    assert ended.done == 1
    lead.page.reload()
    link = lead.page.get_by_role("button", name=re.compile("Download one zip of 30 files"))
    with lead.page.expect_download() as download:
        link.click()
    archive = ZipFile(BytesIO(Path(download.value.path()).read_bytes()))
    assert len(archive.namelist()) == 30
    assert all(name.endswith(".pdf") for name in archive.namelist())
    return {name: _pdf_text(archive.read(name)) for name in archive.namelist()}


def _pdf_text(content: bytes) -> str:
    reader = PdfReader(BytesIO(content))
    return _squeezed("".join(page.extract_text() for page in reader.pages))


def _squeezed(text: str) -> str:
    """A text without what laying it out may change: white space."""
    return "".join(text.split())


def find_everything(work: Fieldwork, lead: Visitor, summaries: dict[str, str]) -> None:
    """Every sentence that was typed is in the database, and on the page, PDF or mail where it belongs."""
    pages: dict[str, str] = {}
    lost = []
    for one in work.said:
        if one.column is not None and one.text not in work.ask(select(one.column)):
            lost.append(f"not in the database: {one}")
        if isinstance(one.place, int):
            reference = work.reference(one.place).lower()
            (found,) = [text for name, text in summaries.items() if reference in name.lower()]
        elif one.place is None:
            found = _squeezed(" ".join(f"{subject} {text}" for _, subject, text in work.messages()))
        else:
            if one.place not in pages:
                lead.visit(one.place)
                pages[one.place] = _squeezed(lead.text)
            found = pages[one.place]
        if _squeezed(one.text) not in found:
            lost.append(f"not where it belongs: {one}")
    assert not lost, "\n".join(lost)
