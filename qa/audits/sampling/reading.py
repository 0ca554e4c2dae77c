"""Reads a population list, CSV or an Excel workbook, as rows of text within limits. Pure.

A formula is kept as the text that was typed; nothing is worked out. Macros, links to other files and
embedded files are refused before a cell is read.
"""

import csv
import unicodedata
from decimal import Decimal
from typing import NamedTuple

from qa.audits.csv_rows import UnreadableFile, csv_rows, decoded
from qa.config import ImportLimits
from qa.frameworks.office_files import BadOfficeFile, OfficeKind, OfficeLimits, check_office_zip
from qa.frameworks.workbook.archive import BadArchive
from qa.frameworks.workbook.grid import Odd, Value, letters
from qa.frameworks.workbook.opening import stream_rows

MOST_ROWS = 100_000
MOST_COLUMNS = 60
MOST_MB = 8
LONGEST = 200  # characters of a cell: a list of cases has no room for notes
ERROR = "\x00error"
"""What stands for a cell in which Excel shows an error, such as #REF!."""

_LIMITS = ImportLimits(
    file_mb=MOST_MB, unpacked_mb=250, values=MOST_ROWS * MOST_COLUMNS, sheets=60, seconds=90
)
_OFFICE = OfficeLimits(unpacked=250_000_000, parts=2_000)
_PACKED = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")


class Row(NamedTuple):
    """A row of the list: the line or row of the file it begins on, and its cells, one for each heading."""

    line: int
    cells: tuple[str, ...]


class PopulationFile(NamedTuple):
    """What a file holds. sheet: the sheet that was read, "" for CSV; others: sheets that were not."""

    headings: tuple[str, ...]
    rows: tuple[Row, ...]
    sheet: str = ""
    others: tuple[str, ...] = ()


def read_population(content: bytes, most_mb: int = MOST_MB) -> PopulationFile:
    """The rows of a file, its first row being the headings.

    most_mb: the largest file in MB (of 1,048,576 bytes); nothing of a larger one is read. Raises
    UnreadableFile with a sentence that says what to do.
    """
    return _read(content, most_mb, _Gathering())


def read_start(content: bytes, rows: int, most_mb: int = MOST_MB) -> tuple[PopulationFile, bool]:
    """The first rows of a file, so many at most, and whether these are all.

    The whole of a workbook is vetted all the same. Raises UnreadableFile as `read_population`, for what is
    wrong up to there.
    """
    gathering = _Gathering(rows)
    try:
        return _read(content, most_mb, gathering), True
    except _Enough:
        return gathering.file(), False


def _read(content: bytes, most_mb: int, gathering: "_Gathering") -> PopulationFile:
    if len(content) > min(most_mb, MOST_MB) * 1024 * 1024:
        raise UnreadableFile(
            f"The file is larger than {min(most_mb, MOST_MB)} MB. Take out the columns that the sample does "
            "not need, and save it again"
        )
    if not content.strip():
        raise UnreadableFile("The file is empty. Choose one with headings in its first row and a row a case")
    read = _workbook if content.startswith(_PACKED) else _csv
    return read(content, gathering)


def _csv(content: bytes, gathering: "_Gathering") -> PopulationFile:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):  # what Excel calls Unicode text
        try:
            content = content.decode("utf-16").encode()
        except UnicodeDecodeError as error:
            raise UnreadableFile("The file cannot be read as text. Save it again as CSV UTF-8") from error
    try:
        for line, cells in csv_rows(decoded(content, 2 * MOST_MB * 1024 * 1024)):
            gathering.take(line, cells)
    except csv.Error as error:
        raise UnreadableFile("The file cannot be read as CSV. Save it again as CSV UTF-8") from error
    return gathering.file()


def _workbook(content: bytes, gathering: "_Gathering") -> PopulationFile:
    def take(row: int, cells: dict[int, Value]) -> None:
        if max(cells) > MOST_COLUMNS:
            raise _too_many_columns()
        gathering.take(row, [_text(cells.get(column, "")) for column in range(1, max(cells) + 1)])

    try:
        check_office_zip(content, _OFFICE, OfficeKind.WORKBOOK)
        sheet, others = stream_rows(content, _LIMITS, take)
    except BadOfficeFile as bad:
        raise UnreadableFile(str(bad)) from None
    except BadArchive as bad:
        raise UnreadableFile(f"{bad.message} {bad.remedy}") from None
    return gathering.file()._replace(sheet=sheet, others=others)


def _text(value: Value) -> str:
    if isinstance(value, Odd):
        return ERROR
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, Decimal):
        return format(value, "f")
    return str(value)


def _plain(text: str) -> str:
    """Text with single spaces, one way of writing each letter, and nothing that does not print."""
    text = " ".join(unicodedata.normalize("NFC", text).split())
    return text if text.isprintable() else "".join(char for char in text if char.isprintable())


def _too_many_columns() -> UnreadableFile:
    return UnreadableFile(
        f"The list has more than {MOST_COLUMNS} columns. Take out those that the sample does not need"
    )


class _Enough(Exception):
    """As many rows are read as were wanted, and there is another."""


class _Gathering:
    """Takes rows one by one; the first is the headings. wanted: no more than so many are."""

    def __init__(self, wanted: int = MOST_ROWS + 1) -> None:
        self.wanted = wanted
        self.headings: list[str] = []
        self.rows: list[Row] = []
        self.texts: dict[str, str] = {}

    def take(self, line: int, cells: list[str]) -> None:
        """Read one row. Raises UnreadableFile."""
        cells = [cell if cell == ERROR else self._plainly(cell) for cell in cells]
        while cells and not cells[-1]:
            cells.pop()
        if not cells:
            return
        if not self.headings:
            self.headings = _checked_headings(cells)
            return
        if len(self.rows) >= self.wanted:
            raise _Enough
        if len(cells) > len(self.headings):
            raise UnreadableFile(
                f"Row {line:,} has more cells than there are headings ({len(self.headings)}). Give every "
                "column a heading in the first row, and put quotation marks round text that holds a comma"
            )
        if len(self.rows) >= MOST_ROWS:
            raise UnreadableFile(
                f"The list has more than {MOST_ROWS:,} rows. Narrow it to the period or group audited"
            )
        short = max(cells, key=len)
        if len(short) > LONGEST:
            raise UnreadableFile(
                f"Row {line:,} has a cell of more than {LONGEST} characters, under "
                f"“{self.headings[cells.index(short)]}”. Take columns of notes out of the list"
            )
        cells += [""] * (len(self.headings) - len(cells))
        self.rows.append(Row(line, tuple(cells)))

    def _plainly(self, cell: str) -> str:
        """The cell's plain text; the same words stand in thousands of rows, and are worked out once."""
        plain = self.texts.get(cell)
        if plain is None:
            plain = self.texts[cell] = _plain(cell)
        return plain

    def file(self) -> PopulationFile:
        """What was read. Raises UnreadableFile when there is no case."""
        if not self.rows:
            raise UnreadableFile("The file has no cases under its headings. Add a row for each case")
        return PopulationFile(tuple(self.headings), tuple(self.rows))


def _checked_headings(cells: list[str]) -> list[str]:
    if len(cells) > MOST_COLUMNS:
        raise _too_many_columns()
    wrong = [
        f"column {letters(number)} has none"
        for number, text in enumerate(cells, start=1)
        if not text or text == ERROR
    ]
    folded = [text.casefold() for text in cells]
    twice = dict.fromkeys(text for text in cells if text and folded.count(text.casefold()) > 1)
    wrong += [f"“{text[:60]}” stands twice" for text in twice]
    wrong += [f"“{text[:60]}” is a number" for text in cells if _is_number(text)]
    wrong += [f"“{text[:60]}…” has more than {LONGEST} characters" for text in cells if len(text) > LONGEST]
    if wrong:
        raise UnreadableFile(
            f"The first row must give each column a heading of its own: {'; '.join(wrong[:8])}"
        )
    return cells


def _is_number(text: str) -> bool:
    return bool(text) and text.replace(".", "").replace(",", "").isdecimal()
