"""Recommendations and their state, as blocks of a report. Pure."""

from collections.abc import Sequence

from qa.analysis.wording import count
from qa.publishing.document import (
    Block,
    Column,
    Fact,
    Heading,
    KeyFacts,
    Paragraph,
    Run,
    Table,
    TableRow,
)
from qa.recommendations.lifecycle import ActionState
from qa.recommendations.records import ReportedAction, ReportedRecommendation
from qa.reports import wording


def recommendation_blocks(rows: Sequence[ReportedRecommendation]) -> list[Block]:
    """A summary table, then each recommendation with its actions."""
    blocks: list[Block] = [Heading(1, "Recommendations")]
    if not rows:
        return [*blocks, Paragraph("No recommendation has been made yet.")]
    blocks += [_overview(rows), Heading(2, "Each recommendation and its actions")]
    for row in rows:
        blocks.append(Heading(3, f"Recommendation {row.number}"))
        blocks.append(Paragraph((Run(row.text, bold=True),)))
        blocks.append(
            KeyFacts(
                (
                    Fact("Level and priority", f"{row.level.label}, {row.priority.label.lower()} priority"),
                    Fact("Measure of success", row.measure_of_success),
                    Fact("State", row.state.label),
                )
            )
        )
        blocks.append(_actions(row))
    return blocks


def _overview(rows: Sequence[ReportedRecommendation]) -> Table:
    columns = (
        Column("Number", "right"),
        Column("Recommendation"),
        Column("Priority"),
        Column("State"),
        Column("Actions verified", "right"),
        Column("Actions overdue", "right"),
    )
    body = []
    for row in rows:
        verified = sum(action.state is ActionState.VERIFIED for action in row.actions)
        overdue = sum(action.overdue for action in row.actions)
        standing = (row.priority.label, row.state.label, f"{verified} of {len(row.actions)}", str(overdue))
        body.append(TableRow((str(row.number), row.text, *standing)))
    return Table("Recommendations and their state", columns, tuple(body))


def _actions(row: ReportedRecommendation) -> Table:
    columns = (
        Column("Agency", width=2.4),
        Column("Action", width=3.6),
        Column("Due", width=1.8),
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
    late = f", overdue by {count(action.days_overdue, 'day')}" if action.overdue else ""
    return f"{action.state.label}{late}"
