"""What a capability can put on a person's home page, or on the page of an audit."""

from collections.abc import Callable
from typing import NamedTuple


class Card(NamedTuple):
    """A figure with its words and where it leads. urgent: shown first, marked. figure None, on the page of an
    audit: just the way there.
    """

    figure: int | None
    text: str
    href: str
    urgent: bool = False
    note: str = ""


CardMaker = Callable[[], list[Card]]
AuditCardMaker = Callable[[int], list[Card]]
