"""Sections and questions of a draft as its pages list them."""

from collections.abc import Sequence
from typing import NamedTuple

from qa.accounts.sectors import Sector
from qa.frameworks.drafts.checks import DraftChecked, DraftProblem
from qa.frameworks.drafts.elements import Document, Kind, questions_of, sections_of
from qa.frameworks.drafts.subjects import condition_words, every_subject, scale_of
from qa.frameworks.types import QUESTION_TYPES
from qa.frameworks.vocabulary import QuestionRole, QuestionType

ROLES = {QuestionRole.SECTION_GRADE: "Section's grade", QuestionRole.IMPACT: "Impact"}


class ListRow(NamedTuple):
    """A section or question in a list. up, down: whether it can be moved so."""

    key: str
    words: str
    kind: str
    tags: Sequence[str]
    when: str
    who: str
    problems: Sequence[DraftProblem]
    up: bool
    down: bool
    questions: int = 0


def who(part: Document) -> str:
    """The sectors that are asked; "" for every one."""
    known = set(Sector)
    return ", ".join(Sector(key).label if key in known else str(key) for key in part.get("sectors") or ())


def section_rows(document: Document, checked: DraftChecked) -> list[ListRow]:
    """The sections, each with the problems of everything in it."""
    sections = sections_of(document)
    subjects = every_subject(document) if any("only_if" in section for section in sections) else {}
    inside: dict[str, list[DraftProblem]] = {}
    for problem in checked.problems:
        key = problem.key if problem.kind is Kind.SECTION else problem.section
        inside.setdefault(key or "", []).append(problem)
    return [
        ListRow(
            section["key"],
            str(section.get("title", "")),
            "",
            [f"Counts {section['weight']} times"] if section.get("weight", 1) != 1 else [],
            condition_words(section, subjects),
            who(section),
            inside.get(section["key"], ()),
            place > 0,
            place < len(sections) - 1,
            len(questions_of(section)),
        )
        for place, section in enumerate(sections)
    ]


def question_rows(document: Document, section: Document, checked: DraftChecked) -> list[ListRow]:
    """A section's questions. Its closing questions stay at its end, the others before them."""
    questions = questions_of(section)
    subjects = every_subject(document) if any("only_if" in question for question in questions) else {}
    rows, problems = [], _by_question(checked)
    for place, question in enumerate(questions):
        before, after = questions[place - 1] if place else None, questions[place + 1 : place + 2]
        closing = bool(question.get("role"))
        rows.append(
            ListRow(
                question["key"],
                str(question.get("text", "")),
                kind_words(document, question),
                _tags(question),
                condition_words(question, subjects),
                who(question),
                problems.get(question["key"], ()),
                before is not None and (not closing or bool(before.get("role"))),
                bool(after) and (closing or not after[0].get("role")),
            )
        )
    return rows


def _by_question(checked: DraftChecked) -> dict[str, list[DraftProblem]]:
    found: dict[str, list[DraftProblem]] = {}
    for problem in checked.problems:
        if problem.kind is Kind.QUESTION:
            found.setdefault(problem.key, []).append(problem)
    return found


def kind_words(document: Document, question: Document) -> str:
    """How a question is answered: the name of a grade's scale, or of its type."""
    kind = question.get("type")
    if kind == QuestionType.GRADE:
        scale = scale_of(document, question.get("scale", ""))
        return f"Grade: {scale.get('name', '')}" if scale else "Grade, no scale yet"
    words = QUESTION_TYPES[QuestionType(kind)].label if kind in set(QuestionType) else str(kind)
    options = len(question.get("options") or ())
    return f"{words}, {options} answers" if options else words


def _tags(question: Document) -> list[str]:
    tags = [ROLES[role] for role in QuestionRole if question.get("role") == role]
    if question.get("required") is False:
        tags.append("Optional")
    if question.get("evidence") == "required" or question.get("evidence_required_for"):
        tags.append("Evidence")
    if question.get("timescale"):
        tags.append("Timescale")
    if question.get("weight", 1) != 1:
        tags.append(f"Counts {question['weight']} times")
    return tags
