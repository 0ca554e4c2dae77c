"""Sharing returns out among auditors. Pure."""

from collections.abc import Mapping, Sequence
from heapq import heapify, heapreplace


def spread(returns: Sequence[int], loads: Mapping[int, int]) -> dict[int, int]:
    """Share returns out evenly: the number of each return to the number of an auditor.

    loads: how many returns each auditor holds already; the next return always goes to the one with the
    fewest, and to the lower number of two with as many, so that the outcome is the same each time.
    Raises ValueError when there is nobody to give them to.
    """
    if not loads:
        raise ValueError("there is no auditor to share the returns out to")
    heap = [(load, auditor) for auditor, load in sorted(loads.items())]
    heapify(heap)
    shared: dict[int, int] = {}
    for number in returns:
        load, auditor = heap[0]
        shared[number] = auditor
        heapreplace(heap, (load + 1, auditor))
    return shared
