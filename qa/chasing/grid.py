"""The tracker's grid: what a cell says of a return. Pure."""

from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple

from qa.audits.lifecycle import ReturnState

SOON = 7
"""Days before the due date from which a return counts as due soon."""


class Show(StrEnum):
    """Which cases the tracker shows: those with at least one return of that kind."""

    ALL = "all"
    LATE = "late"
    SOON = "soon"
    OUT = "out"

    @property
    def label(self) -> str:
        """What people read."""
        return {
            Show.ALL: "All cases",
            Show.LATE: "With late returns",
            Show.SOON: f"With returns due within {SOON} days",
            Show.OUT: "With returns not in",
        }[self]


class Entry(NamedTuple):
    """One return in the grid. auditor: None for nobody. chased_at: when somebody was last written to."""

    id: int
    case_id: int
    agency_id: int
    second: bool
    state: ReturnState
    due_on: date
    submitted_at: datetime | None
    auditor: str | None
    chased_at: datetime | None = None

    def late(self, today: date) -> bool:
        """Whether it is not in and its due date is past."""
        return not self.state.complete and self.due_on < today

    def days(self, today: date) -> str:
        """How long there is until the due date, or how late it is; empty for one that is in."""
        return "" if self.state.complete else days_left(self.due_on, today)


def days_left(due_on: date, today: date) -> str:
    """Such as "due in 5 days", "due today", "3 days late"."""
    days = (due_on - today).days
    if days == 0:
        return "due today"
    number = f"{abs(days):,} day{'' if abs(days) == 1 else 's'}"
    return f"due in {number}" if days > 0 else f"{number} late"


class GridRow(NamedTuple):
    """One case: its returns by agency, a second auditor's after the first."""

    case_id: int
    reference: str
    agency: str | None
    entries: dict[int, tuple[Entry, ...]]
