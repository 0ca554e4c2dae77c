"""What happens to returns that a QA lead has ticked while somebody is working on one of them."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from sqlalchemy import select, update

from qa.audits.commands import assign, remove_returns
from qa.audits.lifecycle import ReturnState
from qa.audits.models import Audit, Return
from qa.db import db, writing
from qa.problems import Refused
from tests.integration.audits.conftest import Place
from tests.support.factories import Maker
from tests.support.locks import free_while_waited

pytestmark = pytest.mark.postgres


@pytest.fixture
def ticked(app: Flask, place: Place, make: Maker) -> list[Return]:
    """Three returns that nobody has begun, the first of them written last, so that it is found last."""
    audit = make.audit(place.area, place.edition, (place.police,))
    rows = [make.case_return(make.case(audit), place.police) for _ in range(3)]
    with app.app_context(), writing() as session:
        session.execute(update(Return).where(Return.id == rows[0].id).values(version=Return.version + 1))
    return rows


@pytest.mark.parametrize("deed", ["remove", "assign"])
def test_a_return_completed_meanwhile_is_waited_for_and_then_left_alone(
    app: Flask, place: Place, ticked: list[Return], deed: str
) -> None:
    numbers = [row.id for row in ticked]

    def do() -> str:
        with app.app_context():
            try:
                if deed == "remove":
                    remove_returns(place.lead, ticked[0].audit_id, numbers)
                else:
                    assign(place.lead, ticked[0].audit_id, numbers, place.ann.id)
            except Refused as refusal:
                return str(refusal)
        return "done"

    with app.app_context(), ThreadPoolExecutor(1) as pool, db.engine.connect() as auditor:
        first = Return.id == numbers[0]
        auditor.execute(update(Return).where(first).values(state=ReturnState.NOT_INVOLVED))
        doing = pool.submit(do)
        # Returns are locked in the order of their numbers, so the others are not held yet.
        free = free_while_waited(db.engine, select(Return.id).order_by(Return.id))
        auditor.commit()
        said = doing.result(60)
        rows = db.session.scalars(select(Return).order_by(Return.id)).all()
    assert free == numbers[1:]
    assert "nothing was " in said
    assert [row.state for row in rows] == [ReturnState.NOT_INVOLVED, *[ReturnState.NOT_STARTED] * 2]
    assert {row.auditor_id for row in rows} == {None}


def test_an_audit_is_held_before_its_returns(app: Flask, place: Place, ticked: list[Return]) -> None:
    numbers = [row.id for row in ticked]

    def do() -> int:
        with app.app_context():
            return remove_returns(place.lead, ticked[0].audit_id, numbers)

    with app.app_context(), ThreadPoolExecutor(1) as pool, db.engine.connect() as auditor:
        # As whoever submits a return takes it: the audit first, shared.
        auditor.execute(select(Audit.id).with_for_update(read=True))
        doing = pool.submit(do)
        free = free_while_waited(db.engine, select(Return.id).order_by(Return.id))
        auditor.rollback()
        assert doing.result(60) == 3
    assert free == numbers
