"""`flask --app app demo load`."""

import sys

import click
from flask.cli import AppGroup

from qa.demo.loading import load_demonstration
from qa.demo.sign_ins import sign_in_lines
from qa.problems import Refused

group = AppGroup("demo", help="The demonstration partnership.")


@group.command("load")
def load() -> None:
    """Load the demonstration partnership into an empty database."""
    try:
        load_demonstration()
    except Refused as refusal:
        click.echo(str(refusal), err=True)
        sys.exit(1)
    click.echo("The demonstration partnership is loaded. Its people, cases and grades are invented.\n")
    click.echo("\n".join(sign_in_lines()))
