"""Suggests a grade for a section from its answers, in three ways. A person always sets the grade: pure rules.

Only grades and yes, partly or no count; "not applicable", unanswered questions and the section's own grade do
not. A question of weight k counts k times. A grade on another scale stands for the grade nearest to the same
place between lowest and highest (`scoring.position`); of two as near, for the worse.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from fractions import Fraction
from typing import NamedTuple

from qa.frameworks.answers import AnswerValue
from qa.frameworks.content import FrameworkContent, Grade, Scale, Section
from qa.frameworks.scoring import Counted, position, scale_of
from qa.frameworks.vocabulary import QuestionRole


class Answers(NamedTuple):
    """One return's answers by question key, and the keys of the questions that were asked."""

    asked: Collection[str]
    values: Mapping[str, AnswerValue | None]


class Suggestion(NamedTuple):
    """Three grades for the whole.

    worst: the lowest answer. middle: the median, of two in the middle the worse. weighted: the grade nearest
    to the weighted mean, of two as near the worse.
    """

    worst: Grade
    middle: Grade
    weighted: Grade

    @property
    def words(self) -> str:
        """What people read: worst Inadequate, middle Good, weighted Good."""
        return f"worst {self.worst.label}, middle {self.middle.label}, weighted {self.weighted.label}"


def suggest_for_section(
    content: FrameworkContent, section: Section, returns: Iterable[Answers]
) -> Suggestion | None:
    """What the answers of one return or several suggest for a section, on the scale the panel judges on."""
    return suggestion(content.scale(content.judgement_scale), _counted(content, section, returns))


def may_suggest(content: FrameworkContent, section: Section) -> bool:
    """Whether a section has a grade, and another question whose answer could suggest it."""
    return section.grade_question is not None and any(
        question.role is not QuestionRole.SECTION_GRADE and scale_of(content, question) is not None
        for question in section.questions
    )


def _counted(content: FrameworkContent, section: Section, returns: Iterable[Answers]) -> Iterator[Counted]:
    scales = [
        (question.key, scale, question.weight)
        for question in section.questions
        if question.role is not QuestionRole.SECTION_GRADE
        and (scale := scale_of(content, question)) is not None
    ]
    for asked, values in returns:
        for key, scale, weight in scales:
            value = values.get(key)
            if value is not None and key in asked:
                yield Counted(scale, dict.fromkeys(value.keys, 1), weight)


def suggestion(scale: Scale, questions: Iterable[Counted]) -> Suggestion | None:
    """What those answers suggest on a scale; None when there is nothing to count."""
    places = _places(questions)
    weights = sum(places.values())
    if not weights:
        return None
    mean = sum((place * weight for place, weight in places.items()), Fraction(0)) / weights
    return Suggestion(
        _nearest(scale, min(places)), _nearest(scale, _middle(places, weights)), _nearest(scale, mean)
    )


def _places(questions: Iterable[Counted]) -> dict[Fraction, int]:
    """How often each place between lowest and highest was answered; exact fractions are slow, so few."""
    # By identity: two scales may have the same key, one of them the scale of yes/no questions.
    tallies: dict[int, tuple[Scale, dict[str, int]]] = {}
    for scale, counts, weight in questions:
        _, tally = tallies.setdefault(id(scale), (scale, {}))
        for key, count in counts.items():
            tally[key] = tally.get(key, 0) + weight * count
    places: dict[Fraction, int] = {}
    for scale, tally in tallies.values():
        for grade in scale.grades:
            if number := tally.get(grade.key, 0):
                place = position(scale, grade)
                places[place] = places.get(place, 0) + number
    return places


def _middle(places: Mapping[Fraction, int], weights: int) -> Fraction:
    """The place of the answer in the middle, from the worst up; of two in the middle, the worse."""
    passed = 0
    for place in sorted(places):
        passed += places[place]
        if 2 * passed >= weights:
            return place
    raise ValueError("there is nothing in the middle of nothing")


def _nearest(scale: Scale, place: Fraction) -> Grade:
    """The grade nearest to a place between lowest (0) and highest (1); of two as near, the worse."""
    return min(scale.grades, key=lambda grade: (abs(position(scale, grade) - place), grade.score))
