"""The tool to fill in on paper: what it asks, of whom, and how it comes out as PDF and in Word."""

import io
from datetime import date

import docx
import pytest
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from qa.accounts.sectors import Sector
from qa.frameworks.blank_answers import BOX, number_words, ticks
from qa.frameworks.blank_tool import MARKING, BlankOf, blank_tool
from qa.frameworks.checking import check_text, load_themes
from qa.frameworks.content import FrameworkContent, Question
from qa.frameworks.document import from_document, to_document
from qa.frameworks.shipped import shipped
from qa.frameworks.states import EditionState
from qa.publishing.document import ReportDocument
from qa.publishing.pdf import render_pdf
from qa.publishing.plain_text import visible
from qa.publishing.word import render_docx
from tests.support.factories import SMALL

DAY = date(2026, 1, 5)
HOSTILE = "<b>x</b> & \x00\x07 😀 مرحبا \u202egpj " + "W" * 300


def small() -> FrameworkContent:
    result = check_text(SMALL.read_text("utf-8"), SMALL.name, load_themes().keys | {"thresholds"})
    assert result.content, result.problems
    return result.content


def tool(
    content: FrameworkContent, sector: Sector | None = None, state: EditionState = EditionState.PUBLISHED
) -> ReportDocument:
    return blank_tool(BlankOf(content, 3, state, "Northside", DAY, sector))


def in_pdf(document: ReportDocument) -> str:
    """The text of the PDF, white space folded."""
    pages = PdfReader(io.BytesIO(render_pdf(document)), strict=True).pages
    return " ".join(" ".join(page.extract_text() for page in pages).replace("\u00a0", " ").split())


def in_word(document: ReportDocument) -> str:
    """The text of the Word file's body, in its order, white space folded."""
    body = docx.Document(io.BytesIO(render_docx(document))).element.body
    return " ".join(" ".join(one.text or "" for one in body.iter(qn("w:t"))).replace("\u00a0", " ").split())


def both(document: ReportDocument) -> tuple[str, str]:
    return in_pdf(document), in_word(document)


def test_every_question_is_there_with_its_number_guidance_and_way_of_answering() -> None:
    for said in both(tool(small())):
        for words in (
            "1.1 Was the threshold decision right?",
            "Look at the decision record.",
            "1.2 Was consent sought?",
            "☐ Yes ☐ Partly ☐ No ☐ Not applicable",
            "1.4 Working days to the decision (optional)",
            "Number (days), from 0 to 400",
            "Date (day, month, year)",
            "Tick one. ☐ School ☐ Police ☐ Somebody else",
            "Tick all that apply. ☐ Health ☐ Police ☐ Education",
            "Answer in a few words",
            "2. Child protection plan",
            "The plan and its reviews.",
        ):
            assert words in said, words
        for question in small().questions:
            assert question.text in said


def test_it_says_what_grades_look_like_and_when_evidence_is_needed() -> None:
    for said in both(tool(small())):
        assert "Ofsted's four grades" in said
        assert "What children should get." in said
        assert "☐ Outstanding The very best." in said  # beside the section's own grade
        assert "Evidence (needed when the answer is “Inadequate”)" in said
        assert "Evidence (always needed)" in said
        assert "Evidence (if you wish)" in said


def test_conditions_and_sectors_are_in_words() -> None:
    for said in both(tool(small())):
        assert "Ask only when “Was consent sought” is “No” (question 1.2)." in said
        assert "Ask this section only when “Pathway” is “Child protection”." in said
        assert "For: Local authority, Health" in said


def test_the_profile_and_each_section_s_end_have_room() -> None:
    for said in both(tool(small())):
        assert "Case profile" in said
        assert "☐ Early help ☐ Child protection" in said
        assert "Decides which questions are asked" in said
        assert "Referrals in 12 months" in said
        assert said.count("Strengths: what worked well") == 2
        assert said.count("Areas for improvement: what should have been better") == 2
        assert said.count("What difference did this make to the child?") == 2


def test_it_says_which_tool_it_is_and_how_to_fill_it_in() -> None:
    document = tool(small())
    for said in both(document):
        for words in ("Small framework", "Blank audit tool", "Edition 3", "5 January 2026", "Northside"):
            assert words in said
        assert "If you think that a child may be unsafe" in said
        assert "Case reference" in said
    assert document.protective_marking == MARKING
    assert document.status == "Issued"


def test_a_sector_gets_its_own_questions_under_everybody_s_numbers() -> None:
    for said in both(tool(small(), Sector.HEALTH)):
        assert "Blank audit tool: questions for health" in said
        assert "2.1 Is the plan specific and measurable?" in said
        assert "Did the police share what they know?" not in said
        assert "2.3 Overall grade for the plan" in said
        assert "13 of the tool's 14 questions are asked of this sector" in said
        assert "For: " not in said.split("Questions")[-1]
    for said in both(tool(small(), Sector.POLICE)):
        assert "Child protection plan" not in said
        assert "1.1 Was the threshold decision right?" in said


@pytest.mark.parametrize(
    ("state", "note"),
    [
        (EditionState.DRAFT, "A draft, still being written: not for use in an audit."),
        (EditionState.WITHDRAWN, "This edition has been withdrawn"),
    ],
)
def test_what_is_not_for_use_says_so_on_every_page(state: EditionState, note: str) -> None:
    document = tool(small(), state=state)
    pages = PdfReader(io.BytesIO(render_pdf(document))).pages

    assert all(note in " ".join(page.extract_text().split()) for page in pages)
    file = docx.Document(io.BytesIO(render_docx(document)))
    assert note in " ".join(one.text for one in file.sections[0].footer.paragraphs)


def test_word_can_be_navigated_by_section_and_question() -> None:
    file = docx.Document(io.BytesIO(render_docx(tool(small()))))
    headings = {
        level: [one.text for one in file.paragraphs if one.style and one.style.name == f"Heading {level}"]
        for level in (1, 2, 3)
    }

    assert headings[1] == ["How to fill in this tool", "Scales", "Case profile", "Questions"]
    assert headings[2] == ["1. Front door and threshold", "2. Child protection plan"]
    assert "1.2 Was consent sought?" in headings[3]


@pytest.mark.parametrize("content", [one.content for one in shipped()], ids=lambda one: one.key)
def test_every_shipped_framework_can_be_printed(content: FrameworkContent) -> None:
    for said in both(tool(content)):
        for section in content.sections:
            assert " ".join(section.title.split()) in said
        last = content.sections[-1].questions[-1]
        assert " ".join(last.text.split()) in said
    assert "Not applicable" in in_pdf(tool(content))


def test_hostile_words_are_shown_as_typed() -> None:
    document = to_document(small())
    document["name"] = document["summary"] = HOSTILE
    document["sections"][0]["title"] = HOSTILE
    document["sections"][0]["questions"][0] |= {"text": HOSTILE, "guidance": HOSTILE}
    document["scales"][0]["grades"][0] |= {"label": HOSTILE, "descriptor": HOSTILE}
    document["profile"][0]["options"][0]["label"] = HOSTILE
    shown = "".join(visible(HOSTILE).split())
    for said in both(tool(from_document(document))):
        plain = "".join(said.split())
        assert "<b>x</b>&[U+0000][U+0007]" in plain
        assert "[U+202E]gpj" in plain
        assert "W" * 300 in plain or plain.count("W") >= 300 * 5
    assert "".join(in_word(tool(from_document(document))).split()).count(shown) >= 5


@settings(max_examples=25, deadline=None)
@given(st.text(st.characters(exclude_categories=()), min_size=1, max_size=200))
def test_any_words_can_be_printed(words: str) -> None:
    document = to_document(small())
    document["sections"][0]["questions"][5]["options"][0]["label"] = words
    document["sections"][1]["title"] = words
    made = tool(from_document(document))

    assert render_pdf(made).startswith(b"%PDF-")
    assert docx.Document(io.BytesIO(render_docx(made))).paragraphs


def test_short_answers_stand_beside_each_other_and_long_ones_below() -> None:
    assert ticks(["Yes", "No"]).replace("\u00a0", " ").split() == [BOX, "Yes", BOX, "No"]
    assert "\n" not in ticks(["Yes", "No"])
    assert ticks(["word " * 12, "word " * 12]).count("\n") == 1
    assert ticks([]) == ""


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({}, "Number"),
        ({"unit": "days"}, "Number (days)"),
        ({"min": 0, "max": 100}, "Number, from 0 to 100"),
        ({"min": 1}, "Number, 1 or more"),
        ({"max": 5}, "Number, 5 or less"),
    ],
)
def test_a_number_says_its_unit_and_bounds(values: dict[str, object], words: str) -> None:
    document = to_document(small())
    question = {"key": "q", "text": "How many?", "type": "number", **values}
    document["sections"][0]["questions"] = [question]
    made: Question = from_document(document).question("q")

    assert number_words(made) == words


def test_several_questions_that_a_condition_looks_at_are_numbered() -> None:
    document = to_document(small())
    clauses = [{"question": "threshold", "is": ["good"]}, {"question": "consent", "is": ["no"]}]
    document["sections"][0]["questions"][2]["only_if"] = {"any": clauses}

    assert "(questions 1.1 and 1.2)." in in_word(tool(from_document(document)))
