"""Opening cases to the panel: who may, when, and what the agencies see before and after."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from sqlalchemy import select, update

from qa.audits.lifecycle import ReturnState, Stage
from qa.audits.models import Audit, Case
from qa.db import db, writing
from qa.moderation.commands import open_complete_cases
from tests.integration.moderation.conftest import Scene, Visit, events
from tests.support.factories import Maker
from tests.support.locks import free_while_waited


def test_a_qa_lead_opens_a_case_and_then_the_agencies_with_a_return_read_it(
    app: Flask, scene: Scene, browser: Visit
) -> None:
    readers = [scene.council_auditor, scene.health_lead, scene.police_auditor]
    for person in readers:
        browser(person.email).get(scene.page, status=404)
    lead = browser(scene.lead.email)
    before = lead.get(scene.page)
    assert before.heading == "Case HP-001 is not open to the panel yet"
    assert "Outstanding" not in before.text
    after = lead.post(f"{scene.page}/open")
    assert "It is open to the panel" in after.text
    assert after.heading == "Case HP-001: panel"
    for person in readers:
        page = browser(person.email).get(scene.page)
        assert "2 grades apart" in page.text
        assert [form for form in page.all("form") if "/sign-out" not in (form.get("action") or "")] == []
    entry = events(app, "moderation.case_opened")[0]
    assert (entry.person_id, entry.record, entry.record_id) == (scene.lead.id, "case", scene.case.id)
    assert entry.area_id == scene.area.id


def test_agencies_without_a_return_and_other_areas_never_see_it(open_case: Scene, browser: Visit) -> None:
    browser(open_case.stranger.email).get(open_case.page, status=404)
    browser(open_case.other_lead.email).get(open_case.page, status=404)
    browser(open_case.other_lead.email).get(open_case.agenda, status=404)
    browser(open_case.other_lead.email).post(f"{open_case.page}/open", status=404)
    browser(open_case.health_lead.email).post(f"{open_case.page}/open", status=403)


def test_opening_warns_which_returns_are_missing(
    app: Flask, make: Maker, scene: Scene, browser: Visit
) -> None:
    case = make.case(scene.audit, "HP-002")
    make.case_return(case, scene.council, state=ReturnState.SUBMITTED)
    make.case_return(case, scene.health, state=ReturnState.IN_PROGRESS)
    lead = browser(scene.lead.email)
    page = lead.get(f"{scene.agenda}/{case.id}")
    assert "1 return is missing: East Health Trust" in page.text
    opened = lead.post(f"{scene.agenda}/{case.id}/open")
    assert "Not in yet East Health Trust" in opened.text


def test_a_case_without_any_return_in_stays_closed(
    app: Flask, make: Maker, scene: Scene, browser: Visit
) -> None:
    case = make.case(scene.audit, "HP-002")
    make.case_return(case, scene.council, state=ReturnState.IN_PROGRESS)
    lead = browser(scene.lead.email)
    assert "No return on this case is in yet" in lead.get(f"{scene.agenda}/{case.id}").text
    page = lead.post(f"{scene.agenda}/{case.id}/open")
    assert page.errors == ["No return on this case is in yet. Open it when at least one is"]
    with app.app_context():
        assert db.session.get_one(Case, case.id).panel_opened_at is None


@pytest.mark.parametrize("stage", [Stage.PLANNING, Stage.REPORTED, Stage.CLOSED])
def test_cases_are_opened_in_fieldwork_and_at_the_panel_stage_alone(
    app: Flask, scene: Scene, browser: Visit, stage: Stage
) -> None:
    with app.app_context(), writing() as session:
        session.get_one(Audit, scene.audit.id).stage = stage
    lead = browser(scene.lead.email)
    message = (
        "Grades are agreed while the audit is in fieldwork or at the panel stage. Take it back there first"
    )
    assert lead.post(f"{scene.page}/open").errors == [message]
    assert lead.post(scene.agenda).errors == [message]
    with app.app_context():
        assert db.session.get_one(Case, scene.case.id).panel_opened_at is None


def test_every_complete_case_is_opened_at_once(app: Flask, make: Maker, scene: Scene, browser: Visit) -> None:
    complete, partly, empty = (make.case(scene.audit, f"HP-00{number}") for number in (2, 3, 4))
    make.case_return(complete, scene.council, state=ReturnState.SUBMITTED)
    make.case_return(partly, scene.council, state=ReturnState.SUBMITTED)
    make.case_return(partly, scene.health, state=ReturnState.IN_PROGRESS)
    lead = browser(scene.lead.email)
    asked = lead.get(lead.get(scene.agenda).links["Open the 2 complete cases to the panel"])
    assert asked.heading == "Open 2 complete cases to the panel?"
    assert "This cannot be undone." in asked.text
    assert asked.links["Cancel"] == scene.agenda
    with app.app_context():
        assert db.session.get_one(Case, complete.id).panel_opened_at is None
    assert "2 cases are now open to the panel." in lead.post(scene.agenda, asked.form("csrf_token")).text
    with app.app_context():
        found = [db.session.get_one(Case, case.id) for case in (scene.case, complete, partly, empty)]
    opened = {case.id: (case.panel_opened_by_id, case.version) for case in found if case.panel_opened_at}
    assert opened == {scene.case.id: (scene.lead.id, 2), complete.id: (scene.lead.id, 2)}
    assert [entry.fields for entry in events(app, "moderation.cases_opened")] == ["cases:2,panel_opened_at"]
    assert "Every complete case was open already." in lead.post(scene.agenda).text
    assert len(events(app, "moderation.cases_opened")) == 1
    assert lead.get(f"{scene.agenda}/open").heading == "Nothing to open"


@pytest.mark.postgres
def test_cases_are_locked_in_order_while_all_are_opened(app: Flask, make: Maker, scene: Scene) -> None:
    cases = [scene.case]
    for _ in range(2):
        cases.append(make.case(scene.audit))
        make.case_return(cases[-1], scene.council, state=ReturnState.SUBMITTED)
    with app.app_context(), writing() as session:
        # Written last, so that it is the last that the database comes across.
        session.execute(update(Case).where(Case.id == scene.case.id).values(version=Case.version + 1))

    def open_all() -> int:
        with app.app_context():
            return open_complete_cases(scene.lead, scene.audit.id)

    with app.app_context(), db.engine.connect() as holder, ThreadPoolExecutor(1) as pool:
        holder.execute(select(Case.id).where(Case.id == scene.case.id).with_for_update())
        opening = pool.submit(open_all)
        query = select(Case.id).where(Case.audit_id == scene.audit.id).order_by(Case.id)
        numbers = free_while_waited(db.engine, query)
        holder.rollback()
        assert opening.result(60) == 3
    assert numbers == [case.id for case in cases[1:]]


def test_only_the_qa_lead_is_asked_whether_to_open_all(app: Flask, scene: Scene, browser: Visit) -> None:
    address = f"{scene.agenda}/open"
    assert browser(scene.lead.email).get(address).heading == "Open 1 complete case to the panel?"
    browser(scene.health_lead.email).get(address, status=403)
    browser(scene.other_lead.email).get(address, status=404)
    with app.app_context(), writing() as session:
        session.get_one(Audit, scene.audit.id).stage = Stage.REPORTED
    page = browser(scene.lead.email).get(address)
    assert page.heading == "Not now"
    assert "This audit is at the stage “Reported”" in page.text


def test_a_confidential_audit_is_for_the_people_named_on_it(
    app: Flask, open_case: Scene, browser: Visit
) -> None:
    with app.app_context(), writing() as session:
        session.get_one(Audit, open_case.audit.id).confidential = True
    for person in (open_case.lead, open_case.health_lead):
        browser(person.email).get(open_case.page, status=404)
        browser(person.email).get(open_case.agenda, status=404)
