"""How far a percentage of the sample may be from that of the whole population. Pure.

The margin is 1.96 standard errors of a proportion of one half, its worst case, in a sample drawn without
replacement: the half-width of a 95% interval by the normal approximation.

Source: W. G. Cochran, Sampling Techniques, 3rd edition (Wiley, 1977): section 3.2, theorem 3.2 for the
variance of a sample proportion with the finite population correction, V(p) = PQ/n × (N - n)/(N - 1);
section 5.10 for a stratified one, the sum over strata of W² V(p), with W each stratum's share of the
population.
"""

from collections.abc import Iterable
from math import sqrt

Z_95 = 1.959964
"""The 97.5th percentile of the standard normal distribution."""

FEW = 30
"""Below this many cases the normal approximation itself is doubtful."""

WIDE = 10.0
"""A margin of more percentage points than this does not allow percentages to be generalised."""


def variance(population: int, size: int) -> float:
    """The variance of a proportion of one half in a sample of `size` from a population (theorem 3.2).

    Raises ValueError unless 1 <= size <= population.
    """
    if not 1 <= size <= population:
        raise ValueError(f"a sample of {size} from {population}")
    if size == population:
        return 0.0
    return 0.25 / size * (population - size) / (population - 1)


def margin(population: int, size: int) -> float:
    """The margin of error in percentage points of a simple random sample; 0 when every case is in it.

    Raises ValueError unless 1 <= size <= population. Never more than 100.
    """
    return _points(variance(population, size))


def stratified_margin(strata: Iterable[tuple[int, int]]) -> float | None:
    """The margin of error in percentage points over strata, each with its population and sample.

    Strata without a sample are left out: it then speaks of the others alone. None when there is no sample.
    """
    sampled = [(population, size) for population, size in strata if size]
    total = sum(population for population, _ in sampled)
    if not total:
        return None
    return _points(
        sum((population / total) ** 2 * variance(population, size) for population, size in sampled)
    )


def _points(of: float) -> float:
    return min(100.0, 100 * Z_95 * sqrt(of))


def may_generalise(size: int, points: float) -> bool:
    """Whether percentages of the sample may be taken for those of the population."""
    return points == 0 or (size >= FEW and points <= WIDE)
