"""Views as queries hand them on and as people type them. Pure."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import NamedTuple

from qa.feedback.vocabulary import PROMPTS, Listened, Manner, Sought, Voice


class Views(NamedTuple):
    """What was typed of somebody's views. answers: by the names of the questions."""

    given_on: date | None
    manner: Manner | None
    interviewer: str
    listened: Listened | None
    answers: Mapping[str, str]
    quotable: bool


class Entry(NamedTuple):
    """One entry as it is shown. may_change, may_remove: whether the reader may."""

    id: int
    voice: Voice
    outcome: Sought
    reason: str
    given_on: date | None
    manner: Manner | None
    interviewer: str
    listened: Listened | None
    helped: str
    difference: str
    proud: str
    barriers: str
    support: str
    other: str
    quotable: bool
    agency_id: int | None
    agency: str | None
    entered_by: str | None
    entered_at: datetime
    changed_at: datetime | None
    removed_at: datetime | None
    removed_by: str | None
    removed_reason: str
    version: int
    may_change: bool = False
    may_remove: bool = False

    @property
    def answered(self) -> list[tuple[str, str]]:
        """The questions with their answers; those left empty are left out."""
        texts = ((prompt.text, getattr(self, prompt.name)) for prompt in PROMPTS[self.voice])
        return [(question, text) for question, text in texts if text]

    @property
    def by(self) -> str:
        """Who entered it, for readers of any agency."""
        return self.agency or "QA lead"


class Quote(NamedTuple):
    """Words that may be quoted. name: of the question they answer."""

    voice: Voice
    name: str
    text: str


class ViewsFigures(NamedTuple):
    """An audit's views as counted.

    cases: of the audit. best: by voice, in how many cases the best that there is is that: views given before
    declined, not possible and not sought. asked: cases in which anybody's views were sought. entries: views
    given, by voice. listened: how many felt listened to how far, by voice.
    """

    cases: int
    best: Mapping[tuple[Voice, Sought], int]
    asked: int
    entries: Mapping[Voice, int]
    listened: Mapping[tuple[Voice, Listened], int]

    @property
    def any(self) -> bool:
        """Whether anything is recorded at all."""
        return bool(self.best)

    def recorded(self, voice: Voice) -> int:
        """In how many cases anything is recorded of a voice."""
        return sum(self.best.get((voice, sought), 0) for sought in Sought)

    def sought(self, voice: Voice) -> int:
        """In how many cases somebody was asked."""
        return sum(self.best.get((voice, sought), 0) for sought in Sought if sought.asked)

    def felt(self, voice: Voice) -> int:
        """How many of a voice said whether they felt listened to."""
        return sum(self.listened.get((voice, one), 0) for one in Listened)


class Quotes(NamedTuple):
    """Words that may be quoted, in their fixed chance order. more: by voice, how many people are left out."""

    shown: tuple[Quote, ...]
    more: Mapping[Voice, int]
