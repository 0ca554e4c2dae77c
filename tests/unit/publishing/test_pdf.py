"""A report as a PDF, read back: structure, furniture, fonts, links."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from pypdf import PageObject, PdfReader

from qa.publishing.document import Heading, PageBreak, Paragraph, Run, WritingSpace
from qa.publishing.pdf.render import render_pdf
from tests.unit.publishing.examples import (
    MARKING,
    NOTE,
    PROSE,
    addresses,
    annotations,
    fonts_of,
    full_report,
    page_text,
    pdf_text,
    read,
    report,
    resources,
    squeezed,
)


@pytest.fixture(scope="module")
def full() -> PdfReader:
    return read(full_report(), base_url="https://audits.example.org")


def outline_of(reader: PdfReader) -> Iterator[tuple[int, str, int]]:
    """Level, title and page of each bookmark; levels and pages count from 1."""

    def walk(entries: list[Any], level: int) -> Iterator[tuple[int, str, int]]:
        for entry in entries:
            if isinstance(entry, list):
                yield from walk(entry, level + 1)
            else:
                yield level, str(entry.title), (reader.get_destination_page_number(entry) or 0) + 1

    return walk(reader.outline, 1)


def test_every_block_is_there(full: PdfReader) -> None:
    text = pdf_text(full)
    for words in (
        "Practice kept children safe.",
        PROSE.strip(),
        "Cases audited",
        "Fifty cases, drawn at random",
        "Concerns raised",
        "No child was found to be unsafe.",
        "• Children were seen.",
        "2. The panel meets.",
        "Requires improvement to be good (RI)",
        "Most sections are good.",
        "What is working well",
        "Children were seen alone.",
        "31 cases",
        "What needs improving",
        "c cases",
        "As at the date of this report.",
        "Child in need.",
    ):
        assert squeezed(words) in squeezed(text), words


def test_the_cover_says_what_it_is(full: PdfReader) -> None:
    cover = page_text(full.pages[0])
    for words in (
        "Help and protection",
        "Thematic report",
        "Example Safeguarding Children Partnership",
        "HP-2019-20",
        "April 2019 to March 2020",
        "4 November 2025",
        "Version 2",
        "Draft",
        NOTE,
    ):
        assert words in cover


def heights_of(page: PageObject, words: str) -> list[float]:
    """How far from the foot of the page `words` stand, wherever they do."""
    heights: list[float] = []

    def note(text: str, _user: object, text_matrix: list[float], _font: object, _size: object) -> None:
        if words in text:
            heights.append(text_matrix[5])

    page.extract_text(visitor_text=note)
    return heights


def test_marking_stands_at_head_and_foot_of_every_page(full: PdfReader) -> None:
    for page in full.pages:
        heights = heights_of(page, MARKING)
        assert len(heights) == 2
        assert max(heights) > 790
        assert min(heights) < 50


def test_every_page_says_that_figures_are_illustrative(full: PdfReader) -> None:
    assert all(NOTE in page_text(page) for page in full.pages)


def test_without_marking_or_note_there_is_none() -> None:
    reader = read(report(Heading(1, "Findings"), marking="", note=None))

    assert "OFFICIAL" not in pdf_text(reader)
    assert "illustrative" not in pdf_text(reader)


def test_pages_are_numbered_out_of_their_true_count(full: PdfReader) -> None:
    total = len(full.pages)

    assert total > 5
    for number, page in enumerate(full.pages, start=1):
        assert (f"Page {number} of {total}" in page_text(page)) == (number > 1)


def test_running_title_and_state(full: PdfReader) -> None:
    for page in full.pages[1:]:
        assert "Help and protection" in page_text(page)
        assert "Version 2 · Draft" in page_text(page)


def test_outline_is_the_headings(full: PdfReader) -> None:
    expected = [(heading.level, heading.text) for heading in full_report().headings]

    assert [(level, title) for level, title, _ in outline_of(full)] == expected


def test_bookmarks_lead_to_the_page_of_their_heading(full: PdfReader) -> None:
    for _, title, page in outline_of(full):
        assert title in page_text(full.pages[page - 1])


def test_contents_give_the_true_pages(full: PdfReader) -> None:
    contents = page_text(full.pages[1])
    pages = {title: page for level, title, page in outline_of(full) if level < 3}

    assert contents.startswith("Contents Executive summary")
    for title, page in pages.items():
        assert re.search(rf"{re.escape(title)} {page}\b", contents), title


def test_contents_of_several_pages_still_give_the_true_pages() -> None:
    blocks = [
        block
        for at in range(150)
        for block in (Heading(1, f"Part {at} begins"), Paragraph(PROSE), PageBreak())
    ]
    reader = read(report(*blocks))
    places = {title: page for _, title, page in outline_of(reader)}
    contents = " ".join(page_text(page) for page in reader.pages[1 : places["Part 0 begins"] - 1])

    assert places["Part 0 begins"] > 4
    assert all(f"{title} {page}" in contents for title, page in places.items())
    assert all(title in page_text(reader.pages[page - 1]) for title, page in places.items())


def test_contents_lead_to_their_headings(full: PdfReader) -> None:
    targets = [annotation["/Dest"][0].get_object() for annotation in annotations(full.pages[1])]
    pages = {title: page for level, title, page in outline_of(full) if level < 3}
    expected = [full.pages[pages[h.text] - 1].get_object() for h in full_report().headings if h.level < 3]

    assert targets == expected


def test_a_report_without_headings_has_no_contents() -> None:
    reader = read(report(Paragraph("Only this.")))

    assert len(reader.pages) == 2
    assert "Contents" not in pdf_text(reader)
    assert reader.outline == []


def test_a_report_of_nothing_is_its_cover() -> None:
    assert len(read(report()).pages) == 1


def test_all_fonts_are_in_the_file() -> None:
    document = report(
        Paragraph("שלום → ✓"), Paragraph((Run("a", bold=True), Run("b", bold=True, italic=True)))
    )
    fonts = set(fonts_of(read(document)))

    assert {name.split("+")[1] for name, _ in fonts} == {
        "NotoSans-Regular", "NotoSans-Bold", "NotoSans-Italic", "NotoSans-BoldItalic", "DejaVuSans",
    }  # fmt: skip
    assert all(embedded for _, embedded in fonts)
    assert b"Helvetica" not in render_pdf(document)


def test_charts_are_vector_and_nothing_is_an_image(full: PdfReader) -> None:
    assert all("/XObject" not in resources(page) for page in full.pages)


def test_metadata(full: PdfReader) -> None:
    assert full.metadata is not None
    assert full.metadata.title == "Help and protection"
    assert full.metadata.author == "Example Safeguarding Children Partnership"
    assert full.metadata.subject == "Thematic report · HP-2019-20"
    assert full.metadata.creator == "Audit Together"
    root: Any = full.trailer["/Root"]
    assert root["/Lang"] == "en-GB"
    assert bool(root["/ViewerPreferences"]["/DisplayDocTitle"])


def test_the_same_document_gives_the_same_bytes() -> None:
    assert render_pdf(full_report(), invariant=True) == render_pdf(full_report(), invariant=True)


def test_links_to_the_site_are_whole_where_its_address_is_known(full: PdfReader) -> None:
    assert {
        "https://audits.example.org/recommendations/1",
        "https://audits.example.org/findings/7",
        "https://audits.example.org/cases?section=0&grade=1",
    } <= addresses(full)


def test_links_to_the_site_are_left_out_where_it_is_not() -> None:
    assert addresses(read(full_report())) == set()


def test_a_heading_is_never_the_last_thing_on_a_page() -> None:
    for filler in range(30, 46):
        blocks = [Paragraph("A line of text.") for _ in range(filler)]
        reader = read(
            report(Heading(1, "Start"), *blocks, Heading(2, "Findings here"), Paragraph("First words. " * 40))
        )
        (page,) = [page for page in reader.pages[2:] if "Findings here" in page_text(page)]
        assert "Findings here First words." in page_text(page)


def test_a_page_break_starts_a_page() -> None:
    reader = read(
        report(Heading(1, "One"), Paragraph("Before."), PageBreak(), Paragraph("After."), PageBreak())
    )

    assert len(reader.pages) == 4
    assert "Before." in page_text(reader.pages[2])
    assert "After." in page_text(reader.pages[3])


def test_room_to_write_stands_below_its_label_and_takes_room() -> None:
    spaces = tuple(WritingSpace(f"Evidence {at}", 12) for at in range(4))
    reader = read(report(Heading(1, "To fill in"), *spaces))

    assert [f"Evidence {at}" in pdf_text(reader) for at in range(4)] == [True] * 4
    assert "Evidence 1" in page_text(reader.pages[2])
    assert "Evidence 3" not in page_text(reader.pages[2])


@pytest.mark.parametrize("lines", [0, 21])
def test_room_that_fits_no_page_is_refused(lines: int) -> None:
    with pytest.raises(ValueError, match="can be had"):
        WritingSpace("Evidence", lines)


def test_a_paragraph_that_introduces_stands_with_what_follows() -> None:
    def page_of(keep: bool, words: str, filling: int) -> int:
        blocks = (*(Paragraph("Filling.") for _ in range(filling)), Paragraph("Guidance.", keep=keep))
        reader = read(report(Heading(1, "Part"), *blocks, WritingSpace("Evidence", 10)))
        return next(at for at, page in enumerate(reader.pages) if at > 1 and words in page_text(page))

    apart = [at for at in range(10, 30) if page_of(False, "Guidance.", at) != page_of(False, "Evidence", at)]
    assert apart
    assert all(page_of(True, "Guidance.", at) == page_of(True, "Evidence", at) for at in apart)
