"""Two orders of the same things compared: what kept its order, and both put into one list. Pure."""

from bisect import bisect_left
from collections.abc import Collection, Sequence


def longest_rising(numbers: Sequence[int]) -> frozenset[int]:
    """The members of a longest rising subsequence of different numbers."""
    lowest: list[int] = []  # the lowest number that ends a rising subsequence of each length
    before: dict[int, int | None] = {}
    for number in numbers:
        length = bisect_left(lowest, number)
        before[number] = lowest[length - 1] if length else None
        lowest[length:] = [number, *lowest[length + 1 :]]
    members: set[int] = set()
    last = lowest[-1] if lowest else None
    while last is not None:
        members.add(last)
        last = before[last]
    return frozenset(members)


def in_order(old: Sequence[str], new: Sequence[str]) -> list[str]:
    """Every key once: the new ones in their order, each removed one after the one it used to follow."""
    after: dict[str | None, list[str]] = {}
    present: Collection[str] = set(new)
    previous: str | None = None
    for key in old:
        if key in present:
            previous = key
        else:
            after.setdefault(previous, []).append(key)
    made = list(after.get(None, ()))
    for key in new:
        made += [key, *after.get(key, ())]
    return made
