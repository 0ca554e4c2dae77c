"""How long what has a timescale took: by agency, within the limit or over it, and by how much. Pure."""

from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple

from qa.frameworks.content import Question, Timescale

OVER = ((1, 1), (2, 5), (6, 10), (11, 20), (21, None))
"""By how many days a limit was passed, as the histogram puts them together; the last has no end."""


class Spans(NamedTuple):
    """Times counted. days: how many returns by days. backwards: the second date came before the first.

    uncounted: outside the years whose bank holidays are known. missing: one of the dates, or both.
    """

    days: Counter[int]
    backwards: int = 0
    uncounted: int = 0
    missing: int = 0

    @property
    def total(self) -> int:
        """How many could be counted."""
        return self.days.total()

    @property
    def left_out(self) -> int:
        """How many could not."""
        return self.backwards + self.uncounted + self.missing

    @property
    def median(self) -> Fraction | None:
        """The middle of all, halfway between the two in the middle of an even number; None for none."""
        if not self.total:
            return None
        low, high = (self._at(place) for place in ((self.total - 1) // 2, self.total // 2))
        return Fraction(low + high, 2)

    @property
    def longest(self) -> int | None:
        """The longest; None for none."""
        return max(self.days, default=None)

    def _at(self, place: int) -> int:
        """The one at that place, from 0, when all stand in order."""
        for days, number in sorted(self.days.items()):
            if place < number:
                return days
            place -= number
        raise IndexError(place)

    def within(self, limit: int) -> int:
        """How many took no longer than that."""
        return sum(number for days, number in self.days.items() if days <= limit)

    def over(self, limit: int) -> int:
        """How many took longer than that."""
        return self.total - self.within(limit)

    def over_by(self, limit: int) -> tuple[int, ...]:
        """How many passed the limit by as many days as each of `OVER` says."""
        return tuple(
            sum(
                number
                for days, number in self.days.items()
                if days - limit >= least and (most is None or days - limit <= most)
            )
            for least, most in OVER
        )

    def __add__(self, other: "Spans") -> "Spans":  # type: ignore[override]
        return Spans(
            self.days + other.days,
            self.backwards + other.backwards,
            self.uncounted + other.uncounted,
            self.missing + other.missing,
        )


class TimescaleFigures(NamedTuple):
    """A question with a timescale, where that is counted from, and what was counted by agency, by name."""

    question: Question
    start: Question
    timescale: Timescale
    agencies: tuple[tuple[str, Spans], ...]

    @property
    def together(self) -> Spans:
        """All agencies."""
        return sum((spans for _, spans in self.agencies), Spans(Counter()))

    @property
    def counted(self) -> Iterator[tuple[str, Spans]]:
        """The agencies with anything counted."""
        return ((name, spans) for name, spans in self.agencies if spans.total)
