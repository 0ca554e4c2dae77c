"""Recognises the columns of a table by their headings. Pure."""

import re
from collections.abc import Sequence
from enum import Enum
from typing import NamedTuple

from qa.frameworks.word.answers import Answer, is_single_label, of_labels, of_ratings
from qa.frameworks.word.pieces import Grid, Row


class Use(Enum):
    """What a column is taken for; the value is how the page says it."""

    NUMBER = "the number of the question"
    QUESTION = "the question"
    GUIDANCE = "guidance"
    RATING = "the answer"
    SECTION = "the section"
    EVIDENCE = "evidence"
    NOTHING = "nothing"


class Columns(NamedTuple):
    """A table's columns by what they are taken for, and the answer that its rating columns stand for.

    body: where the rows of questions begin. headings: as written, for what is said of columns left out.
    """

    uses: tuple[Use, ...]
    headings: tuple[str, ...]
    answer: Answer | None
    body: int

    def texts(self, row: Row, use: Use) -> list[str]:
        """What a row has in the columns taken for that."""
        return [text for text, own in zip(row.texts, self.uses, strict=False) if own is use and text]


_NUMBER = re.compile(r"(no|nr|num|number|ref|reference|item|id|q|q no|question no|question number|s no|)")
_QUESTION = (
    r"\bquestions?\b", r"\bcriteri", r"\bindicators?\b", r"\bstatements?\b", r"\bkey lines? of enquiry\b",
    r"\bstandards?\b", r"\brequirements?\b", r"\bexpectations?\b", r"\b(audit|areas?) (to|of) (be )?audit",
    r"\baudit (item|point|area)", r"\bmeasures?\b", r"\bareas? (for|to) (consider|review|explore)",
    r"\bwhat (are we|we are|to) (looking|look|audit|ask)",
)  # fmt: skip
_GUIDANCE = re.compile(
    r"\b(guidance|prompts?|consider(ations?)?|look for|looks like|help|explanation|descriptors?|examples?|"
    r"sources? of evidence|(possible|suggested|expected) evidence|evidence (to|required|expected|sources?)|"
    r"notes (for|to) auditors?|things to)\b"
)
_RATING = re.compile(
    r"\b(rag|ratings?|grades?|grading|scores?|judge?ments?|compliant|compliance|met|outcome|answers?|"
    r"responses?|status|achieved|rated|y n)\b"
)
_EVIDENCE = re.compile(
    r"\b(evidence|findings?|comments?|notes?|analysis|rationale|reasons?|actions?|"
    r"recommendations?|learning|impact|strengths?|further information|what (did|difference))\b"
)
_SECTION = re.compile(r"(areas?|themes?|domains?|categor(y|ies)|sections?|topics?|practice areas?)")


def columns_of(grid: Grid, earlier: Columns | None) -> Columns | None:
    """What the table's columns are; None when it holds no questions as far as can be told.

    earlier: the columns of the table before, which a table without headings and as wide goes on with.
    """
    width = max((len(row.texts) for row in grid.rows), default=0)
    for place, row in enumerate(grid.rows[:4]):
        found = _by_headings(row, place + 1, width)
        if found is not None:
            return found
    if earlier is not None and len(earlier.uses) == width:
        return earlier._replace(body=0)
    return _by_contents(grid, width)


def _by_headings(row: Row, body: int, width: int) -> Columns | None:
    headings = tuple(text.replace("\n", " ") for text in row.texts)
    if sum(1 for heading in headings if heading) < 2 or any(len(text) > 200 for text in headings):
        return None
    headings = (*headings, *("" for _ in range(width - len(headings))))
    uses = [_use(heading) for heading in headings]
    if any(heading.strip().casefold() == "yes" for heading in headings):
        # Beside "Yes", "No" is an answer and no short word for number.
        uses = [
            Use.RATING if heading.strip().casefold() == "no" else use
            for heading, use in zip(headings, uses, strict=True)
        ]
    _choose_question(uses, headings)
    told = sum(1 for use in uses if use not in {Use.NOTHING, Use.NUMBER})
    if Use.QUESTION not in uses or (told < 2 and Use.NUMBER not in uses and not row.repeats):
        return None
    return Columns(tuple(uses), headings, _answer(uses, headings), body)


def _use(heading: str) -> Use:
    plain = " ".join(re.sub(r"[^a-z0-9/ ]+", " ", heading.casefold()).split())
    if _NUMBER.fullmatch(plain):
        return Use.NUMBER
    if is_single_label(heading):
        return Use.RATING
    if _GUIDANCE.search(plain):
        return Use.GUIDANCE
    if any(re.search(pattern, plain) for pattern in _QUESTION):
        return Use.QUESTION
    if of_ratings(heading) is not None or _RATING.search(plain):
        return Use.RATING
    if _EVIDENCE.search(plain):
        return Use.EVIDENCE
    return Use.SECTION if _SECTION.fullmatch(plain) else Use.NOTHING


def _choose_question(uses: list[Use], headings: Sequence[str]) -> None:
    """Leave one column of questions: the one whose heading says so most plainly; others are guidance."""
    candidates = [place for place, use in enumerate(uses) if use is Use.QUESTION]
    if not candidates:
        others = [place for place, use in enumerate(uses) if use is Use.SECTION]
        rated = Use.RATING in uses or Use.EVIDENCE in uses
        if others and rated:
            uses[others[-1]] = Use.QUESTION
        return
    best = min(candidates, key=lambda place: _rank(headings[place]))
    for place in candidates:
        if place != best:
            uses[place] = Use.SECTION if place < best else Use.GUIDANCE
    uses[best] = Use.QUESTION


def _rank(heading: str) -> int:
    plain = heading.casefold()
    return next((rank for rank, pattern in enumerate(_QUESTION) if re.search(pattern, plain)), len(_QUESTION))


def _answer(uses: Sequence[Use], headings: Sequence[str]) -> Answer | None:
    """What the rating columns stand for: one that lists its answers, or one to tick for each of them."""
    rated = [heading for heading, use in zip(headings, uses, strict=True) if use is Use.RATING]
    for heading in rated:
        found = None if is_single_label(heading) else of_ratings(heading)
        if found is not None:
            return found
    return of_labels([heading for heading in rated if is_single_label(heading)])


def _by_contents(grid: Grid, width: int) -> Columns | None:
    """Without headings: the column whose cells read like questions, if there is one."""
    if width < 2:
        return None
    for place in range(width):
        texts = [row.texts[place] for row in grid.rows if place < len(row.texts) and row.texts[place]]
        asking = sum(1 for text in texts if text.split("\n")[0].rstrip().endswith("?"))
        if texts and asking >= 2 and asking * 2 > len(texts):
            uses = [Use.NOTHING] * width
            uses[place] = Use.QUESTION
            return Columns(tuple(uses), ("",) * width, None, 0)
    return None
