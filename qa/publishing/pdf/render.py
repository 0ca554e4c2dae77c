"""`render_pdf`: lay everything out, number the pages, then draw them in their order in one pass."""

from io import BytesIO
from typing import Final

from reportlab.pdfbase.pdfdoc import PDFStream, PDFZCompress
from reportlab.pdfgen.canvas import Canvas

from qa.publishing.document import Heading, ReportDocument
from qa.publishing.pdf import layout
from qa.publishing.pdf.blocks import pieces_of
from qa.publishing.pdf.cover import draw_cover
from qa.publishing.pdf.furniture import Furniture
from qa.publishing.pdf.pages import Placed, paginate
from qa.publishing.pdf.pen import Pen
from qa.publishing.pdf.pieces import ContentsPiece, HeadingPiece, Piece, TextPiece
from qa.publishing.plain_text import one_line
from qa.publishing.typesetting import fonts
from qa.publishing.typesetting.text import Lines, TextStyle, set_text

_PRODUCT: Final = "Audit Together"
_CONTENTS: Final = "Contents"
_ENTRIES: Final = {
    1: (TextStyle(11, 16, bold=True), 0.0, 12.0),
    2: (TextStyle(10, 15), 14.0, 5.0),
}
"""By heading level: style, indent and space before of a contents entry. Level 3 is in the outline only."""
_NUMBER_WIDTH: Final = 40.0


def render_pdf(document: ReportDocument, *, invariant: bool = False, base_url: str | None = None) -> bytes:
    """Return `document` as a PDF file.

    `invariant` leaves the time of making out, so that the same document always gives the same bytes.
    `base_url` (such as `https://audits.example.org`) makes links to paths of this site work; without it they
    are plain text.
    """
    furniture = Furniture(document)
    room = layout.BODY_TOP - furniture.body_bottom
    numbers: dict[str, Lines] = {}
    body = paginate(pieces_of(document.blocks), room)
    contents = paginate(_contents(document.headings, numbers), room)
    _number(body, 2 + len(contents), numbers)
    total = 1 + len(contents) + len(body)
    stream = BytesIO()
    canvas = _canvas(document, stream, invariant)
    pen = Pen(canvas, frozenset(heading.anchor for heading in document.headings), base_url)
    draw_cover(pen, document, furniture)
    canvas.showPage()
    for page_number, page in enumerate((*contents, *body), start=2):
        for piece, offset in page:
            piece.draw(pen, layout.MARGIN, layout.BODY_TOP - offset)
        furniture.draw(pen, page_number, total)
        canvas.showPage()
    _pack(canvas)
    canvas.save()
    return stream.getvalue()


def _canvas(document: ReportDocument, stream: BytesIO, invariant: bool) -> Canvas:
    canvas = Canvas(
        stream,
        pagesize=(layout.PAGE_WIDTH, layout.PAGE_HEIGHT),
        pageCompression=1,
        invariant=1 if invariant else 0,
        initialFontName=fonts.font_name(),  # type: ignore[arg-type]  # the stub says float
        initialFontSize=layout.BODY.size,
        lang=document.language,
    )
    canvas.setTitle(one_line(document.title))
    canvas.setAuthor(one_line(document.organisation))
    canvas.setSubject(
        " · ".join(part for part in map(one_line, (document.subtitle, document.reference)) if part)
    )
    canvas.setKeywords(one_line(document.protective_marking))
    canvas.setCreator(_PRODUCT)
    canvas.setViewerPreference("DisplayDocTitle", "true")
    canvas.showOutline()
    return canvas


def _pack(canvas: Canvas) -> None:
    """Compress pages as bytes; ReportLab would spell them out in ASCII, a fifth larger and slower."""
    for page in canvas._doc.Pages.pages:  # type: ignore[attr-defined]
        stream = PDFStream(content=page.stream, filters=[PDFZCompress])
        page.Contents = stream


def _contents(headings: tuple[Heading, ...], numbers: dict[str, Lines]) -> list[Piece]:
    """The contents, laid out before the page numbers are known: they do not change its height."""
    entries = [heading for heading in headings if heading.level in _ENTRIES]
    if not entries:
        return []
    title = set_text(_CONTENTS, layout.HEADINGS[1], layout.WIDTH)
    pieces: list[Piece] = [TextPiece(title, after=14.0, keep=True)]
    for heading in entries:
        style, indent, before = _ENTRIES[heading.level]
        lines = set_text(one_line(heading.text) or "Untitled", style, layout.WIDTH - indent - _NUMBER_WIDTH)
        pieces.append(ContentsPiece(lines, indent, before, heading.anchor, numbers))
    return pieces


def _number(body: list[list[Placed]], first: int, numbers: dict[str, Lines]) -> None:
    """Note on which page each heading stands."""
    for page_number, page in enumerate(body, start=first):
        for piece, _ in page:
            if isinstance(piece, HeadingPiece):
                style = _ENTRIES.get(piece.level, _ENTRIES[2])[0].but(align="right")
                numbers[piece.anchor] = set_text(str(page_number), style, _NUMBER_WIDTH)
