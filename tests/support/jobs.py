"""Doing long work in the test's own thread, as `flask --app app jobs run` does it."""

from __future__ import annotations

from flask import Flask

from qa.jobs.leases import own_name
from qa.jobs.running import Ended, work_through


def run_all(app: Flask, worker: str | None = None) -> Ended:
    """Do every job that waits, to its end; gives back how many were done, failed and cancelled."""
    with app.app_context():
        return work_through(worker or own_name())
