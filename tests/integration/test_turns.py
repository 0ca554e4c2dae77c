"""Writers to SQLite take turns, and nothing depends on it but how long they wait."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from qa.accounts.models import Area
from qa.db import db, writing

pytestmark = pytest.mark.sqlite
PATIENCE = 60  # seconds after which a test that waits for another thread fails


def turn_file(app: Flask) -> Path:
    with app.app_context():
        return Path(f"{db.engine.url.database}-turn")


def add(app: Flask, name: str) -> None:
    with app.app_context(), writing() as session:
        session.add(Area(slug=name, name=name))


def names(app: Flask) -> list[str]:
    with app.app_context():
        return list(db.session.scalars(select(Area.name).order_by(Area.id)))


def test_a_unit_of_work_that_fails_lets_the_next_write(app: Flask) -> None:
    with pytest.raises(ZeroDivisionError), app.app_context(), writing():
        raise ZeroDivisionError
    other = threading.Thread(target=add, args=(app, "from-another-thread"))
    other.start()
    other.join(PATIENCE)
    assert names(app) == ["from-another-thread"]


def test_who_comes_later_writes_after_who_is_writing(app: Flask) -> None:
    began = threading.Event()

    def later() -> None:
        began.set()
        add(app, "second")

    other = threading.Thread(target=later)
    with app.app_context(), writing() as session:
        other.start()
        assert began.wait(PATIENCE)
        session.add(Area(slug="first", name="first"))
    other.join(PATIENCE)
    assert names(app) == ["first", "second"]


def test_where_no_file_of_turns_can_be_made_writing_goes_on(app: Flask) -> None:
    file = turn_file(app)
    file.unlink(missing_ok=True)
    file.mkdir()
    try:
        add(app, "written")
        assert names(app) == ["written"]
    finally:
        file.rmdir()


def test_the_file_of_turns_holds_nothing(app: Flask) -> None:
    add(app, "written")
    assert turn_file(app).read_bytes() == b""
