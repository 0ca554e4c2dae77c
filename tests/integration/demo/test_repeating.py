"""Loading again: the same rows in another empty database, and nothing at all in one that is in use."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Date, DateTime, func, select

from qa.accounts.models import Area, Person
from qa.accounts.passwords import matches
from qa.db import Base, UtcDateTime, db, now, today, writing
from qa.demo import words
from qa.demo.loading import load, load_demonstration
from qa.demo.partnership import PASSWORD
from qa.frameworks.checking import load_themes
from qa.identifiers.finding import identifiers_in
from qa.problems import Refused
from tests.support.factories import Maker

# A salted hash, the year of what is under way, what counting divergence after the load leaves behind, and the
# quarters in which what is under way lies.
NOT_COMPARED = {
    "person.password_hash",
    "audit.reference",
    "case_record.counted_version",
    "planned_audit.quarter",
    "planned_audit.until",
}
# The trail is sealed with its moments; divergence and the issued report come after the load itself.
TABLES_NOT_COMPARED = {"trail_entry", "trail_head", "case_divergence", "audit_divergence", "issued_report"}


def rows_without_dates() -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table, in the order of its key, but for what is counted from today."""
    held = {}
    for table in Base.metadata.sorted_tables:
        if table.name in TABLES_NOT_COMPARED:
            continue
        columns = [
            column
            for column in table.columns
            if not isinstance(column.type, Date | DateTime | UtcDateTime)
            and f"{table.name}.{column.name}" not in NOT_COMPARED
        ]
        query = select(*columns).order_by(*table.primary_key.columns)
        held[table.name] = [tuple(row) for row in db.session.execute(query)]
    return held


def test_another_day_brings_the_same_rows(app: Flask, demonstration: Flask) -> None:
    with app.app_context():
        with writing() as session:
            load(session, today() + timedelta(days=99), now() + timedelta(days=99))
        again = rows_without_dates()
    with demonstration.app_context():
        first = rows_without_dates()
    assert len(first["answer"]) > 10_000
    for name, rows in first.items():
        assert again[name] == rows, name


def test_the_same_day_brings_the_same_dates(app: Flask, demonstration: Flask) -> None:
    dates = (
        "SELECT returns_due_on, panel_on FROM audit ORDER BY id",
        "SELECT due_on, saved_at, submitted_at FROM case_return WHERE audit_id <> 3 ORDER BY id",
        "SELECT due_on FROM action ORDER BY id",
        "SELECT posted_at FROM progress_update ORDER BY id",
        "SELECT decided_at FROM judgement ORDER BY id",
    )
    held: list[list[Any]] = []
    for place in (demonstration, app):
        with place.app_context():
            if place is app:
                load_demonstration()
            held.append([db.session.execute(db.text(query)).all() for query in dates])
    assert held[0] == held[1]


def test_a_database_in_use_is_left_alone(app: Flask, make: Maker) -> None:
    make.area("Thurrock")
    with app.app_context():
        with pytest.raises(Refused, match="into an empty database only"):
            load_demonstration()
        assert db.session.scalars(select(Area.name)).all() == ["Thurrock"]
        assert db.session.scalar(select(func.count()).select_from(Person)) == 0


def test_the_command_loads_once_and_says_how_to_sign_in(app: Flask) -> None:
    runner = app.test_cli_runner()
    done = runner.invoke(args=["demo", "load"])
    assert done.exit_code == 0, done.output
    for person in words.partnership().people:
        assert (person.email in done.output) is person.headline
    assert PASSWORD in done.output
    with app.app_context():
        kept = db.session.scalars(select(Person.password_hash)).all()
        assert len(set(kept)) == 1
        assert matches(kept[0], PASSWORD)
    again = runner.invoke(args=["demo", "load"])
    assert again.exit_code == 1
    assert "Nothing was changed" in again.output


def test_the_words_identify_nobody_and_know_their_themes() -> None:
    phrases = words.phrases()
    audits = [
        words.audit(name)
        for name in ("help_and_protection_2019_20", "child_sexual_abuse", "child_in_need", "section_11")
    ]
    texts = [text for kinds in phrases.findings.values() for listed in kinds.values() for text in listed]
    texts += [
        text for lists in (phrases.evidence, phrases.impact) for listed in lists.values() for text in listed
    ]
    texts += [finding.text for audit in audits for finding in audit.findings]
    assert len(texts) > 300
    assert [found for text in texts for found in identifiers_in(text)] == []
    themes = load_themes().keys
    assert phrases.findings.keys() <= themes
    assert {theme for audit in audits for finding in audit.findings for theme in finding.themes} <= themes


def test_moments_have_passed(app: Flask) -> None:
    moment: datetime = now()
    with app.app_context():
        with writing() as session:
            load(session, today(), moment)
        for query in (
            "SELECT max(submitted_at) FROM case_return",
            "SELECT max(saved_at) FROM case_return",
            "SELECT max(decided_at) FROM judgement",
            "SELECT max(posted_at) FROM progress_update",
            "SELECT max(raised_at) FROM concern",
            "SELECT max(recorded_at) FROM concern_step",
            "SELECT max(entered_at) FROM feedback",
            "SELECT max(created_at) FROM finding",
        ):
            latest = str(db.session.scalar(db.text(query)))[:19]
            assert latest <= moment.strftime("%Y-%m-%d %H:%M:%S"), query
