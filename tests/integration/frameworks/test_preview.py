"""Trying a framework out as an auditor would, and the page of a draft's checks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from qa.accounts.permissions import CurrentPerson, Role
from qa.db import db
from qa.frameworks.drafts.commands import Change, change_draft
from qa.frameworks.drafts.editing import changed, removed
from qa.frameworks.drafts.elements import Document, Kind
from qa.trail.models import TrailEntry
from tests.support.factories import Maker
from tests.support.pages import NAMESPACE, Browser, Page

Apply = Callable[[Document], Document]


@pytest.fixture
def person(make: Maker) -> CurrentPerson:
    return make.person(Role.QA_LEAD, area=make.area())


@pytest.fixture
def lead(person: CurrentPerson, browser: Callable[[str], Browser]) -> Browser:
    return browser(person.email)


@pytest.fixture
def draft_id(make: Maker) -> int:
    return make.draft()


def shown(page: Page) -> list[str]:
    """The keys of the questions of the open section that are to be seen."""
    sections = [one for one in page.all("section") if one.get("hidden") is None]
    assert len(sections) == 1
    return [
        element.get("data-question", "")
        for element in sections[0].iter(f"{NAMESPACE}div")
        if element.get("data-question") and element.get("hidden") is None
    ]


def open_section(page: Page) -> str:
    (section,) = [one for one in page.all("section") if one.get("hidden") is None]
    return section.get("data-section", "")


def listed(page: Page) -> list[str]:
    """The sections that are offered."""
    return [
        "".join(item.itertext())
        for item in page.all("li")
        if item.get("data-go") and item.get("hidden") is None
    ]


@pytest.fixture
def change(app: Flask, person: CurrentPerson, draft_id: int) -> Callable[[Apply], None]:
    """Changes the draft."""

    def changed_so(apply: Apply) -> None:
        with app.app_context():
            change_draft(person, draft_id, Change(apply, "Changed for a test"))

    return changed_so


def changing(kind: Kind, key: str, **values: Any) -> Callable[[Document], Document]:
    """A change of some values of a part."""

    def apply(document: Document) -> Document:
        listed = {Kind.SCALE: "scales", Kind.PROFILE_FIELD: "profile", Kind.SECTION: "sections"}
        if kind is Kind.QUESTION:
            parts = [question for section in document["sections"] for question in section["questions"]]
        else:
            parts = document[listed[kind]]
        (part,) = [one for one in parts if one["key"] == key]
        kept = {name: value for name, value in part.items() if name not in {"key", "questions"}}
        return changed(document, kind, key, {**kept, **values})

    return apply


def test_a_draft_is_answered_and_its_conditions_work_without_a_script(lead: Browser, draft_id: int) -> None:
    address = f"/frameworks/drafts/{draft_id}/preview"
    page = lead.get(address)
    assert page.heading == "Small framework"
    assert "This is a preview: nothing you type is kept." in page.text
    assert "Section 1 of 1" in page.text
    assert "consent_why" not in shown(page)
    assert listed(page) == ["Front door and threshold"]
    page = lead.post(address, {**page.form(), "q-consent": "no", "do": "show"})
    assert "consent_why" in shown(page)
    assert page.form()["q-consent"] == "no"
    page = lead.post(address, {**page.form(), "q-consent": "yes", "do": "show"})
    assert "consent_why" not in shown(page)


def test_the_case_profile_decides_which_sections_are_asked(lead: Browser, draft_id: int) -> None:
    address = f"/frameworks/drafts/{draft_id}/preview"
    page = lead.post(address, {**lead.get(address).form(), "p-pathway": "child_protection", "do": "show"})
    assert "Section 1 of 2" in page.text
    assert listed(page) == ["Front door and threshold", "Child protection plan"]
    page = lead.post(address, {**page.form(), "do": "go-protection"})
    assert open_section(page) == "protection"
    assert shown(page) == ["plan_smart", "police_check", "protection_grade", "protection_impact"]
    assert "Section 2 of 2" in page.text


def test_each_sector_sees_its_own_questions_and_no_answer_is_lost_between_them(
    lead: Browser, draft_id: int
) -> None:
    address = f"/frameworks/drafts/{draft_id}/preview"
    page = lead.get(f"{address}?sector=local_authority&p-pathway=child_protection&section=protection")
    assert "police_check" in shown(page)
    page = lead.post(address, {**page.form(), "q-police_check": "partly", "sector": "health", "do": "show"})
    assert shown(page) == ["plan_smart", "protection_grade", "protection_impact"]
    page = lead.post(address, {**page.form(), "sector": "police", "do": "show"})
    assert listed(page) == ["Front door and threshold"]
    page = lead.post(address, {**page.form(), "sector": "local_authority", "do": "go-protection"})
    assert page.form()["q-police_check"] == "partly"


def test_answers_are_kept_from_section_to_section_and_written_nowhere(
    app: Flask, lead: Browser, draft_id: int
) -> None:
    with app.app_context():
        before = db.session.scalar(select(func.count()).select_from(TrailEntry))
        db.session.remove()
    address = f"/frameworks/drafts/{draft_id}/preview"
    page = lead.get(f"{address}?p-pathway=child_protection")
    answers = {
        "q-threshold": "inadequate",
        "e-threshold": "Late.\n\nVery late.",
        "q-consulted": ["health", "education"],
        "q-referred_on-day": "3",
        "q-referred_on-month": "May",
        "q-decision_days": "12",
    }
    page = lead.post(address, {**page.form(), **answers, "do": "go-protection"})
    assert open_section(page) == "protection"
    page = lead.post(address, {**page.form(), "do": "go-front_door"})
    form = page.form()
    for name, value in answers.items():
        sent = form[name]
        assert (sent if isinstance(sent, list) else sent.replace("\r\n", "\n")) == value
    page = lead.get(address)
    assert "q-threshold" not in page.form()
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(TrailEntry)) == before


def test_going_on_shows_what_is_malformed_and_what_an_answer_brought_up(lead: Browser, draft_id: int) -> None:
    address = f"/frameworks/drafts/{draft_id}/preview"
    page = lead.get(f"{address}?p-pathway=child_protection")
    page = lead.post(address, {**page.form(), "q-decision_days": "many", "do": "continue"})
    assert open_section(page) == "front_door"
    assert any("Working days to the decision" in error for error in page.errors)
    assert page.field_error("q-decision_days")
    page = lead.post(address, {**page.form(), "q-decision_days": "3", "q-consent": "no", "do": "continue"})
    assert open_section(page) == "front_door"
    assert "There is more to answer" in page.text
    assert "#q-consent_why" in page.links.values()
    page = lead.post(address, {**page.form(), "do": "continue"})
    assert open_section(page) == "protection"


def test_what_an_auditor_would_still_be_told_can_be_asked_for(lead: Browser, draft_id: int) -> None:
    address = f"/frameworks/drafts/{draft_id}/preview"
    page = lead.post(address, {**lead.get(address).form(), "q-threshold": "inadequate", "do": "check"})
    assert "This could not be submitted yet:" in page.text
    assert "Was the threshold decision right? Write the evidence for your answer" in page.text
    assert "Was consent sought? Select yes, partly, no or not applicable" in page.text
    assert "Working days to the decision" not in page.text.split("Section 1 of")[0].split("What an")[1]


def test_a_published_edition_is_previewed_by_whoever_may_read_it(
    make: Maker, browser: Callable[[str], Browser]
) -> None:
    edition = make.edition()
    auditor = browser(make.person(Role.AUDITOR, agency=make.agency()).email)
    address = f"/frameworks/editions/{edition.id}/preview"
    page = auditor.get(address)
    assert "Preview of edition 1" in page.text
    page = auditor.post(address, {**page.form(), "q-consent": "no", "do": "show"})
    assert "consent_why" in shown(page)


def test_a_draft_has_no_preview_among_the_editions(lead: Browser, draft_id: int) -> None:
    lead.get(f"/frameworks/editions/{draft_id}/preview", status=404)


def test_a_draft_that_breaks_rules_is_previewed_as_far_as_it_goes(
    change: Callable[[Apply], None], lead: Browser, draft_id: int
) -> None:
    change(changing(Kind.QUESTION, "plan_smart", scale="gone"))
    change(changing(Kind.QUESTION, "consent", text=""))
    change(changing(Kind.SECTION, "protection", only_if={"profile": "gone", "is": ["a"]}))
    page = lead.get(f"/frameworks/drafts/{draft_id}/preview")
    assert "2 questions cannot be shown" in page.text
    assert "consent" not in shown(page)
    # What depends on a question that cannot be shown is asked of everybody.
    assert "consent_why" in shown(page)
    assert (
        "Question 2 of the section “Front door and threshold” has no words. Write the question." in page.text
    )
    assert listed(page) == ["Front door and threshold", "Child protection plan"]
    page = lead.post(f"/frameworks/drafts/{draft_id}/preview", {**page.form(), "do": "go-protection"})
    assert shown(page) == ["police_check", "protection_grade", "protection_impact"]
    assert "is not in this framework. Choose among: Ofsted's four grades." in page.text
    assert "The condition looks at a case profile field that is not there: “gone”." in page.text
    link = page.links["Put it right: The question “Is the plan specific and measurable?”"]
    assert link == f"/frameworks/drafts/{draft_id}/questions/plan_smart"


def test_a_draft_that_has_hardly_begun_has_a_preview_and_checks(
    change: Callable[[Apply], None], lead: Browser, draft_id: int
) -> None:
    change(lambda document: {"key": "new", "name": "New"})
    page = lead.get(f"/frameworks/drafts/{draft_id}/preview")
    assert "There is no section to show yet." in page.text
    page = lead.get(f"/frameworks/drafts/{draft_id}/checks")
    assert "The framework has no sections. Add a section." in page.text
    assert "There are no questions yet." in page.text


def test_the_checks_name_what_keeps_a_draft_from_being_published_before_any_advice(
    change: Callable[[Apply], None], lead: Browser, draft_id: int
) -> None:
    page = lead.get(f"/frameworks/drafts/{draft_id}/checks")
    assert "Nothing keeps this draft from being published." in page.text
    assert "This graded question has no guidance." in page.text
    change(lambda document: removed(document, Kind.QUESTION, "front_door_impact"))
    change(changing(Kind.QUESTION, "consent", text="Was consent sought and recorded?"))
    page = lead.get(f"/frameworks/drafts/{draft_id}/checks")
    text = page.text
    assert "1 thing to put right." in text
    missing = "The section “Front door and threshold” has no question about its impact on the child."
    assert missing in text
    assert text.index(missing) < text.index("This looks like two questions in one")
    address = f"/frameworks/drafts/{draft_id}/sections/front_door"
    assert page.links["The section “Front door and threshold”"] == address
    assert "Local authority About" in text
    assert "Every other sector About" in text
    assert "A rule of thumb of this product, not a measurement" in text
