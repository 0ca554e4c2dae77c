"""Recommendations and their state, as blocks of a report. Pure."""

from collections.abc import Sequence

from qa.publishing.document import (
    Block,
    Column,
    Fact,
    Heading,
    KeyFacts,
    PageBreak,
    Paragraph,
    Table,
    TableRow,
)
from qa.recommendations.records import ReportedAction, ReportedRecommendation
from qa.reports import wording


def recommendation_blocks(rows: Sequence[ReportedRecommendation]) -> list[Block]:
    """A summary table, then each recommendation with its actions."""
    blocks: list[Block] = [PageBreak(), Heading(1, "Recommendations")]
    if not rows:
        return [*blocks, Paragraph("No recommendation has been made yet.")]
    blocks.append(_overview(rows))
    for row in rows:
        blocks.append(Heading(2, f"Recommendation {row.number}"))
        blocks.append(Paragraph(row.text, lead=True))
        blocks.append(
            KeyFacts(
                (
                    Fact("Level", row.level.value.capitalize()),
                    Fact("Priority", row.priority.value.capitalize()),
                    Fact("Measure of success", row.measure_of_success),
                    Fact("State", row.state.value.capitalize()),
                )
            )
        )
        blocks.append(_actions(row))
    return blocks


def _overview(rows: Sequence[ReportedRecommendation]) -> Table:
    columns = (
        Column("Number", "right", width=0.8),
        Column("Recommendation", width=5),
        Column("Priority", width=1.2),
        Column("State", width=1.2),
        Column("Actions verified", "right", width=1.4),
        Column("Overdue", "right", width=1.1),
    )
    body = tuple(
        TableRow(
            (
                str(row.number),
                row.text,
                row.priority.value.capitalize(),
                row.state.value.capitalize(),
                f"{sum(action.state.value == 'verified' for action in row.actions)} of {len(row.actions)}",
                str(sum(action.overdue for action in row.actions)),
            )
        )
        for row in rows
    )
    return Table("Recommendations and their state", columns, body)


def _actions(row: ReportedRecommendation) -> Table:
    columns = (
        Column("Agency", width=2),
        Column("Action", width=4),
        Column("Due", width=1.6),
        Column("State", width=1.8),
    )
    body = tuple(
        TableRow(
            (_who(action), action.text, wording.day(action.due_on) if action.due_on else "", _state(action))
        )
        for action in row.actions
    )
    return Table(f"Actions for recommendation {row.number}", columns, body, empty_text="No action yet.")


def _who(action: ReportedAction) -> str:
    return f"{action.agency} ({action.lead_name})" if action.lead_name else action.agency


def _state(action: ReportedAction) -> str:
    late = f", overdue by {wording.count(action.days_overdue, 'day')}" if action.overdue else ""
    return f"{action.state.label}{late}"
