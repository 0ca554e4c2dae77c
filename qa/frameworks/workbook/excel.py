"""Writes laid-out sheets as an Excel workbook. Large to load: `writing` does so when it is asked for."""

import io
from collections.abc import Sequence

from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.dimensions import RowDimension
from openpyxl.worksheet.worksheet import Worksheet

from qa.frameworks.content import FrameworkContent, Theme
from qa.frameworks.workbook.grid import Odd, Value, escaped
from qa.frameworks.workbook.laying_out import Laid, lay_out
from qa.frameworks.workbook.layout import LISTS, SCALES

_AS_TEXT = "@"
_WRAPPED = Alignment(wrap_text=True, vertical="top")
_LINE = Side(style="thin", color="B1B4B6")
_FONTS = {
    "heading": Font(bold=True, color="FFFFFF"),
    "label": Font(bold=True),
    "title": Font(bold=True, size=16),
    "example": Font(italic=True, color="505A5F"),
}
_FILLS = {
    "heading": PatternFill("solid", fgColor="1D70B8"),
    "label": PatternFill("solid", fgColor="F3F2F1"),
}
_BOXED = Border(bottom=_LINE, right=_LINE)
_LINE_HEIGHT, _TALLEST = 15, 400  # points
_NOT_FIRST = ("=", "+", "-", "@", "'")
_NAMED_SCALES = f"{quote_sheetname(SCALES)}!$A$2:$A$101"


def write(content: FrameworkContent, themes: Sequence[Theme], *, keys: bool) -> bytes:
    """The workbook as bytes. themes, keys: as for `lay_out`, and it raises the same."""
    sheets = lay_out(content, themes, keys=keys)
    workbook = Workbook()
    workbook.properties.title = escaped(content.name)
    workbook.properties.creator = "Audit Together"
    first = workbook.active
    lists = _list_ranges(sheets)
    for laid in sheets:
        sheet = workbook.create_sheet(laid.sheet.name)
        _fill(sheet, laid)
        _finish(sheet, laid, lists)
    if first is not None:
        workbook.remove(first)
    raw = io.BytesIO()
    workbook.save(raw)
    return raw.getvalue()


def _list_ranges(sheets: Sequence[Laid]) -> dict[str, str]:
    """Where each list to choose from stands."""
    ranges = {"scales": _NAMED_SCALES}
    for laid in sheets:
        if laid.sheet.name != LISTS:
            continue
        last: dict[int, int] = {}
        for row, column in laid.sheet.cells:
            last[column] = max(row, last.get(column, 0))
        for column, row in last.items():
            letter = get_column_letter(column)
            if row > 1:
                name = str(laid.sheet.cells[1, column])
                ranges[name] = f"{quote_sheetname(LISTS)}!${letter}$2:${letter}${row}"
    return ranges


def _fill(sheet: Worksheet, laid: Laid) -> None:
    # Columns first: a cell that is there has a style of its own.
    for column, width in laid.widths.items():
        sheet.column_dimensions[get_column_letter(column)].width = width
    for column, style in laid.column_styles.items():
        dimension = sheet.column_dimensions[get_column_letter(column)]
        dimension.alignment = _WRAPPED
        if style == "text":
            dimension.number_format = _AS_TEXT
    for (row, column), style in laid.styles.items():
        cell = sheet.cell(row, column)
        if isinstance(cell, Cell):
            put(cell, laid.sheet.cells.get((row, column)))
            _style(cell, style)
    for row, lines in _lines(laid).items():
        height = min(_TALLEST, _LINE_HEIGHT * lines)
        sheet.row_dimensions[row] = GrowingRow(sheet, index=row, ht=height)


class GrowingRow(RowDimension):
    """A row whose height is known beforehand and still follows its text when that is changed."""

    @property
    def customHeight(self) -> bool:  # noqa: N802 - the library's name
        return False


def _lines(laid: Laid) -> dict[int, int]:
    """How many lines each row needs for its longest text."""
    needed: dict[int, int] = {}
    for (row, column), value in laid.sheet.cells.items():
        width = max(1, laid.widths.get(column, 10))
        lines = sum(1 + len(line) // width for line in str(value).split("\n"))
        lines += laid.styles.get((row, column)) == "title"
        needed[row] = max(needed.get(row, 1), lines)
    return needed


def put(cell: Cell, value: Value | None) -> None:
    """Put a value into a cell; a text stays a text whatever it begins with."""
    if isinstance(value, Odd) or value is None:
        return
    if not isinstance(value, str):
        cell.value = value
        return
    cell.value = escaped(value)
    # The library takes a text that begins with = for a formula.
    cell.data_type = "s"
    if value.startswith(_NOT_FIRST):
        cell.quotePrefix = True


def _style(cell: Cell, style: str) -> None:
    cell.alignment = _WRAPPED
    cell.border = _BOXED
    if style in _FONTS:
        cell.font = _FONTS[style]
    if style in _FILLS:
        cell.fill = _FILLS[style]
    if style != "number":
        cell.number_format = _AS_TEXT


def _finish(sheet: Worksheet, laid: Laid, lists: dict[str, str]) -> None:
    for (row, column), text in laid.notes.items():
        note = Comment(
            text, "Audit Together", width=360, height=40 + 18 * (len(text) // 50 + text.count("\n"))
        )
        sheet.cell(row, column).comment = note
    for (first, last, column), name, strict in laid.lists:
        if name not in lists:
            continue
        letter = get_column_letter(column)
        offered = DataValidation(type="list", formula1=lists[name], allow_blank=True, showErrorMessage=strict)
        offered.errorTitle = "Not in the list"
        offered.error = "Choose one of the list, or leave the cell empty."
        offered.add(f"{letter}{first}:{letter}{last}")
        sheet.add_data_validation(offered)
    if laid.frozen:
        sheet.freeze_panes = f"{get_column_letter(laid.frozen[1])}{laid.frozen[0]}"
    if laid.hidden:
        sheet.sheet_state = "hidden"
    sheet.sheet_view.zoomScale = 90
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.print_options.gridLines = True
