"""The web rendering of a report: part of a page, a page of its own, or some of its blocks."""

from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Final, NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from qa.publishing.document import (
    Block,
    Chart,
    FindingKind,
    Heading,
    ReportDocument,
    RichText,
    Run,
    Timeline,
    with_anchors,
)
from qa.publishing.plain_text import visible

_STATIC: Final = Path(__file__).resolve().parent.parent / "web" / "static"
_CHART_WIDTH: Final = 480.0
_FINDING_CLASSES: Final = {FindingKind.STRENGTH: "strength", FindingKind.IMPROVEMENT: "improvement"}


class Entry(NamedTuple):
    """A heading in the contents with those below it."""

    heading: Heading
    below: "tuple[Entry, ...]"


class Shown(NamedTuple):
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
    return _rendered("document.html", **_of_document(document, id_prefix))


def render_page(document: ReportDocument) -> str:
    """Return `document` as a whole HTML file with its styles in it, to keep or to send."""
    styles = Markup("\n".join(path.read_text("utf-8") for path in _style_sheets()))  # noqa: S704  (our own)
    return str(_rendered("document_page.html", styles=styles, **_of_document(document, "report")))


def render_blocks(blocks: tuple[Block, ...], *, id_prefix: str = "part") -> Markup:
    """Return `blocks` as HTML for a page that has its own title; their highest headings become `<h2>`.

    The page must link `reports.css`. Raises `ValueError` for what a `ReportDocument` would refuse.
    """
    highest = min((block.level for block in blocks if isinstance(block, Heading)), default=1)
    shown = tuple(_shown(with_anchors(blocks, highest), id_prefix))
    return _rendered("document_part.html", shown=shown, lower=2 - highest)


def _of_document(document: ReportDocument, prefix: str) -> dict[str, object]:
    return {
        "report": document,
        "shown": tuple(_shown(document.blocks, prefix)),
        "contents": contents(document.headings),
        "prefix": prefix,
        "lower": 1,
    }


def _rendered(template: str, **values: object) -> Markup:
    # Autoescape is on, and nothing is marked safe but charts and our own style sheets.
    return Markup(_environment().get_template(f"publishing/{template}").render(values))  # noqa: S704


def _style_sheets() -> tuple[Path, ...]:
    """GOV.UK Frontend's styles and then ours."""
    return (
        sorted(_STATIC.glob("vendor/govuk-frontend-*/govuk-frontend.min.css"))[-1],
        _STATIC / "reports.css",
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
        picture = _picture(block, identity) if isinstance(block, Chart | Timeline) else None
        yield Shown(type(block).__name__, block, identity, picture)


def _picture(chart: Chart | Timeline, identity: str) -> Markup:
    # ReportLab is loaded by the first chart of a process, not by its start.
    if isinstance(chart, Chart):
        (drawing,) = import_module("qa.publishing.charts").chart_drawings(chart, _CHART_WIDTH)
    else:
        drawn_by = import_module("qa.publishing.timeline_drawing")
        (drawing,) = drawn_by.timeline_drawings(chart, _CHART_WIDTH)
    drawn: Markup = import_module("qa.publishing.svg").svg(drawing, chart.title, chart.description, identity)
    return drawn


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
