"""What names the rows of the workbook, in its hidden column, and the words of its lists. Pure."""

import re
from collections import Counter
from collections.abc import Sequence

from qa.frameworks.content import FrameworkContent, Option, Question
from qa.frameworks.types import type_of
from qa.frameworks.vocabulary import QuestionType
from qa.frameworks.workbook.words import plain

FORM = "Audit Together return"
FORMAT = "1"
IDENTITY = "Identity"
KEYS, QUESTION, ANSWER, EVIDENCE, ABOUT = range(1, 6)
"""The columns of a section's sheet; that of the keys is hidden."""

CHOSEN = {QuestionType.GRADE, QuestionType.YES_NO, QuestionType.SINGLE_CHOICE}
"""Types of question that are answered by one word of a list."""

_NOT_IN_A_NAME = re.compile(r"[\[\]:*?/\\'\x00-\x1f]")


def question_row(key: str) -> str:
    """Names the row of a question."""
    return f"q:{key}"


def option_row(key: str, option: str) -> str:
    """Names the row of one choice of a question of several."""
    return f"o:{key}:{option}"


def finding_row(ref: str) -> str:
    """Names the row of a strength or an area for improvement."""
    return f"f:{ref}"


def options_of(question: Question, content: FrameworkContent) -> tuple[Option, ...]:
    """The answers to choose from, with words on one line that tell each from the others."""
    labels = {option.key: option.label for option in question.options}
    kind = type_of(question)
    scale = kind.scale(question, content)
    if scale is not None:
        labels = {grade.key: grade.label for grade in scale.grades}
    options = [(key, " ".join(labels.get(key, "Not applicable").split())) for key in _keys(question, content)]
    told = Counter(plain(label) for _, label in options)
    return tuple(
        Option(key, label if told[plain(label)] == 1 and label else f"{label} [{key}]".strip())
        for key, label in options
    )


def _keys(question: Question, content: FrameworkContent) -> Sequence[str]:
    return type_of(question).condition_keys(question, content)


def sheet_name(number: int, title: str) -> str:
    """A name that Excel takes for a section's sheet, and that no other section has."""
    return f"{number}. {' '.join(_NOT_IN_A_NAME.sub(' ', title).split())}"[:31].strip()
