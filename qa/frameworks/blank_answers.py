"""How each type of question is answered on paper: boxes to tick, and room to write. Pure."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from qa.frameworks.content import FrameworkContent, Grade, Question
from qa.frameworks.describing import answers_in_words
from qa.frameworks.types import type_of
from qa.frameworks.vocabulary import EvidenceRule, QuestionRole, QuestionType
from qa.publishing.document import Block, Column, Paragraph, Table, TableRow, WritingSpace

BOX = "\N{BALLOT BOX}"
_NO_BREAK = "\N{NO-BREAK SPACE}"
_ONE_LINE = 80
"""Answers with more characters together stand one below the other."""
_WORDS_A_LINE = 12
_MOST_LINES = 14


def answer_blocks(question: Question, content: FrameworkContent) -> Iterator[Block]:
    """Where the answer goes, and its evidence."""
    match question.type:
        case QuestionType.GRADE | QuestionType.YES_NO:
            yield from _grades(question, content)
        case QuestionType.SINGLE_CHOICE:
            yield Paragraph(f"Tick one.\n{ticks([option.label for option in question.options])}")
        case QuestionType.SEVERAL_CHOICES:
            yield Paragraph(f"Tick all that apply.\n{ticks([option.label for option in question.options])}")
        case QuestionType.NUMBER:
            yield WritingSpace(number_words(question), 1)
        case QuestionType.DATE:
            yield WritingSpace("Date (day, month, year)", 1)
        case QuestionType.SHORT_TEXT:
            yield WritingSpace("Answer in a few words", 2)
        case QuestionType.LONG_TEXT:
            yield _long(question)
    yield from _evidence(question, content)


def ticks(labels: Sequence[str]) -> str:
    """Boxes to tick: beside each other where they fit a line, else one below the other."""
    boxes = [f"{BOX}{_NO_BREAK}{label}" for label in labels]
    if sum(map(len, boxes)) > _ONE_LINE:
        return "\n".join(boxes)
    return f"{_NO_BREAK * 3} ".join(box.replace(" ", _NO_BREAK) for box in boxes)


def number_words(question: Question) -> str:
    """What a number is written in, and between which bounds."""
    unit = f" ({question.unit})" if question.unit else ""
    low, high = question.min, question.max
    if low is not None and high is not None:
        return f"Number{unit}, from {_plain(low)} to {_plain(high)}"
    if low is not None:
        return f"Number{unit}, {_plain(low)} or more"
    return f"Number{unit}, {_plain(high)} or less" if high is not None else f"Number{unit}"


def _plain(number: Decimal) -> str:
    return f"{number.normalize():f}"


def _grades(question: Question, content: FrameworkContent) -> Iterator[Block]:
    scale = type_of(question).scale(question, content)
    if scale is None:
        return
    if question.descriptors or question.role is QuestionRole.SECTION_GRADE:
        described = [(grade, question.descriptor(grade.key) or grade.descriptor) for grade in scale.grades]
        yield _described("Tick one", described, not_applicable=scale.not_applicable)
        return
    labels = [grade.label for grade in scale.grades]
    yield Paragraph(f"Tick one.\n{ticks([*labels, 'Not applicable'] if scale.not_applicable else labels)}")


def _described(caption: str, grades: Sequence[tuple[Grade, str]], *, not_applicable: bool) -> Table:
    rows = [TableRow((f"{BOX}{_NO_BREAK}{grade.label}", words)) for grade, words in grades]
    if not_applicable:
        rows.append(TableRow((f"{BOX}{_NO_BREAK}Not applicable", "The question does not arise here.")))
    return Table(caption, (Column("Grade", width=1), Column("What it looks like", width=2.6)), tuple(rows))


def _long(question: Question) -> WritingSpace:
    if question.max_words is None:
        return WritingSpace("Answer", 8)
    lines = min(max(question.max_words // _WORDS_A_LINE, 5), _MOST_LINES)
    return WritingSpace(f"Answer, at most {question.max_words} words", lines)


def _evidence(question: Question, content: FrameworkContent) -> Iterator[Block]:
    if question.evidence is EvidenceRule.REQUIRED:
        yield WritingSpace("Evidence (always needed)", 5)
    elif question.evidence_required_for:
        labels = answers_in_words(question, content)
        named = ", ".join(f"“{labels.get(key, key)}”" for key in question.evidence_required_for)
        yield WritingSpace(f"Evidence (needed when the answer is {named})", 4)
    elif question.evidence is EvidenceRule.OPTIONAL:
        yield WritingSpace("Evidence (if you wish)", 3)
