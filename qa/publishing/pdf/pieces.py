"""What pages are made of: pieces that know their height, where they may part, and how to draw themselves."""

from abc import ABC, abstractmethod
from dataclasses import dataclass, replace
from typing import Final

from reportlab.graphics.shapes import Drawing

from qa.publishing import palette
from qa.publishing.pdf.pen import Pen
from qa.publishing.typesetting.text import Lines

_WRITTEN_LINE: Final = 21.0
"""The height of a line written by hand: 7.4 mm."""
_FEWEST_LINES: Final = 2
"""No page begins or ends with fewer lines of a parted text."""


class Piece(ABC):
    """Something laid out at a known width. Heights and spaces in points."""

    __slots__ = ()

    @property
    @abstractmethod
    def height(self) -> float:
        """The height when it is not parted."""

    @property
    def space_before(self) -> float:
        """The least space to what stands above it on the same page."""
        return 0.0

    @property
    def space_after(self) -> float:
        """The least space to what follows."""
        return 0.0

    @property
    def keep_with_next(self) -> bool:
        """Whether it must stand on the page where the next piece begins."""
        return False

    @property
    def least(self) -> float:
        """The least height with which it can begin on a page."""
        return self.height

    def split(self, room: float) -> "tuple[Piece, Piece] | None":
        """Part it so that the first part is no higher than `room`; None where that cannot be."""
        return None

    @abstractmethod
    def draw(self, pen: Pen, x: float, top: float) -> None:
        """Draw it with its upper left corner at `x`, `top`."""


@dataclass(frozen=True, slots=True)
class TextPiece(Piece):
    """Lines of text, `indent` points in, with an optional marker hanging to the left of the first line."""

    lines: Lines
    indent: float = 0.0
    before: float = 0.0
    after: float = 0.0
    keep: bool = False
    marker: Lines | None = None
    link: str | None = None

    @property
    def height(self) -> float:
        """The height of all lines."""
        return self.lines.height

    @property
    def space_before(self) -> float:
        """Space above."""
        return self.before

    @property
    def space_after(self) -> float:
        """Space below."""
        return self.after

    @property
    def keep_with_next(self) -> bool:
        """Whether it introduces what follows."""
        return self.keep

    @property
    def least(self) -> float:
        """All of a short text, two lines of a longer one."""
        count = len(self.lines.lines)
        return self.height if count < 2 * _FEWEST_LINES else _FEWEST_LINES * self.lines.style.leading

    def split(self, room: float) -> "tuple[TextPiece, TextPiece] | None":
        """Part it between lines, never leaving a single line alone."""
        count = len(self.lines.lines)
        fitting = min(int((room + 0.01) / self.lines.style.leading), count - _FEWEST_LINES)
        if fitting < _FEWEST_LINES:
            return None
        first = replace(self, lines=self.lines.part(0, fitting))
        return first, replace(self, lines=self.lines.part(fitting), marker=None)

    def draw(self, pen: Pen, x: float, top: float) -> None:
        """Write the lines and the marker."""
        if self.marker is not None:
            pen.text(self.marker, x + self.indent - self.marker.width, top)
        pen.text(self.lines, x + self.indent, top)
        if self.link is not None:
            pen.link_lines(self.lines, x + self.indent, top, self.link)


@dataclass(frozen=True, slots=True)
class HeadingPiece(TextPiece):
    """A heading: bookmarked, in the outline, and never parted from what it heads."""

    anchor: str = ""
    title: str = ""
    level: int = 1

    def split(self, room: float) -> tuple[TextPiece, TextPiece] | None:
        """Part a heading that is higher than a page; only its first part is bookmarked."""
        parts = TextPiece.split(self, room)
        if parts is None:
            return None
        return parts[0], TextPiece(parts[1].lines, after=self.after, keep=True)

    def draw(self, pen: Pen, x: float, top: float) -> None:
        """Write it and bind its anchor to this place."""
        pen.bookmark(self.anchor, self.title, self.level - 1, top + 12)
        TextPiece.draw(self, pen, x, top)


@dataclass(frozen=True, slots=True)
class DrawingPiece(Piece):
    """A chart, or the part of one that fits a page."""

    drawing: Drawing
    after: float = 0.0

    @property
    def height(self) -> float:
        """The height of the drawing."""
        return float(self.drawing.height)

    @property
    def space_after(self) -> float:
        """Space below."""
        return self.after

    @property
    def keep_with_next(self) -> bool:
        """A chart stands by its words."""
        return True

    def draw(self, pen: Pen, x: float, top: float) -> None:
        """Draw the chart."""
        pen.drawing(self.drawing, x, top)


@dataclass(frozen=True, slots=True)
class SpacePiece(Piece):
    """A box with lines to write on by hand."""

    lines: int
    width: float

    @property
    def height(self) -> float:
        """The height of the box."""
        return self.lines * _WRITTEN_LINE

    @property
    def space_after(self) -> float:
        """Space below."""
        return 12.0

    def draw(self, pen: Pen, x: float, top: float) -> None:
        """Draw the box, and a fine line under every written one but the last."""
        for number in range(1, self.lines):
            pen.rule(x, top - number * _WRITTEN_LINE, self.width, palette.RULE, 0.4)
        pen.frame(x, top, self.width, self.height, palette.STRONG_RULE)


@dataclass(frozen=True, slots=True)
class BreakPiece(Piece):
    """What follows starts a page."""

    @property
    def height(self) -> float:
        """No height of its own."""
        return 0.0

    def draw(self, pen: Pen, x: float, top: float) -> None:
        """Nothing to draw."""


@dataclass(frozen=True, slots=True)
class ContentsPiece(Piece):
    """An entry of the contents; `pages` is filled in when all pages are known, before anything is drawn."""

    lines: Lines
    indent: float
    before: float
    anchor: str
    pages: dict[str, Lines]

    @property
    def height(self) -> float:
        """The height of the entry."""
        return self.lines.height

    @property
    def space_before(self) -> float:
        """Space above."""
        return self.before

    def draw(self, pen: Pen, x: float, top: float) -> None:
        """Write the entry, a fine rule and the page number, all of it a link."""
        number = self.pages[self.anchor]
        width = self.indent + self.lines.width + number.width
        bottom = top - self.height
        pen.text(self.lines, x + self.indent, top)
        pen.text(number, x + self.indent + self.lines.width, bottom + number.style.leading)
        pen.rule(x + self.indent, bottom - 2, width - self.indent, palette.RULE, 0.4)
        label = " ".join(segment.text for line in self.lines.lines for segment in line.segments)
        pen.link(x, top, width, self.height, f"#{self.anchor}", label)
