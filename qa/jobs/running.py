"""Doing long work: a worker takes a job up, makes its steps one after the other, and notes how far it is.

Each step is one unit of work together with the job's progress: after a kill the next worker goes on exactly
after the last step that was kept. A worker holds a job by a lease, which every step renews.
"""

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import Any, NamedTuple

from flask import g
from sqlalchemy import or_, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from qa.accounts.acting import active_person
from qa.accounts.permissions import CurrentPerson
from qa.db import db, now, writing
from qa.jobs.files import delete_files
from qa.jobs.leases import free
from qa.jobs.lifecycle import OPEN, TRIES, Failing, FileRole, InHand, JobState, Link, Progress
from qa.jobs.models import Job
from qa.mail.outbox import deliver_waiting
from qa.problems import Problem
from qa.trail.recording import record

log = logging.getLogger("qa")

TURN = 10.0
"""Seconds after which a worker hands a job back when another waits: a short one need not wait for it."""

UNEXPECTED = "Something went wrong that was not foreseen. It is noted for whoever runs the server."
GONE = "The person who asked for this can no longer sign in."
GIVEN_UP = f"This broke off in the middle {TRIES} times, so it is not tried again."
NOTHING: Mapping[str, Any] = {}
UNKNOWN = "This version of Audit Together does not know this kind of work. Ask for it again."


@dataclass(frozen=True, slots=True)
class Work:
    """How a kind of job is done.

    step: makes one step in the session's unit of work and says how far the job is. It checks what the person
    may do, and refuses with qa.problems (the job then fails with those words). prepare: what takes long and
    only reads, such as laying out a document, done before the unit of work; the step finds it in
    `job.prepared`. undo: takes back what earlier steps did, when the job is cancelled or fails, in the unit
    of work that ends it. if_stopped: the sentence that tells people what becomes of what was done.
    leads_to: where a finished job's page leads. may_fetch: whether this person may still have the files.
    archive: the name of the zip when the job makes several files. forgets: what it was asked with is emptied
    when it ends, as it holds words that somebody typed.
    """

    step: Callable[[Session, InHand], Progress]
    if_stopped: str
    prepare: Callable[[InHand], Any] | None = None
    undo: Callable[[Session, InHand], None] | None = None
    leads_to: Callable[[InHand], Link] | None = None
    may_fetch: Callable[[InHand], bool] | None = None
    forgets: bool = False
    archive: Callable[[InHand], str] = lambda job: f"{job.kind}-{job.id}.zip"


KINDS: dict[str, Work] = {}


def register(kind: str, work: Work) -> None:
    """Make a kind of job known; done once for each in the factory."""
    KINDS[kind] = work


class Ended(NamedTuple):
    """How many jobs ended, by how they did."""

    done: int = 0
    failed: int = 0
    cancelled: int = 0


class _After(Enum):
    """What there is to do after a step."""

    NEXT = auto()
    OVER = auto()
    LOST = auto()


def work_through(worker: str, *, stopping: Callable[[], bool] = lambda: False) -> Ended:
    """Do every job that is free, in turns, until none is left or `stopping` says so; in an app's context."""
    ended: dict[JobState, int] = {}
    while not stopping():
        job_id = take_up(worker)
        if job_id is None:
            break
        state = _take_turn(job_id, worker, stopping)
        if state is not None:
            ended[state] = ended.get(state, 0) + 1
    return Ended(*(ended.get(state, 0) for state in (JobState.DONE, JobState.FAILED, JobState.CANCELLED)))


def take_up(worker: str) -> int | None:
    """Claim the job that has waited longest; gives its number, None when none is free."""
    passed: set[int] = set()
    while True:
        query = select(Job.id, Job.state, Job.asked_at, Job.claimed_at, Job.claimed_by)
        rows = db.session.execute(query.where(Job.state.in_(OPEN)).order_by(Job.id)).all()
        moment = now()
        waiting = [row for row in rows if row.id not in passed and free(row, moment, worker)]
        if not waiting:
            return None
        chosen = min(waiting, key=lambda row: (row.claimed_at or row.asked_at, row.id))
        if _claimed(chosen.id, chosen.claimed_by, worker):
            return int(chosen.id)
        passed.add(chosen.id)  # another worker was quicker


def _claimed(job_id: int, held_by: str | None, worker: str) -> bool:
    """Write the worker's name on the job, unless another has done so since it was read."""
    as_read = Job.claimed_by.is_(None) if held_by is None else Job.claimed_by == held_by
    with writing() as session:
        job = session.scalar(
            select(Job)
            .where(Job.id == job_id, Job.state.in_(OPEN), as_read)
            .with_for_update(skip_locked=True)
        )
        if job is None:
            return False
        job.state, job.claimed_by, job.claimed_at = JobState.RUNNING, worker, now()
        job.tries += 1
        return True


def _take_turn(job_id: int, worker: str, stopping: Callable[[], bool]) -> JobState | None:
    """Make steps until the job is over (gives its state), lost, or its turn is (None)."""
    until = time.monotonic() + TURN
    while True:
        try:
            after = _step(job_id, worker)
        except OperationalError as error:
            # The database went away, or two transactions stood in each other's way: the lease runs out, and
            # whoever takes the job up then makes the same step again.
            db.session.rollback()
            log.warning("job %d: a step was put off: %s", job_id, type(error.orig).__name__)
            return None
        if after is _After.OVER:
            return db.session.scalar(select(Job.state).where(Job.id == job_id))
        if after is _After.LOST:
            return None
        if stopping() or (time.monotonic() > until and _others_wait(job_id)):
            _hand_back(job_id, worker)
            return None


def _others_wait(job_id: int) -> bool:
    never_begun = or_(Job.state == JobState.WAITING, Job.claimed_by.is_(None))
    query = select(Job.id).where(Job.id != job_id, Job.state.in_(OPEN), never_begun)
    return db.session.scalar(query.limit(1)) is not None


def _hand_back(job_id: int, worker: str) -> None:
    with writing() as session:
        job = _held(session, job_id, worker)
        if job is not None:
            job.claimed_by, job.claimed_at = None, now()


def _held(session: Session, job_id: int, worker: str) -> Job | None:
    """The job's row, locked, if this worker still has it."""
    return session.scalar(
        select(Job)
        .where(Job.id == job_id, Job.claimed_by == worker, Job.state == JobState.RUNNING)
        .with_for_update()
    )


def _step(job_id: int, worker: str) -> _After:
    """One step with all that belongs to it. Raises OperationalError when it is worth trying again."""
    job = db.session.scalar(select(Job).where(Job.id == job_id, Job.claimed_by == worker))
    if job is None:
        return _After.LOST
    kind, work, person = job.kind, KINDS.get(job.kind), active_person(job.asked_by_id)
    if work is None or person is None or job.tries > TRIES:
        said = UNKNOWN if work is None else GONE if person is None else GIVEN_UP
        return _fail(job_id, worker, work, said)
    try:
        after = _kept_step(work, _in_hand(job, person), worker)
    except Problem as refusal:
        left = refusal.left if isinstance(refusal, Failing) else {}
        return _fail(job_id, worker, work, _in_words(refusal), left)
    except OperationalError:
        raise
    except Exception as error:  # noqa: BLE001 whatever a kind's step does wrong must not end the worker
        log.error("job %d (%s): a step failed: %s", job_id, kind, _without_data(error))  # noqa: TRY400
        return _fail(job_id, worker, work, UNEXPECTED)
    _deliver(job_id)
    return after


def _kept_step(work: Work, job: InHand, worker: str) -> _After:
    stopped = select(Job.cancel_asked_at).where(Job.id == job.id)
    if work.prepare is not None and db.session.scalar(stopped) is None:
        job = job._replace(prepared=work.prepare(job))
    with writing() as session:
        row = _held(session, job.id, worker)
        if row is None:
            return _After.LOST
        if row.cancel_asked_at is not None:
            _end(session, row, JobState.CANCELLED, job, work)
            return _After.OVER
        row.claimed_at = now()
        made = work.step(session, job)
        row.total = row.total if made.total is None else made.total
        row.done, row.note, row.tries = min(made.done, row.total), made.note[:250], 0
        row.result = {**row.result, **(made.result or {})}
        finished = made.done >= row.total if made.finished is None else made.finished
        if finished:
            _end(session, row, JobState.DONE, job, work)
        return _After.OVER if finished else _After.NEXT


def _end(session: Session, row: Job, state: JobState, job: InHand | None, work: Work | None) -> None:
    """Note in the unit of work that the job is over, once what it did is undone where that is its way."""
    stopped = state is not JobState.DONE
    if stopped and work is not None and work.undo is not None and job is not None:
        work.undo(session, job)
    roles = (FileRole.GIVEN, FileRole.MADE) if stopped else (FileRole.GIVEN,)
    delete_files(session, row.id, *roles)
    row.state, row.ended_at, row.claimed_by, row.claimed_at, row.note = state, now(), None, None, ""
    row.version += 1
    if work is not None and work.forgets:
        row.arguments = {}
    event = {"done": "jobs.finished", "failed": "jobs.failed", "cancelled": "jobs.cancelled"}[state.value]
    record(session, row.asked_by_id, event, "job", row.id, fields=[row.kind], area_id=row.area_id)


def _fail(
    job_id: int, worker: str, work: Work | None, said: str, left: Mapping[str, Any] = NOTHING
) -> _After:
    """End the job as failed with these words; a failure of undoing it is logged and said."""
    try:
        return _failed(job_id, worker, work, said, left)
    except OperationalError:
        raise
    except Exception as error:  # noqa: BLE001 the job must end, whatever taking its steps back does
        log.error("job %d could not be undone: %s", job_id, _without_data(error))  # noqa: TRY400
        kept = None if work is None else replace(work, undo=None)
        return _failed(job_id, worker, kept, f"{said} What was done could not be taken back.", left)


def _failed(job_id: int, worker: str, work: Work | None, said: str, left: Mapping[str, Any]) -> _After:
    with writing() as session:
        row = _held(session, job_id, worker)
        if row is None:
            return _After.LOST
        row.problem, row.result = said, {**row.result, **left}
        # Somebody who left may not be a person to act as any more; undoing needs the job alone.
        person = active_person(row.asked_by_id) or CurrentPerson(row.asked_by_id, "", "")
        _end(session, row, JobState.FAILED, _in_hand(row, person), work)
        return _After.OVER


def _in_hand(job: Job, person: CurrentPerson) -> InHand:
    return InHand(
        job.id,
        job.kind,
        job.title,
        job.area_id,
        job.audit_id,
        person,
        job.arguments,
        job.result,
        job.done,
        job.total,
    )


def _in_words(refusal: Problem) -> str:
    """What a refusal says; one without words means that the record is out of reach."""
    return str(refusal) or "What this was about is not there any more, or you may no longer see it."


def _without_data(error: Exception) -> str:
    """The kind of an error and where it arose. Its message may hold what a person typed, so it stays out."""
    place = error.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    where = f" in {place.tb_frame.f_code.co_filename}:{place.tb_lineno}" if place else ""
    return f"{type(error).__name__}{where}"


def _deliver(job_id: int) -> None:
    """Deliver mail that the step queued, as an answer to a request would."""
    if not g.pop("mail_waits", False):
        return
    try:
        deliver_waiting()
    except Exception as error:  # noqa: BLE001 the step is kept: the mail waits for the next delivery
        log.warning("job %d: waiting mail was not delivered: %s", job_id, type(error).__name__)
