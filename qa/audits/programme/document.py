"""A year's programme as a document: its picture, its table, what each audit is about."""

from qa.audits.programme.lines import PlannedLine
from qa.audits.programme.planned import Status
from qa.audits.programme.queries import YearView
from qa.db import today
from qa.publishing.document import (
    Block,
    Fact,
    Heading,
    KeyFacts,
    Paragraph,
    ReportDocument,
    Table,
    TableRow,
)
from qa.publishing.figures import Column
from qa.publishing.timeline import Timeline, TimelineBar, TimelineRow

MARKING = "OFFICIAL"
COLOURS = {
    Status.PLANNED: "grey",
    Status.UNDER_WAY: "blue",
    Status.DONE: "green",
    Status.POSTPONED: "yellow",
    Status.DROPPED: "orange",
    Status.CARRIED_OVER: "turquoise",
}
EMPTY = "No audit is planned in this year yet."
LEFT_OUT = "Audits that are confidential are never part of this document."


def programme_document(view: YearView) -> ReportDocument:
    """The programme as a document. view: without what is confidential."""
    return ReportDocument(
        title=f"Audit programme {view.year.label}",
        subtitle=view.area,
        organisation=_organisation(view),
        reference=f"Programme {view.year.label}",
        protective_marking=MARKING,
        date=today(),
        version=f"As of {today().day} {today():%B %Y}",
        status="",
        period=view.year.months_in_words,
        blocks=tuple(_blocks(view)),
    )


def _organisation(view: YearView) -> str:
    if view.programme.area is None:
        return "Safeguarding children partnerships"
    return f"{view.area} Safeguarding Children Partnership"


def _blocks(view: YearView) -> list[Block]:
    blocks: list[Block] = [Heading(1, "The year")]
    if view.programme.note:
        blocks += [Paragraph(text) for text in view.programme.note.split("\n\n") if text.strip()]
    if not view.rows:
        return [*blocks, Paragraph(EMPTY)]
    counted = ", ".join(f"{status.label.lower()} {count}" for status, count in view.counts)
    blocks += [
        Paragraph(
            f"{len(view.rows)} audits: {counted}. {LEFT_OUT}"
            if len(view.rows) > 1
            else f"1 audit: {counted}. {LEFT_OUT}"
        ),
        timeline(view),
        Heading(1, "The audits"),
    ]
    for row in view.rows:
        blocks += [Heading(2, row.title), KeyFacts(tuple(_facts(row)))]
    return blocks


def timeline(view: YearView) -> Timeline:
    """The year on one picture: a bar for each audit over the twelve months."""
    quarters = tuple(quarter.label for quarter in view.year.quarters)
    return Timeline(
        title=f"The year {view.year.months_in_words}",
        description="Each audit with the months of its dates or, before it starts, of its planned quarters.",
        columns=tuple(f"{month:%b}" for month in view.year.months),
        groups=quarters,
        rows=tuple(TimelineRow(row.title, tuple(_bars(row))) for row in view.rows),
        table=_table(view),
    )


def _bars(row: PlannedLine) -> list[TimelineBar]:
    found = [
        TimelineBar(span.first, span.last, _words(row, audit.area, audit.stage.label), COLOURS[row.status])
        for audit, span in row.spans
        if span is not None
    ]
    if found:
        return found
    span = row.planned_span
    return [TimelineBar(span.first, span.last, row.status.label, COLOURS[row.status])]


def _words(row: PlannedLine, area: str, stage: str) -> str:
    return f"{area}: {stage}" if len(row.audits) > 1 else stage


def _table(view: YearView) -> Table:
    columns = (
        Column("Audit", width=3.0),
        Column("When", width=2.2),
        Column("Method", width=2.0),
        Column("Lead", width=1.6),
        Column("Status", width=1.5),
    )
    rows = tuple(
        TableRow((row.title, when(row), row.method.label, row.lead or "Nobody yet", standing(row)))
        for row in view.rows
    )
    return Table(f"Audits of the year {view.year.label}", columns, rows)


def when(row: PlannedLine) -> str:
    """The quarter, and the months of its audit once there is one."""
    months = sorted({audit.months for audit in row.audits})
    return f"{row.quarters}. {'; '.join(months) or row.months}"


def standing(row: PlannedLine) -> str:
    """Where it stands: the stages of its audits, or its status."""
    if len(row.audits) == 1:
        return row.audits[0].stage.label
    if row.audits:
        return ", ".join(f"{audit.area}: {audit.stage.label.lower()}" for audit in row.audits)
    if row.carried_to:
        return f"{row.status.label} to {row.carried_to.label}"
    return row.status.label


def _facts(row: PlannedLine) -> list[Fact]:
    facts = [
        Fact("Theme", row.theme),
        Fact("Why", row.why),
        Fact("Method", row.method.label),
        Fact("Framework", row.framework or "Not chosen yet"),
        Fact("When", when(row)),
        Fact("Lead", row.lead or "Nobody yet"),
        Fact("Agencies", ", ".join(row.agencies)),
        Fact("Status", standing(row)),
        Fact("Why that is", row.state_reason if not row.audits else ""),
    ]
    return [fact for fact in facts if fact.text]
