"""Two texts word by word: what was taken out of the one, and what was put into the other. Pure."""

import re
from difflib import SequenceMatcher
from typing import NamedTuple

LONGEST = 2_000  # words: longer texts are shown whole, as replaced
_TOKENS = re.compile(r"\s+|[\w’'-]+|[^\w\s]")


class Piece(NamedTuple):
    """A run of a text. changed: it is in this text alone."""

    text: str
    changed: bool


class WordDifference(NamedTuple):
    """The pieces of either text, in order; joined, they are the text again."""

    old: tuple[Piece, ...]
    new: tuple[Piece, ...]


def word_difference(old: str, new: str) -> WordDifference:
    """Mark the words that only one of the two texts has."""
    before, after = _TOKENS.findall(old), _TOKENS.findall(new)
    if max(len(before), len(after)) > LONGEST:
        blocks = [("replace", 0, len(before), 0, len(after))]
    else:
        blocks = list(SequenceMatcher(None, before, after, autojunk=False).get_opcodes())
    left, right = list[Piece](), list[Piece]()
    for place, (kind, i1, i2, j1, j2) in enumerate(blocks):
        # A lone space between two changes is drawn with them, so that a run of words is one mark.
        between = 0 < place < len(blocks) - 1 and not "".join(before[i1:i2]).strip()
        changed = kind != "equal" or between
        _add(left, "".join(before[i1:i2]), changed=changed)
        _add(right, "".join(after[j1:j2]), changed=changed)
    return WordDifference(tuple(left), tuple(right))


def _add(pieces: list[Piece], text: str, *, changed: bool) -> None:
    if not text:
        return
    if pieces and pieces[-1].changed is changed:
        text = pieces.pop().text + text
    pieces.append(Piece(text, changed))
