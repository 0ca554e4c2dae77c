"""Reading cases from a CSV file: what is understood, and what is said of every mistake."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.audits.case_files import (
    ROW_LIMIT,
    SIZE_LIMIT,
    CaseFile,
    RowProblem,
    example_row,
    read_cases,
    template,
)
from qa.audits.csv_rows import UnreadableFile
from qa.audits.profiles import BadValue, ProfileValue, parse_value, shown_profile
from qa.frameworks.content import Option, ProfileField
from qa.frameworks.vocabulary import ProfileFieldType

PATHWAY = ProfileField(
    "pathway",
    "Pathway",
    ProfileFieldType.SINGLE_CHOICE,
    required=True,
    pathway=True,
    options=(Option("early_help", "Early help"), Option("cp", "Child protection, or conference")),
)
INTERPRETER = ProfileField("interpreter", "Interpreter needed", ProfileFieldType.YES_NO)
REFERRALS = ProfileField("referrals", "Referrals in 12 months", ProfileFieldType.NUMBER)
FIELDS = (PATHWAY, INTERPRETER, REFERRALS)


def read(text: str, taken: tuple[str, ...] = ()) -> CaseFile:
    return read_cases(text.encode(), FIELDS, taken)


def problems(text: str, taken: tuple[str, ...] = ()) -> list[RowProblem]:
    return read(text, taken).problems


def test_headings_match_by_key_or_words_whatever_their_case_and_order() -> None:
    file = read(
        "REFERRALS in 12  months,reference,Interpreter Needed,PATHWAY\n3,C001,y,Early HELP\n,C002,,cp\n"
    )
    assert file.problems == []
    assert [(row.line, row.reference) for row in file.rows] == [(2, "C001"), (3, "C002")]
    assert set(file.rows[0].values) == {
        ProfileValue("pathway", option="early_help"),
        ProfileValue("interpreter", code="yes"),
        ProfileValue("referrals", number=3),
    }
    assert file.rows[1].values == (ProfileValue("pathway", option="cp"),)


@pytest.mark.parametrize(
    "content",
    [
        "Case reference,Pathway\r\nC001,“Early help”\r\n".replace("“", "").replace("”", "").encode(),
        "\ufeffCase reference,Pathway\r\nC001,Early help\r\n".encode(),
        b"Case reference;Pathway\r\nC001;Early help\r\n",
        b"Case reference\tPathway\r\nC001\tEarly help\r\n",
        b"sep=;\r\nCase reference;Pathway\r\nC001;Early help\r\n",
        b'\r\n"Case reference","Pathway"\r\n\r\n"C001","Early help"\r\n,,\r\n',
        b"Case reference,Pathway\rC001,Early help\r",
    ],
)
def test_files_as_spreadsheets_write_them(content: bytes) -> None:
    file = read_cases(content, FIELDS)
    assert (file.problems, [row.reference for row in file.rows]) == ([], ["C001"])


def test_windows_1252_is_understood() -> None:
    field = ProfileField(
        "language", "Language", ProfileFieldType.SINGLE_CHOICE, options=(Option("fr", "Français – parlé"),)
    )
    file = read_cases("Reference,Language\nC1,Français – parlé\n".encode("cp1252"), (field,))
    assert file.rows[0].values == (ProfileValue("language", option="fr"),)


def test_every_bad_cell_is_named_with_its_line_and_what_to_do() -> None:
    found = problems(
        "Reference,Pathway,Interpreter needed,Referrals in 12 months\n"
        "C001,Adoption,perhaps,many\n"
        "John Smith,,,\n"
        "=C003,early_help,,-1\n"
        "c004,early_help,,\n"
        "C004,early_help,,\n"
        "C009,early_help,,\n",
        taken=("c009",),
    )
    assert [(problem.line, problem.column) for problem in found] == [
        (2, "Pathway"),
        (2, "Interpreter needed"),
        (2, "Referrals in 12 months"),
        (3, "Case reference"),
        (3, "Pathway"),
        (4, "Case reference"),
        (4, "Referrals in 12 months"),
        (6, "Case reference"),
        (7, "Case reference"),
    ]
    reasons = [problem.reason for problem in found]
    assert reasons[0] == "“Pathway” must be one of: Early help; Child protection, or conference"
    assert reasons[1] == "“Interpreter needed” must be one of: Yes, No, Not known"
    assert reasons[2] == "“Referrals in 12 months” must be a whole number from 0 to 99,999"
    assert "a person’s name" in reasons[3]
    assert reasons[4] == "Choose an answer for “Pathway”"
    assert "must not start with =" in reasons[5]
    assert reasons[7] == "C004 stands on line 5 of this file too"
    assert reasons[8] == "C009 is a case of this audit already"


def test_a_row_with_too_many_cells_is_not_guessed_at() -> None:
    (found,) = problems("Reference,Pathway\nC001,Child protection, or conference\nC002,early_help\n")
    assert (found.line, found.column) == (2, "")
    assert "quotation marks" in found.reason


def test_lines_are_counted_in_the_file_and_not_in_rows() -> None:
    (found,) = problems('Reference,Pathway\n"C0\n01",early_help\n\nC002,nothing\n')[-1:]
    assert found.line == 5


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "file is empty"),
        (b"\r\n \r\n", "file is empty"),
        (b"Reference,Pathway\n", "headings but no cases"),
        (b"Reference,Colour,Colour\nC1,x,y\n", "“Colour” is not a heading"),
        (b"Reference,Interpreter needed\nC1,yes\n", "“Pathway” is missing"),
        (b"Pathway\nearly_help\n", "“Case reference” is missing"),
        (b"Reference,Pathway,pathway\nC1,cp,cp\n", "“Pathway” stands twice"),
        (b"Reference,,Pathway\nC1,,cp\n", "column 2 has no heading"),
        (b"PK\x03\x04rest", "a spreadsheet, not a CSV"),
        ("Reference,Pathway\nC1,cp\n".encode("utf-16"), "not in UTF-8"),
        (b"x" * (SIZE_LIMIT + 1), "larger than 4 MB"),
        (b'Reference,Pathway\n"' + b"x" * 200_000 + b'",cp\n', "cannot be read as CSV"),
    ],
)
def test_a_file_that_cannot_be_read_says_what_to_do(content: bytes, words: str) -> None:
    with pytest.raises(UnreadableFile) as caught:
        read_cases(content, FIELDS)
    assert words in str(caught.value)


def test_the_number_of_rows_is_limited() -> None:
    rows = "".join(f"R{number},cp\n" for number in range(ROW_LIMIT))
    assert len(read(f"Reference,Pathway\n{rows}").rows) == ROW_LIMIT
    with pytest.raises(UnreadableFile, match="more than 5,000 rows"):
        read(f"Reference,Pathway\n{rows}one-more,cp\n")


def test_the_template_and_its_example_are_accepted() -> None:
    heading = template(FIELDS)
    assert heading.startswith(b"\xef\xbb\xbf")
    line = ",".join(f'"{cell}"' for cell in example_row(FIELDS))
    (row,) = read_cases(heading + line.encode(), FIELDS).rows
    assert (row.reference, len(row.values)) == ("C001", 3)


def outcome(content: bytes) -> CaseFile | str:
    try:
        return read_cases(content, FIELDS)
    except UnreadableFile as refused:
        return str(refused)


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    found = outcome(b"Reference,Pathway\n" + content)
    assert found if isinstance(found, str) else found.rows or found.problems


@given(st.text(max_size=200))
def test_any_heading_is_read_or_refused(text: str) -> None:
    found = outcome(text.encode("utf-8", "replace"))
    assert found if isinstance(found, str) else found.rows or found.problems


def test_values_are_shown_in_words() -> None:
    assert parse_value(REFERRALS, " ") is None
    with pytest.raises(BadValue, match="Choose an answer for “Pathway”"):
        parse_value(PATHWAY, "")
    assert shown_profile(FIELDS, {"pathway": "early_help", "referrals": "3"}) == (
        ("Pathway", "Early help"),
        ("Interpreter needed", "Not entered"),
        ("Referrals in 12 months", "3"),
    )
