"""Whatever anybody types comes out as typed, on paper and on the web, and does nothing."""

import unicodedata
from collections import Counter

import html5lib
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.publishing.document import (
    Block,
    BulletList,
    Callout,
    Chart,
    ChartKind,
    Column,
    Definition,
    Definitions,
    Fact,
    FindingItem,
    FindingKind,
    FindingList,
    Heading,
    KeyFacts,
    NumberedList,
    Paragraph,
    ReportDocument,
    Run,
    Series,
    Table,
    TableRow,
    Timeline,
    TimelineBar,
    TimelineRow,
    WritingSpace,
)
from qa.publishing.pdf.render import render_pdf
from qa.publishing.plain_text import visible
from qa.publishing.typesetting import fonts
from qa.publishing.web import render_html
from tests.unit.publishing.examples import addresses, page_text, pdf_text, read, report, resources, squeezed

HOSTILE = {
    "bold": "<b>bold</b>",
    "image": '<img src="/etc/passwd">',
    "link": '<a href="https://example.org/x">here</a>',
    "entity": "Tom &amp; Jerry &lt; &#60; &nbsp;",
    "open tag": "5 < 6 and <para",
    "reportlab": '<para backColor="red"><onDraw name="x" label="y"/><seq id="a"/>',
    "script": '"><script>alert(1)</script>',
    "template": "{{ 7 * 7 }}{% raw %}",
    "pdf operators": "(a) Tj ET Q \\) \\051 endstream endobj",
    "percent": "%s %(x)s {0}",
    "control": "null\x00 bell\x07 escape\x1b[31m",
    "bidi": "safe\u202egpj.exe\u2069",
    "zero width": "zero\u200bwidth\ufeff",
    "surrogate": "half \ud800 pair",
    "comment": "<!-- --> <![CDATA[x]]>",
    "style": '<p style="color:red" onclick="x()">',
}


def everywhere(text: str) -> ReportDocument:
    """A report that has `text` wherever a text can stand."""
    figures = Table(
        text,
        (Column(text), Column(text, "right")),
        (TableRow((text, text)), TableRow((text, text), True)),
        text,
    )
    blocks: tuple[Block, ...] = (
        Heading(1, text),
        Heading(2, text),
        Heading(3, text),
        Paragraph(text),
        Paragraph((Run(text, bold=True), Run(text, italic=True), Run(text, bold=True, italic=True))),
        BulletList((text, text)),
        NumberedList((text,)),
        figures,
        Table(text, (Column(text),), (), empty_text=text),
        Chart(
            text,
            text,
            ChartKind.STACKED,
            (text,),
            (Series(text, "good", (3,), text), Series(text, "good", (1,))),
            figures,
        ),
        Chart(text, text, ChartKind.BARS, (text,), (Series(text, "series_1", (7,), links=("/x",)),), figures),
        Timeline(
            text,
            text,
            (text,) * 4,
            (text,) * 2,
            (TimelineRow(text, (TimelineBar(0, 3, text, "blue"), TimelineBar(3, 3, text, "grey"))),),
            figures,
        ),
        KeyFacts((Fact(text, text),)),
        FindingList(FindingKind.STRENGTH, (FindingItem(text, 3, "/x"),)),
        FindingList(FindingKind.IMPROVEMENT, (), text),
        Callout(text, text),
        Definitions((Definition(text, text),)),
        WritingSpace(text, 2),
    )
    return ReportDocument(
        text, text, text, text, report().date, text, "Issued", blocks, text, text, text
    )  # fmt: skip


@pytest.mark.parametrize("typed", HOSTILE.values(), ids=HOSTILE)
def test_the_pdf_shows_it_as_typed(typed: str) -> None:
    shown = squeezed(visible(typed))
    places: tuple[Block, ...] = (
        Paragraph(typed),
        BulletList((typed,)),
        Table("", (Column("a"),), (TableRow((typed,)),)),
        FindingList(FindingKind.STRENGTH, (FindingItem(typed),)),
        Callout(typed),
        Definitions((Definition("a", typed),)),
    )
    for place in places:
        assert shown in squeezed(page_text(read(report(place)).pages[1])), place


@pytest.mark.parametrize("typed", HOSTILE.values(), ids=HOSTILE)
def test_the_pdf_takes_it_everywhere(typed: str) -> None:
    document = everywhere(typed)
    reader = read(document, base_url="https://audits.example.org")

    assert squeezed(visible(typed)) in squeezed(pdf_text(reader))
    assert all("/XObject" not in resources(page) for page in reader.pages)
    assert addresses(reader) == {"https://audits.example.org/x"}
    assert b"/JavaScript" not in render_pdf(document)
    assert reader.metadata is not None
    assert reader.metadata.title == " ".join(visible(typed).split())


@pytest.mark.parametrize("typed", HOSTILE.values(), ids=HOSTILE)
def test_the_page_shows_it_as_typed(typed: str) -> None:
    tree = html5lib.parse(str(render_html(everywhere(typed))), namespaceHTMLElements=False)
    shown = squeezed(visible(typed))

    for path in ("article/header/h1", "h2", "p", "li", "td", "th", "caption", "dd", "dt", "strong", "em"):
        found = [squeezed("".join(one.itertext())) for one in tree.iter(path.split("/")[-1])]
        assert any(shown in text for text in found), path
    tags = {str(one.tag).split("}")[-1] for one in tree.iter()}
    assert tags.isdisjoint({"b", "img", "script", "para", "onDraw", "seq"})
    for one in tree.iter():
        assert not any(name == "style" or name.startswith("on") for name in one.attrib)
        assert one.attrib.get("href", "#")[0] in "#/"


@settings(max_examples=60, deadline=None)
@given(st.text(st.characters(exclude_categories=()), max_size=300))
def test_any_text_at_all_renders(typed: str) -> None:
    document = everywhere(typed)

    assert render_pdf(document).startswith(b"%PDF-")
    html5lib.HTMLParser(strict=False).parseFragment(str(render_html(document)))


def set_characters(text: str) -> Counter[str]:
    """The characters of `text` that a page should show, with the sign for those no font has."""
    shown = squeezed(unicodedata.normalize("NFC", visible(text)))
    known = fonts.coverage("NotoSans") | fonts.coverage("DejaVuSans")
    invisible = {"\u200c", "\u200d", *map(chr, range(0xFE00, 0xFE10))}
    return Counter(c if c in known else "\ufffd" for c in shown if c not in invisible)


@settings(max_examples=150, deadline=None)
@given(st.text(st.characters(exclude_categories=()), max_size=120))
def test_every_character_reaches_the_page(typed: str) -> None:
    reader = read(report(Paragraph(f"Start {typed}\nEnd"), marking="", note=None))
    plain = read(report(Paragraph("Start\nEnd"), marking="", note=None))
    added = Counter(squeezed(reader.pages[1].extract_text())) - Counter(
        squeezed(plain.pages[1].extract_text())
    )
    for invisible in ("\u200c", "\u200d", *map(chr, range(0xFE00, 0xFE10))):
        added.pop(invisible, None)

    assert added == set_characters(typed)
