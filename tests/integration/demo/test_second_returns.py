"""The demonstration's double audits: by another auditor, blind, drawn by a seed anybody can repeat."""

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import aliased

from qa.audits.doubling import drawn
from qa.audits.lifecycle import ReturnState
from qa.audits.models import Case, Return, SecondDraw
from qa.audits.queries.allotting import read_all
from qa.audits.queries.reach import case_query
from qa.db import db
from qa.returns.models import Finding


def test_some_cases_of_the_audit_at_its_panel_are_audited_twice(demonstration: Flask) -> None:
    first = aliased(Return)
    with demonstration.app_context():
        draw = db.session.scalars(select(SecondDraw)).one()
        pairs = db.session.execute(
            select(Return, first, Case)
            .join(first, (first.case_id == Return.case_id) & (first.agency_id == Return.agency_id))
            .join(Case, Case.id == Return.case_id)
            .where(Return.second.is_(True), first.second.is_(False))
        ).all()
        assert len(pairs) == draw.returns == draw.cases == 4
        case_ids = db.session.scalars(select(Case.id).where(Case.audit_id == draw.audit_id)).all()
        assert draw.of_cases == len(case_ids) == 12
        assert {case.id for *_, case in pairs} == set(drawn(case_ids, draw.cases, draw.seed))
        for second, one, case in pairs:
            assert second.state is one.state is ReturnState.SUBMITTED
            assert None not in {second.auditor_id, one.auditor_id}
            assert second.auditor_id != one.auditor_id
            assert second.submitted_at is not None
            assert case.panel_opened_at is None or second.submitted_at < case.panel_opened_at
            whole = db.session.scalars(case_query(draw.audit_id, case.id)).unique().one()
            leads = read_all(whole.audit)
            assert not {(row.agency_id, row.auditor_id) for row in (one, second)} & leads
        of_seconds = (
            select(Finding.id)
            .join(Return, Return.id == Finding.return_id)
            .where(Return.second, Finding.released)
        )
        assert db.session.scalars(of_seconds).all() == []
