from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.frameworks.content import YES_NO_SCALE, Grade, Scale
from qa.frameworks.scoring import distribution, percentage
from qa.frameworks.vocabulary import Colour

SCALE = Scale(
    "ofsted",
    "Ofsted",
    (
        Grade("outstanding", "Outstanding", 4, Colour.GREEN, True, "Best."),
        Grade("good", "Good", 3, Colour.TURQUOISE, True, "Good."),
        Grade("requires_improvement", "Requires improvement to be good", 2, Colour.ORANGE, False, "Not yet."),
        Grade("inadequate", "Inadequate", 1, Colour.RED, False, "Failing."),
    ),
)


@pytest.mark.parametrize(
    ("part", "whole", "expected"),
    [
        (0, 5, "0.0"),
        (1, 3, "33.3"),
        (2, 3, "66.7"),
        (5, 5, "100.0"),
        (1, 16, "6.3"),
        (1, 2000, "0.1"),
        (0, 0, None),
    ],
)
def test_percentages_have_one_decimal_place_and_halves_go_up(
    part: int, whole: int, expected: str | None
) -> None:
    assert percentage(part, whole) == (None if expected is None else Decimal(expected))


def test_a_distribution_leaves_out_not_applicable() -> None:
    spread = distribution(SCALE, {"good": 3, "inadequate": 1, "not_applicable": 16})
    assert spread.total == 4
    assert spread.at_standard == 3
    assert spread.percentage == Decimal("75.0")
    assert spread.mean == Decimal("2.50")
    assert [(entry.grade.key, entry.count, entry.percentage) for entry in spread.grades] == [
        ("outstanding", 0, Decimal("0.0")),
        ("good", 3, Decimal("75.0")),
        ("requires_improvement", 0, Decimal("0.0")),
        ("inadequate", 1, Decimal("25.0")),
    ]


@pytest.mark.parametrize("counts", [{}, {"not_applicable": 5}, {"good": 0}])
def test_nothing_to_count_is_not_nought_per_cent(counts: dict[str, int]) -> None:
    spread = distribution(SCALE, counts)
    assert (spread.total, spread.percentage, spread.mean) == (0, None, None)
    assert all(entry.percentage is None for entry in spread.grades)


def test_yes_is_at_the_standard_and_partly_is_not() -> None:
    assert distribution(YES_NO_SCALE, {"yes": 1, "partly": 1, "no": 2}).percentage == Decimal("25.0")


@given(
    st.dictionaries(
        st.sampled_from([*(grade.key for grade in SCALE.grades), "not_applicable", "x"]), st.integers(0, 999)
    )
)
def test_a_distribution_adds_up(counts: dict[str, int]) -> None:
    spread = distribution(SCALE, counts)
    assert sum(entry.count for entry in spread.grades) == spread.total
    assert 0 <= spread.at_standard <= spread.total
    if spread.percentage is not None and spread.mean is not None:
        assert 0 <= spread.percentage <= 100
        assert 1 <= spread.mean <= 4
        shares = [entry.percentage for entry in spread.grades if entry.percentage is not None]
        assert abs(sum(shares, Decimal(-100))) <= Decimal("0.2")
