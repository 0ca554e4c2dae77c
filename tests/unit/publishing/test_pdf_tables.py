"""Tables over pages."""

import re
from itertools import pairwise

import pytest
from pypdf import PdfReader

from qa.publishing.document import (
    Block,
    Callout,
    Chart,
    ChartKind,
    Column,
    Definition,
    Definitions,
    FindingItem,
    FindingKind,
    FindingList,
    Heading,
    Paragraph,
    Series,
    Table,
    TableRow,
)
from qa.publishing.pdf import layout
from qa.publishing.pdf.blocks import pieces_of
from qa.publishing.pdf.pages import paginate
from qa.publishing.pdf.tables import column_widths
from tests.unit.publishing.examples import (
    PROSE,
    grades_chart,
    page_text,
    pdf_text,
    read,
    report,
    squeezed,
    table,
)

ROOM = layout.BODY_TOP - layout.BODY_BOTTOM


def body(*blocks: Block) -> PdfReader:
    return read(report(*blocks))


def test_headers_repeat_on_every_page() -> None:
    rows = [(f"Case {number}", "Good", "Reviewed") for number in range(200)]
    reader = body(table(*rows, caption="Cases audited"))

    assert len(reader.pages) > 5
    for number, page in enumerate(reader.pages[1:]):
        assert "Column 1 Column 2 Column 3" in page_text(page)
        assert ("Cases audited (continued)" in page_text(page)) == (number > 0)


def test_no_row_is_lost_among_thousands() -> None:
    reader = body(
        table(*[(f"[{number}]", f"Agency {number % 7}", "Some words about it") for number in range(3_000)])
    )

    assert re.findall(r"\[(\d+)\]", pdf_text(reader)) == [str(number) for number in range(3_000)]


def test_a_cell_higher_than_a_page_goes_on_over_the_next() -> None:
    words = " ".join(f"w{number}" for number in range(6_000))
    reader = body(table(("Planning", words), ("Supervision", "short")))

    assert len(reader.pages) > 4
    assert re.findall(r"\bw(\d+)\b", pdf_text(reader)) == [str(number) for number in range(6_000)]
    assert "Supervision short" in page_text(reader.pages[-1])


def test_a_total_does_not_stand_alone() -> None:
    columns = (Column("Section"), Column("Cases", "right"))
    for count in range(20, 40):
        rows = (
            *(TableRow((f"Section {at}", "1")) for at in range(count)),
            TableRow(("All", str(count)), total=True),
        )
        reader = body(Table("Cases", columns, rows))
        (page,) = [page for page in reader.pages[1:] if f"All {count}" in page_text(page)]
        assert f"Section {count - 1} 1 All {count}" in page_text(page)


def test_an_empty_table_says_so() -> None:
    assert "Section None recorded." in pdf_text(body(Table("Cases", (Column("Section"),), ())))


def test_an_empty_list_of_findings_says_so() -> None:
    assert "What is working well None recorded." in pdf_text(body(FindingList(FindingKind.STRENGTH, ())))


def test_long_words_wrap_in_their_column() -> None:
    reader = body(table(("x" * 400, "Good")))

    assert "x" * 400 in squeezed(pdf_text(reader))


@pytest.mark.parametrize(
    "columns",
    [
        (Column("a"), Column("b")),
        (Column("a", width=2), Column("b", width=1), Column("c")),
        tuple(Column(f"Long heading {number}", "right") for number in range(14)),
    ],
    ids=["fitted", "hinted", "many"],
)
def test_columns_fill_the_width(columns: tuple[Column, ...]) -> None:
    rows = (TableRow(tuple("Some words " * (at * 9 % 31) for at, _ in enumerate(columns))),)
    widths = column_widths(Table("t", columns, rows), 471)

    assert sum(widths) == pytest.approx(471)
    assert min(widths) > 10


def test_hinted_columns_keep_their_proportion() -> None:
    widths = column_widths(table(("a", "b")), 400)
    hinted = column_widths(Table("t", (Column("a", width=3), Column("b", width=1)), ()), 400)

    assert widths == pytest.approx([200, 200])
    assert hinted == [300, 100]


def test_a_hint_gives_way_before_a_word_is_broken() -> None:
    columns = (Column("Section", width=9), Column("Outstanding", "right", 1), Column("Good", "right", 1))
    first, second, third = column_widths(Table("t", columns, ()), 400)

    assert first + second + third == pytest.approx(400)
    assert second > third
    assert "Outstanding" in pdf_text(body(Table("t", columns, ())))


def test_hints_hold_where_every_word_cannot_have_its_room() -> None:
    columns = tuple(Column("Unbreakable" * 3, "right", width) for width in (1, 2, 3))
    assert column_widths(Table("t", columns, ()), 120) == pytest.approx([20, 40, 60])


def test_a_number_is_not_broken_where_there_is_room() -> None:
    columns = (Column("Section"), Column("Share", "right"))
    rows = (TableRow(("A very long name " * 20, "24.0%")), TableRow(("All", "100.0%"), total=True))

    assert "All 100.0%" in pdf_text(body(Table("Shares", columns, rows)))


BLOCKS: list[Block] = [
    Heading(1, "Findings"),
    Paragraph(PROSE * 9),
    table(*[("Planning", PROSE * (number % 5)) for number in range(40)], note="Read with care. " * 20),
    FindingList(FindingKind.IMPROVEMENT, tuple(FindingItem(PROSE * (at % 4 + 1), at) for at in range(25))),
    grades_chart(sections=tuple(f"Section {number}" for number in range(60))),
    Heading(2, "Terms " * 60),
    Definitions(tuple(Definition(f"Term {at}", PROSE * (at % 9 + 1)) for at in range(20))),
    Callout(PROSE * 30, "Read this"),
]


@pytest.mark.parametrize("start", range(len(BLOCKS)))
def test_nothing_runs_over_the_foot_of_a_page(start: int) -> None:
    order = (Heading(1, "Start"), *BLOCKS[start:], *BLOCKS[:start]) if start else tuple(BLOCKS)
    for page in paginate(pieces_of(report(*order).blocks), ROOM):
        offsets = [placed.offset for placed in page]
        assert page[-1].offset + page[-1].piece.height <= ROOM + 0.02
        assert offsets == sorted(offsets)
        for above, below in pairwise(page):
            assert above.offset + above.piece.height <= below.offset + 0.02


def test_a_chart_of_many_bars_goes_over_pages() -> None:
    names = tuple(f"Theme {number}." for number in range(120))
    series = Series("Cases", "series_1", tuple(range(120)))
    reader = body(Chart("Themes", "Many.", ChartKind.BARS, names, (series,), table(("a",))))
    text = pdf_text(reader)

    assert len(reader.pages) > 4
    assert all(name in text for name in names)
