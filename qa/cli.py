"""`flask --app app ...`: the commands of every capability, each loaded when it is asked for.

A server never runs one, and together they need half of the product and Alembic besides.
"""

from importlib import import_module

from click import Command, Context
from flask import Flask
from flask.cli import AppGroup

COMMANDS = {
    "backup": "qa.backup.cli:backup_command",
    "db": "flask_migrate.cli:db",
    "demo": "qa.demo.cli:group",
    "framework": "qa.frameworks.cli:group",
    "jobs": "qa.jobs.cli:group",
    "mail": "qa.mail.cli:group",
    "people": "qa.accounts.cli:group",
    "reminders": "qa.reminding.cli:group",
    "report": "qa.reports.cli:report",
    "restore": "qa.backup.cli:restore_command",
    "themes": "qa.findings.cli:group",
    "trail": "qa.trail.cli:group",
}


class CommandsOnDemand(AppGroup):
    """The product's commands by name; Click's pattern for loading subcommands lazily."""

    def list_commands(self, ctx: Context) -> list[str]:
        """The names of the commands."""
        return sorted({*super().list_commands(ctx), *COMMANDS})

    def get_command(self, ctx: Context, cmd_name: str) -> Command | None:
        """The command of that name; None when there is none."""
        if cmd_name not in COMMANDS:
            return super().get_command(ctx, cmd_name)
        module, _, attribute = COMMANDS[cmd_name].partition(":")
        command: Command = getattr(import_module(module), attribute)
        return command


def init_app(app: Flask) -> None:
    """Give the application its commands."""
    app.cli = CommandsOnDemand(app.name)
