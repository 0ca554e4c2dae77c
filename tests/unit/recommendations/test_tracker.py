"""Filters of the tracker, what a line says of itself, and the download."""

import csv
from datetime import date
from io import StringIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.recommendations.lifecycle import ActionState, Level, Priority, RecommendationState
from qa.recommendations.spreadsheet import TRACKER_HEADING, tracker_file
from qa.recommendations.tracker import Drift, Due, Filters, Order, TrackerLine, parse_filters

numbers = st.none() | st.integers(1, 10**8)
some_filters = st.builds(
    Filters,
    area=numbers,
    audit=numbers,
    agency=numbers,
    lead=numbers,
    theme=numbers,
    state=st.none() | st.sampled_from(RecommendationState),
    action_state=st.none() | st.sampled_from(ActionState),
    due=st.none() | st.sampled_from(Due),
    level=st.none() | st.sampled_from(Level),
    priority=st.none() | st.sampled_from(Priority),
    text=st.text("abc é%_", max_size=20).map(lambda text: " ".join(text.split())),
    order=st.sampled_from(Order),
)


@given(some_filters)
def test_filters_survive_an_address(filters: Filters) -> None:
    assert parse_filters(filters.arguments()) == filters


@given(st.dictionaries(st.sampled_from(list(Filters._fields)), st.text(max_size=30)))
def test_nonsense_never_fails(arguments: dict[str, str]) -> None:
    found = parse_filters(arguments)
    assert parse_filters(found.arguments()) == found


def test_nonsense_is_left_out() -> None:
    nonsense = {"area": "x", "agency": "-1", "state": "ajar", "due": "never", "order": "up", "page": "2"}
    assert parse_filters(nonsense) == Filters()
    assert not Filters().any
    assert not Filters(order=Order.NUMBER).any
    assert Filters(text="plan").any


def test_an_address_can_be_changed() -> None:
    filters = Filters(agency=3, due=Due.OVERDUE)
    assert filters.arguments(due=None, state=RecommendationState.OPEN) == {"agency": "3", "state": "open"}
    assert filters.without_standing == Filters(agency=3)


def line(**values: Any) -> TrackerLine:
    known: dict[str, Any] = {
        "id": 1,
        "number": 1,
        "text": "Do better.",
        "level": Level.CASE,
        "priority": Priority.HIGH,
        "state": RecommendationState.OPEN,
        "audit_id": 1,
        "audit_reference": "A1",
        "audit_title": "An audit",
        "area": "Havering",
        "due_on": None,
        "days_overdue": 0,
        "awaiting": False,
        "unverified": 1,
        "total": 2,
    }
    return TrackerLine(**{**known, **values})


@pytest.mark.parametrize(
    ("values", "standing"),
    [
        ({}, "open"),
        ({"days_overdue": 3, "awaiting": True}, "overdue"),
        ({"awaiting": True}, "awaiting"),
        ({"unverified": 0}, "ready"),
        ({"unverified": 0, "total": 0}, "empty"),
        ({"state": RecommendationState.CLOSED, "unverified": 0}, "closed"),
    ],
)
def test_the_one_word_that_matters_most(values: dict[str, Any], standing: str) -> None:
    assert line(**values).standing == standing


def test_drift_counts_days() -> None:
    assert Drift(1, "Health", 4, 2, date(2026, 3, 1)).days(date(2026, 3, 13)) == 12


@given(st.text(st.characters(codec="utf-8", exclude_characters="\r\0"), max_size=60))
def test_nothing_typed_becomes_a_formula(typed: str) -> None:
    row = {
        "area": "Havering",
        "audit_reference": "A1",
        "audit_title": typed,
        "number": 1,
        "text": typed,
        "level": Level.CASE,
        "priority": Priority.LOW,
        "measure_of_success": typed,
        "state": RecommendationState.OPEN,
        "agency": None,
        "action": typed,
        "lead": None,
        "action_due_on": date(2026, 3, 27),
        "action_state": None,
        "days_overdue": 0,
    }
    content = tracker_file([row]).decode("utf-8-sig")
    heading, cells = csv.reader(StringIO(content, newline=""))
    assert heading == list(TRACKER_HEADING)
    assert cells[TRACKER_HEADING.index("Due date")] == "2026-03-27"
    assert cells[TRACKER_HEADING.index("Days overdue")] == ""
    for name in ("Audit title", "Recommendation", "Measure of success", "Action"):
        cell = cells[TRACKER_HEADING.index(name)]
        assert not cell.startswith(("=", "+", "-", "@", "\t"))
        assert cell in {typed, f"'{typed}"}
