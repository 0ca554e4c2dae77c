"""The worker of a server process: begun by an answer alone, ended when nothing is left to do."""

from __future__ import annotations

import threading
from dataclasses import replace

from flask import Flask

from qa.config import Settings
from qa.db import db
from qa.factory import create_app
from qa.jobs.lifecycle import JobState
from qa.jobs.worker import Worker
from tests.integration.jobs.conftest import Scene

PATIENCE = 60


def worker_of(app: Flask) -> Worker:
    found: Worker = app.extensions["job_worker"]
    return found


def ended(worker: Worker) -> bool:
    """Wait for the worker's thread; whether there is none any more."""
    thread = worker._thread
    if thread is not None:
        thread.join(PATIENCE)
    return worker._thread is None


def threads() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name == "jobs"]


def test_commands_and_tests_have_no_worker(app: Flask, scene: Scene) -> None:
    scene.ask("areas")
    app.test_client().get("/accessibility").close()
    app.test_cli_runner().invoke(args=["trail", "verify"])
    assert threads() == []


def test_an_answer_wakes_it_and_it_ends_when_all_is_done(app: Flask, scene: Scene) -> None:
    settings: Settings = app.extensions["settings"]
    server = create_app(replace(settings, work_in_background=True))
    job_id = scene.ask("areas")
    try:
        server.test_client().get("/accessibility").close()
        assert ended(worker_of(server))
        assert scene.job(job_id).state is JobState.DONE
        # It has just looked: the next answer does not look again.
        later = scene.ask("areas", "Later")
        server.test_client().get("/accessibility").close()
        assert threads() == []
        worker_of(server).wake()
        assert ended(worker_of(server))
        assert scene.job(later).state is JobState.DONE
    finally:
        with server.app_context():
            db.session.remove()
            db.engine.dispose()


def test_a_worker_told_to_stop_hands_its_job_back(app: Flask, scene: Scene) -> None:
    job_id = scene.ask("areas")
    worker = worker_of(app)
    stopping = Worker(app)
    stopping.stop()
    stopping.wake()
    assert ended(stopping)
    assert scene.job(job_id).state is JobState.WAITING
    worker.wake()
    assert ended(worker)
    assert scene.job(job_id).state is JobState.DONE
