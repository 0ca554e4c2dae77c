"""Hypothesis strategies that make answers to a framework's questions, and case profiles."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from hypothesis import strategies as st

from qa.frameworks.answers import AnswerValue
from qa.frameworks.content import NOT_APPLICABLE, PROFILE_YES_NO, FrameworkContent, Question, Scale
from qa.frameworks.vocabulary import QuestionType
from tests.unit.frameworks.strategies import answers_of, paragraphs, texts


def answers(question: Question, content: FrameworkContent) -> st.SearchStrategy[AnswerValue]:
    """Any answer that may be given to a question."""
    by_type: dict[QuestionType, Callable[[], st.SearchStrategy[AnswerValue]]] = {
        QuestionType.GRADE: lambda: _grades(content.scale(question.scale or "")),
        QuestionType.YES_NO: lambda: _one_of(answers_of(question, {})),
        QuestionType.SINGLE_CHOICE: lambda: _one_of(answers_of(question, {})),
        QuestionType.SEVERAL_CHOICES: lambda: _several(answers_of(question, {})),
        QuestionType.NUMBER: lambda: _numbers(question),
        QuestionType.DATE: lambda: st.dates(date(1900, 1, 1), date(2100, 12, 31)).map(
            lambda day: AnswerValue(date=day)
        ),
        QuestionType.SHORT_TEXT: lambda: (
            texts()
            .map(lambda text: " ".join(text.split()))
            .filter(bool)
            .map(lambda text: AnswerValue(text=text))
        ),
        QuestionType.LONG_TEXT: lambda: paragraphs().map(lambda text: AnswerValue(text=text)),
    }
    return by_type[question.type]()


def _grades(scale: Scale) -> st.SearchStrategy[AnswerValue]:
    grades = st.sampled_from([grade.key for grade in scale.grades]).map(lambda key: AnswerValue(grade=key))
    return grades | st.just(AnswerValue(option=NOT_APPLICABLE)) if scale.not_applicable else grades


def _one_of(keys_: tuple[str, ...]) -> st.SearchStrategy[AnswerValue]:
    return st.sampled_from(keys_).map(lambda key: AnswerValue(option=key))


def _several(keys_: tuple[str, ...]) -> st.SearchStrategy[AnswerValue]:
    chosen = st.sets(st.sampled_from(keys_), min_size=1)
    return chosen.map(lambda some: AnswerValue(options=tuple(key for key in keys_ if key in some)))


def _numbers(question: Question) -> st.SearchStrategy[AnswerValue]:
    low = Decimal(-9999) if question.min is None else question.min
    high = Decimal(9999) if question.max is None else question.max
    numbers = st.decimals(low, high, places=question.decimals, allow_nan=False, allow_infinity=False)
    return numbers.map(lambda number: AnswerValue(number=number))


@st.composite
def profiles(draw: st.DrawFn, content: FrameworkContent) -> dict[str, str]:
    """Values for some of a framework's profile fields."""
    values = {}
    for entry in content.profile:
        if draw(st.booleans()):
            choices = entry.choices or PROFILE_YES_NO
            values[entry.key] = draw(st.sampled_from([option.key for option in choices]))
    return values


@st.composite
def some_answers(draw: st.DrawFn, content: FrameworkContent) -> dict[str, AnswerValue]:
    """Answers to some of a framework's questions."""
    return {
        question.key: draw(answers(question, content))
        for question in content.questions
        if draw(st.booleans())
    }
