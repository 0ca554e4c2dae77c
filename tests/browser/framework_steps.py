"""Steps of building a framework from a paper tool, as a QA lead takes them."""

from __future__ import annotations

import re
from collections.abc import Callable

from flask import Flask
from playwright.sync_api import expect

from tests.browser import paper_tool as paper
from tests.browser.conftest import Visitor
from tests.browser.paper_tool import PaperQuestion, PaperScale, PaperSection
from tests.support.pages import Browser

NAMES = ".at-part__words > a"
TYPES = {
    "grade": "Grade",
    "yes_no": "Yes, partly or no",
    "single_choice": "One choice",
    "several_choices": "Several choices",
    "number": "Number",
    "date": "Date",
    "short_text": "Short text",
    "long_text": "Long text",
}


def signed_in(app: Flask, visitor: Callable[..., Visitor], email: str) -> Visitor:
    """A person at a browser, signed in without the form, which has tests of its own."""
    name = email.split("@", 1)[0]
    person = visitor(name)
    cookie = Browser(app, email).client.get_cookie("audit_together")
    assert cookie
    person.context.add_cookies([{"name": "audit_together", "value": cookie.value, "url": person.address}])
    return person


def start_blank(lead: Visitor) -> str:
    """Start the framework; gives back the draft's path."""
    lead.visit("/frameworks")
    lead.click("Start a framework")
    lead.click("From blank")
    lead.fill("Name", paper.NAME)
    lead.fill("Summary", paper.SUMMARY)
    lead.tick("Cases: work with children and families")
    lead.tick("Several agencies on each case")
    lead.tick("All areas")
    lead.click("Start the draft")
    assert lead.heading == paper.NAME
    return re.sub(r"[?#].*", "", lead.page.url.removeprefix(lead.address))


def add_scales(lead: Visitor, draft: str) -> None:
    """Two ready-made scales, and one written by hand; the panel grades on that."""
    lead.visit(f"{draft}/scales")
    for scale in paper.SCALES[:2]:
        row = lead.page.locator("form", has_text=f"Add {scale.name}")
        lead.press(row.get_by_role("button"))
    lead.click("Write a scale of your own")
    write_scale(lead, paper.SCALES[2])
    lead.click("Add the scale")
    lead.visit(draft)
    lead.click("Change the details")
    lead.choose("Scale on which the panel grades each section and the whole", paper.JUDGED_ON)
    lead.page.get_by_role("button", name="Save", exact=False).last.click()


def write_scale(lead: Visitor, scale: PaperScale) -> None:
    """Fill in the form of a scale."""
    lead.fill("Name", scale.name)
    rows = lead.page.locator("[data-row-of=grades]")
    while rows.count() < len(scale.grades):
        lead.page.get_by_role("button", name="Add a grade", exact=True).click()
    for place, (label, descriptor, meets) in enumerate(scale.grades):
        row = rows.nth(place)
        row.get_by_label("Name of the grade").fill(label)
        row.get_by_label("What practice of this grade looks like").fill(descriptor)
        if meets:
            row.get_by_label("It meets the standard").check()


def add_profile(lead: Visitor, draft: str) -> None:
    """The fields of the case profile, each a choice."""
    for label, answers in paper.PROFILE:
        lead.visit(f"{draft}/profile")
        lead.click("Write a field of your own")
        lead.fill("What is recorded", label)
        lead.tick("One answer from a list")
        rows = lead.page.locator("[data-row-of=options]")
        while rows.count() < len(answers):
            lead.page.get_by_role("button", name="Add an answer", exact=True).click()
        for place, answer in enumerate(answers):
            rows.nth(place).get_by_role("textbox").fill(answer)
        lead.click("Add the field")


def add_section(lead: Visitor, draft: str, section: PaperSection) -> None:
    """A section with its closing questions and all its questions, in the paper's order."""
    lead.visit(draft)
    lead.click("Add a section")
    lead.fill("Title", section.title)
    for sector in section.sectors:
        lead.page.get_by_text("Who is asked", exact=False).first.click()
        lead.tick(sector)
    lead.page.get_by_role("button", name="Add the section").click()
    plain = [question for question in section.questions if _plain(question)]
    lead.click("Paste several questions")
    lines = (f"{place}. {question.text}" for place, question in enumerate(plain, start=1))
    lead.page.get_by_label("Questions", exact=True).fill("\n".join(lines))
    lead.choose("How they are answered", TYPES["grade"])
    lead.choose("Scale", plain[0].scale)
    lead.click("Add the questions")
    lead.click("Add a question")
    for question in section.questions:
        if not _plain(question):
            _add(lead, question)
    lead.click("Finish")
    for place, question in enumerate(section.questions):
        _put_in_place(lead, question, place)
        if question.when:
            _set_condition(lead, question)


def _plain(question: PaperQuestion) -> bool:
    return question.scale == PaperQuestion("").scale


def _add(lead: Visitor, question: PaperQuestion) -> None:
    lead.fill("Question", question.text)
    lead.choose("How it is answered", TYPES[question.type])
    if question.scale:
        lead.choose("Scale", question.scale)
    if question.options:
        lead.fill("Answers to choose from", "\n".join(question.options))
    lead.click("Save and add another")


def _texts(lead: Visitor) -> list[str]:
    """The questions of the section's page, in order."""
    return lead.page.locator(NAMES).all_inner_texts()


def _put_in_place(lead: Visitor, question: PaperQuestion, place: int) -> None:
    """Move it up, a step at a time, until it stands where the paper has it."""
    while (present := _texts(lead).index(question.text)) > place:
        lead.page.get_by_role("button", name=f"Move question {present + 1} up", exact=True).click()
        expect(lead.page.locator(NAMES).nth(present - 1)).to_have_text(question.text)


def _set_condition(lead: Visitor, question: PaperQuestion) -> None:
    """Ask it only after one answer to an earlier question."""
    assert question.when
    earlier, answer = question.when
    lead.click(question.text)
    lead.page.get_by_text("When it is asked: always").click()
    lead.page.get_by_role("button", name="Add a condition", exact=True).click()
    clause = lead.page.locator("[data-row-of=clauses]").first
    option = clause.locator("option", has_text=earlier).first
    clause.get_by_label("Show it when the answer to").select_option(value=option.get_attribute("value"))
    clause.get_by_label(answer, exact=True).check()
    lead.click("Save the question")


def publish(lead: Visitor) -> None:
    """From the draft's page to the published edition, past the page that says what freezing means."""
    lead.click("Publish this edition", exact=True)
    if lead.heading.startswith("Publish edition"):
        lead.click("Publish this edition", exact=True)
    assert "is published" in lead.text, lead.text


def write_next_edition(lead: Visitor, edition_id: int) -> None:
    """Next year's edition: one question reworded, one removed, one added, one on another scale."""
    lead.visit(f"/frameworks/editions/{edition_id}")
    lead.click("Start the next edition from this one")
    before, after = paper.NEXT_YEAR_REWORDED
    lead.click(paper.SECTIONS[1].title)
    lead.click(before)
    lead.fill("Question", after)
    lead.click("Save the question")
    lead.click("Add a question")
    lead.fill("Question", paper.NEXT_YEAR_ADDED)
    lead.choose("How it is answered", TYPES["yes_no"])
    lead.click("Save")
    lead.click("Next section", exact=False)
    lead.visit(_draft_of(lead))
    lead.click(paper.SECTIONS[0].title)
    place = _texts(lead).index(paper.NEXT_YEAR_REMOVED) + 1
    lead.page.get_by_role("link", name=f"Delete question {place}", exact=True).click()
    lead.review()
    lead.page.get_by_role("main").get_by_role("button", name="Delete", exact=False).click()
    lead.visit(_draft_of(lead))
    lead.click(paper.SECTIONS[4].title)
    lead.click(paper.NEXT_YEAR_RESCALED)
    lead.choose("Scale", "Red, amber, green")
    lead.click("Save the question")
    lead.visit(_draft_of(lead))


def _draft_of(lead: Visitor) -> str:
    found = re.search(r"/frameworks/drafts/\d+", lead.page.url)
    assert found, lead.page.url
    return found.group()


def compare_and_publish(lead: Visitor, edition_id: int) -> None:
    """The comparison with last year's edition, then the draft published."""
    draft = _draft_of(lead)
    number = draft.rsplit("/", 1)[1]
    lead.visit(f"/frameworks/editions/{edition_id}/compare/{number}")
    for text in (*paper.NEXT_YEAR_REWORDED, paper.NEXT_YEAR_REMOVED, paper.NEXT_YEAR_ADDED):
        assert text in " ".join(lead.text.split()), text
    assert paper.NEXT_YEAR_RESCALED in lead.text
    lead.visit(draft)
    publish(lead)
