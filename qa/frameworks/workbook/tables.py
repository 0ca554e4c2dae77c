"""Finds settings and tables in a sheet, by their headings. Pure."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple, TypeAlias

from qa.frameworks.file_problems import did_you_mean, quoted
from qa.frameworks.workbook.grid import Odd, Place, Sheet, Value
from qa.frameworks.workbook.layout import Column, column_for
from qa.frameworks.workbook.words import remedy_for, yes_or_no

MOST_PROBLEMS = 300
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]")
_ODD = {
    "formula": ("This is a formula.", "Write its result as text or as a number instead."),
    "error": ("This cell shows an error of Excel.", "Write what it should hold."),
    "date": (
        "Excel has made a date of what was typed here.",
        "Format the cell as text and type it again.",
    ),
}

Path: TypeAlias = tuple[str | int, ...]


class Found(NamedTuple):
    """Something wrong with a cell: sentences that say what, and the remedy."""

    place: Place
    message: str
    remedy: str


class TooManyProblems(Exception):
    """So much is wrong that reading on would help nobody."""


@dataclass(slots=True)
class Findings:
    """What has been found so far. check_time: called now and then; raises when the time is up."""

    check_time: Callable[[], None]
    problems: list[Found] = field(default_factory=list)

    def add(self, place: Place, message: str, remedy: str) -> None:
        """Note a problem. Raises TooManyProblems."""
        self.problems.append(Found(place, message, remedy))
        if len(self.problems) >= MOST_PROBLEMS:
            raise TooManyProblems


@dataclass(slots=True)
class Cells:
    """One row of a table, or one block of settings: the cell of every column that is there."""

    findings: Findings
    sheet: Sheet
    places: dict[str, Place]

    def place(self, name: str) -> Place | None:
        """Where that is; None when the sheet has no such column."""
        return self.places.get(name)

    def value(self, name: str) -> Value | None:
        """What the cell holds; None for nothing."""
        place = self.places.get(name)
        return self.sheet.cells.get((place.row, place.column)) if place else None

    def text(self, name: str) -> str:
        """The cell's text, without white space around it."""
        value = self.value(name)
        if isinstance(value, bool):
            return "Yes" if value else "No"
        if isinstance(value, Decimal):
            return format(value, "f")
        return "" if value is None else str(value).strip()

    def fault(self, name: str, message: str, remedy: str) -> None:
        """Note what is wrong with that cell."""
        self.findings.add(self.places[name], message, remedy)

    def whole(self, name: str) -> int | None:
        """A whole number."""
        number = self.number(name)
        if isinstance(number, Decimal):
            self.fault(name, f"{quoted(number)} is not a whole number.", "Write a number such as 3.")
            return None
        return number

    def number(self, name: str) -> int | Decimal | None:
        """A number, typed as one or as text."""
        value = self.value(name)
        if isinstance(value, str):
            said = value.strip()
            if not said:
                return None
            negative, figures = said.startswith("-"), said.removeprefix("-")
            whole, _, places = figures.partition(".")
            if (
                whole.isdecimal()
                and whole.isascii()
                and len(figures) <= 30
                and (not places or places.isdecimal())
            ):
                value = (
                    Decimal(("-" if negative else "") + figures)
                    if places
                    else int(("-" if negative else "") + whole)
                )
        if isinstance(value, str | bool):
            self.fault(name, f"{quoted(self.text(name))} is not a number.", "Write a number such as 3.")
            return None
        return value if isinstance(value, int | Decimal) else None

    def yes(self, name: str) -> bool | None:
        """Yes or no; None when the cell is empty."""
        value = self.value(name)
        if value is None or isinstance(value, bool):
            return value
        said = self.text(name)
        answer = yes_or_no(said)
        if answer is None and said:
            self.fault(name, f"{quoted(said)} is neither Yes nor No.", "Write Yes or No, or leave it empty.")
        return answer


class Table(NamedTuple):
    """A table of a sheet. begins: its row of headings; extra: columns whose heading is in no list."""

    begins: int
    columns: Mapping[str, int]
    extra: Mapping[int, str]


def find_table(sheet: Sheet, columns: Sequence[Column], needed: tuple[str, str]) -> Table | None:
    """The table whose headings hold the two that are needed; None when there is none."""
    for row, cells in sheet.rows():
        found: dict[str, int] = {}
        extra: dict[int, str] = {}
        for place, value in sorted(cells.items()):
            column = column_for(value, tuple(columns)) if isinstance(value, str) else None
            if column and column.name not in found:
                found[column.name] = place
            else:
                extra[place] = "" if isinstance(value, Odd) else str(value)
        if all(name in found for name in needed):
            return Table(row, found, extra)
    return None


def table_rows(sheet: Sheet, table: Table, findings: Findings) -> Iterator[Cells]:
    """The rows below the headings that hold anything under one of them."""
    used = {*table.columns.values(), *table.extra}
    for row, cells in sheet.rows():
        if row <= table.begins:
            continue
        findings.check_time()
        for column in cells.keys() - used:
            findings.add(
                sheet.place(row, column),
                "This cell stands in a column without a heading.",
                "Give the column its heading, or empty the cell.",
            )
        if any(column in cells for column in used):
            yield Cells(
                findings, sheet, {name: sheet.place(row, column) for name, column in table.columns.items()}
            )


def refuse_extra(sheet: Sheet, table: Table, columns: Sequence[Column], findings: Findings) -> None:
    """Note the columns whose headings are in no list, or stand twice."""
    for column, heading in table.extra.items():
        twin = column_for(heading, tuple(columns))
        what = (
            f"There are two columns {quoted(heading)}." if twin else f"There is no column {quoted(heading)}."
        )
        known = [entry.heading for entry in columns]
        remedy = "Remove one of them." if twin else did_you_mean(heading, known) or "Remove this column."
        findings.add(sheet.place(table.begins, column), what, remedy)


def find_block(
    sheet: Sheet, rows: Sequence[Column], findings: Findings, before: int
) -> tuple[Cells, list[tuple[str, Place]]]:
    """The settings above a row: each name's value is the next cell to its right.

    Gives back also the rows whose name is in no list, with the place of the value.
    """
    places: dict[str, Place] = {}
    others: list[tuple[str, Place]] = []
    for row, cells in sheet.rows():
        if row >= before:
            break
        findings.check_time()
        first, *further = sorted(cells)
        value = sheet.place(row, further[0] if further else first + 1)
        name = cells[first]
        known = column_for(name, tuple(rows)) if isinstance(name, str) else None
        if known and known.name not in places:
            places[known.name] = value
        else:
            others.append((str(name) if not isinstance(name, Odd) else "", value))
        for column in further[1:]:
            findings.add(
                sheet.place(row, column),
                "Nothing is expected in this cell.",
                f"Write everything in one cell, {sheet.place(row, value.column)}, or empty this one.",
            )
    return Cells(findings, sheet, places), others


def refuse_others(
    sheet: Sheet, others: Sequence[tuple[str, Place]], rows: Sequence[Column], findings: Findings
) -> None:
    """Note the settings whose name is in no list."""
    for name, value in others:
        place = sheet.place(value.row, max(1, value.column - 1))
        remedy = remedy_for(name, [row.heading for row in rows])
        findings.add(place, f"{quoted(name)} is no setting of this sheet.", remedy)


def only_values(sheet: Sheet, findings: Findings) -> None:
    """Note, and take out, what is no value: formulas, errors and dates; and merged cells."""
    for (row, column), value in sorted(sheet.cells.items(), key=lambda cell: cell[0]):
        if isinstance(value, Odd):
            findings.add(sheet.place(row, column), *_ODD[value.kind])
            del sheet.cells[row, column]
        elif isinstance(value, str) and (stray := _CONTROL.search(value)):
            what = f"The text holds an invisible control character (U+{ord(stray.group()):04X})."
            findings.add(sheet.place(row, column), what, "Delete it, or type the text again.")
