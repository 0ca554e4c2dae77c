"""Whether an answer to a question of one edition is an answer to it in another. Pure.

Keys decide: a question, a grade or a choice that keeps its key is the same, however it is worded now.
"""

from collections.abc import Iterator

from qa.frameworks.content import FrameworkContent, ProfileField, Question, Scale
from qa.frameworks.types import type_of
from qa.frameworks.vocabulary import QuestionType


def differences(
    old: Question, new: Question, before: FrameworkContent, after: FrameworkContent
) -> Iterator[str]:
    """Why no answer to the one question is an answer to the other; nothing when answers mean the same."""
    if old.type is not new.type:
        yield f"It was answered by {type_of(old).label.lower()}, and is now by {type_of(new).label.lower()}"
    elif old.type is QuestionType.GRADE:
        mine, theirs = before.scale(old.scale or ""), after.scale(new.scale or "")
        if not same_grades(mine, theirs):
            yield "It is graded on another scale" if mine.key != theirs.key else "Its scale has other grades"
    elif old.type is QuestionType.NUMBER and old.unit != new.unit:
        yield f"It is counted in {new.unit or 'no unit'}, and was in {old.unit or 'no unit'}"
    elif old.type is QuestionType.NUMBER and _narrower(old, new):
        yield "It takes fewer numbers than before"


def same_grades(old: Scale, new: Scale) -> bool:
    """Whether a grade on the one scale is a grade on the other: the same keys in the same order, and the
    same of them at the standard. Words may differ.
    """
    return [(grade.key, grade.meets_standard) for grade in old.grades] == [
        (grade.key, grade.meets_standard) for grade in new.grades
    ]


def _narrower(old: Question, new: Question) -> bool:
    low = new.min is not None and (old.min is None or new.min > old.min)
    high = new.max is not None and (old.max is None or new.max < old.max)
    return low or high or new.decimals < old.decimals


def withdrawn(
    old: Question, new: Question, before: FrameworkContent, after: FrameworkContent
) -> frozenset[str]:
    """Keys of answers that the one question offers and the other does not."""
    offered = frozenset(type_of(old).condition_keys(old, before))
    return offered - frozenset(type_of(new).condition_keys(new, after))


def withdrawn_options(old: ProfileField, new: ProfileField) -> frozenset[str]:
    """Keys of choices that the one field offers and the other does not."""
    return frozenset(option.key for option in old.options) - {option.key for option in new.options}
