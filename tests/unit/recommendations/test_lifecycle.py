"""The states of actions and recommendations."""

from datetime import date, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.recommendations.lifecycle import (
    AGENCY_SAYS,
    NEXT,
    QA_LEAD_SAYS,
    ActionState,
    Level,
    days_overdue,
    may_close,
    may_edit,
    may_follow,
    overdue,
    overdue_words,
    untouched,
    why_not_verify,
)

S = ActionState
DAY = date(2026, 3, 27)


def test_every_state_has_its_followers_and_a_label() -> None:
    assert set(NEXT) == set(S)
    assert S.AWAITING_VERIFICATION.label == "Awaiting verification"


def test_the_only_way_to_verified_is_through_awaiting_verification() -> None:
    assert [state for state in S if may_follow(state, S.VERIFIED)] == [S.AWAITING_VERIFICATION]
    assert not NEXT[S.VERIFIED]


def test_each_step_belongs_to_the_agency_or_the_qa_lead_never_to_both() -> None:
    for present, wanted in product(S, S):
        if may_follow(present, wanted):
            assert (wanted in AGENCY_SAYS) != (wanted in QA_LEAD_SAYS)
            assert (wanted in QA_LEAD_SAYS) == (present is S.AWAITING_VERIFICATION)
    assert not any(may_follow(state, S.NOT_STARTED) for state in S)


@pytest.mark.parametrize(
    ("state", "due_on", "days"),
    [
        (S.NOT_STARTED, DAY - timedelta(days=1), 1),
        (S.IN_PROGRESS, DAY - timedelta(days=12), 12),
        (S.SENT_BACK, DAY - timedelta(days=400), 400),
        (S.NOT_STARTED, DAY, 0),
        (S.IN_PROGRESS, DAY + timedelta(days=1), 0),
        (S.AWAITING_VERIFICATION, DAY - timedelta(days=12), 0),
        (S.VERIFIED, DAY - timedelta(days=12), 0),
    ],
)
def test_overdue_is_past_its_day_and_not_said_to_be_done(state: S, due_on: date, days: int) -> None:
    assert days_overdue(state, due_on, DAY) == days
    assert overdue(state, due_on, DAY) == bool(days)


@given(st.sampled_from(S), st.dates(), st.dates())
def test_days_overdue_and_overdue_agree(state: S, due_on: date, day: date) -> None:
    days = days_overdue(state, due_on, day)
    assert (days > 0) == overdue(state, due_on, day)
    assert bool(overdue_words(days)) == (days > 0)


def test_overdue_in_words() -> None:
    assert overdue_words(0) == ""
    assert overdue_words(1) == "Overdue by 1 day"
    assert overdue_words(12) == "Overdue by 12 days"
    assert overdue_words(1200) == "Overdue by 1,200 days"


@given(st.lists(st.sampled_from(S)))
def test_a_recommendation_closes_with_all_actions_verified_and_at_least_one(states: list[S]) -> None:
    assert may_close(states) == (len(states) > 0 and states.count(S.VERIFIED) == len(states))


def test_what_may_change_and_what_is_untouched() -> None:
    assert [state for state in S if not may_edit(state)] == [S.VERIFIED]
    assert untouched(S.NOT_STARTED, 0)
    assert not untouched(S.NOT_STARTED, 1)
    assert not any(untouched(state, 0) for state in S if state is not S.NOT_STARTED)


def test_why_somebody_may_not_verify() -> None:
    assert why_not_verify(own_agency=False, own_hand=False) == ""
    assert "work for the agency" in why_not_verify(own_agency=True, own_hand=True)
    assert "posted progress" in why_not_verify(own_agency=False, own_hand=True)


def test_every_level_is_explained() -> None:
    assert len({level.meaning for level in Level}) == 3
