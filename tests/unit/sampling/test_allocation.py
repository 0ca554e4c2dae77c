"""Sharing a sample among strata: sums, bounds, the same whatever the order."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.audits.sampling.allocation import Allocation, TooFew, allocate, proportional

POPULATIONS = st.dictionaries(st.text("abcdefgh", min_size=1, max_size=3), st.integers(1, 400), min_size=1)


@st.composite
def asked(draw: st.DrawFn) -> tuple[dict[str, int], int]:
    population = draw(POPULATIONS)
    return population, draw(st.integers(0, sum(population.values())))


@given(asked(), st.sampled_from(Allocation), st.booleans())
def test_the_sizes_add_up_and_none_is_more_than_there_are(
    case: tuple[dict[str, int], int], how: Allocation, least: bool
) -> None:
    population, size = case
    if least and size < len(population):
        with pytest.raises(TooFew):
            allocate(population, size, how, at_least_one=least)
        return
    given_ = allocate(population, size, how, at_least_one=least)
    assert list(given_) == list(population)
    assert sum(given_.values()) == size
    assert all(0 <= given_[label] <= number for label, number in population.items())
    if least:
        assert min(given_.values()) >= 1


@given(asked(), st.sampled_from(Allocation), st.randoms(use_true_random=False))
def test_the_order_of_strata_decides_nothing(
    case: tuple[dict[str, int], int], how: Allocation, random: object
) -> None:
    population, size = case
    labels = list(population)
    random.shuffle(labels)  # type: ignore[attr-defined]
    shuffled = {label: population[label] for label in labels}
    assert allocate(shuffled, size, how) == allocate(population, size, how)


@given(asked())
def test_in_proportion_nobody_is_a_whole_case_off_their_share(case: tuple[dict[str, int], int]) -> None:
    population, size = case
    total = sum(population.values())
    for label, number in proportional(population, size).items():
        assert abs(number * total - size * population[label]) < total


@given(asked())
def test_equal_shares_differ_only_where_a_stratum_is_used_up(case: tuple[dict[str, int], int]) -> None:
    population, size = case
    given_ = allocate(population, size, Allocation.EQUAL)
    most = max(given_.values())
    assert all(number >= most - 1 for label, number in given_.items() if number < population[label])


def test_examples_worked_by_hand() -> None:
    # 30 of 412: shares 17.0, 8.5..., remainders decide the last case.
    population = {"CIN": 240, "CP": 110, "Early help": 55, "Other": 7}
    assert proportional(population, 30) == {"CIN": 17, "CP": 8, "Early help": 4, "Other": 1}
    assert proportional(population, 10) == {"CIN": 6, "CP": 3, "Early help": 1, "Other": 0}
    assert allocate(population, 10, Allocation.PROPORTIONAL, at_least_one=True) == {
        "CIN": 5,
        "CP": 3,
        "Early help": 1,
        "Other": 1,
    }
    assert allocate(population, 40, Allocation.EQUAL) == {"CIN": 11, "CP": 11, "Early help": 11, "Other": 7}


def test_more_than_there_are_is_refused() -> None:
    with pytest.raises(ValueError, match="13 of 12"):
        allocate({"a": 12}, 13, Allocation.EQUAL)
