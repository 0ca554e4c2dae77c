"""Which facts decide whether a question was asked. Pure.

An answer stays when its question is no longer asked (the case turned out to be on another pathway), and must
not be counted then.
"""

from collections.abc import Iterable
from typing import NamedTuple

from qa.frameworks.content import Condition, FrameworkContent, Question
from qa.frameworks.vocabulary import Subject


class Deciding(NamedTuple):
    """Keys of the profile fields and questions that decide whether something is asked, in order.

    sectors: whether that depends on the agency's sector too.
    """

    fields: tuple[str, ...]
    questions: tuple[str, ...]
    sectors: bool = False

    @property
    def anything(self) -> bool:
        """Whether there is anything to decide: what depends on nothing is always asked."""
        return bool(self.fields or self.questions or self.sectors)


def grade_questions(content: FrameworkContent) -> tuple[Question, ...]:
    """The questions that grade a section, in order."""
    return tuple(
        question
        for section in content.sections
        if (question := section.grade_question) is not None and question.scale
    )


def deciding(content: FrameworkContent, questions: Iterable[Question]) -> Deciding:
    """What the conditions of those questions look at, and what the conditions of that look at in turn."""
    fields: dict[str, None] = {}
    found: dict[str, None] = {}
    sectors = False
    waiting = list(questions)
    while waiting:
        question = waiting.pop(0)
        section = content.section_of(question.key)
        sectors = sectors or bool(section.sectors or question.sectors)
        for condition in (section.only_if, question.only_if):
            for subject, key in _looked_at(condition):
                if subject is Subject.PROFILE:
                    fields[key] = None
                elif key not in found:
                    found[key] = None
                    waiting.append(content.question(key))
    return Deciding(tuple(fields), tuple(found), sectors)


def _looked_at(condition: Condition | None) -> list[tuple[Subject, str]]:
    return [(clause.subject, clause.key) for clause in condition.clauses] if condition else []
