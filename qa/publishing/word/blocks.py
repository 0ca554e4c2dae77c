"""From the blocks of a document to the paragraphs and tables of a Word file."""

from collections.abc import Sequence
from functools import singledispatchmethod
from io import BytesIO
from typing import Any, Final

from docx.document import Document as WordFile
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Pt

from qa.publishing.charts import chart_drawings
from qa.publishing.document import (
    Block,
    BulletList,
    Callout,
    Chart,
    Definitions,
    FindingList,
    Heading,
    KeyFacts,
    NumberedList,
    PageBreak,
    Paragraph,
    Table,
    Timeline,
    WritingSpace,
)
from qa.publishing.plain_text import one_line, visible
from qa.publishing.timeline_drawing import timeline_drawings
from qa.publishing.word import styles
from qa.publishing.word.markup import PLAIN, Look, made, paragraph, rich_runs, text_run
from qa.publishing.word.pictures import png
from qa.publishing.word.tables import pairs_elements, space_elements, table_elements

_CHART_WIDTH: Final = 480.0
_CHART_HEIGHT: Final = 560.0


class Body:
    """The body of a Word file, written from its beginning to its end."""

    def __init__(self, file: WordFile, headings: tuple[Heading, ...], base_url: str | None) -> None:
        """Write into `file`, which has our styles. headings: what links within the file may lead to."""
        self._file = file
        self._base_url = base_url
        self._bookmarks = {heading.anchor: f"_part_{number}" for number, heading in enumerate(headings, 1)}
        self._addresses: dict[str, str] = {}
        self._place: Any = file.element.body

    def append(self, *elements: BaseOxmlElement) -> None:
        """Add elements at the end; the page's measures stay last, as Word asks."""
        measures = self._place.sectPr
        for element in elements:
            measures.addprevious(element)

    def break_page(self) -> None:
        """What follows starts a page."""
        run = made("w:r", children=[made("w:br", {"w:type": "page"})])
        self.append(paragraph(styles.RUNNING, [run]))

    def linked(self, text: str, link: str | None, look: Look = PLAIN) -> Sequence[BaseOxmlElement]:
        """The runs of a text, within a link where there is one that can be followed from a file."""
        if link is None:
            return [text_run(text, look)]
        shown = text_run(text, look._replace(style=styles.LINK))
        if link.startswith("#"):
            bookmark = self._bookmarks.get(link[1:])
            return (
                [made("w:hyperlink", {"w:anchor": bookmark}, [shown])] if bookmark else [text_run(text, look)]
            )
        if link.startswith("/"):
            if self._base_url is None:
                return [text_run(text, look)]
            link = self._base_url.rstrip("/") + link
        return [made("w:hyperlink", {"r:id": self._address(link)}, [shown])]

    def _address(self, link: str) -> str:
        if link not in self._addresses:
            part = self._file.part
            self._addresses[link] = part.relate_to(link, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
        return self._addresses[link]

    @singledispatchmethod
    def add(self, block: Block) -> None:
        """Add a block of a document at the end."""
        raise TypeError(f"A Word file cannot show a {type(block).__name__}.")

    @add.register
    def _(self, block: Heading) -> None:
        bookmark = self._bookmarks[block.anchor]
        number = {"w:id": bookmark.rpartition("_")[2]}
        shown = text_run(one_line(block.text) or "Untitled")
        start = made("w:bookmarkStart", {**number, "w:name": bookmark})
        self.append(paragraph(f"Heading{block.level}", [start, shown, made("w:bookmarkEnd", number)]))

    @add.register
    def _(self, block: Paragraph) -> None:
        kept = [made("w:keepNext")] if block.keep else []
        self.append(paragraph(styles.LEAD if block.lead else "Normal", rich_runs(block.text), kept))

    @add.register
    def _(self, block: BulletList) -> None:
        self.append(*(paragraph("ListBullet", rich_runs(item)) for item in block.items))

    @add.register
    def _(self, block: NumberedList) -> None:
        number = self._new_numbering()
        for item in block.items:
            level = [made("w:ilvl", {"w:val": "0"}), made("w:numId", {"w:val": number})]
            numbering = made("w:numPr", children=level)
            self.append(paragraph("ListNumber", rich_runs(item), [numbering]))

    @add.register
    def _(self, block: Table) -> None:
        self.append(*table_elements(block, self.linked))

    @add.register(Chart)
    @add.register(Timeline)
    def _(self, block: Chart | Timeline) -> None:
        title = one_line(block.title)
        self.append(paragraph("Caption", [text_run(title)]))
        if isinstance(block, Chart):
            drawings = chart_drawings(block, _CHART_WIDTH, _CHART_HEIGHT)
        else:
            drawings = timeline_drawings(block, _CHART_WIDTH, _CHART_HEIGHT)
        for number, drawing in enumerate(drawings, 1):
            part = f" (part {number} of {len(drawings)})" if len(drawings) > 1 else ""
            run = self._file.add_paragraph(style="Normal").add_run()
            shown = run.add_picture(BytesIO(png(drawing)), width=Pt(drawing.width))
            properties: Any = shown._inline.docPr
            properties.set("name", f"Chart {properties.get('id')}")
            properties.set("title", title)
            properties.set("descr", f"{visible(block.description)}{part}")
        self.append(paragraph(styles.SMALL, [text_run(block.description)]))
        self.add(block.table)

    @add.register
    def _(self, block: FindingList) -> None:
        self.append(paragraph(styles.FINDINGS[block.kind], [text_run(block.kind.value)]))
        for item in block.items:
            runs = list(self.linked(item.text, item.link))
            if item.cases_text:
                runs.append(text_run(f" ({item.cases_text})"))
            self.append(paragraph("ListBullet", runs))
        if not block.items:
            self.append(paragraph("Normal", [text_run(block.empty_text)]))

    @add.register
    def _(self, block: KeyFacts) -> None:
        self.append(*pairs_elements(((fact.term, fact.text) for fact in block.facts), "Key facts"))

    @add.register
    def _(self, block: Definitions) -> None:
        self.append(*pairs_elements(((entry.term, entry.meaning) for entry in block.entries), "Terms"))

    @add.register
    def _(self, block: Callout) -> None:
        if block.heading.strip():
            self.append(
                paragraph(styles.CALLOUT, [text_run(block.heading, Look(bold=True))], [made("w:keepNext")])
            )
        self.append(paragraph(styles.CALLOUT, [text_run(block.text)]), paragraph(styles.RUNNING))

    @add.register
    def _(self, block: PageBreak) -> None:
        self.break_page()

    @add.register
    def _(self, block: WritingSpace) -> None:
        self.append(*space_elements(block.label, block.lines))

    def _new_numbering(self) -> str:
        """A numbering of its own for a list, so that it begins with 1."""
        numbering: Any = self._file.part.numbering_part.element
        style: Any = self._file.styles["List Number"].element
        pattern = style.pPr.numPr.numId.val
        kind = next(one for one in numbering.num_lst if one.numId == pattern).abstractNumId.val
        number = numbering.add_num(kind)
        number.add_lvlOverride(ilvl=0).add_startOverride(1)
        return str(number.numId)
