"""Runs migrations against the application's own engine."""

from alembic import context
from flask import current_app
from sqlalchemy import Connection

database = current_app.extensions["migrate"].db


def run() -> None:
    """Run the migrations online; offline SQL is not offered: both databases have guards of their own."""
    engine = database.engine
    with engine.connect() as connection:
        sqlite = engine.dialect.name == "sqlite"
        if sqlite:
            _foreign_keys(connection, on=False)
        try:
            context.configure(
                connection=connection,
                target_metadata=database.metadata,
                render_as_batch=True,
                compare_type=True,
                # Alembic takes SQLite for a database that cannot undo them and would commit each: what is
                # checked at the end would be kept by then, and foreign keys could not be turned on again.
                transactional_ddl=True,
            )
            with context.begin_transaction():
                context.run_migrations()
                if sqlite:
                    _check_foreign_keys(connection)
        finally:
            if sqlite:
                _foreign_keys(connection, on=True)


def _foreign_keys(connection: Connection, *, on: bool) -> None:
    """Altering a table in SQLite means copying it: foreign keys stay out of the way meanwhile.

    Said to the driver, since inside a transaction, which SQLAlchemy would begin, SQLite passes over it.
    """
    cursor = connection.connection.cursor()
    cursor.execute(f"PRAGMA foreign_keys={'ON' if on else 'OFF'}")
    cursor.close()


def _check_foreign_keys(connection: Connection) -> None:
    """Raise RuntimeError, before the commit, when a migration left a row that refers to nothing."""
    lost = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
    if lost is not None:
        raise RuntimeError(f"a row of {lost[0]} refers to a row of {lost[2]} that is not there")


run()
