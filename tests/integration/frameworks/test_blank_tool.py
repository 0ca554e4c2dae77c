"""The blank tool as a page gives it: for whom, in which format, of which edition."""

import io
from collections.abc import Callable

import docx
import pytest
from pypdf import PdfReader

from qa.accounts.permissions import Role
from tests.support.factories import Maker
from tests.support.pages import Browser, Page

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@pytest.fixture
def auditor(make: Maker, browser: Callable[[str], Browser]) -> Browser:
    """An auditor's browser."""
    return browser(make.person(Role.AUDITOR, agency=make.agency()).email)


@pytest.fixture
def lead(make: Maker, browser: Callable[[str], Browser]) -> Browser:
    """A QA lead's browser."""
    return browser(make.person(Role.QA_LEAD, area=make.area()).email)


def pdf_text(page: Page) -> str:
    pages = PdfReader(io.BytesIO(page.response.data)).pages
    return " ".join(" ".join(one.extract_text() for one in pages).split())


def word_text(page: Page) -> str:
    file = docx.Document(io.BytesIO(page.response.data))
    return " ".join(one.text for one in file.paragraphs)


def test_an_auditor_takes_the_tool_as_a_pdf(auditor: Browser, make: Maker) -> None:
    tree = make.edition()
    page = auditor.get(f"/frameworks/editions/{tree.id}/blank?format=pdf")

    assert page.response.mimetype == "application/pdf"
    name = page.response.headers["Content-Disposition"]
    assert name == 'attachment; filename="small-framework-edition-1-blank.pdf"'
    assert all(question.text in pdf_text(page) for question in tree.content.questions)


def test_an_auditor_takes_the_tool_of_a_sector_in_word(auditor: Browser, make: Maker) -> None:
    tree = make.edition()
    page = auditor.get(f"/frameworks/editions/{tree.id}/blank?format=docx&sector=police")

    assert page.response.mimetype == WORD
    name = page.response.headers["Content-Disposition"]
    assert name == 'attachment; filename="small-framework-edition-1-blank-police.docx"'
    assert "Was the threshold decision right?" in word_text(page)
    assert "Is the plan specific and measurable?" not in word_text(page)


@pytest.mark.parametrize("wrong", ["format=exe", "format=pdf&sector=nobody", "sector=%00"])
def test_what_there_is_not_is_not_found(auditor: Browser, make: Maker, wrong: str) -> None:
    auditor.get(f"/frameworks/editions/{make.edition().id}/blank?{wrong}", status=404)


def test_a_draft_is_printed_for_those_who_write_it_and_says_that_it_is_one(
    lead: Browser, auditor: Browser, make: Maker
) -> None:
    draft_id = make.draft()
    auditor.get(f"/frameworks/editions/{draft_id}/blank", status=404)

    assert "A draft, still being written" in pdf_text(lead.get(f"/frameworks/editions/{draft_id}/blank"))


def test_a_draft_with_something_wrong_is_not_printed(lead: Browser) -> None:
    form = {"name": "New", "summary": "S.", "kind": "case_audit", "method": "multi_agency", "area": "all"}
    address = lead.post("/frameworks/new/blank", form, follow=False, status=302).response.headers["Location"]
    edition_id = address.rpartition("/")[2]

    page = lead.get(f"/frameworks/editions/{edition_id}/blank")
    assert "Put right what the checks name first" in page.text


def test_the_page_of_an_edition_leads_to_it(auditor: Browser, make: Maker) -> None:
    tree = make.edition()
    page = auditor.get(f"/frameworks/editions/{tree.id}")
    (form,) = [one for one in page.all("form") if "/blank" in (one.get("action") or "")]
    buttons = [(one.get("name"), one.get("value")) for one in page.all("button", form)]
    sectors = [one.get("value") for one in page.all("option", form)]

    assert buttons == [("format", "pdf"), ("format", "docx")]
    assert sectors == ["", "health", "local_authority"]
    for name, value in buttons:
        got = auditor.get(f"{form.get('action')}?sector=health&{name}={value}")
        assert got.response.mimetype == ("application/pdf" if value == "pdf" else WORD)
