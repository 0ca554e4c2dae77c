"""The cover: a calm band of colour with the title, and below it what the reader must know of the report."""

from typing import Final

from qa.publishing import palette
from qa.publishing.document import Callout, KeyFacts, ReportDocument
from qa.publishing.pdf import layout
from qa.publishing.pdf.furniture import Furniture
from qa.publishing.pdf.pages import paginate
from qa.publishing.pdf.pen import Pen
from qa.publishing.pdf.tables import callout_pieces, summary_pieces
from qa.publishing.plain_text import one_line
from qa.publishing.typesetting.text import Lines, TextStyle, set_text

_PALE: Final = "#cfe3e6"
_TITLE_SIZES: Final = ((34.0, 42.0), (27.0, 34.0), (21.0, 27.0))
_MOST_TITLE_HEIGHT: Final = 210.0
_ORGANISATION: Final = TextStyle(13, 18, palette.PAPER, bold=True)
_SUBTITLE: Final = TextStyle(15, 22, _PALE)
_BAND: Final = 400.0


def draw_cover(pen: Pen, document: ReportDocument, furniture: Furniture) -> None:
    """Draw the cover of `document` on the current page; a title too long for any ends in an ellipsis."""
    left, width = layout.MARGIN, layout.WIDTH
    organisation = set_text(one_line(document.organisation), _ORGANISATION, width, 3)
    title = _title(one_line(document.title), width)
    subtitle = set_text(one_line(document.subtitle), _SUBTITLE, width, 3)
    words = title.height + (14 + subtitle.height if subtitle.lines else 0)
    band = max(_BAND, words + organisation.height + 190)
    pen.box(0, layout.PAGE_HEIGHT, layout.PAGE_WIDTH, band, palette.BRAND)
    pen.text(organisation, left, layout.PAGE_HEIGHT - 74)
    top = layout.PAGE_HEIGHT - band + words + 54
    pen.box(left, top + 22, 56, 4, palette.PAPER)
    pen.text(title, left, top)
    pen.text(subtitle, left, top - title.height - 14)
    _draw_details(pen, document, layout.PAGE_HEIGHT - band - 34)
    furniture.draw_cover(pen)


def _draw_details(pen: Pen, document: ReportDocument, top: float) -> None:
    pieces = summary_pieces(KeyFacts(document.details), layout.WIDTH)
    if document.illustrative_note:
        pieces.extend(callout_pieces(Callout(document.illustrative_note), layout.WIDTH))
    pages = paginate(pieces, top - layout.BODY_BOTTOM)
    for placed in pages[0] if pages else []:
        placed.piece.draw(pen, layout.MARGIN, top - placed.offset)


def _title(text: str, width: float) -> Lines:
    for size, leading in _TITLE_SIZES:
        lines = set_text(text, TextStyle(size, leading, palette.PAPER, bold=True), width)
        if lines.height <= _MOST_TITLE_HEIGHT:
            return lines
    size, leading = _TITLE_SIZES[-1]
    most = int(_MOST_TITLE_HEIGHT / leading)
    return set_text(text, TextStyle(size, leading, palette.PAPER, bold=True), width, most)
