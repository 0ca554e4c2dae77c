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
