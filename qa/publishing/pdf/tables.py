"""Blocks that are rows and columns in the PDF: tables, findings, summaries, terms and boxes."""

from functools import lru_cache
from typing import Final, Literal

from qa.publishing import palette
from qa.publishing.document import Callout, Definitions, FindingKind, FindingList, KeyFacts, Table
from qa.publishing.pdf import layout
from qa.publishing.pdf.grid import Grid, GridRow, Skin, grid_row, whole
from qa.publishing.pdf.pieces import Piece, TextPiece
from qa.publishing.plain_text import one_line
from qa.publishing.typesetting.text import TextStyle, natural_widths, set_text

_PLAIN: Final = Skin()
_SUMMARY: Final = Skin(pad_x=0.0, pad_y=5.5, header_rule=None, last_rule=palette.RULE)
_BOX: Final = Skin(
    pad_x=16.0, pad_y=3.0, pad_ends=9.0, edge=palette.BRAND, fill=palette.TINT, row_rule=None, last_rule=None
)
_FINDINGS: Final[dict[FindingKind, tuple[str, str, Literal["tick", "triangle"]]]] = {
    FindingKind.STRENGTH: (palette.STRENGTH, palette.STRENGTH_TINT, "tick"),
    FindingKind.IMPROVEMENT: (palette.IMPROVEMENT, palette.IMPROVEMENT_TINT, "triangle"),
}
_SAMPLED_ROWS: Final = 300
_MOST_WORD: Final = 0.3
"""No word asks for more than this part of the table's width."""
_MOST_HEADER_LINES: Final = 8
_MOST_CAPTION_LINES: Final = 6
_COUNT_WIDTH: Final = 66.0
_SIGN_WIDTH: Final = 16.0
_SPACE: Final = 16.0


def table_pieces(table: Table, width: float) -> list[Piece]:
    """Lay `table` out `width` points wide, with its caption above and its note below."""
    widths = column_widths(table, width)
    lefts = tuple(sum(widths[:number]) + _PLAIN.pad_x for number in range(len(widths)))
    rooms = [max(column - 2 * _PLAIN.pad_x, 8.0) for column in widths]
    header = grid_row(
        tuple(
            set_text(one_line(column.heading), _style(column.align, True), room, _MOST_HEADER_LINES)
            for column, room in zip(table.columns, rooms, strict=True)
        ),
        (None,) * len(widths),
    )
    caption = one_line(table.caption)
    grid = Grid(
        _PLAIN,
        lefts,
        width,
        _table_rows(table, rooms, width),
        header,
        set_text(caption, layout.CAPTION, width, _MOST_CAPTION_LINES) if caption else None,
        set_text(f"{caption} (continued)", layout.CAPTION, width, _MOST_CAPTION_LINES) if caption else None,
    )
    piece = whole(grid, _SPACE, 6.0 if table.note else _SPACE + 4, keep=bool(table.note))
    if not table.note:
        return [piece]
    return [piece, TextPiece(set_text(table.note, layout.SMALL, width), after=_SPACE + 4)]


def finding_pieces(block: FindingList, width: float) -> list[Piece]:
    """Lay findings out as a box: sign and heading in the list's colour, the count of cases at the right."""
    colour, tint, sign = _FINDINGS[block.kind]
    counted = any(item.cases is not None for item in block.items)
    skin = Skin(pad_x=14.0, pad_y=6.0, edge=colour, fill=tint, header_rule=None, last_rule=None, sign=sign)
    count_width = _COUNT_WIDTH if counted else 0.0
    text_left = skin.pad_x + _SIGN_WIDTH
    text_width = width - text_left - count_width - skin.pad_x
    lefts = (text_left, width - skin.pad_x - count_width)
    head = layout.HEADINGS[3].but(colour=colour)
    nothing = set_text("", head, 1)
    header = grid_row((set_text(block.kind.value, head, text_width), nothing), (None, None))
    body = TextStyle(10, 14.5)
    count_style = TextStyle(9, 14.5, palette.SOFT_INK, align="right")
    rows = [
        grid_row(
            (set_text(item.text, body, text_width), set_text(item.cases_text, count_style, count_width)),
            (item.link, None),
        )
        for item in block.items
    ] or [grid_row((set_text(block.empty_text, body, text_width), nothing), (None, None))]
    return [whole(Grid(skin, lefts, width, rows, header), 12.0, 12.0)]


def summary_pieces(block: KeyFacts | Definitions, width: float) -> list[Piece]:
    """Lay out pairs of a term and what is said of it."""
    pairs = (
        [(fact.term, fact.text) for fact in block.facts]
        if isinstance(block, KeyFacts)
        else [(entry.term, entry.meaning) for entry in block.entries]
    )
    if not pairs:
        return []
    body = TextStyle(10, 14.5)
    bold = body.but(bold=True)
    natural = max(natural_widths(term, bold)[1] for term, _ in pairs)
    term_width = min(max(natural + 20, width * 0.2), width * 0.36)
    rows = [
        grid_row(
            (set_text(term, bold, term_width - 20), set_text(text, body, width - term_width)), (None, None)
        )
        for term, text in pairs
    ]
    return [whole(Grid(_SUMMARY, (0.0, term_width), width, rows), 10.0, _SPACE)]


def callout_pieces(block: Callout, width: float) -> list[Piece]:
    """Lay out a box."""
    room = width - 2 * _BOX.pad_x
    rows = []
    if block.heading.strip():
        rows.append(
            grid_row((set_text(block.heading, layout.HEADINGS[3].but(colour=palette.BRAND), room),), (None,))
        )
    rows.append(grid_row((set_text(block.text, layout.BODY, room),), (None,)))
    return [whole(Grid(_BOX, (_BOX.pad_x,), width, rows), 14.0, 14.0)]


def column_widths(table: Table, width: float) -> list[float]:
    """Return the columns' widths in points: hinted ones in proportion, others fitted to the contents.

    A hint gives way where a column would break a word and another has room to spare.
    """
    minimum, natural = _measures(table, width)
    hints = [column.width for column in table.columns]
    hinted = sum(hint for hint in hints if hint is not None)
    if all(hint is not None for hint in hints):
        return _unbroken([width * (hint or 0.0) / hinted for hint in hints], minimum)
    fitted = _fitted(table, minimum, natural, width)
    spare = sum(fit for fit, hint in zip(fitted, hints, strict=True) if hint is not None)
    return [fit if hint is None else spare * hint / hinted for fit, hint in zip(fitted, hints, strict=True)]


def _unbroken(widths: list[float], minimum: list[float]) -> list[float]:
    """The widths with the columns that break a word made wider, at the cost of those that have room."""
    lacks = [max(least - width, 0.0) for width, least in zip(widths, minimum, strict=True)]
    spares = [max(width - least, 0.0) for width, least in zip(widths, minimum, strict=True)]
    if not 0 < sum(lacks) <= sum(spares):
        return widths
    part = sum(lacks) / sum(spares)
    return [width + lack - spare * part for width, lack, spare in zip(widths, lacks, spares, strict=True)]


def _fitted(table: Table, minimum: list[float], natural: list[float], width: float) -> list[float]:
    spare = width - sum(natural)
    if spare >= 0:
        wide = [
            0.0 if column.align == "right" else size
            for column, size in zip(table.columns, natural, strict=True)
        ]
        shares = wide if sum(wide) > 0 else natural
        return [size + spare * share / sum(shares) for size, share in zip(natural, shares, strict=True)]
    spare = width - sum(minimum)
    if spare < 0:
        return [width * size / sum(minimum) for size in minimum]
    wishes = [most - least for least, most in zip(minimum, natural, strict=True)]
    return [least + spare * wish / sum(wishes) for least, wish in zip(minimum, wishes, strict=True)]


def _measures(table: Table, width: float) -> tuple[list[float], list[float]]:
    """For each column the width of its widest word and widest line, from the first rows and the last."""
    bold = layout.CELL.but(bold=True)
    sample = (*table.rows[:_SAMPLED_ROWS], *table.rows[-3:])
    rows = [(row.texts, bold if row.total else layout.CELL) for row in sample]
    most_word = width * _MOST_WORD
    minimum: list[float] = []
    natural: list[float] = []
    for number, column in enumerate(table.columns):
        word, line = natural_widths(one_line(column.heading), bold)
        # The heading of a column of numbers takes two lines rather than room from the others.
        sizes = [(word, max(word, line * 0.55) if column.align == "right" else line)]
        sizes.extend([natural_widths(texts[number], style) for texts, style in rows])
        padding = 2 * _PLAIN.pad_x + 0.5
        minimum.append(min(max(size[0] for size in sizes), most_word) + padding)
        natural.append(min(max(size[1] for size in sizes), width * 2) + padding)
    return minimum, natural


def _table_rows(table: Table, rooms: list[float], width: float) -> list[GridRow]:
    """Every row set in lines; a text that comes again is set once."""
    if not table.rows:
        return [_empty_row(table, rooms, width)]
    styles = {total: [_style(column.align, total) for column in table.columns] for total in (False, True)}
    return [
        grid_row(tuple(map(set_text, row.texts, styles[row.total], rooms)), row.links, row.total)
        for row in table.rows
    ]


@lru_cache(maxsize=32)
def _style(align: Literal["left", "right"], bold: bool) -> TextStyle:
    return layout.CELL.but(bold=bold, align=align)


def _empty_row(table: Table, rooms: list[float], width: float) -> GridRow:
    text = set_text(table.empty_text, layout.CELL, width - 2 * _PLAIN.pad_x)
    nothing = set_text("", layout.CELL, 1)
    return grid_row((text, *(nothing for _ in rooms[1:])), (None,) * len(rooms))
