"""Guesses how a question is answered, from the words of a rating column or of the question itself. Pure."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from qa.frameworks.vocabulary import QuestionType

FROM_FILE = "file"
_MOST_LABELS = 10
_LONGEST_LABEL = 60

_BETWEEN = re.compile(r"[/|;,\n☐☑☒□■●○◯▢]| or |\s{2,}|\t", re.IGNORECASE)
_SHORT_NOT_APPLICABLE = re.compile(r"\bn\s?/\s?a\b", re.IGNORECASE)
_SIGNS = re.compile(r"[^a-z0-9 ]+")
_RANGE = re.compile(r"\b(\d)\s*(?:-|–|to)\s*(\d{1,2})\b")
_HOW_MANY = re.compile(r"(how many|number of|no\. of|total number)\b", re.IGNORECASE)
_DATE = re.compile(r"(date (of|when|on)\b|on what date\b|what (was|is) the date\b)", re.IGNORECASE)
_CLOSED = re.compile(
    r"(is|are|was|were|does|do|did|has|have|had|can|could|will|would|should)\b", re.IGNORECASE
)

NOT_APPLICABLE = {"na", "n a", "not applicable", "not relevant"}
_UNKNOWN = {"not known", "unknown", "dont know", "don t know", "unclear"}
_YES_NO = {"yes", "no", "y", "n", "partly", "partial", "partially", "in part", "some"}
_KNOWN: Sequence[tuple[str, frozenset[str], int]] = (
    # key of a ready scale; labels that it is known by; how many of them must be there
    ("ofsted", frozenset({"outstanding", "good", "requires improvement", "requires improvement to be good",
                          "inadequate", "ri", "o", "g", "i"}), 2),
    ("rag", frozenset({"red", "amber", "green", "r", "a", "g", "rag"}), 2),
    ("met", frozenset({"met", "partly met", "partially met", "not met", "unmet", "fully met"}), 2),
    ("nought_to_three", frozenset({"0", "1", "2", "3"}), 4),
    ("strength", frozenset({"strong", "some good practice", "emerging"}), 2),
)  # fmt: skip
_WORST_FIRST = {
    "inadequate", "poor", "red", "not met", "unmet", "never", "none", "weak", "low", "no evidence",
    "not in place", "unsatisfactory", "0", "1", "strongly disagree", "not at all", "emerging", "very poor",
}  # fmt: skip


class Answer(NamedTuple):
    """How a question is answered. scale: for a grade, the key of a ready scale, or `file` for `labels`.

    labels: what the document names, best first for a grade. sure: it says so itself; else it is the wording
    of the question that was gone by.
    """

    type: QuestionType
    scale: str = ""
    labels: tuple[str, ...] = ()
    sure: bool = True


def of_ratings(words: str) -> Answer | None:
    """What a rating column's heading or cell says: `RAG`, `Met / partly met / not met`; None for nothing."""
    if _plain(words) in NOT_APPLICABLE:
        return None
    known = of_labels(labels_in(words))
    if known is not None:
        return known
    plain = _plain(words)
    if re.search(r"\brag\b", plain):
        return Answer(QuestionType.GRADE, "rag")
    if "ofsted" in plain:
        return Answer(QuestionType.GRADE, "ofsted")
    if re.fullmatch(r"(y n|yn)( na)?", plain):
        return Answer(QuestionType.YES_NO)
    span = _RANGE.search(words)
    if span and int(span[1]) < int(span[2]) <= int(span[1]) + _MOST_LABELS - 1:
        return of_labels([str(number) for number in range(int(span[1]), int(span[2]) + 1)])
    return None


def labels_in(words: str) -> list[str]:
    """The answers that are listed in a text, as written, without "Not applicable"."""
    words = _SHORT_NOT_APPLICABLE.sub("NA", words)
    named, _, listed = words.partition(":")
    words = listed if len(named) <= 40 and _BETWEEN.search(listed.strip()) else words
    inside = re.search(r"\(([^()]+)\)\s*$", words)
    parts = _BETWEEN.split(inside[1] if inside and _BETWEEN.search(inside[1]) else words)
    found = [" ".join(part.strip(" .:-–()[]").split()) for part in parts]
    plain = [label for label in found if label and _plain(label) not in NOT_APPLICABLE | {""}]
    return list(dict.fromkeys(plain))


def of_labels(labels: Sequence[str]) -> Answer | None:
    """The type and scale that these labels make; None when they are no list of short answers."""
    plain = {_plain(label) for label in labels} - NOT_APPLICABLE
    if not 2 <= len(plain) <= _MOST_LABELS or any(len(label) > _LONGEST_LABEL for label in labels):
        return None
    if plain <= _YES_NO | _UNKNOWN and plain & {"yes", "y"}:
        return Answer(QuestionType.YES_NO)
    for key, known, least in _KNOWN:
        if plain <= known and len(plain) >= least:
            return Answer(QuestionType.GRADE, key)
    if any(len(label.split()) > 6 for label in labels):
        return None
    return Answer(QuestionType.GRADE, FROM_FILE, best_first(labels))


def best_first(labels: Sequence[str]) -> tuple[str, ...]:
    """The labels with the best first, as far as the first one tells."""
    worst = bool(labels) and _plain(labels[0]) in _WORST_FIRST
    return tuple(reversed(labels)) if worst else tuple(labels)


def of_wording(text: str, rated: Answer | None) -> Answer:
    """How a question of that wording is answered. rated: what its rating column says, which a question that
    asks for a number or a date overrules.
    """
    if _HOW_MANY.match(text):
        return Answer(QuestionType.NUMBER, sure=False)
    if _DATE.match(text):
        return Answer(QuestionType.DATE, sure=False)
    if rated is not None:
        return rated
    if _CLOSED.match(text):
        return Answer(QuestionType.YES_NO, sure=False)
    return Answer(QuestionType.LONG_TEXT, sure=False)


def _plain(words: str) -> str:
    return " ".join(_SIGNS.sub(" ", words.casefold().replace("n/a", "na").replace("’", "")).split())


def is_single_label(words: str) -> bool:
    """Whether a column's heading is one answer by itself, as in tools with a column to tick for each."""
    plain = _plain(words)
    known = set().union(*(labels for _, labels, _ in _KNOWN)) | _YES_NO | _UNKNOWN | NOT_APPLICABLE
    return plain in known - {"rag", "some"}
