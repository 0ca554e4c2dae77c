"""Putting pieces on pages: keeps headings with what they head, parts what is too high, wastes little room."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from qa.publishing.pdf.pieces import BreakPiece, Piece

_LONGEST_CHAIN: Final = 8
"""How many pieces that keep with the next are looked over before one is set."""
_HAIR: Final = 0.01


class Placed(NamedTuple):
    """A piece and how far below the top of its page it stands, in points."""

    piece: Piece
    offset: float


def paginate(pieces: Sequence[Piece], room: float) -> list[list[Placed]]:
    """Return the pages, each `room` points high, that hold `pieces` in their order; no piece, no page."""
    pages: list[list[Placed]] = []
    page: list[Placed] = []
    used = after = 0.0
    for number, piece in enumerate(pieces):
        if isinstance(piece, BreakPiece):
            if page:
                pages.append(page)
                page, used, after = [], 0.0, 0.0
            continue
        gap = max(after, piece.space_before) if page else 0.0
        if page and used + gap + _needed(pieces, number) > room + _HAIR and used > room * 0.2:
            pages.append(page)
            page, used, gap = [], 0.0, 0.0
        rest: Piece | None = piece
        while rest is not None:
            here, rest = _fit(rest, room - used - gap, bool(page))
            if here is not None:
                page.append(Placed(here, used + gap))
                used += gap + here.height
            if rest is not None:
                pages.append(page)
                page, used, gap = [], 0.0, 0.0
        after = piece.space_after
    if page:
        pages.append(page)
    return pages


def _needed(pieces: Sequence[Piece], start: int) -> float:
    """The room that the piece at `start` needs to begin here, with all that it must stay together with."""
    total = 0.0
    for number in range(start, min(start + _LONGEST_CHAIN, len(pieces))):
        piece = pieces[number]
        if isinstance(piece, BreakPiece):
            return total
        if not piece.keep_with_next or number + 1 == len(pieces):
            return total + piece.least
        following = pieces[number + 1]
        total += piece.height + max(piece.space_after, following.space_before)
    return total


def _fit(piece: Piece, room: float, elsewhere: bool) -> tuple[Piece | None, Piece | None]:
    """What of `piece` goes into `room`, and what is left; `elsewhere`: an empty page would have more room."""
    if piece.height <= room + _HAIR:
        return piece, None
    parts = piece.split(room)
    if parts is not None:
        return parts
    return (None, piece) if elsewhere else (piece, None)
