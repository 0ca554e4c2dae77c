"""A server killed in the middle of long work: the next goes on where it was, and nothing is done twice."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import func, select

from bench.load import Load, load
from qa.accounts.acting import active_person
from qa.accounts.models import Person
from qa.accounts.permissions import CurrentPerson
from qa.audits.sampling.long_work import begin_list
from qa.audits.sampling.models import PopulationList, Sample
from qa.audits.sampling.reading import read_start
from qa.backup.restoring import restore
from qa.backup.writing import back_up
from qa.db import db
from qa.jobs.leases import own_name
from qa.jobs.lifecycle import JobState
from qa.jobs.models import Job, JobFile
from qa.jobs.running import _step, take_up, work_through
from qa.reports import summary_jobs
from qa.trail.models import TrailEntry
from tests.integration.test_serving import NewDatabase, inside, started
from tests.support.samples import population

CASES = 24
ROWS = 90_000  # of a list that takes a server seconds to read
PATIENCE = 120  # seconds after which nothing more is waited for


def until(condition: Callable[[], bool], what: str) -> None:
    """Wait for what other processes do. Raises AssertionError when it does not come."""
    last = time.monotonic() + PATIENCE
    between = threading.Event()
    while not condition():
        assert time.monotonic() < last, what
        between.wait(0.02)


def lead_of(loaded: Load) -> CurrentPerson:
    person = active_person(db.session.scalars(select(Person.id).where(Person.email == loaded.lead)).one())
    assert person
    return person


def ask(app: Flask, cases: int) -> int:
    """A loaded audit, and the job that makes every summary of it."""
    upgrade()
    loaded = load(app, cases=cases, questions=2)
    job_id = summary_jobs.ask(lead_of(loaded), loaded.audit_id)
    db.session.remove()
    return job_id


@contextmanager
def looking(job_id: int) -> Iterator[Job]:
    """The job as it stands now."""
    try:
        yield db.session.get_one(Job, job_id)
    finally:
        db.session.remove()


def done(job_id: int) -> int:
    with looking(job_id) as job:
        return job.done


def begun(job_id: int) -> bool:
    with looking(job_id) as job:
        return bool(job.result.get("begun"))


def over(job_id: int) -> bool:
    with looking(job_id) as job:
        return job.state.over


def made(job_id: int) -> tuple[int, list[int | None]]:
    """How many files there are, and of which cases the trail says that their summary was read."""
    files = db.session.scalar(select(func.count()).select_from(JobFile).where(JobFile.job_id == job_id))
    read = select(TrailEntry.record_id).where(TrailEntry.event == "case.read").order_by(TrailEntry.number)
    return files or 0, list(db.session.scalars(read))


def test_a_killed_server_loses_nothing_and_does_nothing_twice(
    new_database: NewDatabase, tmp_path: Path
) -> None:
    with new_database() as address, inside(address, tmp_path) as app:
        job_id = ask(app, CASES)
        with started(address, DEMO="no") as server:
            until(lambda: done(job_id) >= 2, "the server did not begin")
            os.killpg(server.process.pid, signal.SIGKILL)
            server.process.wait(PATIENCE)
        with looking(job_id) as job:
            assert job.state is JobState.RUNNING
            assert 2 <= job.done < CASES
            before = job.done
        assert made(job_id)[0] == before
        with started(address, DEMO="no"):
            until(lambda: over(job_id), "the next server did not go on")
        with looking(job_id) as job:
            assert (job.state, job.done, job.total) == (JobState.DONE, CASES, CASES)
            assert job.problem == ""
        files, read = made(job_id)
        assert files == CASES
        assert sorted(number or 0 for number in read) == list(range(1, CASES + 1))


def lists() -> tuple[int, int]:
    """How many population lists are kept, and how many files lie with jobs."""
    kept, files = (
        db.session.scalar(select(func.count()).select_from(one)) for one in (PopulationList, JobFile)
    )
    db.session.remove()
    return kept or 0, files or 0


def test_a_server_killed_while_it_reads_a_list_leaves_all_of_it_or_nothing(
    new_database: NewDatabase, tmp_path: Path
) -> None:
    content = population(ROWS)
    with new_database() as address, inside(address, tmp_path) as app:
        upgrade()
        loaded = load(app, cases=CASES, questions=2)
        start, whole = read_start(content, 10)
        assert not whole
        job_id = begin_list(lead_of(loaded), loaded.tracked_audit_id or loaded.audit_id, content, start, 8)
        db.session.remove()
        with started(address, DEMO="no") as server:
            until(lambda: begun(job_id), "the server did not begin")
            os.killpg(server.process.pid, signal.SIGKILL)
            server.process.wait(PATIENCE)
        with looking(job_id) as job:
            assert (job.state, job.done) == (JobState.RUNNING, 0)
        assert lists() == (0, 1)
        with started(address, DEMO="no"):
            until(lambda: over(job_id), "the next server did not go on")
        with looking(job_id) as job:
            assert (job.state, job.problem) == (JobState.DONE, "")
        assert lists() == (1, 0)
        assert db.session.scalars(select(Sample.rows)).all() == [ROWS]


def test_work_that_was_interrupted_goes_on_after_a_restore(new_database: NewDatabase, tmp_path: Path) -> None:
    backup = tmp_path / "copy.zip"
    with new_database() as address, inside(address, tmp_path) as app:
        job_id = ask(app, 10)
        assert take_up(own_name()) == job_id
        _step(job_id, own_name())
        db.session.remove()
        back_up(backup)
    with new_database() as address, inside(address, tmp_path):
        restore(backup)
        assert made(job_id)[0] == 1
        assert work_through(own_name()).done == 1
        files, read = made(job_id)
        assert files == len(set(read)) == len(read) == 10
