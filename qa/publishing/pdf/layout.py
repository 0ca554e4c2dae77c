"""Measures and text styles of the PDF: A4, one column, points throughout."""

from typing import Final

from qa.publishing import palette
from qa.publishing.typesetting.text import TextStyle

PAGE_WIDTH: Final = 595.28
PAGE_HEIGHT: Final = 841.89
MARGIN: Final = 62.0
WIDTH: Final = PAGE_WIDTH - 2 * MARGIN
"""The width of a line of text, and of tables and charts."""
BODY_TOP: Final = PAGE_HEIGHT - 86.0
BODY_BOTTOM: Final = 84.0

BODY: Final = TextStyle(10.5, 15.5)
LEAD: Final = TextStyle(12.5, 19, palette.SOFT_INK)
HEADINGS: Final = {
    1: TextStyle(22, 28, palette.BRAND, bold=True),
    2: TextStyle(14.5, 20, palette.INK, bold=True),
    3: TextStyle(11.5, 16, palette.SOFT_INK, bold=True),
}
HEADING_SPACE: Final = {1: (34.0, 12.0), 2: (24.0, 7.0), 3: (16.0, 4.0)}
"""Space before and after a heading."""
CAPTION: Final = TextStyle(10, 14, bold=True)
CELL: Final = TextStyle(9, 12.5)
SMALL: Final = TextStyle(8.5, 12, palette.SOFT_INK)
RUNNING: Final = TextStyle(8, 11, palette.SOFT_INK)
NOTE: Final = TextStyle(8, 11, palette.SOFT_INK, italic=True)
MARKING: Final = TextStyle(9, 12, bold=True, align="centre")
"""The protective marking at head and foot."""
