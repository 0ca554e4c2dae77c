"""Answers and findings of an edition that the audit was moved away from, as the pages show them. Pure."""

from collections import defaultdict
from typing import NamedTuple

from qa.frameworks.content import FrameworkContent
from qa.frameworks.editions import EditionTree
from qa.frameworks.types import type_of
from qa.frameworks.vocabulary import QuestionType
from qa.returns.drafts import StoredAnswer
from qa.returns.records import Contents
from qa.returns.vocabulary import FindingKind


class EarlierAnswer(NamedTuple):
    """One answer in words. again: the question is asked in this edition too, in another way."""

    key: str
    question: str
    section: str
    answer: str
    colour: str
    evidence: str
    again: bool
    graded: bool


class EarlierEdition(NamedTuple):
    """What a return holds of one other edition. findings: (section's title, kind in words, text)."""

    number: int
    answers: tuple[EarlierAnswer, ...]
    findings: tuple[tuple[str, str, str], ...] = ()

    @property
    def gone(self) -> tuple[EarlierAnswer, ...]:
        """Answers to questions that are no longer asked."""
        return tuple(answer for answer in self.answers if not answer.again)

    @property
    def again(self) -> tuple[EarlierAnswer, ...]:
        """Answers to questions that are asked again, in another way."""
        return tuple(answer for answer in self.answers if answer.again)


def earlier_editions(held: Contents, content: FrameworkContent) -> tuple[EarlierEdition, ...]:
    """What is kept of other editions, by edition. content: of the present one. Empty answers are left out."""
    asked = {question.key for question in content.questions}
    answers: defaultdict[int, list[EarlierAnswer]] = defaultdict(list)
    findings: defaultdict[int, list[tuple[str, str, str]]] = defaultdict(list)
    for tree, key, stored in held.elsewhere:
        if stored.value is not None or stored.evidence:
            answers[tree.number].append(_answer(tree, key, stored, key in asked))
    for finding in held.findings:
        place = held.sections_elsewhere.get(finding.section_id or 0)
        if place is not None:
            number, title = place
            findings[number].append((title, FindingKind(finding.kind).label, finding.text))
    return tuple(
        EarlierEdition(number, tuple(answers[number]), tuple(findings[number]))
        for number in sorted({*answers, *findings})
    )


def _answer(tree: EditionTree, key: str, stored: StoredAnswer, again: bool) -> EarlierAnswer:
    question, content = tree.content.question(key), tree.content
    kind = type_of(question)
    scale, counted = kind.scale(question, content), kind.counted_key(stored.value)
    return EarlierAnswer(
        key,
        question.text,
        content.section_of(key).title,
        kind.display(question, content, stored.value),
        scale.grade(counted).colour.value if scale is not None and counted is not None else "",
        stored.evidence,
        again,
        question.type is QuestionType.GRADE,
    )


def notes_to_answer_again(held: Contents) -> dict[str, str]:
    """By question key, what to say beside a question that was answered in another way before.

    Nothing beside one that has been answered since.
    """
    notes = {}
    for tree, key, stored in held.elsewhere:
        since = held.answers.get(key)
        if stored.value is None or (since is not None and since.value is not None):
            continue
        question = tree.content.question(key)
        said = type_of(question).display(question, tree.content, stored.value)
        if question.type is QuestionType.GRADE:
            notes[key] = (
                f"Needs grading again: you graded it {said} on the earlier scale (edition {tree.number})."
            )
        else:
            notes[key] = f"Needs answering again: you answered “{_short(said)}” in edition {tree.number}."
        if stored.evidence:
            notes[key] += f" Your evidence was: {stored.evidence}"
    return notes


def _short(text: str) -> str:
    return text if len(text) <= 300 else text[:299].rsplit(None, 1)[0] + "…"
