"""A timeline: bars over equal stretches of time, such as months. What it holds, not how it looks."""

from dataclasses import dataclass
from typing import NamedTuple

from qa.publishing.figures import Table
from qa.publishing.palette import is_colour_token


class TimelineBar(NamedTuple):
    """A bar from one column to another, both counted from 0 and filled; `text` says what it stands for.

    `colour` is a token of `qa.publishing.palette`.
    """

    first: int
    last: int
    text: str
    colour: str


class TimelineRow(NamedTuple):
    """What the bars of a line are about."""

    label: str
    bars: tuple[TimelineBar, ...]


@dataclass(frozen=True, slots=True)
class Timeline:
    """Bars over columns. `groups` divide the columns evenly. `table` holds the same as words."""

    title: str
    description: str
    columns: tuple[str, ...]
    groups: tuple[str, ...]
    rows: tuple[TimelineRow, ...]
    table: Table

    def __post_init__(self) -> None:
        """Refuse bars outside the columns, unknown colours, and groups that do not divide the columns."""
        if not self.columns or not self.groups or len(self.columns) % len(self.groups):
            raise ValueError(f"Timeline “{self.title}”: the groups must divide the columns evenly.")
        for row in self.rows:
            for bar in row.bars:
                if not 0 <= bar.first <= bar.last < len(self.columns):
                    raise ValueError(f"Timeline “{self.title}”, “{row.label}”: a bar outside the columns.")
                if not is_colour_token(bar.colour):
                    raise ValueError(f"Timeline “{self.title}”: there is no colour token {bar.colour!r}.")
