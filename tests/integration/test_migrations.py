"""Migrations: in a row, true to the models, and run up, down and up again on a loaded database."""

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import func, inspect, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from bench.load import load
from qa.db import Base, db, writing
from qa.factory import create_app
from qa.moderation.rollup import bring_up_to_date
from qa.returns.models import Answer, Concern
from qa.trail.recording import record
from tests.support.application import test_settings as settings_for

Marks = tuple[set[int], dict[int, bool | None]]
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


# What migration 0004 keeps beside the rows, counted from them.
CODED = "SELECT id FROM finding WHERE id IN (SELECT finding_id FROM finding_theme)"
RETURNS_IN = """SELECT case_id, min(CASE WHEN state IN ('submitted', 'not_involved') THEN 1 ELSE 0 END)
    FROM case_return GROUP BY case_id"""
SOME_OF_EACH = (
    "DELETE FROM finding_theme WHERE finding_id < 20",
    "UPDATE case_return SET state = 'not_started' WHERE case_id = 1",
    "UPDATE case_return SET state = 'not_involved' WHERE case_id = 2",
    "UPDATE case_return SET state = 'in_progress' WHERE case_id = 4 AND agency_id = 1",
    """INSERT INTO case_record (id, audit_id, number, reference, created_at, version)
    VALUES (99, 1, 99, 'C99', '2026-01-05 09:00:00', 1)""",
)


def kept_and_counted() -> tuple[Marks, Marks]:
    """Findings marked as coded and each case's mark, and what both must be."""
    with db.engine.connect() as connection:
        coded = connection.scalars(text("SELECT id FROM finding WHERE coded")).all()
        marks = connection.execute(text("SELECT id, returns_in FROM case_record")).all()
        counted = {number: bool(every) for number, every in connection.execute(text(RETURNS_IN))}
        wanted = {number: counted.get(number) for number, _ in marks}
        kept = {number: None if mark is None else bool(mark) for number, mark in marks}
        return (set(coded), kept), (set(connection.scalars(text(CODED))), wanted)


def test_what_is_counted_is_filled_in_on_the_way_up_and_kept_from_then_on(
    new_database: NewDatabase, tmp_path: Path
) -> None:
    with application(new_database, tmp_path) as app:
        with app.app_context():
            upgrade()
        load(app, cases=10, questions=4)
        with app.app_context():
            kept, counted = kept_and_counted()
            assert kept == counted
            db.session.remove()
            downgrade(revision="0003")
            for change in SOME_OF_EACH[:2]:
                change_rows(change)
            upgrade(revision="0004")
            kept, counted = kept_and_counted()
            assert kept == counted
            for change in SOME_OF_EACH[2:]:
                change_rows(change)
            kept, counted = kept_and_counted()
            assert kept == counted
            assert set(kept[1].values()) == {True, False, None}


DUE = """SELECT recommendation.id, recommendation.due_on, min(action.due_on) FROM recommendation
    LEFT JOIN action ON action.recommendation_id = recommendation.id AND action.state <> 'verified'
    GROUP BY recommendation.id"""
DIVERGENCE = "SELECT count(*) FROM case_divergence JOIN case_record ON id = case_id"


def test_due_dates_and_counted_versions_go_along_up_and_down(
    new_database: NewDatabase, tmp_path: Path
) -> None:
    with application(new_database, tmp_path) as app:
        with app.app_context():
            upgrade()
        audit_id = load(app, cases=10, questions=4).audit_id
        with app.app_context():
            bring_up_to_date(audit_id)
            change_rows("UPDATE case_record SET version = 2 WHERE id = 1")
            db.session.remove()
            downgrade(revision="0005")
            assert numbers(f"{DIVERGENCE} WHERE case_version = version") == [(9,)]
            change_rows("UPDATE action SET due_on = '2026-01-05' WHERE recommendation_id = 1")
            change_rows("UPDATE action SET state = 'verified' WHERE recommendation_id = 2")
            upgrade(revision="0006")
            assert numbers(f"{DIVERGENCE} WHERE counted_version = version") == [(9,)]
            rows = numbers(DUE)
            assert [row[1] for row in rows] == [row[2] for row in rows]
            assert {row[1] is None for row in rows} == {True, False}


def test_what_was_written_about_concerns_becomes_their_steps_and_goes_back(
    new_database: NewDatabase, tmp_path: Path
) -> None:
    with application(new_database, tmp_path) as app:
        with app.app_context():
            upgrade()
        load(app, cases=10, questions=4)
        with app.app_context():
            db.session.remove()
            downgrade(revision="0014")
            for number, (state, outcome, seen, closed) in enumerate(
                (
                    ("raised", "", "NULL", "NULL"),
                    ("acknowledged", "", "'2026-01-05 10:00:00'", "NULL"),
                    ("acknowledged", "Visited.", "'2026-01-05 10:00:00'", "NULL"),
                    ("closed", "He is safe.", "'2026-01-05 10:00:00'", "'2026-01-06 11:00:00'"),
                ),
                start=1,
            ):
                change_rows(
                    f"""INSERT INTO concern (id, audit_id, area_id, case_id, agency_id, raised_by_id,
                    raised_at, text, already_done, state, outcome, acknowledged_at, closed_at,
                    version) VALUES ({number}, 1, 1, 1, 1, 1, '2026-01-05 09:00:00', 'Worry', '', '{state}',
                    '{outcome}', {seen}, {closed}, 1)"""
                )
            upgrade()
            steps = "SELECT concern_id, kind, text FROM concern_step ORDER BY concern_id"
            assert numbers(steps) == [(3, "action", "Visited."), (4, "closed", "He is safe.")]
            rows = {row.id: row for row in db.session.scalars(select(Concern))}
            raised = rows[1].raised_at
            assert [rows[number].due_at for number in (1, 2, 3, 4)] == [
                raised + timedelta(hours=1),
                raised + timedelta(days=1),
                None,
                None,
            ]
            assert [rows[number].outcome for number in (1, 2, 3, 4)] == ["", "", "", "He is safe."]
            db.session.remove()
            downgrade(revision="0014")
            outcomes = numbers("SELECT id, outcome FROM concern ORDER BY id")
            assert outcomes == [(1, ""), (2, ""), (3, "Visited."), (4, "He is safe.")]


def test_guests_of_a_later_release_are_nobody_to_an_earlier_one(
    new_database: NewDatabase, tmp_path: Path
) -> None:
    with application(new_database, tmp_path) as app:
        with app.app_context():
            upgrade()
        load(app, cases=10, questions=4)
        with app.app_context():
            change_rows(
                """INSERT INTO person (id, email, name, active, guest, created_at, version) VALUES
                (900, 'guest@example.org', 'Guest', TRUE, TRUE, '2026-01-05 09:00:00', 1)"""
            )
            change_rows(
                """INSERT INTO sign_in (id, token_hash, person_id, started_at, seen_at, expires_at,
                guest_return_id) VALUES (900, 'x', 900, '2026-01-05 09:00:00', '2026-01-05 09:00:00',
                '2026-01-05 10:00:00', 1)"""
            )
            others = numbers("SELECT count(*) FROM person WHERE active")
            db.session.remove()
            downgrade(revision="0010")
            # Whoever cannot sign in cannot ask for a password either: the row stays for what it did.
            assert numbers("SELECT count(*) FROM sign_in WHERE person_id = 900") == [(0,)]
            assert not numbers("SELECT active FROM person WHERE id = 900")[0][0]
            upgrade()
            assert numbers("SELECT count(*) FROM person WHERE active") == [(int(str(others[0][0])) - 1,)]
            assert numbers("SELECT count(*) FROM person WHERE guest") == [(0,)]


def numbers(statement: str) -> list[tuple[object, ...]]:
    with db.engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(statement))]


def change_rows(statement: str) -> None:
    with db.engine.connect().execution_options(writing=True) as connection, connection.begin():
        connection.execute(text(statement))


def test_a_migrated_database_guards_its_trail(new_database: NewDatabase, tmp_path: Path) -> None:
    with application(new_database, tmp_path) as app, app.app_context():
        upgrade()
        for change in ("UPDATE trail_entry SET event = 'nothing'", "DELETE FROM trail_entry"):
            with writing() as session:
                record(session, None, "tests.made", "test", None)
            with pytest.raises(DBAPIError, match="append-only"):
                db.session.execute(text(change))
            db.session.rollback()


PROGRAMME = (
    """INSERT INTO programme (id, area_id, starts_on, note, created_at, version)
    VALUES (1, 1, '2026-04-01', '', '2026-03-01 09:00:00', 1)""",
    """INSERT INTO planned_audit (id, programme_id, title, theme, reason, reason_words, method, quarter,
    until, state, state_reason, confidential, created_at, version) VALUES (1, 1, 'Planned', '', 'data', '',
    'dip_sample', 1, 2, 'planned', '', false, '2026-03-01 09:00:00', 1)""",
    "UPDATE audit SET planned_id = 1, repeats_id = id",
)


def test_audits_outlive_their_programme_on_the_way_down(new_database: NewDatabase, tmp_path: Path) -> None:
    with application(new_database, tmp_path) as app:
        with app.app_context():
            upgrade()
        load(app, cases=10, questions=4)
        with app.app_context():
            for change in PROGRAMME:
                change_rows(change)
            before = numbers("SELECT id, title FROM audit")
            with pytest.raises(IntegrityError):
                change_rows(PROGRAMME[0].replace("VALUES (1,", "VALUES (2,"))
            downgrade(revision="0007")
            upgrade()
            assert numbers("SELECT id, title FROM audit") == before
            assert numbers("SELECT planned_id, repeats_id FROM audit") == [(None, None)]
            assert numbers("SELECT count(*) FROM planned_audit") == [(0,)]
