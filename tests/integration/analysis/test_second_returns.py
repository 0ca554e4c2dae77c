"""Second auditors' returns are in no figure: every page of figures reads the same with and without them."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from qa.audits.lifecycle import ReturnState, Stage
from qa.audits.models import Audit, Case
from qa.db import db, now, writing
from qa.moderation.models import CaseDivergence
from qa.moderation.rollup import bring_up_to_date
from qa.returns.models import FindingKind
from tests.integration.analysis.conftest import Visit
from tests.integration.analysis.scene import GIVEN, INAD, OUT, Scene
from tests.support.factories import Maker
from tests.support.pages import Browser

WORDS = "Only the second auditor saw this."


@pytest.fixture
def scene(app: Flask, make: Maker, scene: Scene) -> Scene:
    """The audit at its panel, with answers to more than section grades and every case open."""
    for (case, _), row in scene.made.items():
        if row.state is ReturnState.SUBMITTED:
            make.answer(row, scene.edition, "threshold", grade=OUT if case == "C1" else "good")
            make.answer(row, scene.edition, "consent", code="yes")
    with app.app_context(), writing() as session:
        session.execute(update(Audit).values(stage=Stage.PANEL))
        session.execute(update(Case).values(panel_opened_at=now()))
    return scene


def add_seconds(make: Maker, scene: Scene) -> int:
    """A second return beside each first one, graded as differently as can be, with findings of its own."""
    for entry in GIVEN:
        case, agency = scene.cases[entry.case], scene.agencies[entry.agency]
        due = scene.made[entry.case, entry.agency].due_on
        row = make.case_return(case, agency, scene.auditor, state=entry.state, second=True, due_on=due)
        for question in ("front_door_grade", "protection_grade", "threshold", "plan_smart"):
            make.answer(row, scene.edition, question, grade=INAD)
        make.answer(row, scene.edition, "consent", code="no")
        for kind in FindingKind:
            make.finding(row, scene.edition, WORDS, kind=kind, released=False)
    return len(GIVEN)


def figures(app: Flask, lead: Browser, scene: Scene) -> dict[str, Any]:
    """Everything counted of the audit, as pages and files say it, and what the roll-up holds."""
    audit = f"/audits/{scene.audit.id}"
    pages = (
        scene.analysis,
        f"{scene.analysis}/scores",
        f"{scene.analysis}/scores?section=front_door",
        scene.report,
        f"{audit}/findings",
        f"{audit}/findings?coded=no",
        f"{audit}/findings/themes",
        f"{audit}/recommendations/new",
    )
    found: dict[str, Any] = {page: lead.get(page).text for page in pages}
    with app.app_context():
        bring_up_to_date(scene.audit.id)
        table = CaseDivergence.__table__
        columns = (table.c.case_id, table.c.returns, table.c.spread, table.c.apart, table.c.place)
        query = select(*columns).order_by(table.c.case_id)
        found["divergence"] = [tuple(row) for row in db.session.execute(query)]
    return found


def test_every_figure_is_the_same_with_second_returns_as_without(
    app: Flask, make: Maker, scene: Scene, browser: Visit
) -> None:
    lead = browser(scene.lead.email)
    before = figures(app, lead, scene)
    assert any(row[2] for row in before["divergence"])
    add_seconds(make, scene)
    after = figures(app, lead, scene)
    assert after == before
    assert not any(WORDS in str(said) for said in after.values())


def test_the_panel_reads_second_returns_and_nothing_is_suggested_by_them(
    make: Maker, scene: Scene, browser: Visit
) -> None:
    lead = browser(scene.lead.email)
    address = f"/audits/{scene.audit.id}/panel/{scene.cases['C1'].id}"
    before = lead.get(address)
    add_seconds(make, scene)
    after = lead.get(address)
    assert "second auditor" not in before.text
    assert "City Council (second auditor)" in after.text
    assert after.text.count(WORDS) == 2 * 3  # two of each submitted second return
    assert "It shows how far two auditors of one agency agree, and counts in nothing else" in after.text
