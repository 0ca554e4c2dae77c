"""Giving one agency a return on one case."""

from collections.abc import Callable, Sequence

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from qa.audits.lifecycle import ReturnState, Stage
from qa.audits.models import Audit, Case, Return
from qa.db import db, now, writing
from qa.trail.models import TrailEntry
from tests.integration.audits.conftest import Place
from tests.support.factories import Maker
from tests.support.pages import Browser

Entries = Callable[[str], Sequence[TrailEntry]]


@pytest.fixture
def audit(place: Place, make: Maker) -> Audit:
    """An audit in fieldwork by police and health."""
    made: Audit = make.audit(place.area, place.edition, (place.police, place.health))
    return made


def test_one_agency_is_given_a_return_on_one_case(
    app: Flask, place: Place, make: Maker, audit: Audit, lead: Browser, entries: Entries
) -> None:
    first, second = make.case(audit), make.case(audit)
    for case in (first, second):
        make.case_return(case, place.police)
    address = f"/audits/{audit.id}/cases/{first.id}"
    page = lead.get(address)
    assert "1 agency has none on this case" in page.text
    form = lead.get(page.links["Add a return"])
    assert "Health" in form.text
    assert "Police" not in form.text
    refused = lead.post(page.links["Add a return"], {"agency": ""})
    assert refused.field_error("agency") == "Choose an agency"
    page = lead.post(page.links["Add a return"], {"agency": str(place.health.id)})
    assert "Health is given a return." in page.text
    assert "Add a return" not in page.links
    with app.app_context():
        found = {
            (row.case_id, row.agency_id): row.due_on
            for row in db.session.scalars(select(Return).order_by(Return.id))
        }
    assert found.keys() == {
        (first.id, place.police.id),
        (second.id, place.police.id),
        (first.id, place.health.id),
    }
    assert found[first.id, place.health.id] == audit.returns_due_on
    (entry,) = entries("audits.return_added")
    assert (entry.record, entry.record_id, entry.area_id) == ("case", first.id, place.area.id)


def test_a_return_is_not_added_twice_nor_for_strangers_nor_at_the_panel_stage(
    app: Flask, place: Place, make: Maker, audit: Audit, lead: Browser, browser: Callable[[str], Browser]
) -> None:
    case = make.case(audit)
    make.case_return(case, place.police)
    stranger = make.agency("Stranger", areas=(place.area,))
    address = f"/audits/{audit.id}/cases/{case.id}/returns/new"
    again = lead.post(address, {"agency": str(place.police.id)})
    assert again.field_error("agency") == "Police has a return here by now. Choose another"
    for number in (str(stranger.id), "9" * 12, "x"):
        assert (
            lead.post(address, {"agency": number}).field_error("agency") == "Choose an agency from the list"
        )
    lead.post(f"/audits/{audit.id}/cases/99/returns/new", {"agency": "1"}, status=404)
    browser(place.elsewhere.email).post(address, {"agency": str(place.health.id)}, status=404)
    browser(place.ann.email).post(address, {"agency": str(place.health.id)}, status=403)
    with app.app_context(), writing() as session:
        session.execute(update(Audit).values(stage=Stage.PANEL))
    late = lead.post(address, {"agency": str(place.health.id)})
    assert "The audit is at the panel stage" in late.errors[0]
    assert lead.get(address).heading == f"Case {case.reference}"
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Return)) == 1


def test_an_agency_new_to_an_open_case_is_warned_about(
    app: Flask, place: Place, make: Maker, audit: Audit, lead: Browser
) -> None:
    case = make.case(audit)
    make.case_return(case, place.police, state=ReturnState.SUBMITTED)
    address = f"/audits/{audit.id}/cases/{case.id}/returns/new"
    assert "open to the panel" not in lead.get(address).text
    with app.app_context(), writing() as session:
        session.execute(update(Case).values(panel_opened_at=now()))
    assert "the agency can read the others’ grades before it gives its own" in lead.get(address).text
