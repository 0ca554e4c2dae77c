"""`flask --app app trail ...`: check the record of who did and read what."""

import sys

import click
from flask import current_app
from flask.cli import AppGroup

from qa.trail.verifying import verify
from qa.web.layout import plural

group = AppGroup("trail", help="Check the record of who did and read what.")


@group.command("verify")
@click.option(
    "--expect",
    type=click.IntRange(0),
    default=0,
    metavar="NUMBER",
    help="How many entries there must be at least: the number a former check printed, kept elsewhere.",
)
def verify_trail(expect: int) -> None:
    """Walk the trail from its first entry: exit 0 when it is whole, 1 with what is wrong where it is not."""
    verdict = verify(current_app.extensions["trail_key"], expect)
    if verdict.whole:
        if verdict.last_at is None:
            click.echo("The trail is whole: it has no entries yet.")
            return
        last = f"{verdict.last_at:%-d %B %Y at %H:%M} UTC"
        click.echo(f"The trail is whole: {plural(verdict.entries, 'entry', 'entries')}, the last of {last}.")
        click.echo(f"Keep this number elsewhere, and next time add: --expect {verdict.entries}")
        return
    click.echo(f"The trail is BROKEN ({plural(verdict.entries, 'entry', 'entries')} read):")
    for sentence in verdict.breaks:
        click.echo(f"  {sentence}")
    if verdict.more:
        click.echo(f"  and {verdict.more:,} more")
    if len(verdict.breaks) + verdict.more >= verdict.entries > 1:
        click.echo("Every entry is named: TRAIL_KEY is probably not the key that this trail was sealed with.")
    sys.exit(1)
