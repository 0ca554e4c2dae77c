"""What every page carries beside its contents: marking, running title, note, page number."""

from typing import Final

from qa.publishing import palette
from qa.publishing.document import ReportDocument
from qa.publishing.pdf import layout
from qa.publishing.pdf.pen import Pen
from qa.publishing.plain_text import one_line
from qa.publishing.typesetting.text import Lines, TextStyle, set_text

_NOTE_LINES: Final = 2
_HEAD_RULE: Final = layout.PAGE_HEIGHT - 60.0
_FOOT_RULE: Final = 62.0


class Furniture:
    """Head and foot of a document's pages, set once and drawn on each."""

    def __init__(self, document: ReportDocument) -> None:
        """Set the texts that all pages share."""
        right = layout.RUNNING.but(align="right")
        state = " · ".join(part for part in (one_line(document.version), document.status) if part)
        owner = " · ".join(
            part for part in map(one_line, (document.organisation, document.reference)) if part
        )
        half = layout.WIDTH / 2
        self._marking = set_text(one_line(document.protective_marking), layout.MARKING, layout.WIDTH, 1)
        self._title = set_text(one_line(document.title), layout.RUNNING, layout.WIDTH * 0.66, 1)
        self._state = set_text(state, right, layout.WIDTH * 0.34, 1)
        self._owner = set_text(owner, layout.RUNNING, half + 80, 1)
        self._note = set_text(
            one_line(document.illustrative_note or ""), layout.NOTE, layout.WIDTH, _NOTE_LINES
        )
        self._number_style = right
        self._number_width = half - 80

    @property
    def body_bottom(self) -> float:
        """Where the body of a page must end, in points from its foot."""
        return layout.BODY_BOTTOM + (self._note.height + 4 if self._note.lines else 0.0)

    def draw(self, pen: Pen, page: int, pages: int) -> None:
        """Draw head and foot of page `page` of `pages`."""
        left = layout.MARGIN
        self._centred_marking(pen, layout.PAGE_HEIGHT - 24, None)
        pen.text(self._title, left, _HEAD_RULE + 15)
        pen.text(self._state, left + layout.WIDTH * 0.66, _HEAD_RULE + 15)
        pen.rule(left, _HEAD_RULE, layout.WIDTH, palette.RULE)
        pen.text(self._note, left, _FOOT_RULE + self._note.height + 5)
        pen.rule(left, _FOOT_RULE, layout.WIDTH, palette.RULE)
        pen.text(self._owner, left, _FOOT_RULE - 5)
        number = set_text(f"Page {page} of {pages}", self._number_style, self._number_width)
        pen.text(number, left + layout.WIDTH - self._number_width, _FOOT_RULE - 5)
        self._centred_marking(pen, 36, None)

    def draw_cover(self, pen: Pen) -> None:
        """Draw only the marking: white at the head, which is coloured, and dark at the foot."""
        self._centred_marking(pen, layout.PAGE_HEIGHT - 24, palette.PAPER)
        self._centred_marking(pen, 36, None)

    def _centred_marking(self, pen: Pen, top: float, colour: str | None) -> None:
        marking = self._marking
        if colour is not None:
            style: TextStyle = marking.style.but(colour=colour)
            marking = Lines(style, marking.lines, marking.width)
        pen.text(marking, layout.MARGIN, top)
