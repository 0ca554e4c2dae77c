"""The digest: what one person has to do, in the words of its message. Pure."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

RETURNS_WITHIN = 3
"""Days before its due date from which a return is in the digest."""

ACTIONS_WITHIN = 7
"""Days before its due date from which an action is in the digest."""


class Line(NamedTuple):
    """One thing to do. number of what ("return" or "action"), late of them, the first due on a day.

    whose: words for whose they are ("yours", "your agency’s, with no auditor yet"). address: where to do it.
    """

    what: str
    number: int
    late: int
    first: date
    whose: str
    address: str


def in_words(line: Line, today: date) -> str:
    """Such as "3 returns, yours: 1 late, the first due 2 November 2026"."""
    number = f"{line.number:,} {line.what}{'' if line.number == 1 else 's'}"
    late = "none late yet" if not line.late else f"{line.late:,} late"
    first = f"{'the first ' if line.number > 1 else ''}due {line.first.day} {line.first:%B %Y}"
    if line.first == today:
        first = f"{'the first ' if line.number > 1 else ''}due today"
    return f"{number}, {line.whose}: {late}, {first}.\n{line.address}"


def subject(lines: Sequence[Line]) -> str:
    """What the message is called: whether anything is late, and nothing of what it is about."""
    return "Overdue in Audit Together" if any(line.late for line in lines) else "Due soon in Audit Together"


def body(name: str, lines: Sequence[Line], today: date) -> str:
    """The whole message."""
    said = "\n\n".join(in_words(line, today) for line in lines)
    return (
        f"Hello {name},\n\nthis waits for you:\n\n{said}\n\n"
        "You get one message like this a day at most, and none when nothing is due.\n"
    )
