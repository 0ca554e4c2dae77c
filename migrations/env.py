"""Runs migrations against the application's own engine."""

from alembic import context
from flask import current_app

database = current_app.extensions["migrate"].db


def run() -> None:
    """Run the migrations online; offline SQL is not offered: both databases have guards of their own."""
    engine = database.engine
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            # Altering a table in SQLite means copying it: foreign keys stay out of the way meanwhile.
            connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
            connection.commit()
        context.configure(
            connection=connection,
            target_metadata=database.metadata,
            render_as_batch=True,
            compare_type=True,
        )
        with context.begin_transaction():
            context.run_migrations()
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA foreign_keys=ON")
            connection.commit()


run()
