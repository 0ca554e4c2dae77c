"""Restoring a backup into an empty place: checked first, then whole or nothing."""

import hashlib
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask import current_app
from sqlalchemy import Connection, func, insert, inspect, select, text
from sqlalchemy.exc import SQLAlchemyError

from qa.backup.layout import MANIFEST, BackupProblem, Manifest, TablePlan, manifest_from, row_of
from qa.backup.revisions import bring_to, check_known, code_revision, database_revision
from qa.db import db
from qa.trail import chain
from qa.trail.models import TrailHead

PIECE = 1024 * 1024
ROWS_AT_ONCE = 500
OWN_TABLES = ("alembic_version",)
Say = Callable[[str], None]


def restore(source: Path, say: Say = lambda _sentence: None) -> Manifest:
    """Put a backup into the application's database, which must be empty. Gives back what was in it.

    say: told, in sentences, what is going on. Raises BackupProblem when the file is damaged or too new, or
    there are rows already; the database is then as it was, but for empty tables.
    """
    with opened(source) as (packed, manifest):
        check_known(manifest.revision)
        with db.engine.connect() as connection:
            check_empty(connection)
            present = database_revision(connection)
        say("Checking the file.")
        for plan in manifest.tables:
            check_member(packed, plan)
        bring_to(present, manifest.revision)
        say(f"Bringing in {manifest.rows:,} rows.")
        with db.engine.connect().execution_options(writing=True) as connection, connection.begin():
            check_empty(connection)
            load(connection, packed, manifest)
        bring_to(manifest.revision, code_revision())
    return manifest


@contextmanager
def opened(source: Path) -> Iterator[tuple[zipfile.ZipFile, Manifest]]:
    """The backup's file and its manifest. Raises BackupProblem when it is none."""
    try:
        with zipfile.ZipFile(source) as packed:
            yield packed, manifest_from(packed.read(MANIFEST))
    except FileNotFoundError:
        raise BackupProblem(f"There is no file {source}.") from None
    except KeyError:
        raise BackupProblem(
            f"{source} is not a backup: it has no list of contents, or lacks a part."
        ) from None
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
        raise BackupProblem(
            f"{source} is damaged, or not a backup: {error}. Nothing was brought in."
        ) from error
    except OSError as error:
        raise BackupProblem(f"{source} cannot be read: {error.strerror}.") from error


def check_empty(connection: Connection) -> None:
    """Raises BackupProblem when any table has a row."""
    names = [name for name in inspect(connection).get_table_names() if name not in OWN_TABLES]
    quote = connection.dialect.identifier_preparer.quote
    for name in names:
        if connection.scalar(text(f"SELECT 1 FROM {quote(name)} LIMIT 1")):  # noqa: S608 a table's own name
            raise BackupProblem(
                f"The database is not empty: {name} has rows. Restore into an empty one: set DATABASE_URL to "
                "a new database, or move the old one away first."
            )


def check_member(packed: zipfile.ZipFile, plan: TablePlan) -> None:
    """Raises BackupProblem unless the table's part is exactly what was written."""
    digest, rows = hashlib.sha256(), 0
    with packed.open(plan.member) as member:
        while piece := member.read(PIECE):
            digest.update(piece)
            rows += piece.count(b"\n")
    if (digest.hexdigest(), rows) != (plan.sha256, plan.rows):
        raise BackupProblem(f"The file is damaged: the part with {plan.name} is not what was written.")


def load(connection: Connection, packed: zipfile.ZipFile, manifest: Manifest) -> None:
    """Bring every row in, in the connection's transaction. Raises BackupProblem when one does not fit."""
    name = "the database"
    try:
        with _references_checked_at_the_end(connection, manifest):
            for plan in manifest.tables:
                name = plan.name
                _load_table(connection, packed, plan)
                _set_counter(connection, plan)
            name = "the references between tables"
    except SQLAlchemyError as error:
        reason = str(getattr(error, "orig", None) or error).splitlines()[0]
        raise BackupProblem(f"The rows do not fit {name}: {reason}. Nothing was brought in.") from error


def _load_table(connection: Connection, packed: zipfile.ZipFile, plan: TablePlan) -> None:
    target, rows, waiting = plan.clause(), list[dict[str, Any]](), 0
    with packed.open(plan.member) as member:
        for line in member:
            rows.append(row_of(plan, line))
            waiting += len(line)
            if len(rows) == ROWS_AT_ONCE or waiting > PIECE:
                connection.execute(insert(target), rows)
                rows, waiting = [], 0
    if rows:
        connection.execute(insert(target), rows)
    found = connection.scalar(select(func.count()).select_from(target))
    if found != plan.rows:
        raise BackupProblem(
            f"{plan.name} should have {plan.rows} rows and has {found}. Nothing was brought in."
        )


def _set_counter(connection: Connection, plan: TablePlan) -> None:
    """Let the table's counter go on after the last number ever given out."""
    if len(plan.order) != 1:
        return
    (column,) = plan.order
    if not any(part.name == column and part.kind == "integer" for part in plan.columns):
        return
    target = plan.clause()
    last = max(plan.last_id, connection.scalar(select(func.max(target.c[column]))) or 0)
    if last < 1:
        return
    values = {"table": plan.name, "column": column, "last": last}
    if connection.dialect.name == "postgresql":
        # Without a counter the inner function gives NULL, and setval() then does nothing.
        connection.execute(text("SELECT setval(pg_get_serial_sequence(:table, :column), :last)"), values)
    elif _counts_on(connection, plan.name):
        connection.execute(text("DELETE FROM sqlite_sequence WHERE name = :table"), values)
        connection.execute(text("INSERT INTO sqlite_sequence (name, seq) VALUES (:table, :last)"), values)


def _counts_on(connection: Connection, name: str) -> bool:
    """Whether SQLite keeps a counter for the table: it then never gives a number twice."""
    made = connection.scalar(text("SELECT sql FROM sqlite_master WHERE name = :name"), {"name": name})
    return "AUTOINCREMENT" in str(made).upper()


@contextmanager
def _references_checked_at_the_end(connection: Connection, manifest: Manifest) -> Iterator[None]:
    """Rows may refer to rows that come later, in their own table or another: checked when the block ends."""
    if connection.dialect.name == "sqlite":
        connection.execute(text("PRAGMA defer_foreign_keys = ON"))
        yield
        if connection.execute(text("PRAGMA foreign_key_check")).first():
            raise BackupProblem(
                "The file is damaged: a row refers to one that is not there. Nothing was brought in."
            )
        return
    changes = list(_forward_references(connection, [plan.name for plan in manifest.tables]))
    for change in changes:
        connection.execute(text(f"{change} DEFERRABLE INITIALLY DEFERRED"))
    yield
    connection.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
    for change in changes:
        connection.execute(text(f"{change} NOT DEFERRABLE"))


def _forward_references(connection: Connection, names: Sequence[str]) -> Iterator[str]:
    """How to begin changing each foreign key that points to its own or a later table."""
    places = {name: place for place, name in enumerate(names)}
    inspector, quote = inspect(connection), connection.dialect.identifier_preparer.quote
    for name, place in places.items():
        for key in inspector.get_foreign_keys(name):
            if places.get(key["referred_table"], -1) >= place:
                yield f"ALTER TABLE {quote(name)} ALTER CONSTRAINT {quote(str(key['name']))}"


def trail_key_fits() -> bool:
    """Whether the trail that was brought in was sealed with this installation's key; True without a trail."""
    row = db.session.execute(select(TrailHead.number, TrailHead.seal, TrailHead.head_seal)).one_or_none()
    return row is None or chain.head_fits(current_app.extensions["trail_key"], chain.Head(*row))
