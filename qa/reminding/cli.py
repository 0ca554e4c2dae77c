"""`flask --app app reminders ...`: what is due, by e-mail."""

import click
from flask.cli import AppGroup

from qa.db import writing
from qa.mail.outbox import deliver_waiting
from qa.reminding.gathering import send_digests
from qa.returns.concern_reminders import send_due

group = AppGroup("reminders", help="Remind people by e-mail.")


@group.command("send")
def send() -> None:
    """Remind of concerns whose clock has run out, and send each person one digest a day at most: for cron.

    Run it every hour: a concern is reminded of in the hour in which it is overdue, and a digest leaves with
    the first run of the day in which something is due.
    """
    with writing() as session:
        concerns = send_due(session)
    with writing() as session:
        digests = send_digests(session)
    deliver_waiting()
    click.echo(f"{concerns} about overdue concerns, {digests} digests.")
