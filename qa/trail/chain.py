"""How entries of the trail are chained: pure functions.

Each entry's seal is an HMAC-SHA256 over the seal before it and the entry's own facts, under a key that is
not in the database. The head carries a seal of its own over the number and seal of the last entry, so that
entries cannot be cut off the end by moving the head back by hand. An old copy of the head, put back together
with the entries of that time, does fit: against that the number of entries is kept somewhere else.
"""

import hashlib
import hmac
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

GENESIS = "0" * 64
# The event of the entry that is written when the head is found not to fit, before the chain goes on.
HEAD_CHANGED = "trail.head_found_changed"


@dataclass(frozen=True, slots=True)
class EntryFacts:
    """What one entry says. `fields` are names of fields, never what was typed into them."""

    number: int
    at: datetime
    person_id: int | None
    event: str
    record: str
    record_id: int | None
    area_id: int | None
    fields: str


@dataclass(frozen=True, slots=True)
class SealedEntry:
    """An entry as the database holds it."""

    facts: EntryFacts
    seal: str


@dataclass(frozen=True, slots=True)
class Head:
    """The end of the chain as the database holds it."""

    number: int
    seal: str
    head_seal: str


def seal(key: bytes, previous: str, facts: EntryFacts) -> str:
    """The entry's seal, 64 hexadecimal digits."""
    words = [
        previous,
        facts.number,
        facts.at.astimezone(UTC).isoformat(timespec="microseconds"),
        facts.person_id,
        facts.event,
        facts.record,
        facts.record_id,
        facts.area_id,
        facts.fields,
    ]
    return _mac(key, "entry", words)


def seal_head(key: bytes, number: int, last_seal: str) -> str:
    """The seal of the head over the number and seal of the last entry."""
    return _mac(key, "head", [number, last_seal])


def head_fits(key: bytes, head: Head) -> bool:
    """Whether the head carries the seal that this key gives it."""
    return _same(head.head_seal, seal_head(key, head.number, head.seal))


def _same(found: str, expected: str) -> bool:
    # As bytes: compare_digest refuses text outside ASCII, which a tampered seal may hold.
    return hmac.compare_digest(found.encode("utf-8", "surrogatepass"), expected.encode())


def _mac(key: bytes, purpose: str, words: list[object]) -> str:
    text = json.dumps([purpose, *words], ensure_ascii=True, separators=(",", ":"))
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def breaks(key: bytes, entries: Iterable[SealedEntry], head: Head | None) -> Iterator[str]:
    """Walk entries in the order of their numbers; yield a sentence for each place where the chain is broken.

    Finds changed, removed, swapped, inserted and cut-off entries. Nothing is yielded for a whole chain.
    """
    previous, expected = GENESIS, 1
    for entry in entries:
        number = entry.facts.number
        if number != expected:
            yield f"entry {expected} is missing: the next one found is {number}"
            expected = number
        elif not _same(entry.seal, seal(key, previous, entry.facts)):
            yield f"entry {number} does not fit its seal: it, or the one before it, was changed"
        elif entry.facts.event == HEAD_CHANGED:
            yield f"entry {number} notes that the end of the trail had been changed by hand before it"
        previous, expected = entry.seal, expected + 1
    if head is None:
        # A new installation has neither entries nor a head.
        if expected > 1:
            yield "the head of the trail is missing"
    elif not head_fits(key, head):
        yield "the head of the trail does not fit its seal: it was changed by hand"
    elif (head.number, head.seal) != (expected - 1, previous):
        yield f"the trail was cut off: its head says {head.number} entries, {expected - 1} were found"
