"""Changing the trail behind the application's back, as somebody with the database's password could."""

from typing import Any

from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy import text

from qa.db import db, writing
from qa.trail.recording import record

TRIGGERS: dict[str, tuple[str, ...]] = {
    "sqlite": (
        "DROP TRIGGER IF EXISTS trail_entry_no_update",
        "DROP TRIGGER IF EXISTS trail_entry_no_delete",
        "DROP TRIGGER IF EXISTS trail_entry_no_replace",
    ),
    "postgresql": ("ALTER TABLE trail_entry DISABLE TRIGGER USER",),
}
# The tests' database on PostgreSQL is emptied between them, not made anew.
GUARDED_AGAIN: dict[str, tuple[str, ...]] = {
    "sqlite": (),
    "postgresql": ("ALTER TABLE trail_entry ENABLE TRIGGER USER",),
}


def add_entries(app: Flask, count: int) -> None:
    """Make the trail longer, one command an entry."""
    with app.app_context():
        for number in range(count):
            with writing() as session:
                record(
                    session, 1 + number % 3, "audits.created", "audit", number, fields=["title"], area_id=1
                )


def run(app: Flask, *statements: str, guarded: bool = False, **values: Any) -> None:
    """Send SQL past the application, without the guards unless told."""
    with app.app_context(), db.engine.begin() as connection:
        before, after = (
            () if guarded else sent[connection.dialect.name] for sent in (TRIGGERS, GUARDED_AGAIN)
        )
        for statement in before:
            connection.execute(text(statement))
        for statement in statements:
            connection.execute(text(statement), values)
        for statement in after:
            connection.execute(text(statement))


def verify(app: Flask, *options: str) -> tuple[int, str]:
    """`flask --app app trail verify`: its exit code and what it printed."""
    runner: FlaskCliRunner = app.test_cli_runner()
    done = runner.invoke(args=["trail", "verify", *options])
    return done.exit_code, done.output
