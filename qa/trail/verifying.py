"""Walking the whole trail in pieces: constant memory however long it is, and nobody has to stop writing."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import datetime

from sqlalchemy import Connection, select

from qa.db import snapshot
from qa.trail import chain
from qa.trail.models import TrailEntry, TrailHead

PIECE = 2_000
SHOWN = 20
COLUMNS = tuple(getattr(TrailEntry, field.name) for field in fields(chain.EntryFacts))


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found. breaks: a sentence for each of the first places where the trail is broken; more: how
    many places beyond those; last_at: the moment of the last entry, None without any.
    """

    entries: int
    last_at: datetime | None
    breaks: tuple[str, ...]
    more: int

    @property
    def whole(self) -> bool:
        """Whether nothing is broken."""
        return not self.breaks


def verify(key: bytes, expect: int = 0) -> Verdict:
    """Check every entry's seal under the key, and the head's.

    expect: a number noted elsewhere; a trail with fewer entries is broken, however well its head fits.
    """
    walk = _Walk()
    breaks: list[str] = []
    more = 0
    with snapshot() as connection:
        row = connection.execute(select(TrailHead.number, TrailHead.seal, TrailHead.head_seal)).one_or_none()
        head = chain.Head(*row) if row else None
        try:
            for sentence in chain.breaks(key, walk.entries(connection), head):
                if len(breaks) < SHOWN:
                    breaks.append(sentence)
                else:
                    more += 1
        except (ValueError, TypeError, AttributeError):
            # SQLite keeps whatever somebody writes into a column, such as words where a moment belongs.
            breaks.append(f"the entries after number {walk.last} cannot be read: one of them was changed")
    if walk.count < expect:
        breaks.append(f"the trail was cut off: {expect:,} entries are expected, {walk.count:,} were found")
    return Verdict(walk.count, walk.last_at, tuple(breaks), more)


class _Walk:
    """Reads the entries piece by piece, and remembers how far it came."""

    def __init__(self) -> None:
        self.count, self.last = 0, 0
        self.last_at: datetime | None = None

    def entries(self, connection: Connection) -> Iterator[chain.SealedEntry]:
        """Every entry in the order of its number."""
        query = select(*COLUMNS, TrailEntry.seal).order_by(TrailEntry.number).limit(PIECE)
        rows = connection.execute(query).all()
        while rows:
            for *facts, seal in rows:
                entry = chain.SealedEntry(chain.EntryFacts(*facts), seal)
                yield entry
                self.count, self.last, self.last_at = self.count + 1, entry.facts.number, entry.facts.at
            rows = connection.execute(query.where(TrailEntry.number > rows[-1].number)).all()
