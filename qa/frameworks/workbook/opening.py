"""Reads the cells of an Excel workbook (ECMA-376, Office Open XML) out of its archive.

The library that writes workbooks would read them too, but it reads a sheet whole before anything can stop it
and changes some texts on the way; a stranger's file must cost no more than it may.
"""

import re
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from qa.config import ImportLimits
from qa.frameworks.workbook.archive import Archive, BadArchive, Budget
from qa.frameworks.workbook.grid import Odd, Sheet, Value, column_of, unescaped
from qa.frameworks.workbook.listening import (
    MOST_CHARACTERS,
    Listed,
    Related,
    Strings,
    Styles,
    Texts,
    number,
)

_FURTHEST = 1_048_576, 16_384
_DAY_NOUGHT, _LAST_DAY = date(1899, 12, 30), 2_958_465
_WORKBOOK = "xl/workbook.xml"
_RANGE = re.compile(r"[A-Z]{1,3}[0-9]{1,7}(:[A-Z]{1,3}[0-9]{1,7})?\Z")


def open_workbook(raw: bytes, limits: ImportLimits, *, as_typed: bool = False) -> tuple[list[Sheet], Budget]:
    """The sheets of a workbook, in order, and what may still be spent on it.

    as_typed: a formula is the text that was typed, with its = before it, and is never worked out; a date is
    its text, such as 2025-03-27.
    Raises BadArchive with what is wrong and the remedy, for anything that is not a plain workbook within the
    limits.
    """
    book = _opened(raw, limits)
    sheets = []
    for order, (name, _) in enumerate(book.listed):
        part = book.part(order)
        if not part:
            raise BadArchive(f"“{name}” is not a sheet of cells.", "Remove it from the workbook.")
        kind = _AsTyped if as_typed else _Cells
        reader = kind(Sheet(name, order), book.strings, book.dates, book.archive.budget)
        book.archive.read_xml(part, reader)
        sheets.append(reader.sheet)
    return sheets, book.archive.budget


TakeRow = Callable[[int, dict[int, Value]], None]


def stream_rows(raw: bytes, limits: ImportLimits, take: TakeRow) -> tuple[str, tuple[str, ...]]:
    """Give the rows of the first sheet that holds any to `take`, one by one: row number, cells by column.

    A formula is the text that was typed, with its = before it; it is never worked out. Nothing of a sheet is
    kept, so that a long one costs no more than a short one. Gives back the sheet's name and the others'.
    Raises BadArchive as `open_workbook` does, and what `take` raises.
    """
    book = _opened(raw, limits)
    name = ""
    for order, (name, _) in enumerate(book.listed):
        if part := book.part(order):
            reader = _Rows(Sheet(name, order), book, take)
            book.archive.read_xml(part, reader)
            if reader.rows:
                break
    return name, tuple(other for other, _ in book.listed if other != name)


class _Opened(NamedTuple):
    """A workbook before any of its sheets is read."""

    archive: Archive
    listed: list[tuple[str, str]]
    related: Related
    strings: list[str]
    dates: frozenset[int]

    def part(self, order: int) -> str:
        """The part that holds a sheet's cells; "" when it is no sheet of cells."""
        identity = self.listed[order][1]
        part = self.related.parts.get(identity, "")
        return part if self.related.kinds.get(identity) == "worksheet" and part in self.archive.names else ""


def _opened(raw: bytes, limits: ImportLimits) -> _Opened:
    archive = Archive(raw, limits)
    _check_plain(archive)
    listed, related, styles = Listed(), Related(), Styles()
    archive.read_xml(_WORKBOOK, listed)
    if len(listed.sheets) > limits.sheets:
        raise BadArchive(
            f"The workbook has more than {limits.sheets} sheets.", "Remove those that do not belong to it."
        )
    archive.read_xml("xl/_rels/workbook.xml.rels", related)
    strings = Strings(archive.budget)
    if related.of_kind("sharedStrings") in archive.names:
        archive.read_xml(related.of_kind("sharedStrings"), strings)
    if related.of_kind("styles") in archive.names:
        archive.read_xml(related.of_kind("styles"), styles)
    return _Opened(archive, listed.sheets, related, strings.found, styles.dates())


def _check_plain(archive: Archive) -> None:
    """Refuse what is another kind of file, and a workbook that brings more than cells."""
    if any(name.lower().endswith("vbaproject.bin") for name in archive.names) or archive.any_in(
        "xl/macrosheets"
    ):
        raise BadArchive("The workbook holds macros.", "Save it as an Excel workbook (.xlsx) without macros.")
    if _WORKBOOK not in archive.names:
        raise _another_kind(archive)
    if archive.any_in("xl/externallinks", "xl/connections", "xl/querytables"):
        raise BadArchive(
            "The workbook has links to other files or to data elsewhere.",
            "In Excel choose “Data”, “Edit Links”, “Break Link”, and save it again.",
        )
    if archive.any_in("xl/embeddings", "xl/activex", "xl/ctrlprops"):
        raise BadArchive(
            "The workbook has other files or controls embedded in it.", "Remove them and save it again."
        )


def _another_kind(archive: Archive) -> BadArchive:
    if archive.any_in("word/"):
        return BadArchive("This is a Word document.", "Choose “From a Word document” instead.")
    if archive.any_in("xl/workbook.bin", "content.xml"):
        return BadArchive(
            "This is a workbook of another format.", "Save it as an Excel workbook (.xlsx) and try that one."
        )
    return BadArchive("This is a zip archive, but not a workbook.", "Choose the Excel workbook (.xlsx).")


class _Cells(Texts):
    """The cells of one sheet."""

    def __init__(self, sheet: Sheet, strings: list[str], dates: frozenset[int], budget: Budget) -> None:
        super().__init__()
        self.sheet = sheet
        self.strings = strings
        self.dates = dates
        self.budget = budget
        self.row = self.column = 0
        self.cell: dict[str, str] = {}
        self.formula = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self._open(name)
        if name == "row":
            self.row = number(attributes.get("r"), self.row + 1)
            self.column = 0
        elif name == "c":
            self._cell(attributes)
        elif name == "f":
            self.formula = True
        elif name == "mergeCell":
            self._merged(attributes.get("ref", ""))
        elif name in {"oleObject", "control"}:
            raise BadArchive(
                f"The sheet “{self.sheet.name}” has other files or controls embedded in it.",
                "Remove them and save the workbook again.",
            )

    def _cell(self, attributes: dict[str, str]) -> None:
        self._taken()
        self.cell, self.formula = attributes, False
        reference = attributes.get("r", "")
        self.column = column_of(reference) if reference else self.column + 1
        if not (0 < self.row <= _FURTHEST[0] and 0 < self.column <= _FURTHEST[1]):
            raise ValueError(reference)

    def _merged(self, reference: str) -> None:
        if not _RANGE.match(reference):
            raise ValueError(reference)
        self.budget.spend_value(reference)
        self.sheet.merged.append(reference)

    def end(self, name: str) -> None:
        self._close(name)
        if name != "c":
            return
        raw = self._taken()
        if self.formula:
            self._keep(self._of_formula(), raw)
        elif raw:
            value = self._value(raw)
            if value != "":
                self._keep(value, value if isinstance(value, str) else "")

    def _keep(self, value: Value, text: str) -> None:
        if len(text) > MOST_CHARACTERS:
            raise BadArchive(
                f"The cell {self.sheet.place(self.row, self.column)} holds more than {MOST_CHARACTERS:,} "
                "characters.",
                "Shorten its text.",
            )
        self.budget.spend_value(text)
        self._store(value)

    def _of_formula(self) -> Value:
        return Odd("formula")

    def _store(self, value: Value) -> None:
        self.sheet.cells[self.row, self.column] = value

    def _value(self, raw: str) -> Value:
        match self.cell.get("t", "n"):
            case "s":
                index = int(raw)
                if index < 0:
                    raise ValueError(raw)
                return self.strings[index] if index < len(self.strings) else Odd("error")
            case "inlineStr" | "str":
                return unescaped(raw)
            case "b":
                return raw.strip() in {"1", "true"}
            case "e":
                return Odd("error")
            case "d":
                return Odd("date")
            case _:
                return Odd("date") if number(self.cell.get("s")) in self.dates else _decimal(raw)


class _AsTyped(_Cells):
    """The cells of one sheet, formulas and dates as the texts that were typed."""

    def __init__(self, sheet: Sheet, strings: list[str], dates: frozenset[int], budget: Budget) -> None:
        super().__init__(sheet, strings, dates, budget)
        self.written = ""

    def _open(self, name: str) -> None:
        super()._open(name)
        self.gathering = self.gathering or name == "f"

    def end(self, name: str) -> None:
        if name == "f":
            self.written = self._taken()
        super().end(name)

    def _of_formula(self) -> Value:
        return f"={self.written}"

    def _value(self, raw: str) -> Value:
        value = super()._value(raw)
        if value != Odd("date"):
            return value
        return raw[:10] if self.cell.get("t") == "d" else _day(raw)


def _day(raw: str) -> Value:
    """The day that a serial number stands for. Excel takes 1900 for a leap year."""
    number = int(float(raw))
    if not 1 <= number <= _LAST_DAY:
        return Odd("error")
    return (_DAY_NOUGHT + timedelta(days=number + (number < 60))).isoformat()


class _Rows(_AsTyped):
    """The cells of one sheet, as they were typed, handed on row by row."""

    def __init__(self, sheet: Sheet, book: _Opened, take: TakeRow) -> None:
        super().__init__(sheet, book.strings, book.dates, book.archive.budget)
        self.take = take
        self.present: dict[int, Value] = {}
        self.rows = 0

    def end(self, name: str) -> None:
        super().end(name)
        if name == "row" and self.present:
            self.take(self.row, self.present)
            self.rows += 1
            self.present = {}

    def _store(self, value: Value) -> None:
        self.present[self.column] = value


def _decimal(raw: str) -> Value:
    """A number as Excel shows it: it keeps 0.1 as 0.10000000000000001."""
    number = float(raw)
    if number != number or abs(number) > 1e15:  # noqa: PLR0124 - the number that is none
        return Odd("error")
    return int(number) if number.is_integer() else Decimal(repr(number))
