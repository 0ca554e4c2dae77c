"""Long work in a real browser: progress by itself, with its script and without, and on a narrow screen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from sqlalchemy.orm import Session

from qa.accounts.permissions import Role
from qa.accounts.signing_in import _start
from qa.db import db, writing
from qa.jobs import running
from qa.jobs.commands import begin
from qa.jobs.leases import own_name
from qa.jobs.lifecycle import InHand, Progress
from qa.jobs.running import Work, take_up
from tests.browser.conftest import Visitor
from tests.support.factories import Maker
from tests.support.jobs import run_all

pytestmark = pytest.mark.browser


def step(_session: Session, job: InHand) -> Progress:
    """Nothing, three times."""
    return Progress(job.done + 1, result={"said": "All three are counted."})


@pytest.fixture
def waiting(
    app: Flask, make: Maker, visitor: Callable[..., Visitor], monkeypatch: pytest.MonkeyPatch
) -> Callable[..., tuple[Visitor, int]]:
    """Gives a QA lead at a browser, signed in, and the number of a job of theirs that waits."""
    monkeypatch.setitem(running.KINDS, "counting", Work(step, "Nothing is kept."))
    area = make.area()
    person = make.person(Role.QA_LEAD, area=area)

    def signed_in(name: str, **options: Any) -> tuple[Visitor, int]:
        with app.app_context():
            token = _start(person.id, "")
            with writing() as session:
                job_id = begin(
                    session, person, "counting", "Counting to three", area_id=area.id, arguments={}, total=3
                )
            db.session.remove()
        signer = SecureCookieSessionInterface().get_signing_serializer(app)
        assert signer
        made = visitor(name, **options)
        cookie = app.config["SESSION_COOKIE_NAME"]
        made.context.add_cookies(
            [{"name": cookie, "value": signer.dumps({"sign_in": token}), "url": made.address}]
        )
        return made, job_id

    return signed_in


def one_step(app: Flask) -> None:
    with app.app_context():
        job_id = take_up(own_name())
        assert job_id
        running._step(job_id, own_name())


def test_progress_comes_by_itself(app: Flask, waiting: Callable[..., tuple[Visitor, int]]) -> None:
    lead, job_id = waiting("jobs", viewport={"width": 320, "height": 700})
    lead.visit(f"/jobs/{job_id}")
    assert "Waiting to begin." in lead.text
    one_step(app)
    lead.page.get_by_text("1 of 3 done.").wait_for()
    assert lead.page.evaluate("document.querySelector('progress').value") == 1
    assert not lead.page.evaluate("document.documentElement.scrollWidth > innerWidth")
    run_all(app)
    lead.page.get_by_text("All three are counted.").wait_for()
    lead.review()
    lead.visit("/jobs")
    assert not lead.page.evaluate("document.documentElement.scrollWidth > innerWidth")


def test_cancelling_shows_by_itself(app: Flask, waiting: Callable[..., tuple[Visitor, int]]) -> None:
    lead, job_id = waiting("jobs-cancel")
    lead.visit(f"/jobs/{job_id}")
    one_step(app)
    lead.click("Cancel this work")
    assert "Stopping after the step that is being made." in lead.text
    run_all(app)
    lead.page.get_by_text("1 of 3 had been done. Nothing is kept.").wait_for()


def test_progress_comes_without_a_script(app: Flask, waiting: Callable[..., tuple[Visitor, int]]) -> None:
    lead, job_id = waiting("jobs-plain", java_script_enabled=False)
    lead.page.goto(f"{lead.address}/jobs/{job_id}")
    lead.page.get_by_text("Waiting to begin.").wait_for()
    run_all(app)
    lead.page.get_by_text("All three are counted.").wait_for()
