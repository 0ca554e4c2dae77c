"""Migrations: in a row, true to the models, and run up, down and up again on a loaded database."""

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import func, inspect, select, text
from sqlalchemy.exc import DBAPIError

from bench.load import load
from qa.db import Base, db, writing
from qa.factory import create_app
from qa.returns.models import Answer
from qa.trail.recording import record
from tests.support.application import test_settings as settings_for

NewDatabase = Callable[[], AbstractContextManager[str]]
MIGRATIONS = Path(__file__).parents[2] / "migrations"


def revisions() -> list[str]:
    """Revisions from the first to the last."""
    script = ScriptDirectory(str(MIGRATIONS))
    return [entry.revision for entry in script.walk_revisions()][::-1]


def test_revisions_are_numbered_in_a_row() -> None:
    assert revisions() == [f"{number:04}" for number in range(1, len(revisions()) + 1)]
    for file in (MIGRATIONS / "versions").glob("*.py"):
        assert re.fullmatch(r"\d{4}_[a-z0-9_]+\.py", file.name)


@contextmanager
def application(new_database: NewDatabase, folder: Path) -> Iterator[Flask]:
    """An application on an empty database of its own, its connections closed afterwards."""
    with new_database() as url:
        app = create_app(settings_for(url, folder))
        try:
            yield app
        finally:
            with app.app_context():
                db.session.remove()
                db.engine.dispose()


def test_up_down_and_up_again_on_a_loaded_database(new_database: NewDatabase, tmp_path: Path) -> None:
    with application(new_database, tmp_path) as app:
        with app.app_context():
            upgrade()
        load(app, cases=10, questions=4)
        with app.app_context():
            assert db.session.scalar(select(func.count()).select_from(Answer)) == 10 * 4 * 4
            db.session.remove()
            for revision in [*reversed(revisions()[:-1]), "base"]:
                downgrade(revision=revision)
            assert set(inspect(db.engine).get_table_names()) <= {"alembic_version"}
            upgrade()
            with db.engine.connect() as connection:
                context = MigrationContext.configure(connection, opts={"compare_type": True})
                assert compare_metadata(context, Base.metadata) == []


def test_a_migrated_database_guards_its_trail(new_database: NewDatabase, tmp_path: Path) -> None:
    with application(new_database, tmp_path) as app, app.app_context():
        upgrade()
        for change in ("UPDATE trail_entry SET event = 'nothing'", "DELETE FROM trail_entry"):
            with writing() as session:
                record(session, None, "tests.made", "test", None)
            with pytest.raises(DBAPIError, match="append-only"):
                db.session.execute(text(change))
            db.session.rollback()
