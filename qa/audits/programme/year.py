"""The twelve months of a programme, its quarters, and where dates lie in them. Pure."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple

APRIL = 4
FIRST_YEAR, LAST_YEAR = 2000, 2090


class Quarter(NamedTuple):
    """Three months of a programme: number 1 to 4, first and last day."""

    number: int
    starts_on: date
    ends_on: date

    @property
    def label(self) -> str:
        """Quarter 1."""
        return f"Quarter {self.number}"

    @property
    def months(self) -> str:
        """April to June 2026."""
        return months_in_words(self.starts_on, self.ends_on)


class Span(NamedTuple):
    """Whole months of a programme, from 0: first and last, both within it.

    before, after: whether what is shown begins earlier or goes on later than the programme.
    """

    first: int
    last: int
    before: bool = False
    after: bool = False


class ProgrammeYear(NamedTuple):
    """Twelve months from the first of one."""

    starts_on: date

    @property
    def ends_on(self) -> date:
        """Its last day."""
        return _month(self.starts_on, 12) - timedelta(days=1)

    @property
    def label(self) -> str:
        """2026/27, or 2026 when it is a calendar year."""
        year = self.starts_on.year
        return str(year) if self.starts_on.month == 1 else f"{year}/{(year + 1) % 100:02}"

    @property
    def months_in_words(self) -> str:
        """April 2026 to March 2027."""
        return months_in_words(self.starts_on, self.ends_on)

    @property
    def months(self) -> tuple[date, ...]:
        """The first day of each of its months."""
        return tuple(_month(self.starts_on, number) for number in range(12))

    @property
    def quarters(self) -> tuple[Quarter, ...]:
        """Its four quarters."""
        return tuple(
            Quarter(
                number,
                _month(self.starts_on, 3 * number - 3),
                _month(self.starts_on, 3 * number) - timedelta(days=1),
            )
            for number in range(1, 5)
        )

    def quarter_in_words(self, number: int) -> str:
        """Quarter 1: April to June 2026."""
        quarter = self.quarters[number - 1]
        return f"{quarter.label}: {quarter.months}"

    @property
    def next(self) -> "ProgrammeYear":
        """The twelve months after it."""
        return ProgrammeYear(_month(self.starts_on, 12))

    def following(self, later: Iterable[date]) -> "ProgrammeYear":
        """What is carried over goes there: the first of the programmes later than this one.

        later: when programmes begin. One that begins two years on or later is not next year's: then, and
        where there is none, it is the twelve months after this one.
        """
        near = [day for day in later if self.starts_on < day < self.next.next.starts_on]
        return ProgrammeYear(min(near)) if near else self.next

    def quarter_of(self, day: date) -> int:
        """The number of the quarter that the day is in; 1 or 4 for one outside the year."""
        return min(max(self._place(day), 0), 11) // 3 + 1

    def span(self, first: date, last: date) -> Span | None:
        """The months from one day to another, as far as they lie in the year; None when none does."""
        begins, ends = self._place(first), self._place(last)
        ends = max(ends, begins)
        if ends < 0 or begins > 11:
            return None
        return Span(max(begins, 0), min(ends, 11), before=begins < 0, after=ends > 11)

    def _place(self, day: date) -> int:
        return (day.year - self.starts_on.year) * 12 + day.month - self.starts_on.month


def of_quarters(first: int, last: int) -> Span:
    """The months of quarters 1 to 4."""
    return Span(3 * first - 3, 3 * last - 1)


def year_around(day: date, month: int = APRIL) -> ProgrammeYear:
    """The twelve months from the first of that month in which the day lies."""
    return ProgrammeYear(date(day.year if day.month >= month else day.year - 1, month, 1))


def months_in_words(first: date, last: date) -> str:
    """May 2026, May to August 2026, November 2026 to January 2027."""
    if (first.year, first.month) == (last.year, last.month):
        return f"{last:%B} {last.year}"
    if first.year == last.year:
        return f"{first:%B} to {last:%B} {last.year}"
    return f"{first:%B} {first.year} to {last:%B} {last.year}"


def _month(start: date, number: int) -> date:
    """The first day of the month so many months on."""
    months = start.year * 12 + start.month - 1 + number
    return date(months // 12, months % 12 + 1, 1)
