"""What a command or query can refuse, in words that reach the person who asked."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple


class Problem(Exception):
    """Base of the refusals that the web turns into pages."""


class NotFound(Problem):
    """No such record, or none within the person's reach: the two look the same."""


class NotAllowed(Problem):
    """The person may see the record but not do this to it; the message says why."""


@dataclass
class Refused(Problem):
    """The rules refuse what was asked. errors: field name ("" for the whole form) to message."""

    errors: Mapping[str, str]

    def __str__(self) -> str:
        return "; ".join(self.errors.values())


class Suspect(NamedTuple):
    """Something in a text that looks as if it could identify somebody.

    token: stands for it on the form. kind: reads after "looks like". instead: what would replace it.
    reason: why it is to stay, as it was typed; problem: what is wrong with that.
    """

    token: str
    text: str
    kind: str
    instead: str
    reason: str = ""
    problem: str = ""

    @property
    def open(self) -> bool:
        """Whether it is neither replaced nor kept with a good reason."""
        return not self.reason or bool(self.problem)


@dataclass
class Questioned(Refused):
    """Texts hold what the writer must replace, or keep with a reason, before they are saved.

    asked: field name to what is asked about it. texts: what fields are to say now, since the writer had
    something in them replaced.
    """

    asked: Mapping[str, tuple[Suspect, ...]] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)


def refused(message: str, field_name: str = "") -> Refused:
    """A refusal with one message, next to one field or (by default) for the whole form."""
    return Refused({field_name: message})


@dataclass
class Stale(Problem):
    """Somebody changed the record after the form was opened.

    current: field name to the text now in the database, for the page that shows both versions.
    version: the number the form must carry to replace it. changed_by: the other person's name, if known.
    """

    current: Mapping[str, str]
    version: int
    changed_by: str | None = None
    versions: Mapping[str, int] = field(default_factory=dict)

    def __str__(self) -> str:
        return "the record was changed by somebody else"
