"""Conditions, sectors and evidence rules in words, for people who read a framework. Pure."""

from collections.abc import Mapping
from typing import NamedTuple

from qa.frameworks.content import Clause, Condition, FrameworkContent, Question, Section
from qa.frameworks.types import type_of
from qa.frameworks.vocabulary import Combine, EvidenceRule, QuestionType, Subject


class Words(NamedTuple):
    """What is said beside a section or question: when it is asked, of whom, with what evidence.

    timescale: of a date.
    """

    when: str
    who: str
    evidence: str
    kind: str
    timescale: str = ""


def describe(content: FrameworkContent) -> Mapping[str, Words]:
    """Words for every section ("section:key") and question ("key")."""
    words: dict[str, Words] = {}
    for section in content.sections:
        words[f"section:{section.key}"] = Words(_when(section.only_if, content), _who(section), "", "")
        for question in section.questions:
            words[question.key] = Words(
                _when(question.only_if, content),
                _who(question),
                _evidence(question),
                _kind(question, content),
                timescale_in_words(question, content),
            )
    return words


def _who(item: Section | Question) -> str:
    return ", ".join(sector.label for sector in item.sectors)


def _when(condition: Condition | None, content: FrameworkContent) -> str:
    return f"Asked when {condition_in_words(condition, content)}" if condition else ""


def condition_in_words(condition: Condition, content: FrameworkContent) -> str:
    """A condition for the middle of a sentence. What it names and is not there goes by its key."""
    joint = " and " if condition.combine is Combine.ALL else " or "
    return joint.join(_clause(clause, content) for clause in condition.clauses)


def _clause(clause: Clause, content: FrameworkContent) -> str:
    subject, labels = clause.key, dict[str, str]()
    if clause.subject is Subject.PROFILE:
        entry = next((entry for entry in content.profile if entry.key == clause.key), None)
        if entry:
            subject, labels = entry.label, {option.key: option.label for option in entry.choices}
    else:
        question = next((question for question in content.questions if question.key == clause.key), None)
        if question:
            subject, labels = question.text.rstrip("?"), answers_in_words(question, content)
    values = " or ".join(f"“{labels.get(value, value)}”" for value in clause.values)
    return f"“{subject}” {'is not' if clause.negated else 'is'} {values}"


def timescale_in_words(question: Question, content: FrameworkContent) -> str:
    """A date's timescale: "Within 15 working days of “When was the strategy discussion?”"; "" without one."""
    if question.timescale is None:
        return ""
    start = next((one for one in content.questions if one.key == question.timescale.start), None)
    named = start.text if start else question.timescale.start
    return f"Within {question.timescale.limit} of “{named}”"


def answers_in_words(question: Question, content: FrameworkContent) -> dict[str, str]:
    """What can be answered, by key; without grades where the scale is not there."""
    labels = {option.key: option.label for option in question.options}
    graded = question.type is QuestionType.GRADE
    known = not graded or any(scale.key == question.scale for scale in content.scales)
    scale = type_of(question).scale(question, content) if known else None
    if scale:
        labels |= {grade.key: grade.label for grade in scale.grades}
    return {**labels, "not_applicable": "Not applicable"}


def _evidence(question: Question) -> str:
    if question.evidence is EvidenceRule.REQUIRED:
        return "Evidence required"
    if question.evidence_required_for:
        return "Evidence required for some answers"
    return "Evidence optional" if question.evidence is EvidenceRule.OPTIONAL else ""


def _kind(question: Question, content: FrameworkContent) -> str:
    if question.scale:
        return content.scale(question.scale).name
    return type_of(question).label
