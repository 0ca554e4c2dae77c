"""Flask-Migrate, loaded by the first migration of a process: a server that only answers pages needs none."""

from importlib import import_module
from pathlib import Path
from typing import Any

from flask import Flask

from qa.db import db


class MigrationsOnDemand:
    """Stands in `app.extensions["migrate"]` until somebody asks anything of it."""

    def __init__(self, app: Flask, folder: Path) -> None:
        self._app, self._folder = app, folder

    def __getattr__(self, name: str) -> Any:
        # Migrate puts itself in the place where this stands.
        import_module("flask_migrate").Migrate(
            self._app, db, directory=str(self._folder), render_as_batch=True
        )
        return getattr(self._app.extensions["migrate"], name)
