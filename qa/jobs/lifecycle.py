"""What long work is, apart from any table: its states, how far it is, the files it takes and makes. Pure."""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from typing import Any, NamedTuple

from qa.accounts.permissions import CurrentPerson
from qa.problems import Problem

LEASE = timedelta(minutes=2)
"""How long a worker may say nothing before another takes its job up. A step must be far shorter."""

TRIES = 5
"""How often a job is taken up without a step succeeding, before it is given up."""


class JobState(StrEnum):
    """Where a job stands."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def label(self) -> str:
        """What people read."""
        return self.value.capitalize()

    @property
    def over(self) -> bool:
        """Nothing more will happen."""
        return self not in OPEN


OPEN = frozenset({JobState.WAITING, JobState.RUNNING})


class FileRole(StrEnum):
    """given: sent along by who asked, deleted when the job ends. made: a result, kept for some days."""

    GIVEN = "given"
    MADE = "made"


class JobFileContent(NamedTuple):
    """A file to go with a job. name: without a path."""

    name: str
    media_type: str
    content: bytes


class Progress(NamedTuple):
    """What a step gives back. done and total: units, in all and not only of this step; total None: as before.

    note: what is being done, in a few words without any case's or person's data ("Case 12 of 30").
    result: added to what earlier steps gave; `said` in it is the sentence shown when the job is done.
    finished: whether this was the last step; None: when done has reached total.
    """

    done: int
    total: int | None = None
    note: str = ""
    result: Mapping[str, Any] | None = None
    finished: bool | None = None


class Failing(Problem):
    """A step's refusal that leaves something to look at.

    said: the job's problem in words. left: added to the job's result, plain values for JSON. It stays with
    the job for good, so nothing of what was sent belongs in it.
    """

    def __init__(self, said: str, left: Mapping[str, Any]) -> None:
        super().__init__(said)
        self.left = left


class InHand(NamedTuple):
    """A job as a step gets it. person: who asked, with the roles they hold now; every step checks what they
    may do, as commands do. prepared: what the work's `prepare` gave, None without one.
    """

    id: int
    kind: str
    title: str
    area_id: int
    audit_id: int | None
    person: CurrentPerson
    arguments: Mapping[str, Any]
    result: Mapping[str, Any]
    done: int
    total: int
    prepared: Any = None


class Link(NamedTuple):
    """Where a finished job leads: its words, and the endpoint with its arguments."""

    text: str
    endpoint: str
    arguments: Mapping[str, Any]
