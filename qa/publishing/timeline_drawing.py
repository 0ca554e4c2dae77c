"""A `Timeline` becomes ReportLab drawings, vector in the PDF and inline SVG on the web page.

Every bar carries its words: inside where they fit, else beside it. Nothing is told by colour alone.
"""

from collections.abc import Iterator
from typing import Final, NamedTuple

from reportlab.graphics.shapes import Drawing, Line

from qa.publishing import palette
from qa.publishing.charts import add_text, colour_of, filled
from qa.publishing.plain_text import one_line
from qa.publishing.timeline import Timeline, TimelineBar
from qa.publishing.typesetting.text import Lines, TextStyle, natural_widths, set_text

_LABEL_STYLE: Final = TextStyle(9, 11.5)
_BAR_STYLE: Final = TextStyle(8.5, 11, bold=True)
_BESIDE_STYLE: Final = TextStyle(8.5, 11)
_HEAD_STYLE: Final = TextStyle(8.5, 12, palette.SOFT_INK, bold=True)
_COLUMN_STYLE: Final = TextStyle(8, 12, palette.SOFT_INK)
_LABEL_SHARE: Final = 0.32
_LABEL_GAP: Final = 8.0
_BAR_HEIGHT: Final = 15.0
_BAR_GAP: Final = 2.0
_ROW_GAP: Final = 9.0
_PADDING: Final = 4.0
_MOST_LABEL_LINES: Final = 4
_NOTHING: Final = "There is nothing to show."


class _Row(NamedTuple):
    label: Lines
    bars: tuple[TimelineBar, ...]

    @property
    def bars_height(self) -> float:
        return len(self.bars) * (_BAR_HEIGHT + _BAR_GAP) - _BAR_GAP

    @property
    def height(self) -> float:
        return max(self.label.height, self.bars_height, _BAR_HEIGHT) + _ROW_GAP


class _Plan(NamedTuple):
    """Measures that all parts share, in points."""

    timeline: Timeline
    width: float
    bars_from: float
    column: float
    rows: tuple[_Row, ...]

    @property
    def head(self) -> float:
        return _HEAD_STYLE.leading + _COLUMN_STYLE.leading + 4

    def parts(self, most_height: float | None) -> Iterator[tuple[_Row, ...]]:
        part: list[_Row] = []
        used = self.head
        for row in self.rows:
            if part and most_height is not None and used + row.height > most_height:
                yield tuple(part)
                part, used = [], self.head
            part.append(row)
            used += row.height
        yield tuple(part)


def timeline_drawings(
    timeline: Timeline, width: float, most_height: float | None = None
) -> tuple[Drawing, ...]:
    """Draw `timeline` `width` points wide: one drawing, or as many as `most_height` each make necessary.

    All parts have the heading of columns.
    """
    label_width = width * _LABEL_SHARE
    bars_from = label_width + _LABEL_GAP
    rows = tuple(
        _Row(set_text(one_line(row.label), _LABEL_STYLE, label_width, _MOST_LABEL_LINES), row.bars)
        for row in timeline.rows
    )
    plan = _Plan(timeline, width, bars_from, (width - bars_from) / len(timeline.columns), rows)
    return tuple(_drawing(plan, part) for part in plan.parts(most_height))


def _drawing(plan: _Plan, rows: tuple[_Row, ...]) -> Drawing:
    body = sum(row.height for row in rows) if rows else _LABEL_STYLE.leading + _ROW_GAP
    height = plan.head + body
    drawing = Drawing(plan.width, height)
    _draw_columns(drawing, plan, height)
    top = height - plan.head
    if not rows:
        add_text(drawing, set_text(_NOTHING, _LABEL_STYLE, plan.width), 0, top - _ROW_GAP / 2)
    for row in rows:
        inner = row.height - _ROW_GAP
        middle = top - row.height / 2
        add_text(drawing, row.label, 0, middle + row.label.height / 2)
        y = middle + max(row.bars_height, 0) / 2
        for bar in row.bars:
            _draw_bar(drawing, plan, bar, y)
            y -= _BAR_HEIGHT + _BAR_GAP
        top -= inner + _ROW_GAP
        _line(drawing, 0, top, plan.width, top, palette.RULE, 0.5)
    return drawing


def _draw_columns(drawing: Drawing, plan: _Plan, height: float) -> None:
    """The headings, and a line wherever a group begins; fainter ones between columns."""
    columns, groups = plan.timeline.columns, plan.timeline.groups
    each = len(columns) // len(groups)
    for number, name in enumerate(groups):
        x = plan.bars_from + number * each * plan.column
        heading = set_text(one_line(name), _HEAD_STYLE, each * plan.column - _PADDING, 1)
        add_text(drawing, heading, x + _PADDING, height)
    for number, name in enumerate(columns):
        x = plan.bars_from + number * plan.column
        begins = number % each == 0
        low = height if begins else height - _HEAD_STYLE.leading
        colour = palette.STRONG_RULE if begins else palette.RULE
        _line(drawing, x, 0, x, low, colour, 0.8 if begins else 0.4)
        text = set_text(one_line(name), _COLUMN_STYLE, plan.column, 1)
        add_text(drawing, text, x + (plan.column - text.widest) / 2, height - _HEAD_STYLE.leading)
    _line(drawing, plan.width, 0, plan.width, height, palette.STRONG_RULE, 0.8)
    under = height - plan.head
    _line(drawing, 0, under, plan.width, under, palette.STRONG_RULE, 0.8)


def _draw_bar(drawing: Drawing, plan: _Plan, bar: TimelineBar, top: float) -> None:
    x = plan.bars_from + bar.first * plan.column + 1
    length = (bar.last - bar.first + 1) * plan.column - 2
    colour = palette.BAR_COLOURS[bar.colour]
    drawing.add(filled(x, top - _BAR_HEIGHT, length, _BAR_HEIGHT, colour.fill))
    words = one_line(bar.text)
    if natural_widths(words, _BAR_STYLE)[1] + 2 * _PADDING <= length:
        text = set_text(words, _BAR_STYLE.but(colour=colour.text), length)
        add_text(drawing, text, x + _PADDING, top - (_BAR_HEIGHT - text.height) / 2)
        return
    after, before = plan.width - x - length - 2 * _PADDING, x - plan.bars_from - 2 * _PADDING
    text = set_text(words, _BESIDE_STYLE, max(after, before), 1)
    at = x + length + _PADDING if after >= before else x - _PADDING - text.widest
    add_text(drawing, text, at, top - (_BAR_HEIGHT - text.height) / 2)


def _line(drawing: Drawing, x1: float, y1: float, x2: float, y2: float, colour: str, thick: float) -> None:
    drawing.add(Line(x1, y1, x2, y2, strokeColor=colour_of(colour), strokeWidth=thick))
