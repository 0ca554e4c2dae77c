"""The same rescaling of many questions is one entry of a comparison's page."""

from qa.frameworks.comparing import Change, Detail, Difference, Part
from qa.frameworks.gathering import gathered

TWO = Detail("Scale", "Two grades", "Three grades")
OTHER = Detail("Scale", "Three grades", "Five grades")


def rescaled(key: str, detail: Detail, *more: Change) -> Difference:
    return Difference(Part.QUESTION, key, (Change.RESCALED, *more), key, key, details=(detail,))


def test_only_what_changed_in_nothing_else_and_in_the_same_way_is_together() -> None:
    a, b, c = rescaled("a", TWO), rescaled("b", TWO, Change.OTHER), rescaled("c", OTHER)
    d, e = rescaled("d", TWO), Difference(Part.QUESTION, "e", (Change.ADDED,), None, "e")
    found = [group.parts for group in gathered([a, b, c, d, e])]
    assert found == [(a, d), (b,), (c,), (e,)]


def test_nothing_is_nothing() -> None:
    assert gathered([]) == ()
