"""`flask --app app jobs ...`: long work without a server process, for cron."""

import click
from flask import current_app
from flask.cli import AppGroup

from qa.config import Settings
from qa.jobs.files import delete_old
from qa.jobs.leases import own_name
from qa.jobs.running import work_through

group = AppGroup("jobs", help="Do long work that waits.")


@group.command("run")
def run() -> None:
    """Do every job that waits, or that a stopped server left, to its end; delete files that are old."""
    settings: Settings = current_app.extensions["settings"]
    ended = work_through(own_name())
    deleted = delete_old(settings.job_files_days)
    for tidy in current_app.extensions["tidying"]:
        tidy()
    click.echo(f"{ended.done} done, {ended.failed} failed, {ended.cancelled} cancelled.")
    if deleted:
        click.echo(f"{deleted} old files deleted.")
