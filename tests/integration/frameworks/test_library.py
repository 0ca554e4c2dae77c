"""The library of frameworks: shipped ones, files brought in, publishing, the command line."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from qa.accounts.permissions import Role
from qa.frameworks.checking import check_file, load_themes
from qa.frameworks.content import FrameworkContent
from qa.frameworks.queries import published_edition_id
from qa.frameworks.reading import edition_tree, forget_kept_editions
from qa.frameworks.yaml_source import dump_yaml
from tests.support.factories import SMALL, TEMPLATES, Maker
from tests.support.pages import Browser

SHIPPED = sorted(path for path in TEMPLATES.glob("*.yaml") if path.stem != "themes")


@pytest.fixture
def lead(make: Maker, browser: Callable[[str], Browser]) -> Browser:
    """A QA lead's browser."""
    return browser(make.person(Role.QA_LEAD, area=make.area()).email)


@pytest.fixture
def auditor(make: Maker, browser: Callable[[str], Browser]) -> Browser:
    """An auditor's browser."""
    return browser(make.person(Role.AUDITOR, agency=make.agency()).email)


def shipped_content(path: Path) -> FrameworkContent:
    """The content of a shipped file."""
    result = check_file(path, load_themes().keys)
    assert result.content, result.problems
    return result.content


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_shipped_framework_comes_back_from_the_database_unchanged(
    app: Flask, make: Maker, path: Path
) -> None:
    tree = make.edition(path)
    assert tree.content == shipped_content(path)
    assert set(tree.ids.questions) == {question.key for question in tree.content.questions}


def test_the_six_frameworks_are_offered_and_one_click_publishes_one(lead: Browser) -> None:
    page = lead.get("/frameworks")
    assert "There are no frameworks here yet." in page.text
    for path in SHIPPED:
        assert shipped_content(path).name in page.text
    page = lead.post("/frameworks/shipped/help_and_protection")
    assert page.heading == "Help and Protection"
    assert "Published" in page.text
    assert "Help and Protection is published and ready for audits." in page.text
    assert page.text.count("What each grade looks like") > 20
    library = lead.get("/frameworks")
    assert "Edition 1 of Help and Protection" in library.links
    assert library.statements <= 8


def test_an_edition_says_when_and_of_whom_a_question_is_asked(lead: Browser, make: Maker) -> None:
    tree = make.edition()
    page = lead.get(f"/frameworks/editions/{tree.id}")
    assert "Asked when “Was consent sought” is “No”" in page.text
    assert "Asked when “Pathway” is “Child protection”." in page.text
    assert "For: Local authority, Health" in page.text
    assert "Evidence required for some answers" in page.text


def test_a_published_edition_costs_no_statement_the_second_time(lead: Browser, make: Maker) -> None:
    tree = make.edition()
    first = lead.get(f"/frameworks/editions/{tree.id}")
    second = lead.get(f"/frameworks/editions/{tree.id}")
    assert second.statements <= first.statements
    assert second.statements == 2  # who is asking, and the edition itself


def test_a_file_is_brought_in_as_a_draft_then_published_then_withdrawn(
    lead: Browser, auditor: Browser
) -> None:
    page = lead.post(
        "/frameworks/import", {"file": (io.BytesIO(SMALL.read_bytes()), SMALL.name), "publish": "draft"}
    )
    assert page.heading == "Small framework"
    address = page.response.request.path.replace("/drafts/", "/editions/")
    auditor.get(address, status=404)
    page = lead.submit(f"{address}/publish", {})
    assert "The edition is published." in page.text
    assert auditor.get(address).heading == "Small framework"
    auditor.post(f"{address}/withdraw", {"version": "2"}, status=403)
    page = lead.submit(f"{address}/withdraw", {})
    assert "The edition is withdrawn." in page.text
    assert "Withdrawn" in page.text
    page = lead.submit(f"{address}/restore", {})
    assert "The edition is published again." in page.text


def test_a_stale_publish_is_refused(lead: Browser) -> None:
    page = lead.post(
        "/frameworks/import", {"file": (io.BytesIO(SMALL.read_bytes()), SMALL.name), "publish": "draft"}
    )
    address = page.response.request.path.replace("/drafts/", "/editions/")
    form = lead.get(f"{address}/publish").form("version")
    lead.post(f"{address}/publish", form)
    page = lead.post(f"{address}/withdraw", form, status=409)
    assert page.heading == "Somebody else changed this"


def test_a_file_with_faults_is_named_line_by_line_and_nothing_is_kept(lead: Browser) -> None:
    bad = SMALL.read_text("utf-8").replace("scale: ofsted, guidance", "scale: ofstead, guidance")
    bad = bad.replace("is: [child_protection]", "is: [childprotection]")
    page = lead.post(
        "/frameworks/import", {"file": (io.BytesIO(bad.encode()), SMALL.name), "publish": "publish"}
    )
    assert "Nothing was brought in: the file has 2 problems" in page.text
    assert "Did you mean “ofsted”?" in page.text
    assert "There are no frameworks here yet." in lead.get("/frameworks").text


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "The file is empty."),
        (b"\xff\xfe\x00", "The file is saved as UTF-16."),
        (b"a: &x [1]\nb: *x\n", "alias"),
        (b"x" * (2 * 1024 * 1024 + 1), "larger than 2 MB"),
    ],
)
def test_a_file_that_is_no_framework_gets_a_plain_answer(lead: Browser, content: bytes, said: str) -> None:
    page = lead.post("/frameworks/import", {"file": (io.BytesIO(content), "x.yaml"), "publish": "publish"})
    assert said.lower() in page.text.lower()


def test_a_missing_file_and_choice_are_said_next_to_their_fields(lead: Browser) -> None:
    page = lead.post("/frameworks/import", {})
    assert page.field_error("file") == "Choose a framework file"
    assert page.field_error("publish") == "Choose what to do with it"


def test_only_qa_leads_bring_frameworks_in(auditor: Browser) -> None:
    auditor.get("/frameworks/import", status=403)
    auditor.post("/frameworks/shipped/help_and_protection", status=403)
    assert "Ready to add" not in auditor.get("/frameworks").text


def test_the_download_can_be_brought_in_again(lead: Browser, make: Maker, tmp_path: Path) -> None:
    tree = make.edition(TEMPLATES / "child_in_need.yaml")
    text = lead.get(f"/frameworks/editions/{tree.id}/file").response.get_data(as_text=True)
    file = tmp_path / "child_in_need.yaml"
    file.write_text(text, "utf-8")
    assert shipped_content(file) == tree.content


def test_the_command_line_checks_imports_and_exports(app: Flask, tmp_path: Path) -> None:
    runner = app.test_cli_runner()
    result = runner.invoke(args=["framework", "check", *map(str, SHIPPED)])
    assert (result.exit_code, result.output) == (0, "6 files are right.\n")
    bad = tmp_path / "section_11.yaml"
    bad.write_text(
        (TEMPLATES / "section_11.yaml").read_text("utf-8").replace("kind: self", "kind: elf", 1), "utf-8"
    )
    result = runner.invoke(args=["framework", "check", str(bad)])
    assert result.exit_code == 1
    assert result.output.startswith(f"{bad}:")
    result = runner.invoke(args=["framework", "import", str(bad), "--publish"])
    assert result.exit_code == 1
    result = runner.invoke(args=["framework", "import", str(TEMPLATES / "section_11.yaml"), "--publish"])
    assert result.exit_code == 0, result.output
    result = runner.invoke(args=["framework", "export", "section_11"])
    with app.app_context():
        forget_kept_editions()
        kept = edition_tree(published_edition_id("section_11")).content
        assert result.output == dump_yaml(kept)
    assert runner.invoke(args=["framework", "export", "nothing"]).exit_code == 1
