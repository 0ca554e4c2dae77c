"""Krippendorff's alpha, by a library that is loaded when it is asked for: numbers take longer than a page."""

from collections import Counter
from importlib import import_module


def ordinal_alpha(units: Counter[tuple[int, ...]], grades: int) -> float | None:
    """Krippendorff's alpha of grades in order.

    units: the places that one thing was given by two or more graders, and how often these came. None when
    fewer than two different grades were given: there is nothing to agree about.
    """
    if len({place for unit in units for place in unit}) < 2:
        return None
    counts = [[unit.count(place) for place in range(grades)] for unit in units]
    rows = import_module("numpy").repeat(counts, list(units.values()), axis=0)
    found: float = import_module("krippendorff").alpha(
        value_counts=rows, value_domain=list(range(grades)), level_of_measurement="ordinal"
    )
    return float(found)
