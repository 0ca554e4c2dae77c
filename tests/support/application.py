"""The application under test: a migrated database put back to empty for each test, people who sign in."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from typing import LiteralString

import psycopg
import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade
from sqlalchemy import event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

from qa.config import Settings
from qa.db import db
from qa.factory import create_app
from qa.frameworks.reading import forget_kept_editions
from tests.support.factories import Maker
from tests.support.kept import KeptWorld
from tests.support.pages import Browser

KEY = "k" * 40
NewDatabase = Callable[[], AbstractContextManager[str]]


def test_settings(url: str, instance: Path) -> Settings:
    """Settings for tests: keys that are no secret, an instance folder of their own."""
    return Settings(database_url=url, instance=instance, secret_key=KEY, trail_key=KEY.encode())


# What PostgreSQL's database held when it was kept, in a schema beside it, and putting that back: far quicker
# than a new database for each test. As a replica, neither triggers nor foreign keys stand in the way.
# {kept}: the schema.
KEEP: LiteralString = """
DROP SCHEMA IF EXISTS {kept} CASCADE;
CREATE SCHEMA {kept};
CREATE TABLE {kept}.sequences AS SELECT sequencename AS name, last_value FROM pg_sequences
    WHERE schemaname = 'public';
DO $$ DECLARE t text; filled boolean; BEGIN
FOR t IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
    EXECUTE format('SELECT EXISTS (SELECT 1 FROM public.%I)', t) INTO filled;
    IF filled THEN EXECUTE format('CREATE TABLE {kept}.%I AS TABLE public.%I', 't_' || t, t); END IF;
END LOOP; END $$
"""
PUT_BACK: LiteralString = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle';
DO $$ DECLARE t text; s record; filled boolean; BEGIN
SET LOCAL session_replication_role = replica;
FOR t IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
    -- What a large test leaves behind would be read again and again by those after it.
    IF pg_relation_size(format('public.%I', t)) > 1000000 THEN
        EXECUTE format('TRUNCATE public.%I CASCADE', t);
    ELSE
        EXECUTE format('SELECT EXISTS (SELECT 1 FROM public.%I)', t) INTO filled;
        IF filled THEN EXECUTE format('DELETE FROM public.%I', t); END IF;
    END IF;
END LOOP;
FOR t IN SELECT substr(tablename, 3) FROM pg_tables
    WHERE schemaname = '{kept}' AND tablename LIKE 't\\_%' LOOP
    EXECUTE format('INSERT INTO public.%I SELECT * FROM {kept}.%I', t, 't_' || t);
END LOOP;
FOR s IN SELECT sequencename AS name, sequences.last_value AS before FROM pg_sequences
    LEFT JOIN {kept}.sequences ON sequences.name = sequencename
    WHERE schemaname = 'public' AND pg_sequences.last_value IS DISTINCT FROM sequences.last_value LOOP
    IF s.before IS NULL THEN EXECUTE format('ALTER SEQUENCE public.%I RESTART', s.name);
    ELSE PERFORM setval(format('public.%I', s.name), s.before); END IF;
END LOOP; END $$
"""


class Database:
    """One migrated database of a worker, put back between tests to what the migrations made.

    worlds: what fixtures have built and may have put back (see tests/support/kept.py).
    """

    def __init__(self, stack: ExitStack, new_database: NewDatabase, folder: Path) -> None:
        self.url = stack.enter_context(new_database())
        self.folder = folder
        self.app = create_app(test_settings(self.url, folder))
        self.worlds: dict[str, KeptWorld] = {}
        self._names: dict[str, str] = {}
        self._own: psycopg.Connection | None = None
        self.file = Path(self.url.removeprefix("sqlite:///")) if self.url.startswith("sqlite") else None
        with self.app.app_context():
            if self.file:
                event.listen(db.engine, "connect", _let_writes_wait)
            upgrade()
        stack.callback(self.close)
        self.keep()

    def keep(self, name: str = "") -> None:
        """Keep what the database holds now under a name; "" for what `reset` puts back from now on."""
        self.rest()
        self._names.setdefault(name, f"kept_{len(self._names)}")
        if self.file:
            shutil.copyfile(self.file, self.file.with_suffix(f".{self._names[name]}"))
        else:
            self._run(KEEP, self._names[name])

    def reset(self) -> None:
        """Put the database back to what the migrations made, or to what was kept since."""
        self.put_back("")

    def put_back(self, name: str) -> None:
        """Put the database back to what was kept under that name."""
        self.rest()
        forget_kept_editions()
        if self.file:
            for end in ("-wal", "-shm"):
                self.file.with_name(self.file.name + end).unlink(missing_ok=True)
            shutil.copyfile(self.file.with_suffix(f".{self._names[name]}"), self.file)
        else:
            self._run(PUT_BACK, self._names[name])

    def rest(self) -> None:
        """End what is under way. PostgreSQL's connections stay: a new one has to learn every table again."""
        with self.app.app_context():
            db.session.remove()
            if self.file:
                db.engine.dispose()

    def close(self) -> None:
        """Let go of every connection. Worth it before much is loaded too.

        PostgreSQL keeps how it checks foreign keys for each connection: on tables that were empty then, by
        reading them from end to end.
        """
        with self.app.app_context():
            db.session.remove()
            db.engine.dispose()
        if self._own:
            self._own.close()
            self._own = None

    def _run(self, statements: LiteralString, kept: str) -> None:
        if self._own is None:
            own = make_url(self.url).set(drivername="postgresql")
            self._own = psycopg.connect(own.render_as_string(hide_password=False), autocommit=True)
        self._own.execute(statements.replace("{kept}", kept).encode())


def _let_writes_wait(connection: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
    """Do not wait for the disk: the power may fail in a test."""
    cursor = connection.cursor()
    cursor.execute("PRAGMA synchronous=OFF")
    cursor.close()


@pytest.fixture(scope="session")
def _database(new_database: NewDatabase, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    with ExitStack() as stack:
        database = Database(stack, new_database, tmp_path_factory.mktemp("instance"))
        yield database


@pytest.fixture
def app(_database: Database) -> Iterator[Flask]:
    """The application on an empty, migrated database."""
    _database.reset()
    with contextlib.suppress(FileNotFoundError):
        shutil.rmtree(_database.folder / "outbox")
    yield _database.app
    _database.rest()


@pytest.fixture
def empty_again(_database: Database) -> Callable[[], None]:
    """Puts the database back to empty in the middle of a test, for much to be loaded."""

    def empty() -> None:
        _database.close()
        _database.reset()

    return empty


@pytest.fixture
def make(app: Flask, _database: Database) -> Maker:
    """Makes areas, agencies, people, frameworks, audits, cases and returns; commits each."""
    return Maker(app, _database)


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
