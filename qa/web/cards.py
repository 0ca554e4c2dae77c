"""What a capability can put on a person's home page, or on the page of an audit."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Card:
    """A figure with its words and where it leads. urgent: shown first, marked."""

    figure: int
    text: str
    href: str
    urgent: bool = False
    note: str = ""


CardMaker = Callable[[], list[Card]]
AuditCardMaker = Callable[[int], list[Card]]
