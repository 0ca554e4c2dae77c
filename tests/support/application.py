"""The application under test: a migrated database put back to empty for each test, people who sign in."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path

import psycopg
import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade
from psycopg import sql
from sqlalchemy import make_url

from qa.config import Settings
from qa.db import db
from qa.factory import create_app
from qa.frameworks.reading import forget_kept_editions
from tests.support.factories import Maker
from tests.support.pages import Browser

KEY = "k" * 40
NewDatabase = Callable[[], AbstractContextManager[str]]


def test_settings(url: str, instance: Path) -> Settings:
    """Settings for tests: keys that are no secret, an instance folder of their own."""
    return Settings(database_url=url, instance=instance, secret_key=KEY, trail_key=KEY.encode())


class Database:
    """One migrated database of a worker, emptied between tests by copying the migrated original back."""

    def __init__(self, stack: ExitStack, new_database: NewDatabase, folder: Path) -> None:
        self.url = stack.enter_context(new_database())
        self.folder = folder
        self.app = create_app(test_settings(self.url, folder))
        with self.app.app_context():
            upgrade()
        self.file = Path(self.url.removeprefix("sqlite:///")) if self.url.startswith("sqlite") else None
        self.keep()

    def keep(self) -> None:
        """From now on `reset` puts back what the database holds now."""
        with self.app.app_context():
            db.session.remove()
            db.engine.dispose()
        if self.file:
            shutil.copyfile(self.file, self.file.with_suffix(".original"))
        else:
            self._copy(make_url(self.url).database or "", self._original)

    @property
    def _original(self) -> str:
        return f"{make_url(self.url).database}_original"

    def reset(self) -> None:
        """Put the database back to what the migrations made, or to what was kept since."""
        with self.app.app_context():
            db.session.remove()
            db.engine.dispose()
        forget_kept_editions()
        if self.file:
            for end in ("-wal", "-shm"):
                self.file.with_name(self.file.name + end).unlink(missing_ok=True)
            shutil.copyfile(self.file.with_suffix(".original"), self.file)
        else:
            self._copy(self._original, make_url(self.url).database or "")

    def drop_original(self) -> None:
        """Drop PostgreSQL's copy at the end of the run."""
        if not self.file:
            self._run(
                sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(self._original))
            )

    def _copy(self, source: str, target: str) -> None:
        self._run(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(target)))
        self._run(
            sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY").format(
                sql.Identifier(target), sql.Identifier(source)
            )
        )

    def _run(self, statement: sql.Composed) -> None:
        server = make_url(self.url).set(drivername="postgresql", database="postgres")
        with psycopg.connect(server.render_as_string(hide_password=False), autocommit=True) as connection:
            connection.execute(statement)


@pytest.fixture(scope="session")
def _database(new_database: NewDatabase, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    with ExitStack() as stack:
        database = Database(stack, new_database, tmp_path_factory.mktemp("instance"))
        yield database
        with database.app.app_context():
            db.session.remove()
            db.engine.dispose()
        database.drop_original()


@pytest.fixture
def app(_database: Database) -> Iterator[Flask]:
    """The application on an empty, migrated database."""
    _database.reset()
    with contextlib.suppress(FileNotFoundError):
        shutil.rmtree(_database.folder / "outbox")
    yield _database.app
    with _database.app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def empty_again(_database: Database) -> Callable[[], None]:
    """Puts the database back to empty in the middle of a test."""
    return _database.reset


@pytest.fixture
def make(app: Flask) -> Maker:
    """Makes areas, agencies, people, frameworks, audits, cases and returns; commits each."""
    return Maker(app)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A plain client, nobody signed in."""
    return app.test_client()


@pytest.fixture
def browser(app: Flask) -> Callable[[str], Browser]:
    """Gives a browser in which the person with that address is signed in: `browser("ql@example.org")`.

    Every page it fetches is reviewed: valid HTML, one heading, no duplicate ids, tokens in forms.
    """
    return lambda email: Browser(app, email)
