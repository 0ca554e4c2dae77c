"""Tables and charts of a report document: what they hold, not how they look."""

from dataclasses import dataclass
from enum import Enum
from typing import Final, Literal, NamedTuple

from qa.publishing.palette import is_colour_token
from qa.publishing.plain_text import is_safe_link

HIDDEN: Final = "c"
"""Stands for a small number that disclosure control hides; prints as `c`."""

Figure = int | Literal["c"]
"""A count of zero or more, or `HIDDEN`."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A table cell, with a link to what is behind it or None."""

    text: str
    link: str | None = None

    def __post_init__(self) -> None:
        """Refuse a link that must not be followed."""
        check_link(self.link)


class Column(NamedTuple):
    """A column: its heading, `right` for numbers, and its share of the width or None to fit the contents."""

    heading: str
    align: Literal["left", "right"] = "left"
    width: float | None = None


class TableRow(NamedTuple):
    """One row, as long as the table has columns. `total` sets it apart as a sum of the rows above."""

    cells: tuple[str | Cell, ...]
    total: bool = False

    @property
    def full_cells(self) -> tuple[Cell, ...]:
        """Every cell as a `Cell`."""
        return tuple(Cell(cell) if isinstance(cell, str) else cell for cell in self.cells)

    @property
    def texts(self) -> tuple[str, ...]:
        """What every cell says."""
        return tuple([cell if isinstance(cell, str) else cell.text for cell in self.cells])

    @property
    def links(self) -> tuple[str | None, ...]:
        """Every cell's link, None where there is none."""
        return tuple([None if isinstance(cell, str) else cell.link for cell in self.cells])


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a caption. `row_headings`: the first column says what each row is about."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[TableRow, ...]
    note: str | None = None
    row_headings: bool = True
    empty_text: str = "None recorded."

    def __post_init__(self) -> None:
        """Refuse a table without columns, rows of another length and widths that are not above zero."""
        if not self.columns:
            raise ValueError(f"Table “{self.caption}” has no columns.")
        if any(column.width is not None and column.width <= 0 for column in self.columns):
            raise ValueError(f"Table “{self.caption}”: a column's width must be above zero.")
        for number, row in enumerate(self.rows, start=1):
            if len(row.cells) != len(self.columns):
                raise ValueError(
                    f"Table “{self.caption}”, row {number}: "
                    f"{len(row.cells)} cells for {len(self.columns)} columns."
                )


class ChartKind(Enum):
    """How bars that belong to one category stand: end to end, or one under the other."""

    STACKED = "stacked"
    BARS = "bars"


@dataclass(frozen=True, slots=True)
class Series:
    """One colour of bars: a value per category. `short` names it on the bars, else its initials do.

    `colour` is a token of `qa.publishing.palette`. `links`, where given, has a link or None per category.
    """

    label: str
    colour: str
    values: tuple[Figure, ...]
    short: str = ""
    links: tuple[str | None, ...] = ()

    def __post_init__(self) -> None:
        """Refuse an unknown colour, negative values, unsafe links and links that do not match the values."""
        if not is_colour_token(self.colour):
            raise ValueError(f"Series “{self.label}”: there is no colour token {self.colour!r}.")
        if any(value != HIDDEN and value < 0 for value in self.values):
            raise ValueError(f"Series “{self.label}”: values are whole numbers from 0, or HIDDEN.")
        if self.links and len(self.links) != len(self.values):
            raise ValueError(f"Series “{self.label}”: {len(self.links)} links for {len(self.values)} values.")
        for link in self.links:
            check_link(link)


@dataclass(frozen=True, slots=True)
class Chart:
    """Horizontal bars. `description` says in words what they show; `table` holds the same figures."""

    title: str
    description: str
    kind: ChartKind
    categories: tuple[str, ...]
    series: tuple[Series, ...]
    table: Table

    def __post_init__(self) -> None:
        """Refuse a chart without series and series that do not have one value per category."""
        if not self.series:
            raise ValueError(f"Chart “{self.title}” has no series.")
        for series in self.series:
            if len(series.values) != len(self.categories):
                raise ValueError(
                    f"Chart “{self.title}”, series “{series.label}”: {len(series.values)} values for "
                    f"{len(self.categories)} categories."
                )


def check_link(link: str | None) -> None:
    """Raise `ValueError` for a link that must not be followed from a report."""
    if link is not None and not is_safe_link(link):
        raise ValueError(f"{link!r} is not a link a report may carry: http, https, mailto, / or # only.")
