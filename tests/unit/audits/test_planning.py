"""The rules of an audit's plan."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.audits.allocation import spread
from qa.audits.planning import AuditPlan, key_lines, plan_problems, year_before

PLAN = AuditPlan(
    title="Children in need",
    reference="HAV-2026-01",
    theme="",
    terms_of_reference="",
    key_lines_of_enquiry="",
    agency_ids=frozenset({1}),
    period_start=date(2025, 4, 1),
    period_end=date(2026, 3, 31),
    fieldwork_opens_on=date(2026, 4, 13),
    returns_due_on=date(2026, 5, 11),
    panel_on=date(2026, 6, 1),
    report_due_on=date(2026, 7, 1),
)


def test_a_sound_plan_has_no_problems() -> None:
    assert plan_problems(PLAN) == {}
    bare = PLAN._replace(fieldwork_opens_on=None, panel_on=None, report_due_on=None)
    assert plan_problems(bare) == {}


def test_each_date_is_held_against_the_one_before_it() -> None:
    late_fieldwork = PLAN._replace(fieldwork_opens_on=date(2026, 5, 12))
    assert plan_problems(late_fieldwork) == {
        "returns_due_on": "Returns due must be on or after 12 May 2026, when fieldwork opens"
    }
    early_report = PLAN._replace(panel_on=None, report_due_on=date(2026, 5, 1))
    assert plan_problems(early_report) == {
        "report_due_on": "Report due must be on or after 11 May 2026, when returns are due"
    }


def test_one_date_out_of_place_is_named_once() -> None:
    assert list(plan_problems(PLAN._replace(returns_due_on=date(2026, 1, 1)))) == ["returns_due_on"]


def test_title_reference_agencies_and_period_are_needed() -> None:
    bad = PLAN._replace(
        title="", reference="", agency_ids=frozenset(), period_end=PLAN.period_start - timedelta(1)
    )
    problems = plan_problems(bad)
    assert set(problems) == {"title", "reference", "agencies", "period_end"}
    assert "on or after 1 April 2025" in problems["period_end"]


@given(st.dates(date(1990, 1, 1), date(2100, 1, 1)))
def test_twelve_months_ending_on_a_day_begin_the_day_after_it_a_year_before(day: date) -> None:
    begins = year_before(day)
    assert 364 <= (day - begins).days <= 365
    assert begins.day in {day.day + 1, 1}


def test_key_lines_are_one_a_line() -> None:
    assert key_lines("- Was the child seen alone?\n\n• Did help come in time?\n") == (
        "Was the child seen alone?",
        "Did help come in time?",
    )


@given(
    st.lists(st.integers(1, 10_000), unique=True, max_size=200),
    st.dictionaries(st.integers(1, 50), st.integers(0, 30), min_size=1, max_size=8),
)
def test_returns_are_shared_out_evenly(returns: list[int], loads: dict[int, int]) -> None:
    shared = spread(returns, loads)
    assert list(shared) == returns
    after = {auditor: load + list(shared.values()).count(auditor) for auditor, load in loads.items()}
    given_any = [after[auditor] for auditor in set(shared.values())]
    if given_any:
        assert max(given_any) - min(given_any) <= 1
        # Nobody was passed over in favour of someone busier.
        assert max(given_any) <= min(after.values()) + 1


def test_sharing_out_to_nobody_is_refused() -> None:
    with pytest.raises(ValueError, match="no auditor"):
        spread([1], {})
