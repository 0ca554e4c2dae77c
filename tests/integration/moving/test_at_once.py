"""Moving an audit while others hold some of its rows: they are taken in an order, so that none lock up."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Engine, select, update

from qa.audits.models import Case
from qa.db import db, writing
from qa.moving.commands import move_audit
from qa.moving.queries import preview
from qa.returns.models import Finding
from tests.integration.moving.conftest import Scene, next_content
from tests.support.locks import free_while_waited

pytestmark = pytest.mark.postgres


def free_of(engine: Engine, scene: Scene, kind: type[Case | Finding], held: int, ids: list[int]) -> list[int]:
    """Those rows that nobody holds while the audit is moved and waits for the one held."""
    newer = scene.publish(next_content(scene.edition.content))
    seen = preview(scene.lead, scene.audit.id, newer.id).made.seen
    db.session.remove()

    def move() -> int:
        with scene.app.app_context():
            return move_audit(scene.lead, scene.audit.id, newer.id, seen)

    with ThreadPoolExecutor(1) as pool, engine.connect() as holder:
        holder.execute(select(kind.id).where(kind.id == held).with_for_update())
        moving = pool.submit(move)
        found = free_while_waited(engine, select(kind.id).where(kind.id.in_(ids)).order_by(kind.id))
        holder.rollback()
        assert moving.result(60)
    return list(found)


def test_cases_are_locked_in_order(scene: Scene) -> None:
    numbers = [scene.case.id, *(scene.make.case(scene.audit).id for _ in range(2))]
    with scene.app.app_context():
        with writing() as session:
            # Written last, so that it is the last that the database comes across.
            session.execute(update(Case).where(Case.id == numbers[0]).values(version=Case.version + 1))
        assert free_of(db.engine, scene, Case, numbers[0], numbers) == numbers[1:]


def test_findings_are_locked_in_order_as_whoever_codes_them_takes_them(scene: Scene) -> None:
    rows = [
        scene.make.finding(scene.council_return, scene.edition, text, section="front_door", released=False)
        for text in ("She was heard.", "He was heard.", "They were heard.")
    ]
    numbers = [row.id for row in rows]
    with scene.app.app_context():
        with writing() as session:
            # The last in the table and in the index.
            session.execute(update(Finding).where(Finding.id == numbers[0]).values(released=True))
        assert free_of(db.engine, scene, Finding, numbers[0], numbers) == numbers[1:]
