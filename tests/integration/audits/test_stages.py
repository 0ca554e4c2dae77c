"""Moving an audit from stage to stage, by the pages."""

from collections.abc import Callable, Sequence

import pytest
from flask import Flask
from sqlalchemy import select, update

from qa.audits.lifecycle import Move, ReturnState, Stage
from qa.audits.models import Audit, AuditPerson, Case
from qa.db import db, now, writing
from qa.trail.models import TrailEntry
from tests.integration.audits.conftest import Place
from tests.support.factories import Maker
from tests.support.pages import Browser


def stage(app: Flask) -> Stage:
    with app.app_context():
        return db.session.scalars(select(Audit.stage)).one()


def test_an_audit_goes_all_the_way_and_back_and_the_trail_says_so(
    app: Flask, place: Place, make: Maker, lead: Browser, entries: Callable[[str], Sequence[TrailEntry]]
) -> None:
    audit = make.audit(place.area, place.edition, (place.police,), stage=Stage.PLANNING)
    case = make.case(audit)
    make.case_return(case, place.police, state=ReturnState.SUBMITTED)
    journey = (
        (Move.OPEN_FIELDWORK, "Fieldwork is open"),
        (Move.OPEN_PANEL, "The audit is at the panel stage"),
        (Move.BACK_TO_FIELDWORK, "The audit is back in fieldwork"),
        (Move.OPEN_PANEL, "The audit is at the panel stage"),
        (Move.REPORT, "The audit is marked as reported"),
        (Move.BACK_TO_PANEL, "The audit is back at the panel stage"),
        (Move.REPORT, "The audit is marked as reported"),
        (Move.CLOSE, "The audit is closed"),
        (Move.REOPEN, "The audit is open again, as reported"),
    )
    for move, said in journey:
        hub = lead.get(f"/audits/{audit.id}")
        page = lead.get(hub.links[move.label])
        assert page.heading == f"{move.label}?"
        page = lead.post(f"/audits/{audit.id}/stage/{move.value}", page.form("version"))
        assert said in page.text
        assert stage(app) is move.end
        with app.app_context(), writing() as session:  # the panel is held once it is open
            session.execute(update(Case).values(panel_opened_at=now()))
    assert [entry.event for entry in entries("audits.")] == [move.event for move, _ in journey]
    assert {entry.fields for entry in entries("audits.")} == {"stage"}


@pytest.mark.parametrize(
    ("cases", "allocated", "words"),
    [
        (0, 0, "There are no cases"),
        (2, 0, "No returns are allocated"),
        (2, 1, "1 case has no return"),
    ],
)
def test_fieldwork_says_what_it_still_needs(
    app: Flask, place: Place, make: Maker, lead: Browser, cases: int, allocated: int, words: str
) -> None:
    audit = make.audit(place.area, place.edition, (place.police,), stage=Stage.PLANNING)
    for number in range(cases):
        case = make.case(audit)
        if number < allocated:
            make.case_return(case, place.police)
    page = lead.get(f"/audits/{audit.id}/stage/open-fieldwork")
    assert page.heading == "Not ready yet: open fieldwork"
    assert words in page.text
    page = lead.post(f"/audits/{audit.id}/stage/open-fieldwork")
    assert words in page.errors[0]
    assert stage(app) is Stage.PLANNING


def test_what_will_be_left_undone_is_said_before_the_panel(place: Place, make: Maker, lead: Browser) -> None:
    audit = make.audit(place.area, place.edition, (place.police,))
    make.case_return(make.case(audit), place.police, state=ReturnState.SUBMITTED)
    make.case_return(make.case(audit), place.police)
    page = lead.get(f"/audits/{audit.id}/stage/open-panel")
    assert "1 return is not in" in page.text


def test_a_move_from_an_older_page_changes_nothing(
    app: Flask, place: Place, make: Maker, lead: Browser
) -> None:
    make.audit(place.area, place.edition, (place.police,), stage=Stage.CLOSED)
    page = lead.post("/audits/1/stage/open-panel")
    assert page.heading == "The audit has moved on"
    assert "The audit is closed by now: nothing was changed" in page.errors[0]
    assert lead.get("/audits/1/stage/open-panel").heading == "The audit has moved on"
    assert stage(app) is Stage.CLOSED
    lead.get("/audits/1/stage/nonsense", status=404)


def test_a_qa_lead_not_named_does_not_move_a_confidential_audit(
    app: Flask, place: Place, make: Maker, lead: Browser
) -> None:
    audit = make.audit(place.area, place.edition, stage=Stage.REPORTED, confidential=True)
    lead.post(f"/audits/{audit.id}/stage/close", status=404)
    assert stage(app) is Stage.REPORTED
    make.add(AuditPerson(audit_id=audit.id, person_id=place.lead.id))
    lead.post(f"/audits/{audit.id}/stage/close")
    assert stage(app) is Stage.CLOSED


def test_agency_people_are_told_why_they_may_not(
    place: Place, make: Maker, browser: Callable[[str], Browser]
) -> None:
    audit = make.audit(place.area, place.edition, (place.police,))
    browser(place.ann.email).post(f"/audits/{audit.id}/stage/open-panel", status=403)
