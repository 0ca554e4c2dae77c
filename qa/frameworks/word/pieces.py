"""What a tool is read from: the words and tables of a document, in their order. Pure."""

from typing import NamedTuple


class Words(NamedTuple):
    """A paragraph. level: of a heading, 1 the highest; 0 for the document's title; None for plain words.

    bold: all of it is bold.
    """

    text: str
    level: int | None = None
    bold: bool = False


class Cell(NamedTuple):
    """A cell. span: how many columns it takes. continued: it goes on from the row above and has its text."""

    text: str
    span: int = 1
    bold: bool = False
    continued: bool = False


class Row(NamedTuple):
    """A row. repeats: Word repeats it on every page, as it does with headings of columns."""

    cells: tuple[Cell, ...]
    repeats: bool = False

    @property
    def texts(self) -> tuple[str, ...]:
        """What stands in each column; a cell over several columns stands in the first."""
        return tuple(text for cell in self.cells for text in (cell.text, *("" for _ in range(cell.span - 1))))


class Grid(NamedTuple):
    """A table."""

    rows: tuple[Row, ...]


class Tool(NamedTuple):
    """A document as read. unread: sentences on what is in it and was passed over."""

    pieces: tuple[Words | Grid, ...]
    unread: tuple[str, ...] = ()
