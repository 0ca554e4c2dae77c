from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.accounts.sectors import Sector
from qa.frameworks.answers import AnswerValue
from qa.frameworks.conditions import Visible, asked_of, visible
from qa.frameworks.content import Clause, Condition, FrameworkContent, Question, applies_to
from qa.frameworks.types import type_of
from qa.frameworks.vocabulary import Combine, Subject
from tests.unit.frameworks.answer_strategies import answers, profiles, some_answers
from tests.unit.frameworks.strategies import frameworks

NO, YES = AnswerValue(option="no"), AnswerValue(option="yes")


def with_condition(
    content: FrameworkContent, key: str, *clauses: Clause, combine: Combine = Combine.ALL
) -> FrameworkContent:
    """The framework with another condition on one question."""

    def changed(question: Question) -> Question:
        return question._replace(only_if=Condition(clauses, combine)) if question.key == key else question

    sections = tuple(
        section._replace(questions=tuple(map(changed, section.questions))) for section in content.sections
    )
    return replace(content, sections=sections)


def asked(content: FrameworkContent, given: dict[str, AnswerValue | None], key: str) -> bool:
    return key in visible(content, None, {}, given).questions


def consent(*values: str, negated: bool = False) -> Clause:
    return Clause(Subject.QUESTION, "consent", values, negated)


def test_a_question_appears_with_the_answer_it_depends_on(small: FrameworkContent) -> None:
    assert not asked(small, {}, "consent_why")
    assert not asked(small, {"consent": YES}, "consent_why")
    assert asked(small, {"consent": NO}, "consent_why")


@pytest.mark.parametrize(
    ("given", "shown"),
    [(None, False), (NO, False), (YES, True), (AnswerValue(option="not_applicable"), True)],
)
def test_is_not_needs_an_answer(small: FrameworkContent, given: AnswerValue | None, shown: bool) -> None:
    content = with_condition(small, "decision_days", consent("no", negated=True))
    assert asked(content, {"consent": given}, "decision_days") is shown


def test_an_answer_to_a_question_that_is_not_asked_counts_for_nothing(small: FrameworkContent) -> None:
    content = with_condition(small, "decision_days", Clause(Subject.QUESTION, "referrer", ("school",)))
    content = with_condition(content, "referrer", consent("no"))
    # decision_days stands before referrer: what has not been asked yet counts for nothing either.
    assert not asked(content, {"consent": NO, "referrer": AnswerValue(option="school")}, "decision_days")
    later = with_condition(small, "referrer", consent("no"))
    later = with_condition(later, "reference_used", Clause(Subject.QUESTION, "referrer", ("school",)))
    school = AnswerValue(option="school")
    assert asked(later, {"consent": NO, "referrer": school}, "reference_used")
    assert not asked(later, {"consent": YES, "referrer": school}, "reference_used")


def test_all_and_any(small: FrameworkContent) -> None:
    clauses = (consent("no"), Clause(Subject.QUESTION, "threshold", ("inadequate",)))
    every = with_condition(small, "decision_days", *clauses)
    some = with_condition(small, "decision_days", *clauses, combine=Combine.ANY)
    one: dict[str, AnswerValue | None] = {"consent": NO, "threshold": AnswerValue(grade="good")}
    both = one | {"threshold": AnswerValue(grade="inadequate")}
    assert not asked(every, one, "decision_days")
    assert asked(every, both, "decision_days")
    assert asked(some, one, "decision_days")
    assert not asked(some, {"consent": YES}, "decision_days")


def test_one_of_several_choices_suffices(small: FrameworkContent) -> None:
    clause = Clause(Subject.QUESTION, "consulted", ("police", "education"))
    content = with_condition(small, "reference_used", clause)
    without = with_condition(small, "reference_used", clause._replace(negated=True))
    two: dict[str, AnswerValue | None] = {"consulted": AnswerValue(options=("health", "police"))}
    other: dict[str, AnswerValue | None] = {"consulted": AnswerValue(options=("health",))}
    assert asked(content, two, "reference_used")
    assert not asked(content, other, "reference_used")
    assert asked(without, other, "reference_used")
    assert not asked(without, two, "reference_used")


@pytest.mark.parametrize(
    ("profile", "shown"),
    [({}, False), ({"pathway": "early_help"}, False), ({"pathway": "child_protection"}, True)],
)
def test_a_section_depends_on_the_pathway(
    small: FrameworkContent, profile: dict[str, str], shown: bool
) -> None:
    seen = visible(small, Sector.HEALTH, profile, {})
    assert ("protection" in seen.sections) is shown
    assert ("plan_smart" in seen.questions) is shown


def test_sectors_see_their_own_questions(small: FrameworkContent) -> None:
    profile = {"pathway": "child_protection"}
    assert "police_check" in visible(small, Sector.LOCAL_AUTHORITY, profile, {}).questions
    health = visible(small, Sector.HEALTH, profile, {})
    assert "protection" in health.sections
    assert "police_check" not in health.questions
    assert visible(small, Sector.POLICE, profile, {}).sections == {"front_door"}
    assert "police_check" in visible(small, None, profile, {}).questions


def test_a_section_without_questions_for_a_sector_is_not_shown(small: FrameworkContent) -> None:
    front = small.sections[0]
    questions = tuple(question._replace(sectors=(Sector.POLICE,)) for question in front.questions)
    content = replace(small, sections=(front._replace(questions=questions), *small.sections[1:]))
    assert visible(content, Sector.HEALTH, {}, {}) == Visible(frozenset(), frozenset())
    assert visible(content, Sector.POLICE, {}, {}).sections == {"front_door"}


@given(st.data())
@settings(max_examples=100, deadline=None)
def test_what_is_asked_keeps_to_the_rules(data: st.DataObject) -> None:
    content = data.draw(frameworks())
    profile, given_ = data.draw(profiles(content)), data.draw(some_answers(content))
    sector = data.draw(st.none() | st.sampled_from(Sector))
    seen = visible(content, sector, profile, given_)
    possible = {question.key for question in asked_of(content, sector)}
    assert seen.questions <= possible
    assert seen.sections == {content.section_of(key).key for key in seen.questions}
    for section in content.sections:
        for question in section.questions:
            expected = (
                applies_to(section, sector)
                and applies_to(question, sector)
                and meets(section.only_if, content, profile, given_, seen)
                and meets(question.only_if, content, profile, given_, seen)
            )
            assert (question.key in seen.questions) == expected


def meets(
    condition: Condition | None,
    content: FrameworkContent,
    profile: dict[str, str],
    given_: dict[str, AnswerValue],
    seen: Visible,
) -> bool:
    """The rule of conditions as the guide for writers of frameworks says it."""
    if condition is None:
        return True
    results = []
    for clause in condition.clauses:
        if clause.subject is Subject.PROFILE:
            have = {profile[clause.key]} if clause.key in profile else set()
        else:
            value = given_.get(clause.key) if clause.key in seen.questions else None
            have = set(value.keys) if value else set()
        hit = bool(have & set(clause.values))
        results.append(bool(have) and (not hit if clause.negated else hit))
    return all(results) if condition.combine is Combine.ALL else any(results)


@given(st.data())
@settings(max_examples=50, deadline=None)
def test_an_answer_changes_nothing_that_is_asked_before_it(data: st.DataObject) -> None:
    content = data.draw(frameworks())
    profile, given_ = data.draw(profiles(content)), data.draw(some_answers(content))
    keys = [question.key for question in content.questions]
    changed = data.draw(st.sampled_from(keys))
    question = content.question(changed)
    other = given_ | {changed: data.draw(answers(question, content))}
    before = keys[: keys.index(changed) + 1]
    first, second = visible(content, None, profile, given_), visible(content, None, profile, other)
    assert first.questions & set(before) == second.questions & set(before)
    if not type_of(question).condition_keys(question, content):
        assert first == second
