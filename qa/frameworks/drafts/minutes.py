"""About how long a framework takes to answer, sector by sector. Pure.

The seconds are this product's own rule of thumb, and no measurement: time to read a question, to find its
place in a record that is open already, and to answer. Reading the case record itself is not counted.
"""

import math
from collections.abc import Mapping
from typing import Any, NamedTuple

from qa.accounts.sectors import Sector
from qa.frameworks.drafts.elements import Document, questions_of, sections_of
from qa.frameworks.vocabulary import EvidenceRule, QuestionType

SECONDS: Mapping[str, int] = {
    QuestionType.GRADE: 90,
    QuestionType.YES_NO: 40,
    QuestionType.SINGLE_CHOICE: 40,
    QuestionType.SEVERAL_CHOICES: 60,
    QuestionType.NUMBER: 60,
    QuestionType.DATE: 60,
    QuestionType.SHORT_TEXT: 45,
    QuestionType.LONG_TEXT: 180,
}
EVIDENCE_SECONDS: Mapping[str, int] = {
    EvidenceRule.NONE: 0,
    EvidenceRule.OPTIONAL: 30,
    EvidenceRule.REQUIRED: 90,
}
SOME_EVIDENCE_SECONDS = 45  # evidence for some answers only
SECTION_SECONDS = 60  # opening a section, and writing down its strengths and areas for improvement
ROUNDED_TO = 5  # minutes
RULE = (
    "A rule of thumb of this product, not a measurement: a minute and a half for a grade, three minutes for "
    "a longer text, 40 to 60 seconds for other answers, up to a minute and a half more where evidence is "
    "written, and a minute for each section. Reading the case record itself is not counted."
)


class SectorMinutes(NamedTuple):
    """About how long one return takes, in minutes. sector: None for every sector that is not listed.

    least: without what is asked only under a condition; most: with all of it.
    """

    sector: Sector | None
    least: int
    most: int
    questions: int

    @property
    def words(self) -> str:
        """About 20 to 35 minutes."""
        span = f"{self.least} to {self.most}" if self.least < self.most else str(self.most)
        return f"About {span} minutes"


class _Facts(NamedTuple):
    """What counts about a section or question. sectors: those it names; none for every one."""

    sectors: frozenset[str]
    always: bool
    seconds: int = SECTION_SECONDS

    def is_for(self, sector: Sector | None) -> bool:
        """Whether that sector is asked; None stands for one that nothing names."""
        return not self.sectors or (sector is not None and sector.value in self.sectors)


def minutes_by_sector(document: Document) -> tuple[SectorMinutes, ...]:
    """About how long each sector takes that is named anywhere, then every other; none that is asked nothing.

    The document may still break rules: what has no type takes no time.
    """
    sections = [
        (_facts(section), [_facts(question, _seconds(question)) for question in questions_of(section)])
        for section in sections_of(document)
    ]
    named = {key for section, asked in sections for part in (section, *asked) for key in part.sectors}
    listed: list[Sector | None] = [sector for sector in Sector if sector.value in named]
    if len(listed) < len(Sector):
        listed.append(None)
    found = (_minutes(sections, sector) for sector in listed)
    return tuple(one for one in found if one.questions)


def _minutes(sections: list[tuple[_Facts, list[_Facts]]], sector: Sector | None) -> SectorMinutes:
    least = most = count = 0
    for section, questions in sections:
        asked = [one for one in questions if one.is_for(sector)] if section.is_for(sector) else []
        if not asked:
            continue
        always = [one.seconds for one in asked if one.always] if section.always else []
        least += section.seconds + sum(always) if always else 0
        most += section.seconds + sum(one.seconds for one in asked)
        count += len(asked)
    return SectorMinutes(sector, _rounded(least), _rounded(most), count)


def _rounded(seconds: int) -> int:
    return math.ceil(seconds / 60 / ROUNDED_TO) * ROUNDED_TO


def _facts(part: Mapping[str, Any], seconds: int = SECTION_SECONDS) -> _Facts:
    named = part.get("sectors")
    sectors = (one for one in named if isinstance(one, str)) if isinstance(named, list) else ()
    return _Facts(frozenset(sectors), not part.get("only_if"), seconds)


def _seconds(question: Mapping[str, Any]) -> int:
    kind = question.get("type")
    if not isinstance(kind, str) or kind not in SECONDS:
        return 0
    seconds, words = SECONDS[kind], question.get("max_words")
    if kind == QuestionType.LONG_TEXT and isinstance(words, int):
        seconds = min(seconds, 3 * words)
    if question.get("evidence_required_for"):
        return seconds + SOME_EVIDENCE_SECONDS
    rule = question.get("evidence") or QuestionType(kind).default_evidence
    return seconds + EVIDENCE_SECONDS.get(str(rule), 0)
