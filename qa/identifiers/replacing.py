"""Puts neutral words and initials in the place of identifiers: pure."""

from collections.abc import Callable
from datetime import date

from qa.identifiers.finding import Found, identifiers_in
from qa.identifiers.names import NO_NAMES, Names

# What is put in never looks like an identifier itself; text that closes up around it hardly ever does.
MOST_ROUNDS = 10


def replaced(
    text: str,
    names: Names = NO_NAMES,
    today: date | None = None,
    wanted: Callable[[Found], bool] = lambda _: True,
    *,
    about_child: bool = True,
) -> str:
    """The text with every identifier that is wanted replaced; nothing else in it is changed."""
    for _ in range(MOST_ROUNDS):
        found = [one for one in identifiers_in(text, names, today, about_child=about_child) if wanted(one)]
        if not found:
            break
        pieces, done = [], 0
        for one in found:
            pieces += [text[done : one.start], one.instead]
            done = one.end
        text = "".join([*pieces, text[done:]])
    return text
