"""Krippendorff's alpha, by a library that is loaded when it is asked for: numbers take longer than a page."""

from collections import Counter
from collections.abc import Sequence
from importlib import import_module


def ordinal_alpha(units: Sequence[Sequence[int]], grades: int) -> float | None:
    """Krippendorff's alpha of grades in order. units: the places given to each thing by two or more graders.

    None when fewer than two different grades were given: there is nothing to agree about.
    """
    counts = [Counter(unit) for unit in units]
    if len({place for unit in counts for place in unit}) < 2:
        return None
    rows = [[unit[place] for place in range(grades)] for unit in counts]
    found: float = import_module("krippendorff").alpha(
        value_counts=rows, value_domain=list(range(grades)), level_of_measurement="ordinal"
    )
    return float(found)
