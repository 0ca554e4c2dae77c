"""Counting days between two dates: working days against a brute-force count with GOV.UK's own list."""

import subprocess
import sys
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.frameworks.answers import AnswerValue
from qa.frameworks.bank_holidays import FIRST_YEAR, LAST_YEAR, bank_holidays
from qa.frameworks.content import FrameworkContent, Question, Timescale, days_in_words
from qa.frameworks.timeliness import calendar_days, elapsed, elapsed_at, working_days
from qa.frameworks.vocabulary import DayKind, EvidenceRule, QuestionType

# As published at www.gov.uk/bank-holidays for England and Wales (Open Government Licence), month and day.
PUBLISHED = {
    2012: "01-02 04-06 04-09 05-07 06-04 06-05 08-27 12-25 12-26",
    2013: "01-01 03-29 04-01 05-06 05-27 08-26 12-25 12-26",
    2014: "01-01 04-18 04-21 05-05 05-26 08-25 12-25 12-26",
    2015: "01-01 04-03 04-06 05-04 05-25 08-31 12-25 12-28",
    2016: "01-01 03-25 03-28 05-02 05-30 08-29 12-26 12-27",
    2017: "01-02 04-14 04-17 05-01 05-29 08-28 12-25 12-26",
    2018: "01-01 03-30 04-02 05-07 05-28 08-27 12-25 12-26",
    2019: "01-01 04-19 04-22 05-06 05-27 08-26 12-25 12-26",
    2020: "01-01 04-10 04-13 05-08 05-25 08-31 12-25 12-28",
    2021: "01-01 04-02 04-05 05-03 05-31 08-30 12-27 12-28",
    2022: "01-03 04-15 04-18 05-02 06-02 06-03 08-29 09-19 12-26 12-27",
    2023: "01-02 04-07 04-10 05-01 05-08 05-29 08-28 12-25 12-26",
    2024: "01-01 03-29 04-01 05-06 05-27 08-26 12-25 12-26",
    2025: "01-01 04-18 04-21 05-05 05-26 08-25 12-25 12-26",
    2026: "01-01 04-03 04-06 05-04 05-25 08-31 12-25 12-28",
    2027: "01-01 03-26 03-29 05-03 05-31 08-30 12-27 12-28",
    2028: "01-03 04-14 04-17 05-01 05-29 08-28 12-25 12-26",
}
DAYS_OFF = {
    year: tuple(date.fromisoformat(f"{year}-{day}") for day in days.split())
    for year, days in PUBLISHED.items()
}
FIRST, LAST = date(2012, 1, 1), date(2028, 12, 31)
published_days = st.dates(FIRST, LAST)
known_days = st.dates(date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31))
WITHIN_15 = Timescale("begun", 15, DayKind.WORKING)


def brute_force(start: date, end: date) -> int:
    """Every day after the first up to the second, one by one."""
    days = (start + timedelta(number) for number in range(1, (end - start).days + 1))
    return sum(day.weekday() < 5 and day not in DAYS_OFF[day.year] for day in days)


@pytest.mark.parametrize("year", PUBLISHED)
def test_bank_holidays_are_those_that_the_government_publishes(year: int) -> None:
    assert bank_holidays(year) == DAYS_OFF[year]


@given(published_days, published_days)
def test_working_days_are_those_that_a_count_day_by_day_finds(one: date, other: date) -> None:
    start, end = sorted((one, other))
    assert working_days(start, end) == brute_force(start, end)


@given(known_days, known_days, known_days)
def test_working_days_add_up(first: date, second: date, third: date) -> None:
    assert working_days(first, second) + working_days(second, third) == working_days(first, third)
    assert working_days(first, second) == -working_days(second, first)


@given(known_days, st.integers(0, 3000))
def test_there_are_never_more_working_days_than_days(start: date, length: int) -> None:
    end = min(start + timedelta(length), date(LAST_YEAR, 12, 31))
    assert 0 <= working_days(start, end) <= calendar_days(start, end)


@pytest.mark.parametrize(
    ("start", "end", "days"),
    [
        ("2025-03-03", "2025-03-03", 0),  # the same day
        ("2025-03-03", "2025-03-04", 1),
        ("2025-03-01", "2025-03-03", 1),  # a Saturday is day 0, the Monday day 1
        ("2025-03-07", "2025-03-09", 0),  # Friday to Sunday
        ("2025-03-03", "2025-03-24", 15),
        ("2025-04-17", "2025-04-22", 1),  # over Easter
        ("2024-12-24", "2025-01-02", 4),  # over Christmas and the New Year
    ],
)
def test_the_day_of_the_first_event_is_day_0(start: str, end: str, days: int) -> None:
    assert working_days(date.fromisoformat(start), date.fromisoformat(end)) == days


def test_what_is_said_beside_the_second_date() -> None:
    def said(kind: DayKind, limit: int, start: str, end: str) -> str:
        timescale = Timescale("begun", limit, kind)
        return elapsed(timescale, date.fromisoformat(start), date.fromisoformat(end)).words

    working, calendar = DayKind.WORKING, DayKind.CALENDAR
    assert said(working, 15, "2025-03-03", "2025-03-27") == "18 working days, limit 15 (3 over)"
    assert said(working, 15, "2025-03-03", "2025-03-24") == "15 working days, limit 15"
    assert said(working, 1, "2025-03-03", "2025-03-04") == "1 working day, limit 1"
    assert said(calendar, 10, "2025-03-03", "2025-03-15") == "12 calendar days, limit 10 (2 over)"
    before = said(working, 15, "2025-03-03", "2025-02-27")
    assert before == "This date is before 3 March 2025, the date that it is counted from. Check both."
    assert said(working, 15, "1925-03-03", "2025-03-03").startswith(
        "Working days can be counted from 1978 to"
    )
    assert said(calendar, 36_000, "1925-03-03", "2025-03-03").startswith("36,525 calendar days, limit 36,000")
    assert days_in_words(1_000, calendar) == "1,000 calendar days"


@given(st.dates(date(1900, 1, 1), date(2100, 12, 31)), st.dates(date(1900, 1, 1), date(2100, 12, 31)))
def test_whatever_dates_are_typed_something_is_said(start: date, end: date) -> None:
    for kind in DayKind:
        found = elapsed(Timescale("begun", 15, kind), start, end)
        assert found.words
        assert (found.days is None) == bool(found.problem)
        assert found.over == 0 if found.days is None else found.over == max(found.days - 15, 0)


def test_nothing_is_counted_until_both_dates_are_there(small: FrameworkContent) -> None:
    question = Question("held", "When?", QuestionType.DATE, EvidenceRule.NONE, timescale=WITHIN_15)
    begun, held = AnswerValue(date=date(2025, 3, 3)), AnswerValue(date=date(2025, 3, 27))
    asked, both = {"held", "begun"}, {"held": held, "begun": begun}
    assert elapsed_at(question, {"held": held}, asked) is None
    assert elapsed_at(question, {"held": None, "begun": begun}, asked) is None
    assert elapsed_at(question, both, {"held"}) is None
    assert elapsed_at(question, both, {"begun"}) is None
    assert elapsed_at(small.question("referred_on"), {"referred_on": held}, {"referred_on"}) is None
    found = elapsed_at(question, both, asked)
    assert found is not None
    assert (found.days, found.over) == (18, 3)


def test_years_without_known_bank_holidays_are_refused() -> None:
    for year in (FIRST_YEAR - 1, LAST_YEAR + 1):
        with pytest.raises(ValueError, match=str(year)):
            bank_holidays(year)
    assert bank_holidays(FIRST_YEAR)
    assert bank_holidays(LAST_YEAR)


def test_the_application_starts_without_the_library_behind_bank_holidays() -> None:
    code = "import sys; import qa.factory, qa.frameworks.timeliness; sys.exit('holidays' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
