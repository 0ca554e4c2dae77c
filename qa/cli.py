"""`flask --app app ...`: the commands of every capability."""

from click import Command
from flask import Flask
from flask.cli import AppGroup

import qa.accounts.cli
import qa.backup.cli
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

COMMANDS: tuple[Command, ...] = (qa.backup.cli.backup_command, qa.backup.cli.restore_command)


def init_app(app: Flask) -> None:
    """Register the commands."""
    for command in (*GROUPS, *COMMANDS):
        app.cli.add_command(command)
    app.cli.add_command(qa.reports.cli.report)
