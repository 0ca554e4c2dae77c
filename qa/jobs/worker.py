"""The worker of a server process: one thread, begun when a job waits, ended when none is left.

There is none in a process that serves nothing (commands, tests): it is begun after an answer alone.
"""

import atexit
import logging
import threading
import time

from flask import Flask, Response, request
from sqlalchemy import func, select

from qa.config import Settings
from qa.db import db
from qa.jobs.commands import WAITS
from qa.jobs.files import delete_old
from qa.jobs.leases import own_name
from qa.jobs.lifecycle import LEASE, OPEN
from qa.jobs.models import Job
from qa.jobs.running import work_through

log = logging.getLogger("qa")

LOOK_EVERY = 60.0
"""Seconds after which an answer's end looks again for what another process left."""

PATIENCE = 3.0
"""Seconds that the end of the process waits for the step being made."""


class Worker:
    """The thread of one process."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._lock = threading.Lock()
        self._asked = threading.Event()
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self._looked: float | None = None

    def due(self) -> bool:
        """Whether it is time to look for work that nobody here asked for."""
        return self._looked is None or time.monotonic() - self._looked > LOOK_EVERY

    def wake(self) -> None:
        """Have the thread look for work; begins it if there is none."""
        if self._looked is None:
            atexit.register(self.stop)
        self._looked = time.monotonic()
        with self._lock:
            self._asked.set()
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="jobs", daemon=True)
                self._thread.start()

    def stop(self) -> None:
        """Let the thread finish its step and hand its job back."""
        self._stopping.set()
        self._asked.set()
        thread = self._thread
        if thread is not None and thread is not threading.current_thread():
            thread.join(PATIENCE)

    def _run(self) -> None:
        try:
            while not self._stopping.is_set():
                self._asked.clear()
                left = self._look()
                with self._lock:
                    if not left and not self._asked.is_set():
                        self._thread = None
                        return
                self._asked.wait(LEASE.total_seconds() / 4)
        except Exception as error:  # noqa: BLE001 the thread must not end with a trace, which may hold data
            log.warning("the worker for long work stopped: %s", type(error).__name__)
        finally:
            with self._lock:
                if self._thread is threading.current_thread():
                    self._thread = None

    def _look(self) -> int:
        """Do what is free; gives back how many jobs other workers still have."""
        settings: Settings = self._app.extensions["settings"]
        with self._app.app_context():
            work_through(own_name(), stopping=self._stopping.is_set)
            delete_old(settings.job_files_days)
            for tidy in self._app.extensions["tidying"]:
                tidy()
            held = select(func.count()).select_from(Job).where(Job.state.in_(OPEN))
            return db.session.scalar(held) or 0


def init_app(app: Flask) -> None:
    """Look for work after answers: at once after one that left a job waiting, else once in a while."""
    settings: Settings = app.extensions["settings"]
    worker = app.extensions["job_worker"] = Worker(app)
    if not settings.work_in_background:
        return

    @app.after_request
    def look_later(response: Response) -> Response:
        if request.endpoint != "static" and (db.session().info.pop(WAITS, False) or worker.due()):
            response.call_on_close(worker.wake)
        return response


def begin_soon(app: Flask, seconds: float = 3.0) -> None:
    """In a server process that has just started: look for what the last one left, after its first answers."""
    settings: Settings = app.extensions["settings"]
    if settings.work_in_background:
        timer = threading.Timer(seconds, app.extensions["job_worker"].wake)
        timer.daemon = True
        timer.start()
