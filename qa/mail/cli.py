"""`flask --app app mail ...`: deliver what waits."""

import sys

import click
from flask.cli import AppGroup

from qa.mail.outbox import deliver_waiting

group = AppGroup("mail", help="Deliver outgoing mail.")


@group.command("send")
def send() -> None:
    """Deliver every message that waits, those that failed before included: for cron, or after a failure."""
    done = deliver_waiting(everything=True)
    if done.problem:
        sys.exit(
            f"The mail server could not be used ({done.problem}): {done.failed} still waiting. "
            "Check SMTP_URL and that the server can be reached, then run this again."
        )
    click.echo(f"{done.sent} delivered, {done.failed} could not be.")
    if done.failed:
        sys.exit(1)
