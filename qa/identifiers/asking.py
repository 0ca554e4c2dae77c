"""What the writer is asked about a text, and what the form says in answer: pure.

On a form, `why-<token>` holds the reason for which something stays, and the button `guard` with the value
`replace:<token>` puts initials or a neutral word in its place. A token is a keyed digest of the field, the
kind and the text found: it says nothing to whoever reads it, and stays the same while the text does.
"""

import hashlib
import hmac
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple, Protocol

from qa.identifiers.finding import Found, identifiers_in
from qa.identifiers.names import Names
from qa.identifiers.replacing import replaced
from qa.problems import Suspect

WHY = "why-"
GUARD = "guard"
REPLACE = "replace:"
REASON_LIMIT = 500
TOKEN_LENGTH = 32
NOT_IN_REASON = "The reason must not hold it, or anything else that could identify somebody"
REASON_TOO_LONG = f"The reason must be {REASON_LIMIT} characters or fewer"


class FormValues(Protocol):
    """A submitted form."""

    def getlist(self, name: str, /) -> Sequence[str]:
        """The values of a field."""

    def keys(self) -> Iterable[str]:
        """The names of its fields."""


class Choices(NamedTuple):
    """What a form says about what was found. reasons: token to reason. replace: token, or empty."""

    reasons: Mapping[str, str] = {}
    replace: str = ""


NO_CHOICES = Choices()


class Seen(NamedTuple):
    """Something found in a field. field: what it is kept under."""

    found: Found
    field: str
    token: str


class Looking(NamedTuple):
    """What a look at a text goes by. key: of the digests. about_child: False where the text is about no
    child, as in a self-assessment (see `identifiers_in`).
    """

    names: Names
    today: date
    key: bytes
    about_child: bool = True

    def look(self, text: str, field: str) -> tuple[Seen, ...]:
        """What is found in a text, once each, in its order."""
        seen: dict[str, Seen] = {}
        for found in identifiers_in(text, self.names, self.today, about_child=self.about_child):
            token = token_of(self.key, field, found)
            seen.setdefault(token, Seen(found, field, token))
        return tuple(seen.values())

    def without(self, text: str, field: str, token: str) -> str:
        """The text with what the token stands for replaced."""

        def wanted(found: Found) -> bool:
            return token_of(self.key, field, found) == token

        return replaced(text, self.names, self.today, wanted, about_child=self.about_child)

    def reason_problem(self, reason: str) -> str:
        """What is wrong with a reason; empty when nothing is."""
        if len(reason) > REASON_LIMIT:
            return REASON_TOO_LONG
        return NOT_IN_REASON if identifiers_in(reason, self.names, self.today) else ""


def token_of(key: bytes, field: str, found: Found) -> str:
    """The keyed digest of something found in a field; capitals and spaces make no difference."""
    made = hmac.new(key, f"{field}\n{found.kind.slug}\n{_plain(found.text)}".encode(), hashlib.sha256)
    return made.hexdigest()[:TOKEN_LENGTH]


def _plain(text: str) -> str:
    return "".join(text.split()).casefold()


def choices_in(form: FormValues) -> Choices:
    """What a form says about what was found in its texts."""
    names = [name for name in form.keys() if name.startswith(WHY)]  # noqa: SIM118 a form
    # The same thing found in two fields of one name for it has two boxes: the one that says something counts.
    typed = {name: " ".join(next(filter(str.strip, form.getlist(name)), "").split()) for name in names}
    reasons = {name.removeprefix(WHY): reason for name, reason in typed.items()}
    pressed = next(iter(form.getlist(GUARD)), "")
    return Choices(
        {token: reason for token, reason in reasons.items() if reason},
        pressed.removeprefix(REPLACE) if pressed.startswith(REPLACE) else "",
    )


def suspect(seen: Seen, choices: Choices, looking: Looking) -> Suspect:
    """What the page asks about something found, with the reason that was typed and what is wrong with it."""
    reason = choices.reasons.get(seen.token, "")
    problem, found = looking.reason_problem(reason) if reason else "", seen.found
    if not problem and _plain(found.text) in _plain(reason):  # a day counts only beside its word of birth
        problem = NOT_IN_REASON
    return Suspect(seen.token, found.text, found.kind.value, found.instead, reason, problem)


def in_words(suspects: Sequence[Suspect]) -> str:
    """The error beside a field."""
    first = suspects[0]
    others = len(suspects) - 1
    more = f", and {others} more below" if others else ""
    it = "Replace each, or say why it has to stay" if others else "Replace it, or say why it has to stay"
    return first.problem or f"“{first.text}” looks like {first.kind}{more}. {it}"
