"""Which cases are audited twice: how many a share is, and which of them a seed draws. Pure."""

import re
from collections.abc import Collection
from random import Random

LARGEST_SEED = 999_999


class BadShare(ValueError):
    """A share that is none; says what to write."""


def how_many(share: str, cases: int) -> int:
    """The number of cases that a share means: "10%" of them, rounded up, or "3"; none for nothing.

    Raises BadShare for what is no share, and for more cases than there are.
    """
    text = share.replace(" ", "")
    if not text:
        return 0
    found = re.fullmatch(r"(\d{1,5})(%?)", text)
    if found is None:
        raise BadShare("Enter a number of cases, like 3, or a share of them, like 10%")
    number = int(found[1])
    if not found[2]:
        if number > cases:
            raise BadShare(f"There are {cases:,} cases. Enter {cases:,} or fewer")
        return number
    if number > 100:
        raise BadShare("Enter a share from 1% to 100%")
    return -(-cases * number // 100)


def drawn(cases: Collection[int], wanted: int, seed: int) -> tuple[int, ...]:
    """So many of the cases, by their numbers, or all when there are fewer; the same for the same seed.

    For one seed a larger draw holds the smaller one.
    """
    order = sorted(cases)
    Random(f"{seed} second returns").shuffle(order)  # noqa: S311 a draw that anybody can repeat
    return tuple(sorted(order[:wanted]))
