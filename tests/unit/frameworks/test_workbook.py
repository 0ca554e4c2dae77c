"""A framework as a workbook and back: nothing is lost, and what people write by hand is understood."""

import io
import subprocess
import sys
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from openpyxl.utils import get_column_letter

from qa.config import ImportLimits
from qa.frameworks.checking import CheckResult, check_file, load_themes
from qa.frameworks.content import (
    Clause,
    Condition,
    Descriptor,
    FrameworkContent,
    Option,
    Theme,
)
from qa.frameworks.schema import TEMPLATES
from qa.frameworks.vocabulary import Combine, EvidenceRule, QuestionType, Subject
from qa.frameworks.workbook.checking import PlacedProblem, check_sheets, check_workbook
from qa.frameworks.workbook.grid import Sheet, escaped, unescaped
from qa.frameworks.workbook.laying_out import lay_out
from qa.frameworks.workbook.writing import blank_workbook, workbook_bytes
from tests.unit.frameworks.strategies import THEMES, frameworks

NAMED = [Theme(key, f"Theme {key}", "About it.") for key in THEMES]
SHIPPED = sorted(path for path in TEMPLATES.glob("*.yaml") if path.stem != "themes")
LIMITS = ImportLimits()


def never() -> None:
    """No limit of time."""


def by_sheets(content: FrameworkContent) -> CheckResult:
    """Laid out and read again, without the file between."""
    sheets = [
        Sheet(laid.sheet.name, laid.sheet.order, dict(laid.sheet.cells)) for laid in lay_out(content, NAMED)
    ]
    return check_sheets(sheets, "x.xlsx", NAMED, never)


def by_file(content: FrameworkContent) -> CheckResult:
    """Written as a file and read again."""
    return check_workbook(workbook_bytes(content, NAMED), "x.xlsx", NAMED, LIMITS)


@given(frameworks())
@settings(max_examples=80, deadline=None)
def test_a_framework_laid_out_and_read_again_is_the_same(content: FrameworkContent) -> None:
    result = by_sheets(content)
    assert result.problems == ()
    assert result.content == content


@given(frameworks())
@settings(max_examples=10, deadline=None)
def test_a_framework_written_as_a_file_and_read_again_is_the_same(content: FrameworkContent) -> None:
    result = by_file(content)
    assert result.problems == ()
    assert result.content == content


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_shipped_framework_is_the_same_as_a_workbook(path: Any) -> None:
    themes = load_themes()
    content = check_file(path, themes.keys).content
    assert content
    result = check_workbook(workbook_bytes(content, themes.themes), "x.xlsx", themes.themes, LIMITS)
    assert result.problems == ()
    assert result.content == content


@given(st.text())
@example("_x0041_x0042_")
@example("_x005F_x0041_")
@settings(max_examples=200, deadline=None)
def test_a_text_is_kept_whatever_excel_takes_for_a_coded_character(text: str) -> None:
    text = text.replace("\r", "")
    assert unescaped(escaped(text)) == text


def changed(content: FrameworkContent, place: int, **changes: Any) -> FrameworkContent:
    """The same with a question of the first section changed."""
    section = content.sections[0]
    questions = list(section.questions)
    questions[place] = questions[place]._replace(**changes)
    sections = (section._replace(questions=tuple(questions)), *content.sections[1:])
    return FrameworkContent(
        content.key,
        content.name,
        content.summary,
        content.kind,
        content.method,
        content.judgement_scale,
        content.scales,
        sections,
        content.profile,
        content.sources,
    )


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "'"])
def test_text_that_looks_like_a_formula_stays_text(small: FrameworkContent, sign: str) -> None:
    content = changed(small, 0, text=f"{sign}SUM(A1:A9)", guidance=f"{sign}1+1\n=2")
    raw = workbook_bytes(content, NAMED)
    sheet = openpyxl.load_workbook(io.BytesIO(raw))["Front door and threshold"]
    cell = next(cell for row in sheet.iter_rows() for cell in row if cell.value == f"{sign}SUM(A1:A9)")
    assert (cell.data_type, cell.quotePrefix) == ("s", True)
    assert check_workbook(raw, "x.xlsx", NAMED, LIMITS).content == content


HARD_OPTIONS = [
    (Option("a", "Yes"), Option("b", "No"), Option("c", "Yes or No")),
    (Option("a", "Known"), Option("b", "Not known")),
    (Option("a", "b"), Option("b", "a")),
    (Option("a", "[b]"), Option("b", "[a] or [b]")),
    (Option("a", "Other [specify]"), Option("b", "One, two; three/four")),
    (Option("a", "Two\nlines"), Option("b", "↳ arrow")),
    (Option("a", "A"), Option("b", "a"), Option("c", "A  a")),
]


@pytest.mark.parametrize("options", HARD_OPTIONS)
@pytest.mark.parametrize("negated", [False, True])
def test_answers_that_are_hard_to_tell_apart_are_kept(
    small: FrameworkContent, options: tuple[Option, ...], negated: bool
) -> None:
    text = "Is “this” is known and “that” is not?"
    content = changed(
        small,
        1,
        type=QuestionType.SINGLE_CHOICE,
        options=options,
        text=text,
        evidence=EvidenceRule.OPTIONAL,
        evidence_required_for=(options[1].key, options[0].key),
    )
    keys = [option.key for option in options]
    for chosen in ((keys[0],), (keys[1],), tuple(keys[::-1][: len(keys) - negated])):
        clause = Clause(Subject.QUESTION, "consent", chosen, negated)
        either = Condition((clause, Clause(Subject.PROFILE, "pathway", ("early_help",))), Combine.ANY)
        for condition in (Condition((clause,)), either):
            wanted = changed(content, 2, only_if=condition)
            result = by_sheets(wanted)
            assert result.problems == ()
            assert result.content == wanted


def test_two_questions_that_read_alike_are_told_apart(small: FrameworkContent) -> None:
    content = changed(small, 0, text="Was consent sought?")
    assert by_sheets(content).content == content


def test_a_condition_reads_as_people_say_it(small: FrameworkContent) -> None:
    laid = {sheet.sheet.name: sheet.sheet for sheet in lay_out(small, NAMED)}
    said = set(laid["Front door and threshold"].cells.values())
    assert "“Was consent sought?” is No" in said
    assert "Case profile “Pathway” is Child protection" in set(laid["Child protection plan"].cells.values())


@pytest.mark.parametrize(
    "words", ["Was the plan kept when the child moved?", "Asked only if needed, if at all"]
)
def test_a_condition_on_a_question_that_says_when_or_if(small: FrameworkContent, words: str) -> None:
    place = next(n for n, question in enumerate(small.questions) if question.key == "consent")
    content = changed(small, place, text=words)
    assert by_sheets(content).content == content


def test_a_number_keeps_every_figure(small: FrameworkContent) -> None:
    for number in ("0.1", "123456.78", "-0.01", "99999999.99"):
        content = changed(small, 3, min=None, max=Decimal(number), decimals=2)
        assert by_file(content).content == content


# What people write by hand: the workbook of the small framework, changed in the library as in Excel.


class Book:
    """A workbook open for changes."""

    def __init__(self, raw: bytes) -> None:
        self.book = openpyxl.load_workbook(io.BytesIO(raw))

    def sheet(self, name: str = "Front door and threshold") -> Any:
        """A sheet."""
        return self.book[name]

    def column(self, heading: str, name: str = "Front door and threshold") -> int:
        """The number of a column by its heading."""
        for row in self.sheet(name).iter_rows():
            for cell in row:
                if cell.value == heading and cell.row in {1, 8}:
                    return int(cell.column)
        raise KeyError(heading)

    def set(self, heading: str, question: int, value: Any) -> str:
        """Write in a question's row; gives back the cell's name."""
        cell = self.sheet().cell(8 + question, self.column(heading))
        cell.value = value
        return f"“Front door and threshold”, {cell.coordinate}"

    def check(self) -> CheckResult:
        """Save and check."""
        raw = io.BytesIO()
        self.book.save(raw)
        return check_workbook(raw.getvalue(), "small.xlsx", load_themes().themes, LIMITS)

    def problems(self) -> list[tuple[str, str, str]]:
        """Place, message and remedy of every problem."""
        found = self.check().problems
        return [
            (problem.place, problem.message, problem.remedy)
            for problem in found
            if isinstance(problem, PlacedProblem)
        ]


@pytest.fixture
def open_small(small: FrameworkContent) -> Callable[[], Book]:
    """Opens the workbook of the small framework."""
    raw = workbook_bytes(small, load_themes().themes)
    return lambda: Book(raw)


def test_labels_keys_and_capitals_are_all_understood(
    open_small: Callable[[], Book], small: FrameworkContent
) -> None:
    book = open_small()
    book.set("Type", 1, "GRADE")
    book.set("Type", 2, "yes/no")
    book.set("Type", 4, "number")
    book.set("Scale", 1, "ofsted")
    book.set("Required", 1, True)
    book.set("Required", 4, "n")
    book.set("Evidence required for", 1, "INADEQUATE")
    book.set("Asked when", 3, "only if 'was consent sought?' is no")
    book.sheet("Scales")["D2"] = "GREEN"
    assert book.check().content == small


def test_columns_may_stand_anywhere_and_rows_may_be_empty(
    open_small: Callable[[], Book], small: FrameworkContent
) -> None:
    book = open_small()
    sheet = book.sheet()
    sheet.move_range(
        f"{sheet.cell(8, book.column('Key')).column_letter}8:"
        f"{sheet.cell(8, book.column('Key')).column_letter}18",
        cols=4,
    )
    sheet.insert_rows(12, 3)
    sheet.insert_cols(1, 2)
    assert book.check().content == small


@pytest.mark.parametrize(
    "said", ["1.2 is No", "Q1.2 is no", "consent is No", "[consent] is [no]", "If “Was consent sought?” = No"]
)
def test_a_condition_may_be_written_in_several_ways(
    open_small: Callable[[], Book], small: FrameworkContent, said: str
) -> None:
    book = open_small()
    book.set("Asked when", 3, said)
    assert book.check().content == small


def test_several_conditions_on_one_line(open_small: Callable[[], Book]) -> None:
    book = open_small()
    book.set(
        "Asked when", 3, "“Was consent sought?” is No or Partly and case profile “Pathway” is not Early help"
    )
    content = book.check().content
    assert content
    assert content.question("consent_why").only_if == Condition(
        (
            Clause(Subject.QUESTION, "consent", ("no", "partly")),
            Clause(Subject.PROFILE, "pathway", ("early_help",), True),
        )
    )


def test_a_new_row_gets_a_key_of_its_own_and_numbers_become_text(open_small: Callable[[], Book]) -> None:
    book = open_small()
    sheet = book.sheet()
    sheet.insert_rows(9)
    for heading, value in (
        ("Question", "Who gave consent?"),
        ("Type", "One choice"),
        ("Options", "Yes\nNo, and 2\n• 3 [three]"),
        ("Guidance", 2024),
    ):
        sheet.cell(9, book.column(heading)).value = value
    content = book.check().content
    assert content
    question = content.sections[0].questions[0]
    assert question.key == "who_gave_consent"
    assert question.options == (Option("yes", "Yes"), Option("no_and_2", "No, and 2"), Option("three", "3"))
    assert question.guidance == "2024"


def test_descriptors_follow_the_scale_of_the_question(open_small: Callable[[], Book]) -> None:
    book = open_small()
    for label in ("Outstanding", "Good", "Requires improvement to be good", "Inadequate"):
        book.set(f"What “{label}” looks like", 1, f"It is {label}.")
    content = book.check().content
    assert content
    assert content.question("threshold").descriptors[0] == Descriptor("outstanding", "It is Outstanding.")
    place = book.set("What “Good” looks like", 2, "Not for a yes or no question.")
    (problem,) = book.problems()
    assert problem[:2] == (place, "“Good” is no grade of this question's scale.")


def test_everything_wrong_is_said_at_once_by_sheet_and_cell(open_small: Callable[[], Book]) -> None:
    book = open_small()
    said = {
        book.set("Type", 1, "Grad"): ("“Grad” is not a choice here.", "Did you mean “Grade”?"),
        book.set("Asked when", 3, "“Was consent sougt?” is No"): (
            "There is no question or case profile field “Was consent sougt?”.",
            "Did you mean “Was consent sought?”?",
        ),
        book.set("Smallest", 4, "few"): ("“few” is not a number.", "Write a number such as 3."),
        book.set("Weight", 5, 1.5): ("“1.5” is not a whole number.", "Write a number such as 3."),
        book.set("Asked of", 6, "Health\nPolcie"): ("“Polcie” is not a sector.", "Did you mean “Police”?"),
        book.set("Themes", 7, "Threshold"): ("“Threshold” is not a theme.", ""),
        book.set("Required", 8, "perhaps"): (
            "“perhaps” is neither Yes nor No.",
            "Write Yes or No, or leave it empty.",
        ),
        book.set("Scale", 9, "Four"): ("There is no scale “Four”.", "Use one of: Ofsted's four grades."),
    }
    book.sheet("Scales")["D3"] = "tourquoise"
    book.sheet("Case profile")["B2"] = "choise"
    found = {place: (message, remedy) for place, message, remedy in book.problems()}
    assert "“Scales”, D3" in found
    assert "“Case profile”, B2" in found
    for place, (message, remedy) in said.items():
        assert found[place][0] == message
        assert remedy in found[place][1]
    assert len(found) == len(said) + 2


def test_what_is_missing_is_said_at_the_cell_where_it_belongs(open_small: Callable[[], Book]) -> None:
    book = open_small()
    places = [book.set("Question", 4, None), book.set("Scale", 1, None), book.set("Options", 6, None)]
    book.sheet("Framework")["B1"] = None
    assert [place for place, _, _ in book.problems()] == [
        "“Framework”, B1",
        *sorted(places, key=lambda place: int("".join(filter(str.isdigit, place)))),
    ]


def test_the_rules_of_every_framework_hold_for_a_workbook(open_small: Callable[[], Book]) -> None:
    book = open_small()
    place = book.set("Key", 2, "threshold")
    found = book.problems()
    assert place in {where for where, _, _ in found}
    book = open_small()
    place = book.set("Role", 9, None)
    assert any("grade" in message for _, message, _ in book.problems())


def test_unknown_columns_sheets_and_settings_are_refused(open_small: Callable[[], Book]) -> None:
    book = open_small()
    book.sheet().cell(8, 60).value = "Comments"
    book.sheet().cell(12, 61).value = "stray"
    book.sheet("Framework")["A12"] = "Owner"
    book.book.create_sheet("Notes")["A1"] = "To do"
    book.book.create_sheet("Empty")
    found = {place: (message, remedy) for place, message, remedy in book.problems()}
    assert found["“Front door and threshold”, BH8"] == (
        "There is no column “Comments”.",
        "Remove this column.",
    )
    assert found["“Front door and threshold”, BI12"][0] == "This cell stands in a column without a heading."
    assert found["“Framework”, A12"][0] == "“Owner” is no setting of this sheet."
    assert found["“Notes”, A1"][0] == "This sheet has no row with the headings “Question” and “Type”."
    assert len(found) == 4


def test_the_blank_workbook_needs_a_name_and_a_summary_and_no_more() -> None:
    book = Book(blank_workbook(load_themes().themes))
    assert {place for place, _, _ in book.problems()} == {"“Framework”, B1", "“Framework”, B2"}
    book.sheet("Framework")["B1"] = "Review of neglect"
    book.sheet("Framework")["B2"] = "Looks at neglect."
    content = book.check().content
    assert content
    assert content.key == "review_of_neglect"
    assert [question.role for question in content.questions] == ["section_grade", "impact"]
    assert [grade.key for grade in content.scales[0].grades][1] == "good"


def test_the_workbook_helps_whoever_fills_it_in(small: FrameworkContent) -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook_bytes(small, load_themes().themes)))
    assert book.sheetnames == [
        "How to fill this in",
        "Framework",
        "Scales",
        "Case profile",
        "Front door and threshold",
        "Child protection plan",
        "Lists",
    ]
    sheet = book["Front door and threshold"]
    assert sheet.freeze_panes == "C9"
    assert book["Lists"].sheet_state == "hidden"
    columns = {cell.value: place for place, cell in enumerate(sheet[8], 1)}
    assert all(cell.comment and cell.comment.text for cell in sheet[8])
    offered = {str(rule.sqref): rule.formula1 for rule in sheet.data_validations.dataValidation}
    letter = get_column_letter(columns["Type"])
    assert offered[f"{letter}9:{letter}208"].startswith("'Lists'!")
    assert sheet["B9"].alignment.wrap_text
    guide = [cell.value for row in book["How to fill this in"].iter_rows() for cell in row if cell.value]
    assert "Why was consent not sought?" in guide


def test_the_application_starts_without_the_library_behind_workbooks() -> None:
    script = "import sys, qa.factory; print(sorted({'openpyxl', 'lxml'} & set(sys.modules)))"
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert ran.stdout == "[]\n"
