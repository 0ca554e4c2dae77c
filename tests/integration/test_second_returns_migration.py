"""The migration to second returns copies the table of returns: what hangs on it stays, up and down."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect, text
from sqlalchemy.exc import IntegrityError

from bench.load import load
from qa.db import db
from tests.integration.test_migrations import NewDatabase, application, change_rows, kept_and_counted, numbers

CHANGES = (
    "UPDATE case_return SET state = 'not_started' WHERE case_id = 1",
    "UPDATE case_return SET state = 'not_involved' WHERE case_id = 2",
    "DELETE FROM finding_theme WHERE finding_id < 20",
    """INSERT INTO case_record (id, audit_id, number, reference, created_at, version)
    VALUES (99, 1, 99, 'C99', '2026-01-05 09:00:00', 1)""",
    """INSERT INTO case_return (id, audit_id, case_id, agency_id, state, due_on, not_involved_reason,
    sent_back_reason, version) VALUES (999, 1, 99, 1, 'submitted', '2026-01-05', '', '', 1)""",
)
SECOND = """INSERT INTO case_return (id, audit_id, case_id, agency_id, second, state, due_on,
    not_involved_reason, sent_back_reason, version)
    VALUES (1000, 1, 3, 1, {second}, '{state}', '2026-01-05', '', '', 1)"""


@pytest.fixture
def loaded(new_database: NewDatabase, tmp_path: Path) -> Iterator[Flask]:
    """A loaded database, migrated to the second returns and no further."""
    with application(new_database, tmp_path) as app:
        with app.app_context():
            upgrade()
        load(app, cases=10, questions=4)
        with app.app_context():
            db.session.remove()
            downgrade(revision="0010")
            yield app
            db.session.remove()


def checks() -> set[str | None]:
    return {check["name"] for check in inspect(db.engine).get_check_constraints("case_return")}


def rows() -> list[tuple[object, ...]]:
    return numbers(
        "SELECT id, case_id, agency_id, auditor_id, state, submitted_at, version FROM case_return ORDER BY id"
    )


def indexes() -> dict[str | None, list[str | None]]:
    found = {index["name"]: index["column_names"] for index in inspect(db.engine).get_indexes("case_return")}
    return {name: columns for name, columns in found.items() if not (name or "").startswith("uq_")}


def test_rows_checks_and_what_is_kept_beside_them_stay_up_and_down(loaded: Flask) -> None:
    before, wanted, named = rows(), checks(), indexes()
    assert "ix_case_return_second" in named
    db.session.remove()
    downgrade(revision="0009")
    assert rows() == before
    assert checks() == wanted
    assert indexes().keys() == named.keys() - {"ix_case_return_second"}
    for change in CHANGES[:2]:
        change_rows(change)
    kept, counted = kept_and_counted()
    assert kept == counted
    db.session.remove()
    upgrade(revision="0010")
    assert checks() == wanted
    assert indexes() == named
    for change in CHANGES[2:]:
        change_rows(change)
    kept, counted = kept_and_counted()
    assert kept == counted
    change_rows("DELETE FROM case_return WHERE id = 999")
    kept, counted = kept_and_counted()
    assert kept == counted
    assert set(kept[1].values()) == {True, False, None}
    assert numbers("SELECT count(*) FROM case_return WHERE second") == [(0,)]


def test_an_agency_has_one_return_and_one_second_return_on_a_case(loaded: Flask) -> None:
    change_rows(SECOND.format(second="true", state="in_progress"))
    kept, counted = kept_and_counted()
    assert kept == counted
    assert kept[1][3] is False  # a case is not ready for the panel before its second returns are in
    for second in ("true", "false"):
        with pytest.raises(IntegrityError):
            change_rows(SECOND.format(second=second, state="submitted").replace("1000", "1001"))
    with pytest.raises(IntegrityError):
        change_rows("UPDATE case_return SET state = 'nonsense' WHERE id = 1000")
    with pytest.raises(IntegrityError):
        change_rows("UPDATE case_return SET agency_id = 4711 WHERE id = 1000")


def test_going_down_refuses_to_lose_a_second_return(loaded: Flask, caplog: pytest.LogCaptureFixture) -> None:
    change_rows(SECOND.format(second="true", state="in_progress"))
    before = rows()
    db.session.remove()
    with pytest.raises(SystemExit):
        downgrade(revision="0009")
    assert "1 second returns would be lost" in caplog.text
    assert rows() == before
    assert numbers("SELECT version_num FROM alembic_version") == [("0010",)]
    assert numbers("SELECT count(*) FROM second_draw") == [(0,)]
    db.session.remove()
    with db.engine.connect() as connection:
        assert connection.scalar(text("SELECT second FROM case_return WHERE id = 1000"))
