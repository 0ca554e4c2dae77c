"""The summary of one case as a ReportDocument: profile, agencies' answers side by side, the panel's words.

All of it as far as the person who asks may read it.
"""

from collections.abc import Iterator
from typing import NamedTuple

from qa.accounts.permissions import CurrentPerson
from qa.db import LONDON, today
from qa.feedback.records import Entry
from qa.feedback.vocabulary import Sought
from qa.moderation.board import Agreed, Cell, Noted, Row, SectionBoard
from qa.moderation.case_reading import CaseAsRead, case_as_read
from qa.publishing.document import (
    Block,
    Callout,
    Column,
    Definition,
    Definitions,
    Fact,
    FindingItem,
    FindingKind,
    FindingList,
    Heading,
    KeyFacts,
    Paragraph,
    ReportDocument,
    Run,
    Table,
    TableRow,
)
from qa.publishing.plain_text import slug
from qa.reports import summary_wording, wording
from qa.reports.records import USUAL_MARKING
from qa.reports.thematic import ILLUSTRATIVE

BELOW = "See below"
LONGEST = 60
"""Letters of an answer that still stands in a narrow column."""


class CaseSummary(NamedTuple):
    """The document, with what the trail and the file's name need. own: numbers of the returns in it, where it
    holds those of the reader's own agency alone.
    """

    case_id: int
    area_id: int
    reference: str
    document: ReportDocument
    own: tuple[int, ...] = ()

    @property
    def file_name(self) -> str:
        """Of its PDF."""
        return f"{slug(self.reference)}-summary.pdf"


def case_summary(person: CurrentPerson, audit_id: int, case_id: int) -> CaseSummary:
    """The summary of a case for this person, in eight statements once the edition is in memory.

    Raises NotFound when the person may read neither the case nor a return on it.
    """
    read = case_as_read(person, audit_id, case_id)
    audit = read.audit
    document = ReportDocument(
        title=read.name,
        subtitle=f"Summary for the audit {audit.title}",
        organisation=f"{audit.area.name} Safeguarding Children Partnership",
        reference=audit.reference,
        protective_marking=USUAL_MARKING,
        date=today(),
        version=summary_wording.as_of(panel=read.panel, whole=read.whole),
        status="Draft",
        period=wording.period(audit.period_start, audit.period_end),
        illustrative_note=ILLUSTRATIVE if audit.illustrative else None,
        blocks=tuple(_blocks(read)),
    )
    reference = f"{audit.reference}-{read.case.agency.name if read.case.agency else read.case.reference}"
    own = () if read.whole else tuple(side.return_id for side in read.board.sides)
    return CaseSummary(case_id, audit.area_id, reference, document, own)


def _blocks(read: CaseAsRead) -> Iterator[Block]:
    yield Heading(1, "About this case" if read.case.agency is None else "About this self-assessment")
    yield Paragraph(summary_wording.holds(panel=read.panel, whole=read.whole))
    if read.profile:
        yield KeyFacts(tuple(Fact(label, value) for label, value in read.profile))
    yield from _returns(read)
    if read.panel:
        yield Heading(1, "Agreed by the panel")
        yield from _overall(read)
    yield Heading(1, "Answers, section by section")
    if not read.board.sections:
        yield Paragraph("Nothing has been answered yet.")
    for section in read.board.sections:
        yield from _section(section, read)
    if read.board.findings:
        yield Heading(1, "Findings about the whole case")
        yield from _findings(read.board.findings)
    if read.views:
        yield Heading(1, "Views of the child, family and practitioners")
        for entry in read.views:
            yield from _view(entry)
    if read.earlier:
        yield Callout(summary_wording.EARLIER, "Earlier answers")


def _returns(read: CaseAsRead) -> Iterator[Block]:
    if not read.returns:
        yield Paragraph("No return has been asked for yet.")
        return
    rows = tuple(
        TableRow((one.agency, f"{one.state.label}: {one.reason}" if one.reason else one.state.label))
        for one in read.returns
    )
    yield Table("Returns", (Column("Agency", width=3), Column("State", width=4)), rows)


def _overall(read: CaseAsRead) -> Iterator[Block]:
    if read.board.overall is None:
        yield Paragraph("The panel has not agreed a grade for the whole yet.")
    else:
        yield _agreed(read.board.overall)
    rows = tuple(
        TableRow((section.title, section.agreed.label if section.agreed else "Not agreed yet"))
        for section in read.board.sections
    )
    if rows:
        yield Table("Agreed grades by section", (Column("Section", width=4), Column("Grade", width=2)), rows)


def _agreed(agreed: Agreed) -> Block:
    facts = [Fact("Agreed grade", agreed.label), Fact("Reason", agreed.reason or "None given")]
    return KeyFacts((*facts, Fact("Agreed on", wording.day(agreed.decided_at.astimezone(LONDON).date()))))


def _section(section: SectionBoard, read: CaseAsRead) -> Iterator[Block]:
    yield Heading(2, section.title)
    if section.rows and read.board.sides:
        names = tuple(side.short_name for side in read.board.sides)
        # The questions get a third of the width, however many agencies stand beside them.
        columns = (Column("Question", width=max(2, len(names))), *(Column(name, width=2) for name in names))
        yield Table("Answers side by side", columns, tuple(_side_by_side(row) for row in section.rows))
    for row in section.rows:
        yield from _words(row)
    if section.agreed:
        yield Paragraph((Run("What the panel agreed", bold=True),), keep=True)
        yield _agreed(section.agreed)
    yield from _findings(section.findings)


def _side_by_side(row: Row) -> TableRow:
    return TableRow((row.text, *(BELOW if _is_long(cell) else cell.text or "–" for cell in row.cells)))


def _is_long(cell: Cell) -> bool:
    """Whether an answer would make its column of the table a page long."""
    return bool(cell.words) or (len(cell.text) > LONGEST and not cell.colour)


def _words(row: Row) -> Iterator[Block]:
    """What stands behind a row: evidence, and answers too long for the table."""
    behind = tuple(
        Definition(cell.agency, _behind(cell)) for cell in row.cells if cell.evidence or _is_long(cell)
    )
    if behind:
        yield Paragraph((Run(row.text, bold=True),), keep=True)
        yield Definitions(behind)


def _behind(cell: Cell) -> str:
    long = (cell.words or cell.text) if _is_long(cell) else ""
    return "\n\n".join(text for text in (long, cell.evidence) if text)


def _view(entry: Entry) -> Iterator[Block]:
    """What one person said of the work, or why there are no views of theirs."""
    yield Heading(2, entry.voice.label)
    if entry.outcome is not Sought.GIVEN:
        yield Paragraph(f"{entry.outcome.label}. {entry.reason}".strip())
        return
    facts = [Fact("Did they feel listened to?", entry.listened.label)] if entry.listened else []
    facts += [Fact(question, text) for question, text in entry.answered]
    if facts:
        yield KeyFacts(tuple(facts))


def _findings(noted: tuple[Noted, ...]) -> Iterator[Block]:
    for kind, strength in ((FindingKind.STRENGTH, True), (FindingKind.IMPROVEMENT, False)):
        of_kind = tuple(one for one in noted if one.strength is strength)
        if of_kind:
            items = (FindingItem(f"{one.text} ({one.agency or 'the panel'})") for one in of_kind)
            yield FindingList(kind, tuple(items))
