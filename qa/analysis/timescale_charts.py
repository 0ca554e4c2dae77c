"""How long things took as charts, each with the table of the same figures. Pure."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Literal

from qa.analysis.charts import caption
from qa.analysis.timescales import OVER, Spans, TimescaleFigures
from qa.analysis.wording import count, figure, per_cent
from qa.frameworks.content import days_in_words
from qa.frameworks.scoring import percentage
from qa.frameworks.timeliness import HOW_COUNTED
from qa.frameworks.vocabulary import DayKind
from qa.publishing.document import Block, Heading, Paragraph
from qa.publishing.figures import Chart, ChartKind, Column, Series, Table, TableRow

WITHIN, OVER_LIMIT = "Within the limit", "Over the limit"
COUNTED = "Submitted returns in which both dates were asked for are counted."
NOT_COUNTED = (
    "Not counted: a date is missing, the second comes before the first, or its years’ bank holidays are not "
    "known."
)
NONE = "No date that this framework asks for has a timescale."


def timescale_blocks(figures: Sequence[TimescaleFigures], level: Literal[2, 3] = 2) -> list[Block]:
    """Each timescale: in words, by how much its limit was passed, by agency; the rule of counting last."""
    if not figures:
        return [Paragraph(NONE)]
    blocks: list[Block] = []
    for one in figures:
        blocks += [Heading(level, one.question.text), Paragraph(_in_words(one))]
        if one.together.total:
            blocks += [_histogram(one), _by_agency(one)]
    return [
        *blocks,
        Paragraph(f"{HOW_COUNTED} {COUNTED}"),
    ]


def _in_words(one: TimescaleFigures) -> str:
    spans, limit = one.together, one.timescale.days
    said = [f"Limit: {one.timescale.limit}, counted from “{one.start.text}”."]
    if not spans.total:
        said.append("No submitted return has both dates yet.")
    else:
        within = spans.within(limit)
        share = per_cent(percentage(within, spans.total))
        said.append(
            f"{figure(within)} of {count(spans.total, 'return')} with both dates "
            f"{'is' if within == 1 else 'are'} within it ({share})."
        )
        said.append(
            f"The median is {_days(spans.median)} {_kind(one, spans.median)}, the longest "
            f"{days_in_words(spans.longest or 0, one.timescale.kind)}."
        )
    return " ".join([*said, *_left_out(spans)])


def _left_out(spans: Spans) -> list[str]:
    """What is not counted, in words."""
    said = []
    if spans.missing:
        said.append(f"{count(spans.missing, 'return')} {_lacks(spans.missing)} a date.")
    if spans.backwards:
        said.append(f"In {count(spans.backwards, 'return')} the second date is before the first: check them.")
    if spans.uncounted:
        years = "years whose bank holidays are not known"
        said.append(f"{count(spans.uncounted, 'return')} {_lacks(spans.uncounted, 'has', 'have')} {years}.")
    return said


def _lacks(number: int, one: str = "lacks", many: str = "lack") -> str:
    return one if number == 1 else many


def _days(days: Fraction | None) -> str:
    """A number of days in figures, with a half where there is one; a dash for none."""
    if days is None:
        return "–"
    return figure(int(days)) if days.denominator == 1 else f"{figure(int(days))}.5"


def _kind(one: TimescaleFigures, days: Fraction | None) -> str:
    kind: DayKind = one.timescale.kind
    return kind.label.removesuffix("s") if days == 1 else kind.label


def _steps(limit: str) -> list[str]:
    """The names of the bars: within the limit, and by how much it was passed."""
    return [f"Within {limit}", *(_step(least, most) for least, most in OVER)]


def _step(least: int, most: int | None) -> str:
    if most is None:
        return f"More than {least - 1} days over"
    return f"{least} day over" if least == most == 1 else f"{least} to {most} days over"


def _histogram(one: TimescaleFigures) -> Chart:
    """Returns by how much the limit was passed."""
    spans, limit = one.together, one.timescale.days
    within, over = spans.within(limit), spans.over_by(limit)
    names = tuple(_steps(one.timescale.limit))
    counts = (within, *over)
    rows = tuple(
        TableRow((name, figure(number), per_cent(percentage(number, spans.total))))
        for name, number in zip(names, counts, strict=True)
    )
    title = f"By how much the limit was passed: {one.question.text}"
    columns = (Column("Time taken", width=3), Column("Returns", "right", 1), Column("Share", "right", 1))
    series = (
        Series(WITHIN, "green", (within, *(0 for _ in over)), short="Within"),
        Series(OVER_LIMIT, "orange", (0, *over), short="Over"),
    )
    total = TableRow(
        ("All with both dates", figure(spans.total), per_cent(percentage(spans.total, spans.total)))
    )
    table = Table(caption(title), columns, (*rows, total._replace(total=True)))
    return Chart(title, _described(spans, limit), ChartKind.STACKED, names, series, table)


def _described(spans: Spans, limit: int) -> str:
    within, over = spans.within(limit), spans.over(limit)
    return f"{count(within, 'return')} within the limit, {figure(over)} over it."


def _by_agency(one: TimescaleFigures) -> Chart:
    """Returns within the limit and over it, a bar for each agency."""
    limit = one.timescale.days
    counted = list(one.counted)
    series = (
        Series(WITHIN, "green", tuple(spans.within(limit) for _, spans in counted), short="Within"),
        Series(OVER_LIMIT, "orange", tuple(spans.over(limit) for _, spans in counted), short="Over"),
    )
    rows = [_agency_row(name, spans, limit) for name, spans in one.agencies]
    rows.append(_agency_row("All agencies", one.together, limit)._replace(total=True))
    headings = ("Within the limit", "Over", "Share within", "Median days", "Longest", "Not counted")
    columns = (Column("Agency"), *(Column(heading, "right") for heading in headings))
    title = f"By agency: {one.question.text}"
    names = tuple(name for name, _ in counted)
    table = Table(caption(title), columns, tuple(rows), note=NOT_COUNTED)
    return Chart(title, _described(one.together, limit), ChartKind.STACKED, names, series, table)


def _agency_row(name: str, spans: Spans, limit: int) -> TableRow:
    within = spans.within(limit)
    return TableRow(
        (
            name,
            figure(within),
            figure(spans.over(limit)),
            per_cent(percentage(within, spans.total)),
            _days(spans.median),
            "–" if spans.longest is None else figure(spans.longest),
            figure(spans.left_out),
        )
    )
