"""A framework as a tool to fill in on paper: one document, for the PDF and for Word alike. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from qa.accounts.sectors import Sector
from qa.frameworks.blank_answers import answer_blocks, ticks
from qa.frameworks.content import FrameworkContent, ProfileField, Question, Scale, Section, applies_to
from qa.frameworks.describing import condition_in_words
from qa.frameworks.states import EditionState
from qa.frameworks.vocabulary import FrameworkKind, Subject
from qa.publishing.document import (
    Block,
    BulletList,
    Callout,
    Column,
    Heading,
    PageBreak,
    Paragraph,
    ReportDocument,
    Run,
    Table,
    TableRow,
    WritingSpace,
)

ROOM = "\n\N{NO-BREAK SPACE}"
MARKING = "OFFICIAL-SENSITIVE when filled in"
NOTES = {
    EditionState.DRAFT: "A draft, still being written: not for use in an audit.",
    EditionState.WITHDRAWN: "This edition has been withdrawn: not for use in a new audit.",
}


class BlankOf(NamedTuple):
    """What the tool is of. keeper: the area that keeps the framework, or "". sector: whose questions; None:
    everybody's. day: the date on the cover.
    """

    content: FrameworkContent
    number: int
    state: EditionState
    keeper: str
    day: date
    sector: Sector | None = None


def blank_tool(of: BlankOf) -> ReportDocument:
    """Everything an auditor without a screen needs, from how to fill it in to the last question."""
    content = of.content
    asked = f": questions for {of.sector.label.lower()}" if of.sector else ""
    return ReportDocument(
        title=content.name,
        organisation=of.keeper,
        reference="",
        protective_marking=MARKING,
        date=of.day,
        version=f"Edition {of.number}",
        status="Draft" if of.state is EditionState.DRAFT else "Issued",
        blocks=tuple(_blocks(of)),
        subtitle=f"Blank audit tool{asked}",
        illustrative_note=NOTES.get(of.state),
    )


def _blocks(of: BlankOf) -> Iterator[Block]:
    content = of.content
    yield from _filling_in(of)
    yield Heading(1, "Scales")
    for scale in content.scales:
        yield _scale(scale)
    if content.profile:
        yield Heading(1, "Profile" if _assesses_itself(content) else "Case profile")
        if not _assesses_itself(content):
            yield Paragraph("Never anything that says who the child is.")
        yield _profile(content.profile)
    yield PageBreak()
    yield from _questions(of)
    if content.sources:
        yield Heading(1, "What this tool rests on")
        yield BulletList(content.sources)


def _assesses_itself(content: FrameworkContent) -> bool:
    return content.kind is FrameworkKind.SELF_ASSESSMENT


def _filling_in(of: BlankOf) -> Iterator[Block]:
    itself = _assesses_itself(of.content)
    yield Heading(1, "How to fill in this tool")
    yield Paragraph(of.content.summary, lead=True)
    yield Callout(
        "Do not wait for the audit to end. Follow your agency's safeguarding procedures now, and tell "
        "whoever leads the audit that you have.",
        "If you think that a child may be unsafe",
    )
    who = "One copy for your agency." if itself else "One copy for each case, filled in by one agency."
    whole = " Every question is here, whichever sector it is for." if of.sector is None else ""
    yield BulletList(
        (
            who + whole,
            "Write no names: neither of children and families nor of staff."
            + ("" if itself else " A case has its reference."),
            "Tick one box for a grade. What a grade looks like stands beside it, or under “Scales”.",
            "Evidence says what in the record, or in what people told you, led to the answer.",
            "Where it says “Ask only when”, go past the question unless that is so.",
            "“Not applicable” is for a question that does not arise. It is left out of every percentage.",
            "Afterwards type the answers into Audit Together. Keep the paper as you keep a case record.",
        )
    )
    rows = ("Agency", "Filled in by (role, not name)", "Date") + (() if itself else ("Case reference",))
    columns = (Column("About this copy", width=1), Column("To fill in", width=2))
    yield Table("About this copy", columns, tuple(TableRow((row, ROOM)) for row in sorted(rows)))


def _scale(scale: Scale) -> Table:
    rows = [TableRow((grade.label, grade.descriptor)) for grade in scale.grades]
    note = "“Not applicable” may be ticked instead of a grade." if scale.not_applicable else None
    columns = (Column("Grade", width=1), Column("What it looks like", width=2.6))
    return Table(scale.name, columns, tuple(rows), note)


def _profile(fields: tuple[ProfileField, ...]) -> Table:
    rows = []
    for field in fields:
        said = "\n".join(
            words
            for words, shown in (
                (field.label, True),
                ("Needed", field.required),
                ("Decides which questions are asked", field.pathway),
            )
            if shown
        )
        rows.append(TableRow((said, ticks([choice.label for choice in field.choices]) or ROOM)))
    return Table("To tick or fill in", (Column("Fact", width=1), Column("Answer", width=2)), tuple(rows))


def _questions(of: BlankOf) -> Iterator[Block]:
    content = of.content
    numbers = {
        question.key: f"{place}.{number}"
        for place, section in enumerate(content.sections, 1)
        for number, question in enumerate(section.questions, 1)
    }
    yield Heading(1, "Questions")
    asked = [
        (place, section, questions)
        for place, section in enumerate(content.sections, 1)
        if (questions := _asked(section, of.sector))
    ]
    count = sum(len(questions) for _, _, questions in asked)
    if of.sector and count < len(content.questions):
        yield Paragraph(
            f"{count} of the tool's {len(content.questions)} questions are asked of this sector. They keep "
            "the numbers that they have for everybody."
        )
    for place, section, questions in asked:
        yield from _section(of, place, section, questions, numbers)


def _asked(section: Section, sector: Sector | None) -> list[Question]:
    if not applies_to(section, sector):
        return []
    return [question for question in section.questions if applies_to(question, sector)]


def _section(
    of: BlankOf, place: int, section: Section, questions: list[Question], numbers: Mapping[str, str]
) -> Iterator[Block]:
    yield Heading(2, f"{place}. {section.title}")
    if section.guidance:
        yield Paragraph(section.guidance)
    yield from _asked_when(of, section, "this section", numbers)
    for question in questions:
        optional = "" if question.required else " (optional)"
        yield Heading(3, f"{numbers[question.key]} {question.text}{optional}")
        yield from _asked_when(of, question, "", numbers)
        if question.guidance:
            yield Paragraph((Run(question.guidance, italic=True),), keep=True)
        if question.timescale:
            start = f"question {numbers[question.timescale.start]}"
            yield Paragraph(
                (Run("Within: ", bold=True), Run(f"{question.timescale.limit} of {start}")), keep=True
            )
        yield from answer_blocks(question, of.content)
    yield Heading(3, f"What stood out in “{section.title}”")
    yield WritingSpace("Strengths: what worked well, one point to a line", 4)
    yield WritingSpace("Areas for improvement: what should have been better, one point to a line", 4)


def _asked_when(
    of: BlankOf, item: Section | Question, what: str, numbers: Mapping[str, str]
) -> Iterator[Block]:
    """The condition in words, with the numbers of the questions that it looks at; and the sectors."""
    if item.only_if is not None:
        looked_at = [clause for clause in item.only_if.clauses if clause.subject is Subject.QUESTION]
        named = dict.fromkeys(numbers[clause.key] for clause in looked_at)
        see = f" ({_numbers(list(named))})" if named else ""
        asked = f"Ask {what} only when" if what else "Ask only when"
        yield Callout(f"{asked} {condition_in_words(item.only_if, of.content)}{see}.")
    if item.sectors and of.sector is None:
        labels = ", ".join(sector.label for sector in item.sectors)
        yield Paragraph((Run("For: ", bold=True), Run(labels)), keep=True)


def _numbers(numbers: Sequence[str]) -> str:
    """`question 1.2`, or `questions 1.2, 1.3 and 2.1`."""
    if len(numbers) == 1:
        return f"question {numbers[0]}"
    return f"questions {', '.join(numbers[:-1])} and {numbers[-1]}"
