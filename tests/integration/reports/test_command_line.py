"""`flask --app app report`: the page's report in a file."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from qa.audits.lifecycle import Stage
from tests.integration.analysis import scene as scenes
from tests.integration.analysis.scene import TABLES, Scene
from tests.integration.reports.conftest import trail
from tests.integration.reports.reading import Pdf
from tests.support.factories import Maker


def run(app: Flask, *arguments: object) -> Result:
    return app.test_cli_runner().invoke(args=["report", *map(str, arguments)])


def test_it_writes_the_pdf_that_the_page_gives(app: Flask, scene: Scene, tmp_path: Path) -> None:
    target = tmp_path / "report.pdf"
    done = run(app, "HAV-2026-01", "--kind", "thematic", "--format", "pdf", "--output", target)
    assert (done.exit_code, done.output) == (0, f"{target} is written.\n")
    file = Pdf(target.read_bytes())
    assert "Help and protection" in file.pages[0]
    for caption, rows in TABLES.items():
        assert file.holds(caption)
        assert all(file.holds(*row) for row in rows)


def test_a_pdf_of_the_thematic_report_is_what_it_writes_unless_told(
    app: Flask, scene: Scene, tmp_path: Path
) -> None:
    target = tmp_path / "report"
    assert run(app, "HAV-2026-01", "--output", target).exit_code == 0
    assert target.read_bytes().startswith(b"%PDF-")


def test_it_writes_a_page_that_stands_alone(app: Flask, scene: Scene, tmp_path: Path) -> None:
    target = tmp_path / "report.html"
    assert run(app, "HAV-2026-01", "--format", "html", "--output", target).exit_code == 0
    page = target.read_text("utf-8")
    assert page.startswith("<!DOCTYPE html>")
    assert "<title>Help and protection</title>" in page
    assert "Agreed grades by section" in page
    for elsewhere in ("<link", "<script", "<img", " src="):
        assert elsewhere not in page


def test_reading_by_the_command_line_is_noted(app: Flask, scene: Scene, tmp_path: Path) -> None:
    run(app, "HAV-2026-01", "--output", tmp_path / "report.pdf")
    assert trail(app) == [("report_draft.read", "report_draft", scene.audit.id, "thematic pdf command line")]


def test_an_unknown_audit_is_named(app: Flask, tmp_path: Path) -> None:
    done = run(app, "NO-SUCH-01", "--output", tmp_path / "x.pdf")
    assert (done.exit_code, done.output.strip()) == (1, "There is no audit NO-SUCH-01.")
    assert not list(tmp_path.iterdir())


def test_a_confidential_audit_is_refused(app: Flask, make: Maker, tmp_path: Path) -> None:
    scene = scenes.people(make, Stage.REPORTED, confidential=True)
    done = run(app, scene.audit.reference, "--output", tmp_path / "x.pdf")
    assert done.exit_code == 1
    assert done.output.startswith("HAV-2026-01 is confidential: only the people named on it read it")
    assert not list(tmp_path.iterdir())
    assert trail(app) == []


@pytest.mark.parametrize("place", ["no such folder/report.pdf", "."])
def test_a_file_that_cannot_be_written_is_named(app: Flask, make: Maker, tmp_path: Path, place: str) -> None:
    scenes.people(make, Stage.REPORTED)
    target = tmp_path / place
    done = run(app, "HAV-2026-01", "--output", target)
    assert done.exit_code == 1
    assert done.output.startswith(f"{target} could not be written: ")
    assert "Traceback" not in done.output


@pytest.mark.parametrize(
    "arguments",
    [
        ("HAV-2026-01", "--format", "odt", "--output", "x"),
        ("HAV-2026-01", "--kind", "poem", "--output", "x"),
        ("HAV-2026-01",),
        ("--output", "x"),
    ],
)
def test_a_command_that_makes_no_sense_says_what_is_wrong(app: Flask, arguments: tuple[str, ...]) -> None:
    done = run(app, *arguments)
    assert done.exit_code == 2
    assert "Error:" in done.output
    assert not Path("x").exists()
