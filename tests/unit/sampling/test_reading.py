"""Reading a population list: what is understood, and hostile or broken files."""

import datetime
import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from qa.audits.csv_rows import UnreadableFile
from qa.audits.sampling import reading
from qa.audits.sampling.guarding import Refusal, refusals
from qa.audits.sampling.reading import PopulationFile, read_population
from qa.identifiers.names import names_from


def workbook(rows: list[list[object]], **more: list[list[object]]) -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "List"
    for row in rows:
        sheet.append(row)
    for name, others in more.items():
        other = book.create_sheet(name)
        for row in others:
            other.append(row)
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()


def csv(text: str) -> PopulationFile:
    return read_population(text.encode())


def cells(file: PopulationFile) -> list[tuple[str, ...]]:
    return [row.cells for row in file.rows]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_what_spreadsheets_save_as_csv_is_understood(encoding: str, mark: str) -> None:
    text = f"Reference{mark}Team\r\nC001{mark}“Été”\r\n\r\nC002\r\n"
    file = read_population(text.encode(encoding))
    assert file.headings == ("Reference", "Team")
    assert cells(file) == [("C001", "“Été”"), ("C002", "")]
    assert [row.line for row in file.rows] == [2, 4]


def test_a_workbook_is_read_by_its_first_sheet_that_holds_anything() -> None:
    content = workbook(
        [["Reference", "Visits", "Open"], ["C001", 4, True], [None, None, None], ["C002", 2.5, False]],
        Notes=[["More"]],
    )
    file = read_population(content)
    assert file.headings == ("Reference", "Visits", "Open")
    assert cells(file) == [("C001", "4", "Yes"), ("C002", "2.5", "No")]
    assert [row.line for row in file.rows] == [2, 4]
    assert (file.sheet, file.others) == ("List", ("Notes",))


def test_formulas_are_text_and_never_worked_out() -> None:
    file = read_population(workbook([["Reference", "Sum"], ["C001", "=1+1"], ["C002", '=HYPERLINK("x")']]))
    assert cells(file) == [("C001", "=1+1"), ("C002", '=HYPERLINK("x")')]
    assert cells(csv("Reference,Sum\nC001,=1+1\n")) == [("C001", "=1+1")]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "The file is empty"),
        (b"Reference,Team\n", "no cases under its headings"),
        (b"Reference,,Team\nC1,x,y\n", "column B has none"),
        (b"Reference,team,Team\nC1,x,y\n", "stands twice"),
        (b"C1,12\nC2,13\n", "\u201c12\u201d is a number"),
        (b"Reference,Team\nC1,x,y\n", "Row 2 has more cells than there are headings"),
        (b"Reference,Note\nC1," + b"x" * 201 + b"\n", "more than 200 characters"),
        (b"A" * (8 * 1024 * 1024 + 1), "larger than 8 MB"),
        (b"PK\x03\x04nonsense", "damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1old", "old format"),
        (b"Reference\x00,Team\nC1,x\n", "UTF-8"),
        (b'Reference,Team\n"' + b"x" * 200_000, "cannot be read as CSV"),
        (",".join(f"h{n}" for n in range(61)).encode() + b"\nC1\n", "more than 60 columns"),
    ],
)
def test_a_file_that_is_no_list_says_what_to_do(content: bytes, words: str) -> None:
    with pytest.raises(UnreadableFile) as refused:
        read_population(content)
    assert words in str(refused.value)


def test_a_list_that_is_too_long_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MOST_ROWS", 3)
    assert len(csv("R\n1a\n2a\n3a\n").rows) == 3
    with pytest.raises(UnreadableFile, match="more than 3 rows"):
        csv("R\n1a\n2a\n3a\n4a\n")


def repacked(content: bytes, **parts: bytes) -> bytes:
    """A workbook with parts added or put in the place of others."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w") as new:
        for name in old.namelist():
            if name not in parts:
                new.writestr(name, old.read(name))
        for name, text in parts.items():
            new.writestr(name, text)
    return made.getvalue()


PLAIN = workbook([["Reference"], ["C001"]])
BOMB = io.BytesIO()
with zipfile.ZipFile(BOMB, "w", zipfile.ZIP_DEFLATED) as bomb:
    bomb.writestr("[Content_Types].xml", "x")
    for number in range(30):
        bomb.writestr(f"xl/{number}.xml", b" " * 10_000_000)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (repacked(PLAIN, **{"xl/vbaProject.bin": b"x"}), "macros"),
        (repacked(PLAIN, **{"xl/externalLinks/externalLink1.xml": b"<a/>"}), "another file or address"),
        (repacked(PLAIN, **{"xl/embeddings/a.bin": b"x"}), "embedded"),
        (
            repacked(PLAIN, **{"xl/worksheets/sheet1.xml": b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}),
            "XML entities",
        ),
        (repacked(PLAIN, **{"xl/worksheets/sheet1.xml": b"<worksheet><sheetData>"}), "broken"),
        (BOMB.getvalue(), "larger than 250 MB when unpacked"),
    ],
)
def test_hostile_workbooks_are_refused(content: bytes, words: str) -> None:
    with pytest.raises(UnreadableFile) as refused:
        read_population(content)
    assert words in str(refused.value)


@given(st.binary(max_size=400))
def test_anything_at_all_is_a_list_or_refused_with_words(content: bytes) -> None:
    for start in (b"", b"Reference,Team\n", b"PK\x03\x04"):
        try:
            file = read_population(start + content)
        except UnreadableFile:
            continue
        assert file.rows
        assert all(len(row.cells) == len(file.headings) for row in file.rows)


LIST = "Case ID,Plan\n" + "".join(f"C{number:03},Early help\n" for number in range(40))


def found(text: str) -> list[Refusal]:
    return refusals(csv(text), 0)


def test_a_list_of_codes_is_clean() -> None:
    assert found(LIST) == []
    many = "".join(
        f"C{n:03},North Team,{n % 20}-{n % 20 + 4},2025/26,2026-03,Mosaic {n}\n" for n in range(60)
    )
    assert found("Case ID,Team,Age band,Year,Month,System\n" + many) == []


@pytest.mark.parametrize(
    ("heading", "kind"),
    [
        ("Child's name", "a person’s name"),
        ("ChildName", "a person’s name"),
        ("Surname", "a person’s name"),
        ("First name", "a person’s name"),
        ("NAME", "a person’s name"),
        ("D.O.B.", "a date of birth"),
        ("Date of birth", "a date of birth"),
        ("NHS number", "an NHS number"),
        ("UPN", "a unique pupil number"),
        ("Home address", "an address"),
        ("Post code", "a postcode"),
        ("E-mail", "an e-mail address"),
        ("Carer mobile", "a telephone number"),
    ],
)
def test_a_column_is_refused_by_its_heading(heading: str, kind: str) -> None:
    (one,) = found(f"Case ID,{heading}\nC001,x\nC002,y\n")
    assert (one.heading, one.kind, one.whole, one.where) == (heading, kind, True, "The whole column")


@pytest.mark.parametrize("heading", ["Team name", "School name", "Plan", "Ward", "Named contact made"])
def test_a_heading_that_names_no_child_is_let_through(heading: str) -> None:
    assert found(f"Case ID,{heading}\nC001,x\nC002,y\n") == []


@pytest.mark.parametrize(
    ("cell", "kind"),
    [
        ("943 476 5919", "an NHS number"),
        ("14/03/2011", "a date of birth"),
        ("RM1 3AB", "a postcode"),
        ("ann@example.org", "an e-mail address"),
        ("07700 900123", "a telephone number"),
    ],
)
def test_identifiers_are_refused_row_by_row(cell: str, kind: str) -> None:
    rows = "".join(f"C{n:03},{cell if n in {3, 7} else 'Early help'}\n" for n in range(20))
    (one,) = found("Case ID,Plan\n" + rows)
    assert (one.kind, one.rows, one.number, one.whole) == (kind, (5, 9), 2, False)
    assert one.where == "Rows 5, 9"


def test_a_column_full_of_them_is_refused_as_a_whole() -> None:
    rows = "".join(f"C{n:03},{n % 28 + 1}/03/2011\n" for n in range(30))
    (one,) = found("Case ID,Referral\n" + rows)
    assert (one.kind, one.whole, one.number) == ("a date of birth", True, 30)
    assert "2026-03" in one.remedy


def test_names_among_references_and_in_a_column_of_their_own() -> None:
    (one,) = found("Case ID,Plan\nC001,x\nAnn Smith,x\nC003,y\n")
    assert (one.heading, one.kind, one.rows) == ("Case ID", "a person’s name", (3,))
    rows = "".join(f"C{n:03},{'ABCDEFGHIJKLMNOPQRSTUVWXYZ'[n]}nna Smith\n" for n in range(26))
    (one,) = found("Case ID,Who\n" + rows)
    assert (one.heading, one.kind, one.whole) == ("Who", "a person’s name", True)


def test_names_that_the_area_keeps_are_found_anywhere() -> None:
    text = "Case ID,Plan\nC1,Lives with Ann\nC2,x\nC3,x\n"
    assert refusals(csv(text), 0) == []
    (one,) = refusals(csv(text), 0, names_from(["Ann Smith", "Ann"]))
    assert (one.heading, one.kind, one.rows) == ("Plan", "a person’s name", (2,))


def test_dates_of_a_workbook_are_dates() -> None:
    file = read_population(workbook([["Reference", "When"], ["C001", datetime.date(2011, 3, 14)]]))
    assert file.rows[0].cells == ("C001", "2011-03-14")
    (one,) = refusals(file, 0)
    assert (one.heading, one.kind, one.rows) == ("When", "a date of birth", (2,))


def test_a_heading_is_no_longer_than_what_keeps_it() -> None:
    with pytest.raises(UnreadableFile, match="has more than 200 characters"):
        read_population(f"Reference,{'Plan ' * 60}\nA1,CP\n".encode())
