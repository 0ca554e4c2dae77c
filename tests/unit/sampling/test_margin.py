"""The margin of error: the textbook's numbers, and never wider for a larger sample."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.audits.sampling.margin import margin, may_generalise, stratified_margin


@st.composite
def two_sizes(draw: st.DrawFn) -> tuple[int, int, int]:
    population = draw(st.integers(2, 100_000))
    smaller = draw(st.integers(1, population - 1))
    return population, smaller, draw(st.integers(smaller + 1, population))


@given(two_sizes())
def test_a_larger_sample_has_a_smaller_margin(sizes: tuple[int, int, int]) -> None:
    population, smaller, larger = sizes
    assert 0 <= margin(population, larger) <= margin(population, smaller) <= 100


@given(st.integers(1, 5_000), st.integers(1, 5_000))
def test_a_larger_population_has_a_larger_margin_for_the_same_sample(population: int, more: int) -> None:
    size = min(population, 40)
    assert margin(population, size) <= margin(population + more, size)


@given(st.lists(st.tuples(st.integers(1, 500), st.integers(1, 500)), min_size=1, max_size=8))
def test_over_strata_it_lies_between_none_and_the_worst_of_them(pairs: list[tuple[int, int]]) -> None:
    strata = [(population, min(population, size)) for population, size in pairs]
    over_all = stratified_margin(strata)
    assert over_all is not None
    assert 0 <= over_all <= max(margin(*one) for one in strata) + 1e-9


def test_known_values() -> None:
    # The familiar ones: 1,067 of very many give 3 points, 370 of 10,000 give 5, 60 of 2,471 give 12.5.
    assert margin(10_000_000, 1_067) == pytest.approx(3.0, abs=0.005)
    assert margin(10_000, 370) == pytest.approx(5.0, abs=0.005)
    assert margin(2_471, 60) == pytest.approx(12.5, abs=0.05)
    assert margin(412, 412) == 0
    assert margin(1, 1) == 0
    assert stratified_margin([(400, 40)]) == margin(400, 40)
    assert stratified_margin([(400, 40), (10, 0)]) == margin(400, 40)
    assert stratified_margin([(10, 0)]) is None


@pytest.mark.parametrize(("population", "size"), [(10, 0), (10, 11), (0, 0)])
def test_nonsense_is_refused(population: int, size: int) -> None:
    with pytest.raises(ValueError, match="a sample of"):
        margin(population, size)


def test_when_percentages_may_be_generalised() -> None:
    assert may_generalise(370, margin(10_000, 370))
    assert not may_generalise(30, margin(412, 30))
    assert not may_generalise(20, margin(21, 20))
    assert may_generalise(12, margin(12, 12))
