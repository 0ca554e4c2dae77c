"""How many cases to take from each stratum. Pure.

Strata are given and answered by their label; the answer does not depend on the order they come in.
"""

from collections.abc import Mapping
from enum import StrEnum
from fractions import Fraction


class Allocation(StrEnum):
    """How a sample is shared among strata."""

    PROPORTIONAL = "proportional"
    EQUAL = "equal"

    @property
    def label(self) -> str:
        """What people read."""
        return {
            Allocation.PROPORTIONAL: "In proportion to how many cases each stratum has",
            Allocation.EQUAL: "The same number from each stratum",
        }[self]


class TooFew(ValueError):
    """The sample is smaller than the number of strata, and each was to have a case."""


def allocate(
    population: Mapping[str, int], size: int, how: Allocation, *, at_least_one: bool = False
) -> dict[str, int]:
    """Cases to take from each stratum: `size` in all, never more than a stratum has.

    population: cases by stratum, each at least 1. Raises ValueError when there are fewer cases than `size`,
    and TooFew when at_least_one cannot be had.
    """
    if not 0 <= size <= sum(population.values()):
        raise ValueError(f"{size} of {sum(population.values())} cases")
    if at_least_one and size < len(population):
        raise TooFew
    if how is Allocation.EQUAL:
        return equal(population, size)
    return proportional_each(population, size) if at_least_one else proportional(population, size)


def proportional(population: Mapping[str, int], size: int) -> dict[str, int]:
    """By largest remainder (Hamilton's method): the whole part of each stratum's exact share, then one more
    for those with the largest fractions, until `size` is reached.

    Of equal fractions the larger stratum's comes first, then the label's first in the alphabet.
    """
    total = sum(population.values())
    if not total:
        return dict.fromkeys(population, 0)
    shares = {label: Fraction(size * number, total) for label, number in population.items()}
    given = {label: int(share) for label, share in shares.items()}
    by_fraction = sorted(
        population, key=lambda label: (given[label] - shares[label], -population[label], label)
    )
    for label in by_fraction[: size - sum(given.values())]:
        given[label] += 1
    return given


def proportional_each(population: Mapping[str, int], size: int) -> dict[str, int]:
    """In proportion, but at least one from each stratum; there must be as many cases as strata.

    A stratum that would have none gets one, and the rest is shared anew among the others.
    """
    given: dict[str, int] = {}
    left = dict(population)
    while True:
        shared = proportional(left, size - len(given))
        without = [label for label, number in shared.items() if number == 0]
        if not without:
            return {label: (given | shared)[label] for label in population}
        for label in without:
            given[label] = 1
            del left[label]


def equal(population: Mapping[str, int], size: int) -> dict[str, int]:
    """The same number from each; what a small stratum cannot give is shared among the others.

    What does not divide goes to the largest strata, one each; of equal ones to the label's first.
    """
    given = dict.fromkeys(population, 0)
    left = size
    while left:
        room = [label for label in population if given[label] < population[label]]
        room.sort(key=lambda label: (-population[label], label))
        each = left // len(room)
        if not each:
            for label in room[:left]:
                given[label] += 1
            return given
        for label in room:
            more = min(each, population[label] - given[label])
            given[label] += more
            left -= more
    return given
