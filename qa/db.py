"""The database: declarative base, column types, engine settings and the unit of work."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime
from enum import StrEnum
from importlib import import_module
from pathlib import Path
from threading import Lock
from typing import IO, Any
from weakref import WeakKeyDictionary
from zoneinfo import ZoneInfo

import pysqlite3.dbapi2
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Connection, DateTime, Dialect, Enum, MetaData, event
from sqlalchemy.engine import Engine
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.types import TypeDecorator

from qa.config import BadSetting, Settings

try:
    import fcntl
except ImportError:  # on Windows threads alone take turns
    fcntl = None  # type: ignore[assignment]

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

LONDON = ZoneInfo("Europe/London")

# SQLite 3.7.0 to 3.51.2 can lose a write when the WAL is reset while another process checkpoints.
SAFE_SQLITE = (3, 51, 3)


SECONDS_FOR_A_TURN = 30
_turns: WeakKeyDictionary[Engine, "_Turn"] = WeakKeyDictionary()


class Base(DeclarativeBase):
    """The declarative base of every table."""

    metadata = MetaData(naming_convention=NAMES)


db = SQLAlchemy(metadata=Base.metadata, session_options={"expire_on_commit": False})


class UtcDateTime(TypeDecorator[datetime]):
    """A moment in UTC, with its zone, on every database; a moment without a zone is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Store UTC; SQLite keeps no zone, so it gets the naive UTC moment."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs its time zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the moment back with its zone."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def words(kind: type[StrEnum], name: str) -> Enum:
    """Column type for a closed list of words, kept as text with a named check constraint."""
    return Enum(
        kind,
        name=name,
        native_enum=False,
        create_constraint=True,
        length=40,
        values_callable=lambda members: [member.value for member in members],
    )


def insert_of(dialect: str) -> Any:
    """The `insert` of a kind of database, which knows what to do with rows that are there already.

    dialect: its name. Loaded when it is first needed: both together are a twentieth of what a start takes.
    """
    return import_module(f"sqlalchemy.dialects.{dialect}").insert


def now() -> datetime:
    """The present moment in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """The present day in England: due dates turn at its midnight."""
    return datetime.now(LONDON).date()


def engine_options(settings: Settings) -> dict[str, Any]:
    """Options of `create_engine` for the database that the settings name.

    Raises BadSetting when SQLite's library has the WAL-reset corruption bug.
    """
    if settings.sqlite_path is None:
        return {"pool_pre_ping": True, "pool_size": 8, "max_overflow": 8}
    if pysqlite3.dbapi2.sqlite_version_info < SAFE_SQLITE:
        raise BadSetting(
            f"SQLite {pysqlite3.dbapi2.sqlite_version} can corrupt a database in WAL mode; "
            "install the pysqlite3 of requirements.txt, which carries a mended one"
        )
    settings.sqlite_path.parent.mkdir(parents=True, exist_ok=True)
    return {"module": pysqlite3.dbapi2, "connect_args": {"timeout": SECONDS_FOR_A_TURN}}


def init_app(app: Flask, settings: Settings) -> None:
    """Bind the database to the application and hang the engine's settings on it."""
    app.config["SQLALCHEMY_DATABASE_URI"] = settings.database_url
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = engine_options(settings)
    db.init_app(app)
    with app.app_context():
        prepare(db.engine)


def prepare(engine: Engine) -> None:
    """Hang SQLite's pragmas and explicit transactions on an engine; nothing to do for PostgreSQL."""
    if engine.dialect.name != "sqlite":
        return
    event.listen(engine, "connect", _sqlite_connect)
    event.listen(engine, "begin", _sqlite_begin)


def _sqlite_connect(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    # The driver must not begin transactions by itself: SQLAlchemy's begin event below does it.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("busy_timeout=30000", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _sqlite_begin(connection: Connection) -> None:
    # A writer takes the write lock at once: upgrading a read lock later fails under concurrency.
    immediate = connection.get_execution_options().get("writing", False)
    cursor = connection.connection.cursor()
    cursor.execute("BEGIN IMMEDIATE" if immediate else "BEGIN")
    cursor.close()


class Uncommitted(Exception):
    """A change was made outside `writing()`: a programming error, never a user's."""


@contextmanager
def writing() -> Iterator[Session]:
    """One unit of work: everything inside is committed once at the end, or none of it.

    Ends the request's read transaction, forgets what it had loaded (so that versions compare with the
    database's row of this moment) and takes SQLite's write lock. Raises Uncommitted when entered with
    pending changes or from inside another unit of work.
    """
    session = db.session()
    if session.info.get("writing") or session.new or session.dirty or session.deleted:
        raise Uncommitted("a unit of work was opened inside another, or after a change outside one")
    session.commit()
    session.expire_all()
    with _turn(db.engine):
        session.connection(execution_options={"writing": True})
        session.info["writing"] = True
        try:
            yield session
            session.commit()
        except BaseException:
            session.rollback()
            raise
        finally:
            session.info.pop("writing", None)


class _Turn:
    """Whose turn it is to write to one SQLite database, among this process's threads and other processes.

    SQLite makes who finds it locked sleep, longer each time: with several at once, most sleep while nobody
    writes. Here the next is woken by who ends. Keeping to it is a courtesy: SQLite's own lock is what counts.
    """

    def __init__(self, database: str) -> None:
        self.thread = Lock()
        self.file = Path(f"{database}-turn")
        self.opened: IO[bytes] | None = None

    def take(self) -> bool:
        """Wait for the turn; False when it did not come for long: then SQLite says what is the matter."""
        if not self.thread.acquire(timeout=SECONDS_FOR_A_TURN):
            return False
        if fcntl is not None:
            # Where no such file can be made or locked, threads alone take turns.
            with suppress(OSError):
                self.opened = self.file.open("wb")
                fcntl.flock(self.opened, fcntl.LOCK_EX)
        return True

    def give(self) -> None:
        """Let the next write."""
        if self.opened is not None:
            self.opened.close()
            self.opened = None
        self.thread.release()


@contextmanager
def _turn(engine: Engine) -> Iterator[None]:
    """Let one write to SQLite after the other; PostgreSQL needs no help."""
    if engine.dialect.name != "sqlite" or not engine.url.database:
        yield
        return
    turn = _turns.setdefault(engine, _Turn(engine.url.database))
    taken = turn.take()
    try:
        yield
    finally:
        if taken:
            turn.give()


@contextmanager
def snapshot() -> Iterator[Connection]:
    """A connection that reads the database as it stands at its first statement, whoever writes meanwhile.

    SQLite gives that to any read transaction in WAL mode, PostgreSQL to one of REPEATABLE READ.
    """
    options: dict[str, Any] = {}
    if db.engine.dialect.name == "postgresql":
        options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    with db.engine.connect().execution_options(**options) as connection, connection.begin():
        yield connection
