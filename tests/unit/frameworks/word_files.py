"""Word documents that tests bring in: made with python-docx, or of markup written out."""

import io
import zipfile
from collections.abc import Iterable, Sequence

import docx
from docx.document import Document as WordFile
from docx.table import Table

from qa.config import ImportLimits
from qa.frameworks.word.guessing import Guess, guess
from qa.frameworks.word.pieces import Tool
from qa.frameworks.word.reading import read_tool

LIMITS = ImportLimits()
NAMESPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)
OFSTED = "Grade (Outstanding / Good / Requires improvement / Inadequate)"


def raw(file: WordFile) -> bytes:
    """The file as bytes."""
    written = io.BytesIO()
    file.save(written)
    return written.getvalue()


BLANK = raw(docx.Document())


def add_table(file: WordFile, *rows: Sequence[str]) -> Table:
    """A table of these rows; a row with a single text spans all columns."""
    made: Table = file.add_table(rows=0, cols=max(len(row) for row in rows))
    for row in rows:
        cells = made.add_row().cells  # type: ignore[no-untyped-call]
        if len(row) == 1:
            cells[0].merge(cells[-1]).text = row[0]
            continue
        for cell, text in zip(cells, row, strict=False):
            cell.text = text
    return made


def add_bold(file: WordFile, text: str) -> None:
    """A paragraph in bold."""
    file.add_paragraph().add_run(text).bold = True


def tool_file() -> WordFile:
    """A tool as partnerships keep it: headings, guidance, several ways to rate, and things to leave out."""
    file = docx.Document()
    file.add_heading("Neglect audit tool", 0)
    file.add_paragraph("Return this form to the business unit.")
    add_table(file, ("Case reference", ""), ("Agency", ""), ("Date of audit", ""))
    file.add_heading("1. Recognition", 1)
    file.add_paragraph("How early was neglect seen and named?")
    add_table(
        file,
        ("No.", "Question", "Prompts", OFSTED, "Evidence"),
        ("1.1", "Was neglect recognised early?", "Look at the first contacts.\nAnd the chronology.", "", ""),
        ("1.2", "1.2 Was a profile tool used?", "", "", ""),
        ("1.3", "How many referrals were made?", "", "", ""),
    )
    add_bold(file, "Planning")
    add_table(
        file,
        ("Standard", "What good looks like", "RAG", "Comments"),
        ("The plan is specific.\nto the child", "Names and dates", "", ""),
        ("Reviews",),
        ("Reviews were held on time", "Every six weeks", "", ""),
        ("", "", "", ""),
    )
    file.add_heading("Voice of the child", 1)
    add_table(
        file,
        ("Criteria", "Yes", "No", "N/A", "Notes", "Widget"),
        ("Child seen alone", "", "", "", "", ""),
        ("Wishes recorded", "☐", "☐", "☐", "", ""),
    )
    file.add_paragraph("Signed by the auditor")
    return file


def read(file: WordFile) -> Tool:
    """The file as words and tables."""
    return read_tool(raw(file), LIMITS)


def guessed(file: WordFile) -> Guess:
    """What is made of the file."""
    return guess(read(file))


def of_markup(*body: str, **parts: str) -> bytes:
    """A Word file whose body is this markup. parts: other parts to replace, by name with __ for a slash."""
    document = f"<w:document {NAMESPACES}><w:body>{''.join(body)}<w:sectPr/></w:body></w:document>"
    made = io.BytesIO()
    replaced = {"word/document.xml": document, **{k.replace("__", "/"): v for k, v in parts.items()}}
    with zipfile.ZipFile(io.BytesIO(BLANK)) as blank, zipfile.ZipFile(made, "w", 8) as archive:
        for name in blank.namelist():
            archive.writestr(name, replaced.pop(name) if name in replaced else blank.read(name))
        for name, content in replaced.items():
            archive.writestr(name, content)
    return made.getvalue()


def paragraph(*runs: str) -> str:
    """A paragraph of these runs."""
    return f"<w:p>{''.join(runs)}</w:p>"


def run(text: str, properties: str = "") -> str:
    """A run of text."""
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def cell(text: str, properties: str = "", more: str = "") -> str:
    """A cell."""
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{more}{paragraph(run(text))}</w:tc>"


def table(rows: Iterable[Iterable[str]]) -> str:
    """A table of rows of cells, each of which is markup."""
    return f"<w:tbl>{''.join('<w:tr>' + ''.join(row) + '</w:tr>' for row in rows)}</w:tbl>"
