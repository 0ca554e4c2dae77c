"""How far apart agencies' grades of one question lie: pure rules.

A distance is counted in steps of the question's own scale, so grades of different scales never meet.
"Not applicable" and a missing answer are no grade.
"""

from collections.abc import Iterable

from qa.frameworks.content import Scale

APART = 2
"""Grades this many steps apart, or more, are for the panel to talk about."""


def positions(scale: Scale, grades: Iterable[str | None]) -> tuple[int, ...]:
    """The places on the scale, from 0 for the best, of the keys that are its grades; others are left out."""
    places = {grade.key: place for place, grade in enumerate(scale.grades)}
    return tuple(places[key] for key in grades if key is not None and key in places)


def spread(scale: Scale, grades: Iterable[str | None]) -> int | None:
    """Steps from the best to the worst of the grades; None when there are fewer than two to compare."""
    found = positions(scale, grades)
    return max(found) - min(found) if len(found) > 1 else None


MOST_QUESTIONS = 10_000


def agenda_place(steps: int | None, apart: int) -> int:
    """Where a case stands on the agenda, lowest first: by its largest distance, None last, then by how many
    questions are two or more grades apart.
    """
    return 0 if steps is None else -((steps + 1) * MOST_QUESTIONS + min(apart, MOST_QUESTIONS - 1))


def is_apart(steps: int | None) -> bool:
    """Whether a distance is two grades or more."""
    return steps is not None and steps >= APART


def in_words(steps: int | None) -> str:
    """The distance for people: "3 grades apart"; "" when there is nothing to compare."""
    if steps is None:
        return ""
    if steps == 0:
        return "Same grade"
    return "1 grade apart" if steps == 1 else f"{steps} grades apart"
