"""When a worker may take up a job that another has."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import pytest

from qa.jobs.leases import free, known_dead, own_name
from qa.jobs.lifecycle import LEASE, JobState

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
MACHINE = socket.gethostname()[:80]


class Held(NamedTuple):
    state: JobState = JobState.RUNNING
    claimed_at: datetime | None = NOW
    claimed_by: str | None = "elsewhere/1/abcd"


@pytest.mark.parametrize(
    ("held", "may"),
    [
        (Held(JobState.WAITING, None, None), True),
        (Held(claimed_by=None), True),
        (Held(), False),
        (Held(claimed_at=NOW - LEASE), False),
        (Held(claimed_at=NOW - LEASE - timedelta(seconds=1)), True),
        (Held(claimed_by="me"), True),
    ],
)
def test_a_lease_holds_until_it_runs_out(held: Held, may: bool) -> None:
    assert free(held, NOW, "me") is may


def test_a_process_that_has_ended_holds_nothing() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, check=True
    )
    gone = int(done.stdout)
    assert known_dead(f"{MACHINE}/{gone}/abcd")
    assert not known_dead(f"another-machine/{gone}/abcd")
    assert free(Held(claimed_by=f"{MACHINE}/{gone}/abcd"), NOW, "me")


def test_a_process_at_work_holds_its_job() -> None:
    assert not known_dead(own_name())
    assert not known_dead(f"{MACHINE}/{os.getppid()}/abcd")
    # This process's number, given to another one before it.
    assert known_dead(f"{MACHINE}/{os.getpid()}/another")


@pytest.mark.parametrize("name", ["", "one", "a/b", f"{MACHINE}/x/y", f"{MACHINE}/1/2/3"])
def test_a_name_of_another_shape_is_never_known_dead(name: str) -> None:
    assert not known_dead(name)
