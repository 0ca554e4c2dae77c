"""Agreement beyond chance, against published worked examples; and how far the panel moved grades."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.moderation.agreement import LEAST, Agreement, Pair, called, moved, of_several, of_two, weighted_kappa
from qa.moderation.alpha import ordinal_alpha

# 85 xeromammograms read by two radiologists (Boyd and others, 1982), as worked through in Stata's manual.
RADIOLOGISTS = ((21, 12, 0, 0), (4, 17, 1, 0), (3, 9, 15, 2), (0, 0, 0, 1))
# Krippendorff's example of four observers and twelve units: 0.743 nominal, 0.815 ordinal.
OBSERVERS = (
    (1, 1, 1),
    (2, 2, 3, 2),
    (3, 3, 3, 3),
    (3, 3, 3, 3),
    (2, 2, 2, 2),
    (1, 2, 3, 4),
    (4, 4, 4, 4),
    (1, 1, 2, 1),
    (2, 2, 2, 2),
    (5, 5, 5),
    (1, 1),
    (3,),
)
PAIRS = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), max_size=60)


def pairs_of(table: tuple[tuple[int, ...], ...]) -> list[Pair]:
    """Each pair as often as the table says."""
    return [
        (first, second)
        for first, row in enumerate(table)
        for second, count in enumerate(row)
        for _ in range(count)
    ]


@pytest.mark.parametrize(("power", "published"), [(1, 0.5684), (2, 0.6714)])
def test_weighted_kappa_is_that_of_a_published_example(power: int, published: float) -> None:
    found = weighted_kappa(Counter(pairs_of(RADIOLOGISTS)), 4, power=power)
    assert found == pytest.approx(published, abs=0.00005)


def test_alpha_is_that_of_krippendorffs_example() -> None:
    units = Counter(tuple(place - 1 for place in unit) for unit in OBSERVERS)
    assert ordinal_alpha(units, 5) == pytest.approx(0.815, abs=0.0005)


def test_where_all_is_one_grade_nothing_is_said_of_chance() -> None:
    same = Counter({(1, 1): 30})
    assert weighted_kappa(same, 4) is None
    assert ordinal_alpha(Counter({(1, 1): 30}), 4) is None
    found = of_two(same, 4, ordinal_alpha)
    assert (found.kappa, found.alpha, found.percent) == (None, None, 100)
    assert "cannot be told from chance" in found.words


def test_below_so_many_pairs_only_what_is_the_same_is_counted() -> None:
    few = of_two(Counter([(0, 0), (1, 2)] * (LEAST // 2 - 1)), 4, ordinal_alpha)
    assert (few.pairs, few.same, few.kappa, few.alpha) == (LEAST - 2, LEAST // 2 - 1, None, None)
    assert few.words.endswith(f"That is fewer than {LEAST} pairs: too few to tell agreement from chance.")
    assert "kappa" not in few.words
    enough = of_two(Counter([(0, 0), (1, 2)] * (LEAST // 2)), 4, ordinal_alpha)
    assert enough.kappa is not None
    assert enough.words.startswith("10 of 20 pairs are the same grade (50%). Weighted kappa is ")
    assert Agreement(0, 0).words == "There are no pairs of grades to compare."


@pytest.mark.parametrize(
    ("kappa", "name"),
    [(1.0, "almost complete"), (0.61, "substantial"), (0.60, "moderate"), (0.3, "fair"), (0.0, "slight")],
)
def test_agreement_has_a_name(kappa: float, name: str) -> None:
    assert called(kappa) == f"{name} agreement"
    assert called(-0.2) == "less agreement than chance would give"


@given(PAIRS)
def test_kappa_is_one_for_the_same_and_never_above(pairs: list[Pair]) -> None:
    found = weighted_kappa(Counter(pairs), 4)
    assert found is None or found <= 1
    alike = weighted_kappa(Counter((first, first) for first, _ in pairs), 4)
    assert alike is None or alike == 1
    turned = weighted_kappa(Counter((second, first) for first, second in pairs), 4)
    assert turned == (found if found is None else pytest.approx(found))


@given(st.lists(st.lists(st.integers(0, 3), min_size=1, max_size=4), max_size=12))
def test_several_graders_make_every_pair_of_a_thing_once(units: list[list[int]]) -> None:
    found = of_several(Counter(tuple(unit) for unit in units), 4, ordinal_alpha)
    assert found.pairs == sum(len(unit) * (len(unit) - 1) // 2 for unit in units)
    assert found.same <= found.pairs


def test_how_far_the_panel_moved_an_agencys_grades() -> None:
    found = moved("Police", [(1, 1), (1, 2), (1, 3), (2, 1)])
    assert (found.grades, found.kept, found.raised, found.lowered, found.mean) == (4, 1, 1, 2, 1.0)
    assert moved("Nobody", []).mean == 0
