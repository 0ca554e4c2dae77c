"""Cases in a CSV file: the template, and reading one with every problem named by line. Pure."""

import csv
import io
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from qa.audits.csv_rows import UnreadableFile, csv_rows, decoded
from qa.audits.profiles import BadValue, ProfileValue, parse_value
from qa.audits.references import FIRST_CASE, case_reference_problem
from qa.frameworks.content import ProfileField
from qa.frameworks.vocabulary import ProfileFieldType

ROW_LIMIT = 5_000
SIZE_LIMIT = 4 * 1024 * 1024
REFERENCE = "Case reference"
REFERENCE_NAMES = {"case reference", "reference", "case"}


class CaseRow(NamedTuple):
    """A case as a file gives it, and the line it begins on."""

    line: int
    reference: str
    values: tuple[ProfileValue, ...]


class RowProblem(NamedTuple):
    """What is wrong with one cell, or (column "") with a whole row, and what to do about it."""

    line: int
    column: str
    reason: str


@dataclass(slots=True)
class CaseFile:
    """What a file holds: cases, and problems. Nothing may be imported while there is a problem."""

    rows: list[CaseRow] = field(default_factory=list)
    problems: list[RowProblem] = field(default_factory=list)


def template(fields: Sequence[ProfileField]) -> bytes:
    """An empty file with the right headings, with the mark by which Excel knows UTF-8."""
    text = io.StringIO()
    csv.writer(text).writerow([REFERENCE, *(entry.label for entry in fields)])
    return text.getvalue().encode("utf-8-sig")


def example_row(fields: Sequence[ProfileField]) -> tuple[str, ...]:
    """A row as it might be filled in: the reference, then the first answer of each field."""
    return (FIRST_CASE, *(_example(entry) for entry in fields))


def _example(entry: ProfileField) -> str:
    return "2" if entry.type is ProfileFieldType.NUMBER else entry.choices[0].label


def read_cases(content: bytes, fields: Sequence[ProfileField], taken: Collection[str] = ()) -> CaseFile:
    """The cases of a file, or everything that is wrong with it.

    content: CSV in UTF-8 or Windows-1252, with commas or semicolons. taken: references the audit has
    already. Raises UnreadableFile when it is not a CSV file with the edition's headings.
    """
    lines = csv_rows(decoded(content, SIZE_LIMIT))
    try:
        heading = next(lines, None)
        if heading is None:
            raise UnreadableFile("The file is empty. Download the template, fill it in and choose that file")
        columns = _columns(heading[1], fields)
        reader = _Reader(columns, taken)
        for line, cells in lines:
            if len(reader.file.rows) + reader.bad_rows >= ROW_LIMIT:
                raise UnreadableFile(
                    f"The file has more than {ROW_LIMIT:,} rows. Split it and import the parts one by one"
                )
            reader.take(line, cells)
    except csv.Error as error:
        raise UnreadableFile("The file cannot be read as CSV. Save it again as CSV UTF-8") from error
    if not reader.file.rows and not reader.file.problems:
        raise UnreadableFile("The file has headings but no cases. Add a row for each case")
    return reader.file


class _Column(NamedTuple):
    title: str
    field: ProfileField | None  # None: the reference


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()


def _columns(headings: list[str], fields: Sequence[ProfileField]) -> list[_Column]:
    """What each column holds. Raises UnreadableFile, naming headings that are unknown, twice or missing."""
    while headings and not headings[-1]:
        headings.pop()
    known = _headings(fields)
    found: list[_Column] = []
    wrong: list[str] = []
    for number, text in enumerate(headings, start=1):
        column = known.get(_folded(text))
        if column:
            found.append(column)
        else:
            said = f"“{text[:60]}” is not a heading of this framework"
            wrong.append(said if text else f"column {number} has no heading")
    titles = [column.title for column in found]
    wrong += [f"“{title}” stands twice" for title in dict.fromkeys(titles) if titles.count(title) > 1]
    needed = [REFERENCE, *(entry.label for entry in fields if entry.required)]
    wrong += [f"“{title}” is missing" for title in needed if title not in titles]
    if wrong:
        raise UnreadableFile(f"Check the headings in the first row: {'; '.join(wrong[:12])}")
    return found


def _headings(fields: Sequence[ProfileField]) -> dict[str, _Column]:
    """Columns by what may head them; a field's key and words come before the names of the reference."""
    known: dict[str, _Column] = {name: _Column(REFERENCE, None) for name in REFERENCE_NAMES}
    for entry in fields:
        known[_folded(entry.label)] = _Column(entry.label, entry)
    for entry in fields:
        known[_folded(entry.key)] = _Column(entry.label, entry)
    return known


class _Reader:
    """Takes rows one by one, and keeps the good ones and the problems apart."""

    def __init__(self, columns: list[_Column], taken: Collection[str]) -> None:
        self.columns = columns
        self.taken = {reference.casefold() for reference in taken}
        self.seen: dict[str, int] = {}
        self.file = CaseFile()
        self.bad_rows = 0

    def take(self, line: int, cells: list[str]) -> None:
        """Read one row."""
        before = len(self.file.problems)
        extra = [cell for cell in cells[len(self.columns) :] if cell]
        if extra:
            self._problem(
                line,
                "",
                f"The row has more cells than there are headings ({len(self.columns)}). "
                "Put quotation marks round an answer that holds a comma",
            )
            self.bad_rows += 1
            return
        reference, values = "", []
        for number, column in enumerate(self.columns):
            cell = cells[number] if number < len(cells) else ""
            if column.field is None:
                reference = cell
                self._check_reference(line, cell)
            elif value := self._value(line, column.field, cell):
                values.append(value)
        if len(self.file.problems) > before:
            self.bad_rows += 1
        else:
            self.file.rows.append(CaseRow(line, reference, tuple(values)))

    def _value(self, line: int, entry: ProfileField, cell: str) -> ProfileValue | None:
        try:
            return parse_value(entry, cell)
        except BadValue as error:
            self._problem(line, entry.label, str(error))
            return None

    def _check_reference(self, line: int, reference: str) -> None:
        folded = reference.casefold()
        problem = case_reference_problem(reference)
        if problem:
            self._problem(line, REFERENCE, problem)
        elif folded in self.taken:
            self._problem(line, REFERENCE, f"{reference} is a case of this audit already")
        elif folded in self.seen:
            self._problem(line, REFERENCE, f"{reference} stands on line {self.seen[folded]} of this file too")
        self.seen.setdefault(folded, line)

    def _problem(self, line: int, column: str, reason: str) -> None:
        self.file.problems.append(RowProblem(line, column, reason))
