"""A database with every kind of value in it, and other databases to restore into."""

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from qa.accounts.permissions import Role
from qa.accounts.sectors import Sector
from qa.backup.layout import plan_of
from qa.db import Base, db, now, today, writing
from qa.factory import create_app
from qa.mail.outbox import queue
from qa.recommendations.models import EvidenceFile
from qa.trail.recording import record, record_reading
from tests.support.application import NewDatabase
from tests.support.application import test_settings as settings_for
from tests.support.factories import Maker

EVIDENCE = bytes(range(256)) * 40
Rows = dict[str, list[tuple[Any, ...]]]
Elsewhere = Callable[[], AbstractContextManager[Flask]]


@pytest.fixture
def full(app: Flask, make: Maker) -> Flask:
    """The application with people, an audit with answers of every kind, evidence, mail and a trail."""
    area, other = make.area("Northside"), make.area("Ynys Môn 北")
    agency = make.agency("Rom Valley Trust", Sector.HEALTH, (area, other))
    auditor = make.person(Role.AUDITOR, agency=agency, name="Ada 'Quill' \"<&>\"")
    edition = make.edition()
    audit = make.audit(area, edition, (agency,))
    case = make.case(audit)
    row = make.case_return(case, agency, auditor)
    first = edition.content.sections[0].questions
    make.answer(row, edition, first[0].key, number=Decimal("12345.67"), evidence="Line one\nLine two\t£€")
    make.answer(row, edition, first[1].key, day=today(), text="")
    make.finding(row, edition, "Zero\u200bwidth and emoji 🙂")
    action = make.action(make.recommendation(audit), agency, auditor)
    file = {"name": "plan.pdf", "media_type": "application/pdf", "size": len(EVIDENCE), "sha256": "0" * 64}
    make.add(
        EvidenceFile(action_id=action.id, person_id=auditor.id, uploaded_at=now(), content=EVIDENCE, **file)
    )
    with app.app_context():
        for number in range(40):
            record_reading(auditor.id, "return", number, area_id=area.id, part="front_door")
        with writing() as session:
            queue(session, "ada@example.org", "A subject", "A text with a one-time link")
            record(session, None, "accounts.reset_asked", "person", auditor.id)
    return app


@pytest.fixture
def elsewhere(new_database: NewDatabase, tmp_path: Path) -> Elsewhere:
    """Another installation of the same kind, empty and not even migrated: `with elsewhere() as other:`."""
    return lambda: installed(new_database(), tmp_path)


@contextmanager
def installed(database: AbstractContextManager[str], folder: Path) -> Iterator[Flask]:
    """The application on a database of its own, for the length of a block."""
    with database as url:
        other = create_app(settings_for(url, folder / f"instance-{os.urandom(4).hex()}"))
        yield other
        with other.app_context():
            db.session.remove()
            db.engine.dispose()


@contextmanager
def sqlite_file(folder: Path) -> Iterator[str]:
    """A new SQLite file, whatever the rest of the run is on."""
    yield f"sqlite:///{folder / f'{os.urandom(4).hex()}.sqlite'}"


def rows_of(app: Flask) -> Rows:
    """Every row of every table, as plain values."""
    with app.app_context(), db.engine.connect() as connection:
        found: Rows = {}
        for described in Base.metadata.sorted_tables:
            plan = plan_of(described)
            source = plan.clause()
            query = select(source).order_by(*(source.c[name] for name in plan.order))
            found[plan.name] = [tuple(row) for row in connection.execute(query)]
        return found


def run(app: Flask, *arguments: str | Path) -> tuple[int, str]:
    """A command of `flask --app app`: its exit code and what it printed."""
    done = app.test_cli_runner().invoke(args=[str(argument) for argument in arguments])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, done.output
