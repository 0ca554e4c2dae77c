"""How grades are counted. "Not applicable" and unanswered questions are in no denominator.

A percentage with nothing under the line is None, never 0. Percentages have one decimal place, halves
rounded up, as in the Department for Education's statistics.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from qa.frameworks.content import Grade, Scale

_ONE_PLACE = Decimal("0.1")
_TWO_PLACES = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class GradeCount:
    """How many answers have one grade, and their share of all counted answers in per cent."""

    grade: Grade
    count: int
    percentage: Decimal | None


class Distribution(NamedTuple):
    """How answers are spread over a scale, best grade first.

    total: answers with a grade. at_standard: those at or above the standard; percentage: their share in
    per cent, None when there is none to count. mean: of the scores, two decimal places, None likewise.
    """

    grades: tuple[GradeCount, ...]
    total: int
    at_standard: int
    percentage: Decimal | None
    mean: Decimal | None


def percentage(part: int, whole: int) -> Decimal | None:
    """What part of the whole is in per cent, one decimal place; None when the whole is 0."""
    if whole == 0:
        return None
    return (Decimal(100 * part) / whole).quantize(_ONE_PLACE, ROUND_HALF_UP)


def distribution(scale: Scale, counts: Mapping[str, int]) -> Distribution:
    """How counts by grade key are spread over a scale.

    Keys that are no grade of the scale, `not_applicable` among them, are left out altogether. The scale of
    a yes/no question is `content.YES_NO_SCALE`.
    """
    counted = [(grade, counts.get(grade.key, 0)) for grade in scale.grades]
    total = sum(count for _, count in counted)
    at_standard = sum(count for grade, count in counted if grade.meets_standard)
    points = sum(grade.score * count for grade, count in counted)
    return Distribution(
        grades=tuple(GradeCount(grade, count, percentage(count, total)) for grade, count in counted),
        total=total,
        at_standard=at_standard,
        percentage=percentage(at_standard, total),
        mean=(Decimal(points) / total).quantize(_TWO_PLACES, ROUND_HALF_UP) if total else None,
    )


def weighted_counts(answers: Iterable[tuple[str, int]]) -> dict[str, int]:
    """Counts by grade key of (grade key, weight of its question), for answers to several questions."""
    counts: dict[str, int] = {}
    for grade, weight in answers:
        counts[grade] = counts.get(grade, 0) + weight
    return counts
