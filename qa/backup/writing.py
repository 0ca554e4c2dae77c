"""Writing a backup while people work: one snapshot, row by row, under another name until it is whole."""

import errno
import hashlib
import os
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from sqlalchemy import Connection, MetaData, Table, inspect, select, text

from qa.backup.layout import MANIFEST, BackupProblem, Manifest, TablePlan, line_of, plan_of
from qa.backup.revisions import code_revision, database_revision
from qa.db import Base, now, snapshot

ROWS_AT_ONCE = 1_000


def back_up(target: Path) -> Manifest:
    """Write every table, as of one moment, into the file. Gives back what is in it.

    Raises BackupProblem when the file is there already, cannot be written, or the database's schema is not
    this version's.
    """
    with snapshot() as connection:
        revision = database_revision(connection)
        if revision != code_revision():
            raise BackupProblem(
                f"The database is at schema {revision or 'none'}, and this version is at {code_revision()}. "
                "Bring it up first: flask --app app db upgrade"
            )
        with _new_file(target) as opened:
            return write_backup(connection, Base.metadata, revision, opened)


def write_backup(connection: Connection, metadata: MetaData, revision: str, opened: BinaryIO) -> Manifest:
    """Write the tables of the metadata, as the connection sees them, into an open file."""
    with zipfile.ZipFile(opened, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as packed:
        tables = tuple(_write_table(connection, packed, each) for each in metadata.sorted_tables)
        made = Manifest(revision, now().isoformat(timespec="seconds"), connection.dialect.name, tables)
        packed.writestr(MANIFEST, made.text())
    return made


def _write_table(connection: Connection, packed: zipfile.ZipFile, described: Table) -> TablePlan:
    plan, digest, count = plan_of(described), hashlib.sha256(), 0
    source = plan.clause()
    query = select(source).order_by(*(source.c[name] for name in plan.order))
    options = {"stream_results": True, "yield_per": 1 if plan.has_bytes else ROWS_AT_ONCE}
    with (
        packed.open(plan.member, "w", force_zip64=True) as member,
        connection.execute(query, execution_options=options) as rows,
    ):
        for row in rows:
            line = line_of(row)
            member.write(line)
            digest.update(line)
            count += 1
    last_id = last_number(connection, described.name, plan.order)
    return replace(plan, rows=count, sha256=digest.hexdigest(), last_id=last_id)


def last_number(connection: Connection, name: str, order: tuple[str, ...]) -> int:
    """The highest number that the table's counter has given out; 0 when it has none."""
    if len(order) != 1:
        return 0
    if connection.dialect.name == "postgresql":
        counter = connection.scalar(
            text("SELECT pg_get_serial_sequence(:table, :column)"), {"table": name, "column": order[0]}
        )
        if counter is None:
            return 0
        asked = f"SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM {counter}"  # noqa: S608 its own name
        return int(connection.scalar(text(asked)) or 0)
    if not inspect(connection).has_table("sqlite_sequence"):
        return 0
    return int(
        connection.scalar(text("SELECT seq FROM sqlite_sequence WHERE name = :name"), {"name": name}) or 0
    )


@contextmanager
def _new_file(target: Path) -> Iterator[BinaryIO]:
    """A file under a passing name, for this account alone; moved into place when the block ends well."""
    if target.exists():
        raise BackupProblem(f"{target} is there already. Give another name: a backup is never overwritten.")
    unfinished = target.with_name(f".{target.name}.{os.getpid()}.unfinished")
    try:
        handle = os.open(unfinished, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise BackupProblem(f"{target} cannot be written: {error.strerror}.") from error
    try:
        with os.fdopen(handle, "w+b") as opened:
            yield opened
            opened.flush()
            os.fsync(opened.fileno())
        _move(unfinished, target)
    except OSError as error:
        raise BackupProblem(f"{target} could not be written: {error.strerror}. Nothing was kept.") from error
    finally:
        unfinished.unlink(missing_ok=True)


def _move(unfinished: Path, target: Path) -> None:
    """Give the file its name, unless somebody has taken it meanwhile."""
    try:
        target.hardlink_to(unfinished)
    except FileExistsError:
        raise BackupProblem(f"{target} was made by somebody else meanwhile. Give another name.") from None
    except OSError as error:
        if error.errno not in {errno.EPERM, errno.ENOTSUP, errno.EACCES}:
            raise
        unfinished.rename(target)  # a file system without hard links
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
