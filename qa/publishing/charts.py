"""Charts: a `Chart` becomes ReportLab drawings, vector in the PDF and inline SVG on the web page.

Every bar carries its number and, where there are several series, the series' name or its short form: inside
the bar where that fits, else after it. Nothing is told by colour alone.
"""

from functools import cache
from typing import Final

from reportlab.graphics.shapes import Drawing, Group, Line, Rect, String
from reportlab.lib.attrmap import AttrMap, AttrMapValue
from reportlab.lib.colors import Color, HexColor
from reportlab.lib.validators import isString

from qa.publishing import palette
from qa.publishing.chart_plan import (
    BAR_HEIGHT,
    BAR_STYLE,
    CATEGORY_STYLE,
    END_GAP,
    INSIDE_PADDING,
    LEGEND_LINE,
    LEGEND_STYLE,
    ROW_GAP,
    SWATCH,
    SWATCH_GAP,
    TRACK_GAP,
    Plan,
    Row,
    Track,
    inside_label,
    plan_chart,
    track_height,
)
from qa.publishing.document import Chart, ChartKind
from qa.publishing.typesetting.text import Lines, set_text

_SMALLEST_BAR: Final = 1.5
_NOTHING: Final = "There are no figures to show."


class LinkedGroup(Group):
    """Shapes that lead somewhere: `href` is the link, `label` says in words what it leads to."""

    _attrMap = AttrMap(  # noqa: N815  (ReportLab's name)
        BASE=Group, href=AttrMapValue(isString), label=AttrMapValue(isString)
    )

    def __init__(self, href: str, label: str, *shapes: Rect | String) -> None:
        """Group `shapes` under one link."""
        self.href = href
        self.label = label
        super().__init__(*shapes)


def chart_drawings(chart: Chart, width: float, most_height: float | None = None) -> tuple[Drawing, ...]:
    """Draw `chart` `width` points wide: one drawing, or as many as `most_height` points each make necessary.

    All parts share one scale, and each has the legend. A chart without categories says that it has nothing to
    show.
    """
    plan = plan_chart(chart, width)
    return tuple(_drawing(plan, rows) for rows in plan.parts(most_height))


def _drawing(plan: Plan, rows: tuple[Row, ...]) -> Drawing:
    height = plan.legend_height + (sum(row.height for row in rows) if rows else CATEGORY_STYLE.leading)
    drawing = Drawing(plan.width, height)
    _draw_legend(drawing, plan, height)
    top = height - plan.legend_height
    if not rows:
        add_text(drawing, set_text(_NOTHING, CATEGORY_STYLE, plan.width), 0, top)
        return drawing
    for row in rows:
        _draw_row(drawing, plan, row, top - ROW_GAP / 2)
        top -= row.height
    axis = plan.bars_from - 0.5
    colour = colour_of(palette.STRONG_RULE)
    drawing.add(Line(axis, top, axis, height - plan.legend_height, strokeColor=colour, strokeWidth=1))
    return drawing


def _draw_legend(drawing: Drawing, plan: Plan, height: float) -> None:
    for entry in plan.legend:
        top = height - entry.line * LEGEND_LINE
        swatch_bottom = top - (LEGEND_STYLE.leading + SWATCH) / 2
        colour = palette.BAR_COLOURS[entry.series.colour].fill
        drawing.add(filled(entry.x, swatch_bottom, SWATCH, SWATCH, colour))
        add_text(drawing, entry.text, entry.x + SWATCH + SWATCH_GAP, top)


def _draw_row(drawing: Drawing, plan: Plan, row: Row, top: float) -> None:
    inner = row.height - ROW_GAP
    add_text(drawing, row.label, 0, top - (inner - row.label.height) / 2)
    y = top - (inner - row.bars_height) / 2
    for track, end in zip(row.tracks, row.ends, strict=True):
        height = track_height(plan.kind, end)
        x = _draw_track(drawing, plan, track, y - (height - BAR_HEIGHT[plan.kind]) / 2)
        add_text(drawing, end, x + END_GAP, y - (height - end.height) / 2)
        y -= height + TRACK_GAP


def _draw_track(drawing: Drawing, plan: Plan, track: Track, top: float) -> float:
    """Draw bars end to end and return where they end."""
    bar_height = BAR_HEIGHT[plan.kind]
    x = plan.bars_from
    for bar in track:
        if not bar.length:
            continue
        length = max(bar.length * plan.scale, _SMALLEST_BAR)
        colour = palette.BAR_COLOURS[bar.series.colour]
        gap = 1.0 if plan.kind is ChartKind.STACKED and length > 2 * _SMALLEST_BAR else 0.0
        label = inside_label(plan.kind, bar, plan.scale, plan.named)
        group = Group() if bar.link is None else LinkedGroup(bar.link, bar.spoken(plan.named))
        group.add(filled(x, top - bar_height, length - gap, bar_height, colour.fill))
        if label is not None:
            text = set_text(label, BAR_STYLE.but(colour=colour.text), length)
            add_text(group, text, x + INSIDE_PADDING, top - (bar_height - text.height) / 2)
        drawing.add(group)
        x += length
    return x


@cache
def colour_of(colour: str) -> Color:
    """The colour as ReportLab takes it."""
    return HexColor(colour)


def filled(x: float, y: float, width: float, height: float, colour: str) -> Rect:
    """A rectangle without an edge; x and y of its lower left corner, in points."""
    rect = Rect(x, y, width, height)
    rect.setProperties({"fillColor": colour_of(colour), "strokeColor": None})
    return rect


def add_text(group: Group, lines: Lines, x: float, top: float) -> None:
    """Add text as one string per line and font, so that every renderer sets the same characters alike."""
    style = lines.style
    for number, line in enumerate(lines.lines):
        y = top - number * style.leading - style.baseline
        for segment in line.segments:
            string = String(x + segment.x, y, segment.text)
            string.setProperties(
                {"fontName": segment.font, "fontSize": style.size, "fillColor": colour_of(style.colour)}
            )
            group.add(string)
