"""Whether the question that grades a section was asked, from the few facts that decide it. Pure.

An answer stays when its question is no longer asked (the case turned out to be on another pathway), and must
not be counted then.
"""

from typing import NamedTuple

from qa.frameworks.content import Condition, FrameworkContent, Question
from qa.frameworks.vocabulary import Subject


class Deciding(NamedTuple):
    """Keys of the profile fields and questions that decide which section grades are asked, in order."""

    fields: tuple[str, ...]
    questions: tuple[str, ...]


def grade_questions(content: FrameworkContent) -> tuple[Question, ...]:
    """The questions that grade a section, in order."""
    return tuple(
        question
        for section in content.sections
        if (question := section.grade_question) is not None and question.scale
    )


def deciding(content: FrameworkContent) -> Deciding:
    """What the conditions of section grades look at, and what the conditions of that look at in turn."""
    fields: dict[str, None] = {}
    questions: dict[str, None] = {}
    waiting = list(grade_questions(content))
    while waiting:
        question = waiting.pop(0)
        for condition in (content.section_of(question.key).only_if, question.only_if):
            for subject, key in _looked_at(condition):
                if subject is Subject.PROFILE:
                    fields[key] = None
                elif key not in questions:
                    questions[key] = None
                    waiting.append(content.question(key))
    return Deciding(tuple(fields), tuple(questions))


def _looked_at(condition: Condition | None) -> list[tuple[Subject, str]]:
    return [(clause.subject, clause.key) for clause in condition.clauses] if condition else []
