"""The draw itself: the same list and the same seed give the same cases, anywhere and at any time. Pure.

How (version 1):
1. A reference is written in lower case with single spaces (`canonical`).
2. Each case's place is decided by the SHA-256 of `<seed>` + a line feed + `<reference>`, in UTF-8: within a
   stratum cases stand in the order of these digests, written in hexadecimal.
3. The first cases of each stratum, as many as were asked for, are drawn; those that follow are the reserve.

The digest of a list is the SHA-256 of one line for each case, `<reference>` + a tab + `<stratum>` + a line
feed, the lines sorted by their UTF-8 bytes. Neither depends on the order of rows, on the computer, or on a
language's random numbers.
"""

import hashlib
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple


class Member(NamedTuple):
    """One case of the population: its reference as it was written, and its stratum ("" without strata)."""

    reference: str
    stratum: str = ""


class Drawn(NamedTuple):
    """The cases of one stratum in drawn order: those to audit, and those in reserve after them."""

    cases: tuple[str, ...]
    reserve: tuple[str, ...]


def canonical(reference: str) -> str:
    """A reference as it is compared: in lower case, single spaces, one way of writing each letter."""
    return " ".join(unicodedata.normalize("NFC", reference).split()).lower()


def order_key(seed: str, reference: str) -> str:
    """What decides a case's place in the drawn order."""
    return hashlib.sha256(f"{seed}\n{canonical(reference)}".encode()).hexdigest()


def draw(population: Iterable[Member], seed: str, sizes: Mapping[str, int], reserve: int) -> dict[str, Drawn]:
    """The cases drawn from each stratum and up to `reserve` more for each, in drawn order.

    sizes: how many to draw by stratum; a stratum that is not named gets none. References must differ.
    """
    strata: defaultdict[str, list[str]] = defaultdict(list)
    for member in population:
        strata[member.stratum].append(member.reference)
    drawn = {}
    for stratum, references in strata.items():
        size = sizes.get(stratum, 0)
        wanted = sorted(references, key=lambda reference: order_key(seed, reference))[: size + reserve]
        drawn[stratum] = Drawn(tuple(wanted[:size]), tuple(wanted[size:]))
    return drawn


def digest(population: Iterable[Member]) -> str:
    """The digest of a list, in hexadecimal: whoever has the list can tell by it that it is the one."""
    lines = sorted(f"{canonical(member.reference)}\t{member.stratum}\n".encode() for member in population)
    return hashlib.sha256(b"".join(lines)).hexdigest()
