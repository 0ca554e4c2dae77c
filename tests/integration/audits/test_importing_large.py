"""A file of many cases: checked at once, brought in by long work, whole or not at all."""

from __future__ import annotations

import io

import pytest
from flask import Flask
from sqlalchemy import func, select

from qa.audits import importing
from qa.audits.lifecycle import Stage
from qa.audits.models import Audit, Case
from qa.audits.views import importing as page_module
from qa.db import db, writing
from qa.jobs import running
from qa.jobs.commands import cancel
from qa.jobs.leases import own_name
from qa.jobs.models import JobFile
from qa.jobs.running import Ended, take_up
from tests.integration.audits.conftest import Place
from tests.support.factories import Maker
from tests.support.jobs import run_all
from tests.support.pages import Browser, Page

HEAD = "Case reference,Pathway,Interpreter needed,Referrals in 12 months\n"
ROWS = HEAD + "".join(f"C{number:03},Early help,,\n" for number in range(1, 13))


@pytest.fixture(autouse=True)
def _ten_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_module, "AT_ONCE", 10)


@pytest.fixture
def audit(place: Place, make: Maker) -> Audit:
    """An audit in planning."""
    made: Audit = make.audit(place.area, place.edition, (place.police,), stage=Stage.PLANNING)
    return made


def send(lead: Browser, audit: Audit, content: str = ROWS) -> Page:
    file = (io.BytesIO(content.encode()), "cases.csv")
    return lead.post(f"/audits/{audit.id}/cases/import", {"file": file})


def cases(app: Flask) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(Case)) or 0


def uploads(app: Flask) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(JobFile)) or 0


def test_many_rows_are_long_work_and_few_are_not(app: Flask, audit: Audit, lead: Browser) -> None:
    page = send(lead, audit, HEAD + "A1,Early help,,\n")
    assert "1 case is imported" in page.text
    page = send(lead, audit)
    assert page.heading == f"Import of 12 cases into {audit.reference}"
    assert cases(app) == 1
    assert run_all(app) == Ended(done=1)
    page = lead.get(page.response.request.path)
    assert "12 cases are imported." in page.text
    assert page.links["Go to the audit’s cases"] == f"/audits/{audit.id}/cases"
    assert cases(app) == 13
    assert uploads(app) == 0


def test_a_mistake_is_named_by_line_at_once(app: Flask, audit: Audit, lead: Browser) -> None:
    page = send(lead, audit, ROWS + "C099,Adoption,,\n")
    assert "1 row needs putting right" in page.field_error("file")
    assert "14 Pathway" in page.text
    assert run_all(app) == Ended()
    assert cases(app) == 0


def test_a_case_added_meanwhile_keeps_the_whole_file_out(
    app: Flask, audit: Audit, make: Maker, lead: Browser
) -> None:
    page = send(lead, audit)
    make.case(audit, "C007")
    assert run_all(app) == Ended(failed=1)
    page = lead.get(page.response.request.path)
    assert "Line 8: C007 is a case of this audit already" in page.text
    assert "none of this file is in the audit" in page.text
    assert cases(app) == 1
    assert uploads(app) == 0


def test_cancelling_after_the_check_writes_nothing(
    app: Flask, place: Place, audit: Audit, lead: Browser
) -> None:
    page = send(lead, audit)
    with app.app_context():
        job_id = take_up(own_name())
        assert job_id
        running._step(job_id, own_name())
    page = lead.get(page.response.request.path)
    assert "Every row is checked." in page.text
    lead.post(f"{page.response.request.path}/cancel")
    assert run_all(app) == Ended(cancelled=1)
    assert cases(app) == 0
    assert uploads(app) == 0


def test_one_file_at_a_time(app: Flask, audit: Audit, lead: Browser) -> None:
    send(lead, audit)
    page = send(lead, audit)
    assert "A file is being brought into this audit already" in page.field_error("file")
    assert run_all(app) == Ended(done=1)


def test_an_audit_that_no_longer_takes_cases_keeps_the_file_out(
    app: Flask, audit: Audit, lead: Browser
) -> None:
    send(lead, audit)
    with app.app_context(), writing() as session:
        session.get_one(Audit, audit.id).stage = Stage.CLOSED
    assert run_all(app) == Ended(failed=1)
    assert cases(app) == 0


def test_the_usual_limit() -> None:
    assert importing.AT_ONCE == 1_000


def test_nothing_can_be_cancelled_any_more_when_it_is_done(
    app: Flask, place: Place, audit: Audit, lead: Browser
) -> None:
    page = send(lead, audit)
    run_all(app)
    with app.app_context():
        assert cancel(place.lead, int(page.response.request.path.rsplit("/", 1)[1])).value == "done"
    assert cases(app) == 12
