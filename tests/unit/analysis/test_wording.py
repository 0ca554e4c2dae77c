"""Numbers and names in words."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.analysis.wording import AGENCY, CASE, count, figure, listed, per_cent, some_of, unit_of
from tests.unit.analysis.examples import AGENCIES, CASES, slips


@pytest.mark.parametrize(
    ("number", "words"), [(0, "0 cases"), (1, "1 case"), (2, "2 cases"), (1_417, "1,417 cases")]
)
def test_one_case_and_several_cases(number: int, words: str) -> None:
    assert count(number, "case") == words
    assert CASE.count(number) == words


def test_plurals_that_are_not_an_s() -> None:
    assert [count(number, "agency", "agencies") for number in (1, 2)] == ["1 agency", "2 agencies"]
    assert [AGENCY.count(number) for number in (1, 2)] == ["1 agency", "2 agencies"]


@given(st.integers(0, 10**9))
def test_the_noun_agrees_with_any_number(number: int) -> None:
    assert not slips(f"{CASE.count(number)} and {AGENCY.count(number)}")


def test_slips_would_be_noticed() -> None:
    assert slips("1 cases, 12 case, 1,001 agency, 0 return") == [
        "1 cases",
        "12 case",
        "1,001 agency",
        "0 return",
    ]


@pytest.mark.parametrize(
    ("names", "words"),
    [([], ""), (["A"], "A"), (["A", "B"], "A and B"), (["A", "B", "C"], "A, B and C")],
)
def test_lists_in_a_sentence(names: list[str], words: str) -> None:
    assert listed(names) == words


@pytest.mark.parametrize(
    ("names", "words"), [(["A"], "A"), (["A", "B"], "A and B"), (["A", "B", "C"], "A and 2 others")]
)
def test_more_than_two_names_are_counted(names: list[str], words: str) -> None:
    assert some_of(names) == words


def test_figures_and_percentages_in_tables() -> None:
    assert (figure(0), figure(1_417)) == ("0", "1,417")
    assert (per_cent(Decimal("52.0")), per_cent(None)) == ("52.0%", "–")


def test_what_is_counted_follows_from_the_framework() -> None:
    assert (unit_of(CASES), unit_of(AGENCIES)) == (CASE, AGENCY)
    assert (CASE.heading, AGENCY.heading) == ("Cases", "Agencies")
