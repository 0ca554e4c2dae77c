"""The types of question: one class for each, and the table by which they are found."""

from collections.abc import Mapping
from types import MappingProxyType

from qa.frameworks.content import Question
from qa.frameworks.types.base import AnswerType
from qa.frameworks.types.choices import GradeType, SeveralChoicesType, SingleChoiceType, YesNoType
from qa.frameworks.types.quantities import DateType, NumberType
from qa.frameworks.types.texts import LongTextType, ShortTextType
from qa.frameworks.vocabulary import QuestionType

QUESTION_TYPES: Mapping[QuestionType, AnswerType] = MappingProxyType(
    {
        answer_type.key: answer_type
        for answer_type in (
            GradeType(),
            YesNoType(),
            SingleChoiceType(),
            SeveralChoicesType(),
            NumberType(),
            DateType(),
            ShortTextType(),
            LongTextType(),
        )
    }
)
"""Every type of question by its key."""


def type_of(question: Question) -> AnswerType:
    """The class that knows how the question is asked and answered."""
    return QUESTION_TYPES[question.type]
