"""Who holds a job, and when the hold is void: its lease ran out, or its process is known to have ended."""

import os
import socket
from datetime import datetime
from functools import cache
from secrets import token_hex
from typing import Protocol

from qa.jobs.lifecycle import LEASE, JobState


class Held(Protocol):
    """What of a job's row says who holds it."""

    @property
    def state(self) -> JobState:
        """Where the job stands."""
        ...

    @property
    def claimed_at(self) -> datetime | None:
        """When its worker last made a step."""
        ...

    @property
    def claimed_by(self) -> str | None:
        """Its worker's name."""
        ...


@cache
def _token(_pid: int) -> str:
    """A word of each process's own: a fork asks with another number, a later process has another word."""
    return token_hex(4)


def own_name() -> str:
    """The name of this process's worker: machine, process number and a word that no other process has."""
    return f"{socket.gethostname()[:80]}/{os.getpid()}/{_token(os.getpid())}"


def free(held: Held, moment: datetime, worker: str) -> bool:
    """Whether the worker may take up a job that is not over."""
    if held.state is JobState.WAITING or held.claimed_by is None or held.claimed_at is None:
        return True
    # Its own: a turn that ended without handing back, as when the database went away.
    return held.claimed_by == worker or held.claimed_at < moment - LEASE or known_dead(held.claimed_by)


def known_dead(worker: str) -> bool:
    """Whether a worker's process was on this machine and has ended, so that its lease need not run out."""
    parts = worker.split("/")
    if len(parts) != 3 or parts[0] != socket.gethostname()[:80] or not parts[1].isdigit():
        return False
    pid = int(parts[1])
    if pid == os.getpid():
        return parts[2] != _token(pid)
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    except OSError:
        return False
    return False
