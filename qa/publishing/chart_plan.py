"""Measuring a chart: how wide its labels and bars are, what fits inside a bar and what stands after it."""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from qa.publishing.document import HIDDEN, Chart, ChartKind, Figure, Series
from qa.publishing.plain_text import one_line
from qa.publishing.typesetting.text import Lines, TextStyle, natural_widths, set_text

CATEGORY_STYLE: Final = TextStyle(9, 11.5)
BAR_STYLE: Final = TextStyle(8.5, 11, bold=True)
END_STYLE: Final = TextStyle(8.5, 11)
LEGEND_STYLE: Final = TextStyle(9, 13)

BAR_HEIGHT: Final = {ChartKind.STACKED: 20.0, ChartKind.BARS: 15.0}
TRACK_GAP: Final = 2.0
ROW_GAP: Final = 10.0
END_GAP: Final = 5.0
INSIDE_PADDING: Final = 4.0
SWATCH: Final = 9.0
SWATCH_GAP: Final = 5.0
LEGEND_LINE: Final = LEGEND_STYLE.leading + 2

_LABEL_GAP: Final = 8.0
_LEGEND_GAP: Final = 16.0
_BELOW_LEGEND: Final = 8.0
_MOST_LABEL_LINES: Final = 5
_LABEL_SHARE: Final = 0.36
_END_SHARE: Final = 0.4
_SHORT_LABEL: Final = 6
_SMALL_WORDS: Final = frozenset(
    {"a", "an", "and", "as", "at", "be", "by", "for", "in", "of", "or", "the", "to"}
)


class Bar(NamedTuple):
    """One value of one series in one category."""

    series: Series
    name: str
    category: str
    value: Figure
    link: str | None

    @property
    def length(self) -> int:
        """What to draw: a hidden value has no length."""
        return self.value if isinstance(self.value, int) else 0

    def label(self, named: bool) -> str:
        """What stands on or after the bar; `named`: with the name its series goes by there."""
        return f"{self.name} {self.value}" if named else str(self.value)

    def spoken(self, named: bool) -> str:
        """What the bar says to somebody who cannot see it: first what stands on it, then all in full."""
        full = f"{self.category}, {one_line(self.series.label)}" if named else self.category
        return f"{self.label(named)}: {full}"


Track = tuple[Bar, ...]
"""Bars that stand end to end on one line."""


class Row(NamedTuple):
    """A category: its label, its tracks and what stands after each."""

    label: Lines
    tracks: tuple[Track, ...]
    ends: tuple[Lines, ...]
    bars_height: float

    @property
    def height(self) -> float:
        """The height with the space to the next row."""
        return max(self.label.height, self.bars_height) + ROW_GAP


class LegendEntry(NamedTuple):
    """A series in the legend: how far across, on which line (from 0), and its name."""

    x: float
    line: int
    series: Series
    text: Lines


class Plan(NamedTuple):
    """The measurements all parts of a chart share; lengths in points, `scale` in points per case."""

    kind: ChartKind
    width: float
    bars_from: float
    scale: float
    named: bool
    rows: tuple[Row, ...]
    legend: tuple[LegendEntry, ...]

    @property
    def legend_height(self) -> float:
        """The height of the legend with the space below it; 0 without one."""
        return (self.legend[-1].line + 1) * LEGEND_LINE + _BELOW_LEGEND if self.legend else 0.0

    def parts(self, most_height: float | None) -> Iterator[tuple[Row, ...]]:
        """The rows in as many parts as `most_height` points each, with the legend, make necessary."""
        part: list[Row] = []
        used = self.legend_height
        for row in self.rows:
            if part and most_height is not None and used + row.height > most_height:
                yield tuple(part)
                part, used = [], self.legend_height
            part.append(row)
            used += row.height
        yield tuple(part)


def plan_chart(chart: Chart, width: float) -> Plan:
    """Measure `chart` for a width in points."""
    labels = [one_line(category) for category in chart.categories]
    natural = max((natural_widths(label, CATEGORY_STYLE)[1] for label in labels), default=0.0)
    label_width = min(natural + 1, width * _LABEL_SHARE)
    bars_from = label_width + _LABEL_GAP
    named = len(chart.series) > 1
    names = bar_names(chart.series)
    tracks = [_tracks(chart, names, at, label) for at, label in enumerate(labels)]
    scale, end_width = _scale(chart.kind, tracks, width - bars_from, named)
    rows = []
    for label, row in zip(labels, tracks, strict=True):
        ends = tuple(
            set_text(_end_text(chart.kind, track, scale, named), END_STYLE, end_width) for track in row
        )
        bars_height = sum(track_height(chart.kind, end) for end in ends) + TRACK_GAP * (len(ends) - 1)
        lines = set_text(label, CATEGORY_STYLE, label_width, _MOST_LABEL_LINES)
        rows.append(Row(lines, row, ends, bars_height))
    return Plan(
        chart.kind, width, bars_from, scale, named, tuple(rows), _legend(chart, names, width) if named else ()
    )


def track_height(kind: ChartKind, end: Lines) -> float:
    """The height of a track that has `end` after it, in points."""
    return max(BAR_HEIGHT[kind], end.height)


def inside_label(kind: ChartKind, bar: Bar, scale: float, named: bool) -> str | None:
    """The label of `bar` if it fits inside; None: it stands after the bars."""
    if kind is ChartKind.BARS or bar.value == HIDDEN:
        return None
    label = bar.label(named)
    fits = natural_widths(label, BAR_STYLE)[1] + 2 * INSIDE_PADDING <= bar.length * scale
    return label if fits else None


def bar_names(series: tuple[Series, ...]) -> tuple[str, ...]:
    """What each series is called on its bars: its short name, its label if that is short, else its initials.

    Where initials would be the same for two, all keep their labels.
    """
    names = tuple(one_line(one.short) or _initials(one_line(one.label)) for one in series)
    if len(set(names)) == len(names):
        return names
    return tuple(one_line(one.short or one.label) for one in series)


def _initials(label: str) -> str:
    first, *others = re.findall(r"\w+", label) or [""]
    telling = [first, *(word for word in others if word.lower() not in _SMALL_WORDS)]
    return label if len(label) <= _SHORT_LABEL or not first else "".join(word[0].upper() for word in telling)


def _tracks(chart: Chart, names: tuple[str, ...], at: int, category: str) -> tuple[Track, ...]:
    bars = tuple(
        Bar(series, name, category, series.values[at], series.links[at] if series.links else None)
        for series, name in zip(chart.series, names, strict=True)
    )
    return (bars,) if chart.kind is ChartKind.STACKED else tuple((bar,) for bar in bars)


def _scale(kind: ChartKind, rows: list[tuple[Track, ...]], room: float, named: bool) -> tuple[float, float]:
    """Points per case, and the width kept free for labels after the bars; the two depend on each other."""
    tracks = [track for row in rows for track in row]
    largest = max((sum(bar.length for bar in track) for track in tracks), default=0)
    end_width = scale = 0.0
    for _ in range(4):
        scale = (room - end_width - END_GAP) / largest if largest else 0.0
        ends = (natural_widths(_end_text(kind, track, scale, named), END_STYLE)[1] for track in tracks)
        needed = max(ends, default=0.0)
        if needed <= end_width:
            break
        end_width = min(needed + 1, room * _END_SHARE)
    scale = (room - end_width - END_GAP) / largest if largest else 0.0
    return scale, end_width or room * _END_SHARE


def _end_text(kind: ChartKind, track: Track, scale: float, named: bool) -> str:
    """What stands after the bars of a track: whatever does not fit inside them."""
    if kind is ChartKind.BARS:
        return track[0].label(named)
    shown = [bar for bar in track if bar.value != 0]
    outside = [bar.label(named) for bar in shown if inside_label(kind, bar, scale, named) is None]
    return " · ".join(outside) if shown else "0"


def _legend(chart: Chart, names: tuple[str, ...], width: float) -> tuple[LegendEntry, ...]:
    """The legend, with a new line where the width is used up."""
    entries: list[LegendEntry] = []
    x, line = 0.0, 0
    for series, short in zip(chart.series, names, strict=True):
        name = one_line(series.label)
        text = set_text(
            name if name == short else f"{name} ({short})", LEGEND_STYLE, width - SWATCH - SWATCH_GAP, 1
        )
        needed = SWATCH + SWATCH_GAP + text.widest
        if x and x + needed > width:
            x, line = 0.0, line + 1
        entries.append(LegendEntry(x, line, series, text))
        x += needed + _LEGEND_GAP
    return tuple(entries)
