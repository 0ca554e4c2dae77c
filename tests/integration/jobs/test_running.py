"""Long work step by step: done, resumed, failed, cancelled, and never twice."""

from __future__ import annotations

import logging
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from qa.accounts.models import Person
from qa.db import db, now, writing
from qa.jobs import running
from qa.jobs.commands import cancel
from qa.jobs.files import delete_old, given, keep
from qa.jobs.leases import own_name
from qa.jobs.lifecycle import LEASE, TRIES, InHand, JobFileContent, JobState, Progress
from qa.jobs.models import Job
from qa.jobs.queries import at_work
from qa.jobs.running import Ended, Work, take_up, work_through
from qa.trail.models import TrailEntry
from tests.integration.jobs.conftest import Scene, add_area
from tests.support.jobs import run_all


def events(app: Flask, job_id: int) -> list[str]:
    """What the trail says of a job."""
    with app.app_context():
        query = select(TrailEntry.event).where(TrailEntry.record == "job", TrailEntry.record_id == job_id)
        return list(db.session.scalars(query.order_by(TrailEntry.number)))


def set_job(app: Flask, job_id: int, **values: object) -> None:
    with app.app_context(), writing() as session:
        session.execute(update(Job).where(Job.id == job_id).values(**values))


def one_step(app: Flask, worker: str) -> int | None:
    """Let a worker take a job up and make one step, as if it were killed after that."""
    with app.app_context():
        job_id = take_up(worker)
        if job_id is not None:
            running._step(job_id, worker)
        return job_id


def test_every_step_is_made_once_and_the_end_is_noted(app: Flask, scene: Scene) -> None:
    job_id = scene.ask("areas")
    assert run_all(app) == Ended(done=1)
    assert scene.areas() == ["Place 1", "Place 2", "Place 3", "Place 4"]
    job = scene.job(job_id)
    assert (job.state, job.done, job.total, job.result) == (JobState.DONE, 4, 4, {"said": "4 areas."})
    assert job.ended_at
    assert job.claimed_by is None
    assert events(app, job_id) == ["jobs.asked", "jobs.finished"]
    assert run_all(app) == Ended()


def test_a_file_sent_along_is_there_until_the_job_ends(
    app: Flask, scene: Scene, upload: JobFileContent, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[JobFileContent] = []

    def step(session: Session, job: InHand) -> Progress:
        read.append(given(session, job.id))
        keep(session, job.id, JobFileContent("out.txt", "text/plain", b"out"))
        return Progress(job.done + 1)

    monkeypatch.setitem(running.KINDS, "reading", Work(step, "Nothing is kept."))
    job_id = scene.ask("reading", total=1, file=upload)
    assert scene.files(job_id) == ["cases.csv"]
    run_all(app)
    assert read == [upload]
    assert scene.files(job_id) == ["out.txt"]


def test_a_job_goes_on_after_the_last_step_that_was_kept(app: Flask, scene: Scene) -> None:
    job_id = scene.ask("areas")
    assert one_step(app, "one") == job_id
    assert run_all(app, "two") == Ended(), "the lease of the first worker has not run out"
    set_job(app, job_id, claimed_at=now() - LEASE - timedelta(seconds=1))
    assert run_all(app, "two") == Ended(done=1)
    assert scene.areas() == ["Place 1", "Place 2", "Place 3", "Place 4"]


def test_a_worker_whose_process_has_ended_holds_nothing(app: Flask, scene: Scene) -> None:
    job_id = scene.ask("areas")
    machine, number, word = own_name().split("/")
    earlier = f"{machine}/{number}/{'0' * len(word)}"  # this process's number, given to another before it
    assert one_step(app, earlier) == job_id
    assert run_all(app) == Ended(done=1)
    assert len(scene.areas()) == 4


def test_a_worker_that_lost_its_lease_makes_no_step(app: Flask, scene: Scene) -> None:
    job_id = scene.ask("areas")
    one_step(app, "one")
    set_job(app, job_id, claimed_at=now() - LEASE - timedelta(seconds=1))
    with app.app_context():
        assert take_up("two") == job_id
        assert running._step(job_id, "one") is running._After.LOST
    assert scene.areas() == ["Place 1"]


def test_workers_side_by_side_make_no_step_twice(app: Flask, scene: Scene) -> None:
    """Eight jobs and four workers at once: each area is made once, each job by one worker to its end."""
    for number in range(8):
        scene.ask("areas", f"Place{number}", total=5)
    ended: list[Ended] = []
    start = threading.Barrier(4)

    def work(name: str) -> None:
        with app.app_context():
            start.wait()
            ended.append(work_through(name))

    threads = [threading.Thread(target=work, args=(f"worker {number}",)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    # A worker that found every job taken may have left before the others had ended theirs.
    assert sum(each.done for each in ended) == 8
    assert all(each.failed == 0 for each in ended)
    for number in range(8):
        assert len(scene.areas(f"Place{number}")) == 5


def test_a_refusal_fails_the_job_in_its_own_words(app: Flask, scene: Scene) -> None:
    job_id = scene.ask("refusing")
    assert run_all(app) == Ended(failed=1)
    job = scene.job(job_id)
    assert (job.state, job.done, job.problem) == (JobState.FAILED, 2, "The third area is one too many.")
    assert scene.areas() == ["Place 1", "Place 2"]
    assert events(app, job_id) == ["jobs.asked", "jobs.failed"]


def test_what_a_kind_takes_back_is_taken_back_when_it_fails(app: Flask, scene: Scene) -> None:
    scene.ask("refusing_undone")
    assert run_all(app) == Ended(failed=1)
    assert scene.areas() == []


def test_an_unforeseen_error_fails_the_job_and_its_words_stay_out_of_page_and_log(
    app: Flask, scene: Scene, caplog: pytest.LogCaptureFixture
) -> None:
    job_id = scene.ask("breaking")
    with caplog.at_level(logging.DEBUG):
        assert run_all(app) == Ended(failed=1)
    assert "RuntimeError" in caplog.text
    assert f"job {job_id}" in caplog.text
    assert "943" not in caplog.text
    assert scene.job(job_id).problem == running.UNEXPECTED
    assert scene.areas() == ["Place 1", "Place 2"]


def test_a_kind_that_nobody_knows_fails_cleanly(app: Flask, scene: Scene) -> None:
    job_id = scene.ask("of_another_version")
    assert run_all(app) == Ended(failed=1)
    assert scene.job(job_id).problem == running.UNKNOWN


def test_work_for_somebody_who_left_is_given_up(app: Flask, scene: Scene) -> None:
    job_id = scene.ask("areas")
    with app.app_context(), writing() as session:
        session.get_one(Person, scene.lead.id).active = False
    assert run_all(app) == Ended(failed=1)
    assert scene.job(job_id).problem == running.GONE
    assert scene.areas() == []


def test_a_job_that_breaks_off_time_and_again_is_given_up(app: Flask, scene: Scene) -> None:
    job_id = scene.ask("areas")
    for number in range(TRIES):
        with app.app_context():
            assert take_up(f"worker {number}") == job_id  # and then its process is killed
        set_job(app, job_id, claimed_at=now() - LEASE - timedelta(seconds=1))
    assert run_all(app) == Ended(failed=1)
    assert scene.job(job_id).problem == running.GIVEN_UP
    assert scene.areas() == []


def test_cancelling_takes_effect_between_steps(app: Flask, scene: Scene) -> None:
    job_id = scene.ask("areas")
    one_step(app, own_name())
    with app.app_context():
        assert cancel(scene.lead, job_id) is JobState.RUNNING
    assert run_all(app) == Ended(cancelled=1)
    job = scene.job(job_id)
    assert (job.state, job.done) == (JobState.CANCELLED, 1)
    assert scene.areas() == ["Place 1"]
    assert events(app, job_id) == ["jobs.asked", "jobs.cancel_asked", "jobs.cancelled"]


def test_cancelling_takes_back_what_the_kind_takes_back(
    app: Flask, scene: Scene, upload: JobFileContent
) -> None:
    job_id = scene.ask("undone", file=upload)
    one_step(app, own_name())
    assert scene.areas() == ["Place 1"]
    with app.app_context():
        cancel(scene.lead, job_id)
    assert run_all(app) == Ended(cancelled=1)
    assert scene.areas() == []
    assert scene.files(job_id) == []


def test_a_job_that_is_over_is_not_cancelled(app: Flask, scene: Scene) -> None:
    job_id = scene.ask("areas")
    run_all(app)
    with app.app_context():
        assert cancel(scene.lead, job_id) is JobState.DONE
    assert scene.job(job_id).cancel_asked_at is None


def test_a_short_job_need_not_wait_for_a_long_one(
    app: Flask, scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "TURN", -1.0)  # every step is a turn
    scene.ask("areas", "Long", total=6)
    short = scene.ask("areas", "Short", total=2)
    finished: list[int] = []

    def noted(session: Session, job: InHand) -> Progress:
        made = add_area(session, job)
        if made.done == job.total:
            finished.append(job.id)
        return made

    monkeypatch.setitem(running.KINDS, "areas", Work(noted, ""))
    assert run_all(app) == Ended(done=2)
    assert finished[0] == short
    assert len(scene.areas("Long")) == 6


def test_mail_that_a_step_queued_leaves(app: Flask, scene: Scene) -> None:
    scene.ask("letters", total=3)
    run_all(app)
    outbox = Path(app.instance_path) / "outbox"
    assert len(list(outbox.iterdir())) == 3


def test_files_of_finished_jobs_are_deleted_after_some_days(
    app: Flask, scene: Scene, upload: JobFileContent
) -> None:
    old, young = scene.ask("areas", "Old"), scene.ask("areas", "Young")
    run_all(app)
    with app.app_context(), writing() as session:
        keep(session, old, upload)
        keep(session, young, upload)
    set_job(app, old, ended_at=now() - timedelta(days=8))
    with app.app_context():
        assert delete_old(7) == 1
        assert delete_old(7) == 0
    assert scene.files(old) == []
    assert scene.files(young) == ["cases.csv"]


def test_a_second_one_of_the_same_kind_can_be_seen_to_be_at_work(app: Flask, scene: Scene) -> None:
    job_id = scene.ask("areas")
    with app.app_context():
        assert at_work("areas", area_id=scene.area.id) == job_id
        assert at_work("undone", area_id=scene.area.id) is None
    run_all(app)
    with app.app_context():
        assert at_work("areas", area_id=scene.area.id) is None
