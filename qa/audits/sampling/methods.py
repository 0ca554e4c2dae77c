"""Reads how samples were drawn, a line for each stratum and what became of its cases."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from sqlalchemy import Subquery, func, select

from qa.audits.sampling.designing import line
from qa.audits.sampling.models import Sample, Stratum, Unit
from qa.audits.sampling.records import Method
from qa.audits.sampling.vocabulary import Reason, SampleState, UnitState
from qa.db import db


class Sampled(NamedTuple):
    """How a sample was drawn, and how many references are in reserve."""

    method: Method
    reserve: int


def method_lines(audit_id: int) -> Subquery:
    """The samples drawn for an audit as rows for `sampled_in`: so another statement can carry them along."""
    there = Unit.case_id.is_not(None)
    units = (
        select(
            Unit.stratum_id,
            Unit.state.label("unit_state"),
            Unit.reason,
            there.label("in_audit"),
            func.count().label("units"),
        )
        .join(Sample, Sample.id == Unit.sample_id)
        .where(Sample.audit_id == audit_id)
        .group_by(Unit.stratum_id, Unit.state, Unit.reason, there)
        .subquery("units")
    )
    return (
        select(
            Sample.audit_id,
            Sample.id.label("sample_id"),
            Sample.drawn_at,
            Sample.population,
            Sample.left_out,
            Sample.size.label("asked"),
            Sample.stratified_by,
            Sample.allocation,
            Sample.at_least_one,
            Sample.seed,
            Sample.digest,
            Stratum.id.label("stratum_id"),
            Stratum.position,
            Stratum.label.label("stratum"),
            Stratum.population.label("in_stratum"),
            units.c.unit_state,
            units.c.reason,
            units.c.in_audit,
            units.c.units,
        )
        .join(Stratum, Stratum.sample_id == Sample.id)
        .outerjoin(units, units.c.stratum_id == Stratum.id)
        .where(Sample.audit_id == audit_id, Sample.state == SampleState.DRAWN)
        .subquery("method_lines")
    )


def methods_of(audit_id: int) -> tuple[Method, ...]:
    """How the samples of an audit were drawn, in order; the caller checks. One statement."""
    return tuple(one.method for one in sampled_of(audit_id).values())


def sampled_of(audit_id: int) -> dict[int, Sampled]:
    """The samples drawn for an audit by number, in order; the caller checks. One statement."""
    lines = method_lines(audit_id)
    return sampled_in(db.session.execute(select(*lines.c)))


class _Gathered(NamedTuple):
    """Lines of one sample. strata: by number, with their position, label, population and cases."""

    row: Any
    strata: dict[int, tuple[int, str, int, int]]
    replaced: dict[Reason, int]
    counts: dict[str, int]


def sampled_in(rows: Iterable[Any]) -> dict[int, Sampled]:
    """The samples that rows of `method_lines` tell of, in order; rows without any are passed over."""
    found: dict[int, _Gathered] = {}
    for row in rows:
        if row.sample_id is not None:
            _gather(found.setdefault(row.sample_id, _Gathered(row, {}, {}, {})), row)
    return {number: _sampled(found[number]) for number in sorted(found)}


def _gather(one: _Gathered, row: Any) -> None:
    cases = one.strata.get(row.stratum_id, (0, "", 0, 0))[3]
    if row.unit_state is UnitState.DRAWN and row.in_audit:
        cases += row.units
    elif row.unit_state is UnitState.REPLACED:
        one.replaced[row.reason] = one.replaced.get(row.reason, 0) + row.units
    elif row.unit_state is not None:
        one.counts[row.unit_state] = one.counts.get(row.unit_state, 0) + row.units
    one.strata[row.stratum_id] = (row.position, row.stratum, row.in_stratum, cases)


def _sampled(one: _Gathered) -> Sampled:
    row = one.row
    strata = [
        line(label, population, cases, row.population)
        for _, label, population, cases in sorted(one.strata.values())
    ]
    method = Method(
        row.drawn_at,
        row.population,
        row.left_out,
        row.asked,
        row.stratified_by,
        row.allocation,
        row.at_least_one,
        row.seed,
        row.digest,
        strata,
        {reason: one.replaced[reason] for reason in Reason if reason in one.replaced},
        one.counts.get(UnitState.DRAWN, 0),
    )
    return Sampled(method, one.counts.get(UnitState.RESERVE, 0))
