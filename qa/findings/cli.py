"""`flask --app app themes ...`."""

import click
from flask.cli import AppGroup

from qa.findings.library import ensure_shipped_themes

group = AppGroup("themes", help="The library of themes.")


@group.command("load")
def load() -> None:
    """Add the themes of the starting library that are not there yet."""
    count = ensure_shipped_themes()
    if count:
        click.echo(f"Added {count} theme{'s' if count != 1 else ''}.")
    else:
        click.echo("Every theme of the starting library is there already.")
