"""Writes a laid-out form as an Excel workbook. Large to load: `writing` does so when it is asked for."""

import io
from collections.abc import Sequence
from datetime import date

from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.workbook.protection import WorkbookProtection
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from qa.frameworks.vocabulary import QuestionType
from qa.frameworks.workbook.excel import GrowingRow, put
from qa.frameworks.workbook.grid import escaped
from qa.frameworks.workbook.listening import MOST_CHARACTERS
from qa.problems import refused
from qa.returns.offline.keys import ABOUT, ANSWER, EVIDENCE, IDENTITY, KEYS, QUESTION
from qa.returns.offline.layout import Form, Kind, Row, Sheet, Value
from qa.web.spreadsheets import FORMULA_STARTS

_LISTS = "Lists"
_START = "Start here"
_WIDTHS = {QUESTION: 48, ANSWER: 44, EVIDENCE: 52, ABOUT: 60}
_WRAPPED = Alignment(wrap_text=True, vertical="top")
_LINE = Side(style="thin", color="B1B4B6")
_BOX = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
_WHITE = PatternFill("solid", fgColor="FFFFFF")
_HEADING = PatternFill("solid", fgColor="0B3C49")
_QUIET = PatternFill("solid", fgColor="F3F2F1")
_LINE_HEIGHT, _TALLEST = 15, 400
_ROOM = {QuestionType.LONG_TEXT: 4}  # lines to write in, even while they are empty
_FORMATS = {QuestionType.NUMBER: "General", QuestionType.DATE: "d mmmm yyyy"}
_HOW = (
    "Each sheet is one section. Type into the white cells; the rest is locked.",
    "Where a cell has a list, choose from it. Leave a cell empty if you have no answer yet.",
    "One strength or area for improvement in each row. Empty a row to take it back.",
    "Use the case reference, never a name, date of birth or address.",
    "When you are back online, choose “Complete it in Excel” at the return and upload this file.",
    "You then see what differs from the answers there, before anything is taken in.",
    "Do not rename, remove or add sheets, and keep the file where only you can open it.",
)


def _font(*, bold: bool = False, size: int = 11, color: str | None = None) -> Font:
    """Without a name, some programs take another font than that of the other cells."""
    return Font(name="Calibri", bold=bold, size=size, color=color)


def write(form: Form) -> bytes:
    """The bytes of the workbook."""
    book = Workbook()
    start = book.active
    if not isinstance(start, Worksheet):
        raise TypeError("a new workbook has a sheet of cells")
    _write_start(start, form)
    lists = _Lists(book.create_sheet(_LISTS))
    for sheet in form.sheets:
        _write_section(book.create_sheet(sheet.name), sheet, lists)
    identity = book.create_sheet(IDENTITY)
    for number, (name, text) in enumerate(form.identity.items(), start=1):
        _text(identity, number, 1, name)
        _text(identity, number, 2, text)
    book.move_sheet(lists.sheet, len(form.sheets))
    for hidden in (lists.sheet, identity):
        hidden.sheet_state = "veryHidden"
        hidden.protection.sheet = True
    book.security = WorkbookProtection(lockStructure=True)
    book.properties.creator, book.properties.title = "Audit Together", form.title
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


class _Lists:
    """The hidden sheet of the words to choose from; each list once."""

    def __init__(self, sheet: Worksheet) -> None:
        self.sheet = sheet
        self.ranges: dict[tuple[str, ...], str] = {}

    def range_of(self, words: tuple[str, ...]) -> str:
        """Where the words stand."""
        if words not in self.ranges:
            column = len(self.ranges) + 1
            for row, word in enumerate(words, start=1):
                _text(self.sheet, row, column, word)
            letter = get_column_letter(column)
            self.ranges[words] = f"{quote_sheetname(_LISTS)}!${letter}$1:${letter}${len(words)}"
        return self.ranges[words]


def _write_start(sheet: Worksheet, form: Form) -> None:
    sheet.title = _START
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 16, 90
    _text(sheet, 1, 1, form.title).font = _font(bold=True, size=16)
    for number, (name, said) in enumerate(form.facts, start=2):
        _text(sheet, number, 1, name).font = _font(bold=True)
        _text(sheet, number, 2, said).alignment = _WRAPPED
    for number, said in enumerate(_HOW, start=len(form.facts) + 3):
        _text(sheet, number, 2, said).alignment = _WRAPPED
        _grow(sheet, number, [(said, 90)])
    _lock(sheet)


def _write_section(sheet: Worksheet, plan: Sheet, lists: _Lists) -> None:
    sheet.column_dimensions[get_column_letter(KEYS)].hidden = True
    for column, width in _WIDTHS.items():
        sheet.column_dimensions[get_column_letter(column)].width = width
    choices: dict[tuple[str, ...], DataValidation] = {}
    for number, row in enumerate(plan.rows, start=1):
        _write_row(sheet, number, row)
        if row.choices:
            offered = choices.setdefault(row.choices, _choice(lists.range_of(row.choices)))
            offered.add(f"{get_column_letter(ANSWER)}{number}")
    for offered in choices.values():
        sheet.add_data_validation(offered)
    sheet.freeze_panes = f"{get_column_letter(ANSWER)}2"
    sheet.sheet_view.zoomScale = 90
    _lock(sheet)


def _choice(words: str) -> DataValidation:
    offered = DataValidation(type="list", formula1=words, allow_blank=True, showErrorMessage=True)
    offered.errorTitle, offered.error = "Not in the list", "Choose one of the list, or leave the cell empty."
    return offered


def _write_row(sheet: Worksheet, number: int, row: Row) -> None:
    if row.kind in {Kind.TITLE, Kind.NOTE}:
        cell = _text(sheet, number, QUESTION, row.text)
        cell.alignment = Alignment(wrap_text=row.kind is Kind.NOTE, vertical="top")
        cell.font = _font(bold=row.kind is Kind.TITLE, size=16 if row.kind is Kind.TITLE else 11)
        sheet.row_dimensions[number].height = 24 if row.kind is Kind.TITLE else None
        if row.kind is Kind.NOTE:
            sheet.merge_cells(start_row=number, end_row=number, start_column=QUESTION, end_column=ABOUT)
            _grow(sheet, number, [(row.text, sum(_WIDTHS.values()))])
        return
    if row.kind is Kind.HEADING:
        first = row.text == "Question"
        about = "What to look at" if first else row.about
        said = (row.text, "Answer" if first else "In your words", "Evidence" if first else "", about)
        for column, text in zip(_WIDTHS, said, strict=True):
            cell = _text(sheet, number, column, text)
            cell.font, cell.fill, cell.alignment = _font(bold=True, color="FFFFFF"), _HEADING, _WRAPPED
        return
    _text(sheet, number, KEYS, row.key)
    asked = _text(sheet, number, QUESTION, f"    {row.text}" if row.kind is Kind.OPTION else row.text)
    asked.font, asked.fill = _font(bold=row.kind is Kind.QUESTION), _QUIET
    _text(sheet, number, ABOUT, row.about)
    if row.type is not QuestionType.SEVERAL_CHOICES:
        _box(sheet, number, ANSWER, row.answer, _FORMATS.get(row.type, "@") if row.type else "@")
    if row.evidence is not None:
        _box(sheet, number, EVIDENCE, row.evidence, "@")
    for column in (QUESTION, ABOUT):
        sheet.cell(number, column).alignment = _WRAPPED
    room = _ROOM.get(row.type, 1) if row.type else 2 if row.kind is Kind.FINDING else 1
    texts = ((QUESTION, row.text), (ANSWER, row.answer), (EVIDENCE, row.evidence), (ABOUT, row.about))
    _grow(sheet, number, [(str(said or ""), _WIDTHS[column]) for column, said in texts], least=room)


def _box(sheet: Worksheet, row: int, column: int, value: Value, format_: str) -> None:
    """A cell to type into. Raises Refused when its text is longer than Excel keeps."""
    cell = sheet.cell(row, column)
    if isinstance(value, str) and len(escaped(value)) > MOST_CHARACTERS:
        raise refused("An answer is too long for a cell of Excel. Complete this return on its pages")
    if isinstance(cell, Cell):
        if isinstance(value, date):
            cell.value = value
        else:
            put(cell, value or None if isinstance(value, str) else value)
        cell.number_format = format_
        cell.protection = Protection(locked=False)
        cell.border, cell.fill, cell.alignment = _BOX, _WHITE, _WRAPPED


def _text(sheet: Worksheet, row: int, column: int, text: str) -> Cell:
    cell = sheet.cell(row, column)
    if not isinstance(cell, Cell):
        raise TypeError("a cell that is merged into another")
    if text:
        put(cell, text)
        cell.number_format = "@"
        cell.quotePrefix = text.startswith(FORMULA_STARTS)
    return cell


def _grow(sheet: Worksheet, row: int, texts: Sequence[tuple[str, int]], *, least: int = 1) -> None:
    """Make a row as high as its texts need in columns of that width. least: lines."""
    lines = max(sum(1 + len(line) // width for line in text.split("\n")) for text, width in texts)
    height = min(_TALLEST, _LINE_HEIGHT * max(least, lines))
    sheet.row_dimensions[row] = GrowingRow(sheet, index=row, ht=height)


def _lock(sheet: Worksheet) -> None:
    """Lock all but the white cells, and fit the sheet to the width of a page when it is printed."""
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.protection.sheet = True
    # Rows and columns may be made larger; everything else that is not a white cell stays.
    sheet.protection.formatRows = sheet.protection.formatColumns = False
