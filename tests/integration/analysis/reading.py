"""Reading pages with tables and charts."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from tests.support.pages import NAMESPACE, Page


def words(element: Element) -> str:
    """The text of an element, white space folded."""
    return " ".join("".join(element.itertext()).split())


def tables(page: Page) -> dict[str, list[list[str]]]:
    """The rows of each table's body by its caption."""
    found = {}
    for table in page.all("table"):
        (caption,) = page.all("caption", table)
        (body,) = page.all("tbody", table)
        cells = (f"{NAMESPACE}td", f"{NAMESPACE}th")
        found[words(caption)] = [
            [words(cell) for cell in row if cell.tag in cells] for row in page.all("tr", body)
        ]
    return found


def charts(page: Page) -> list[Element]:
    """The charts."""
    return [one for one in page.all("figure") if "at-report-chart" in (one.get("class") or "").split()]


def labels(chart: Element) -> list[str]:
    """Every text drawn in a chart."""
    return [words(text) for text in chart.iter("{http://www.w3.org/2000/svg}text")]
