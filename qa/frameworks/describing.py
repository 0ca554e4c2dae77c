"""Conditions, sectors and evidence rules in words, for people who read a framework. Pure."""

from collections.abc import Mapping
from typing import NamedTuple

from qa.frameworks.content import Clause, Condition, FrameworkContent, Question, Section
from qa.frameworks.types import type_of
from qa.frameworks.vocabulary import Combine, EvidenceRule, Subject


class Words(NamedTuple):
    """What is said beside a section or question: when it is asked, of whom, with what evidence."""

    when: str
    who: str
    evidence: str
    kind: str


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
            )
    return words


def _who(item: Section | Question) -> str:
    return ", ".join(sector.label for sector in item.sectors)


def _when(condition: Condition | None, content: FrameworkContent) -> str:
    if condition is None:
        return ""
    joint = " and " if condition.combine is Combine.ALL else " or "
    return "Asked when " + joint.join(_clause(clause, content) for clause in condition.clauses)


def _clause(clause: Clause, content: FrameworkContent) -> str:
    if clause.subject is Subject.PROFILE:
        entry = content.profile_field(clause.key)
        subject, labels = entry.label, {option.key: option.label for option in entry.choices}
    else:
        question = content.question(clause.key)
        subject, labels = question.text.rstrip("?"), _answers(question, content)
    values = " or ".join(f"“{labels.get(value, value)}”" for value in clause.values)
    return f"“{subject}” {'is not' if clause.negated else 'is'} {values}"


def _answers(question: Question, content: FrameworkContent) -> dict[str, str]:
    labels = {option.key: option.label for option in question.options}
    scale = type_of(question).scale(question, content)
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
