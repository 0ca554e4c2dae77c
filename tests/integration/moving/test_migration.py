"""Going back to the release before moves, on a database where an audit was moved."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path

from flask_migrate import downgrade, upgrade
from sqlalchemy import func, select, text

from bench.load import content, load
from qa.accounts.models import Person
from qa.accounts.permissions import CurrentPerson, Grant, Role
from qa.db import db, writing
from qa.frameworks.commands import add_edition
from qa.moving.commands import move_audit
from qa.moving.queries import preview
from qa.returns.models import Answer
from tests.integration.test_migrations import application

STRAYS = """SELECT count(*) FROM answer JOIN case_return ON case_return.id = answer.return_id
JOIN audit ON audit.id = case_return.audit_id JOIN question ON question.id = answer.question_id
WHERE question.edition_id <> audit.edition_id"""


def test_down_and_up_again_where_an_audit_was_moved(
    new_database: Callable[[], AbstractContextManager[str]], tmp_path: Path
) -> None:
    with application(new_database, tmp_path) as app:
        with app.app_context():
            upgrade()
        loaded = load(app, cases=10, questions=4)
        first = content(4)
        second = replace(
            first, sections=(first.sections[0]._replace(questions=first.sections[0].questions[1:]),)
        )
        with app.app_context():
            with writing() as session:
                newer = add_edition(session, None, second, publish=True).id
            found = db.session.scalars(select(Person).where(Person.email == loaded.lead)).one()
            lead = CurrentPerson(found.id, found.name, found.email, (Grant(Role.QA_LEAD, 1, None),))
            seen = preview(lead, loaded.audit_id, newer).made.seen
            db.session.remove()
            move_audit(lead, loaded.audit_id, newer, seen)
            assert db.session.scalar(text(STRAYS)) == 10 * 4
            db.session.remove()
            downgrade(revision="0004")
            assert db.session.scalar(text(STRAYS)) == 0
            assert db.session.scalar(select(func.count()).select_from(Answer)) == 10 * 4 * 3
            db.session.remove()
            upgrade()
