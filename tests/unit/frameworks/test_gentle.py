"""Gentle advice, and about how many minutes a framework takes: neither keeps one from being published."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings

from qa.accounts.sectors import Sector
from qa.frameworks.checking import check_files, load_themes
from qa.frameworks.content import FrameworkContent
from qa.frameworks.document import to_document
from qa.frameworks.drafts.checks import check_draft
from qa.frameworks.drafts.elements import Kind, elements
from qa.frameworks.drafts.gentle import Advice, gentle_advice
from qa.frameworks.drafts.minutes import minutes_by_sector
from qa.frameworks.file_problems import ProblemList
from qa.frameworks.schema import TEMPLATES
from qa.frameworks.yaml_source import parse
from tests.unit.frameworks.example import EXAMPLE, THEMES
from tests.unit.frameworks.strategies import frameworks

SHIPPED = sorted(path for path in TEMPLATES.glob("*.yaml") if path.stem != "themes")
DOUBLE = "This looks like two questions in one, and an answer to both cannot be told apart."


def of_question(text: str, kind: str = "yes_no", **more: Any) -> list[Advice]:
    question = {"key": "q", "text": text, "type": kind, **more}
    return list(gentle_advice(elements({"sections": [{"key": "s", "questions": [question]}]})))


@pytest.mark.parametrize(
    "text",
    [
        "Was the child seen? Was that within ten days?",
        "Were parents and/or carers told?",
        "Was consent sought and was it recorded?",
        "Was the plan reviewed and updated?",
        "Was the assessment completed and clearly recorded?",
        "Which service was asked and how soon did it answer?",
        "Was the child seen and was the home visited?",
    ],
)
def test_two_questions_in_one_are_noticed(text: str) -> None:
    assert [one.message for one in of_question(text)] == [DOUBLE]


@pytest.mark.parametrize(
    "text",
    [
        "Were health and education invited?",
        "How well are identity, culture, language and any disability understood?",
        "Does the record explain what the decision does and does not mean?",
        "Does the referral say which level it believes is met and why?",
        "Are the child's needs and risks described?",
        "Is the child in need and disabled?",
    ],
)
def test_one_question_with_an_and_in_it_is_left_alone(text: str) -> None:
    assert of_question(text) == []


def test_a_text_may_ask_for_several_things() -> None:
    assert of_question("What was done, and how did it help? Who took part?", "long_text") == []


@pytest.mark.parametrize(
    "text",
    [
        "Was the child not seen alone?",
        "Is there no plan?",
        "The agency has not trained its staff.",
        "Did anybody fail to act?",
        "No worries were left unanswered.",
    ],
)
def test_a_question_in_the_negative_is_noticed(text: str) -> None:
    (advice,) = of_question(text)
    assert "put in the negative" in advice.message
    assert advice.remedy == "Ask whether it was done, rather than whether it was not."


@pytest.mark.parametrize(
    "text",
    [
        "Does the plan say what will happen if things do not improve?",
        "Does the record show why the intervention worked, or did not?",
        "Did the agency act without waiting for the child to tell someone?",
        "Is the plan no longer needed?",
    ],
)
def test_a_negation_that_turns_no_answer_round_is_left_alone(text: str) -> None:
    assert of_question(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "Wasn't the visit late?",
        "The visit was late, wasn't it?",
        "Do you agree that the plan is good?",
        "How poor was the plan?",
        "Surely the child was seen?",
    ],
)
def test_a_leading_question_is_noticed_once(text: str) -> None:
    assert [one.message for one in of_question(text)] == ["The wording may lead to an answer."]


def test_a_graded_question_wants_guidance() -> None:
    (advice,) = of_question("How good is the plan?", "grade")
    assert (advice.kind, advice.key, advice.field, advice.section) == (Kind.QUESTION, "q", "guidance", "s")
    assert advice.part == "the question “How good is the plan?”"
    assert of_question("How good is the plan?", "grade", guidance="Look at the aims.") == []


def test_a_descriptor_that_describes_nothing_is_noticed() -> None:
    grades = [
        {"key": "good", "label": "Good", "descriptor": "Good."},
        {"key": "fair", "label": "Fair", "descriptor": "Most of it was done."},
        {"key": "poor", "label": "Poor", "descriptor": "most of it was done"},
    ]
    found = gentle_advice(elements({"scales": [{"key": "own", "name": "Our scale", "grades": grades}]}))
    assert [(one.kind, one.message) for one in found] == [
        (Kind.SCALE, "The descriptor of the grade “Good” says nothing about practice."),
        (Kind.SCALE, "The grades “Fair” and “Poor” have the same descriptor."),
    ]


@pytest.mark.parametrize(("count", "noticed"), [(15, False), (16, True)])
def test_a_section_of_more_than_fifteen_questions_is_noticed(count: int, noticed: bool) -> None:
    questions = [{"key": f"q{n}", "text": "When?", "type": "date"} for n in range(count)]
    found = gentle_advice(elements({"sections": [{"key": "s", "title": "Long", "questions": questions}]}))
    assert [one.kind for one in found] == ([Kind.SECTION] if noticed else [])


def test_the_shipped_frameworks_raise_few_alarms() -> None:
    """Five of 300 questions ask about two things, such as “seen and heard”; nothing else is flagged."""
    found: list[Advice] = []
    for result in check_files(SHIPPED):
        assert result.content
        checked = check_draft(to_document(result.content), load_themes().keys)
        assert checked.content == result.content
        found += checked.gentle
    assert {one.message for one in found} <= {DOUBLE}
    assert len(found) <= 5


@given(frameworks())
@settings(max_examples=60, deadline=None)
def test_advice_never_keeps_a_framework_from_being_published(content: FrameworkContent) -> None:
    document = to_document(content)
    checked = check_draft(document, ("thresholds", "direct_work", "no", "on"))
    assert checked.content == content
    parts = {(part.kind, part.key) for part in elements(document)}
    assert {(one.kind, one.key) for one in checked.gentle} <= parts
    for one in checked.minutes:
        assert 0 <= one.least <= one.most
        assert one.questions > 0


def test_minutes_are_told_for_each_sector_that_is_named_and_for_every_other() -> None:
    document: Any = parse(EXAMPLE, ProblemList("example.yaml")).data
    # Front door: 60 + yes/no 40 and evidence for some 45 (police alone) + number 60 + grade 90 and evidence
    # 90 + text 180; a choice of 40 under a condition. The plan, under a condition: 60 + 90 + 90 + 180.
    assert [(one.sector, one.least, one.most, one.questions) for one in minutes_by_sector(document)] == [
        (Sector.POLICE, 10, 20, 7),
        (Sector.HEALTH, 10, 20, 6),
        (None, 0, 10, 2),
    ]
    assert minutes_by_sector(document)[0].words == "About 10 to 20 minutes"


def test_a_draft_that_is_hardly_begun_is_looked_at_too() -> None:
    checked = check_draft({"key": "new", "name": "New", "sections": [{"key": "s"}]}, THEMES)
    assert checked.content is None
    assert checked.minutes == ()
    assert checked.gentle == ()
