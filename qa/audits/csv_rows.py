"""The rows of a CSV file as spreadsheets save one: which encoding, which separator, which line. Pure."""

import csv
import io
import re
from collections.abc import Iterator

PLAIN_CSV = "In the spreadsheet choose Save as, CSV UTF-8"


class UnreadableFile(Exception):
    """A file that cannot be read as a list of cases at all; the message says what to do."""


def decoded(content: bytes, size_limit: int) -> str:
    """The text of a CSV file in UTF-8 or Windows-1252.

    size_limit: in bytes. Raises UnreadableFile when it is larger, or is no such text.
    """
    if len(content) > size_limit:
        size = size_limit // 1024 // 1024
        raise UnreadableFile(f"The file is larger than {size} MB. Split it and import the parts one by one")
    if content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise UnreadableFile(f"This is a spreadsheet, not a CSV file. {PLAIN_CSV}")
    if content.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in content:
        raise UnreadableFile(f"The file is not in UTF-8. {PLAIN_CSV}")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        # Excel's plain "CSV" on Windows; the five bytes it leaves undefined cannot be meant.
        return content.decode("cp1252", errors="replace")


def csv_rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """Each row that is not blank, trimmed, with the number of the line it begins on. Raises csv.Error."""
    first, _, rest = text.partition("\n")
    skipped = 0
    if re.fullmatch(r"sep=.\r?", first, re.IGNORECASE):  # Excel's own note about the separator
        text, skipped = rest, 1
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    begins = 1
    for cells in reader:
        trimmed = [cell.strip() for cell in cells]
        if any(trimmed):
            yield begins + skipped, trimmed
        begins = reader.line_num + 1


def _delimiter(text: str) -> str:
    # Looked for in the beginning alone: the heading stands there, and a long file need not be divided twice.
    heading = next((line for line in text[:100_000].splitlines() if line.strip()), "")
    plain = re.sub(r'"[^"]*"', "", heading)
    return max(",;\t", key=plain.count)
