"""What becomes of answers when an audit moves: the rules, for any two editions."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.accounts.sectors import Sector
from qa.frameworks.carrying import differences, withdrawn
from qa.frameworks.content import FrameworkContent, Option, Question, Timescale
from qa.frameworks.types import type_of
from qa.frameworks.vocabulary import DayKind, EvidenceRule, QuestionType
from qa.moving.mapping import Fate, Situation, lacking, plan
from tests.support.edition_strategies import editions, successors
from tests.support.timed import timed_framework


@given(editions(), editions())
def test_every_question_is_in_exactly_one_class(old: FrameworkContent, new: FrameworkContent) -> None:
    made = plan(old, new)
    fates = {part.key: part.fate for part in made.questions}
    assert len(fates) == len(made.questions)
    before, after = ({question.key for question in content.questions} for content in (old, new))
    assert set(fates) == before | after
    assert {key for key, fate in fates.items() if fate is Fate.GONE} == before - after
    assert {key for key, fate in fates.items() if fate is Fate.NEW} == after - before
    assert {part.key for part in made.fields} == {field.key for field in (*old.profile, *new.profile)}
    for part in (*made.questions, *made.fields):
        assert bool(part.reasons) == (part.fate is Fate.AGAIN)


@given(editions())
def test_an_edition_moved_to_itself_keeps_everything(content: FrameworkContent) -> None:
    made = plan(content, content)
    assert all(part.fate is Fate.KEPT and not part.notes for part in (*made.questions, *made.fields))
    assert made.judgements_kept
    assert not made.sections_gone


@given(editions(), st.data())
def test_what_a_next_edition_asks_as_before_is_kept(old: FrameworkContent, draw: st.DataObject) -> None:
    new = draw.draw(successors(old))
    fates = {part.key: part.fate for part in plan(old, new).questions}
    for question in old.questions:
        if question in new.questions:
            assert fates[question.key] is Fate.KEPT


@given(editions(), editions())
def test_what_is_kept_can_be_chosen_in_the_newer_edition(
    old: FrameworkContent, new: FrameworkContent
) -> None:
    for part in plan(old, new).questions:
        if part.fate is not Fate.KEPT:
            continue
        mine, theirs = old.question(part.key), new.question(part.key)
        offered = set(type_of(mine).condition_keys(mine, old)) - withdrawn(mine, theirs, old, new)
        assert offered <= set(type_of(theirs).condition_keys(theirs, new))


@given(editions(), editions())
def test_the_meaning_of_choices_is_the_same_both_ways(old: FrameworkContent, new: FrameworkContent) -> None:
    for question in old.questions:
        other = next((one for one in new.questions if one.key == question.key), None)
        if other is None or question.type is QuestionType.NUMBER:
            continue
        there, back = differences(question, other, old, new), differences(other, question, new, old)
        assert bool(list(there)) == bool(list(back))


@given(editions(), editions())
def test_an_answer_that_can_no_longer_be_chosen_is_given_again(
    old: FrameworkContent, new: FrameworkContent
) -> None:
    for part in plan(old, new).questions:
        if part.fate is Fate.KEPT:
            held = Situation(given=MappingProxyType({part.key: {"a"}}))
            again = next(one for one in plan(old, new, held).questions if one.key == part.key)
            assert again.fate is Fate.AGAIN


def _content(question: Question, content: FrameworkContent) -> FrameworkContent:
    return replace(content, sections=(content.sections[0]._replace(questions=(question,)),))


@given(editions())
def test_a_number_in_another_unit_or_narrower_bounds_is_given_again(content: FrameworkContent) -> None:
    days = Question("n", "How long?", QuestionType.NUMBER, EvidenceRule.NONE, unit="days", max=Decimal(10))
    changed = {
        "unit": days._replace(unit="hours"),
        "narrower": days._replace(max=Decimal(9)),
        "wider": days._replace(max=Decimal(11)),
        "unbounded": days._replace(max=None),
        "reworded": days._replace(text="How many days?"),
    }
    fates = {
        name: plan(_content(days, content), _content(other, content)).questions[0].fate
        for name, other in changed.items()
    }
    assert fates == {
        "unit": Fate.AGAIN,
        "narrower": Fate.AGAIN,
        "wider": Fate.KEPT,
        "unbounded": Fate.KEPT,
        "reworded": Fate.KEPT,
    }


@pytest.mark.parametrize(
    ("only_health", "expected"), [(True, (3, 0)), (False, (5, 0))], ids=["one sector", "all"]
)
@given(editions())
def test_submitted_returns_lack_new_required_answers(
    only_health: bool, expected: tuple[int, int], content: FrameworkContent
) -> None:
    old = replace(content, sections=(content.sections[0]._replace(questions=()),))
    asked = Question(
        "n",
        "Which?",
        QuestionType.SINGLE_CHOICE,
        EvidenceRule.NONE,
        options=(Option("a", "A"),),
        sectors=(Sector.HEALTH,) if only_health else (),
    )
    new = _content(asked, content)
    submitted = {Sector.HEALTH: 3, Sector.POLICE: 2}
    assert tuple(lacking(plan(old, new).questions, new, submitted)) == expected
    optional = _content(asked._replace(required=False), content)
    assert tuple(lacking(plan(old, optional).questions, optional, submitted)) == (0, 0)


def test_a_date_whose_timescale_changes_keeps_its_answers_and_says_so() -> None:
    old = timed_framework()
    ten = Timescale("referred_on", 10, DayKind.CALENDAR)
    for timescale, note in (
        (None, "Without a timescale now"),
        (ten, "Within 10 calendar days of “When was the referral received?” now"),
    ):
        parts = {part.key: part for part in plan(old, other_limit(old, timescale)).questions}
        assert parts["decided_on"].fate is Fate.KEPT
        assert parts["decided_on"].notes == (note,)


def other_limit(content: FrameworkContent, timescale: Timescale | None) -> FrameworkContent:
    """The same but for the timescale of the decision."""
    first, *others = content.sections
    questions = (
        one._replace(timescale=timescale) if one.key == "decided_on" else one for one in first.questions
    )
    return replace(content, sections=(first._replace(questions=tuple(questions)), *others))
