"""Tables of a Word file: caption, heading row repeated on every page, and cells."""

from collections.abc import Callable, Iterable, Sequence
from typing import Final

from docx.oxml.xmlchemy import BaseOxmlElement

from qa.publishing import palette
from qa.publishing.document import Table
from qa.publishing.plain_text import one_line
from qa.publishing.word import styles
from qa.publishing.word.markup import Look, made, paragraph, text_run

_INDENT: Final = 112
WIDTH: Final = 9638 - _INDENT
"""The width of a table in twentieths of a point: a line of 17 cm without a cell's padding."""
LINE: Final = 420
"""The height of a line written by hand, in the same unit: 0.74 cm."""
_SAMPLED_ROWS: Final = 300
_FEWEST, _MOST = 7, 60
_KEPT_WHOLE: Final = 1200
"""A row with more characters may be parted between pages."""

Linked = Callable[[str, str | None, Look], Sequence[BaseOxmlElement]]
"""Gives the runs of a text, within a link where it has one."""


def table_elements(table: Table, linked: Linked) -> list[BaseOxmlElement]:
    """The table with its caption above and its note below."""
    caption = one_line(table.caption)
    widths = column_widths(table)
    heads = [
        _cell([text_run(one_line(column.heading), Look(bold=True))], width, column.align, palette.TINT)
        for column, width in zip(table.columns, widths, strict=True)
    ]
    rows = [_row(heads, heading=True)]
    for row in table.rows:
        cells = [
            _cell(
                linked(text, link, Look(bold=row.total or (number == 0 and table.row_headings))),
                width,
                column.align,
            )
            for number, (text, link, width, column) in enumerate(
                zip(row.texts, row.links, widths, table.columns, strict=True)
            )
        ]
        rows.append(_row(cells, whole=sum(map(len, row.texts)) < _KEPT_WHOLE))
    if not table.rows:
        rows.append(_row([_cell([text_run(table.empty_text)], WIDTH, span=len(widths))]))
    made_table = _table(widths, rows, caption, first_row=True, first_column=table.row_headings)
    above = [paragraph("Caption", [text_run(caption)])] if caption else []
    below = [paragraph(styles.SMALL, [text_run(table.note or "")])]
    return [*above, made_table, *below]


def pairs_elements(pairs: Iterable[tuple[str, str]], caption: str) -> list[BaseOxmlElement]:
    """Terms and what is said of each, side by side."""
    widths = [WIDTH * 3 // 10, WIDTH - WIDTH * 3 // 10]
    rows = [
        _row([_cell([text_run(term, Look(bold=True))], widths[0]), _cell([text_run(text)], widths[1])])
        for term, text in pairs
    ]
    if not rows:
        return []
    return [_table(widths, rows, caption, first_column=True), paragraph(styles.SMALL)]


def space_elements(label: str, lines: int) -> list[BaseOxmlElement]:
    """A box as high as `lines` written by hand, which grows when it is typed in."""
    height = made("w:trHeight", {"w:val": str(LINE * lines), "w:hRule": "atLeast"})
    row = made("w:tr", children=[made("w:trPr", children=[height]), _cell([text_run("")], WIDTH)])
    named = paragraph("Caption", [text_run(one_line(label))])
    return [named, _table([WIDTH], [row], one_line(label)), paragraph(styles.RUNNING)]


def column_widths(table: Table) -> list[int]:
    """The columns' widths in twentieths of a point: hinted ones in proportion, others by their contents."""
    sample = [row.texts for row in table.rows[:_SAMPLED_ROWS]]
    wishes = []
    for number, column in enumerate(table.columns):
        longest = max([len(texts[number]) for texts in sample] or [0])
        word = max([len(word) for word in column.heading.split()] or [0])
        wishes.append(float(min(max(longest, word, _FEWEST), _MOST)))
    hints = [column.width for column in table.columns]
    hinted = sum(hint for hint in hints if hint is not None)
    room = sum(wish for wish, hint in zip(wishes, hints, strict=True) if hint is not None)
    shares = [
        wish if hint is None else room * hint / hinted for wish, hint in zip(wishes, hints, strict=True)
    ]
    return [max(int(WIDTH * share / sum(shares)), 300) for share in shares]


def _table(
    widths: Sequence[int],
    rows: Iterable[BaseOxmlElement],
    caption: str,
    *,
    first_row: bool = False,
    first_column: bool = False,
) -> BaseOxmlElement:
    borders = {
        "w:val": "single",
        "w:sz": "4",
        "w:space": "0",
        "w:color": palette.STRONG_RULE.removeprefix("#"),
    }
    sides = [made(f"w:{side}", borders) for side in ("top", "left", "bottom", "right", "insideH", "insideV")]
    look = {
        "w:val": "0000",
        "w:firstRow": "1" if first_row else "0",
        "w:lastRow": "0",
        "w:firstColumn": "1" if first_column else "0",
        "w:lastColumn": "0",
        "w:noHBand": "1",
        "w:noVBand": "1",
    }
    properties = [
        made("w:tblW", {"w:w": str(sum(widths)), "w:type": "dxa"}),
        made("w:tblInd", {"w:w": str(_INDENT), "w:type": "dxa"}),
        made("w:tblBorders", children=sides),
        made("w:tblLayout", {"w:type": "fixed"}),
        made("w:tblLook", look),
    ]
    if caption:
        properties.append(made("w:tblCaption", {"w:val": caption[:250]}))
    columns = [made("w:gridCol", {"w:w": str(width)}) for width in widths]
    return made(
        "w:tbl", children=[made("w:tblPr", children=properties), made("w:tblGrid", children=columns), *rows]
    )


def _row(cells: Iterable[BaseOxmlElement], *, heading: bool = False, whole: bool = True) -> BaseOxmlElement:
    properties = [made("w:cantSplit")] if whole else []
    if heading:
        properties.append(made("w:tblHeader"))
    return made("w:tr", children=[made("w:trPr", children=properties), *cells])


def _cell(
    runs: Iterable[BaseOxmlElement], width: int, align: str = "left", fill: str = "", span: int = 1
) -> BaseOxmlElement:
    properties = [made("w:tcW", {"w:w": str(width), "w:type": "dxa"})]
    if span > 1:
        properties.append(made("w:gridSpan", {"w:val": str(span)}))
    if fill:
        properties.append(
            made("w:shd", {"w:val": "clear", "w:color": "auto", "w:fill": fill.removeprefix("#")})
        )
    aligned = [made("w:jc", {"w:val": "right"})] if align == "right" else []
    return made("w:tc", children=[made("w:tcPr", children=properties), paragraph(styles.CELL, runs, aligned)])
