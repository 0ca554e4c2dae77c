"""What a person does with long work: asks for it, stops it."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from qa.accounts.permissions import CurrentPerson
from qa.db import now, writing
from qa.jobs.files import keep
from qa.jobs.lifecycle import FileRole, JobFileContent, JobState
from qa.jobs.models import Job
from qa.jobs.queries import visible
from qa.problems import NotFound
from qa.trail.recording import record

WAITS = "job_waits"
"""In the session's `info` after a job was asked for: the answer's end wakes the worker (qa.jobs.worker)."""


def begin(  # noqa: PLR0913 what a job is, each named by the caller
    session: Session,
    person: CurrentPerson,
    kind: str,
    title: str,
    *,
    area_id: int,
    audit_id: int | None = None,
    arguments: Mapping[str, Any],
    total: int,
    file: JobFileContent | None = None,
) -> int:
    """Ask for long work in a unit of work whose owner has checked that the person may; gives its number.

    title: what the person reads, without any case's or child's data. arguments: plain values for JSON.
    total: units of work, by which progress is shown. file: sent along; deleted when the job ends. Call it
    last before the commit: it writes the trail's entry.
    """
    job = Job(
        kind=kind,
        title=title,
        area_id=area_id,
        audit_id=audit_id,
        asked_by_id=person.id,
        asked_at=now(),
        total=total,
        arguments=dict(arguments),
    )
    session.add(job)
    session.flush()
    if file is not None:
        keep(session, job.id, file, role=FileRole.GIVEN)
    session.info[WAITS] = True
    record(session, person.id, "jobs.asked", "job", job.id, fields=[kind], area_id=area_id)
    return job.id


def cancel(person: CurrentPerson, job_id: int) -> JobState:
    """Ask a job to stop. One that nobody has begun stops at once, another before its next step.

    Gives back the state it is then in; one that was over stays as it is. Raises NotFound out of reach.
    """
    with writing() as session:
        job = session.scalar(select(Job).where(Job.id == job_id, visible(person)).with_for_update())
        if job is None:
            raise NotFound
        if job.state.over or job.cancel_asked_at:
            return job.state
        job.cancel_asked_at = now()
        job.version += 1
        # Also one that nobody has begun is ended by the worker: ending is its kind's business.
        session.info[WAITS] = True
        record(session, person.id, "jobs.cancel_asked", "job", job.id, area_id=job.area_id)
        return job.state
