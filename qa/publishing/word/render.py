"""`render_docx`: a report as a Word file with real headings, repeated heading rows and page numbers."""

from datetime import UTC, datetime, time
from io import BytesIO
from typing import Any, Final

import docx
from docx.document import Document as WordFile
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Cm

from qa.publishing.document import Callout, Heading, KeyFacts, ReportDocument
from qa.publishing.plain_text import one_line
from qa.publishing.word import styles
from qa.publishing.word.blocks import Body
from qa.publishing.word.markup import field, made, paragraph, text_run

_PRODUCT: Final = "Audit Together"
_CONTENTS: Final = "Contents"
_LONGEST_PROPERTY: Final = 255


def render_docx(document: ReportDocument, *, base_url: str | None = None) -> bytes:
    """Return `document` as a Word file.

    `base_url` (such as `https://audits.example.org`) makes links to paths of this site work; without it they
    are plain text.
    """
    file = docx.Document()
    _set_page(file)
    styles.set_styles(file, document.language)
    _set_properties(file, document)
    _head_and_foot(file, document)
    body = Body(file, document.headings, base_url)
    _cover(body, document)
    _contents(body, document.headings)
    for block in document.blocks:
        body.add(block)
    written = BytesIO()
    file.save(written)
    return written.getvalue()


def _set_page(file: WordFile) -> None:
    """A4, with room at both sides for a line of 17 cm."""
    section = file.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2)
    section.top_margin = section.bottom_margin = Cm(2.2)
    section.header_distance = section.footer_distance = Cm(1)


def _set_properties(file: WordFile, document: ReportDocument) -> None:
    properties = file.core_properties
    properties.title = one_line(document.title)[:_LONGEST_PROPERTY]
    properties.author = one_line(document.organisation)[:_LONGEST_PROPERTY] or _PRODUCT
    subject = " · ".join(part for part in map(one_line, (document.subtitle, document.reference)) if part)
    properties.subject = subject[:_LONGEST_PROPERTY]
    properties.keywords = one_line(document.protective_marking)[:_LONGEST_PROPERTY]
    properties.comments = ""
    properties.last_modified_by = _PRODUCT
    properties.language = document.language
    made_at = datetime.combine(document.date, time(), UTC)
    properties.created = properties.modified = made_at


def _head_and_foot(file: WordFile, document: ReportDocument) -> None:
    """On every page: marking, title, state; note, owner, page number."""
    section = file.sections[0]
    marking = one_line(document.protective_marking)
    state = " · ".join(part for part in (one_line(document.version), document.status) if part)
    owner = " · ".join(part for part in map(one_line, (document.organisation, document.reference)) if part)
    title = " · ".join(part for part in (one_line(document.title), state) if part)
    number = [text_run(f"{owner} · Page " if owner else "Page "), field("PAGE", "1"), text_run(" of ")]
    number.append(field("NUMPAGES", "1"))
    head = [_centred(marking)] if marking else []
    head.append(paragraph(styles.RUNNING, [text_run(title)]))
    foot = []
    if document.illustrative_note:
        foot.append(paragraph(styles.RUNNING, [text_run(one_line(document.illustrative_note))]))
    foot.append(paragraph(styles.RUNNING, number))
    foot.extend([_centred(marking)] if marking else [])
    for place, elements in ((section.header, head), (section.footer, foot)):
        container: Any = place._element
        for empty in place.paragraphs:
            container.remove(empty._element)
        container.extend(elements)


def _centred(text: str) -> BaseOxmlElement:
    return paragraph(styles.MARKING, [text_run(text)], [made("w:jc", {"w:val": "center"})])


def _cover(body: Body, document: ReportDocument) -> None:
    """What the reader must know of the report, before anything else."""
    if document.organisation.strip():
        body.append(paragraph(styles.LEAD, [text_run(one_line(document.organisation))]))
    body.append(paragraph("Title", [text_run(one_line(document.title) or "Untitled")]))
    if document.subtitle.strip():
        body.append(paragraph("Subtitle", [text_run(one_line(document.subtitle))]))
    body.add(KeyFacts(document.details))
    if document.illustrative_note:
        body.add(Callout(document.illustrative_note))


def _contents(body: Body, headings: tuple[Heading, ...]) -> None:
    """A table of contents that Word can bring up to date, with links that work before it does."""
    entries = [heading for heading in headings if heading.level in styles.CONTENTS]
    if not entries:
        return
    body.append(paragraph(styles.LEAD, [text_run(_CONTENTS)], [made("w:keepNext")]))
    last = len(entries) - 1
    for number, heading in enumerate(entries):
        runs = body.linked(one_line(heading.text) or "Untitled", f"#{heading.anchor}")
        if number == 0:
            runs = [*_begin(r' TOC \o "1-2" \h \n \u '), *runs]
        if number == last:
            runs = [*runs, _mark("end")]
        body.append(paragraph(styles.CONTENTS[heading.level], runs))
    body.break_page()


def _begin(instruction: str) -> list[BaseOxmlElement]:
    words = made("w:instrText", {"xml:space": "preserve"})
    words.text = instruction
    return [_mark("begin"), made("w:r", children=[words]), _mark("separate")]


def _mark(kind: str) -> BaseOxmlElement:
    return made("w:r", children=[made("w:fldChar", {"w:fldCharType": kind})])
