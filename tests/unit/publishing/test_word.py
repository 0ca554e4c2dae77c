"""A report as a Word file, read back with python-docx."""

import io
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from functools import cache
from typing import Any

import docx
import pytest
from docx.document import Document as WordFile
from docx.oxml.ns import qn
from docx.table import Table as WordTable
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from qa.publishing.document import (
    Heading,
    NumberedList,
    Paragraph,
    ReportDocument,
    Run,
    Table,
    WritingSpace,
)
from qa.publishing.plain_text import visible
from qa.publishing.word import render_docx
from tests.unit.publishing.examples import MARKING, NOTE, full_report, report, squeezed, table
from tests.unit.publishing.test_hostile import HOSTILE, everywhere

BASE = "https://audits.example.org"


def opened(document: ReportDocument, base_url: str | None = None) -> WordFile:
    return docx.Document(io.BytesIO(render_docx(document, base_url=base_url)))


@cache
def full() -> WordFile:
    return opened(full_report(), BASE)


def styled(file: WordFile, style: str) -> list[str]:
    return [one.text for one in file.paragraphs if one.style is not None and one.style.name == style]


def tables(file: WordFile) -> dict[str, WordTable]:
    found = {}
    for one in file.tables:
        element: Any = one._tbl
        named = element.tblPr.find(qn("w:tblCaption"))
        found[named.get(qn("w:val"))] = one
    return found


def texts(one: WordTable) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in one.rows]


def everything(file: WordFile) -> str:
    """All text of the body, of tables too, in its order."""
    body: Any = file.element.body
    return "".join(one.text or "" for one in body.iter(qn("w:t")))


def addresses(file: WordFile) -> set[str]:
    return {one.target_ref for one in file.part.rels.values() if one.reltype.endswith("/hyperlink")}


def test_headings_have_real_styles() -> None:
    assert styled(full(), "Title") == ["Help and protection"]
    assert styled(full(), "Heading 1")[:3] == ["Executive summary", "Grades", "Findings"]
    assert "Front door" in styled(full(), "Heading 2")
    assert "What is being done about planning" in styled(full(), "Heading 3")


def test_the_contents_lead_to_bookmarks_that_exist() -> None:
    body: Any = full().element.body
    marks = {one.get(qn("w:name")) for one in body.iter(qn("w:bookmarkStart"))}
    links = [one for one in body.iter(qn("w:hyperlink")) if one.get(qn("w:anchor"))]

    assert len(marks) == len(full_report().headings)
    shown = ["".join(text.text for text in one.iter(qn("w:t"))) for one in links]
    assert shown == [heading.text for heading in full_report().headings if heading.level < 3]
    assert {one.get(qn("w:anchor")) for one in links} <= marks


def test_lists_are_lists_and_each_numbered_one_begins_with_one() -> None:
    file = opened(report(NumberedList(("a", "b")), Paragraph("Between."), NumberedList(("c", "d"))))
    numbers = []
    for one in file.paragraphs:
        element: Any = one._p
        if one.style is not None and one.style.name == "List Number":
            numbers.append(element.pPr.numPr.numId.val)

    assert styled(full(), "List Bullet")[:2] == ["Children were seen.", "Plans were shared."]
    assert numbers[0] == numbers[1] != numbers[2] == numbers[3]
    numbering: Any = file.part.numbering_part.element
    for number in set(numbers):
        assert numbering.num_having_numId(number).find(qn("w:lvlOverride")) is not None


def test_tables_repeat_their_heading_row_and_have_a_caption() -> None:
    found = tables(full())["Recommendations"]
    rows: Any = [one._tr for one in found.rows]

    assert texts(found) == [
        ["Recommendation", "Lead", "Actions"],
        ["Include fathers.", "Police", "2"],
        ["All", "", "2"],
    ]
    assert [row.trPr.find(qn("w:tblHeader")) is not None for row in rows] == [True, False, False]
    assert "Recommendations" in styled(full(), "Caption")
    assert "As at the date of this report." in styled(full(), "At Small")


def test_a_table_without_rows_says_so() -> None:
    empty = table(("a", "b"))
    file = opened(report(Table(empty.caption, empty.columns, ())))

    assert "None recorded." in texts(tables(file)["A table"])[1]


def test_columns_fill_the_line_and_no_more() -> None:
    file = opened(report(table(("short", "a very long text " * 30, "1"))))
    (found,) = [one for name, one in tables(file).items() if name == "A table"]
    element: Any = found._tbl
    widths = [int(one.get(qn("w:w"))) for one in element.tblGrid.iter(qn("w:gridCol"))]

    assert 9500 < sum(widths) <= 9638
    assert widths[1] > widths[0]


def test_a_chart_is_a_picture_with_a_text_instead_and_its_table() -> None:
    (shape,) = full().inline_shapes
    properties: Any = shape._inline.docPr

    assert "Most sections are good." in properties.get("descr")
    assert properties.get("title") == "Grades"
    assert texts(tables(full())["Grades by section"])[1][:3] == ["Early help", "4", "22"]
    (name,) = [one for one in _parts(full_report()) if one.startswith("word/media/")]
    with zipfile.ZipFile(io.BytesIO(render_docx(full_report()))) as archive:
        picture = Image.open(io.BytesIO(archive.read(name))).convert("RGB")
    colours = {colour for _count, colour in picture.getcolors(100_000) or ()}
    assert picture.width > 1000
    assert len(colours) > 5


def _parts(document: ReportDocument) -> Iterator[str]:
    with zipfile.ZipFile(io.BytesIO(render_docx(document))) as archive:
        yield from archive.namelist()


def test_findings_facts_boxes_and_terms_say_what_they_hold() -> None:
    said = everything(full())

    assert "What is working well" in styled(full(), "At Strength")
    assert "What needs improving" in styled(full(), "At Improvement")
    assert "Children were seen alone. (31 cases)" in styled(full(), "List Bullet")
    # The text of a link is part of its paragraph.
    assert "Fathers were left out. (c cases)" in styled(full(), "List Bullet")
    assert styled(full(), "At Callout")[-2:] == ["Concerns raised", "No child was found to be unsafe."]
    assert texts(tables(full())["Key facts"])
    assert ["CIN", "Child in need."] in texts(tables(full())["Terms"])
    assert "Fifty cases, drawn at random" in said


def test_room_to_write_grows_with_its_lines() -> None:
    file = opened(report(WritingSpace("Evidence", 2), WritingSpace("Impact", 8)))
    found = tables(file)
    heights = [found[name].rows[0].height or 0 for name in ("Evidence", "Impact")]

    assert heights[1] == 4 * heights[0] > 0
    assert {"Evidence", "Impact"} <= set(styled(file, "Caption"))


def test_bold_and_italic_and_line_breaks_are_kept() -> None:
    file = opened(report(Paragraph((Run("plain "), Run("bold", bold=True), Run("both\nlines", True, True)))))
    (found,) = [one for one in file.paragraphs if one.text.startswith("plain")]

    assert found.text == "plain boldboth\nlines"
    assert [(run.bold, run.italic) for run in found.runs] == [(None, None), (True, None), (True, True)]


def test_every_page_has_its_marking_title_and_number() -> None:
    (section,) = full().sections
    head = " ".join(one.text for one in section.header.paragraphs)
    foot: Any = section.footer._element
    fields = [one.get(qn("w:instr")) for one in foot.iter(qn("w:fldSimple"))]

    assert MARKING in head
    assert "Help and protection · Version 2 · Draft" in head
    assert NOTE in " ".join(one.text for one in section.footer.paragraphs)
    assert fields == ["PAGE", "NUMPAGES"]


def test_the_file_says_what_it_is() -> None:
    properties = full().core_properties
    styles: Any = full().styles.element

    assert properties.title == "Help and protection"
    assert properties.author == "Example Safeguarding Children Partnership"
    assert properties.language == "en-GB"
    assert {one.get(qn("w:val")) for one in styles.iter(qn("w:lang"))} == {"en-GB"}
    assert "python-docx" not in f"{properties.author} {properties.comments} {properties.last_modified_by}"


def test_links_lead_somewhere_or_are_plain_text() -> None:
    assert addresses(full()) == {f"{BASE}/findings/7", f"{BASE}/recommendations/1"}
    assert addresses(opened(full_report())) == set()
    assert "Include fathers." in everything(opened(full_report()))


def test_a_page_break_starts_a_page() -> None:
    body: Any = opened(report(Heading(1, "One"), Paragraph("x"))).element.body

    assert len([one for one in body.iter(qn("w:br")) if one.get(qn("w:type")) == "page"]) == 1


@pytest.mark.parametrize("typed", HOSTILE.values(), ids=HOSTILE)
def test_what_is_typed_is_shown_and_does_nothing(typed: str) -> None:
    file = opened(everywhere(typed), BASE)
    shown = squeezed(visible(typed))

    assert squeezed(everything(file)).count(shown) > 20
    for style in ("Title", "Heading 1", "Normal", "List Bullet", "List Number", "Caption", "At Callout"):
        assert any(shown in squeezed(one) for one in styled(file, style)), style
    assert addresses(file) == {f"{BASE}/x"}
    assert {one.rpartition(".")[2] for one in _parts(everywhere(typed))} <= {"xml", "rels", "png", "jpeg"}


def test_the_application_starts_without_the_libraries_of_word() -> None:
    script = "import sys, qa.factory; print(sorted({'docx', 'lxml', 'PIL', 'reportlab'} & set(sys.modules)))"
    found = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert found.stdout.strip() == "[]"


@settings(max_examples=30, deadline=None)
@given(st.text(st.characters(exclude_categories=()), max_size=300))
def test_any_text_at_all_can_be_opened_again(typed: str) -> None:
    file = opened(report(Paragraph(f"Start {typed}"), Heading(1, typed), table((typed, typed))))

    assert squeezed(visible(typed)) in squeezed(everything(file))


def test_a_paragraph_that_introduces_stands_with_what_follows() -> None:
    file = opened(report(Paragraph("Guidance.", keep=True), Paragraph("Answer.")))
    kept = {one.text: one.paragraph_format.keep_with_next for one in file.paragraphs}

    assert kept["Guidance."] is True
    assert kept["Answer."] is None
