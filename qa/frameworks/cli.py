"""`flask --app app framework ...`: check, bring in and take out frameworks."""

import sys
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup

from qa.config import Settings
from qa.frameworks.checking import CheckResult, load_themes
from qa.frameworks.commands import import_framework
from qa.frameworks.importing import check_framework_path
from qa.frameworks.queries import published_edition_id
from qa.frameworks.reading import edition_tree
from qa.frameworks.workbook.writing import workbook_bytes
from qa.frameworks.yaml_source import dump_yaml
from qa.problems import NotFound, Refused

group = AppGroup("framework", help="Check, import and export audit frameworks.")
FILE = click.Path(path_type=Path)


@group.command("check")
@click.argument("files", nargs=-1, required=True, type=FILE)
def check(files: tuple[Path, ...]) -> None:
    """Check framework FILES: exit 0 when all are right, 1 with what is wrong, where, and the remedy.

    A place is file:line: in a YAML file, file: “sheet”, cell: in an Excel workbook.
    """
    problems = [problem for path in files for problem in _checked(path).problems]
    for problem in problems:
        click.echo(str(problem))
    if problems:
        sys.exit(1)
    click.echo(f"{len(files)} {'file is' if len(files) == 1 else 'files are'} right.")


@group.command("import")
@click.argument("file", type=FILE)
@click.option("--publish", is_flag=True, help="Publish the edition at once; otherwise it is a draft.")
def import_(file: Path, *, publish: bool) -> None:
    """Bring in a framework FILE, YAML or an Excel workbook, as a new edition, or keep nothing."""
    result = _checked(file)
    if result.content is None:
        for problem in result.problems:
            click.echo(str(problem))
        sys.exit(1)
    try:
        edition_id = import_framework(None, result.content, publish=publish)
    except Refused as reason:
        sys.exit(f"{reason}.")
    tree = edition_tree(edition_id)
    click.echo(f"{tree.content.name}, edition {tree.number}, {tree.state.value}.")


@group.command("export")
@click.argument("key")
@click.option(
    "--edition", "number", type=int, help="The edition's number; the newest published one if left out."
)
@click.option(
    "--format", "kind", type=click.Choice(["yaml", "xlsx"]), default="yaml", help="The kind of file."
)
@click.option("--output", type=FILE, help="Where to write it; the terminal if left out.")
def export(key: str, number: int | None, kind: str, output: Path | None) -> None:
    """Write the framework KEY as a file that can be brought in again."""
    if kind == "xlsx" and output is None:
        sys.exit("An Excel workbook needs a file to be written to: add --output framework.xlsx")
    try:
        content = edition_tree(published_edition_id(key, number)).content
    except NotFound as reason:
        sys.exit(f"{reason}; `flask --app app framework export` takes the key of a framework that is here")
    if output is None:
        click.echo(dump_yaml(content), nl=False)
    elif kind == "xlsx":
        output.write_bytes(workbook_bytes(content, load_themes().themes))
    else:
        output.write_text(dump_yaml(content), "utf-8")


def _checked(path: Path) -> CheckResult:
    settings: Settings = current_app.extensions["settings"]
    return check_framework_path(path, settings.import_limits)
