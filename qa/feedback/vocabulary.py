"""The closed lists of words of views, and what each voice is asked. Pure."""

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple


class Voice(StrEnum):
    """Whose views they are."""

    CHILD = "child"
    PARENT = "parent_or_carer"
    PRACTITIONER = "practitioner"

    @property
    def label(self) -> str:
        """What people read."""
        return self.value.replace("_", " ").capitalize()

    @property
    def plural(self) -> str:
        """What people read of several."""
        return {"child": "Children", "parent_or_carer": "Parents and carers"}.get(self.value, "Practitioners")

    @property
    def of_the_family(self) -> bool:
        """Whether they are somebody the work was for, and not who did it."""
        return self is not Voice.PRACTITIONER


class Sought(StrEnum):
    """What came of asking; the order in which a case with several entries counts."""

    GIVEN = "given"
    DECLINED = "declined"
    NOT_POSSIBLE = "not_possible"
    NOT_SOUGHT = "not_sought"

    @property
    def label(self) -> str:
        """What people read."""
        return {"given": "Views given"}.get(self.value, self.value.replace("_", " ").capitalize())

    @property
    def asked(self) -> bool:
        """Whether views were sought."""
        return self in {Sought.GIVEN, Sought.DECLINED}


NO_VIEWS = (Sought.DECLINED, Sought.NOT_POSSIBLE, Sought.NOT_SOUGHT)


class Manner(StrEnum):
    """How the words came to be written."""

    INTERVIEW = "interview"
    OWN_WORDS = "own_words"

    @property
    def label(self) -> str:
        """What people read."""
        return "Notes of an interview" if self is Manner.INTERVIEW else "Their own words"


class Listened(StrEnum):
    """Whether somebody felt listened to."""

    FULLY = "fully"
    MOSTLY = "mostly"
    A_LITTLE = "a_little"
    NOT_AT_ALL = "not_at_all"

    @property
    def label(self) -> str:
        """What people read."""
        return {
            "fully": "Yes, fully",
            "mostly": "Mostly",
            "a_little": "Only a little",
            "not_at_all": "Not at all",
        }[self.value]

    @property
    def short(self) -> str:
        """What stands on a bar."""
        return {"fully": "Fully", "mostly": "Mostly", "a_little": "A little", "not_at_all": "Not"}[self.value]


class Prompt(NamedTuple):
    """A question with words for an answer. name: of its field."""

    name: str
    text: str


OTHER = Prompt("other", "Anything else they said")
FAMILY = (
    Prompt("helped", "What helped?"),
    Prompt("difference", "What would have made a difference?"),
    OTHER,
)
WORKER = (
    Prompt("proud", "What are they proud of in this work?"),
    Prompt("barriers", "What got in the way?"),
    Prompt("support", "What support did they have, and what would have helped?"),
    OTHER,
)
PROMPTS: Mapping[Voice, tuple[Prompt, ...]] = {
    Voice.CHILD: FAMILY,
    Voice.PARENT: FAMILY,
    Voice.PRACTITIONER: WORKER,
}
TEXTS = tuple(dict.fromkeys(prompt.name for prompts in PROMPTS.values() for prompt in prompts))
"""The names of every question's field."""
