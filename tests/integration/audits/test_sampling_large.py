"""A long population list is read and drawn from by long work: whole or not at all. Its file never stays."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from qa.audits.lifecycle import Stage
from qa.audits.models import Audit, Case
from qa.audits.sampling import long_work
from qa.audits.sampling.drawing import Member, draw
from qa.audits.sampling.models import PopulationList, Sample, Unit
from qa.audits.sampling.views import drawing
from qa.db import db, today, writing
from qa.jobs import running
from qa.jobs.leases import own_name
from qa.jobs.models import Job, JobFile
from qa.jobs.running import Ended, take_up
from tests.integration.audits.conftest import Place
from tests.support.factories import Maker
from tests.support.jobs import run_all
from tests.support.pages import Browser, Page
from tests.support.samples import listed_sample, population

HEAD = "Case reference,Pathway,Team\n"
LONG = population(40)
WITH_DATE = LONG + b"\nL9999,Early help,14/03/2011"
ON_SIGHT = LONG.replace(b"Team 0", b"14/03/2011")


@pytest.fixture(autouse=True)
def _ten_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(long_work, "AT_ONCE", 10)
    monkeypatch.setattr(drawing, "AT_ONCE", 10)


@pytest.fixture
def audit(place: Place, make: Maker) -> Audit:
    """An audit in planning."""
    made: Audit = make.audit(place.area, place.edition, (place.police,), stage=Stage.PLANNING)
    return made


def send(lead: Browser, audit: Audit, content: bytes = LONG) -> Page:
    return lead.post(f"/audits/{audit.id}/sample/list", {"file": (io.BytesIO(content), "list.csv")})


def ask_to_draw(lead: Browser, audit: Audit, sample: Sample, **typed: object) -> Page:
    address = f"/audits/{audit.id}/sample/{sample.id}/draw"
    page = lead.get(address)
    page = lead.post(address, {**page.form(), "size": "6", "reserve": "1", **typed, "show": "yes"})
    return lead.post(address, {**page.form(), "draw": "yes"})


def number_of(app: Flask, *models: type) -> list[int]:
    with app.app_context():
        return [db.session.scalar(select(func.count()).select_from(model)) or 0 for model in models]


def references(app: Flask) -> list[str]:
    with app.app_context():
        return list(db.session.scalars(select(Case.reference).order_by(Case.number)))


def begun(app: Flask) -> None:
    """The first step of the work that waits, as a server does it that is then killed."""
    with app.app_context():
        job_id = take_up(own_name())
        assert job_id
        running._step(job_id, own_name())


def everything_kept(app: Flask) -> str:
    """All that the jobs' table says, as text."""
    with app.app_context():
        jobs = db.session.scalars(select(Job)).all()
        return json.dumps([[job.title, job.problem, job.note, job.arguments, job.result] for job in jobs])


def test_a_long_list_is_long_work_and_a_short_one_is_not(app: Flask, audit: Audit, lead: Browser) -> None:
    assert send(lead, audit, population(10)).heading == "What the columns are"
    assert number_of(app, Job) == [0]
    page = send(lead, audit)
    assert page.heading == f"Population list for {audit.reference}"
    assert number_of(app, JobFile) == [1]
    assert "See how far it is" in lead.get(f"/audits/{audit.id}/sample").links
    begun(app)
    address = page.response.request.path
    assert "Reading the list and looking through it." in lead.get(address).text
    assert run_all(app) == Ended(done=1)
    page = lead.get(address)
    assert "The list of 40 rows is read" in page.text
    page = lead.get(page.links["Go to the sample"])
    assert "A list of 40 rows was brought in" in page.text
    assert "See how far it is" not in page.links
    assert number_of(app, JobFile, PopulationList, Sample) == [0, 1, 1]


def test_a_large_file_of_few_rows_is_read_in_part_too(
    app: Flask, audit: Audit, lead: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(long_work, "AT_ONCE", 5_000)
    monkeypatch.setattr(long_work, "LARGE", 1_000)
    monkeypatch.setattr(long_work, "AT_ONCE_OF_LARGE", 20)
    assert send(lead, audit, population(20)).heading == "What the columns are"
    assert send(lead, audit).heading == f"Population list for {audit.reference}"


def test_identifiers_further_down_end_the_work_and_leave_nothing(
    app: Flask, audit: Audit, lead: Browser
) -> None:
    page = send(lead, audit, WITH_DATE)
    assert run_all(app) == Ended(failed=1)
    page = lead.get(page.response.request.path)
    assert "could identify somebody, and nothing of it was kept" in page.text
    assert number_of(app, JobFile, PopulationList, Sample) == [0, 0, 0]
    page = lead.get(page.links["See what to take out"])
    assert page.heading == "Bring in a population list"
    assert "Nothing of it was kept" in page.field_error("file")
    assert "Team Row 42 a date of birth" in page.text
    assert "14/03/2011" not in page.text
    assert "14/03/2011" not in everything_kept(app)
    assert "list.csv" not in everything_kept(app)


def test_what_was_found_is_for_that_audit_and_for_who_may_see_it(
    app: Flask,
    place: Place,
    audit: Audit,
    make: Maker,
    lead: Browser,
    browser: Callable[[str], Browser],
) -> None:
    send(lead, audit, WITH_DATE)
    run_all(app)
    with app.app_context():
        number = db.session.scalars(select(Job.id)).one()
    other = make.audit(place.area, place.edition, (place.police,), stage=Stage.PLANNING)
    lead.get(f"/audits/{other.id}/sample/list?job={number}", status=404)
    lead.get(f"/audits/{audit.id}/sample/list?job={number + 1}", status=404)
    stranger = browser(place.elsewhere.email)
    stranger.get(f"/audits/{audit.id}/sample/list?job={number}", status=404)


def test_identifiers_in_the_first_rows_are_refused_before_anything_is_kept(
    app: Flask, audit: Audit, lead: Browser
) -> None:
    page = send(lead, audit, ON_SIGHT)
    assert "Nothing of it was kept" in page.field_error("file")
    assert "The first 10 rows were looked through" in page.text
    assert number_of(app, Job, JobFile) == [0, 0]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (LONG + b"\nL1,Early help,Team 1,more", "Row 42 has more cells than there are headings"),
        (LONG + b"\nL1,Early help," + b"x" * 201, "Row 42 has a cell of more than 200 characters"),
        (LONG + b'\nL1,"' + b"x" * 200_000, "cannot be read as CSV"),
    ],
)
def test_a_hostile_list_ends_the_work_in_words(
    app: Flask, audit: Audit, lead: Browser, content: bytes, words: str
) -> None:
    page = send(lead, audit, content)
    assert run_all(app) == Ended(failed=1)
    assert words in lead.get(page.response.request.path).text
    assert number_of(app, JobFile, PopulationList, Sample) == [0, 0, 0]


def test_limits_are_looked_at_before_anything_is_kept(app: Flask, audit: Audit, lead: Browser) -> None:
    page = send(lead, audit, b"PK\x03\x04" + b"x" * 5_000)
    assert page.field_error("file")
    page = send(lead, audit, HEAD.encode() + b"C1,Early help,Team\n" * 450_000)
    assert "larger than 8 MB" in page.field_error("file")
    assert number_of(app, Job, JobFile) == [0, 0]


def test_cancelling_a_list_deletes_its_file(app: Flask, audit: Audit, lead: Browser) -> None:
    address = send(lead, audit).response.request.path
    begun(app)
    lead.post(f"{address}/cancel")
    assert run_all(app) == Ended(cancelled=1)
    assert "the file that was sent is deleted" in lead.get(address).text
    assert number_of(app, JobFile, PopulationList, Sample) == [0, 0, 0]


def test_one_list_at_a_time(app: Flask, audit: Audit, lead: Browser) -> None:
    send(lead, audit)
    page = send(lead, audit)
    assert "A list is being read or drawn from already" in page.errors[0]
    assert number_of(app, Job, JobFile) == [1, 1]


def test_an_audit_that_takes_no_cases_any_more_keeps_no_list(app: Flask, audit: Audit, lead: Browser) -> None:
    send(lead, audit)
    with app.app_context(), writing() as session:
        session.get_one(Audit, audit.id).stage = Stage.CLOSED
    assert run_all(app) == Ended(failed=1)
    assert number_of(app, JobFile, PopulationList, Sample) == [0, 0, 0]


def test_a_draw_from_a_long_list_goes_on_after_a_kill_and_gives_the_same_cases(
    app: Flask, audit: Audit, make: Maker, lead: Browser
) -> None:
    page = ask_to_draw(lead, audit, listed_sample(make, audit), seed="same")
    assert page.heading == f"Draw of 6 cases for {audit.reference}"
    begun(app)
    assert references(app) == []
    assert "Putting the list in the order of the draw." in lead.get(page.response.request.path).text
    assert run_all(app) == Ended(done=1)
    made = draw([Member(f"L{n:04}") for n in range(1, 41)], "same", {"": 6}, 1)
    assert references(app) == list(made[""].cases)
    page = lead.get(page.response.request.path)
    assert "6 cases are drawn." in page.text
    assert "Population list Deleted" in lead.get(page.links["Go to the sample"]).text
    assert number_of(app, PopulationList, Unit) == [0, 7]


def test_a_list_kept_on_purpose_is_kept_by_the_work_too(
    app: Flask, audit: Audit, make: Maker, lead: Browser
) -> None:
    day = today() + timedelta(days=9)
    until = [str(day.day), str(day.month), str(day.year)]
    chosen = {"keep": "y", "keep_until": until, "column": "1", "allocation": "equal", "reserve": "0"}
    ask_to_draw(lead, audit, listed_sample(make, audit), **chosen)
    assert run_all(app) == Ended(done=1)
    page = lead.get(f"/audits/{audit.id}/sample")
    assert f"until {day.day} {day:%B %Y}" in page.text
    assert "Team 0" in page.text


def test_cancelling_a_draw_leaves_the_list_as_it_was(
    app: Flask, audit: Audit, make: Maker, lead: Browser
) -> None:
    sample = listed_sample(make, audit)
    address = ask_to_draw(lead, audit, sample).response.request.path
    begun(app)
    lead.post(f"{address}/cancel")
    assert run_all(app) == Ended(cancelled=1)
    assert references(app) == []
    assert number_of(app, PopulationList, Unit) == [1, 0]
    ask_to_draw(lead, audit, sample)
    assert run_all(app) == Ended(done=1)
    assert len(references(app)) == 6


def test_a_draw_of_strata_that_were_not_seen_is_not_begun(
    app: Flask, audit: Audit, make: Maker, lead: Browser
) -> None:
    address = f"/audits/{audit.id}/sample/{listed_sample(make, audit).id}/draw"
    page = lead.get(address)
    page = lead.post(address, {**page.form(), "size": "7", "draw": "yes"})
    assert "These are the strata now" in page.errors[0]
    assert number_of(app, Job) == [0]


def test_a_case_added_meanwhile_is_no_surprise(app: Flask, audit: Audit, make: Maker, lead: Browser) -> None:
    page = ask_to_draw(lead, audit, listed_sample(make, audit))
    make.case(audit, "L0001")
    assert run_all(app) == Ended(failed=1)
    assert "The strata are others now" in lead.get(page.response.request.path).text
    assert references(app) == ["L0001"]
    assert number_of(app, PopulationList) == [1]


def test_a_list_changed_meanwhile_is_not_drawn_from(
    app: Flask, audit: Audit, make: Maker, lead: Browser
) -> None:
    sample = listed_sample(make, audit)
    page = ask_to_draw(lead, audit, sample)
    with app.app_context(), writing() as session:
        session.get_one(Sample, sample.id).repeated = 3
    assert run_all(app) == Ended(failed=1)
    assert "The list was changed meanwhile" in lead.get(page.response.request.path).text
    assert references(app) == []


def test_the_usual_limits() -> None:
    assert (long_work.LARGE, long_work.AT_ONCE_OF_LARGE) == (1024 * 1024, 500)
    assert long_work.rows_at_once(b"x" * (1024 * 1024 + 1)) == 500
