"""Reading a Word document as a person sees it, and refusing what should not be opened."""

import io
import tracemalloc
import zipfile

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.config import ImportLimits
from qa.frameworks.office_files import BadOfficeFile
from qa.frameworks.word.guessing import guess
from qa.frameworks.word.pieces import Cell, Grid, Row, Words
from qa.frameworks.word.reading import read_tool
from tests.unit.frameworks.word_files import (
    LIMITS,
    add_bold,
    add_table,
    cell,
    of_markup,
    paragraph,
    raw,
    read,
    run,
    table,
    tool_file,
)


def only_grid(content: bytes) -> Grid:
    (found,) = [piece for piece in read_tool(content, LIMITS).pieces if isinstance(piece, Grid)]
    return found


def words_of(*body: str) -> list[str]:
    return [piece.text for piece in read_tool(of_markup(*body), LIMITS).pieces if isinstance(piece, Words)]


def test_headings_bold_lines_and_tables_come_in_their_order() -> None:
    file = docx.Document()
    file.add_heading("Tool", 0)
    file.add_heading("Part", 2)
    add_bold(file, "Bold line")
    file.add_paragraph("Plain line")
    add_table(file, ("a", "b"))

    assert read(file).pieces == (
        Words("Tool", 0),
        Words("Part", 2, bold=True),
        Words("Bold line", None, bold=True),
        Words("Plain line"),
        Grid((Row((Cell("a"), Cell("b"))),)),
    )


def test_a_style_that_is_based_on_a_heading_is_one() -> None:
    file = docx.Document()
    style = file.styles.add_style("Our heading", 1)
    style.base_style = file.styles["Heading 2"]
    file.add_paragraph("Ours", style="Our heading")

    assert read(file).pieces == (Words("Ours", 2),)


def test_merged_cells_keep_their_columns() -> None:
    grid = only_grid(
        of_markup(
            table(
                [
                    [cell("wide", '<w:gridSpan w:val="2"/>'), cell("c")],
                    [cell("down", '<w:vMerge w:val="restart"/>'), cell("1"), cell("2")],
                    [cell("", "<w:vMerge/>"), cell("3"), cell("4")],
                ]
            )
        )
    )

    assert [row.texts for row in grid.rows] == [("wide", "", "c"), ("down", "1", "2"), ("down", "3", "4")]
    assert grid.rows[2].cells[0].continued
    assert not grid.rows[1].cells[0].continued


def test_tracked_changes_are_read_as_accepted() -> None:
    tool = read_tool(
        of_markup(
            paragraph(
                run("Was "),
                f"<w:ins>{run('consent ')}</w:ins>",
                '<w:del><w:r><w:delText>permission </w:delText></w:r></w:del>',
                run("sought?"),
            ),
            f"<w:tbl><w:tr>{cell('kept')}</w:tr><w:tr><w:trPr><w:del/></w:trPr>{cell('gone')}</w:tr></w:tbl>",
        ),
        LIMITS,
    )  # fmt: skip

    assert tool.pieces == (Words("Was consent sought?"), Grid((Row((Cell("kept"),)),)))
    assert "Tracked changes: read as if all of them were accepted" in tool.unread


def test_words_in_links_fields_and_content_controls_are_read() -> None:
    assert words_of(
        paragraph(f'<w:hyperlink w:anchor="x">{run("a link")}</w:hyperlink>'),
        paragraph(
            '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>REF secret</w:instrText></w:r>',
            run("a field"),
        ),
        f"<w:sdt><w:sdtContent>{paragraph(run('a control'))}</w:sdtContent></w:sdt>",
        paragraph(run("one") + "<w:r><w:br/><w:t>two</w:t><w:tab/><w:t>three</w:t></w:r>"),
        paragraph(run("shown"), run("hidden", "<w:vanish/>")),
        paragraph('<w:r><w:sym w:font="Wingdings" w:char="F0A8"/></w:r>', run(" Yes")),
    ) == ["a link", "a field", "a control", "one\ntwo three", "shown", "☐ Yes"]


def test_rows_and_cells_in_content_controls_are_read() -> None:
    second = f"<w:sdt><w:sdtContent>{cell('b')}</w:sdtContent></w:sdt>"
    row = f"<w:sdt><w:sdtContent><w:tr>{cell('a')}{second}</w:tr></w:sdtContent></w:sdt>"

    assert only_grid(of_markup(f"<w:tbl>{row}</w:tbl>")).rows[0].texts == ("a", "b")


def test_pictures_text_boxes_and_notes_are_counted_and_passed_over() -> None:
    box = f"<w:r><w:pict><w:txbxContent>{paragraph(run('in a box'))}</w:txbxContent></w:pict></w:r>"
    tool = read_tool(
        of_markup(
            paragraph(run("Before"), "<w:r><w:drawing/></w:r><w:r><w:drawing/></w:r>", box, run(" after")),
            paragraph(run("Noted"), '<w:r><w:footnoteReference w:id="2"/></w:r>'),
        ),
        LIMITS,
    )

    assert tool.pieces == (Words("Before after"), Words("Noted"))
    assert tool.unread == (
        "2 pictures or drawings: not read",
        "A text box: not read",
        "A footnote: not read",
    )


def test_a_table_in_a_cell_is_read_as_its_words() -> None:
    tool = read_tool(of_markup(table([[cell("outer", "", table([[cell("inner")]]))]])), LIMITS)

    assert tool.pieces == (Grid((Row((Cell("inner\nouter"),)),)),)
    assert tool.unread == ("A table inside a cell of another table: read as the words of that cell",)


def test_the_table_of_contents_is_passed_over() -> None:
    line = f'<w:p><w:pPr><w:pStyle w:val="TOC1"/></w:pPr>{run("Planning 3")}</w:p>'

    assert words_of(line, paragraph(run("Text"))) == ["Text"]


TOOL = raw(tool_file())
BAD = {
    "no zip": (b"hello", "cannot be read as a Word document"),
    "macros": (of_markup(**{"word__vbaProject.bin": "x"}), "holds macros"),
    "another file inside": (of_markup(**{"word__embeddings__a.xlsx": "x"}), "embedded objects"),
    "entities": (
        of_markup(**{"word__evil.xml": '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}),
        "XML entities",
    ),
    "no body": (of_markup(**{"word__document.xml": "<w:nothing/>"}), "cannot be read as a Word document"),
    "no XML": (of_markup(**{"word__document.xml": "<a><b></a>"}), "cannot be read as a Word document"),
    "deep": (of_markup("<w:p>" * 3000 + "</w:p>" * 3000), "cannot be read as a Word document"),
    "too many tags": (of_markup("<w:p/>" * 600_001), "far larger than any audit tool"),
}


@pytest.mark.parametrize(("content", "said"), BAD.values(), ids=BAD)
def test_what_should_not_be_opened_is_refused_in_words(content: bytes, said: str) -> None:
    with pytest.raises(BadOfficeFile) as refused:
        read_tool(content, LIMITS)
    assert said in str(refused.value)


def test_a_zip_bomb_is_refused_before_it_unpacks() -> None:
    made = io.BytesIO(of_markup())
    with zipfile.ZipFile(made, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/media/image1.png", bytes(100_000_000))
    content = made.getvalue()
    tracemalloc.start()
    with pytest.raises(BadOfficeFile, match="larger than 20 MB when unpacked"):
        read_tool(content, LIMITS)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert len(content) < 2_000_000
    assert peak < 10_000_000


def test_too_many_cells_are_refused() -> None:
    rows = [[cell("x")] for _ in range(60)]
    few = ImportLimits(values=50)

    with pytest.raises(BadOfficeFile, match="have 60 cells; 50 are allowed"):
        read_tool(of_markup(table(rows)), few)
    assert len(only_grid(of_markup(table(rows))).rows) == 60


def test_reading_stops_when_it_has_taken_too_long() -> None:
    with pytest.raises(BadOfficeFile, match="takes too long"):
        read_tool(of_markup(paragraph(run("Words"))), ImportLimits(seconds=0))


def test_spans_beyond_reason_do_no_harm() -> None:
    wide = only_grid(
        of_markup(
            table([[cell("a", '<w:gridSpan w:val="999999999"/>'), cell("b", '<w:gridSpan w:val="9999"/>')]])
        )
    )

    assert len(wide.rows[0].texts) < 200


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_damaged_files_are_refused_or_read_but_never_crash(data: st.DataObject) -> None:
    content = bytearray(TOOL)
    for _ in range(data.draw(st.integers(1, 5))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    try:
        guess(read_tool(bytes(content), LIMITS))
    except BadOfficeFile as refused:
        said = str(refused)
    else:
        said = "read"
    assert said


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                "<w:p/>", "<w:tbl/>", "<w:tbl><w:tr/></w:tbl>", "<w:tr/>", "<w:tc/>", "<w:p><w:r/></w:p>",
                "<w:tbl><w:tr><w:tc/></w:tr></w:tbl>", "<w:sdt/>", "<w:p><w:pPr/></w:p>", "<w:del/>",
                '<w:p><w:pPr><w:pStyle/></w:pPr><w:r><w:t/></w:r></w:p>', "<!-- c -->", "<?pi x?>",
                '<w:tbl><w:tr><w:trPr><w:gridBefore w:val="x"/></w:trPr></w:tr></w:tbl>',
                "<w:tbl><w:tr><w:tc><w:tcPr><w:vMerge/></w:tcPr></w:tc></w:tr></w:tbl>",
                "<mc:AlternateContent><mc:Fallback><w:p/></mc:Fallback></mc:AlternateContent>",
            ]
        ),
        max_size=8,
    )
)  # fmt: skip
def test_odd_markup_is_read_without_harm(body: list[str]) -> None:
    tool = read_tool(of_markup(*body), LIMITS)

    assert guess(tool).questions == 0
