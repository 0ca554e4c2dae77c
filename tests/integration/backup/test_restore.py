"""A restore checks first, and brings in everything or nothing."""

import hashlib
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import (
    Column,
    Engine,
    ForeignKey,
    Integer,
    MetaData,
    String,
    Table,
    create_engine,
    insert,
    inspect,
    select,
)

from qa.backup.layout import BackupProblem
from qa.backup.restoring import load, opened
from qa.backup.writing import write_backup
from qa.db import db, engine_options, prepare
from tests.integration.backup.conftest import Elsewhere, rows_of, run
from tests.support.application import NewDatabase
from tests.support.application import test_settings as settings_for
from tests.support.factories import Maker

Members = dict[str, bytes]


@pytest.fixture
def file(full: Flask, tmp_path: Path) -> Path:
    """A good backup."""
    target = tmp_path / "good.backup"
    assert run(full, "backup", target)[0] == 0
    return target


def members_of(file: Path) -> Members:
    with zipfile.ZipFile(file) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def pack(file: Path, members: Members) -> Path:
    """Write another file with these members, each with a checksum of zip's own that fits."""
    made = file.with_name("made.backup")
    with zipfile.ZipFile(made, "w") as packed:
        for name, content in members.items():
            packed.writestr(name, content)
    return made


def forged(file: Path, name: str, content: bytes) -> Path:
    """The backup with another part for a table, and a list of contents that says so."""
    members = members_of(file)
    manifest = json.loads(members["manifest.json"])
    (entry,) = [entry for entry in manifest["tables"] if entry["name"] == name]
    entry["sha256"], entry["rows"] = hashlib.sha256(content).hexdigest(), content.count(b"\n")
    return pack(
        file, {**members, f"tables/{name}.jsonl": content, "manifest.json": json.dumps(manifest).encode()}
    )


def with_manifest(file: Path, change: Callable[[dict[str, Any]], object]) -> Path:
    members = members_of(file)
    manifest = json.loads(members["manifest.json"])
    change(manifest)
    return pack(file, {**members, "manifest.json": json.dumps(manifest).encode()})


def refused(elsewhere: Elsewhere, file: Path) -> str:
    """What the command says when it refuses a file; nothing must have come in."""
    with elsewhere() as other:
        code, said = run(other, "restore", file)
        assert code == 1, said
        with other.app_context():
            made = inspect(db.engine).get_table_names()
        if made:
            assert all(rows == [] for rows in rows_of(other).values())
        return said


def test_a_byte_changed_on_the_way_is_found(file: Path, elsewhere: Elsewhere) -> None:
    content = bytearray(file.read_bytes())
    with zipfile.ZipFile(file) as packed:
        largest = max(packed.infolist(), key=lambda part: part.compress_size)
    content[largest.header_offset + 100 + largest.compress_size // 2] ^= 0x10
    damaged = file.with_name("damaged.backup")
    damaged.write_bytes(content)
    assert "is damaged" in refused(elsewhere, damaged)


@pytest.mark.parametrize("part", [0.5, 0.99])
def test_a_file_cut_short_is_found(file: Path, elsewhere: Elsewhere, part: float) -> None:
    content = file.read_bytes()
    short = file.with_name("short.backup")
    short.write_bytes(content[: int(len(content) * part)])
    assert "is damaged, or not a backup" in refused(elsewhere, short)


def test_a_part_that_is_not_what_was_written_is_found(file: Path, elsewhere: Elsewhere) -> None:
    members = members_of(file)
    members["tables/area.jsonl"] = members["tables/area.jsonl"].replace(b"Northside", b"Southside")
    said = refused(elsewhere, pack(file, members))
    assert "The file is damaged: the part with area is not what was written." in said


@pytest.mark.parametrize("missing", ["tables/area.jsonl", "manifest.json"])
def test_a_part_that_is_missing_is_found(file: Path, elsewhere: Elsewhere, missing: str) -> None:
    members = members_of(file)
    del members[missing]
    assert "has no list of contents, or lacks a part" in refused(elsewhere, pack(file, members))


def test_what_is_no_backup_is_told(tmp_path: Path, elsewhere: Elsewhere) -> None:
    other = tmp_path / "letter.txt"
    other.write_text("Dear sir or madam")
    assert "is damaged, or not a backup" in refused(elsewhere, other)
    assert "There is no file" in refused(elsewhere, tmp_path / "nowhere.backup")
    assert "cannot be read: Is a directory" in refused(elsewhere, tmp_path)


def test_a_backup_of_a_newer_version_is_told(file: Path, elsewhere: Elsewhere) -> None:
    said = refused(elsewhere, with_manifest(file, lambda manifest: manifest.update(revision="9999")))
    assert "made by a newer version (schema 9999). Restore it with that version." in said
    said = refused(elsewhere, with_manifest(file, lambda manifest: manifest.update(format=2)))
    assert "The backup is of format 2, and this version reads 1." in said
    said = refused(elsewhere, with_manifest(file, lambda manifest: manifest.pop("tables")))
    assert "its list of contents cannot be read" in said


@pytest.mark.parametrize(
    ("name", "line", "sentence"),
    [
        ("area", b'[1, "north", "Northside"]\n', "a row of area cannot be read"),
        ("area", b"not JSON\n", "a row of area cannot be read"),
        ("agency_area", b"[1, 1]\n[1, 77]\n", "Nothing was brought in"),
        (
            "sign_in",
            b'[1,"a",77,"2026-01-01T00:00:00+00:00",null,null,null,null]\n',
            "The rows do not fit sign_in",
        ),
    ],
)
def test_rows_that_do_not_fit_bring_nothing_in(
    file: Path, elsewhere: Elsewhere, name: str, line: bytes, sentence: str
) -> None:
    assert sentence in refused(elsewhere, forged(file, name, line))


def test_a_place_that_is_not_empty_is_left_alone(full: Flask, file: Path) -> None:
    before = rows_of(full)
    code, said = run(full, "restore", file)
    assert code == 1
    assert "The database is not empty" in said
    assert "set DATABASE_URL to a new database" in said
    assert rows_of(full) == before


def test_a_migrated_but_empty_place_will_do(file: Path, elsewhere: Elsewhere, full: Flask) -> None:
    with elsewhere() as other:
        assert run(other, "db", "upgrade")[0] == 0
        assert run(other, "restore", file)[0] == 0
        assert rows_of(other) == rows_of(full)
        code, said = run(other, "restore", file)
        assert code == 1
        assert "The database is not empty" in said


def test_a_restore_that_failed_can_be_tried_again(file: Path, elsewhere: Elsewhere, full: Flask) -> None:
    with elsewhere() as other:
        assert run(other, "restore", forged(file, "area", b"not JSON\n"))[0] == 1
        assert run(other, "restore", file)[0] == 0
        assert rows_of(other) == rows_of(full)


def test_another_trail_key_is_a_warning(
    file: Path, elsewhere: Elsewhere, monkeypatch: pytest.MonkeyPatch
) -> None:
    with elsewhere() as other:
        monkeypatch.setitem(other.extensions, "trail_key", b"another key of thirty-two bytes or so")
        code, said = run(other, "restore", file)
    assert code == 0
    assert "Warning: the trail was sealed with another key. Before anybody signs in, set TRAIL_KEY" in said


def replaced(engine: Engine, kept: Table, file: Path) -> None:
    """Empty the table and bring in a file's rows, in one transaction."""
    with engine.begin() as connection, opened(file) as (packed, manifest):
        connection.execute(kept.delete())
        load(connection, packed, manifest)


def test_rows_may_refer_to_rows_that_come_later(
    new_database: NewDatabase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, make: Maker
) -> None:
    """A table that refers to itself, the first row to the last, brought in one row at a time."""
    metadata = MetaData()
    staff = Table(
        "staff",
        metadata,
        Column("id", Integer, primary_key=True),
        Column("name", String(40)),
        Column("manager_id", ForeignKey("staff.id", name="fk_staff_manager_id")),
    )
    rows = [{"id": n, "name": f"Person {n}", "manager_id": n + 1 if n < 30 else 1} for n in range(1, 31)]
    monkeypatch.setattr("qa.backup.restoring.ROWS_AT_ONCE", 1)
    target = tmp_path / "staff.backup"
    with new_database() as url, new_database() as other_url:
        engine, other = (
            create_engine(each, **engine_options(settings_for(each, tmp_path))) for each in (url, other_url)
        )
        for each in (engine, other):
            prepare(each)
            metadata.create_all(each)
        with engine.begin() as connection:
            connection.execute(insert(staff), [{**row, "manager_id": None} for row in rows])
            for row in rows:
                connection.execute(
                    staff.update().where(staff.c.id == row["id"]).values(manager_id=row["manager_id"])
                )
        with engine.connect() as connection, target.open("wb") as written:
            write_backup(connection, metadata, "1", written)
        with other.begin() as connection, opened(target) as (packed, manifest):
            load(connection, packed, manifest)
        with other.connect() as connection:
            assert [row._asdict() for row in connection.execute(select(staff).order_by(staff.c.id))] == rows
        line = b'[1, "Person 1", 99]\n'
        with pytest.raises(BackupProblem):
            replaced(other, staff, forged(target, "staff", line))
        with other.connect() as connection:
            assert len(connection.execute(select(staff)).all()) == 30
        for each in (engine, other):
            each.dispose()
