"""The panel's board: agencies' answers on one case side by side, section by section. Pure.

Only what an agency was asked is shown; a grade it gave is never changed here or anywhere else.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from qa.accounts.sectors import Sector
from qa.frameworks.answers import AnswerValue
from qa.frameworks.conditions import visible
from qa.frameworks.content import FrameworkContent, Question, Section
from qa.frameworks.suggesting import Answers, Suggestion, suggest_for_section
from qa.frameworks.timeliness import elapsed_at
from qa.frameworks.types import type_of
from qa.frameworks.vocabulary import QuestionRole, QuestionType
from qa.moderation.divergence import is_apart, spread

LONGEST_IN_CELL = 140


class Answered(NamedTuple):
    """An answer and the evidence for it."""

    value: AnswerValue | None
    evidence: str = ""


class Side(NamedTuple):
    """One agency's submitted return. second: by a second auditor: shown, and counted in nothing."""

    return_id: int
    agency_id: int
    name: str
    short_name: str
    sector: Sector
    answers: Mapping[str, Answered]
    second: bool = False


class Agreed(NamedTuple):
    """What the panel agreed. grade: its key on the judgement scale, None for not applicable."""

    grade: str | None
    label: str
    colour: str
    reason: str
    decided_at: datetime
    decided_by: str
    version: int


class Noted(NamedTuple):
    """A finding on the case. agency: "" for the panel's own, else whose return it is of, in words."""

    id: int
    strength: bool
    kind: str
    text: str
    agency: str
    section: str | None


class Cell(NamedTuple):
    """One agency's answer. colour: of a grade's tag, "" for other answers. muted: there is no answer.

    words: the whole of an answer too long for the cell. counted: how long it took, of a date with a
    timescale.
    """

    agency: str
    text: str
    colour: str = ""
    muted: bool = False
    evidence: str = ""
    words: str = ""
    counted: str = ""

    @property
    def more(self) -> bool:
        """Whether there is more to read than the cell shows."""
        return bool(self.evidence or self.words)


class Row(NamedTuple):
    """One question. spread: steps between the best and the worst grade, None when nothing compares."""

    key: str
    text: str
    section_grade: bool
    cells: tuple[Cell, ...]
    spread: int | None

    @property
    def apart(self) -> bool:
        """Whether grades lie two or more apart."""
        return is_apart(self.spread)

    @property
    def details(self) -> tuple[Cell, ...]:
        """The cells with evidence or long words behind them."""
        return tuple(cell for cell in self.cells if cell.more)


class SectionBoard(NamedTuple):
    """One section. rows: those shown; hidden: how many are not, since only divergent ones were asked for.

    suggestion: the grade that all agencies' answers suggest, None where there is nothing to count.
    """

    key: str
    title: str
    rows: tuple[Row, ...]
    hidden: int
    apart: int
    grades: Row | None
    findings: tuple[Noted, ...]
    agreed: Agreed | None
    suggestion: Suggestion | None = None

    @property
    def strengths(self) -> tuple[Noted, ...]:
        """Findings of strength."""
        return tuple(finding for finding in self.findings if finding.strength)

    @property
    def improvements(self) -> tuple[Noted, ...]:
        """Findings of something to improve."""
        return tuple(finding for finding in self.findings if not finding.strength)


class Board(NamedTuple):
    """A case side by side. findings: those of no section. overall: the agreed grade of the whole case."""

    sides: tuple[Side, ...]
    sections: tuple[SectionBoard, ...]
    findings: tuple[Noted, ...]
    overall: Agreed | None

    @property
    def apart(self) -> int:
        """Questions with grades two or more apart."""
        return sum(section.apart for section in self.sections)

    @property
    def agreed(self) -> int:
        """Sections with an agreed grade."""
        return sum(section.agreed is not None for section in self.sections)


def build(
    content: FrameworkContent,
    profile: Mapping[str, str],
    sides: Sequence[Side],
    findings: Sequence[Noted],
    judgements: Mapping[str | None, Agreed],
    *,
    only_apart: bool = False,
) -> Board:
    """Put the agencies' answers side by side.

    profile: field key to answer key. judgements: by section key, the whole case's under None. only_apart:
    leave out questions whose grades lie less than two apart. A section is on the board when any agency was
    asked it, or when something was agreed or found in it. What lies apart and what is suggested is told from
    first returns alone.
    """
    seen = {side.return_id: _seen(content, profile, side) for side in sides}
    firsts = [seen[side.return_id] for side in sides if not side.second]
    sections = []
    for section in content.sections:
        rows = [
            _row(content, question, sides, seen)
            for question in section.questions
            if any(question.key in one.asked for one in seen.values())
        ]
        noted = tuple(finding for finding in findings if finding.section == section.key)
        agreed = judgements.get(section.key)
        if rows or noted or agreed:
            suggested = suggest_for_section(content, section, firsts)
            sections.append(_section(section, rows, noted, agreed, suggested, only_apart=only_apart))
    rest = tuple(finding for finding in findings if finding.section is None)
    return Board(tuple(sides), tuple(sections), rest, judgements.get(None))


def _seen(content: FrameworkContent, profile: Mapping[str, str], side: Side) -> Answers:
    values = {key: answered.value for key, answered in side.answers.items()}
    return Answers(visible(content, side.sector, profile, values).questions, values)


def _section(
    section: Section,
    rows: Sequence[Row],
    noted: tuple[Noted, ...],
    agreed: Agreed | None,
    suggestion: Suggestion | None,
    *,
    only_apart: bool,
) -> SectionBoard:
    shown = tuple(row for row in rows if row.apart or not only_apart)
    return SectionBoard(
        section.key,
        section.title,
        shown,
        len(rows) - len(shown),
        sum(row.apart for row in rows),
        next((row for row in rows if row.section_grade), None),
        noted,
        agreed,
        suggestion,
    )


def _row(
    content: FrameworkContent, question: Question, sides: Sequence[Side], seen: Mapping[int, Answers]
) -> Row:
    return Row(
        question.key,
        question.text,
        question.role is QuestionRole.SECTION_GRADE,
        tuple(_cell(content, question, side, seen[side.return_id].asked) for side in sides),
        _spread(content, question, sides, seen),
    )


def _spread(
    content: FrameworkContent, question: Question, sides: Sequence[Side], seen: Mapping[int, Answers]
) -> int | None:
    if question.scale is None:
        return None
    given = (
        side.answers[question.key].value
        for side in sides
        if not side.second and question.key in side.answers and question.key in seen[side.return_id].asked
    )
    return spread(content.scale(question.scale), (value.grade for value in given if value))


def spreads(
    content: FrameworkContent, profile: Mapping[str, str], sides: Sequence[Side]
) -> tuple[int | None, ...]:
    """For each graded question, in order, how far the grades of the agencies that were asked lie apart.

    Those of second returns are left out.
    """
    if sum(not side.second for side in sides) < 2:
        return ()
    seen = {side.return_id: _seen(content, profile, side) for side in sides}
    return tuple(_spread(content, question, sides, seen) for question in content.questions if question.scale)


def _cell(content: FrameworkContent, question: Question, side: Side, asked: Collection[str]) -> Cell:
    if question.key not in asked:
        return Cell(side.short_name, "Not asked", muted=True)
    answered = side.answers.get(question.key, Answered(None))
    value, evidence = answered.value, answered.evidence.strip()
    text = type_of(question).display(question, content, value)
    if value is None:
        return Cell(side.short_name, text, muted=True, evidence=evidence)
    if value.grade is not None and question.scale:
        colour = content.scale(question.scale).grade(value.grade).colour
        return Cell(side.short_name, text, colour.value, evidence=evidence)
    if question.type is QuestionType.LONG_TEXT or len(text) > LONGEST_IN_CELL:
        short = _shortened(text)
        return Cell(side.short_name, short, evidence=evidence, words=text if short != text else "")
    return Cell(
        side.short_name,
        text,
        muted=value.is_not_applicable,
        evidence=evidence,
        counted=_counted(question, side, asked),
    )


def _counted(question: Question, side: Side, asked: Collection[str]) -> str:
    if question.timescale is None:
        return ""
    values = {key: answered.value for key, answered in side.answers.items()}
    found = elapsed_at(question, values, asked)
    return found.words if found else ""


def _shortened(text: str) -> str:
    if len(text) <= LONGEST_IN_CELL:
        return text
    return text[:LONGEST_IN_CELL].rsplit(None, 1)[0].rstrip(",.;:") + "…"
