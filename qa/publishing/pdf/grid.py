"""Rows and columns across pages: what tables, findings, summaries and boxes are drawn with.

Rows are laid out once; a piece of the grid is a pair of marks into them, so that thousands of rows part in no
time. A row that is higher than its page goes on over the next, line by line.
"""

from bisect import bisect_right
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Final, Literal, NamedTuple

from qa.publishing import palette
from qa.publishing.pdf.pen import Pen
from qa.publishing.pdf.pieces import Piece
from qa.publishing.typesetting.text import Lines

_TALL_ROW: Final = 150.0
"""A row higher than this many points may be parted between pages."""
_FEWEST_LINES: Final = 3
_HAIR: Final = 0.01
_SIGN: Final = 9.0
"""The size of the sign before a header."""


class Skin(NamedTuple):
    """How a grid looks. None: not drawn."""

    pad_x: float = 6.0
    pad_y: float = 4.5
    edge: str | None = None
    fill: str | None = None
    header_fill: str | None = None
    header_rule: str | None = palette.BRAND
    row_rule: str | None = palette.RULE
    last_rule: str | None = palette.STRONG_RULE
    pad_ends: float = 0.0
    sign: Literal["tick", "triangle"] | None = None


class GridRow(NamedTuple):
    """One row: a text and a link per column, how many lines high it is (at least 1) and a line's height."""

    cells: tuple[Lines, ...]
    links: tuple[str | None, ...]
    total: bool
    line_count: int
    leading: float


def grid_row(cells: tuple[Lines, ...], links: tuple[str | None, ...], total: bool = False) -> GridRow:
    """Return a row of `cells`, of which there is at least one."""
    count = max([len(cell.lines) for cell in cells])
    return GridRow(cells, links, total, count or 1, max([cell.style.leading for cell in cells]))


class Grid:
    """All rows of one grid, laid out. `lefts` are the columns' left edges, the padding left out."""

    def __init__(
        self,
        skin: Skin,
        lefts: tuple[float, ...],
        width: float,
        rows: list[GridRow],
        header: GridRow | None = None,
        caption: Lines | None = None,
        caption_continued: Lines | None = None,
    ) -> None:
        """Keep the rows and reckon their heights. The caption over later parts is `caption_continued`."""
        self.skin = skin
        self.lefts = lefts
        self.width = width
        self.rows = rows
        self.header = header
        self.caption = caption
        self.caption_continued = caption_continued
        self.heights = [row.line_count * row.leading + 2 * skin.pad_y for row in rows]
        self.sums = [0.0, *accumulate(self.heights)]

    def head_height(self, first: bool) -> float:
        """The height of the caption and the header over the first or a later part."""
        caption = self.caption if first else self.caption_continued
        header = self.header
        return (
            (caption.height + 5 if caption is not None else 0.0)
            + (header.line_count * header.leading + 2 * self.skin.pad_y if header is not None else 0.0)
            + self.skin.pad_ends
        )


class Mark(NamedTuple):
    """A place in a grid: before `line` of `row`."""

    row: int
    line: int


@dataclass(frozen=True, slots=True)
class GridPiece(Piece):
    """The part of a grid from `start` to `stop`."""

    grid: Grid
    start: Mark
    stop: Mark
    before: float = 0.0
    after: float = 0.0
    keep: bool = False

    @property
    def first(self) -> bool:
        """Whether the grid begins with it."""
        return self.start == (0, 0)

    @property
    def height(self) -> float:
        """The height with caption and header."""
        return self.grid.head_height(self.first) + self._reach(self.stop) + self.grid.skin.pad_ends

    @property
    def space_before(self) -> float:
        """Space above."""
        return self.before

    @property
    def space_after(self) -> float:
        """Space below."""
        return self.after

    @property
    def keep_with_next(self) -> bool:
        """Whether a note follows that belongs to it."""
        return self.keep and self.height < _TALL_ROW

    @property
    def least(self) -> float:
        """Caption, header and the first two rows, or the first lines of a tall one; all of a small grid."""
        if self.height <= _TALL_ROW:
            return self.height
        row = self.grid.rows[self.start.row]
        height = self.grid.heights[self.start.row]
        if height > _TALL_ROW:
            height = _FEWEST_LINES * row.leading + 2 * self.grid.skin.pad_y
        elif self.start.row + 1 < len(self.grid.rows):
            height += min(self.grid.heights[self.start.row + 1], _TALL_ROW / 2)
        return self.grid.head_height(self.first) + height + self.grid.skin.pad_ends

    def split(self, room: float) -> "tuple[GridPiece, GridPiece] | None":
        """Part it between rows, or within a row that is tall."""
        room = room - self.grid.head_height(self.first) - self.grid.skin.pad_ends
        at = self._last_mark(room)
        if at is None:
            return None
        return replace(self, stop=at, after=0.0), replace(self, start=at)

    def draw(self, pen: Pen, x: float, top: float) -> None:
        """Draw caption, header and rows."""
        grid, skin = self.grid, self.grid.skin
        caption = grid.caption if self.first else grid.caption_continued
        if caption is not None:
            pen.text(caption, x, top)
            top -= caption.height + 5
        body_height = self.height - (caption.height + 5 if caption is not None else 0.0)
        if skin.fill is not None:
            pen.box(x, top, grid.width, body_height, skin.fill)
        if skin.edge is not None:
            pen.box(x, top, 3.5, body_height, skin.edge)
        if grid.header is not None:
            top = self._draw_header(pen, x, top, grid.header)
        top -= skin.pad_ends
        last = self.stop.row + (1 if self.stop.line else 0)
        for number in range(self.start.row, last):
            top = self._draw_row(pen, x, top, number, number == last - 1)

    def _reach(self, mark: Mark) -> float:
        """The height of the rows from the start to `mark`."""
        grid = self.grid
        height = grid.sums[mark.row] - grid.sums[self.start.row]
        if self.start.line:
            height -= self.start.line * grid.rows[self.start.row].leading
        if mark.line:
            height += mark.line * grid.rows[mark.row].leading + 2 * grid.skin.pad_y
        return height

    def _last_mark(self, room: float) -> Mark | None:
        """The last place up to which the rows fit into `room`."""
        grid = self.grid
        cut = self.start.line * grid.rows[self.start.row].leading if self.start.line else 0.0
        row = bisect_right(grid.sums, grid.sums[self.start.row] + cut + room + _HAIR, self.start.row) - 1
        row = min(row, self.stop.row)
        if row < self.stop.row:
            mark = self._mark_in_row(row, room)
            if mark is not None:
                return mark
        if row == len(grid.rows) - 1 and grid.rows[row].total and row - self.start.row > 1:
            row -= 1
        return Mark(row, 0) if row > self.start.row else None

    def _mark_in_row(self, row: int, room: float) -> Mark | None:
        """A place within `row`, if it is tall enough to be parted and enough of it fits."""
        grid = self.grid
        if grid.heights[row] <= _TALL_ROW:
            return None
        from_line = self.start.line if row == self.start.row else 0
        left = room - (0.0 if row == self.start.row else self._reach(Mark(row, 0))) - 2 * grid.skin.pad_y
        lines = min(
            int((left + _HAIR) / grid.rows[row].leading),
            grid.rows[row].line_count - from_line - _FEWEST_LINES,
        )
        return Mark(row, from_line + lines) if lines >= _FEWEST_LINES else None

    def _draw_header(self, pen: Pen, x: float, top: float, header: GridRow) -> float:
        skin = self.grid.skin
        height = header.line_count * header.leading + 2 * skin.pad_y
        if skin.header_fill is not None:
            pen.box(x, top, self.grid.width, height, skin.header_fill)
        for left, cell in zip(self.grid.lefts, header.cells, strict=True):
            pen.text(cell, x + left, top - skin.pad_y - (height - 2 * skin.pad_y - cell.height))
        if skin.sign is not None and skin.edge is not None:
            draw_sign = pen.tick if skin.sign == "tick" else pen.triangle
            draw_sign(x + skin.pad_x, top - skin.pad_y - (header.leading - _SIGN) / 2, _SIGN, skin.edge)
        if skin.header_rule is not None:
            pen.rule(x, top - height, self.grid.width, skin.header_rule, 1.2)
        return top - height

    def _draw_row(self, pen: Pen, x: float, top: float, number: int, last: bool) -> float:
        grid, skin = self.grid, self.grid.skin
        row = grid.rows[number]
        from_line = self.start.line if number == self.start.row else 0
        to_line = self.stop.line if number == self.stop.row else None
        count = (row.line_count if to_line is None else to_line) - from_line
        height = count * row.leading + 2 * skin.pad_y
        if row.total:
            pen.box(x, top, grid.width, height, palette.TINT)
            pen.rule(x, top, grid.width, palette.STRONG_RULE, 0.9)
        for left, cell, link in zip(grid.lefts, row.cells, row.links, strict=True):
            part = cell if from_line == 0 and to_line is None else cell.part(from_line, to_line)
            if part.lines:
                pen.text(part, x + left, top - skin.pad_y)
                if link is not None:
                    pen.link_lines(part, x + left, top - skin.pad_y, link)
        colour = skin.last_rule if last and to_line is None else skin.row_rule
        if colour is not None:
            indent = skin.pad_x if skin.edge is not None else 0.0
            pen.rule(x + indent, top - height, grid.width - 2 * indent, colour)
        return top - height


def whole(grid: Grid, before: float = 0.0, after: float = 0.0, keep: bool = False) -> GridPiece:
    """Return the whole of `grid`, which has at least one row, as one piece."""
    return GridPiece(grid, Mark(0, 0), Mark(len(grid.rows), 0), before, after, keep)
