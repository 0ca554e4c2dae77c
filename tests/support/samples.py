"""Samples of cases: a list that waits for its draw, and one that was drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qa.audits.models import Audit, Case
from qa.audits.sampling.columns import ColumnPlan, Use, settle
from qa.audits.sampling.designing import count, written
from qa.audits.sampling.models import PopulationList, Sample, Stratum, Unit
from qa.audits.sampling.reading import read_population
from qa.audits.sampling.storing import pack_file, pack_settled
from qa.audits.sampling.vocabulary import SampleState, UnitState
from qa.db import now

if TYPE_CHECKING:
    from tests.support.factories import Maker


def population(rows: int = 40) -> bytes:
    """A list of cases in two teams, with a plan, as CSV."""
    plans = ("Early help", "Child protection")
    lines = [f"L{number:04},{plans[number % 2]},Team {number % 4 // 3}" for number in range(1, rows + 1)]
    return "\n".join(["Case reference,Pathway,Team", *lines]).encode()


def listed_sample(make: Maker, audit: Audit, rows: int = 40) -> Sample:
    """A list of an audit whose columns were chosen, and that waits for its draw."""
    file = read_population(population(rows))
    settled, _ = settle(file, ColumnPlan((Use.REFERENCE, Use.STRATA, Use.STRATA)), ())
    numbers = count(settled, (), ())
    sample: Sample = make.add(
        Sample(
            audit_id=audit.id,
            state=SampleState.LISTED,
            rows=rows,
            population=numbers.population,
            strata_counts=written(numbers),
            uploaded_at=now(),
        )
    )
    make.add(PopulationList(sample_id=sample.id, content=pack_file(file), settled=pack_settled(settled)))
    return sample


def drawn_sample(make: Maker, audit: Audit, case: Case) -> Sample:
    """A sample of an audit of which a case was drawn, with one more in reserve."""
    sample: Sample = make.add(
        Sample(
            audit_id=audit.id,
            state=SampleState.DRAWN,
            rows=40,
            population=40,
            size=1,
            reserve=1,
            seed="2026",
            digest="0" * 64,
            uploaded_at=now(),
            drawn_at=now(),
            list_deleted_at=now(),
        )
    )
    stratum = make.add(Stratum(sample_id=sample.id, position=1, label="", population=40, size=1))
    of_stratum = {"sample_id": sample.id, "stratum_id": stratum.id}
    make.add(Unit(**of_stratum, place=1, reference=case.reference, state=UnitState.DRAWN, case_id=case.id))
    make.add(Unit(**of_stratum, place=2, reference="L0002", state=UnitState.RESERVE))
    return sample
