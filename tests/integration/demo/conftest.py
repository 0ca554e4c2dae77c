"""The demonstration, loaded once for all tests that only read it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import pytest
from flask import Flask
from flask_migrate import upgrade

from qa.db import db
from qa.demo.loading import load_demonstration
from qa.factory import create_app
from tests.support.application import test_settings as settings_for


@pytest.fixture(scope="session")
def demonstration(
    new_database: Callable[[], AbstractContextManager[str]], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Flask]:
    """An application on a database of its own that holds the demonstration."""
    with new_database() as url:
        app = create_app(settings_for(url, tmp_path_factory.mktemp("instance")))
        with app.app_context():
            upgrade()
            load_demonstration()
        yield app
        with app.app_context():
            db.session.remove()
            db.engine.dispose()
