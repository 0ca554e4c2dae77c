"""The parts of a draft's document: finding one by its key, naming a new one, telling whether it has changed.

A document has the shape of a framework's file (`qa.frameworks.document`), may still break its rules, and is
never changed in place. Pure.
"""

import json
import re
import unicodedata
import zlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from decimal import Decimal
from enum import StrEnum
from typing import Any, NamedTuple, TypeAlias

Document: TypeAlias = Mapping[str, Any]
Path: TypeAlias = tuple[str | int, ...]

LONGEST_KEY = 60


class Kind(StrEnum):
    """What can be edited by itself. DETAILS: name, summary, kind, method, judgement scale, sources."""

    DETAILS = "details"
    SCALE = "scale"
    PROFILE_FIELD = "profile_field"
    SECTION = "section"
    QUESTION = "question"


class Element(NamedTuple):
    """One part of a document. path: where it stands; section: its section's key, for a question only."""

    kind: Kind
    key: str
    path: Path
    value: Document
    section: str | None = None


def sections_of(document: Document) -> Sequence[Document]:
    """The sections, in order."""
    return document.get("sections") or ()


def questions_of(section: Document) -> Sequence[Document]:
    """A section's questions, in order."""
    return section.get("questions") or ()


def elements(document: Document) -> Iterator[Element]:
    """Every part, in the document's order; the details first."""
    own = {name: value for name, value in document.items() if name not in {"scales", "profile", "sections"}}
    yield Element(Kind.DETAILS, "", (), own)
    for kind, name in ((Kind.SCALE, "scales"), (Kind.PROFILE_FIELD, "profile")):
        for index, entry in enumerate(document.get(name) or ()):
            yield Element(kind, entry["key"], (name, index), entry)
    for place, section in enumerate(sections_of(document)):
        own = {name: value for name, value in section.items() if name != "questions"}
        yield Element(Kind.SECTION, section["key"], ("sections", place), own)
        for number, question in enumerate(questions_of(section)):
            path = ("sections", place, "questions", number)
            yield Element(Kind.QUESTION, question["key"], path, question, section["key"])


def element(document: Document, kind: Kind, key: str = "") -> Element | None:
    """The part with that key; None when there is none (any more)."""
    return next((one for one in elements(document) if one.kind is kind and one.key == key), None)


def fingerprint(value: Document) -> int:
    """A number from 1 to 999,999,999 that another value of the part hardly ever shares.

    It travels in the form as the part's version, so that two people who edit different parts of one draft
    do not meet a conflict. A section's leaves its questions out: see `elements`.
    """
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, default=_plain)
    return zlib.crc32(text.encode()) % 999_999_999 + 1


def _plain(value: object) -> str:
    if isinstance(value, Decimal):
        return format(value, "f")
    raise TypeError(f"a draft's document holds no {type(value).__name__}")


def new_key(words: str, taken: Collection[str], fallback: str) -> str:
    """A key made of the words' first few: small letters, figures and underscores, not among those taken."""
    plain = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode().lower()
    parts = re.findall(r"[a-z0-9]+", plain)
    stem = ""
    for part in parts:
        longer = f"{stem}_{part}" if stem else part
        if len(longer) > LONGEST_KEY - 20:
            break
        stem = longer
    stem = stem if stem and stem[0].isalpha() else f"{fallback}_{stem}".rstrip("_")
    key, number = stem[: LONGEST_KEY - 6], 2
    while key in taken:
        key, number = f"{stem[: LONGEST_KEY - 6]}_{number}", number + 1
    return key


def keys_of(document: Document, kind: Kind) -> frozenset[str]:
    """The keys of every part of that kind."""
    return frozenset(one.key for one in elements(document) if one.kind is kind)
