"""How the cases of the demonstration's open audit were drawn: by the true rule, from a list made to fit."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import count
from typing import NamedTuple

from qa.audits.models import Audit
from qa.audits.sampling.allocation import Allocation
from qa.audits.sampling.drawing import Member, digest, order_key
from qa.audits.sampling.models import Sample, Stratum, Unit
from qa.audits.sampling.vocabulary import Reason, SampleState, UnitState
from qa.demo.fieldwork import Sampled
from qa.demo.scene import Scene
from qa.frameworks.editions import EditionTree

EACH = 13
"""How many cases of the list there are for each that was drawn."""
RESERVE = 2
FIRST_SEED = 2020
OTHERS = [f"C{number:03}" for number in range(100, 1_000)]


class _Drawn(NamedTuple):
    """A list from which the rule draws the cases of the audit. field: of the profile, that divides it.

    others: cases of each stratum that are not drawn. replaced: a case that came before the last one drawn of
    the stratum `largest`, which has taken its place.
    """

    field: str
    seed: str
    others: Mapping[str, list[str]]
    largest: str
    replaced: str


def add_sample(
    scene: Scene, audit: Audit, tree: EditionTree, cases: Sequence[Sampled], field: str, drawn_at: datetime
) -> Sample:
    """Write how the cases were drawn, in strata by a field of their profile; one took another's place."""
    entry = tree.content.profile_field(field)
    labels = {option.key: option.label for option in entry.choices}
    strata: defaultdict[str, list[Sampled]] = defaultdict(list)
    for case in cases:
        strata[str(case.profile[field])].append(case)
    references = {key: [case.row.reference for case in found] for key, found in strata.items()}
    drawn = next(found for seed in count(FIRST_SEED) if (found := _fitting(field, str(seed), references)))
    members = [
        Member(reference, labels[key])
        for key, found in references.items()
        for reference in (*found, *drawn.others[key], *([drawn.replaced] if key == drawn.largest else []))
    ]
    sample = Sample(
        audit_id=audit.id,
        state=SampleState.DRAWN,
        rows=len(members),
        population=len(members),
        size=len(cases),
        stratified_by=entry.label,
        allocation=Allocation.PROPORTIONAL,
        at_least_one=True,
        reserve=RESERVE,
        seed=drawn.seed,
        digest=digest(members),
        uploaded_at=drawn_at,
        uploaded_by_id=audit.lead_id,
        drawn_at=drawn_at,
        drawn_by_id=audit.lead_id,
        list_deleted_at=drawn_at,
    )
    scene.session.add(sample)
    scene.session.flush()
    for position, key in enumerate(sorted(strata, key=lambda key: labels[key]), start=1):
        _add_stratum(scene, sample, (position, labels[key]), strata[key], drawn, key)
    return sample


def _fitting(field: str, seed: str, cases: Mapping[str, Sequence[str]]) -> _Drawn | None:
    """A list that fits the cases with this seed; None when too few references come after the last drawn."""
    last = {key: max(order_key(seed, reference) for reference in found) for key, found in cases.items()}
    largest = max(cases, key=lambda key: (len(cases[key]), key))
    left = sorted(OTHERS, key=lambda reference: order_key(seed, reference))
    before = [reference for reference in left if order_key(seed, reference) < last[largest]]
    if not before:
        return None
    left.remove(before[0])
    others = {}
    for key in sorted(cases, key=lambda key: last[key], reverse=True):
        wanted = EACH * len(cases[key]) - len(cases[key]) - (key == largest)
        after = [reference for reference in left if order_key(seed, reference) > last[key]]
        if len(after) < wanted:
            return None
        others[key] = after[-wanted:]
        left = [reference for reference in left if reference not in set(others[key])]
    return _Drawn(field, seed, others, largest, before[0])


def _add_stratum(
    scene: Scene,
    sample: Sample,
    named: tuple[int, str],
    cases: Sequence[Sampled],
    drawn: _Drawn,
    key: str,
) -> None:
    position, label = named
    stratum = Stratum(
        sample_id=sample.id, position=position, label=label, population=EACH * len(cases), size=len(cases)
    )
    scene.session.add(stratum)
    scene.session.flush()
    ids = {case.row.reference: case.row.id for case in cases}
    gone = [drawn.replaced] if key == drawn.largest else []
    ordered = sorted((*ids, *gone), key=lambda reference: order_key(drawn.seed, reference))
    reserve = sorted(drawn.others[key], key=lambda reference: order_key(drawn.seed, reference))[:RESERVE]
    units = []
    for place, reference in enumerate((*ordered, *reserve), start=1):
        unit = Unit(sample_id=sample.id, stratum_id=stratum.id, place=place, reference=reference)
        unit.case_id = ids.get(reference)
        unit.state = UnitState.DRAWN if unit.case_id else UnitState.RESERVE
        if reference in reserve:
            unit.profile = json.dumps({drawn.field: key})
        units.append(unit)
    for unit in units:
        if unit.reference in gone:
            unit.state, unit.reason = UnitState.REPLACED, Reason.NO_RECORD
            unit.replaced_at, unit.replaced_by_id = sample.drawn_at, sample.drawn_by_id
    scene.session.add_all(units)
    scene.session.flush()
    for unit in units:
        if unit.reference in gone:
            units[len(ordered) - 1].replaces_id = unit.id
