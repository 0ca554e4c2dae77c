"""The clock of a concern."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.returns.concern_clock import CLOSES, LONDON, OPENS, WORKING_DAY, after, ago, next_due, read_time
from qa.returns.vocabulary import ConcernState

CHRISTMAS = {date(2026, 12, 25), date(2026, 12, 28)}
START = datetime(2025, 1, 1, tzinfo=UTC)
MOMENTS = st.integers(0, 3 * 366 * 1440).map(lambda minutes: START + timedelta(minutes=minutes))
SPANS = st.integers(1, 40 * 60).map(lambda minutes: timedelta(minutes=minutes))
MINUTE = timedelta(minutes=1)


def working(day: date) -> bool:
    return day.weekday() < 5 and day not in CHRISTMAS


def local(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=LONDON)  # type: ignore[misc,arg-type]


@pytest.mark.parametrize(
    ("start", "hours", "due"),
    [
        (local(2026, 3, 24, 10, 15), 1, local(2026, 3, 24, 11, 15)),
        (local(2026, 3, 24, 16, 30), 1, local(2026, 3, 25, 9, 30)),
        (local(2026, 3, 24, 20, 0), 1, local(2026, 3, 25, 10, 0)),
        (local(2026, 3, 24, 7, 0), 1, local(2026, 3, 24, 10, 0)),
        # A Friday evening; the clocks go forward on the Sunday.
        (local(2026, 3, 27, 17, 30), 1, local(2026, 3, 30, 10, 0)),
        (local(2026, 3, 27, 11, 0), 8, local(2026, 3, 30, 11, 0)),
        # Christmas Eve, a Thursday: Friday and Monday are bank holidays.
        (local(2026, 12, 24, 16, 0), 2, local(2026, 12, 29, 10, 0)),
        (local(2026, 7, 7, 9, 0), 8, local(2026, 7, 7, 17, 0)),
    ],
)
def test_working_time_goes_by_from_nine_to_five_on_working_days(
    start: datetime, hours: int, due: datetime
) -> None:
    assert after(start, timedelta(hours=hours), working) == due


@given(MOMENTS, SPANS)
def test_it_is_always_in_working_time_and_after_the_start(start: datetime, span: timedelta) -> None:
    due = after(start, span, working)
    there = due.astimezone(LONDON)
    assert due >= start + span
    assert working(there.date())
    assert OPENS < there.time() <= CLOSES


@given(MOMENTS, SPANS, SPANS)
def test_time_adds_up(start: datetime, first: timedelta, second: timedelta) -> None:
    assert after(after(start, first, working), second, working) == after(start, first + second, working)


@given(MOMENTS, MOMENTS, SPANS)
def test_who_raises_earlier_is_never_due_later(one: datetime, other: datetime, span: timedelta) -> None:
    first, second = sorted((one, other))
    assert after(first, span, working) <= after(second, span, working)


@given(MOMENTS, st.integers(1, 8), st.booleans())
def test_the_clock_runs_for_acknowledging_then_for_a_first_action(
    since: datetime, hours: int, acted: bool
) -> None:
    raised = next_due(ConcernState.RAISED, since, hours, working, acted=acted)
    assert raised == after(since, timedelta(hours=hours), working)
    acknowledged = next_due(ConcernState.ACKNOWLEDGED, since, hours, working, acted=acted)
    assert acknowledged == (None if acted else after(since, WORKING_DAY, working))
    assert next_due(ConcernState.CLOSED, since, hours, working, acted=acted) is None


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (-5, "just now"),
        (0, "just now"),
        (1, "1 minute ago"),
        (59, "59 minutes ago"),
        (60, "1 hour ago"),
        (71 * 60 + 59, "71 hours ago"),
        (72 * 60, "3 days ago"),
        (60 * 24 * 1500, "1,500 days ago"),
    ],
)
def test_how_long_ago_in_words(minutes: int, words: str) -> None:
    moment = datetime(2026, 3, 24, 10, tzinfo=UTC)
    assert ago(moment - minutes * MINUTE, moment) == words


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("14:05", time(14, 5)),
        (" 9am ", time(9)),
        ("2.05 pm", time(14, 5)),
        ("12am", time(0)),
        ("12:30PM", time(12, 30)),
        ("00:10", time(0, 10)),
        ("9", None),
        ("13pm", None),
        ("0am", None),
        ("24:00", None),
        ("9:60", None),
        ("noon", None),
        ("", None),
    ],
)
def test_a_time_is_read_as_people_type_it(text: str, wanted: time | None) -> None:
    assert read_time(text) == wanted


@given(st.times())
def test_every_time_of_day_can_be_typed(moment: time) -> None:
    wanted = moment.replace(second=0, microsecond=0)
    assert read_time(f"{moment:%H:%M}") == read_time(f"{moment:%I.%M %p}") == wanted
