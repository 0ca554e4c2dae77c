"""The cells of a workbook as plain values: what the writer is given and what the reader gives. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple, TypeAlias

_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_TO_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_NOT_XML = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")


class Odd(NamedTuple):
    """A cell that holds no value of its own. kind: "formula", "error" or "date"."""

    kind: str


Value: TypeAlias = str | int | Decimal | bool | Odd


class Place(NamedTuple):
    """A cell. sheet: its name; order: the sheet's number in the workbook; row, column: from 1."""

    sheet: str
    order: int
    row: int
    column: int

    def __str__(self) -> str:
        return f"“{self.sheet}”, {letters(self.column)}{self.row}"

    @property
    def rank(self) -> int:
        """A number that is greater the further down the workbook the cell is."""
        return (self.order * 1_048_577 + self.row) * 16_385 + self.column


@dataclass(slots=True)
class Sheet:
    """What a sheet holds. cells: by row and column, from 1; merged: ranges such as B2:C3."""

    name: str
    order: int
    cells: dict[tuple[int, int], Value] = field(default_factory=dict)
    merged: list[str] = field(default_factory=list)

    def place(self, row: int, column: int) -> Place:
        """A cell's place."""
        return Place(self.name, self.order, row, column)

    def rows(self) -> list[tuple[int, Mapping[int, Value]]]:
        """The rows that hold anything, in order, each with its cells by column."""
        found: dict[int, dict[int, Value]] = {}
        for (row, column), value in self.cells.items():
            found.setdefault(row, {})[column] = value
        return [(row, found[row]) for row in sorted(found)]


def letters(column: int) -> str:
    """A column's letters: 1 is A, 27 is AA."""
    said = ""
    while column > 0:
        column, rest = divmod(column - 1, 26)
        said = chr(65 + rest) + said
    return said


def column_of(reference: str) -> int:
    """The column of a cell's name such as AB12. Raises ValueError."""
    number = 0
    for letter in reference.rstrip("0123456789"):
        if not "A" <= letter <= "Z" or number > 16_384:
            raise ValueError(reference)
        number = number * 26 + ord(letter) - 64
    return number


def escaped(text: str) -> str:
    """Text as a workbook keeps it: what it takes for a coded character, and what XML cannot hold, coded."""
    return _NOT_XML.sub(lambda found: f"_x{ord(found.group()):04X}_", _TO_ESCAPE.sub("_x005F_", text))


def unescaped(text: str) -> str:
    """The text that a workbook keeps so. Line ends of every kind become one."""
    text = _ESCAPED.sub(lambda found: chr(int(found.group(1), 16)), text)
    return text.replace("\r\n", "\n").replace("\r", "\n")
