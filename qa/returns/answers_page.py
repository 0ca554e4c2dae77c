"""What a page of answers shows: each section with its answers, evidence and findings, and what is missing."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from qa.frameworks.conditions import visible
from qa.frameworks.content import Question
from qa.frameworks.editions import EditionTree
from qa.frameworks.timeliness import elapsed_at, timed_questions
from qa.frameworks.types import type_of
from qa.returns.drafts import NO_ANSWER, StoredAnswer, StoredFinding, values_of
from qa.returns.progress import SectionProgress
from qa.returns.records import Contents, ReturnRecord
from qa.returns.vocabulary import FindingKind


class Answered(NamedTuple):
    """One question with its answer in words. colour: of a grade, None for anything else.

    missing: (what is missing, id of its box); empty when nothing is. counted: how long it took since the date
    that a date is counted from.
    """

    question: Question
    answer: str
    colour: str | None
    evidence: str
    missing: tuple[tuple[str, str], ...]
    given: bool
    counted: str = ""


class AnsweredSection(NamedTuple):
    """One section with its answers and findings; findings: (kind, texts), kinds without any left out."""

    progress: SectionProgress
    answers: tuple[Answered, ...]
    findings: tuple[tuple[FindingKind, tuple[str, ...]], ...]


def answered_sections(
    record: ReturnRecord,
    tree: EditionTree,
    held: Contents,
    profile: Mapping[str, str],
    progress: Sequence[SectionProgress],
) -> list[AnsweredSection]:
    """Every section that is asked. Answers to questions that are not asked are kept, but not shown."""
    values = values_of(held.answers)
    seen = visible(tree.content, record.sector, profile, values)
    found = (
        (question.key, elapsed_at(question, values, seen.questions))
        for question in timed_questions(tree.content)
    )
    counted = {key: one.words for key, one in found if one}
    made = []
    for part in progress:
        answers = [
            _answered(
                question, tree, held.answers.get(question.key, NO_ANSWER), counted.get(question.key, "")
            )
            for question in part.section.questions
            if question.key in seen.questions
        ]
        section_id = tree.ids.sections[part.section.key]
        mine = [finding for finding in held.findings if finding.section_id == section_id]
        made.append(AnsweredSection(part, tuple(answers), _findings(mine)))
    return made


def _answered(question: Question, tree: EditionTree, stored: StoredAnswer, counted: str) -> Answered:
    kind, content = type_of(question), tree.content
    missing = kind.check_complete(question, content, stored.value, stored.evidence)
    scale, key = kind.scale(question, content), kind.counted_key(stored.value)
    colour = scale.grade(key).colour.value if scale is not None and key is not None else None
    return Answered(
        question,
        kind.display(question, content, stored.value),
        colour,
        stored.evidence,
        tuple((error.message, error.field) for error in missing),
        stored.value is not None,
        counted,
    )


def _findings(mine: Sequence[StoredFinding]) -> tuple[tuple[FindingKind, tuple[str, ...]], ...]:
    listed = ((kind, tuple(one.text for one in mine if one.kind == kind)) for kind in FindingKind)
    return tuple((kind, texts) for kind, texts in listed if texts)
