"""From the blocks of a document to the pieces that pages are made of."""

from functools import singledispatch
from typing import Final

from qa.publishing.charts import chart_drawings
from qa.publishing.document import (
    Block,
    BulletList,
    Callout,
    Chart,
    Definitions,
    FindingList,
    Heading,
    KeyFacts,
    NumberedList,
    PageBreak,
    Paragraph,
    RichText,
    Table,
    Timeline,
    WritingSpace,
)
from qa.publishing.pdf import layout
from qa.publishing.pdf.pieces import BreakPiece, DrawingPiece, HeadingPiece, Piece, SpacePiece, TextPiece
from qa.publishing.pdf.tables import callout_pieces, finding_pieces, summary_pieces, table_pieces
from qa.publishing.plain_text import one_line
from qa.publishing.timeline_drawing import timeline_drawings
from qa.publishing.typesetting.text import set_text

_CHART_HEIGHT: Final = layout.BODY_TOP - layout.BODY_BOTTOM - 230.0
"""The most a chart may take of a page, so that its heading and title stay with it."""


def pieces_of(blocks: tuple[Block, ...]) -> list[Piece]:
    """Return the pieces of all `blocks`, laid out at the width of the page's text."""
    return [piece for block in blocks for piece in _pieces(block)]


@singledispatch
def _pieces(block: Block) -> list[Piece]:
    raise TypeError(f"The PDF cannot show a {type(block).__name__}.")


@_pieces.register
def _(block: Heading) -> list[Piece]:
    before, after = layout.HEADING_SPACE[block.level]
    title = one_line(block.text) or "Untitled"
    return [
        HeadingPiece(
            set_text(title, layout.HEADINGS[block.level], layout.WIDTH),
            before=before,
            after=after,
            keep=True,
            anchor=block.anchor,
            title=title,
            level=block.level,
        )
    ]


@_pieces.register
def _(block: Paragraph) -> list[Piece]:
    style = layout.LEAD if block.lead else layout.BODY
    lines = set_text(block.text, style, layout.WIDTH)
    if not lines.lines:
        return []
    return [TextPiece(lines, after=12.0 if block.lead else 9.0, keep=block.keep)]


@_pieces.register
def _(block: BulletList) -> list[Piece]:
    return _list(block.items, ["•"] * len(block.items), 18.0)


@_pieces.register
def _(block: NumberedList) -> list[Piece]:
    markers = [f"{number}." for number in range(1, len(block.items) + 1)]
    return _list(block.items, markers, 10.0 + 7.0 * max(len(str(len(block.items))), 2))


@_pieces.register(Chart)
@_pieces.register(Timeline)
def _(block: Chart | Timeline) -> list[Piece]:
    title = set_text(one_line(block.title), layout.CAPTION, layout.WIDTH)
    if isinstance(block, Chart):
        drawings = chart_drawings(block, layout.WIDTH, _CHART_HEIGHT)
    else:
        drawings = timeline_drawings(block, layout.WIDTH, _CHART_HEIGHT)
    pieces: list[Piece] = [TextPiece(title, before=16.0, after=8.0, keep=True)]
    pieces.extend(DrawingPiece(drawing, after=8.0) for drawing in drawings)
    pieces.append(TextPiece(set_text(block.description, layout.SMALL, layout.WIDTH), after=6.0))
    return [*pieces, *table_pieces(block.table, layout.WIDTH)]


@_pieces.register
def _(block: Table) -> list[Piece]:
    return table_pieces(block, layout.WIDTH)


@_pieces.register
def _(block: FindingList) -> list[Piece]:
    return finding_pieces(block, layout.WIDTH)


@_pieces.register(KeyFacts)
@_pieces.register(Definitions)
def _(block: KeyFacts | Definitions) -> list[Piece]:
    return summary_pieces(block, layout.WIDTH)


@_pieces.register
def _(block: Callout) -> list[Piece]:
    return callout_pieces(block, layout.WIDTH)


@_pieces.register
def _(_block: PageBreak) -> list[Piece]:
    return [BreakPiece()]


@_pieces.register
def _(block: WritingSpace) -> list[Piece]:
    label = set_text(one_line(block.label), layout.CAPTION, layout.WIDTH)
    return [TextPiece(label, before=8.0, after=5.0, keep=True), SpacePiece(block.lines, layout.WIDTH)]


def _list(items: tuple[RichText, ...], markers: list[str], indent: float) -> list[Piece]:
    pieces: list[Piece] = []
    for number, (item, marker) in enumerate(zip(items, markers, strict=True)):
        lines = set_text(item, layout.BODY, layout.WIDTH - indent)
        if not lines.lines:
            lines = set_text("\u00a0", layout.BODY, layout.WIDTH - indent)
        after = 10.0 if number == len(items) - 1 else 4.0
        sign = set_text(marker, layout.BODY, indent - 4)
        pieces.append(TextPiece(lines, indent, after=after, marker=sign))
    return pieces
