"""The web rendering of a report: `render_html` gives a part of a page, styled by `reports.css`."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from qa.reports.charts import chart_drawings
from qa.reports.document import Block, Chart, FindingKind, Heading, ReportDocument, RichText, Run
from qa.reports.plain_text import visible
from qa.reports.svg import svg

_CHART_WIDTH: Final = 480.0
_FINDING_CLASSES: Final = {FindingKind.STRENGTH: "strength", FindingKind.IMPROVEMENT: "improvement"}


@dataclass(frozen=True, slots=True)
class Entry:
    """A heading in the contents with those below it."""

    heading: Heading
    below: "tuple[Entry, ...]"


@dataclass(frozen=True, slots=True)
class Shown:
    """A block with what the template needs beside it: its kind, an id of its own and a chart's picture."""

    kind: str
    block: Block
    identity: str
    picture: Markup | None = None


def render_html(document: ReportDocument, *, id_prefix: str = "report") -> Markup:
    """Return `document` as HTML for inside a page's `<main>`, with the report's title as its `<h1>`.

    The page must link `reports.css`. Every text is escaped and shown as typed; no style or script attributes
    are used. `id_prefix` begins the ids of charts and tables, where several reports stand on one page.
    """
    template = _environment().get_template("reports/document.html")
    # The template escapes every value: autoescape is on and nothing in it is marked safe but charts.
    return Markup(  # noqa: S704
        template.render(
            report=document,
            shown=tuple(_shown(document.blocks, id_prefix)),
            contents=contents(document.headings),
            prefix=id_prefix,
        )
    )


def contents(headings: tuple[Heading, ...]) -> tuple[Entry, ...]:
    """Return the contents: headings of level 1, with those of level 2 below each."""
    entries: list[Entry] = []
    for heading in headings:
        if heading.level == 1:
            entries.append(Entry(heading, ()))
        elif heading.level == 2 and entries:
            last = entries[-1]
            entries[-1] = Entry(last.heading, (*last.below, Entry(heading, ())))
    return tuple(entries)


def _shown(blocks: tuple[Block, ...], prefix: str) -> Iterator[Shown]:
    for number, block in enumerate(blocks, start=1):
        identity = f"{prefix}-{number}"
        picture = _picture(block, identity) if isinstance(block, Chart) else None
        yield Shown(type(block).__name__, block, identity, picture)


def _picture(chart: Chart, identity: str) -> Markup:
    (drawing,) = chart_drawings(chart, _CHART_WIDTH)
    return svg(drawing, chart.title, chart.description, identity)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).resolve().parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_as_shown,
    )
    environment.filters["runs"] = _runs
    environment.globals["finding_classes"] = _FINDING_CLASSES
    return environment


def _as_shown(value: object) -> object:
    """Whatever the template prints is made visible first; charts are HTML already."""
    return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _runs(text: RichText) -> tuple[Run, ...]:
    return (Run(text),) if isinstance(text, str) else text
