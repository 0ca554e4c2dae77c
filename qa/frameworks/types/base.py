"""What every type of question can do. One class for each type; `qa.frameworks.types` lists them."""

import datetime
from abc import ABC, abstractmethod
from typing import ClassVar, TypeAlias

from markupsafe import Markup
from wtforms.fields.core import UnboundField

from qa.frameworks.answers import AnswerError, AnswerValue, RawAnswer, evidence_name, value_name
from qa.frameworks.content import FrameworkContent, Question, Scale
from qa.frameworks.types.fields import AnswerField
from qa.frameworks.types.rendering import render
from qa.frameworks.types.views import View
from qa.frameworks.vocabulary import EvidenceRule, QuestionType

NOT_ANSWERED = "Not answered"

Cell: TypeAlias = str | int | float | datetime.date | None


class AnswerType(ABC):
    """How questions of one type are asked, answered, shown and exported.

    key, label: the type and its name for people. macro: the macro that renders it. missing: what an error
    says when a required answer is not there.
    """

    key: ClassVar[QuestionType]
    label: ClassVar[str]
    macro: ClassVar[str]
    missing: ClassVar[str]

    @abstractmethod
    def parse(self, question: Question, content: FrameworkContent, raw: RawAnswer) -> AnswerValue | None:
        """The answer that was typed; None when the field was left empty.

        Raises AnswerError when it cannot be understood. What is only incomplete is no error here, so that a
        draft can be saved: see `check_complete`.
        """

    @abstractmethod
    def to_raw(self, question: Question, value: AnswerValue | None) -> RawAnswer:
        """What would be typed to give that answer, to fill the field with it."""

    @abstractmethod
    def view(
        self, question: Question, content: FrameworkContent, raw: RawAnswer, error: AnswerError | None = None
    ) -> View:
        """What the field shows: the question, its guidance, what was typed, and the error."""

    @abstractmethod
    def display(self, question: Question, content: FrameworkContent, value: AnswerValue | None) -> str:
        """The answer in plain text; "Not answered" for None."""

    @abstractmethod
    def export(self, question: Question, content: FrameworkContent, value: AnswerValue | None) -> Cell:
        """The answer as the value of a spreadsheet cell; None for an empty one."""

    @abstractmethod
    def condition_keys(self, question: Question, content: FrameworkContent) -> tuple[str, ...]:
        """The answers that a condition, or evidence required for some answers, may name; empty for none."""

    @abstractmethod
    def scale(self, question: Question, content: FrameworkContent) -> Scale | None:
        """The scale on which the answers are counted; None when they are not counted."""

    def counts_in_percentage(self, value: AnswerValue | None) -> bool:
        """Whether the answer has a place in a percentage: "Not applicable" and no answer never have."""
        return self.counted_key(value) is not None

    def counted_key(self, value: AnswerValue | None) -> str | None:
        """The key of `scale` under which the answer is counted; None when it is not."""
        return None

    def is_answered(self, value: AnswerValue | None) -> bool:
        """Whether there is an answer; "Not applicable" is one."""
        return value is not None

    def field(self, question: Question, content: FrameworkContent) -> "UnboundField[AnswerField]":
        """The question as a field of a WTForms form, to be added under `value_name(question.key)`."""
        return UnboundField(AnswerField, self, question, content)

    def render(
        self,
        question: Question,
        content: FrameworkContent,
        raw: RawAnswer | None = None,
        error: AnswerError | None = None,
    ) -> Markup:
        """The field's HTML. raw: what to show in it, nothing when left out."""
        return render(self.view(question, content, raw or RawAnswer(), error))

    def evidence_rule_for(self, question: Question, value: AnswerValue | None) -> EvidenceRule:
        """Whether evidence is asked for beside that answer."""
        if value is not None and not set(value.keys).isdisjoint(question.evidence_required_for):
            return EvidenceRule.REQUIRED
        return question.evidence

    def check_complete(
        self, question: Question, content: FrameworkContent, value: AnswerValue | None, evidence: str | None
    ) -> list[AnswerError]:
        """What still keeps the answer from being submitted: a missing answer, missing evidence."""
        if not self.is_answered(value):
            return [self.error(question, self.missing)] if question.required else []
        if self.evidence_rule_for(question, value) is EvidenceRule.REQUIRED and not (evidence or "").strip():
            message = "Write the evidence for your answer"
            return [AnswerError(evidence_name(question.key), message, question=question.text)]
        return []

    def error(self, question: Question, message: str) -> AnswerError:
        """An error about the question's field as a whole."""
        return AnswerError(value_name(question.key), message, question=question.text)


def heading(question: Question) -> str:
    """The question as its field shows it: an optional one says so."""
    return question.text if question.required else f"{question.text} (optional)"


def hint(question: Question, extra: str = "") -> str | None:
    """The question's guidance, and what its type adds; None when there is neither."""
    return " ".join(part for part in (question.guidance, extra) if part) or None


class Uncounted(AnswerType):
    """Answers that are neither chosen nor graded."""

    def condition_keys(self, question: Question, content: FrameworkContent) -> tuple[str, ...]:
        """None: there is nothing to choose."""
        return ()

    def scale(self, question: Question, content: FrameworkContent) -> Scale | None:
        """None: it is not graded."""
        return None
