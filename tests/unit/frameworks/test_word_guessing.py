"""Sections and questions out of a document's tables: every guess, and what is said of the rest."""

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.frameworks.vocabulary import QuestionType
from qa.frameworks.word.answers import Answer, of_ratings, of_wording
from qa.frameworks.word.columns import Use, columns_of
from qa.frameworks.word.guessing import Guess, SectionGuess, guess
from qa.frameworks.word.pieces import Cell, Grid, Row, Tool, Words
from tests.unit.frameworks.word_files import guessed, tool_file

GRADE = QuestionType.GRADE


def grid(*rows: tuple[str, ...]) -> Grid:
    return Grid(tuple(Row(tuple(map(Cell, row))) for row in rows))


def of(*pieces: Words | Grid) -> Guess:
    return guess(Tool(pieces))


def section(found: Guess, title: str) -> SectionGuess:
    return next(one for one in found.sections if one.title == title)


def test_a_tool_as_partnerships_keep_it() -> None:
    found = guessed(tool_file())

    assert found.name == "Neglect audit tool"
    assert [(one.title, len(one.questions)) for one in found.sections] == [
        ("Recognition", 3),
        ("Planning", 1),
        ("Reviews", 1),
        ("Voice of the child", 2),
    ]
    first = section(found, "Recognition")
    assert first.guidance == "How early was neglect seen and named?"
    assert [question.text for question in first.questions] == [
        "Was neglect recognised early?",
        "Was a profile tool used?",
        "How many referrals were made?",
    ]
    assert first.questions[0].guidance == "Look at the first contacts.\nAnd the chronology."
    assert [question.answer.scale for question in first.questions] == ["ofsted", "ofsted", ""]
    assert first.questions[2].answer == Answer(QuestionType.NUMBER, sure=False)
    plan = section(found, "Planning").questions[0]
    assert (plan.text, plan.guidance) == ("The plan is specific.", "to the child\nNames and dates")
    assert section(found, "Reviews").questions[0].answer == Answer(GRADE, "rag")
    assert {one.answer for one in section(found, "Voice of the child").questions} == {
        Answer(QuestionType.YES_NO)
    }


def test_what_was_not_understood_is_said_plainly() -> None:
    assert guessed(tool_file()).left_out == (
        "Words outside the tables: “Return this form to the business unit.”",
        "A table without questions that could be told: “Case reference | Agency”",
        "The column “Widget”: what it is for could not be told",
        "Words outside the tables: “Signed by the auditor”",
    )


def test_a_document_without_tables_has_no_questions() -> None:
    file = docx.Document()
    file.add_paragraph("Was consent sought?")
    found = guessed(file)

    assert found.questions == 0
    assert found.left_out == ("Words outside the tables: “Was consent sought?”",)


def test_empty_tables_are_named() -> None:
    found = of(grid(("", ""), ("", "")))

    assert (found.questions, found.left_out) == (0, ("An empty table",))


@pytest.mark.parametrize(
    ("heading", "use"),
    [
        ("No.", Use.NUMBER),
        ("Ref", Use.NUMBER),
        ("#", Use.NUMBER),
        ("Question", Use.QUESTION),
        ("Audit criteria", Use.QUESTION),
        ("Key line of enquiry", Use.QUESTION),
        ("Standard", Use.QUESTION),
        ("What to look for", Use.GUIDANCE),
        ("Guidance / prompts", Use.GUIDANCE),
        ("Possible evidence", Use.GUIDANCE),
        ("RAG", Use.RATING),
        ("Met / Partly met / Not met", Use.RATING),
        ("Y/N", Use.RATING),
        ("Grade 1-4", Use.RATING),
        ("Evidence", Use.EVIDENCE),
        ("Auditor's comments", Use.EVIDENCE),
        ("Actions", Use.EVIDENCE),
        ("Theme", Use.SECTION),
        ("Widget", Use.NOTHING),
    ],
)
def test_columns_go_by_their_headings(heading: str, use: Use) -> None:
    other = "Question" if use is not Use.QUESTION else "Evidence"
    columns = columns_of(grid((heading, other, "RAG"), ("x", "y", "z")), None)

    assert columns is not None
    assert columns.uses[0] is use


def test_of_two_columns_that_could_ask_the_plainer_one_does() -> None:
    found = of(
        grid(("Standard", "Question", "Met?"), ("Safe care", "Is it safe?", ""), ("", "Is it kind?", ""))
    )

    assert [(one.title, [q.text for q in one.questions]) for one in found.sections] == [
        ("Safe care", ["Is it safe?", "Is it kind?"])
    ]


def test_a_table_that_goes_on_without_headings_goes_on_with_the_columns() -> None:
    found = of(
        Words("Part", 1),
        grid(("Question", "RAG"), ("One", "")),
        grid(("Two", ""), ("Three", "")),
    )

    assert [[q.text for q in one.questions] for one in found.sections] == [["One", "Two", "Three"]]


def test_without_headings_the_column_that_asks_is_the_question() -> None:
    found = of(grid(("1", "Was it done?", ""), ("2", "Was it done well?", "")))

    assert [q.text for q in found.sections[0].questions] == ["Was it done?", "Was it done well?"]
    assert found.sections[0].title == "Section 1"


def test_repeated_heading_rows_and_numbers_are_dropped() -> None:
    found = of(grid(("No", "Question"), ("1", "1. One"), ("No", "Question"), ("2", "Q2. Two")))

    assert [q.text for q in found.sections[0].questions] == ["One", "Two"]


def test_a_number_that_belongs_to_the_words_stays() -> None:
    found = of(grid(("Question", "RAG"), ("3 months after the plan, was it reviewed?", "")))

    assert found.sections[0].questions[0].text == "3 months after the plan, was it reviewed?"


def test_cells_that_go_on_from_above_add_guidance_and_no_question() -> None:
    header = Row((Cell("Question"), Cell("Prompts"), Cell("RAG")))
    rows = (
        header,
        Row((Cell("Was it done?"), Cell("Look here"), Cell(""))),
        Row((Cell("Was it done?", continued=True), Cell("And there"), Cell(""))),
    )
    found = of(Grid(rows))

    assert [(q.text, q.guidance) for q in found.sections[0].questions] == [
        ("Was it done?", "Look here\nAnd there")
    ]


def test_a_bold_row_with_one_text_is_a_section() -> None:
    header = Row((Cell("Question", bold=True), Cell("RAG", bold=True)))
    found = of(
        Grid(
            (
                header,
                Row((Cell("Planning", bold=True), Cell(""))),
                Row((Cell("Was there a plan"), Cell(""))),
                Row((Cell("Was it good?", bold=True), Cell(""))),
            )
        )
    )

    assert [(one.title, len(one.questions)) for one in found.sections] == [("Planning", 2)]


def test_a_column_of_sections_stands_under_the_heading_above() -> None:
    found = of(
        Words("Supervision", 1),
        grid(("Area", "Question"), ("Frequency", "Monthly?"), ("", "Recorded?"), ("Quality", "Reflective?")),
    )

    assert [(one.title, len(one.questions)) for one in found.sections] == [
        ("Supervision: Frequency", 2),
        ("Supervision: Quality", 1),
    ]


def test_rows_without_a_question_are_named() -> None:
    found = of(grid(("Question", "RAG", "Evidence"), ("One", "", ""), ("", "Red", "why")))

    assert found.left_out == ("A row without a question: “Red | why”",)


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("Outstanding / Good / Requires improvement / Inadequate", Answer(GRADE, "ofsted")),
        ("Grade (O, G, RI, I)", Answer(GRADE, "ofsted")),
        ("RAG rating", Answer(GRADE, "rag")),
        ("Red/Amber/Green", Answer(GRADE, "rag")),
        ("Met, partially met or not met", Answer(GRADE, "met")),
        ("0-3", Answer(GRADE, "nought_to_three")),
        ("Score 0 to 3", Answer(GRADE, "nought_to_three")),
        ("Yes/No/N/A", Answer(QuestionType.YES_NO)),
        ("Yes / No / Partly", Answer(QuestionType.YES_NO)),
        ("☐ Yes ☐ No", Answer(QuestionType.YES_NO)),
        ("Y/N", Answer(QuestionType.YES_NO)),
        ("Strong / Some good practice / Emerging", Answer(GRADE, "strength")),
        ("Never / Sometimes / Always", Answer(GRADE, "file", ("Always", "Sometimes", "Never"))),
        ("Fully / Partially / Barely", Answer(GRADE, "file", ("Fully", "Partially", "Barely"))),
        ("Rating: Always / Often / Never", Answer(GRADE, "file", ("Always", "Often", "Never"))),
        ("Score 1-5", Answer(GRADE, "file", ("5", "4", "3", "2", "1"))),
        ("Rating", None),
        ("N/A", None),
        ("", None),
    ],
)
def test_ratings_give_the_type_and_the_scale(words: str, answer: Answer | None) -> None:
    assert of_ratings(words) == answer


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("How many visits were there?", QuestionType.NUMBER),
        ("Number of siblings", QuestionType.NUMBER),
        ("Date of the conference", QuestionType.DATE),
        ("Was consent sought?", QuestionType.YES_NO),
        ("What worked well", QuestionType.LONG_TEXT),
    ],
)
def test_without_a_rating_the_wording_is_gone_by(words: str, kind: QuestionType) -> None:
    assert of_wording(words, None) == Answer(kind, sure=False)


def test_a_row_s_own_answers_go_before_its_column_s() -> None:
    found = of(
        grid(("Question", "Rating (RAG)"), ("One", ""), ("Two", "Yes / No"), ("Three", "Low\nMedium\nHigh"))
    )

    assert [q.answer for q in found.sections[0].questions] == [
        Answer(GRADE, "rag"),
        Answer(QuestionType.YES_NO),
        Answer(GRADE, "file", ("High", "Medium", "Low")),
    ]


_TEXTS = st.one_of(
    st.text(max_size=30),
    st.sampled_from(["Question", "RAG", "Evidence", "No", "Yes", "", "", "Was it?", "Theme", "Met/Not met"]),
)
_CELLS = st.builds(Cell, _TEXTS, st.integers(1, 4), st.booleans(), st.booleans())
_ROWS = st.builds(Row, st.lists(_CELLS, max_size=6).map(tuple), st.booleans())
_PIECES = st.one_of(
    st.builds(Words, st.text(min_size=1, max_size=40), st.sampled_from([None, None, 0, 1, 2]), st.booleans()),
    st.builds(Grid, st.lists(_ROWS, max_size=8).map(tuple)),
)


@settings(max_examples=120, deadline=None)
@given(st.lists(_PIECES, max_size=6))
def test_any_document_gives_a_guess_that_fits_the_limits(pieces: list[Words | Grid]) -> None:
    found = guess(Tool(tuple(pieces)))

    assert len(found.name) <= 120
    for one in found.sections:
        assert one.title
        assert len(one.title) <= 200
        assert one.questions
        assert all(0 < len(question.text) <= 500 for question in one.questions)
