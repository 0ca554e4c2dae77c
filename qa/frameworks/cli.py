"""`flask --app app framework ...`: check, bring in and take out frameworks."""

import sys
from pathlib import Path

import click
from flask.cli import AppGroup

from qa.frameworks.checking import check_file, check_files, load_themes
from qa.frameworks.commands import import_framework
from qa.frameworks.queries import published_edition_id
from qa.frameworks.reading import edition_tree
from qa.frameworks.yaml_source import dump_yaml
from qa.problems import NotFound

group = AppGroup("framework", help="Check, import and export audit frameworks.")
FILE = click.Path(path_type=Path)


@group.command("check")
@click.argument("files", nargs=-1, required=True, type=FILE)
def check(files: tuple[Path, ...]) -> None:
    """Check framework FILES: exit 0 when all are right, 1 with file:line: what is wrong and the remedy."""
    problems = [problem for result in check_files(files) for problem in result.problems]
    for problem in problems:
        click.echo(str(problem))
    if problems:
        sys.exit(1)
    click.echo(f"{len(files)} {'file is' if len(files) == 1 else 'files are'} right.")


@group.command("import")
@click.argument("file", type=FILE)
@click.option("--publish", is_flag=True, help="Publish the edition at once; otherwise it is a draft.")
def import_(file: Path, *, publish: bool) -> None:
    """Bring in a framework FILE as a new edition. Nothing is kept when the file does not check."""
    result = check_file(file, load_themes().keys)
    if result.content is None:
        for problem in result.problems:
            click.echo(str(problem))
        sys.exit(1)
    edition_id = import_framework(None, result.content, publish=publish)
    tree = edition_tree(edition_id)
    click.echo(f"{tree.content.name}, edition {tree.number}, {tree.state.value}.")


@group.command("export")
@click.argument("key")
@click.option(
    "--edition", "number", type=int, help="The edition's number; the newest published one if left out."
)
@click.option("--format", "kind", type=click.Choice(["yaml"]), default="yaml", help="The kind of file.")
@click.option("--output", type=FILE, help="Where to write it; the terminal if left out.")
def export(key: str, number: int | None, kind: str, output: Path | None) -> None:  # noqa: ARG001
    """Write the framework KEY as a file that can be brought in again."""
    try:
        text = dump_yaml(edition_tree(published_edition_id(key, number)).content)
    except NotFound as reason:
        sys.exit(f"{reason}; `flask --app app framework export` takes the key of a framework that is here")
    if output:
        output.write_text(text, "utf-8")
    else:
        click.echo(text, nl=False)
