"""In a self-assessment the pages of an audit speak of agencies."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import update

from qa.audits.lifecycle import Move, ReturnState, Stage, moves_from
from qa.audits.models import Audit, Case
from qa.db import db, now, writing
from qa.frameworks.editions import EditionTree
from tests.integration.audits.conftest import Place
from tests.support.factories import Maker
from tests.support.pages import Browser, Page


@pytest.fixture
def audit(place: Place, section_11: EditionTree, make: Maker) -> Audit:
    """Two agencies that assess themselves: the police have sent their return in, health have none yet."""
    audit = make.audit(place.area, section_11, (place.police, place.health), stage=Stage.PLANNING)
    police = make.case(audit, "Police", agency_id=place.police.id)
    make.case(audit, "Health", agency_id=place.health.id)
    make.case_return(police, place.police, state=ReturnState.SUBMITTED)
    return audit


def speaks_of_cases(page: Page) -> list[str]:
    return re.findall(r".{0,40}\bcases?\b.{0,40}", page.text, re.IGNORECASE)


@pytest.mark.parametrize("stage", Stage)
def test_no_page_of_an_audit_calls_an_agency_a_case(
    app: Flask, place: Place, audit: Audit, make: Maker, lead: Browser, stage: Stage
) -> None:
    with app.app_context(), writing() as session:
        session.execute(update(Audit).values(stage=stage))
    address = f"/audits/{audit.id}"
    paths = ["", "/cases", "/cases?text=nothing", "/cases?state=outstanding", "/allocation"]
    paths += [f"/allocation/agencies/{place.police.id}"]
    paths += [f"/stage/{move.value}" for move in moves_from(stage)]
    for case in (1, 2):
        paths += [f"/cases/{case}", f"/cases/{case}/edit"]
    if stage in {Stage.PLANNING, Stage.FIELDWORK}:
        paths.append("/cases/2/remove")
    for path in paths:
        assert speaks_of_cases(lead.get(address + path)) == [], path


def test_what_is_refused_and_what_was_done_speak_of_agencies_too(
    app: Flask, place: Place, section_11: EditionTree, make: Maker, lead: Browser
) -> None:
    audit = make.audit(place.area, section_11, (place.police,), stage=Stage.PLANNING)
    address = f"/audits/{audit.id}"
    pages = [
        lead.get(address),
        lead.get(f"{address}/cases"),
        lead.get(f"{address}/stage/open-fieldwork"),
        lead.get(f"{address}/allocation"),
        lead.post(f"{address}/allocation", {"agencies": [str(place.police.id)]}),
        lead.post(f"{address}/cases/agencies"),
        lead.post(f"{address}/allocation", {"agencies": [str(place.police.id)]}),
        lead.post(f"{address}/allocation", {"agencies": [str(place.police.id)]}),
        lead.post(f"{address}/cases/1/remove"),
    ]
    assert [speaks_of_cases(page) for page in pages] == [[]] * len(pages)
    assert "No agency has been added yet" in pages[4].errors[0]
    assert "Police is removed." in pages[-1].text


def test_the_page_says_how_many_agencies_have_sent_their_return_in(
    app: Flask, audit: Audit, place: Place, make: Maker, lead: Browser
) -> None:
    with app.app_context(), writing() as session:
        session.execute(update(Audit).values(stage=Stage.FIELDWORK))
        health = session.get_one(Case, 2)
        session.expunge(health)
    make.case_return(health, place.health)
    assert "1 of 2 agencies has sent in a return." in lead.get(f"/audits/{audit.id}").text
    with app.app_context(), writing() as session:
        session.execute(update(Audit).values(stage=Stage.PANEL))
        session.execute(update(Case).where(Case.id == 1).values(panel_opened_at=now()))
    assert "1 of 2 agencies opened to the panel" in lead.get(f"/audits/{audit.id}").text
    assert "1 agency has not been to the panel" in lead.get(f"/audits/{audit.id}/stage/{Move.REPORT}").text


def test_an_agency_finds_its_own_self_assessment(
    app: Flask, audit: Audit, place: Place, browser: Callable[[str], Browser]
) -> None:
    with app.app_context(), writing() as session:
        session.execute(update(Audit).values(stage=Stage.PANEL))
        db.session.flush()
    page = browser(place.police_lead.email).get(f"/audits/{audit.id}")
    assert speaks_of_cases(page) == []
    assert page.links["Your self-assessment at the panel"] == f"/audits/{audit.id}/panel"


def test_the_home_page_counts_agencies_that_are_ready(audit: Audit, app: Flask, lead: Browser) -> None:
    with app.app_context(), writing() as session:
        session.execute(update(Audit).values(stage=Stage.FIELDWORK))
    assert "1 agency ready for the panel" in lead.get("/").text


def test_only_the_agency_itself_is_given_the_return(
    audit: Audit, app: Flask, place: Place, lead: Browser
) -> None:
    address = f"/audits/{audit.id}/cases/2/returns/new"
    page = lead.get(address)
    assert speaks_of_cases(page) == []
    assert "Health" in page.text
    assert "Police" not in page.text
    other = lead.post(address, {"agency": str(place.police.id)})
    assert other.field_error("agency") == "Choose an agency from the list"
    assert "Health is given a return." in lead.post(address, {"agency": str(place.health.id)}).text
