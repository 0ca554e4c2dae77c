"""What a form says about a section of a return, beside what is kept: what to write, what clashes. Pure.

A form carries a mark for every answer and finding on it: the version it was made from and a digest of what
it showed. So one can tell what this form changed (only that is written) from what somebody else changed
meanwhile (a clash only where both did).
"""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import NamedTuple, Protocol

from qa.frameworks.answers import AnswerValue, FormData

_FORM_KEY = re.compile(r"([0-9a-f]{12})-(\d{1,6})\Z")
_MARK = re.compile(r"(\d{1,9})(?:-([0-9a-f]{12}))?\Z")


class FormFields(FormData, Protocol):
    """A submitted form whose field names can be listed."""

    def keys(self) -> Iterable[str]:
        """The names of its fields."""


@dataclass(frozen=True, slots=True)
class FormKey:
    """One opening of a page (12 hexadecimal digits), and the number of this sending of its form."""

    opening: str
    sending: int = 0

    def __str__(self) -> str:
        return f"{self.opening}-{self.sending}"


def form_key(text: str) -> FormKey | None:
    """The key that a form carries; None when it carries none or nonsense."""
    found = _FORM_KEY.match(text)
    return FormKey(found[1], int(found[2])) if found else None


@dataclass(frozen=True, slots=True)
class Mark:
    """The version of an answer or finding that a form was made from, and the digest of what it showed.

    version 0: there was none. digest "": the page of two versions put it there, so the writer has chosen.
    """

    version: int = 0
    digest: str = ""

    def __str__(self) -> str:
        return f"{self.version}-{self.digest}" if self.digest else str(self.version)


def read_mark(text: str) -> Mark | None:
    """The mark in a hidden field; None for nonsense."""
    found = _MARK.match(text)
    return Mark(int(found[1]), found[2] or "") if found else None


def digest(*parts: object) -> str:
    """Twelve hexadecimal digits that differ when the parts do."""
    return hashlib.blake2b(repr(parts).encode(), digest_size=6).hexdigest()


def answer_digest(value: AnswerValue | None, evidence: str) -> str:
    """The digest of an answer with its evidence."""
    if value is None:
        return digest(evidence) if evidence else EMPTY
    # A number is the same however many noughts follow its point.
    number = None if value.number is None else format(value.number.normalize(), "f")
    return digest(value.keys, number, value.date and value.date.isoformat(), value.text, evidence)


def text_digest(text: str) -> str:
    """The digest of a finding's text."""
    return digest(text) if text else EMPTY


EMPTY = digest("")


class StoredAnswer(NamedTuple):
    """An answer as it is kept. value None: only evidence, or an answer taken back."""

    value: AnswerValue | None
    evidence: str
    version: int
    written_from: str = ""
    updated_at: datetime | None = None
    updated_by_id: int | None = None

    @property
    def digest(self) -> str:
        """The digest of what it says."""
        return answer_digest(self.value, self.evidence)

    @property
    def mark(self) -> Mark:
        """The mark that a form showing it carries."""
        return Mark(self.version, self.digest)


NO_ANSWER = StoredAnswer(None, "", 0)
"""What stands for a question that was never answered."""


class StoredFinding(NamedTuple):
    """A finding as it is kept."""

    id: int
    section_id: int | None
    kind: str
    text: str
    version: int
    written_from: str = ""
    origin: str = ""
    updated_at: datetime | None = None
    created_by_id: int | None = None

    @property
    def digest(self) -> str:
        """The digest of what it says."""
        return text_digest(self.text)

    @property
    def mark(self) -> Mark:
        """The mark that a form showing it carries."""
        return Mark(self.version, self.digest)


class Verdict(Enum):
    """What to do with one thing on a form."""

    LEAVE = "leave"
    WRITE = "write"
    CLASH = "clash"


def judge(key: FormKey, mark: Mark, typed: str, stored: StoredAnswer | StoredFinding) -> Verdict:
    """Whether what was typed (its digest) replaces what is stored, is to be left, or clashes with it.

    Two sendings of one opening never clash with each other: the later one counts, in whatever order they
    arrive, because an answer to the earlier one may have been lost on its way back.
    """
    if typed == stored.digest:
        return Verdict.LEAVE
    writer = form_key(stored.written_from)
    if writer is not None and writer.opening == key.opening:
        return Verdict.WRITE if key.sending >= writer.sending else Verdict.LEAVE
    if typed == mark.digest:
        return Verdict.LEAVE
    return Verdict.WRITE if mark.version == stored.version else Verdict.CLASH


class Clash(NamedTuple):
    """Two people changed the same thing. rows: (field name, label, mine, theirs) for each part that differs.

    mark_field: the hidden field that carries the mark; version: what it must say to replace theirs.
    label: the question, or "Strength". moved: nobody changed it: it was typed on a page of another edition,
    and this one asks it in another way, or not.
    """

    name: str
    label: str
    rows: tuple[tuple[str, str, str, str], ...]
    mark_field: str
    version: int
    changed_by_id: int | None = None
    moved: bool = False


@dataclass(slots=True)
class Changes:
    """What is to be written. answers: question key to (value, evidence, new version).

    added: (ref, kind, text); reworded: (id, text, new version); removed: ids. marks: hidden field name to
    what it is to say after the writing. clashes: what is not written, since somebody else changed it.
    """

    answers: dict[str, tuple[AnswerValue | None, str, int]] = field(default_factory=dict)
    added: list[tuple[str, str, str]] = field(default_factory=list)
    reworded: list[tuple[int, str, int]] = field(default_factory=list)
    removed: list[int] = field(default_factory=list)
    marks: dict[str, str] = field(default_factory=dict)
    clashes: list[Clash] = field(default_factory=list)

    @property
    def any(self) -> bool:
        """Whether there is anything to write."""
        return bool(self.answers or self.added or self.reworded or self.removed)


def values_of(answers: Mapping[str, StoredAnswer]) -> dict[str, AnswerValue | None]:
    """Just the values, by question key: what conditions look at."""
    return {key: answer.value for key, answer in answers.items()}
