"""`flask --app app ...`: the commands of every capability."""

from flask import Flask
from flask.cli import AppGroup

import qa.accounts.cli
import qa.demo.cli
import qa.findings.cli
import qa.frameworks.cli
import qa.mail.cli
import qa.reports.cli
import qa.trail.cli

GROUPS: tuple[AppGroup, ...] = (
    qa.accounts.cli.group,
    qa.demo.cli.group,
    qa.findings.cli.group,
    qa.frameworks.cli.group,
    qa.mail.cli.group,
    qa.trail.cli.group,
)


def init_app(app: Flask) -> None:
    """Register the commands."""
    for group in GROUPS:
        app.cli.add_command(group)
    app.cli.add_command(qa.reports.cli.report)
