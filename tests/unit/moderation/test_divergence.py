"""How far apart grades lie."""

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from qa.frameworks.content import Grade, Scale
from qa.frameworks.vocabulary import Colour
from qa.moderation.divergence import APART, agenda_place, in_words, is_apart, positions, spread


def scale(length: int) -> Scale:
    """A scale of that many grades."""
    grades = tuple(
        Grade(f"g{place}", f"Grade {place}", length - place, Colour.GREY, place == 0, "")
        for place in range(length)
    )
    return Scale("scale", "Scale", grades)


scales = st.integers(2, 6).map(scale)
answers = st.lists(st.sampled_from(["g0", "g1", "g2", "g3", "g4", "g5", "not_applicable", None]), max_size=8)


@given(scales, answers)
def test_the_spread_is_the_greatest_distance_of_any_two_agencies(on: Scale, given_: list[str | None]) -> None:
    keys = [grade.key for grade in on.grades]
    places = [keys.index(key) for key in given_ if key in keys]
    pairs = [abs(one - other) for one, other in combinations(places, 2)]
    assert spread(on, given_) == (max(pairs) if pairs else None)


@given(scales, answers)
def test_order_and_answers_that_are_no_grade_make_no_difference(on: Scale, given_: list[str | None]) -> None:
    grades = [key for key in given_ if key is not None and key != "not_applicable"]
    assert spread(on, given_) == spread(on, reversed(grades))


@given(scales, answers)
def test_the_spread_stays_on_the_scale(on: Scale, given_: list[str | None]) -> None:
    steps = spread(on, given_)
    assert steps is None or 0 <= steps < len(on.grades)
    assert all(0 <= place < len(on.grades) for place in positions(on, given_))


def test_one_grade_and_none_compare_with_nothing() -> None:
    assert spread(scale(4), []) is None
    assert spread(scale(4), ["g0"]) is None
    assert spread(scale(4), ["g0", "not_applicable", None]) is None


def test_two_grades_or_more_are_apart() -> None:
    assert [is_apart(steps) for steps in (None, 0, 1, 2, 3)] == [False, False, False, True, True]


def test_the_distance_reads_as_words() -> None:
    assert [in_words(steps) for steps in (None, 0, 1, 2)] == [
        "",
        "Same grade",
        "1 grade apart",
        "2 grades apart",
    ]


def test_a_case_stands_before_those_less_far_apart_and_before_those_with_fewer_such_questions() -> None:
    wanted = [(3, 9), (3, 1), (2, 400), (2, 1), (1, 0), (0, 0), (None, 0)]
    mixed = [wanted[number] for number in (3, 0, 6, 2, 5, 1, 4)]
    assert sorted(mixed, key=lambda found: agenda_place(*found)) == wanted
    assert [found for found in wanted if agenda_place(*found) <= agenda_place(APART, 0)] == wanted[:4]
