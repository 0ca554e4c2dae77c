"""Steps of those who complete returns: in a bad hour, in Excel, by a link, and with an identifier in them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import openpyxl
from playwright.sync_api import Page, expect
from sqlalchemy import select

from qa.accounts.models import Person
from qa.audits.lifecycle import ReturnState
from qa.audits.models import Return
from qa.identifiers.models import KeptIdentifier
from qa.returns.models import Answer, Concern, Finding
from tests.browser import journey
from tests.browser.conftest import Visitor
from tests.browser.fieldwork_world import PASSWORD, Fieldwork, expect_saved, status, tab
from tests.integration.returns.conftest import COMPLETE_FRONT_DOOR

FRONT_DOOR = "Front door and threshold"
FILLED_IN = "Chronology entry of 3 February; the child’s own words are in the record."  # by journey.fill_in
LABELS = {"good": "Good", "yes": "Yes", "school": "School"}


def open_section(work: Fieldwork, auditor: Visitor, row: Return, title: str) -> None:
    """From the home page to a section of a return."""
    auditor.visit("/")
    auditor.click("My work")
    auditor.click(work.reference(row.case_id), exact=False)
    auditor.click(title)


def kept(work: Fieldwork, row: Return, column: Any) -> list[str]:
    """The texts of a return that the database holds."""
    return [text for text in work.ask(select(column).where(Answer.return_id == row.id)) if text]


def lose_the_network(work: Fieldwork, auditor: Visitor, row: Return) -> None:
    """The connection goes while words are typed, and comes back."""
    page = auditor.page
    evidence = work.say("Typed on a train: the panel met twice.", Answer.evidence, row.case_id)
    level = work.say("Level 3 of the borough’s own four", Answer.text, row.case_id)
    auditor.context.set_offline(True)
    page.get_by_label("Threshold level named in the record (optional)").fill(level)
    expect(status(page)).to_have_text("Not saved, trying again.")
    page.locator("#e-threshold").fill(evidence)
    assert kept(work, row, Answer.evidence) == kept(work, row, Answer.text) == []
    auditor.context.set_offline(False)
    expect_saved(page)
    assert kept(work, row, Answer.evidence) == [evidence]
    assert kept(work, row, Answer.text) == [level]


def open_two_tabs(work: Fieldwork, auditor: Visitor, row: Return) -> None:
    """One section in two tabs: both versions are shown, and one is kept."""
    second = tab(auditor, auditor.context.new_page())
    second.page.goto(auditor.page.url)
    mine = work.say("Typed in the second tab: consent was asked for by letter.", Answer.evidence, row.case_id)
    auditor.page.locator("#e-consent").fill("Typed in the first tab: consent was asked for.")
    expect_saved(auditor.page)
    second.page.locator("#e-consent").fill(mine)
    expect(status(second.page)).to_contain_text("Not saved: somebody else changed")
    second.click("Compare the two")
    assert second.heading == "Somebody else changed this section"
    assert mine in second.text
    assert "Typed in the first tab: consent was asked for." in second.text
    second.click("Save mine over it")
    expect(second.page.locator("#e-consent")).to_have_value(mine)
    assert mine in kept(work, row, Answer.evidence)
    second.page.close()
    auditor.page.reload()


def sign_in_again(auditor: Visitor, page: Page, work: Fieldwork, name: str) -> None:
    """Follow the link that opens a new tab and sign in there, as somebody who was idle too long does."""
    with auditor.context.expect_page() as opened:
        page.get_by_role("link", name=re.compile("Sign in again")).click()
    other = tab(auditor, opened.value)
    other.fill("E-mail address", work.people[name].email)
    other.fill("Password", PASSWORD)
    other.page.get_by_role("button", name="Sign in").click()
    expect(other.page.get_by_role("heading", level=1)).not_to_have_text("Sign in")
    other.page.close()


def be_signed_out(work: Fieldwork, auditor: Visitor, row: Return, name: str) -> None:
    """The session ends while words are typed: signed in again in another tab, the page carries on."""
    page = auditor.page
    text = work.say("Help came within the week, and the school heard of it.", Answer.text, row.case_id)
    work.end_sessions()
    page.locator("#q-front_door_impact").fill(text)
    expect(status(page)).to_contain_text("You have been signed out")
    sign_in_again(auditor, page, work, name)
    page.evaluate("window.dispatchEvent(new Event('focus'))")  # as when one comes back to the tab
    expect_saved(page)
    assert text in kept(work, row, Answer.text)


def be_signed_out_without_scripts(work: Fieldwork, row: Return, name: str) -> None:
    """The same where no script runs: the button gets the words back whole, and they are sent again."""
    auditor = work.arrive(name, java_script_enabled=False)
    auditor.review = lambda: None  # type: ignore[method-assign]  # axe is a script
    open_section(work, auditor, row, FRONT_DOOR)
    page = auditor.page
    text = work.say("Written without a script.\nIn two lines.", Answer.evidence, row.case_id)
    page.locator("#e-front_door_grade").fill(text)
    work.end_sessions()
    page.get_by_role("button", name="Save and come back later").click()
    assert auditor.heading == "You have been signed out"
    assert "Written without a script." in auditor.text
    sign_in_again(auditor, page, work, name)
    auditor.click("Send it again")
    if auditor.heading == "Send it once more":
        auditor.click("Send it")
    assert auditor.heading == "Return of Riverton Health", auditor.text
    assert text in kept(work, row, Answer.evidence)


def complete_sections(
    work: Fieldwork, auditor: Visitor, row: Return, grade: int, place: str | None = None
) -> None:
    """Answer what is left of every section; the return's page is open at the end.

    place: where its words are found later, if not in the summary of its case.
    """
    base = f"{auditor.address}/returns/{row.id}"
    for title in journey.section_titles(auditor, base):
        auditor.page.goto(base)
        auditor.click(title)
        journey.answer_section(auditor, grade, title)
    for text in (journey.STRENGTH, journey.WEAKNESS):
        work.say(text, Finding.text, place or row.case_id)
    work.say(FILLED_IN, Answer.evidence, place or row.case_id)
    auditor.page.goto(base)


def declare(auditor: Visitor) -> None:
    """Tick that the answers were checked, and submit."""
    auditor.page.get_by_label(re.compile("I have checked these answers")).check()
    auditor.click("Submit return")


def submitted(work: Fieldwork, row: Return) -> bool:
    """Whether a return is in."""
    return work.ask(select(Return.state).where(Return.id == row.id)) == [ReturnState.SUBMITTED]


def type_an_identifier(work: Fieldwork, auditor: Visitor, row: Return) -> None:
    """An NHS number is saved as it is typed, keeps the return from being submitted, and is replaced."""
    auditor.page.goto(f"{auditor.address}/returns/{row.id}/sections/protection")
    auditor.page.locator("#e-plan_smart").fill("The front sheet has 943 476 5919 on it.")
    expect(status(auditor.page)).to_have_text(
        re.compile(r"^Saved \d\d:\d\d. Look at what is marked: could it identify somebody\?$")
    )
    expect(auditor.page.locator("#e-plan_smart-asked")).to_contain_text("Looks like an NHS number")
    assert "The front sheet has 943 476 5919 on it." in kept(work, row, Answer.evidence)
    auditor.page.goto(f"{auditor.address}/returns/{row.id}")
    auditor.click("Check your answers and submit")
    assert "could this identify somebody?" in auditor.text
    declare(auditor)
    assert not submitted(work, row)
    assert "There is a problem" in auditor.text
    auditor.press(auditor.page.locator("#asked").get_by_role("button", name=re.compile("^Replace by")))
    text = work.say("The front sheet has [NHS number] on it.", Answer.evidence, row.case_id)
    assert text in kept(work, row, Answer.evidence)
    assert work.ask(select(KeptIdentifier.id)) == []
    declare(auditor)
    assert submitted(work, row), auditor.text[:1500]


def raise_concern(work: Fieldwork, auditor: Visitor, row: Return) -> Concern:
    """An auditor is worried about a child and says so from the return."""
    auditor.visit(f"/returns/{row.id}")
    auditor.click("Raise a concern about this child")
    worry = "He told the nurse that he is afraid of going home tonight."
    done = "The duty social worker was called at ten."
    auditor.fill("What are you worried about?", worry)
    auditor.fill("What has been done already? (optional)", done)
    auditor.click("Raise this concern")
    concern: Concern
    (concern,) = work.ask(select(Concern))
    work.say(worry, Concern.text, f"/concerns/{concern.id}")
    work.say(done, Concern.already_done, f"/concerns/{concern.id}")
    return concern


def complete_in_excel(work: Fieldwork, auditor: Visitor, row: Return, folder: Path) -> None:
    """Download the form, fill it in, look at what differs, take it in, submit."""
    auditor.visit(f"/returns/{row.id}")
    auditor.click("Complete it in Excel")
    with auditor.page.expect_download() as downloaded:
        auditor.page.get_by_role("button", name="Download the form").click()
    file = folder / "form.xlsx"
    downloaded.value.save_as(file)
    evidence = "Typed into Excel: the decision record of 3 March."
    impact = "Typed into Excel: he is at school again."
    fill_in_workbook(file, {"e-front_door_grade": evidence, "q-front_door_impact": impact})
    auditor.page.get_by_label("Completed form").set_input_files(file)
    auditor.click("Upload and compare")
    assert auditor.heading == "What differs"
    assert evidence in auditor.text
    assert kept(work, row, Answer.evidence) == []
    auditor.click("Take in what is ticked")
    assert "answers were taken in" in auditor.text
    work.say(evidence, Answer.evidence, row.case_id)
    work.say(impact, Answer.text, row.case_id)
    auditor.click("Check your answers and submit")
    declare(auditor)
    assert submitted(work, row), auditor.text[:1500]


def fill_in_workbook(file: Path, texts: dict[str, str]) -> None:
    """Type the answers of a complete front door into the cells for them."""
    book = openpyxl.load_workbook(file)
    sheet = book[f"1. {FRONT_DOOR}"]
    for name, answer in {**COMPLETE_FRONT_DOOR, **texts}.items():
        place = next(n for n in range(1, 80) if sheet.cell(n, 1).value == f"q:{name[2:]}")
        sheet.cell(place, 4 if name.startswith("e-") else 3).value = LABELS.get(answer, answer)
    book.save(file)


def complete_by_link(work: Fieldwork, lead: Visitor, row: Return) -> None:
    """The school has no account: a link and a code open its one return, and it is completed."""
    lead.visit(f"{work.path}/cases/{row.case_id}")
    lead.click("Send a link to the return of Riverton School")
    lead.fill("Their name", work.say("Dr Hazel Moon", Person.name, f"{work.path}/links"))
    lead.fill("Their e-mail address", "hazel@school.example.org")
    lead.click("Send the link")
    school = work.visitor("school")
    school.visit(work.message(lead, r"https?://[^/\s]+(/link/\S+)").group(1))
    school.click("Send me a code")
    school.fill("Code", work.message(school, r"Your code is (\d{6})").group(1))
    school.click("Open the return")
    assert school.heading == "Return of Riverton School"
    school.click(FRONT_DOOR)
    text = work.say("The form tutor saw him on each of the three days.", Answer.evidence, row.case_id)
    school.page.locator("#e-front_door_grade").fill(text)
    expect_saved(school.page)
    complete_sections(work, school, row, grade=1)
    school.click("Check your answers and submit")
    declare(school)
    assert "Thank you. There is nothing more for you to do" in school.text
    assert submitted(work, row)


def audit_again(work: Fieldwork, auditor: Visitor, first: Return, second: Return) -> None:
    """A second auditor completes a return of their own, and can open no page of the first."""
    for page in ("", "/read", "/sections/front_door"):
        answer = auditor.page.goto(f"{auditor.address}/returns/{first.id}{page}")
        assert answer is not None
        assert answer.status == 404, page
    auditor.review()
    place = f"{work.path}/panel/{second.case_id}?evidence=open"
    open_section(work, auditor, second, FRONT_DOOR)
    text = work.say("Read a second time, without the first: the call came at four.", Answer.evidence, place)
    auditor.page.locator("#e-threshold").fill(text)
    expect_saved(auditor.page)
    complete_sections(work, auditor, second, grade=2, place=place)
    auditor.click("Check your answers and submit")
    declare(auditor)
    assert submitted(work, second)
