"""A QA lead draws a sample from a workbook in the browser, replaces a case, and reads it in the report."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from openpyxl import Workbook

from qa.accounts.permissions import Role
from qa.audits.lifecycle import Stage
from qa.audits.models import Audit
from tests.browser.conftest import Visitor
from tests.browser.framework_steps import signed_in
from tests.support.factories import Maker

Place = tuple[Audit, Visitor]


@pytest.fixture
def place(app: Flask, make: Maker, visitor: Callable[..., Visitor]) -> Place:
    """An audit in planning, and its QA lead at a narrow window."""
    area = make.area("Riverton")
    audit = make.audit(area, make.edition(), (make.agency("Police", areas=(area,)),), stage=Stage.PLANNING)
    make.person(Role.QA_LEAD, area=area, email="lead@example.org")
    return audit, signed_in(app, visitor, "lead@example.org")


def workbook(folder: Path, headings: list[str], rows: list[list[str]]) -> Path:
    """A workbook of one sheet."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Open cases")
    for row in (headings, *rows):
        sheet.append(row)
    path = folder / "list.xlsx"
    book.save(path)
    return path


def test_from_a_workbook_to_the_report(place: Place, tmp_path: Path) -> None:
    audit, lead = place
    plans = ("Early help", "Child protection", "Adopted")
    rows = [[f"LCS-{n:04}", plans[n % 3], f"Team {n % 4}", "Ann Smith"] for n in range(1, 91)]
    lead.page.set_viewport_size({"width": 320, "height": 800})
    lead.visit(f"/audits/{audit.id}")
    lead.click("Draw a sample from a list")
    lead.click("Bring in a population list")
    path = workbook(tmp_path, ["LCS ID", "Plan", "Team", "Child’s name"], rows)
    lead.page.get_by_label("Population list (CSV or Excel)").set_input_files(path)
    lead.click("Bring in the list")
    assert "Nothing of it was kept" in lead.text
    assert "The whole column" in lead.text
    path = workbook(tmp_path, ["LCS ID", "Plan", "Team"], [row[:3] for row in rows])
    lead.page.get_by_label("Population list (CSV or Excel)").set_input_files(path)
    lead.click("Bring in the list")
    assert lead.heading == "What the columns are"
    lead.choose("What “Plan” is for", "Case profile: Pathway")
    lead.click("Continue")
    assert "Choose which answer “Adopted” is" in lead.text
    lead.choose("“Adopted”", "Leave it empty")
    lead.click("Continue")
    lead.fill("Cases to draw", "12")
    lead.choose("Divide the list into strata by", "Team (4 strata)")
    lead.fill("Seed", "march 2026")
    lead.click("Show the strata")
    assert "does not allow percentages to be generalised" in lead.text
    assert lead.page.evaluate("document.documentElement.scrollWidth") <= 320
    lead.click("Draw the sample")
    assert "12 cases are drawn" in lead.text
    assert lead.page.evaluate("document.documentElement.scrollWidth") <= 320
    lead.visit(f"/audits/{audit.id}/cases")
    lead.press(lead.page.locator("tbody a").first)
    lead.click("Replace this case")
    lead.tick("Its record cannot be found or opened")
    lead.click("Replace the case")
    assert "is replaced by case LCS-" in lead.text
    lead.visit(f"/audits/{audit.id}/report")
    assert "1 case drawn was replaced by the next in the drawn order of the same stratum" in lead.text
    assert "with the seed “march 2026”" in lead.text
