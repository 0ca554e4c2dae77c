"""Questions that are answered by choosing: a grade, yes or no, one option, several options."""

from abc import abstractmethod

from qa.frameworks.answers import AnswerError, AnswerValue, RawAnswer, value_name
from qa.frameworks.content import NOT_APPLICABLE, YES_NO_SCALE, FrameworkContent, Option, Question, Scale
from qa.frameworks.types.base import NOT_ANSWERED, AnswerType, Cell, heading, hint
from qa.frameworks.types.views import Choice, ChoicesView
from qa.frameworks.vocabulary import QuestionType

NOT_APPLICABLE_OPTION = Option(NOT_APPLICABLE, "Not applicable")


class _Choosing(AnswerType):
    """What all of them share."""

    macro = "radios"

    @abstractmethod
    def options(self, question: Question, content: FrameworkContent) -> tuple[Option, ...]:
        """The answers to choose from, in order."""

    def condition_keys(self, question: Question, content: FrameworkContent) -> tuple[str, ...]:
        """Every answer there is to choose."""
        return tuple(option.key for option in self.options(question, content))

    def parse(self, question: Question, content: FrameworkContent, raw: RawAnswer) -> AnswerValue | None:
        """The chosen answer. Raises AnswerError when it is not one of those offered, or more than one."""
        chosen = {value for value in raw.values if value}
        if not chosen:
            return None
        if len(chosen) > 1 or not chosen <= set(self.condition_keys(question, content)):
            raise self.error(question, "Select one of the answers listed")
        return self.value_of(chosen.pop())

    def value_of(self, key: str) -> AnswerValue:
        """The answer that a chosen key stands for."""
        return AnswerValue(option=key)

    def to_raw(self, question: Question, value: AnswerValue | None) -> RawAnswer:
        """The chosen keys."""
        return RawAnswer(value.keys) if value is not None else RawAnswer()

    def view(
        self, question: Question, content: FrameworkContent, raw: RawAnswer, error: AnswerError | None = None
    ) -> ChoicesView:
        """Radio buttons or checkboxes, "Not applicable" apart from the rest."""
        name = value_name(question.key)
        options = self.options(question, content)
        apart = options[-1].key if options[-1] is NOT_APPLICABLE_OPTION else None
        choices = tuple(
            Choice(
                id=f"{name}-{number}" if number > 1 else name,
                value=option.key,
                label=option.label,
                hint=self.option_hint(question, content, option.key),
                apart=option.key == apart,
            )
            for number, option in enumerate(options, start=1)
        )
        message = error.message if error else None
        return ChoicesView(
            self.macro, name, heading(question), self.hint(question), message, choices, raw.values
        )

    def hint(self, question: Question) -> str | None:
        """What stands below the question."""
        return hint(question)

    def option_hint(self, question: Question, content: FrameworkContent, key: str) -> str | None:
        """What stands below an answer to choose; None for nothing."""
        return None

    def display(self, question: Question, content: FrameworkContent, value: AnswerValue | None) -> str:
        """The labels of what was chosen."""
        if value is None:
            return NOT_ANSWERED
        labels = {option.key: option.label for option in self.options(question, content)}
        return "; ".join(labels.get(key, key) for key in value.keys)

    def export(self, question: Question, content: FrameworkContent, value: AnswerValue | None) -> Cell:
        """The labels of what was chosen."""
        return None if value is None else self.display(question, content, value)

    def scale(self, question: Question, content: FrameworkContent) -> Scale | None:
        """Choices between options are not graded."""
        return None


class GradeType(_Choosing):
    """A grade on one of the framework's scales, or "Not applicable" where the scale allows it."""

    key = QuestionType.GRADE
    label = "Grade"
    missing = "Select a grade"

    def options(self, question: Question, content: FrameworkContent) -> tuple[Option, ...]:
        """The grades, best first."""
        scale = self.scale(question, content)
        grades = tuple(Option(grade.key, grade.label) for grade in scale.grades)
        return (*grades, NOT_APPLICABLE_OPTION) if scale.not_applicable else grades

    def value_of(self, key: str) -> AnswerValue:
        """A grade, or "Not applicable" as an option, so that it is no grade to anything that counts."""
        return AnswerValue(option=key) if key == NOT_APPLICABLE else AnswerValue(grade=key)

    def option_hint(self, question: Question, content: FrameworkContent, key: str) -> str | None:
        """What that grade looks like, for this question or else in general."""
        if key == NOT_APPLICABLE:
            return None
        return question.descriptor(key) or self.scale(question, content).grade(key).descriptor

    def scale(self, question: Question, content: FrameworkContent) -> Scale:
        """The question's scale."""
        return content.scale(question.scale or "")

    def counted_key(self, value: AnswerValue | None) -> str | None:
        """The grade."""
        return value.grade if value is not None else None


class YesNoType(_Choosing):
    """Yes, partly, no or not applicable."""

    key = QuestionType.YES_NO
    label = "Yes, partly or no"
    missing = "Select yes, partly, no or not applicable"

    _OPTIONS = (*(Option(grade.key, grade.label) for grade in YES_NO_SCALE.grades), NOT_APPLICABLE_OPTION)

    def options(self, question: Question, content: FrameworkContent) -> tuple[Option, ...]:
        """The same four for every question."""
        return self._OPTIONS

    def scale(self, question: Question, content: FrameworkContent) -> Scale:
        """Yes is at the standard; partly and no are below it."""
        return YES_NO_SCALE

    def counted_key(self, value: AnswerValue | None) -> str | None:
        """Yes, partly or no."""
        return value.option if value is not None and not value.is_not_applicable else None


class SingleChoiceType(_Choosing):
    """One of the question's own options."""

    key = QuestionType.SINGLE_CHOICE
    label = "One choice"
    missing = "Select an answer"

    def options(self, question: Question, content: FrameworkContent) -> tuple[Option, ...]:
        """The question's options."""
        return question.options


class SeveralChoicesType(_Choosing):
    """As many of the question's own options as are true."""

    key = QuestionType.SEVERAL_CHOICES
    label = "Several choices"
    macro = "checkboxes"
    missing = "Select at least one answer"

    def options(self, question: Question, content: FrameworkContent) -> tuple[Option, ...]:
        """The question's options."""
        return question.options

    def parse(self, question: Question, content: FrameworkContent, raw: RawAnswer) -> AnswerValue | None:
        """The chosen answers in the framework's order. Raises AnswerError when one is not offered."""
        chosen = {value for value in raw.values if value}
        keys = self.condition_keys(question, content)
        if not chosen <= set(keys):
            raise self.error(question, "Select only answers that are listed")
        return AnswerValue(options=tuple(key for key in keys if key in chosen)) if chosen else None

    def hint(self, question: Question) -> str | None:
        """The guidance, and that several may be chosen."""
        return hint(question, "Select all that apply.")
