"""What stands in each cell of a return's workbook: frozen values, pure."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import NamedTuple, TypeAlias

from qa.frameworks.answers import AnswerValue
from qa.frameworks.conditions import Visible, visible
from qa.frameworks.content import Condition, FrameworkContent, Question, Section, applies_to
from qa.frameworks.describing import condition_in_words, timescale_in_words
from qa.frameworks.editions import EditionTree
from qa.frameworks.types.base import heading
from qa.frameworks.vocabulary import EvidenceRule, QuestionType, Subject
from qa.returns.drafts import EMPTY, NO_ANSWER, FormKey, Mark, StoredAnswer, StoredFinding, values_of
from qa.returns.offline import keys
from qa.returns.records import Contents, ReturnRecord
from qa.returns.typed import finding_ref
from qa.returns.vocabulary import FindingKind

Value: TypeAlias = str | Decimal | date | None

# Empty rows for strengths and areas for improvement: as many as most sections need, and some more.
SPARE_ROWS, FEWEST_ROWS = 3, 6


class Kind(Enum):
    """What a row is."""

    TITLE = "title"
    NOTE = "note"
    HEADING = "heading"
    QUESTION = "question"
    OPTION = "option"
    FINDING = "finding"


class Row(NamedTuple):
    """One row of a sheet. key: its name in the hidden column, "" for a row that only says something.

    evidence: None where there is no box for it. choices: the words that the answer is chosen from. type: of
    the question.
    """

    kind: Kind
    text: str
    key: str = ""
    answer: Value = None
    evidence: str | None = None
    about: str = ""
    choices: tuple[str, ...] = ()
    type: QuestionType | None = None


class Sheet(NamedTuple):
    """One section's sheet."""

    name: str
    rows: tuple[Row, ...]


class Form(NamedTuple):
    """A whole workbook. facts: about the return, in words; identity: what is hidden, by name."""

    title: str
    facts: tuple[tuple[str, str], ...]
    identity: Mapping[str, str]
    sheets: tuple[Sheet, ...]


def lay_out(
    record: ReturnRecord, tree: EditionTree, held: Contents, profile: Mapping[str, str], key: FormKey
) -> Form:
    """The workbook of a return as it stands. key: of this download, as a page's form carries one.

    On it is what is asked now, and what another answer on it would bring up, with its condition in words.
    """
    marks: dict[str, str] = {}
    sheets: list[Sheet] = []
    new = dict.fromkeys(FindingKind, 0)
    for section, questions in offered(record, tree, profile, values_of(held.answers)):
        rows = list(_section_rows(section, questions, tree.content, held.answers, marks))
        mine = [one for one in held.findings if one.section_id == tree.ids.sections[section.key]]
        for kind in FindingKind:
            rows += _finding_rows(kind, mine, new, marks)
        sheets.append(Sheet(keys.sheet_name(len(sheets) + 1, section.title), tuple(rows)))
    identity = {
        keys.FORM: keys.FORMAT,
        "return": str(record.id),
        "edition": str(tree.id),
        "form": str(key),
        "case": record.case_reference,
        "agency": record.agency,
        **{f"mark {name}": mark for name, mark in marks.items()},
    }
    return Form(f"Return of {record.agency}", _facts(record, tree), identity, tuple(sheets))


def _facts(record: ReturnRecord, tree: EditionTree) -> tuple[tuple[str, str], ...]:
    case = () if tree.self_assessment else (("Case", record.case_reference),)
    due = f"{record.due_on.day} {record.due_on:%B %Y}"
    return (("Audit", record.audit_title), *case, ("Agency", record.agency), ("Due", due))


def offered(
    record: ReturnRecord,
    tree: EditionTree,
    profile: Mapping[str, str],
    values: Mapping[str, AnswerValue | None],
) -> Iterator[tuple[Section, list[Question]]]:
    """The sections and questions that are on the form, in order."""
    seen = visible(tree.content, record.sector, profile, values)
    for section in tree.content.sections:
        if not applies_to(section, record.sector):
            continue
        if section.key not in seen.sections and not _hangs_on_answers(section.only_if):
            continue
        questions = [one for one in section.questions if applies_to(one, record.sector)]
        questions = [one for one in questions if _may_be_asked(one, section, seen)]
        if questions:
            yield section, questions


def _may_be_asked(question: Question, section: Section, seen: Visible) -> bool:
    hangs = question.only_if is None or _hangs_on_answers(question.only_if)
    return question.key in seen.questions or (
        hangs and (question.only_if is not None or section.key not in seen.sections)
    )


def _hangs_on_answers(condition: Condition | None) -> bool:
    return condition is not None and any(one.subject is Subject.QUESTION for one in condition.clauses)


def _section_rows(
    section: Section,
    questions: Sequence[Question],
    content: FrameworkContent,
    answers: Mapping[str, StoredAnswer],
    marks: dict[str, str],
) -> Iterator[Row]:
    yield Row(Kind.TITLE, section.title)
    for said in (section.guidance, _when(section.only_if, content)):
        if said:
            yield Row(Kind.NOTE, said)
    yield Row(Kind.HEADING, "Question")
    for question in questions:
        stored = answers.get(question.key, NO_ANSWER)
        marks[keys.question_row(question.key)] = str(stored.mark)
        options = keys.options_of(question, content)
        chosen = question.type in keys.CHOSEN
        evidence = None if question.evidence is EvidenceRule.NONE else stored.evidence
        yield Row(
            Kind.QUESTION,
            heading(question),
            keys.question_row(question.key),
            _answer(question, stored.value, {option.key: option.label for option in options}),
            evidence,
            _about(question, content),
            tuple(option.label for option in options) if chosen else (),
            question.type,
        )
        if question.type is QuestionType.SEVERAL_CHOICES:
            ticked = stored.value.options if stored.value is not None else ()
            for key, label in options:
                answer = "Yes" if key in ticked else None
                row = keys.option_row(question.key, key)
                yield Row(Kind.OPTION, label, row, answer, choices=("Yes",))


def _answer(question: Question, value: AnswerValue | None, labels: Mapping[str, str]) -> Value:
    if value is None or question.type is QuestionType.SEVERAL_CHOICES:
        return None
    if value.keys:
        return labels.get(value.keys[0])
    return value.text if value.text is not None else value.number if value.number is not None else value.date


def _about(question: Question, content: FrameworkContent) -> str:
    """Guidance, when it is asked, and what each answer looks like."""
    said = [_when(question.only_if, content), question.guidance]
    if question.type is QuestionType.GRADE:
        scale = content.scale(question.scale or "")
        said += [
            f"{grade.label}: {words}"
            for grade in scale.grades
            if (words := question.descriptor(grade.key) or grade.descriptor)
        ]
    elif question.type is QuestionType.SEVERAL_CHOICES:
        said.append("Choose Yes beside each that applies.")
    elif question.type is QuestionType.DATE:
        timescale = timescale_in_words(question, content)
        said += [f"{timescale}." if timescale else "", "A date, such as 27/3/2025."]
    elif question.type is QuestionType.NUMBER:
        said.append(f"A number of {question.unit}." if question.unit else "A number.")
    if question.max_words is not None:
        said.append(f"{question.max_words:,} words at most.")
    if question.evidence_required_for:
        labels = {option.key: option.label for option in keys.options_of(question, content)}
        needed = "; ".join(labels.get(key, key) for key in question.evidence_required_for)
        said.append(f"Evidence is needed if you answer: {needed}.")
    return "\n".join(part for part in said if part)


def _when(condition: Condition | None, content: FrameworkContent) -> str:
    return f"Only if {condition_in_words(condition, content)}." if condition else ""


def _finding_rows(
    kind: FindingKind, mine: Sequence[StoredFinding], new: dict[FindingKind, int], marks: dict[str, str]
) -> Iterator[Row]:
    """The rows of one kind: those there are, and empty ones, numbered through all the sheets."""
    yield Row(Kind.HEADING, kind.plural, about="One point in each row.")
    present = [one for one in mine if one.kind == kind]
    for one in present:
        key = keys.finding_row(finding_ref(kind, one.id))
        marks[key] = str(one.mark)
        yield Row(Kind.FINDING, kind.label, key, one.text)
    for _ in range(max(SPARE_ROWS, FEWEST_ROWS - len(present))):
        new[kind] += 1
        key = keys.finding_row(finding_ref(kind, new[kind], new=True))
        marks[key] = str(Mark(0, EMPTY))
        yield Row(Kind.FINDING, kind.label, key)
