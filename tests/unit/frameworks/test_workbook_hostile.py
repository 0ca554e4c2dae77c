"""Files that are no plain workbook, or cost more than they may: a clear sentence, and no harm done."""

import io
import re
import tracemalloc
import zipfile
from collections.abc import Callable
from dataclasses import replace

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.config import ImportLimits
from qa.frameworks.checking import load_themes
from qa.frameworks.content import FrameworkContent
from qa.frameworks.workbook import archive
from qa.frameworks.workbook.checking import check_workbook
from qa.frameworks.workbook.writing import blank_workbook, workbook_bytes

LIMITS = ImportLimits()
THEMES = load_themes().themes
BLANK = blank_workbook(THEMES)
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

Parts = dict[str, bytes]


def unpacked(raw: bytes) -> Parts:
    """The parts of a workbook."""
    with zipfile.ZipFile(io.BytesIO(raw)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def packed(parts: Parts) -> bytes:
    """Parts as a workbook."""
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return raw.getvalue()


def said(raw: bytes, limits: ImportLimits = LIMITS) -> str:
    """Everything that is said about a file; it must be refused."""
    result = check_workbook(raw, "x.xlsx", THEMES, limits)
    assert result.content is None
    assert result.problems
    assert all(problem.message and problem.remedy for problem in result.problems)
    return " ".join(str(problem) for problem in result.problems)


def with_part(name: str, content: bytes = b"<x/>") -> Callable[[Parts], Parts]:
    """A workbook with one more part."""
    return lambda parts: parts | {name: content}


def with_text(name: str, old: str, new: str) -> Callable[[Parts], Parts]:
    """A workbook with something else in one part."""

    def change(parts: Parts) -> Parts:
        text = parts[name].decode()
        assert re.search(old, text), old
        return parts | {name: re.sub(old, lambda _: new, text, count=1).encode()}

    return change


SHEET = "xl/worksheets/sheet2.xml"
ENTITIES = (
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1">'
    '<c r="A1" t="inlineStr"><is><t>&b;</t></is></c></row></sheetData></worksheet>'
)


REFUSED: list[tuple[Callable[[Parts], Parts], str]] = [
    (with_part("xl/vbaProject.bin"), "The workbook holds macros."),
    (with_part("xl/externalLinks/externalLink1.xml"), "The workbook has links to other files"),
    (with_part("xl/connections.xml"), "The workbook has links to other files"),
    (with_part("xl/embeddings/oleObject1.bin"), "has other files or controls embedded"),
    (with_part("xl/activeX/activeX1.xml"), "has other files or controls embedded"),
    (with_part(SHEET, ENTITIES.encode()), "declares a document type"),
    (with_part(SHEET, b"<worksheet><sheetData>"), "The file is broken."),
    (with_part(SHEET, b"\xff\xfe<\x00"), "The file is broken."),
    (with_part(SHEET, b"<a>" * 500 + b"</a>" * 500), "The file is broken."),
    (with_text("xl/workbook.xml", r"<sheets>.*</sheets>", "<sheets/>"), "There is no sheet “Framework”."),
    (with_text("xl/_rels/workbook.xml.rels", r"/worksheet\"", '/chartsheet"'), "is not a sheet of cells"),
    (with_text(SHEET, r'r="B1"', 'r="ZZZZZZZ1"'), "The file is broken."),
    (with_text(SHEET, r'row r="1"', 'row r="99999999"'), "The file is broken."),
    (with_text(SHEET, r"</sheetData>", "</sheetData><oleObjects><oleObject/></oleObjects>"), "embedded"),
    (
        lambda parts: {name: content for name, content in parts.items() if "workbook.xml" not in name},
        "This is a zip archive, but not a workbook.",
    ),
    (lambda _: {"word/document.xml": b"<x/>"}, "This is a Word document."),
    (lambda _: {"content.xml": b"<x/>", "mimetype": b"ods"}, "This is a workbook of another format."),
    (
        lambda _: {f"xl/{number}": b"" for number in range(archive.MOST_PARTS + 1)},
        "more than 2,000 parts",
    ),
]


@pytest.mark.parametrize(("change", "sentence"), REFUSED, ids=[f"{number}" for number in range(len(REFUSED))])
def test_a_file_that_is_no_plain_workbook_is_refused(change: Callable[[Parts], Parts], sentence: str) -> None:
    assert sentence in said(packed(change(unpacked(BLANK))))


@pytest.mark.parametrize(
    ("raw", "sentence"),
    [
        (b"", "The file is empty."),
        (b"key: help_and_protection\n", "This is not an Office file."),
        (b"%PDF-1.7\n%\xe2\xe3", "This is not an Office file."),
        (BLANK[: len(BLANK) // 2], "The file is broken."),
        (OLE + b"\x00" * 2000, "in the format of Office before 2007"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "The file is protected by a password."),
        (b"PK\x03\x04" + b"\x00" * 3_000_000, "The file is larger than 2 MB."),
    ],
    ids=["empty", "yaml", "pdf", "half", "old", "password", "large"],
)
def test_a_file_under_a_false_name_is_refused(raw: bytes, sentence: str) -> None:
    assert sentence in said(raw)


def test_two_parts_of_one_name_are_refused() -> None:
    false = BLANK.replace(b"xl/worksheets/sheet2.xml", b"xl/worksheets/sheet3.xml")
    assert "The file is broken." in said(false)


def test_a_damaged_part_is_noticed() -> None:
    with zipfile.ZipFile(io.BytesIO(BLANK)) as opened:
        entry = opened.getinfo(SHEET)
    begin = entry.header_offset + 80
    assert "The file is broken." in said(BLANK[:begin] + bytes(40) + BLANK[begin + 40 :])


def test_an_encrypted_entry_is_refused() -> None:
    raw = bytearray(BLANK)
    for found in re.finditer(b"PK\x01\x02", bytes(raw)):
        raw[found.start() + 8] |= 1
    assert "The file is encrypted." in said(bytes(raw))


def test_formulas_errors_dates_and_merged_cells_are_named_by_cell(small: FrameworkContent) -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook_bytes(small, THEMES)))
    sheet = book["Front door and threshold"]
    sheet["B9"] = '="Was the threshold " & "right?"'
    sheet["E10"] = "#REF!"
    sheet["E11"] = 45_000
    sheet["E11"].number_format = "dd/mm/yyyy"
    book["Scales"].merge_cells("A2:A4")
    raw = io.BytesIO()
    book.save(raw)
    problems = [str(problem) for problem in check_workbook(raw.getvalue(), "x.xlsx", THEMES, LIMITS).problems]
    assert [problem.split(": ", 1)[1].split(". ")[0] for problem in problems] == [
        "“Scales”, A2: The cells A2:A4 are merged",
        "“Front door and threshold”, B9: This is a formula",
        "“Front door and threshold”, E10: This cell shows an error of Excel",
        "“Front door and threshold”, E11: Excel has made a date of what was typed here",
    ]


def of_rows(rows: str) -> bytes:
    """A workbook whose second sheet has these rows."""
    sheet = (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        f"{rows}</sheetData></worksheet>"
    )
    return packed(unpacked(BLANK) | {SHEET: sheet.encode()})


def test_a_million_rows_are_refused_in_little_memory() -> None:
    rows = "".join(f'<row r="{row}"><c><v>1</v></c></row>' for row in range(1, 400_001))
    raw = of_rows(rows)
    del rows
    tracemalloc.start()
    try:
        assert "more than 50,000 filled cells" in said(raw)
        assert tracemalloc.get_traced_memory()[1] < 30_000_000
    finally:
        tracemalloc.stop()


def test_an_archive_that_unpacks_to_far_more_is_refused_before_it_is_unpacked() -> None:
    raw = packed(unpacked(BLANK) | {"xl/media/zeros.bin": bytes(100_000_000)})
    tracemalloc.start()
    try:
        assert "unpacks to more than 20 MB" in said(raw)
        assert tracemalloc.get_traced_memory()[1] < 5_000_000
    finally:
        tracemalloc.stop()


def test_a_directory_that_tells_less_than_unpacks_does_not_get_more() -> None:
    raw = bytearray(of_rows("<row><c><v>1</v></c></row>" + " " * 25_000_000))
    size = zipfile.ZipFile(io.BytesIO(bytes(raw))).getinfo(SHEET).file_size
    told = bytes(raw).replace(size.to_bytes(4, "little"), (1000).to_bytes(4, "little"))
    assert "The file is broken." in said(told)


def test_a_row_at_the_end_of_a_sheet_costs_nothing() -> None:
    assert "“Framework”, XFC1048576" in said(of_rows('<row r="1048576"><c r="XFC1048576"><v>1</v></c></row>'))


@pytest.mark.parametrize(
    ("limits", "sentence"),
    [
        (replace(LIMITS, sheets=5), "The workbook has more than 5 sheets."),
        (replace(LIMITS, values=20), "more than 20 filled cells"),
        (replace(LIMITS, unpacked_mb=0), "unpacks to more than 0 MB"),
        (replace(LIMITS, file_mb=0), "larger than 0 MB"),
        (replace(LIMITS, seconds=-1), "takes longer than -1 seconds"),
    ],
)
def test_each_limit_is_a_setting(small: FrameworkContent, limits: ImportLimits, sentence: str) -> None:
    assert sentence in said(workbook_bytes(small, THEMES), limits)


def test_a_shared_text_that_is_used_again_and_again_counts_each_time() -> None:
    strings = f"<sst><si><t>{'x' * 32_000}</t></si></sst>".encode()
    rels = unpacked(BLANK)["xl/_rels/workbook.xml.rels"].decode()
    if "sharedStrings" not in rels:
        rels = rels.replace(
            "</Relationships>",
            '<Relationship Id="rId99" Type="x/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
        )
    cells = '<c t="s"><v>0</v></c>' * 2000
    rows = f"<worksheet><sheetData><row r='1'>{cells}</row></sheetData></worksheet>".encode()
    changed = {SHEET: rows, "xl/sharedStrings.xml": strings, "xl/_rels/workbook.xml.rels": rels.encode()}
    assert "million characters" in said(packed(unpacked(BLANK) | changed))


def test_a_cell_with_more_text_than_excel_takes_is_refused() -> None:
    assert "holds more than 32,767 characters" in said(
        of_rows(f'<row r="1"><c r="A1" t="inlineStr"><is><t>{"x" * 40_000}</t></is></c></row>')
    )


def test_thousands_of_faults_are_not_all_looked_into(small: FrameworkContent) -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook_bytes(small, THEMES)))
    sheet = book["Front door and threshold"]
    for row in range(30, 1030):
        for column in range(1, 20):
            sheet.cell(row, column).value = f"nonsense {row} {column}"
    raw = io.BytesIO()
    book.save(raw)
    result = check_workbook(raw.getvalue(), "x.xlsx", THEMES, LIMITS)
    assert result.content is None
    assert len(result.problems) == 300


@given(st.integers(0, 10_000), st.binary(min_size=1, max_size=8))
@settings(max_examples=60, deadline=None)
def test_whatever_a_part_holds_there_is_an_answer(place: int, junk: bytes) -> None:
    parts = unpacked(BLANK)
    names = sorted(name for name in parts if name.startswith("xl/w") or name.endswith(".rels"))
    name = names[place % len(names)]
    content = parts[name]
    at = place % len(content)
    check_workbook(packed(parts | {name: content[:at] + junk + content[at + 4 :]}), "x.xlsx", THEMES, LIMITS)
