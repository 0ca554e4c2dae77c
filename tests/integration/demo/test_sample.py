"""The demonstration's sample: what is on record is what the rule of the draw gives."""

from itertools import pairwise

from flask import Flask
from sqlalchemy import select

from qa.audits.models import Case
from qa.audits.sampling.allocation import Allocation, allocate
from qa.audits.sampling.drawing import order_key
from qa.audits.sampling.methods import methods_of
from qa.audits.sampling.models import PopulationList, Sample, Unit
from qa.audits.sampling.vocabulary import Reason, UnitState
from qa.audits.sampling.wording import method_sentences
from qa.db import db


def test_the_open_audit_was_drawn_in_strata_and_one_case_replaced(demonstration: Flask) -> None:
    with demonstration.app_context():
        sample = db.session.scalars(select(Sample)).one()
        (method,) = methods_of(sample.audit_id)
        cases = db.session.scalars(select(Case.id).where(Case.audit_id == sample.audit_id)).all()
        units = db.session.scalars(select(Unit).order_by(Unit.stratum_id, Unit.place)).all()
        assert db.session.scalars(select(PopulationList.sample_id)).all() == []
    assert {unit.case_id for unit in units if unit.state is UnitState.DRAWN} == set(cases)
    assert (method.size, method.cases, method.removed) == (len(cases), len(cases), 0)
    assert method.replaced == {Reason.NO_RECORD: 1}
    counts = {line.label: line.population for line in method.strata}
    sizes = allocate(counts, method.size, Allocation.PROPORTIONAL, at_least_one=True)
    assert sizes == {line.label: line.size for line in method.strata}
    assert sum(counts.values()) == method.population
    for before, after in pairwise(units):
        if before.stratum_id == after.stratum_id:
            assert order_key(method.seed, before.reference) < order_key(method.seed, after.reference)
            assert after.place == before.place + 1
    (gone,) = [unit for unit in units if unit.state is UnitState.REPLACED]
    (instead,) = [unit for unit in units if unit.replaces_id == gone.id]
    assert (instead.stratum_id, instead.place > gone.place) == (gone.stratum_id, True)
    assert "1 case drawn was replaced" in " ".join(method_sentences(method))
