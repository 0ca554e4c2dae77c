"""How grades are counted. "Not applicable" and unanswered questions are in no denominator.

A percentage with nothing under the line is None, never 0. Percentages have one decimal place, halves
rounded up, as in the Department for Education's statistics.

A weighted score puts answers on different scales together: a grade stands for its place between the lowest
grade of its own scale (0 per cent) and the highest (100 per cent), and a question of weight k counts k times.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import NamedTuple

from qa.frameworks.content import YES_NO_SCALE, FrameworkContent, Grade, Question, Scale
from qa.frameworks.vocabulary import QuestionType

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


class Counted(NamedTuple):
    """The answers to one question: counts by grade key on its scale, and how many times each counts.

    Keys that are no grade of the scale, `not_applicable` among them, count for nothing.
    """

    scale: Scale
    counts: Mapping[str, int]
    weight: int = 1


class Score(NamedTuple):
    """What answers come to, of a question, a section or an audit.

    answers: those with a grade or a yes, partly or no. at_standard: those at or above the standard. mean: the
    weighted score as an exact share of 1, None when there is nothing to count.
    """

    answers: int = 0
    at_standard: int = 0
    mean: Fraction | None = None

    @property
    def percentage(self) -> Decimal | None:
        """The share of answers at or above the standard in per cent; each answer counts once."""
        return percentage(self.at_standard, self.answers)

    @property
    def weighted(self) -> Decimal | None:
        """The weighted score in per cent."""
        return None if self.mean is None else percentage(self.mean.numerator, self.mean.denominator)


def scale_of(content: FrameworkContent, question: Question) -> Scale | None:
    """The scale on which answers to a question are counted; None when they are not."""
    if question.type is QuestionType.YES_NO:
        return YES_NO_SCALE
    return content.scale(question.scale) if question.scale else None


def position(scale: Scale, grade: Grade) -> Fraction:
    """The place of a grade between the lowest of its scale (0) and the highest (1), by their scores."""
    highest, lowest = scale.grades[0].score, scale.grades[-1].score
    return Fraction(grade.score - lowest, highest - lowest)


def score(questions: Iterable[Counted]) -> Score:
    """What the answers to those questions come to."""
    answers = at_standard = weights = 0
    points = Fraction(0)
    for scale, counts, weight in questions:
        for grade in scale.grades:
            count = counts.get(grade.key, 0)
            if count:
                answers += count
                at_standard += count if grade.meets_standard else 0
                weights += weight * count
                points += weight * count * position(scale, grade)
    return Score(answers, at_standard, points / weights if weights else None)


def together(sections: Iterable[tuple[int, Score]]) -> Score:
    """What sections come to: (weight, score) of each. A section with nothing to count is left out.

    Answers are added up; the weighted score is the mean of the sections' own, each as often as its weight.
    """
    counted = [(weight, one, one.mean) for weight, one in sections if one.mean is not None]
    weights = sum(weight for weight, _, _ in counted)
    return Score(
        sum(one.answers for _, one, _ in counted),
        sum(one.at_standard for _, one, _ in counted),
        sum((weight * mean for weight, _, mean in counted), Fraction(0)) / weights if weights else None,
    )
