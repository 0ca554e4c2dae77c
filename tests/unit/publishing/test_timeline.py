"""Timelines: what they refuse, what they draw, and their three renderings."""

import re
from io import BytesIO

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader
from reportlab.graphics.shapes import Drawing, Rect, String

from qa.publishing.document import Column, Table, TableRow, Timeline, TimelineBar, TimelineRow
from qa.publishing.pdf import render_pdf
from qa.publishing.timeline_drawing import timeline_drawings
from qa.publishing.web import render_blocks
from qa.publishing.word import render_docx
from tests.unit.publishing.examples import report

MONTHS = ("Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec", "Jan", "Feb", "Mar")
QUARTERS = ("Quarter 1", "Quarter 2", "Quarter 3", "Quarter 4")
TABLE = Table("Audits of the year", (Column("Audit"), Column("When")), (TableRow(("Neglect", "Quarter 1")),))


def year(*rows: TimelineRow) -> Timeline:
    return Timeline("The year", "Each audit with its months.", MONTHS, QUARTERS, rows, TABLE)


def texts(drawing: Drawing) -> str:
    return " ".join(each.text for each in drawing.contents if isinstance(each, String))


def bars(drawing: Drawing) -> list[Rect]:
    return [each for each in drawing.contents if isinstance(each, Rect)]


def test_a_bar_stands_over_its_months() -> None:
    (drawing,) = timeline_drawings(
        year(TimelineRow("Neglect", (TimelineBar(3, 5, "Fieldwork", "blue"),))), 480
    )
    (bar,) = bars(drawing)
    column = (480 - 480 * 0.32 - 8) / 12
    begins = 480 * 0.32 + 8 + 3 * column
    assert bar.x == pytest.approx(begins + 1)
    assert bar.width == pytest.approx(3 * column - 2)
    for words in ("Neglect", "Fieldwork", "Quarter 4", "Apr", "Mar"):
        assert words in texts(drawing)


@given(
    st.lists(
        st.tuples(
            st.text(min_size=1, max_size=200),
            st.lists(st.tuples(st.integers(0, 11), st.integers(0, 11), st.text(max_size=60)), max_size=3),
        ),
        max_size=5,
    )
)
@settings(max_examples=40)
def test_everything_stays_inside(rows: list[tuple[str, list[tuple[int, int, str]]]]) -> None:
    made = tuple(
        TimelineRow(label, tuple(TimelineBar(min(a, b), max(a, b), text, "green") for a, b, text in found))
        for label, found in rows
    )
    (drawing,) = timeline_drawings(year(*made), 471)
    left, low, right, high = drawing.getBounds()
    assert left >= -0.5
    assert low >= -1.5
    assert right <= 472.5
    assert high <= drawing.height + 1


def test_a_long_year_goes_on_another_page_under_the_same_months() -> None:
    rows = tuple(
        TimelineRow(f"Audit {number}", (TimelineBar(0, 2, "Planned", "grey"),)) for number in range(60)
    )
    parts = timeline_drawings(year(*rows), 471, 500)
    assert len(parts) > 1
    assert all("Quarter 1" in texts(part) and part.height <= 500 for part in parts)
    assert sum(len(bars(part)) for part in parts) == 60


@pytest.mark.parametrize(
    "bar", [TimelineBar(0, 12, "", "grey"), TimelineBar(2, 1, "", "grey"), TimelineBar(0, 1, "", "puce")]
)
def test_a_bar_that_cannot_be_drawn_is_refused(bar: TimelineBar) -> None:
    with pytest.raises(ValueError, match="Timeline"):
        year(TimelineRow("Neglect", (bar,)))


def test_groups_divide_the_columns() -> None:
    with pytest.raises(ValueError, match="evenly"):
        Timeline("The year", "", MONTHS, ("One", "Two", "Three", "Four", "Five"), (), TABLE)


def test_the_pdf_and_the_page_hold_picture_and_table() -> None:
    block = year(TimelineRow("Neglect & “drift” <b>", (TimelineBar(3, 3, "Fieldwork", "blue"),)))
    text = " ".join(page.extract_text() for page in PdfReader(BytesIO(render_pdf(report(block)))).pages)
    folded = re.sub(r"\s+", " ", text)
    for words in ("The year", "Fieldwork", "Neglect & “drift” <b>", "Audits of the year", "Quarter 3"):
        assert words in folded
    page = str(render_blocks((block,)))
    assert "<svg" in page
    assert "Audits of the year" in page
    assert "<b>" not in page


def test_the_word_file_holds_picture_and_table() -> None:
    block = year(TimelineRow("Neglect", (TimelineBar(3, 3, "Fieldwork", "blue"),)))
    file = docx.Document(BytesIO(render_docx(report(block))))
    (picture,) = file.inline_shapes
    assert picture._inline.docPr.get("descr") == block.description
    assert any(row.cells[0].text == "Neglect" for table in file.tables for row in table.rows)
