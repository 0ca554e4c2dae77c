"""Writing the trail: one entry a command, refused by nobody, changed by nobody."""

import subprocess
import sys
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import DatabaseError

from qa.accounts.models import Area
from qa.db import db, writing
from qa.trail.models import TrailEntry
from qa.trail.recording import FIELDS_LIMIT, record, record_reading
from tests.integration.trail.tampering import add_entries, run, verify
from tests.support.factories import Maker

ROOT = Path(__file__).parents[3]
WRITERS, COMMANDS = 8, 30


def entries(app: Flask) -> list[TrailEntry]:
    with app.app_context():
        return list(db.session.scalars(select(TrailEntry).order_by(TrailEntry.number)))


def renamed_but_failing(area_id: int) -> None:
    with writing() as session:
        session.get_one(Area, area_id).name = "Southside"
        record(session, 1, "accounts.area_renamed", "area", area_id, fields=["name"])
        raise RuntimeError("the command failed after all")


def test_an_entry_is_kept_with_its_change_or_not_at_all(app: Flask, make: Maker) -> None:
    area = make.area("Northside")
    with app.app_context():
        with pytest.raises(RuntimeError):
            renamed_but_failing(area.id)
        assert db.session.scalar(select(Area.name)) == "Northside"
    assert entries(app) == []


def test_an_entry_says_who_did_what_to_which_fields_of_which_record(app: Flask) -> None:
    with app.app_context(), writing() as session:
        record(session, 7, "audits.changed", "audit", 3, fields=["title", "area", "title"], area_id=2)
    (entry,) = entries(app)
    assert (entry.number, entry.person_id, entry.event) == (1, 7, "audits.changed")
    assert (entry.record, entry.record_id, entry.area_id, entry.fields) == ("audit", 3, 2, "area,title")


def test_a_reading_commits_by_itself_and_names_the_part(app: Flask) -> None:
    with app.app_context():
        record_reading(7, "return", 3, area_id=2, part="front_door")
    (entry,) = entries(app)
    assert (entry.event, entry.record, entry.record_id, entry.fields) == (
        "return.read",
        "return",
        3,
        "front_door",
    )


def test_very_many_fields_are_cut_short_at_a_name(app: Flask) -> None:
    with app.app_context(), writing() as session:
        record(session, 1, "returns.saved", "return", 1, fields=[f"question_{n:03}" for n in range(200)])
    (entry,) = entries(app)
    assert len(entry.fields) <= FIELDS_LIMIT
    assert entry.fields.endswith(",...")
    assert all(name.startswith("question_") for name in entry.fields.split(",")[:-1])
    assert verify(app)[0] == 0


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE trail_entry SET event = 'nothing.happened'",
        "DELETE FROM trail_entry WHERE number = 1",
        "INSERT INTO trail_entry SELECT * FROM trail_entry WHERE number = 1",
    ],
)
def test_the_database_refuses_to_change_an_entry(app: Flask, statement: str) -> None:
    add_entries(app, 2)
    with pytest.raises(DatabaseError):
        run(app, statement, guarded=True)
    assert [entry.event for entry in entries(app)] == ["audits.created"] * 2


@pytest.mark.sqlite
@pytest.mark.parametrize("statement", ["INSERT OR REPLACE", "REPLACE"])
def test_sqlite_refuses_to_replace_an_entry(app: Flask, statement: str) -> None:
    add_entries(app, 2)
    columns = "number, at, person_id, event, record, record_id, area_id, fields, seal"
    forged = f"{statement} INTO trail_entry ({columns}) SELECT 1, at, 9, event, record, 9, 9, '', seal"
    with pytest.raises(DatabaseError, match="append-only"):
        run(app, f"{forged} FROM trail_entry WHERE number = 2", guarded=True)
    assert [entry.person_id for entry in entries(app)] == [1, 2]


@pytest.mark.postgres
@pytest.mark.parametrize(
    "statement",
    [
        "TRUNCATE trail_entry",
        (
            "INSERT INTO trail_entry SELECT * FROM trail_entry WHERE number = 1 "
            "ON CONFLICT (number) DO UPDATE SET event = 'nothing.happened'"
        ),
    ],
)
def test_postgresql_refuses_to_empty_or_overwrite_the_trail(app: Flask, statement: str) -> None:
    add_entries(app, 2)
    with pytest.raises(DatabaseError, match="append-only"):
        run(app, statement, guarded=True)
    assert [entry.event for entry in entries(app)] == ["audits.created"] * 2


def test_eight_processes_writing_at_once_neither_fail_nor_fork_the_chain(app: Flask, make: Maker) -> None:
    area, settings = make.area("Area of change 0"), app.extensions["settings"]
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    program = [sys.executable, "-m", "tests.integration.trail.writer", settings.database_url]
    writers = [
        subprocess.Popen(
            [*program, settings.instance, str(COMMANDS)], cwd=ROOT, stderr=subprocess.PIPE, text=True
        )
        for _ in range(WRITERS)
    ]
    said = [writer.communicate(timeout=120)[1] for writer in writers]
    assert [writer.returncode for writer in writers] == [0] * WRITERS, "".join(said)
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(TrailEntry)) == WRITERS * COMMANDS
        assert db.session.get_one(Area, area.id).version == 1 + WRITERS * COMMANDS // 2
    assert verify(app)[0] == 0
