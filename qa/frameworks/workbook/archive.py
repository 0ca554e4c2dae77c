"""Opens the zip archive that an Office file is, without trusting it.

What is inside is looked at in the archive's directory first; only parts that are asked for are unpacked, in
pieces, within limits of bytes and time. XML is read as it is unpacked: nothing is built from it but what a
handler keeps. A declaration of a document type is refused, so that there are no entities.
"""

import io
import time
import zipfile
import zlib
from collections.abc import Collection
from typing import Any, Protocol
from xml.parsers import expat

from qa.config import ImportLimits

MOST_PARTS = 2_000
_PIECE = 64 * 1024
_MEGABYTE = 1_000_000
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_DEEPEST = 100


class BadArchive(Exception):
    """A file that is not read any further. message, remedy: sentences."""

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy


class Budget:
    """What reading one file may still cost."""

    def __init__(self, limits: ImportLimits) -> None:
        self.limits = limits
        self.until = time.monotonic() + limits.seconds
        self.bytes = limits.unpacked_mb * _MEGABYTE
        self.values = limits.values
        self.characters = limits.unpacked_mb * _MEGABYTE

    def check_time(self) -> None:
        """Raise BadArchive when the time is up."""
        if time.monotonic() > self.until:
            raise BadArchive(
                f"Reading the file takes longer than {self.limits.seconds} seconds.",
                "Copy its texts into a new file and try that one.",
            )

    def spend_bytes(self, count: int) -> None:
        """Take away unpacked bytes; raise BadArchive when they are used up."""
        self.bytes -= count
        if self.bytes < 0:
            raise BadArchive(
                f"The file unpacks to more than {self.limits.unpacked_mb} MB.",
                "Copy its texts, without pictures and formats, into a new file.",
            )

    def spend_value(self, text: str) -> None:
        """Take away one filled cell; raise BadArchive when there are too many, or too much text in all."""
        self.values -= 1
        self.characters -= len(text)
        if self.values < 0:
            raise BadArchive(
                f"The file has more than {self.limits.values:,} filled cells.",
                "Remove what does not belong to it.",
            )
        if self.characters < 0:
            raise BadArchive(
                f"The file holds more than {self.limits.unpacked_mb} million characters.",
                "Remove what does not belong to it.",
            )


class Handler(Protocol):
    """What hears of the XML's elements, names and attributes without their namespaces."""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""

    def end(self, name: str) -> None:
        """An element ends."""

    def text(self, text: str) -> None:
        """Text, maybe one piece of several."""


class Archive:
    """An Office file whose directory has been looked at."""

    def __init__(self, raw: bytes, limits: ImportLimits) -> None:
        """Raises BadArchive for what is no zip archive, is encrypted, or too large when unpacked."""
        if len(raw) > limits.file_mb * _MEGABYTE:
            raise BadArchive(
                f"The file is larger than {limits.file_mb} MB.",
                "Take out pictures and what does not belong to it.",
            )
        self.budget = Budget(limits)
        if raw.startswith(_OLD_OFFICE):
            raise _old_office(raw)
        if not raw.startswith(b"PK"):
            what = "This is not an Office file." if raw else "The file is empty."
            raise BadArchive(what, "Choose a file that Excel or Word has saved.")
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(raw))
            entries = self._zip.infolist()
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, OverflowError) as error:
            raise _broken() from error
        _check_entries(entries, limits)
        self.names: Collection[str] = frozenset(entry.filename for entry in entries)

    def any_in(self, *starts: str) -> bool:
        """Whether a part's name begins so, in whatever case."""
        return any(name.lower().startswith(starts) for name in self.names)

    def read_xml(self, name: str, handler: Handler) -> None:
        """Read a part piece by piece. Raises BadArchive when it is broken or costs too much."""
        parser = _parser(handler)
        try:
            with self._zip.open(name) as opened:
                while piece := opened.read(_PIECE):
                    self.budget.spend_bytes(len(piece))
                    self.budget.check_time()
                    parser.Parse(piece, False)
                parser.Parse(b"", True)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError) as error:
            raise _broken() from error
        except (KeyError, ArithmeticError, RuntimeError, ValueError, expat.ExpatError) as error:
            raise _broken() from error


def _old_office(raw: bytes) -> BadArchive:
    if _ENCRYPTED in raw:
        return BadArchive("The file is protected by a password.", "Remove the password and save it again.")
    return BadArchive(
        "The file is in the format of Office before 2007, or is not an Office file at all.",
        "Open it, choose “Save as” and the type that ends in .xlsx or .docx.",
    )


def _broken() -> BadArchive:
    return BadArchive("The file is broken.", "Open it, save it again under another name, and try that one.")


def _check_entries(entries: list[zipfile.ZipInfo], limits: ImportLimits) -> None:
    if len(entries) > MOST_PARTS:
        raise BadArchive(
            f"The file holds more than {MOST_PARTS:,} parts.", "Copy its texts into a new file and try that."
        )
    if len({entry.filename for entry in entries}) < len(entries):
        raise _broken()
    if any(entry.flag_bits & 1 for entry in entries):
        raise BadArchive("The file is encrypted.", "Remove the password and save it again.")
    if any(entry.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED} for entry in entries):
        raise _broken()
    if sum(entry.file_size for entry in entries) > limits.unpacked_mb * _MEGABYTE:
        raise BadArchive(
            f"The file unpacks to more than {limits.unpacked_mb} MB.",
            "Copy its texts, without pictures and formats, into a new file.",
        )


def _parser(handler: Handler) -> Any:
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    depth = 0
    local = _LocalNames()
    begins, ends = handler.start, handler.end

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > _DEEPEST:
            raise _broken()
        begins(local[name], {local[key]: value for key, value in attributes.items()})

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1
        ends(local[name])

    def refuse(*_: object) -> None:
        raise BadArchive(
            "The file declares a document type, which an Office file never does.",
            "Open it, save it again under another name, and try that one.",
        )

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = handler.text
    parser.StartDoctypeDeclHandler = refuse
    return parser


class _LocalNames(dict[str, str]):
    """Names without their namespaces; a file has few, and each a million times."""

    def __missing__(self, name: str) -> str:
        self[name] = found = name.rsplit(" ", 1)[-1]
        return found
