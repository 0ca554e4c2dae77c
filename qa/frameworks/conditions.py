"""Which sections and questions are asked, given the sector, the case profile and the answers so far.

A condition is about an answer that is there. While what it looks at is not answered, or is not asked
itself, neither `is` nor `is_not` holds: otherwise questions would appear before the answer they depend on.
"""

from collections.abc import Mapping
from typing import NamedTuple

from qa.accounts.sectors import Sector
from qa.frameworks.answers import AnswerValue
from qa.frameworks.content import Clause, Condition, FrameworkContent, Question, applies_to
from qa.frameworks.vocabulary import Combine, Subject


class Visible(NamedTuple):
    """Keys of the sections and questions that are asked. A section without a question is not."""

    sections: frozenset[str]
    questions: frozenset[str]


def visible(
    content: FrameworkContent,
    sector: Sector | None,
    profile: Mapping[str, str],
    answers: Mapping[str, AnswerValue | None],
) -> Visible:
    """What is asked. sector: None for everybody's questions. profile: field key to answer key, for a case.

    answers: question key to answer; one that is missing or None is not answered. Answers to questions that
    are not asked are kept by the caller but count for nothing here.
    """
    facts = _Facts(profile, answers)
    sections: set[str] = set()
    for section in content.sections:
        if not applies_to(section, sector) or not facts.meet(section.only_if):
            continue
        for question in section.questions:
            if applies_to(question, sector) and facts.meet(question.only_if):
                facts.asked.add(question.key)
                sections.add(section.key)
    return Visible(frozenset(sections), frozenset(facts.asked))


def asked_of(content: FrameworkContent, sector: Sector | None) -> tuple[Question, ...]:
    """Every question that sector may be asked, whatever the answers, in order."""
    return tuple(
        question
        for section in content.sections
        if applies_to(section, sector)
        for question in section.questions
        if applies_to(question, sector)
    )


class _Facts:
    """What is known so far. A condition looks only at earlier questions, so one walk in order suffices."""

    def __init__(self, profile: Mapping[str, str], answers: Mapping[str, AnswerValue | None]) -> None:
        self.profile = profile
        self.answers = answers
        self.asked: set[str] = set()

    def meet(self, condition: Condition | None) -> bool:
        """Whether the condition holds; none always does."""
        if condition is None:
            return True
        held = (self._holds(clause) for clause in condition.clauses)
        return all(held) if condition.combine is Combine.ALL else any(held)

    def _holds(self, clause: Clause) -> bool:
        chosen = self._chosen(clause)
        if not chosen:
            return False
        return clause.negated == set(chosen).isdisjoint(clause.values)

    def _chosen(self, clause: Clause) -> tuple[str, ...]:
        if clause.subject is Subject.PROFILE:
            value = self.profile.get(clause.key)
            return (value,) if value else ()
        answer = self.answers.get(clause.key) if clause.key in self.asked else None
        return answer.keys if answer is not None else ()
