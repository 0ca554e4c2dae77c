"""Revisions of the schema: the database's, this version's, and going from one to the other."""

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from flask import current_app
from flask_migrate import downgrade, upgrade
from sqlalchemy import Connection

from qa.backup.layout import BackupProblem


def _scripts() -> ScriptDirectory:
    config = current_app.extensions["migrate"].migrate.get_config()
    return ScriptDirectory.from_config(config)


def code_revision() -> str:
    """The revision that this version of the code works with."""
    return _scripts().get_current_head() or ""


def database_revision(connection: Connection) -> str | None:
    """The revision that the database is at; None when it has no tables of ours."""
    return MigrationContext.configure(connection).get_current_revision()


def check_known(revision: str) -> None:
    """Raises BackupProblem for a revision that this version has never heard of: the backup is newer."""
    try:
        found = _scripts().get_revision(revision)
    except CommandError:
        found = None
    if found is None:
        raise BackupProblem(
            f"The backup was made by a newer version (schema {revision}). Restore it with that version."
        )


def bring_to(present: str | None, wanted: str) -> None:
    """Migrate an empty database from one revision to another, up or down."""
    if present == wanted:
        return
    older = present is not None and wanted in {
        script.revision for script in _scripts().iterate_revisions(present, "base")
    }
    (downgrade if older else upgrade)(revision=wanted)
