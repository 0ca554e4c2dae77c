"""An administrator at a browser, and the messages that left."""

import email
from collections.abc import Callable
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select, update

from qa.accounts.models import Person
from qa.accounts.passwords import hashed
from qa.accounts.permissions import CurrentPerson, Role
from qa.db import db, writing
from qa.trail.models import TrailEntry
from tests.support.factories import Maker
from tests.support.pages import Browser

PASSWORD = "three-random-words"
Outbox = Callable[[], list[EmailMessage]]


@pytest.fixture
def administrator(make: Maker) -> CurrentPerson:
    """The only administrator."""
    return make.person(Role.ADMINISTRATOR, name="Marisol Fenwick", email="marisol@example.org")


@pytest.fixture
def admin(administrator: CurrentPerson, browser: Callable[[str], Browser]) -> Browser:
    """The administrator's browser."""
    return browser(administrator.email)


@pytest.fixture
def outbox(app: Flask) -> Outbox:
    """Gives the messages delivered so far, oldest first."""
    folder = Path(app.extensions["settings"].instance) / "outbox"

    def read() -> list[EmailMessage]:
        files = sorted(folder.glob("*.eml"), key=lambda file: int(file.stem.rpartition("-")[2]))
        return [email.message_from_bytes(file.read_bytes(), policy=default) for file in files]

    return read


def text_of(message: EmailMessage) -> str:
    """The plain text of a message."""
    body = message.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def link_in(message: EmailMessage) -> str:
    """The address in a message, without its host."""
    (line,) = [line for line in text_of(message).splitlines() if line.startswith("http")]
    return line.removeprefix("http://localhost")


def give_password(app: Flask, person: CurrentPerson) -> None:
    """Let the person sign in by PASSWORD."""
    with app.app_context():
        kept = hashed(PASSWORD)
        with writing() as session:
            session.execute(update(Person).where(Person.id == person.id).values(password_hash=kept))


def trail_of(app: Flask) -> list[tuple[str, int | None, str]]:
    """Event, record number and fields of every entry but sign-ins, oldest first."""
    with app.app_context():
        query = select(TrailEntry.event, TrailEntry.record_id, TrailEntry.fields).order_by(TrailEntry.number)
        rows = db.session.execute(query)
        return [(event, number, fields) for event, number, fields in rows if event != "accounts.signed_in"]
