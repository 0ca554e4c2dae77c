"""How far graders agree, and how far the panel moved their grades. Pure; Krippendorff's alpha is given to it.

Grades are places on a scale, 0 the best. Weighted kappa is Cohen's (1968) with squared weights, as Fleiss and
Cohen (1973) take them: grades two apart weigh four times as much as grades one apart.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from itertools import combinations
from typing import NamedTuple

LEAST = 20
"""Pairs of grades below which nothing is said of agreement beyond chance: it would be chance itself."""

Pair = tuple[int, int]
Unit = tuple[int, ...]
Alpha = Callable[[Counter[Unit], int], float | None]
# Landis and Koch (1977): the least of each, and what they call it.
YARDSTICK = (
    (0.81, "almost complete"),
    (0.61, "substantial"),
    (0.41, "moderate"),
    (0.21, "fair"),
    (0.0, "slight"),
)


class Agreement(NamedTuple):
    """How far pairs of grades agree. kappa, alpha: None with too few pairs, or when all are one grade."""

    pairs: int
    same: int
    kappa: float | None = None
    alpha: float | None = None

    @property
    def percent(self) -> int:
        """Whole per cent of the pairs that are the same grade, never rounded up to 100."""
        return self.same * 100 // self.pairs if self.pairs else 0

    @property
    def enough(self) -> bool:
        """Whether there are pairs enough to speak of chance."""
        return self.pairs >= LEAST

    @property
    def words(self) -> str:
        """What it means, in sentences."""
        if not self.pairs:
            return "There are no pairs of grades to compare."
        said = f"{self.same:,} of {_pairs(self.pairs)} are the same grade ({self.percent}%)."
        if not self.enough:
            return f"{said} That is fewer than {LEAST} pairs: too few to tell agreement from chance."
        if self.kappa is None:
            return f"{said} Nearly all are one and the same grade, so agreement cannot be told from chance."
        more = (
            f"Weighted kappa is {self.kappa:.2f}, where 1 is complete agreement and 0 what chance alone "
            f"would give: {called(self.kappa)}."
        )
        alpha = f" Krippendorff’s alpha is {self.alpha:.2f}." if self.alpha is not None else ""
        return f"{said} {more}{alpha}"


def _pairs(count: int) -> str:
    return "1 pair" if count == 1 else f"{count:,} pairs"


def called(kappa: float) -> str:
    """What agreement of that size is called."""
    rounded = round(kappa, 2)
    for least, name in YARDSTICK:
        if rounded >= least:
            return f"{name} agreement"
    return "less agreement than chance would give"


def weighted_kappa(table: Counter[Pair], grades: int, *, power: int = 2) -> float | None:
    """Weighted kappa of pairs of places on a scale of so many grades; None where chance would agree wholly.

    power: 2 for squared weights, 1 for linear ones.
    """
    count = table.total()
    if not count or grades < 2:
        return None
    firsts, seconds = Counter[int](), Counter[int]()
    for (first, second), number in table.items():
        firsts[first] += number
        seconds[second] += number

    def apart(first: int, second: int) -> int:
        return int(abs(first - second) ** power)

    observed = sum(apart(*pair) * number for pair, number in table.items()) / count
    expected = sum(
        apart(first, second) * firsts[first] * seconds[second] for first in firsts for second in seconds
    ) / (count * count)
    return 1 - observed / expected if expected else None


def of_two(pairs: Counter[Pair], grades: int, alpha: Alpha) -> Agreement:
    """The agreement of two graders, one always first. pairs: of their places, and how often each came."""
    return _agreement(pairs, pairs, Counter[Unit](pairs), grades, alpha)


def of_several(units: Counter[Unit], grades: int, alpha: Alpha) -> Agreement:
    """The agreement of several graders of the same things: each two of them make a pair, neither is first.

    units: the places that one thing was given, and how often these came.
    """
    pairs, both_ways = Counter[Pair](), Counter[Pair]()
    for unit, number in units.items():
        for first, second in combinations(unit, 2):
            pairs[first, second] += number
            both_ways[first, second] += number
            both_ways[second, first] += number
    several = Counter({unit: number for unit, number in units.items() if len(unit) > 1})
    return _agreement(pairs, both_ways, several, grades, alpha)


def _agreement(
    pairs: Counter[Pair],
    counted: Counter[Pair],
    units: Counter[Unit],
    grades: int,
    alpha: Alpha,
) -> Agreement:
    total, same = pairs.total(), sum(number for (first, second), number in pairs.items() if first == second)
    if total < LEAST:
        return Agreement(total, same)
    kappa = weighted_kappa(counted, grades)
    return Agreement(total, same, kappa, alpha(units, grades) if kappa is not None else None)


class Moved(NamedTuple):
    """How the panel's grades of sections compare with an agency's own. steps: all of them added up."""

    agency: str
    kept: int
    raised: int
    lowered: int
    steps: int

    @property
    def grades(self) -> int:
        """How many grades are compared."""
        return self.kept + self.raised + self.lowered

    @property
    def mean(self) -> float:
        """Steps that the panel moved a grade by on average; 0 without grades."""
        return self.steps / self.grades if self.grades else 0.0


def moved(agency: str, grades: Iterable[Pair]) -> Moved:
    """How far the panel moved an agency's grades: pairs of the agency's place and the panel's."""
    listed = list(grades)
    return Moved(
        agency,
        sum(own == agreed for own, agreed in listed),
        sum(agreed < own for own, agreed in listed),
        sum(agreed > own for own, agreed in listed),
        sum(abs(own - agreed) for own, agreed in listed),
    )
