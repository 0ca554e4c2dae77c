"""A report as a web page."""

import re
from functools import cache
from xml.etree.ElementTree import Element

import html5lib
import pytest

from qa.publishing.document import (
    Callout,
    Column,
    Heading,
    NumberedList,
    Paragraph,
    Run,
    Table,
    TableRow,
    WritingSpace,
)
from qa.publishing.web import render_blocks, render_html, render_page
from tests.unit.publishing.examples import MARKING, NOTE, full_report, grades_chart, report


@cache
def html() -> str:
    return str(render_html(full_report()))


def parse(markup: str) -> Element:
    tree: Element = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parseFragment(markup)
    return tree


def text_of(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())


def texts(tree: Element, tag: str) -> list[str]:
    return [text_of(element) for element in tree.iter(tag)]


def test_it_is_valid_html_with_ids_of_its_own() -> None:
    ids = [element.get("id") for element in parse(html()).iter() if element.get("id")]

    assert len(ids) == len(set(ids))


def test_what_refers_to_an_id_finds_it() -> None:
    tree = parse(html())
    ids = {element.get("id") for element in tree.iter()}
    for element in tree.iter():
        for name in ("aria-labelledby", "aria-describedby"):
            assert element.get(name) is None or element.get(name) in ids


def test_nothing_that_a_strict_policy_forbids() -> None:
    assert " style=" not in html()
    assert "<script" not in html()
    assert not re.search(r"<[^>]+\son\w+=", html())


def test_headings_follow_the_title() -> None:
    tree = parse(html())

    assert texts(tree, "h1") == ["Help and protection"]
    assert texts(tree, "h2")[:3] == ["Contents", "Executive summary", "Grades"]
    assert "Front door" in texts(tree, "h3")
    assert "What is being done about planning" in texts(tree, "h4")


def test_contents_lead_to_headings() -> None:
    tree = parse(html())
    (nav,) = tree.iter("nav")
    headings = {f"#{one.get('id')}": text_of(one) for tag in ("h2", "h3") for one in tree.iter(tag)}
    links = {str(link.get("href")): text_of(link) for link in nav.iter("a")}

    assert links
    assert links.items() <= headings.items()
    assert set(links) == {f"#{h.anchor}" for h in full_report().headings if h.level < 3}


def test_the_head_says_what_it_is() -> None:
    (head,) = parse(html()).iter("header")
    for words in (MARKING, NOTE, "HP-2019-20", "4 November 2025", "Draft", "Thematic report"):
        assert words in text_of(head)


def test_tables_have_captions_and_scopes() -> None:
    tree = parse(html())
    tables = list(tree.iter("table"))

    assert len(tables) == 2
    for one in tables:
        assert texts(one, "caption")
        assert {cell.get("scope") for cell in one.iter("th")} == {"col", "row"}
    (link,) = tables[1].iter("a")
    assert (link.get("href"), text_of(link)) == ("/recommendations/1", "Include fathers.")
    assert "As at the date of this report." in text_of(tree)


def test_a_table_can_do_without_row_headings() -> None:
    markup = render_html(report(Table("T", (Column("a"),), (TableRow(("b",)),), row_headings=False)))

    assert 'scope="row"' not in markup
    assert ">b</td>" in markup


def test_an_empty_table_says_so() -> None:
    assert "None recorded." in render_html(report(Table("T", (Column("a"), Column("b")), ())))


def test_a_chart_stands_beside_its_table() -> None:
    (figure,) = parse(html()).iter("figure")
    (details,) = figure.iter("details")

    assert len([one for one in figure.iter() if str(one.tag).endswith("svg")]) == 1
    assert "Most sections are good." in text_of(figure)
    assert "Table of these figures" in texts(details, "summary")[0]
    assert "Requires improvement to be good" in text_of(details)


def test_findings_are_told_apart_in_words() -> None:
    text = text_of(parse(html()))

    assert "What is working well Children were seen alone. 31 cases Referrers were told. 1 case" in text
    assert "What needs improving Fathers were left out. c cases" in text


def test_runs_are_set_apart() -> None:
    markup = render_html(
        report(Paragraph((Run("a "), Run("b", bold=True), Run("c", italic=True), Run("d", True, True))))
    )

    assert "a <strong>b</strong><em>c</em><strong><em>d</em></strong></p>" in markup


def test_lists_and_boxes() -> None:
    tree = parse(str(render_html(report(NumberedList(("one", "two")), Callout("Mind this.", "Note")))))

    assert texts(tree, "li") == ["one", "two"]
    assert "Note Mind this." in text_of(tree)


def test_without_marking_note_or_headings() -> None:
    markup = render_html(report(Paragraph("Only this."), marking="", note=None))

    assert "at-report__marking" not in markup
    assert "<nav" not in markup
    assert "govuk-inset-text" not in markup


def test_two_reports_on_one_page_do_not_clash() -> None:
    chart = report(grades_chart())
    ids = [
        str(element.get("id"))
        for prefix in ("first", "second")
        for element in parse(str(render_html(chart, id_prefix=prefix))).iter()
        if element.get("id")
    ]

    assert len(ids) == len(set(ids)) == 6


def test_the_same_words_as_the_document_has() -> None:
    document = report(Heading(1, "A"), Paragraph("Line one\nline two"))

    assert ">Line one\nline two</p>" in render_html(document)


def test_blocks_alone_begin_below_the_title_of_their_page() -> None:
    tree = parse(
        render_blocks((Heading(2, "Themes"), Paragraph("One."), Heading(3, "Most often"), grades_chart()))
    )

    assert texts(tree, "h2") == ["Themes"]
    assert texts(tree, "h3") == ["Most often"]
    assert not texts(tree, "h1")
    assert "One." in texts(tree, "p")


def test_blocks_alone_are_checked() -> None:
    with pytest.raises(ValueError, match="straight after level"):
        render_blocks((Heading(2, "Themes"), Heading(1, "Above")))


def test_a_page_of_its_own_needs_nothing_else() -> None:
    page = render_page(full_report())
    html5lib.HTMLParser(strict=True).parse(page)

    assert "<title>Help and protection</title>" in page
    assert ".at-report-findings" in page
    assert ".govuk-table" in page
    assert "<link" not in page
    assert "Children were seen alone." in page


def test_room_to_write_has_its_lines() -> None:
    tree = parse(str(render_html(report(WritingSpace("Evidence", 3)))))
    (space,) = [one for one in tree.iter("div") if one.get("class") == "at-report__space"]

    assert "Evidence" in texts(tree, "p")
    assert len(list(space)) == 3
