"""Sharing returns out among auditors, evenly and under rules. Pure."""

from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
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


def balance(
    returns: Mapping[int, frozenset[int]], loads: Mapping[int, int], most: Mapping[int, int]
) -> dict[int, int]:
    """Share returns out as evenly as the rules permit: the number of each return to that of an auditor.

    returns: who may be given each. loads: how many returns each auditor holds already; most: how many they
    may hold at most, those without a limit left out. As many returns are given as can be; nobody could be
    spared one by passing returns on without somebody else then holding as many. Returns that nobody can be
    given are not in what comes back. The outcome is the same each time.

    The next return goes to the auditor with the fewest among those it can reach, where returns given before
    may be passed on along the way. Doing so for each in turn leaves the loads as even as they can be
    (Harvey, Ladner, Lovász and Tamir, Semi-matchings for bipartite graphs and load balancing, 2006).
    """
    flow = _Flow(dict(loads), most)
    by_kind: defaultdict[frozenset[int], list[int]] = defaultdict(list)
    for number, able in returns.items():
        kind = frozenset(able & loads.keys())
        if kind and flow.add(kind):
            by_kind[kind].append(number)
    return {
        number: auditor for kind, numbers in by_kind.items() for number, auditor in flow.deal(kind, numbers)
    }


@dataclass(slots=True)
class _Flow:
    """How many returns of each kind each auditor gets; a kind is who may be given its returns.

    There are few kinds, however many returns, so that each return is placed in no time.
    """

    loads: dict[int, int]
    most: Mapping[int, int]
    held: dict[frozenset[int], Counter[int]] = field(default_factory=dict)

    def add(self, kind: frozenset[int]) -> bool:
        """Place one more return of that kind; False when there is no room for it."""
        self.held.setdefault(kind, Counter())
        came_from = self._reach(kind)
        free = [auditor for auditor in came_from if self.loads[auditor] < self.most.get(auditor, 1 << 30)]
        if not free:
            return False
        auditor = min(free, key=lambda number: (self.loads[number], number))
        self.loads[auditor] += 1
        while True:
            of_kind, before = came_from[auditor]
            self.held[of_kind][auditor] += 1
            if before is None:
                return True
            self.held[of_kind][before] -= 1
            auditor = before

    def _reach(self, kind: frozenset[int]) -> dict[int, tuple[frozenset[int], int | None]]:
        """Auditors that can end up with one more: by which kind of return, passed on by whom."""
        came_from: dict[int, tuple[frozenset[int], int | None]] = dict.fromkeys(sorted(kind), (kind, None))
        waiting = deque(came_from)
        while waiting:
            before = waiting.popleft()
            for other, held in self.held.items():
                if held[before] > 0:
                    for auditor in sorted(other - came_from.keys()):
                        came_from[auditor] = (other, before)
                        waiting.append(auditor)
        return came_from

    def deal(self, kind: frozenset[int], numbers: Sequence[int]) -> Iterable[tuple[int, int]]:
        """Which return of a kind goes to whom: in turn, so that nobody has all the first cases."""
        left = +self.held[kind]
        auditors = sorted(left)
        turns = deque(auditors)
        for number in numbers:
            while not left[turns[0]]:
                turns.popleft()
            auditor = turns[0]
            turns.rotate(-1)
            left[auditor] -= 1
            yield number, auditor
