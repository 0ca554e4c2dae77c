"""What answers suggest for a section's grade, and what they score: worked examples and what always holds."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.frameworks.answers import AnswerValue
from qa.frameworks.content import (
    YES_NO_SCALE,
    FrameworkContent,
    Grade,
    Question,
    Scale,
    Section,
)
from qa.frameworks.scoring import Counted, Score, score, together
from qa.frameworks.suggesting import Answers, Suggestion, may_suggest, suggest_for_section, suggestion
from qa.frameworks.vocabulary import (
    Colour,
    EvidenceRule,
    FrameworkKind,
    Method,
    QuestionRole,
    QuestionType,
)
from tests.unit.frameworks.strategies import scales

NOT_APPLICABLE = "not_applicable"


def scale(key: str, *scores: int) -> Scale:
    """A scale whose grades are named by their scores; the first two meet the standard."""
    return Scale(
        key,
        key.title(),
        tuple(
            Grade(f"g{points}", f"Grade {points}", points, Colour.GREEN, place < 2, "What it looks like.")
            for place, points in enumerate(scores)
        ),
    )


OFSTED = scale("ofsted", 4, 3, 2, 1)
LOPSIDED = scale("lopsided", 10, 3, 0)


def answers(on: Scale, *keys: str, weight: int = 1) -> list[Counted]:
    return [Counted(on, {key: 1}, weight) for key in keys]


def labels(found: Suggestion | None) -> tuple[int, int, int] | None:
    return found and (found.worst.score, found.middle.score, found.weighted.score)


@pytest.mark.parametrize(
    ("given_answers", "expected"),
    [
        (answers(OFSTED, "g4", "g3", "g1"), (1, 3, 3)),  # mean 5/9, nearer to 2/3 than to 1/3
        (answers(OFSTED, "g4", "g3"), (3, 3, 3)),  # in the middle of two, and as near to either: the worse
        (answers(OFSTED, "g4", "g1", "g1", "g4"), (1, 1, 2)),
        (answers(OFSTED, "g4", weight=5) + answers(OFSTED, "g1"), (1, 4, 3)),
        (answers(YES_NO_SCALE, "yes"), (4, 4, 4)),
        (answers(YES_NO_SCALE, "partly"), (2, 2, 2)),  # halfway between 3 and 2: the worse
        (answers(YES_NO_SCALE, "no"), (1, 1, 1)),
        (answers(LOPSIDED, "g3"), (2, 2, 2)),  # 0.3 lies nearest to 1/3
        (answers(OFSTED, NOT_APPLICABLE, "g3"), (3, 3, 3)),
        (answers(OFSTED, NOT_APPLICABLE), None),
        ([], None),
    ],
)
def test_examples_of_suggestions(given_answers: list[Counted], expected: tuple[int, int, int] | None) -> None:
    assert labels(suggestion(OFSTED, given_answers)) == expected


@pytest.mark.parametrize(
    ("given_answers", "weighted", "at_standard"),
    [
        (answers(OFSTED, "g4", "g3", "g1"), "55.6", "66.7"),
        (answers(OFSTED, "g4", weight=3) + answers(OFSTED, "g1"), "75.0", "50.0"),
        ([Counted(OFSTED, {"g3": 2, NOT_APPLICABLE: 8, "unknown": 5})], "66.7", "100.0"),
        (answers(YES_NO_SCALE, "partly") + answers(OFSTED, "g4"), "75.0", "50.0"),
        ([Counted(YES_NO_SCALE, {"yes": 1, "no": 7})], "12.5", "12.5"),
        ([Counted(YES_NO_SCALE, {"partly": 1, "no": 15})], "3.1", "0.0"),
        ([Counted(YES_NO_SCALE, {"yes": 1, "no": 15})], "6.3", "6.3"),  # 6.25: halves go up
        (answers(OFSTED, NOT_APPLICABLE), None, None),
        ([], None, None),
    ],
)
def test_examples_of_scores(
    given_answers: list[Counted], weighted: str | None, at_standard: str | None
) -> None:
    found = score(given_answers)
    assert found.weighted == (weighted and Decimal(weighted))
    assert found.percentage == (at_standard and Decimal(at_standard))


def test_sections_are_put_together_by_their_own_weights() -> None:
    good, poor = score(answers(OFSTED, "g4", "g4", "g4")), score(answers(OFSTED, "g1"))
    assert together([(1, good), (1, poor)]) == Score(4, 3, Fraction(1, 2))
    assert together([(1, good), (3, poor)]).weighted == Decimal("25.0")
    assert together([(1, good), (1, poor), (50, Score())]) == together([(1, good), (1, poor)])
    assert together([(9, Score())]) == together([]) == Score()


# --- what always holds ------------------------------------------------------------------------------------


@st.composite
def given_answers(draw: st.DrawFn, least: int = 0) -> tuple[Scale, list[Counted]]:
    """A scale to judge on, and answers on it, on another and on the scale of yes/no questions."""
    judged_on = draw(scales("judged"))
    on = st.sampled_from([judged_on, draw(scales("other")), YES_NO_SCALE])
    found = []
    for _ in range(draw(st.integers(least, 8))):
        of = draw(on)
        grade = draw(st.sampled_from(of.grades))
        found.append(Counted(of, {grade.key: 1}, draw(st.integers(1, 4))))
    return judged_on, found


@given(given_answers(), st.randoms(use_true_random=False))
def test_order_changes_nothing(made: tuple[Scale, list[Counted]], chance: object) -> None:
    judged_on, found = made
    shuffled = list(found)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert suggestion(judged_on, shuffled) == suggestion(judged_on, found)
    assert score(shuffled) == score(found)


@given(given_answers(), st.integers(1, 100))
def test_not_applicable_changes_nothing(made: tuple[Scale, list[Counted]], weight: int) -> None:
    judged_on, found = made
    more = [*found, Counted(judged_on, {NOT_APPLICABLE: 3}, weight), Counted(YES_NO_SCALE, {}, weight)]
    assert suggestion(judged_on, more) == suggestion(judged_on, found)
    assert score(more) == score(found)


@given(given_answers(least=1))
def test_the_suggestions_lie_between_the_worst_and_the_best(made: tuple[Scale, list[Counted]]) -> None:
    judged_on, found = made
    suggested = suggestion(judged_on, found)
    alone = [suggestion(judged_on, [one]) for one in found]
    assert suggested
    scores = [one.worst.score for one in alone if one]
    assert suggested.worst.score == min(scores)
    assert suggested.worst.score <= suggested.middle.score <= max(scores)
    assert suggested.worst.score <= suggested.weighted.score <= max(scores)
    weighted = score(found).weighted
    assert weighted is not None
    assert 0 <= weighted <= 100


@given(scales("judged"), st.data())
def test_answers_that_are_all_equal_suggest_that_grade(judged_on: Scale, data: st.DataObject) -> None:
    grade = data.draw(st.sampled_from(judged_on.grades))
    weights = data.draw(st.lists(st.integers(1, 9), min_size=1, max_size=6))
    found = [Counted(judged_on, {grade.key: 1}, weight) for weight in weights]
    assert suggestion(judged_on, found) == Suggestion(grade, grade, grade)


@given(given_answers(least=1), st.data())
def test_raising_one_answer_never_lowers_anything(
    made: tuple[Scale, list[Counted]], data: st.DataObject
) -> None:
    judged_on, found = made
    place = data.draw(st.integers(0, len(found) - 1))
    old = found[place]
    (key,) = old.counts
    keys = [grade.key for grade in old.scale.grades]
    better = data.draw(st.sampled_from(keys[: keys.index(key) + 1]))
    raised = [*found[:place], old._replace(counts={better: 1}), *found[place + 1 :]]
    before, after = suggestion(judged_on, found), suggestion(judged_on, raised)
    assert before
    assert after
    for lower, higher in zip(before, after, strict=True):
        assert higher.score >= lower.score
    low, high = score(found), score(raised)
    assert low.mean is not None
    assert high.mean is not None
    assert high.mean >= low.mean
    assert high.at_standard >= low.at_standard


@given(given_answers())
def test_a_weight_is_the_same_as_so_many_answers(made: tuple[Scale, list[Counted]]) -> None:
    judged_on, found = made
    repeated = [one._replace(weight=1) for one in found for _ in range(one.weight)]
    counted = [
        one._replace(weight=1, counts={key: count * one.weight for key, count in one.counts.items()})
        for one in found
    ]
    for same in (repeated, counted):
        assert suggestion(judged_on, same) == suggestion(judged_on, found)
        assert score(same).mean == score(found).mean


@given(given_answers(), st.integers(1, 9))
def test_one_section_is_the_whole_whatever_its_weight(made: tuple[Scale, list[Counted]], weight: int) -> None:
    assert together([(weight, score(made[1]))]) == score(made[1])


# --- the answers of a section -----------------------------------------------------------------------------


def question(key: str, kind: QuestionType, *, on: str | None = None, weight: int = 1) -> Question:
    role = QuestionRole.SECTION_GRADE if key == "overall" else None
    return Question(key, f"{key}?", kind, EvidenceRule.NONE, scale=on, weight=weight, role=role)


PLANS = Section(
    "plans",
    "Plans",
    (
        question("drift", QuestionType.GRADE, on="ofsted"),
        question("shared", QuestionType.YES_NO, weight=2),
        question("risk", QuestionType.GRADE, on="lopsided"),
        question("words", QuestionType.LONG_TEXT),
        question("overall", QuestionType.GRADE, on="ofsted"),
    ),
)
NOTES = Section("notes", "Notes", (PLANS.questions[3], PLANS.questions[4]))
CONTENT = FrameworkContent(
    "small",
    "Small",
    "",
    FrameworkKind.CASE_AUDIT,
    Method.MULTI_AGENCY,
    "ofsted",
    (OFSTED, LOPSIDED),
    (PLANS, NOTES),
)
ALL = frozenset(one.key for one in PLANS.questions)


def test_the_grade_itself_and_what_was_not_asked_suggest_nothing() -> None:
    values = {
        "drift": AnswerValue(grade="g4"),
        "shared": AnswerValue(option="yes"),
        "risk": AnswerValue(grade="g0"),
        "words": AnswerValue(text="Words."),
        "overall": AnswerValue(grade="g1"),
    }
    assert labels(suggest_for_section(CONTENT, PLANS, [Answers(ALL - {"risk"}, values)])) == (4, 4, 4)
    found = suggest_for_section(CONTENT, PLANS, [Answers(ALL, values)])
    assert labels(found) == (1, 4, 3)
    assert found
    assert found.words == "worst Grade 1, middle Grade 4, weighted Grade 3"
    only_grade: dict[str, AnswerValue | None] = {"overall": AnswerValue(grade="g1"), "drift": None}
    assert suggest_for_section(CONTENT, PLANS, [Answers(ALL, only_grade)]) is None


def test_returns_count_together() -> None:
    one = Answers(ALL, {"drift": AnswerValue(grade="g4"), "shared": AnswerValue(option=NOT_APPLICABLE)})
    two = Answers(ALL, {"drift": AnswerValue(grade="g2")})
    assert labels(suggest_for_section(CONTENT, PLANS, [one, two])) == (2, 2, 3)
    assert suggest_for_section(CONTENT, PLANS, []) is None


def test_a_section_with_its_grade_alone_has_nothing_to_suggest_from() -> None:
    assert may_suggest(CONTENT, PLANS)
    assert not may_suggest(CONTENT, NOTES)
    ungraded = PLANS._replace(questions=PLANS.questions[:4])
    assert not may_suggest(CONTENT, ungraded)
