"""Migrations run in one transaction with foreign keys out of the way, and leave them on."""

from pathlib import Path

import pytest
from flask_migrate import downgrade, upgrade
from sqlalchemy import text

from qa.db import db
from tests.integration.test_migrations import NewDatabase, application, change_rows, numbers


def foreign_keys() -> bool:
    """Whether the connection that the next page gets checks what refers to what."""
    if db.engine.dialect.name != "sqlite":
        return True
    with db.engine.connect() as connection:
        return bool(connection.scalar(text("PRAGMA foreign_keys")))


def test_foreign_keys_are_on_after_going_up_and_down(new_database: NewDatabase, tmp_path: Path) -> None:
    with application(new_database, tmp_path) as app, app.app_context():
        upgrade()
        assert foreign_keys()
        downgrade(revision="0009")
        assert foreign_keys()
        upgrade()
        assert foreign_keys()


# PostgreSQL never lets go of its foreign keys.
@pytest.mark.sqlite
def test_a_migration_that_leaves_a_row_referring_to_nothing_is_not_kept(
    new_database: NewDatabase, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with application(new_database, tmp_path) as app, app.app_context():
        upgrade()
        downgrade(revision="0009")
        with db.engine.connect() as connection:
            connection.connection.cursor().execute("PRAGMA foreign_keys=OFF")
            connection.execute(text("INSERT INTO agency_area (agency_id, area_id) VALUES (4711, 4711)"))
            connection.commit()
            connection.connection.cursor().execute("PRAGMA foreign_keys=ON")
        with pytest.raises(SystemExit), caplog.at_level("ERROR"):
            upgrade(revision="0010")
        assert "a row of agency_area refers to a row of" in caplog.text
        assert foreign_keys()
        assert numbers("SELECT version_num FROM alembic_version") == [("0009",)]
        change_rows("DELETE FROM agency_area")
        upgrade(revision="0010")
        assert numbers("SELECT version_num FROM alembic_version") == [("0010",)]
