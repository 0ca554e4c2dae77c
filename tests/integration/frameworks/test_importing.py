"""Bringing a framework in from a file and taking it out: YAML and Excel, in the browser and by command."""

import io
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from sqlalchemy import func, select

from qa.accounts.permissions import Role
from qa.db import db
from qa.frameworks import checking
from qa.frameworks.checking import check_text, load_themes
from qa.frameworks.commands import import_framework
from qa.frameworks.content import FrameworkContent
from qa.frameworks.drafts.commands import start_blank
from qa.frameworks.importing import check_framework_file
from qa.frameworks.models import Edition
from qa.frameworks.queries import published_edition_id
from qa.frameworks.reading import edition_tree, forget_kept_editions
from qa.frameworks.workbook.writing import workbook_bytes
from qa.frameworks.yaml_source import dump_yaml
from tests.support.factories import SMALL, TEMPLATES, Maker
from tests.support.pages import Browser, Page
from tests.unit.frameworks.strategies import frameworks

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture
def lead(make: Maker, browser: Callable[[str], Browser]) -> Browser:
    """A QA lead's browser."""
    return browser(make.person(Role.QA_LEAD, area=make.area()).email)


def small() -> FrameworkContent:
    """The small framework."""
    content = check_text(SMALL.read_text("utf-8"), SMALL.name, load_themes().keys).content
    assert content
    return content


def workbook(change: Callable[[openpyxl.Workbook], None] = lambda book: None) -> bytes:
    """The small framework as a workbook, changed."""
    book = openpyxl.load_workbook(io.BytesIO(workbook_bytes(small(), load_themes().themes)))
    change(book)
    raw = io.BytesIO()
    book.save(raw)
    return raw.getvalue()


def send(lead: Browser, raw: bytes, name: str = "Our tool 2026.xlsx", what: str = "draft") -> Page:
    """Choose a file on the import page."""
    return lead.post("/frameworks/import", {"file": (io.BytesIO(raw), name), "publish": what})


def kept() -> int:
    """How many editions there are."""
    return db.session.scalar(select(func.count()).select_from(Edition)) or 0


def test_a_workbook_becomes_a_draft_whatever_its_file_is_called(lead: Browser, app: Flask) -> None:
    page = send(lead, workbook())
    assert page.heading == "Small framework"
    assert "Small framework, edition 1, is here as a draft." in page.text
    edition_id = page.response.request.path.rsplit("/", 1)[-1]
    address = page.links["Download as an Excel workbook"]
    assert address == f"/frameworks/editions/{edition_id}/file?format=xlsx"
    raw = lead.get(address).response.get_data()
    with app.app_context():
        limits = app.extensions["settings"].import_limits
        assert check_framework_file(raw, "x.xlsx", limits).content == small()


def test_a_framework_that_is_here_gets_its_next_edition_and_the_comparison_is_offered(lead: Browser) -> None:
    send(lead, workbook(), what="publish")

    def reword(book: openpyxl.Workbook) -> None:
        book["Front door and threshold"]["B9"] = "Was the threshold decision the right one?"

    page = send(lead, workbook(reword), what="publish")
    assert "Small framework, edition 2, is published." in page.text
    compared = lead.get(page.links["Compare it with edition 1"])
    assert "Was the threshold decision" in compared.text
    assert "reworded" in compared.text.lower()


def test_a_check_says_what_a_file_would_become_and_keeps_nothing(lead: Browser, app: Flask) -> None:
    page = send(lead, workbook(), what="check")
    assert "Nothing is wrong with the file" in page.text
    assert "Small framework: 14 questions in 2 sections" in page.text
    assert "It would be a new framework." in page.text
    with app.app_context():
        assert kept() == 0
    send(lead, workbook(), what="draft")
    page = send(lead, SMALL.read_bytes(), SMALL.name, what="check")
    assert "It would be edition 2 of a framework that is here already" in page.text
    assert "has a draft already" in page.links
    page = send(lead, workbook(), what="draft")
    assert "This framework has a draft already: publish or delete that one first" in page.text
    with app.app_context():
        assert kept() == 1


def test_everything_wrong_is_shown_with_sheet_and_cell_and_the_choice_is_kept(
    lead: Browser, app: Flask
) -> None:
    def spoil(book: openpyxl.Workbook) -> None:
        book["Front door and threshold"]["C9"] = "Grad"
        book["Front door and threshold"]["E10"] = "=A1"
        book["Scales"]["C2"] = "high"

    page = send(lead, workbook(spoil), what="publish")
    assert "Nothing was brought in: the file has 3 problems" in page.text
    assert "Problems in Our tool 2026.xlsx" in page.text
    for said in (
        "“Scales”, C2",
        "“high” is not a number.",
        "“Front door and threshold”, C9",
        "Did you mean “Grade”?",
        "“Front door and threshold”, E10",
        "This is a formula.",
    ):
        assert said in page.text
    assert page.form("publish")["publish"] == "publish"
    with app.app_context():
        assert kept() == 0


@pytest.mark.parametrize(
    ("raw", "name", "said"),
    [
        (b"PK\x03\x04 nothing", "tool.xlsx", "The file is broken."),
        (b"PK\x03\x04 nothing", "tool.yaml", "The file is broken."),
        (b"%PDF-1.4", "tool.xlsx", "This is not an Office file."),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "tool.xls", "in the format of Office before 2007"),
        (b"key: \xff", "tool.yml", "A character here is not UTF-8."),
        (b"x" * 2_000_001, "tool.xlsx", "larger than 2 MB"),
    ],
    ids=["broken", "renamed", "pdf", "old", "characters", "large"],
)
def test_a_file_that_is_none_gets_a_plain_answer(lead: Browser, raw: bytes, name: str, said: str) -> None:
    assert said in send(lead, raw, name).text


def test_the_blank_workbook_is_a_file_to_start_from(lead: Browser) -> None:
    address = lead.get("/frameworks/import").links["Download a blank Excel workbook"]
    response = lead.get(address).response
    assert response.mimetype == XLSX
    book = openpyxl.load_workbook(io.BytesIO(response.get_data()))
    book["Framework"]["B1"], book["Framework"]["B2"] = "Review of neglect", "Looks at neglect."
    sheet = book["Section 1"]
    sheet.insert_rows(9)
    sheet["B9"], sheet["C9"] = "Was the child seen?", "Yes/no"
    raw = io.BytesIO()
    book.save(raw)
    page = send(lead, raw.getvalue(), what="publish")
    assert page.heading == "Review of neglect"
    assert "Was the child seen?" in page.text


def test_a_draft_with_something_wrong_is_not_taken_out(lead: Browser, make: Maker, app: Flask) -> None:
    person = make.person(Role.QA_LEAD, area=make.area())
    with app.app_context():
        draft_id = start_blank(person, {"name": "Half a framework", "summary": "No sections yet."}, None)
    page = lead.get(f"/frameworks/editions/{draft_id}/file?format=xlsx")
    assert "Put right what the checks name first" in page.text


def test_an_edition_is_taken_out_in_either_form(lead: Browser, make: Maker) -> None:
    tree = make.edition()
    assert lead.get(f"/frameworks/editions/{tree.id}/file?format=xlsx").response.mimetype == XLSX
    assert lead.get(f"/frameworks/editions/{tree.id}/file").response.mimetype == "application/yaml"
    lead.get(f"/frameworks/editions/{tree.id}/file?format=pdf", status=404)


def test_the_command_line_takes_workbooks_in_and_out(app: Flask, tmp_path: Path) -> None:
    runner, file = app.test_cli_runner(), tmp_path / "small.xlsx"
    file.write_bytes(workbook())
    result = runner.invoke(args=["framework", "import", str(file), "--publish"])
    assert (result.exit_code, result.output) == (0, "Small framework, edition 1, published.\n")
    out = tmp_path / "out.xlsx"
    result = runner.invoke(
        args=["framework", "export", "small_framework", "--format", "xlsx", "--output", str(out)]
    )
    assert result.exit_code == 0, result.output
    assert runner.invoke(args=["framework", "check", str(out)]).output == "1 file is right.\n"
    result = runner.invoke(args=["framework", "export", "small_framework", "--format", "xlsx"])
    assert "--output" in result.output

    def spoil(book: openpyxl.Workbook) -> None:
        book["Front door and threshold"]["C9"] = "Grad"

    file.write_bytes(workbook(spoil))
    result = runner.invoke(args=["framework", "check", str(file)])
    assert result.exit_code == 1
    assert f"{file}: “Front door and threshold”, C9: “Grad” is not a choice here." in result.output


@pytest.mark.parametrize("path", sorted(TEMPLATES.glob("*[!s].yaml")), ids=lambda path: path.stem)
def test_a_shipped_framework_is_the_same_by_yaml_and_by_workbook(
    lead: Browser, make: Maker, app: Flask, path: Path
) -> None:
    tree = make.edition(path)
    raw = lead.get(f"/frameworks/editions/{tree.id}/file?format=xlsx").response.get_data()
    send(lead, raw, what="publish")
    with app.app_context():
        forget_kept_editions()
        again = edition_tree(published_edition_id(tree.content.key))
        assert again.number == tree.number + 1
        assert again.content == tree.content
        assert dump_yaml(again.content) == dump_yaml(tree.content)


@given(frameworks())
@settings(
    max_examples=15,
    deadline=None,
    phases=(Phase.generate,),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_any_framework_is_the_same_text_after_the_database(app: Flask, content: FrameworkContent) -> None:
    text = dump_yaml(content)
    read = checking.check_text(text, f"{content.key}.yaml", ("thresholds", "direct_work", "no", "on")).content
    assert read
    with app.app_context():
        edition_id = import_framework(None, read, publish=True)
        forget_kept_editions()
        assert dump_yaml(edition_tree(edition_id).content) == text
