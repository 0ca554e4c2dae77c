"""Documents that tests render, and readers for what comes out."""

import io
from collections.abc import Iterable
from datetime import date
from typing import Any

from pypdf import PageObject, PdfReader

from qa.publishing.document import (
    Block,
    BulletList,
    Callout,
    Cell,
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
    Series,
    Table,
    TableRow,
)
from qa.publishing.pdf.render import render_pdf

MARKING = "OFFICIAL-SENSITIVE"
NOTE = "Grades in this report are illustrative."
PROSE = "The chronology was current in most records and was used to inform the plan for the child. " * 4
GRADES = ("Outstanding", "Good", "Requires improvement to be good", "Inadequate")
SHORT = ("O", "G", "RI", "I")
COLOURS = ("outstanding", "good", "requires_improvement", "inadequate")


def report(
    *blocks: Block,
    title: str = "Help and protection",
    marking: str = MARKING,
    note: str | None = NOTE,
) -> ReportDocument:
    """A report of the given blocks."""
    return ReportDocument(
        title=title,
        organisation="Example Safeguarding Children Partnership",
        reference="HP-2019-20",
        protective_marking=marking,
        date=date(2025, 11, 4),
        version="Version 2",
        status="Draft",
        blocks=blocks,
        subtitle="Thematic report",
        period="April 2019 to March 2020",
        illustrative_note=note,
    )


def table(*rows: tuple[str, ...], caption: str = "A table", note: str | None = None) -> Table:
    """A table with as many columns as its rows have cells."""
    columns = tuple(Column(f"Column {number}") for number in range(1, len(rows[0]) + 1))
    return Table(caption, columns, tuple(TableRow(row) for row in rows), note)


def grades_chart(*, linked: bool = False, sections: tuple[str, ...] = ("Early help", "Planning")) -> Chart:
    """Stacked bars of four grades by section."""
    values = ((4, 1), (22, 14), (18, 0), (1, 0))
    series = tuple(
        Series(
            label=GRADES[grade],
            colour=COLOURS[grade],
            values=tuple(values[grade][at % 2] for at in range(len(sections))),
            short=SHORT[grade],
            links=tuple(f"/cases?section={at}&grade={grade}" for at in range(len(sections)))
            if linked
            else (),
        )
        for grade in range(4)
    )
    rows = tuple(
        TableRow((section, *(str(one.values[at]) for one in series))) for at, section in enumerate(sections)
    )
    figures = Table("Grades by section", (Column("Section"), *(Column(g, "right") for g in GRADES)), rows)
    return Chart("Grades", "Most sections are good.", ChartKind.STACKED, sections, series, figures)


def full_report() -> ReportDocument:
    """A report with every kind of block, over several pages."""
    blocks: list[Block] = [
        Heading(1, "Executive summary"),
        Paragraph("Practice kept children safe.", lead=True),
        Paragraph(PROSE),
        KeyFacts((Fact("Cases audited", "Fifty cases, drawn at random"),)),
        Callout("No child was found to be unsafe.", "Concerns raised"),
        BulletList(("Children were seen.", "Plans were shared.")),
        NumberedList(("Agencies complete returns.", "The panel meets.")),
        Heading(1, "Grades"),
        Heading(2, "By section"),
        grades_chart(linked=True),
        Heading(1, "Findings"),
    ]
    for section in ("Front door", "Early help", "Planning", "Supervision"):
        blocks += [
            Heading(2, section),
            Paragraph(PROSE * 2),
            FindingList(
                FindingKind.STRENGTH,
                (FindingItem("Children were seen alone.", 31), FindingItem("Referrers were told.", 1)),
            ),
            FindingList(
                FindingKind.IMPROVEMENT, (FindingItem("Fathers were left out.", "c", "/findings/7"),)
            ),
            Heading(3, f"What is being done about {section.lower()}"),
            Paragraph(PROSE),
        ]
    blocks += [
        Heading(1, "Recommendations"),
        Table(
            "Recommendations",
            (Column("Recommendation", width=3), Column("Lead", width=1), Column("Actions", "right", width=1)),
            (
                TableRow((Cell("Include fathers.", "/recommendations/1"), "Police", "2")),
                TableRow(("All", "", "2"), total=True),
            ),
            note="As at the date of this report.",
        ),
        Heading(1, "Terms"),
        Definitions((Definition("CIN", "Child in need."),)),
    ]
    return report(*blocks)


def read(document: ReportDocument, *, base_url: str | None = None) -> PdfReader:
    """The document as a PDF, opened again."""
    return PdfReader(io.BytesIO(render_pdf(document, base_url=base_url)), strict=True)


def page_text(page: PageObject) -> str:
    """A page's text with each run of white space as one space."""
    return " ".join(page.extract_text().split())


def pdf_text(reader: PdfReader) -> str:
    """The text of all pages."""
    return " ".join(page_text(page) for page in reader.pages)


def squeezed(text: str) -> str:
    """The text without white space: where lines break is the setter's business."""
    return "".join(text.split())


def resources(page: PageObject) -> Any:
    """What a page draws with."""
    return page["/Resources"]


def annotations(page: PageObject) -> list[Any]:
    """The links on a page."""
    found: Any = page.get("/Annots", [])
    return [annotation.get_object() for annotation in found]


def addresses(reader: PdfReader) -> set[str]:
    """Where the links lead that leave the document."""
    return {str(one["/A"]["/URI"]) for page in reader.pages for one in annotations(page) if "/A" in one}


def fonts_of(reader: PdfReader) -> Iterable[tuple[str, bool]]:
    """Each font's name, and whether it is in the file."""
    for page in reader.pages:
        for font in resources(page).get("/Font", {}).values():
            descriptor = font.get_object().get("/FontDescriptor")
            yield str(font.get_object()["/BaseFont"]), descriptor is not None and "/FontFile2" in descriptor
