"""The year of a programme, its quarters and months, and the rules of what is planned in it."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.audits.lifecycle import REPORTED, Stage
from qa.audits.programme.planned import (
    AuditDates,
    AuditMethod,
    PlannedPlan,
    PlanState,
    Reason,
    Status,
    planned_problems,
    status_of,
)
from qa.audits.programme.year import ProgrammeYear, Span, months_in_words, of_quarters, year_around

YEARS = st.builds(
    lambda year, month: ProgrammeYear(date(year, month, 1)), st.integers(2000, 2089), st.integers(1, 12)
)
DAYS = st.dates(date(1999, 1, 1), date(2092, 12, 31))
PLAN = PlannedPlan("Neglect", "", Reason.DATA, "", AuditMethod.MULTI_AGENCY, 2, 2)


def test_partnerships_count_from_april_to_march() -> None:
    year = year_around(date(2027, 2, 10))
    assert (year.label, year.months_in_words) == ("2026/27", "April 2026 to March 2027")
    assert [quarter.months for quarter in year.quarters] == [
        "April to June 2026",
        "July to September 2026",
        "October to December 2026",
        "January to March 2027",
    ]
    assert year.next.label == "2027/28"


@pytest.mark.parametrize(
    ("starts_on", "label"), [((2026, 1), "2026"), ((2026, 9), "2026/27"), ((2099, 4), "2099/00")]
)
def test_a_year_may_begin_with_any_month(starts_on: tuple[int, int], label: str) -> None:
    assert ProgrammeYear(date(*starts_on, 1)).label == label


@given(YEARS)
def test_quarters_follow_one_another_and_fill_the_year(year: ProgrammeYear) -> None:
    quarters = year.quarters
    assert (quarters[0].starts_on, quarters[-1].ends_on) == (year.starts_on, year.ends_on)
    for before, after in pairwise(quarters):
        assert before.ends_on + timedelta(days=1) == after.starts_on
    assert year.ends_on + timedelta(days=1) == year.next.starts_on
    assert len(set(year.months)) == 12


@given(YEARS, DAYS)
def test_a_day_is_in_the_quarter_whose_days_hold_it(year: ProgrammeYear, day: date) -> None:
    within = [quarter.number for quarter in year.quarters if quarter.starts_on <= day <= quarter.ends_on]
    outside = 1 if day < year.starts_on else 4
    assert year.quarter_of(day) == (within[0] if within else outside)


@given(YEARS, DAYS, DAYS)
def test_a_span_is_what_lies_in_the_year(year: ProgrammeYear, one: date, other: date) -> None:
    first, last = sorted((one, other))
    span = year.span(first, last)
    if last < year.starts_on or first > year.ends_on:
        assert span is None
        return
    assert span is not None
    assert 0 <= span.first <= span.last <= 11
    assert (span.before, span.after) == (first < year.starts_on, last > year.ends_on)
    if not span.before:
        assert year.months[span.first] == first.replace(day=1)
    if not span.after:
        assert year.months[span.last] == last.replace(day=1)


@pytest.mark.parametrize(
    ("later", "following"),
    [
        ([], (2027, 4)),
        ([(2027, 4)], (2027, 4)),
        ([(2027, 9), (2028, 9)], (2027, 9)),
        ([(2026, 9)], (2026, 9)),
        ([(2025, 4), (2026, 4)], (2027, 4)),
        ([(2028, 4)], (2027, 4)),
    ],
)
def test_next_year_is_the_next_programme_there_is(
    later: list[tuple[int, int]], following: tuple[int, int]
) -> None:
    days = [date(*each, 1) for each in later]
    assert ProgrammeYear(date(2026, 4, 1)).following(days).starts_on == date(*following, 1)


def test_months_in_words() -> None:
    assert months_in_words(date(2026, 5, 3), date(2026, 5, 9)) == "May 2026"
    assert months_in_words(date(2026, 5, 3), date(2026, 8, 1)) == "May to August 2026"
    assert months_in_words(date(2026, 11, 3), date(2027, 1, 9)) == "November 2026 to January 2027"
    assert of_quarters(2, 3) == Span(3, 8)


def test_an_audit_runs_from_its_first_day_to_its_last() -> None:
    whole = AuditDates(date(2026, 5, 1), date(2026, 6, 1), date(2026, 7, 1), date(2026, 8, 1))
    assert (whole.begins, whole.ends) == (date(2026, 5, 1), date(2026, 8, 1))
    least = AuditDates(None, date(2026, 6, 1), None, None)
    assert least.begins == least.ends == date(2026, 6, 1)


@given(st.sampled_from(PlanState), st.lists(st.sampled_from(Stage), max_size=3), st.booleans())
def test_audits_say_where_it_stands_before_what_was_decided(
    state: PlanState, stages: list[Stage], carried: bool
) -> None:
    status = status_of(state, stages, carried=carried)
    if stages:
        done = all(stage in REPORTED for stage in stages)
        assert status is (Status.DONE if done else Status.UNDER_WAY)
    elif carried:
        assert status is Status.CARRIED_OVER
    else:
        assert status.value == state.value


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"title": ""}, "title", "Enter a title"),
        ({"title": "x" * 201}, "title", "200 characters"),
        ({"reason": Reason.OTHER}, "reason_words", "Say what the reason is"),
        ({"quarter": 0}, "quarter", "Choose a quarter"),
        ({"quarter": 3, "until": 2}, "until", "before quarter 3"),
        ({"until": 5}, "until", "before quarter 2"),
        ({"state": PlanState.POSTPONED}, "state_reason", "Say why it is postponed"),
        ({"state": PlanState.DROPPED}, "state_reason", "Say why it is dropped"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(changes: dict[str, object], field: str, words: str) -> None:
    problems = planned_problems(PLAN._replace(**changes))  # type: ignore[arg-type]
    assert list(problems) == [field]
    assert words in problems[field]


def test_a_good_plan_has_no_problem() -> None:
    assert planned_problems(PLAN) == {}
    assert (
        planned_problems(PLAN._replace(state=PlanState.DROPPED, state_reason="Inspection covered it")) == {}
    )
