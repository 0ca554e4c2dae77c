"""Listens to the parts of a workbook that say what its sheets are: names, kinds, formats, shared texts."""

import posixpath
import re

from qa.frameworks.workbook.archive import BadArchive, Budget
from qa.frameworks.workbook.grid import unescaped

MOST_CHARACTERS = 32_767  # of a cell, by Excel's own limit
_DATE_FORMATS = frozenset([*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)])
_NOT_OF_A_DATE = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')


class Silent:
    """Hears everything and keeps nothing."""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""

    def end(self, name: str) -> None:
        """An element ends."""

    def text(self, text: str) -> None:
        """Text."""


class Listed(Silent):
    """The names of the sheets."""

    def __init__(self) -> None:
        self.sheets: list[tuple[str, str]] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "sheet":
            self.sheets.append((attributes.get("name", "")[:31], attributes.get("id", "")))


class Related(Silent):
    """Which part is what."""

    def __init__(self) -> None:
        self.parts: dict[str, str] = {}
        self.kinds: dict[str, str] = {}

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "Relationship" and attributes.get("TargetMode") != "External":
            identity = attributes.get("Id", "")
            target = posixpath.normpath(posixpath.join("/xl", attributes.get("Target", "")))
            self.parts[identity] = target.lstrip("/")
            self.kinds[identity] = attributes.get("Type", "").rsplit("/", 1)[-1]

    def of_kind(self, kind: str) -> str:
        """The part of that kind; "" when there is none."""
        return next((self.parts[key] for key, found in self.kinds.items() if found == kind), "")


class Styles(Silent):
    """Which formats of cells show a date."""

    def __init__(self) -> None:
        self.written: dict[int, str] = {}
        self.formats: list[int] = []
        self.in_cells = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "numFmt":
            self.written[number(attributes.get("numFmtId"))] = attributes.get("formatCode", "")[:255]
        elif name == "cellXfs":
            self.in_cells = True
        elif name == "xf" and self.in_cells:
            self.formats.append(number(attributes.get("numFmtId")))

    def end(self, name: str) -> None:
        if name == "cellXfs":
            self.in_cells = False

    def dates(self) -> frozenset[int]:
        """The numbers of the formats that show a date or a time."""
        shown = _DATE_FORMATS | {
            number
            for number, code in self.written.items()
            if re.search("[dmyhs]", _NOT_OF_A_DATE.sub("", code.lower().replace("general", "")))
        }
        return frozenset(index for index, number in enumerate(self.formats) if number in shown)


class Texts(Silent):
    """Gathers the text of the elements that are open; hints at pronunciation are left out."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.length = 0
        self.gathering = False
        self.spoken = 0

    def _open(self, name: str) -> None:
        if name == "rPh":
            self.spoken += 1
        self.gathering = name in {"t", "v"} and not self.spoken

    def _close(self, name: str) -> None:
        if name == "rPh":
            self.spoken -= 1
        self.gathering = False

    def text(self, text: str) -> None:
        if self.gathering and self.length <= MOST_CHARACTERS:
            self.pieces.append(text)
            self.length += len(text)

    def _taken(self) -> str:
        text = "".join(self.pieces)
        self.pieces, self.length = [], 0
        return text


class Strings(Texts):
    """The texts that cells share."""

    def __init__(self, budget: Budget) -> None:
        super().__init__()
        self.found: list[str] = []
        self.most = budget.limits.values

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "si":
            self._taken()
        self._open(name)

    def end(self, name: str) -> None:
        self._close(name)
        if name == "si":
            self.found.append(unescaped(self._taken()))
            if len(self.found) > self.most:
                raise BadArchive(
                    f"The file has more than {self.most:,} texts.",
                    "Remove what does not belong to it.",
                )


def number(given: str | None, default: int = 0) -> int:
    """A whole number of fewer than ten digits; the default for anything else."""
    return int(given) if given and given.isascii() and given.isdigit() and len(given) < 10 else default
