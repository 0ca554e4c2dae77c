"""How the cases were sampled, as the report says it on its page and in its PDF."""

from __future__ import annotations

import json

from flask import Flask
from sqlalchemy import select

from qa.audits.models import Case
from qa.audits.sampling.allocation import Allocation
from qa.audits.sampling.models import Sample, Stratum, Unit
from qa.audits.sampling.vocabulary import Reason, SampleState, UnitState
from qa.db import db, now
from qa.reports.queries import desk_of
from tests.integration.analysis.reading import tables
from tests.integration.analysis.scene import Scene
from tests.integration.reports.conftest import Visit, issue
from tests.integration.reports.reading import pdf
from tests.support.factories import Maker


def sample_of(make: Maker, scene: Scene) -> None:
    """A sample in two strata, its cases those of the scene, one of them replaced and one in reserve."""
    with make.app.app_context():
        cases = db.session.scalars(
            select(Case).where(Case.audit_id == scene.audit.id).order_by(Case.id)
        ).all()
        db.session.expunge_all()
    sample = make.add(
        Sample(
            audit_id=scene.audit.id,
            state=SampleState.DRAWN,
            rows=412,
            population=412,
            left_out=2,
            size=len(cases),
            stratified_by="Team",
            allocation=Allocation.PROPORTIONAL,
            seed="march <b>",
            digest="0" * 64,
            uploaded_at=now(),
            drawn_at=now(),
        )
    )
    north = make.add(Stratum(sample_id=sample.id, position=1, label="North & east", population=400, size=1))
    south = make.add(Stratum(sample_id=sample.id, position=2, label="South", population=12, size=0))
    for place, case in enumerate(cases, start=2):
        stratum = {"sample_id": sample.id, "stratum_id": north.id, "place": place}
        make.add(Unit(**stratum, reference=case.reference, state=UnitState.DRAWN, case_id=case.id))
    gone = {"sample_id": sample.id, "stratum_id": north.id, "place": 1, "reference": "GONE"}
    make.add(
        Unit(**gone, state=UnitState.REPLACED, reason=Reason.NO_RECORD, replaced_at=now(), note="Secret.")
    )
    spare = {"sample_id": sample.id, "stratum_id": south.id, "place": 1, "reference": "SPARE"}
    make.add(Unit(**spare, state=UnitState.RESERVE, profile=json.dumps({})))


def test_the_method_writes_itself_from_the_draw(make: Maker, scene: Scene, browser: Visit) -> None:
    lead = browser(scene.lead.email)
    before = lead.get(scene.report)
    assert "How the cases were chosen" not in before.text
    sample_of(make, scene)
    page, file = lead.get(scene.report), pdf(lead.get(f"{scene.report}.pdf"))
    for text in (
        "from a list of 412 cases; 2 cases of the list in the audit already could not be drawn.",
        "The list was divided by “Team” into 2 strata; each gave cases in proportion to its size",
        "with the seed “march <b>”",
        "1 case drawn was replaced by the next in the drawn order of the same stratum: 1 with a record that",
        "No case was drawn from South, of which the sample says nothing.",
        "does not allow percentages to be generalised",
    ):
        assert text in page.text
        assert file.holds(text)
    found = tables(page)["Strata by Team"]
    assert [row[:2] for row in found] == [["North & east", "400"], ["South", "12"]]
    assert found[1][4] == "–"
    for secret in ("GONE", "SPARE", "Secret."):
        assert secret not in page.text
    assert page.statements == before.statements


def test_versions_issued_and_samples_do_not_multiply_each_other(
    app: Flask, make: Maker, scene: Scene, browser: Visit
) -> None:
    sample_of(make, scene)
    issue(app, scene)
    issue(app, scene, after=1)
    with app.app_context():
        desk = desk_of(scene.audit.id)
    assert [version.number for version in desk.issued] == [2, 1]
    (method,) = desk.methods
    assert [(line.label, line.size) for line in method.strata] == [("North & east", 6), ("South", 0)]
    assert sum(method.replaced.values()) == 1
