import pytest

from qa.frameworks.answers import AnswerError, AnswerValue
from qa.frameworks.content import FrameworkContent, Question
from qa.frameworks.types import type_of
from qa.frameworks.types.evidence import evidence_view, parse_evidence, render_evidence
from qa.frameworks.vocabulary import EvidenceRule, QuestionType
from tests.unit.frameworks.test_types import question_of

GOOD, INADEQUATE, NOT_APPLICABLE = (
    AnswerValue(grade="good"),
    AnswerValue(grade="inadequate"),
    AnswerValue(option="not_applicable"),
)


def missing(
    question: Question, content: FrameworkContent, value: AnswerValue | None, evidence: str | None
) -> list[str]:
    return [error.field for error in type_of(question).check_complete(question, content, value, evidence)]


def test_required_evidence_is_required_whatever_the_answer(small: FrameworkContent) -> None:
    question = small.question("front_door_grade")
    for value in (GOOD, INADEQUATE, NOT_APPLICABLE):
        assert type_of(question).evidence_rule_for(question, value) is EvidenceRule.REQUIRED
        assert missing(question, small, value, " \n ") == ["e-front_door_grade"]
        assert missing(question, small, value, None) == ["e-front_door_grade"]
        assert missing(question, small, value, "Seen.") == []


def test_evidence_for_some_answers_is_required_for_those_alone(small: FrameworkContent) -> None:
    question = small.question("threshold")
    assert question.evidence_required_for == ("inadequate",)
    assert missing(question, small, INADEQUATE, None) == ["e-threshold"]
    assert missing(question, small, GOOD, None) == []
    assert type_of(question).evidence_rule_for(question, GOOD) is EvidenceRule.OPTIONAL
    assert type_of(question).evidence_rule_for(question, None) is EvidenceRule.OPTIONAL


def test_a_choice_of_several_needs_evidence_when_one_of_them_does(small: FrameworkContent) -> None:
    question = question_of(QuestionType.SEVERAL_CHOICES, small, evidence_required_for=("police",))
    assert missing(question, small, AnswerValue(options=("health", "police")), None) == ["e-consulted"]
    assert missing(question, small, AnswerValue(options=("health",)), None) == []


def test_a_missing_answer_comes_before_its_evidence(small: FrameworkContent) -> None:
    assert missing(small.question("front_door_grade"), small, None, None) == ["q-front_door_grade"]
    optional = question_of(QuestionType.SHORT_TEXT, small, required=False, evidence=EvidenceRule.REQUIRED)
    assert missing(optional, small, None, None) == []
    assert missing(optional, small, AnswerValue(text="x"), None) == ["e-reference_used"]


def test_evidence_is_cleaned_and_limited(small: FrameworkContent) -> None:
    question = small.question("threshold")
    assert parse_evidence(question, " One.\r\n\x07Two. ") == "One.\nTwo."
    assert parse_evidence(question, " \n") is None
    with pytest.raises(AnswerError, match="Shorten the text to 20,000") as caught:
        parse_evidence(question, "x" * 20_001)
    assert caught.value.field == "e-threshold"


def test_the_box_says_when_evidence_is_needed(small: FrameworkContent) -> None:
    some = render_evidence(small.question("threshold"), small, "Seen <b>.")
    assert "Needed if you answer: Inadequate." in some
    assert "Seen &lt;b&gt;." in some
    assert "for: Was the threshold decision right?" in some
    assert "(optional)" in render_evidence(small.question("consent"), small)
    assert "(optional)" not in render_evidence(small.question("front_door_grade"), small)
    assert evidence_view(small.question("decision_days"), small, "") is None
    assert render_evidence(small.question("decision_days"), small) == ""


def test_an_error_stands_at_the_box(small: FrameworkContent) -> None:
    question = small.question("front_door_grade")
    (error,) = type_of(question).check_complete(question, small, GOOD, None)
    html = render_evidence(question, small, "", error)
    assert f'id="{error.field}"' in html
    assert "Write the evidence for your answer" in html
    assert error.summary == "Overall grade for the front door: Write the evidence for your answer"
