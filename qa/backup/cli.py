"""`flask --app app backup FILE` and `restore FILE`."""

from pathlib import Path

import click
from flask.cli import with_appcontext

from qa.backup.layout import BackupProblem
from qa.backup.restoring import restore, trail_key_fits
from qa.backup.writing import back_up

FILE = click.Path(path_type=Path)


@click.command("backup")
@click.argument("file", type=FILE)
@with_appcontext
def backup_command(file: Path) -> None:
    """Write everything, as it stands at this moment, into the new FILE; people may go on working."""
    try:
        made = back_up(file)
    except BackupProblem as problem:
        raise click.ClickException(str(problem)) from None
    size = max(1, round(file.stat().st_size / 1024))
    click.echo(f"{file}: {made.rows:,} rows of {len(made.tables)} tables, {size:,} KB.")
    click.echo(
        "The keys (SECRET_KEY, TRAIL_KEY) are not in it: keep a copy of them, and not beside the backup."
    )


@click.command("restore")
@click.argument("file", type=FILE)
@with_appcontext
def restore_command(file: Path) -> None:
    """Bring a backup FILE into an empty database, SQLite or PostgreSQL, whichever it was made from."""
    try:
        made = restore(file, click.echo)
    except BackupProblem as problem:
        raise click.ClickException(str(problem)) from None
    click.echo(f"Restored {made.rows:,} rows of {len(made.tables)} tables, as they were on {made.made_at}.")
    if trail_key_fits():
        click.echo("Now check the trail: flask --app app trail verify")
    else:
        click.echo(
            "Warning: the trail was sealed with another key. Before anybody signs in, set TRAIL_KEY to the "
            "key of the installation that the backup is from, or the trail cannot be verified."
        )
