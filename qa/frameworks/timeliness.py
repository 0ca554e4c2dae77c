"""How many days lie between two dates, and whether that is within a timescale. Pure.

The rule: the day of the first event is day 0 and the day of the second is counted, as "within 15 working days
of the strategy discussion" is read (Working Together to Safeguard Children sets that limit, and does not say
how to count). Working days are Mondays to Fridays but for England's bank holidays. An event on a Saturday is
thus followed by day 1 on the Monday.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from itertools import chain
from typing import NamedTuple

from qa.frameworks.answers import AnswerValue
from qa.frameworks.bank_holidays import FIRST_YEAR, LAST_YEAR, bank_holidays
from qa.frameworks.content import FrameworkContent, Question, Timescale, days_in_words
from qa.frameworks.describing import timescale_in_words
from qa.frameworks.vocabulary import DayKind

HOW_COUNTED = (
    "The day of the first event is day 0. Working days are Mondays to Fridays except England’s bank holidays."
)


class Elapsed(NamedTuple):
    """What lies between two dates. days: None where that cannot be counted; problem then says why."""

    timescale: Timescale
    days: int | None
    problem: str = ""

    @property
    def over(self) -> int:
        """By how many days the limit is passed; 0 within it."""
        return max((self.days or 0) - self.timescale.days, 0)

    @property
    def words(self) -> str:
        """What is said beside the second date: "18 working days, limit 15 (3 over)"."""
        if self.days is None:
            return self.problem
        said = f"{days_in_words(self.days, self.timescale.kind)}, limit {self.timescale.days:,}"
        return f"{said} ({self.over:,} over)" if self.over else said


def calendar_days(start: date, end: date) -> int:
    """How many days lie after the first up to and with the second; fewer than 0 when it comes before."""
    return (end - start).days


def working_days(start: date, end: date) -> int:
    """How many working days lie after the first up to and with the second.

    Fewer than 0 when the second comes before. Raises ValueError for years without known bank holidays.
    """
    if end < start:
        return -working_days(end, start)
    days_off = chain.from_iterable(bank_holidays(year) for year in range(start.year, end.year + 1))
    return _weekdays_to(end) - _weekdays_to(start) - sum(start < day <= end for day in days_off)


def _weekdays_to(day: date) -> int:
    """How many Mondays to Fridays there were since the calendar's first day, which was a Monday."""
    weeks, rest = divmod(day.toordinal(), 7)
    return 5 * weeks + min(rest, 5)


def elapsed(timescale: Timescale, start: date, end: date) -> Elapsed:
    """What lies between the two dates of a timescale."""
    if end < start:
        what = f"This date is before {_day(start)}, the date that it is counted from. Check both."
        return Elapsed(timescale, None, what)
    if timescale.kind is DayKind.CALENDAR:
        return Elapsed(timescale, calendar_days(start, end))
    if start.year < FIRST_YEAR or end.year > LAST_YEAR:
        what = f"Working days can be counted from {FIRST_YEAR} to {LAST_YEAR}. Check the year of both dates."
        return Elapsed(timescale, None, what)
    return Elapsed(timescale, working_days(start, end))


def elapsed_at(
    question: Question, values: Mapping[str, AnswerValue | None], asked: Collection[str]
) -> Elapsed | None:
    """What lies between the date of a question and the one that it is counted from.

    None where the question has no timescale, or one of the two is not asked or has no date. values: the
    answers by question; asked: the questions that are asked.
    """
    timescale = question.timescale
    if timescale is None or question.key not in asked or timescale.start not in asked:
        return None
    first, second = values.get(timescale.start), values.get(question.key)
    if first is None or second is None or first.date is None or second.date is None:
        return None
    return elapsed(timescale, first.date, second.date)


def counted_words(
    questions: Iterable[Question],
    content: FrameworkContent,
    values: Mapping[str, AnswerValue | None],
    asked: Collection[str],
) -> dict[str, str]:
    """What stands beside each date with a timescale, by question: the count, or else the limit."""
    said: dict[str, str] = {}
    for question in questions:
        if question.timescale is not None:
            found = elapsed_at(question, values, asked)
            said[question.key] = found.words if found else timescale_in_words(question, content)
    return said


def timed_questions(content: FrameworkContent) -> tuple[Question, ...]:
    """The questions with a timescale, in order."""
    return tuple(question for question in content.questions if question.timescale is not None)


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
