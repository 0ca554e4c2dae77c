"""Reads a Word document: its words and tables as a person sees them, tracked changes accepted.

python-docx finds the parts and resolves no entity; the elements are walked here, because it passes over
content controls and shows deleted words.
"""

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from time import monotonic
from typing import Any, Final

import docx
from docx.oxml.ns import qn

from qa.config import ImportLimits
from qa.frameworks.office_files import BadOfficeFile, OfficeKind, OfficeLimits, check_office_zip
from qa.frameworks.word.pieces import Cell, Grid, Row, Tool, Words

MOST_PARTS: Final = 2_000
MOST_TAGS: Final = 600_000
"""Of all parts together, at both ends of every element. A tool of 200 questions has about 50,000."""
LONGEST_TEXT: Final = 5_000
_MOST_COLUMNS: Final = 60

_GONE = {qn(f"w:{name}") for name in ("del", "moveFrom", "instrText", "delText", "rPr", "pPr", "txbxContent")}
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_PICTURES = {qn("w:drawing"), qn("w:pict"), qn("w:object")}
_NOTES = {qn("w:footnoteReference"), qn("w:endnoteReference")}
_P, _TBL, _TR, _TC, _T, _SYM = (qn(f"w:{name}") for name in ("p", "tbl", "tr", "tc", "t", "sym"))
_BREAKS = {qn("w:br"), qn("w:cr")}
_BOXES = re.compile("F0(6F|71|A3|A8|FD|FE|52)", re.IGNORECASE)  # boxes to tick in the Wingdings typefaces
_HEADING = re.compile(r"heading ([1-9])", re.IGNORECASE)


def read_tool(raw: bytes, limits: ImportLimits) -> Tool:
    """A Word document as words and tables. Raises BadOfficeFile with a sentence for the person."""
    unpacked = limits.unpacked_mb * 1_000_000
    check_office_zip(raw, OfficeLimits(unpacked, MOST_PARTS), OfficeKind.WORD)
    _check_tags(raw)
    try:
        file = docx.Document(io.BytesIO(raw))
        body, styles = file.element.body, file.styles.element
    except (KeyError, ValueError, SyntaxError, AttributeError, TypeError, IndexError):
        # What python-docx and lxml raise for parts that are missing or are no Word markup.
        raise BadOfficeFile(
            "The file cannot be read as a Word document: open it in Word, save it as a Word document (.docx) "
            "and choose that file"
        ) from None
    cells = sum(1 for _ in body.iter(_TC))
    if cells > limits.values:
        raise BadOfficeFile(
            f"The tables of the document have {cells:,} cells; {limits.values:,} are allowed. Bring the tool "
            "in in parts"
        )
    return _Reader(_levels(styles), _bold_styles(styles), monotonic() + limits.seconds).read(body)


def _check_tags(raw: bytes) -> None:
    """Refuse what would take far more memory as a tree than any tool does."""
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        tags = sum(
            archive.read(entry).count(b"<")
            for entry in archive.infolist()
            if not entry.filename.lower().startswith("word/media/")
        )
    if tags > MOST_TAGS:
        raise BadOfficeFile(
            "The document is far larger than any audit tool. Copy the tables that make up the tool to a new "
            "document and choose that file"
        )


def _levels(styles: Any) -> Mapping[str, int]:
    """By id of a style: its level as a heading; 0 for the title. What a style is based on counts."""
    own: dict[str, int] = {}
    based: dict[str, str] = {}
    for style in styles.iter(qn("w:style")):
        key, name = str(style.get(qn("w:styleId"))), _value(style.find(qn("w:name")))
        match = _HEADING.fullmatch(name)
        outline = style.find(f"{qn('w:pPr')}/{qn('w:outlineLvl')}")
        if match:
            own[key] = int(match[1])
        elif name.lower() == "title":
            own[key] = 0
        elif outline is not None and _value(outline) in set("01234567"):
            own[key] = int(_value(outline)) + 1
        based[key] = _value(style.find(qn("w:basedOn")))
    return _inherited(own, based)


def _inherited(own: Mapping[str, int], based: Mapping[str, str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for key in based:
        ancestor, seen = key, set[str]()
        while ancestor and ancestor not in own and ancestor not in seen:
            seen.add(ancestor)
            ancestor = based.get(ancestor, "")
        if ancestor in own:
            found[key] = own[ancestor]
    return found


def _bold_styles(styles: Any) -> frozenset[str]:
    return frozenset(
        str(style.get(qn("w:styleId")))
        for style in styles.iter(qn("w:style"))
        if _on(style.find(f"{qn('w:rPr')}/{qn('w:b')}"))
    )


def _value(element: Any) -> str:
    return "" if element is None else str(element.get(qn("w:val")) or "")


def _on(element: Any) -> bool:
    """Whether a switch such as `w:b` is there and on."""
    return element is not None and _value(element).lower() not in {"0", "false", "off", "none"}


class _Reader:
    """Walks the body once and counts what it passes over."""

    def __init__(self, levels: Mapping[str, int], bold_styles: frozenset[str], until: float) -> None:
        self.levels = levels
        self.until = until
        self.bold_styles = bold_styles
        self.pictures = self.notes = self.boxes = self.nested = self.changes = 0

    def read(self, body: Any) -> Tool:
        pieces = tuple(self._pieces(body))
        return Tool(pieces, tuple(self._unread()))

    def _unread(self) -> Iterator[str]:
        for count, one, several in (
            (self.pictures, "a picture or drawing", "pictures or drawings"),
            (self.boxes, "a text box", "text boxes"),
            (self.notes, "a footnote", "footnotes"),
        ):
            if count:
                yield f"{one.capitalize() if count == 1 else f'{count} {several}'}: not read"
        if self.nested:
            tables = "A table" if self.nested == 1 else f"{self.nested} tables"
            yield f"{tables} inside a cell of another table: read as the words of that cell"
        if self.changes:
            yield "Tracked changes: read as if all of them were accepted"

    def _pieces(self, parent: Any) -> Iterator[Words | Grid]:
        for child in parent:
            if child.tag == _P:
                words = self._words(child)
                if words.text and not self._of_contents(child):
                    yield words
            elif child.tag == _TBL:
                yield self._grid(child)
            elif isinstance(child.tag, str) and child.tag not in _GONE and child.tag != _FALLBACK:
                yield from self._pieces(child)
            elif child.tag in _GONE:
                self._pass_over(child)

    @staticmethod
    def _of_contents(paragraph: Any) -> bool:
        """Whether it is an entry of the table of contents."""
        style = _value(paragraph.find(f"{qn('w:pPr')}/{qn('w:pStyle')}"))
        return style.upper().startswith("TOC")

    def _words(self, paragraph: Any) -> Words:
        if monotonic() > self.until:
            raise BadOfficeFile(
                "Reading the document takes too long. Copy the tables that make up the tool to a new "
                "document and choose that file"
            )
        style = _value(paragraph.find(f"{qn('w:pPr')}/{qn('w:pStyle')}"))
        outline = _value(paragraph.find(f"{qn('w:pPr')}/{qn('w:outlineLvl')}"))
        level = self.levels.get(style)
        if level is None and outline in set("01234567"):
            level = int(outline) + 1
        text = _tidy("".join(self._texts(paragraph)))
        return Words(text, level, self._bold(paragraph, style))

    def _bold(self, paragraph: Any, style: str) -> bool:
        runs = [run for run in paragraph.iter(qn("w:r")) if any(text.text for text in run.iter(_T))]
        if not runs:
            return False
        of_style = style in self.bold_styles
        return all(self._run_bold(run, of_style) for run in runs)

    @staticmethod
    def _run_bold(run: Any, of_style: bool) -> bool:
        own = run.find(f"{qn('w:rPr')}/{qn('w:b')}")
        return of_style if own is None else _on(own)

    def _texts(self, element: Any) -> Iterator[str]:
        for child in element:
            tag = child.tag
            if tag == _T:
                yield child.text or ""
            elif tag in _BREAKS:
                yield "\n"
            elif tag == qn("w:tab"):
                yield " "
            elif tag == qn("w:noBreakHyphen"):
                yield "-"
            elif tag == _SYM:
                yield "\N{BALLOT BOX}" if _BOXES.fullmatch(str(child.get(qn("w:char")))) else ""
            elif tag in _GONE or tag in _PICTURES or tag in _NOTES or tag == _FALLBACK:
                self._pass_over(child)
            elif isinstance(tag, str) and not self._hidden(child):
                yield from self._texts(child)

    @staticmethod
    def _hidden(element: Any) -> bool:
        return element.tag == qn("w:r") and _on(element.find(f"{qn('w:rPr')}/{qn('w:vanish')}"))

    def _pass_over(self, element: Any) -> None:
        """Count what a reader of the document sees and we do not read."""
        if element.tag in _NOTES:
            self.notes += 1
        elif element.tag in {qn("w:del"), qn("w:moveFrom")}:
            self.changes += 1
        elif element.tag in _PICTURES:
            boxes = sum(1 for _ in element.iter(qn("w:txbxContent")))
            self.boxes += boxes > 0
            self.pictures += boxes == 0

    def _grid(self, table: Any) -> Grid:
        rows: list[Row] = []
        for row in _parts(table, _TR):
            if row.find(f"{qn('w:trPr')}/{qn('w:del')}") is not None:
                self.changes += 1
                continue
            rows.append(self._row(row, rows[-1] if rows else None))
        return Grid(tuple(rows))

    def _row(self, row: Any, above: Row | None) -> Row:
        properties = row.find(qn("w:trPr"))
        before = _value(properties.find(qn("w:gridBefore"))) if properties is not None else ""
        cells = [Cell("", _span(before))] if before else []
        for cell in _parts(row, _TC):
            cells.append(self._cell(cell, sum(one.span for one in cells), above))
        repeats = properties is not None and _on(properties.find(qn("w:tblHeader")))
        return Row(tuple(cells), repeats)

    def _cell(self, cell: Any, column: int, above: Row | None) -> Cell:
        span = _span(_value(cell.find(f"{qn('w:tcPr')}/{qn('w:gridSpan')}")))
        merged = cell.find(f"{qn('w:tcPr')}/{qn('w:vMerge')}")
        if merged is not None and _value(merged) != "restart" and above is not None:
            texts = above.texts
            return Cell(texts[column] if column < len(texts) else "", span, continued=True)
        paragraphs = [self._words(one) for one in self._paragraphs(cell)]
        text = _tidy("\n".join(words.text for words in paragraphs if words.text))
        return Cell(text, span, bool(text) and all(words.bold for words in paragraphs if words.text))

    def _paragraphs(self, parent: Any) -> Iterator[Any]:
        for child in parent:
            if child.tag == _P:
                yield child
            elif isinstance(child.tag, str) and child.tag not in _GONE and child.tag != _FALLBACK:
                self.nested += child.tag == _TBL
                yield from self._paragraphs(child)


def _parts(parent: Any, tag: str) -> Iterator[Any]:
    """Rows of a table, or cells of a row, through content controls and marks of changes around them."""
    for child in parent:
        if child.tag == tag:
            yield child
        elif isinstance(child.tag, str) and child.tag not in _GONE and child.tag not in {_TBL, _P}:
            yield from _parts(child, tag)


def _span(value: str) -> int:
    return min(max(int(value), 1), _MOST_COLUMNS) if value.isdecimal() and len(value) < 5 else 1


def _tidy(text: str) -> str:
    """One space between words, no empty lines, not endless."""
    lines = (" ".join(line.split()) for line in text.replace("\N{NO-BREAK SPACE}", " ").split("\n"))
    return "\n".join(line for line in lines if line)[:LONGEST_TEXT]
