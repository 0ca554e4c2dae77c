"""Since when a question is worded as it is: years compare by its key, whatever its words. Pure."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple


class EditionWords(NamedTuple):
    """The words of an edition's questions by key. number, published_on: the edition's."""

    number: int
    published_on: date | None
    texts: dict[str, str]


class Wording(NamedTuple):
    """Since which edition a question is worded as it is. new: it was not asked before.

    again: it was left out of the edition before, or of several. first: since the framework's first edition.
    """

    number: int
    published_on: date | None
    new: bool = False
    again: bool = False
    first: bool = False

    @property
    def said(self) -> str:
        """The sentence for readers: "Worded this way since edition 2 (March 2026)"; nothing where it never
        changed.
        """
        if self.first:
            return ""
        edition = f"edition {self.number}"
        if self.published_on is not None:
            edition += f" ({self.published_on:%B %Y})"
        if self.new:
            return f"New in {edition}"
        return f"{'Asked again' if self.again else 'Worded this way'} since {edition}"


def wordings(editions: Sequence[EditionWords]) -> Mapping[str, Wording]:
    """Since when each question of the last of these editions is worded so. editions: the oldest first."""
    if not editions:
        return {}
    return {key: _wording(key, editions) for key in editions[-1].texts}


def _wording(key: str, editions: Sequence[EditionWords]) -> Wording:
    text = editions[-1].texts[key]
    place = len(editions) - 1
    while place and editions[place - 1].texts.get(key) == text:
        place -= 1
    since, earlier = editions[place], editions[:place]
    before = [edition.texts[key] for edition in earlier if key in edition.texts]
    return Wording(
        since.number,
        since.published_on,
        new=bool(earlier) and not before,
        again=bool(before) and before[-1] == text,
        first=not earlier,
    )
