"""Looking into a Word document or an Excel workbook before any library opens it.

Both are zip archives of XML parts. Nothing is written to disk, and no more is unpacked than was allowed.
Pure: standard library alone.
"""

import io
import re
import zipfile
import zlib
from enum import Enum
from typing import NamedTuple
from xml.etree import ElementTree as ET

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_RELATIONSHIP = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_TYPES = "{http://schemas.openxmlformats.org/package/2006/content-types}"
_STRICT = b"purl.oclc.org/ooxml"
_CONTENTS = "[Content_Types].xml"
_LARGEST_INDEX = 2_000_000  # bytes of one part that only says what the others are
_FOLLOWED_BY_PEOPLE = {"hyperlink", "attachedTemplate", "image"}  # we never open what they lead to
_EMBEDDED = re.compile(r"(^|/)(embeddings|activeX|oleObjects?)/", re.IGNORECASE)
_MACROS = re.compile(r"(^|/)(vbaProject[^/]*\.bin|macrosheets/.*|vbaData\.xml)$", re.IGNORECASE)
_DOCTYPE = re.compile(rb"<\x00{0,3}!\x00{0,3}(D\x00{0,3}O\x00{0,3}C\x00{0,3}T|E\x00{0,3}N\x00{0,3}T)")
_ENCODING = re.compile(rb"""<\?xml[^>]{0,80}?encoding\s*=\s*["']([A-Za-z0-9._-]+)""")
_ENCODINGS = {b"utf-8", b"utf-16", b"us-ascii", b"ascii", b"iso-8859-1", b"windows-1252"}


class OfficeLimits(NamedTuple):
    """How large a file may be. unpacked: bytes of all its parts together; parts: how many it may have."""

    unpacked: int
    parts: int


class OfficeKind(Enum):
    """What is expected: how people call it, its ending, the old format's ending, its main part's type."""

    WORD = ("Word document", "docx", "doc", "wordprocessingml.document.main+xml")
    WORKBOOK = ("Excel workbook", "xlsx", "xls", "spreadsheetml.sheet.main+xml")

    def __init__(self, called: str, ending: str, old_ending: str, main: str) -> None:
        self.called, self.ending, self.old_ending, self.main = called, ending, old_ending, main


class BadOfficeFile(Exception):
    """The file is not opened; the message says why and what to do, for the person who chose it."""


def check_office_zip(raw: bytes, limits: OfficeLimits, kind: OfficeKind) -> None:
    """Refuse what should not be opened: raises BadOfficeFile with a sentence for the person.

    Refused: no zip archive, encrypted, the old format, macros, links to other files' contents, embedded
    objects, XML with a document type (entities), more than `limits`, another kind of Office file.
    """
    if raw.startswith(_OLE):
        raise BadOfficeFile(_old_or_locked(raw, kind))
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            _check_directory(archive, limits, kind)
            contents = _contents(archive)
            _check_kind(contents, kind)
            for entry in archive.infolist():
                _check_part(archive, entry, contents, kind)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError):
        raise BadOfficeFile(
            f"The file cannot be read as {_one(kind)}: it is damaged, or it is something else. Open it in "
            f"its own program, save it as {_one(kind)} (.{kind.ending}) and choose that file"
        ) from None


def _one(kind: OfficeKind) -> str:
    return ("an " if kind is OfficeKind.WORKBOOK else "a ") + kind.called


def _old_or_locked(raw: bytes, kind: OfficeKind) -> str:
    if "EncryptedPackage".encode("utf-16-le") in raw:
        return "The file is protected by a password: save a copy without one and choose that"
    return (
        f"The file is in the old format (.{kind.old_ending}): open it, save it as {_one(kind)} "
        f"(.{kind.ending}) and choose that file"
    )


def _check_directory(archive: zipfile.ZipFile, limits: OfficeLimits, kind: OfficeKind) -> None:
    """What the archive says of itself. It cannot unpack to more than it says: reading stops there."""
    entries = archive.infolist()
    if len(entries) > limits.parts:
        raise BadOfficeFile(
            f"The file consists of {len(entries):,} parts; {limits.parts:,} are allowed. Copy what is needed "
            f"to a new {kind.called} and choose that file"
        )
    if sum(entry.file_size for entry in entries) > limits.unpacked:
        raise BadOfficeFile(
            f"The file is larger than {limits.unpacked // 1_000_000} MB when unpacked. Take pictures out, "
            f"or copy what is needed to a new {kind.called} and choose that file"
        )
    if any(entry.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED} for entry in entries):
        raise zipfile.BadZipFile("packed as no Office program packs")
    if any(entry.flag_bits & 0x1 for entry in entries):
        raise BadOfficeFile("The file is protected by a password: save a copy without one and choose that")
    names = [entry.filename for entry in entries]
    if len(set(names)) < len(names):
        raise zipfile.BadZipFile("a part appears twice")
    if any(_MACROS.search(name) for name in names):
        _has_macros(kind)
    if any(_EMBEDDED.search(name) for name in names):
        raise BadOfficeFile(
            f"The file holds embedded objects (another file inside it): delete them, save the {kind.called} "
            "and choose it again"
        )
    if any("/externalLinks/" in name for name in names):
        _has_links(kind)


def _has_macros(kind: OfficeKind) -> None:
    raise BadOfficeFile(
        f"The file holds macros, which are never opened here: save it as {_one(kind)} without macros "
        f"(.{kind.ending}) and choose that file"
    )


def _has_links(kind: OfficeKind) -> None:
    raise BadOfficeFile(
        "The file takes part of its contents from another file or address: break those links, save the "
        f"{kind.called} and choose it again"
    )


class _Contents(NamedTuple):
    """The archive's list of contents: types by part name, and by ending of a name."""

    parts: dict[str, str]
    endings: dict[str, str]

    def is_xml(self, name: str) -> bool:
        """Whether some program would read the part as XML."""
        ending = name.rpartition(".")[2].lower()
        kind = self.parts.get(f"/{name}".lower()) or self.endings.get(ending, "")
        return ending in {"xml", "vml", "rels"} or (kind.endswith("xml") and not kind.startswith("image/"))


def _contents(archive: zipfile.ZipFile) -> _Contents:
    try:
        listed = _index(archive, _CONTENTS)
    except KeyError:
        raise zipfile.BadZipFile("no list of contents") from None
    parts = {
        one.get("PartName", "").lower(): one.get("ContentType", "")
        for one in listed.iter(f"{_TYPES}Override")
    }
    endings = {
        one.get("Extension", "").lower(): one.get("ContentType", "")
        for one in listed.iter(f"{_TYPES}Default")
    }
    return _Contents(parts, endings)


def _check_kind(contents: _Contents, kind: OfficeKind) -> None:
    """Whether the list of contents names the main part of the expected kind."""
    types = {*contents.parts.values(), *contents.endings.values()}
    if any("macroEnabled" in one for one in types):
        _has_macros(kind)
    if any(one.endswith(kind.main) for one in types):
        return
    for other in OfficeKind:
        if any(one.endswith(other.main) for one in types):
            raise BadOfficeFile(f"The file is {_one(other)}, not {_one(kind)}")
    raise zipfile.BadZipFile("no main part")


def _index(archive: zipfile.ZipFile, name: str) -> ET.Element:
    """A part that says what the others are, as XML that was seen to hold no entities."""
    if archive.getinfo(name).file_size > _LARGEST_INDEX:
        raise zipfile.BadZipFile("a list of contents that is no such list")
    raw = archive.read(name)
    _refuse_entities(raw)
    try:
        return ET.fromstring(raw)  # noqa: S314 - a document type, and so every entity, was refused above
    except ET.ParseError:
        raise zipfile.BadZipFile("a list of contents that cannot be read") from None


def _refuse_entities(raw: bytes) -> None:
    if _DOCTYPE.search(raw):
        raise BadOfficeFile("The file defines XML entities, which no Office program writes: it is not opened")
    encoding = _ENCODING.search(raw[:400].replace(b"\x00", b""))
    if encoding and encoding[1].lower() not in _ENCODINGS:
        raise zipfile.BadZipFile("XML in an encoding that no Office program writes")


def _check_part(
    archive: zipfile.ZipFile, entry: zipfile.ZipInfo, contents: _Contents, kind: OfficeKind
) -> None:
    name = entry.filename.lower()
    if name.endswith(".rels"):
        for link in _index(archive, entry.filename).iter(_RELATIONSHIP):
            outside = link.get("TargetMode", "").lower() == "external"
            if outside and link.get("Type", "").rsplit("/", 1)[-1] not in _FOLLOWED_BY_PEOPLE:
                _has_links(kind)
        if name == "_rels/.rels" and _STRICT in archive.read(entry):
            raise BadOfficeFile(
                f"The file is saved as “Strict Open XML”: save it as {_one(kind)} (.{kind.ending}), without "
                "“Strict”, and choose that file"
            )
    elif contents.is_xml(name):
        _refuse_entities(archive.read(entry))
