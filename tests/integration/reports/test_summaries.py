"""Every case summary of an audit in one zip, as long work."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import delete, func, select

from qa.accounts.models import PersonRole
from qa.accounts.permissions import Role
from qa.audits.lifecycle import ReturnState, Stage
from qa.audits.models import Case
from qa.db import db, writing
from qa.jobs import running
from qa.jobs.commands import cancel
from qa.jobs.leases import own_name
from qa.jobs.models import Job, JobFile
from qa.jobs.running import Ended, take_up
from qa.trail.models import TrailEntry
from tests.integration.analysis.scene import Scene
from tests.integration.reports.reading import Pdf
from tests.support.factories import Maker
from tests.support.jobs import run_all
from tests.support.pages import Browser, Page

Visit = Callable[[str], Browser]


def ask(visit: Visit, scene: Scene) -> tuple[Browser, Page]:
    """Ask for the summaries; gives the browser and the job's page."""
    lead = visit(scene.lead.email)
    address = f"/audits/{scene.audit.id}/summaries"
    return lead, lead.post(address, lead.get(address).form())


def files(app: Flask) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(JobFile)) or 0


def cases(app: Flask, scene: Scene) -> list[str]:
    with app.app_context():
        query = select(Case.reference).where(Case.audit_id == scene.audit.id).order_by(Case.number)
        return list(db.session.scalars(query))


def test_a_zip_with_a_summary_of_every_case(app: Flask, scene: Scene, browser: Visit) -> None:
    lead, page = ask(browser, scene)
    assert "Waiting to begin." in page.text
    assert run_all(app) == Ended(done=1)
    page = lead.get(page.response.request.path)
    wanted = cases(app, scene)
    assert f"{len(wanted)} case summaries are ready." in page.text
    answer = lead.client.get(f"{page.response.request.path}/file")
    with zipfile.ZipFile(io.BytesIO(answer.data)) as packed:
        assert len(packed.namelist()) == len(wanted)
        for name, reference in zip(packed.namelist(), wanted, strict=True):
            assert Pdf(packed.read(name)).holds(f"Case {reference}")
    with app.app_context():
        read = select(func.count()).select_from(TrailEntry).where(TrailEntry.event == "case.read")
        assert db.session.scalar(read) == len(wanted)


def test_asking_twice_leads_to_the_same_work(scene: Scene, browser: Visit) -> None:
    lead, first = ask(browser, scene)
    assert "You have asked for them already" in lead.get(f"/audits/{scene.audit.id}/summaries").text
    second = lead.post(f"/audits/{scene.audit.id}/summaries")
    assert second.response.request.path == first.response.request.path


def test_cancelling_leaves_no_file(app: Flask, scene: Scene, browser: Visit) -> None:
    lead, page = ask(browser, scene)
    with app.app_context():
        job_id = take_up(own_name())
        assert job_id
        running._step(job_id, own_name())
    assert files(app) == 1
    with app.app_context():
        cancel(scene.lead, job_id)
    assert run_all(app) == Ended(cancelled=1)
    assert files(app) == 0
    page = lead.get(page.response.request.path)
    assert "The summaries made so far are deleted." in page.text
    assert "Download" not in page.text


def test_whoever_lost_the_role_meanwhile_gets_nothing(app: Flask, scene: Scene, browser: Visit) -> None:
    lead, page = ask(browser, scene)
    run_all(app)
    with app.app_context(), writing() as session:
        session.execute(delete(PersonRole).where(PersonRole.person_id == scene.lead.id))
    page = lead.get(page.response.request.path)
    assert "You may no longer read what it made." in page.text
    assert lead.client.get(f"{page.response.request.path}/file").status_code == 404


def test_the_role_is_looked_at_with_every_step(app: Flask, scene: Scene, browser: Visit) -> None:
    ask(browser, scene)
    with app.app_context(), writing() as session:
        session.execute(delete(PersonRole).where(PersonRole.person_id == scene.lead.id))
    assert run_all(app) == Ended(failed=1)
    assert files(app) == 0


def test_cases_removed_and_added_meanwhile(app: Flask, make: Maker, scene: Scene, browser: Visit) -> None:
    ask(browser, scene)
    with app.app_context():
        job_id = take_up(own_name())
        assert job_id
        running._step(job_id, own_name())
    make.case(scene.audit, "LATE-1")
    assert run_all(app) == Ended(done=1)
    with app.app_context():
        job = db.session.get_one(Job, job_id)
        assert (job.done, job.total) == (len(cases(app, scene)),) * 2
    assert files(app) == len(cases(app, scene))


def test_an_audit_without_a_case_says_so(make: Maker, scene: Scene, browser: Visit) -> None:
    audit = make.audit(scene.area, make.edition(key="empty"), stage=Stage.PLANNING)
    lead = browser(scene.lead.email)
    assert "This audit has no case yet" in lead.get(f"/audits/{audit.id}/summaries").text
    page = lead.post(f"/audits/{audit.id}/summaries")
    assert page.errors == ["This audit has no case yet. Add one first."]


def test_a_leads_own_agencys_draft_stays_with_who_may_read_it(
    app: Flask, make: Maker, scene: Scene, browser: Visit
) -> None:
    """A QA lead who audits for an agency besides may read their draft: nobody else gets it by the zip."""
    agency = next(iter(scene.agencies.values()))
    make.grant(scene.lead, Role.AUDITOR, agency=agency)
    case = make.case(scene.audit, "OWN-1")
    make.case_return(case, agency, scene.lead, state=ReturnState.IN_PROGRESS)
    lead, page = ask(browser, scene)
    run_all(app)
    make.person(Role.QA_LEAD, area=scene.area, email="second@example.org")
    second = browser("second@example.org")
    assert second.client.get(f"{page.response.request.path}/file").status_code == 404
    assert lead.client.get(f"{page.response.request.path}/file").status_code == 200


@pytest.fixture(autouse=True)
def _few_cases(app: Flask, scene: Scene) -> None:
    """The audit as it is: a handful of cases."""
    assert 1 < len(cases(app, scene)) < 30
