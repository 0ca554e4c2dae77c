"""Reads of long work, scoped to who asked for it and the QA leads of its area."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Boolean, ColumnElement, Integer, and_, column, exists, func, or_, select, table, true

from qa.accounts.models import Person
from qa.accounts.permissions import CurrentPerson, Permission, reach
from qa.accounts.queries import counted
from qa.db import db, now
from qa.jobs.lifecycle import OPEN, FileRole, InHand, JobFileContent, JobState
from qa.jobs.models import Job, JobFile
from qa.problems import NotFound
from qa.web.paging import PAGE_SIZE, Page

# Tables of a later room: of a confidential audit nobody but the people named on it learns anything.
AUDIT = table("audit", column("id", Integer), column("confidential", Boolean))
AUDIT_PERSON = table("audit_person", column("audit_id", Integer), column("person_id", Integer))


class JobLine(NamedTuple):
    """A job in the list."""

    id: int
    title: str
    state: JobState
    done: int
    total: int
    asked_at: datetime
    asked_by: str


class JobFileLine(NamedTuple):
    """A file that a job has made. size: in bytes."""

    id: int
    name: str
    size: int


class JobPage(NamedTuple):
    """A job as its page shows it. own: whether the person asking asked for it."""

    id: int
    kind: str
    title: str
    area_id: int
    audit_id: int | None
    state: JobState
    done: int
    total: int
    note: str
    problem: str
    arguments: Mapping[str, Any]
    result: Mapping[str, Any]
    asked_at: datetime
    asked_by: str
    cancel_asked_at: datetime | None
    ended_at: datetime | None
    version: int
    own: bool
    files: Sequence[JobFileLine]

    def in_hand(self, person: CurrentPerson) -> InHand:
        """The job as its kind's functions take it."""
        return InHand(
            self.id,
            self.kind,
            self.title,
            self.area_id,
            self.audit_id,
            person,
            self.arguments,
            self.result,
            self.done,
            self.total,
        )


def visible(person: CurrentPerson) -> ColumnElement[bool]:
    """The condition on Job: asked for by this person, or of an area whose audits they manage."""
    reached = reach(person, Permission.AUDITS_MANAGE)
    theirs = true() if reached.everywhere else Job.area_id.in_(reached.areas)
    secret = exists().where(AUDIT.c.id == Job.audit_id, AUDIT.c.confidential.is_(True))
    named = exists().where(AUDIT_PERSON.c.audit_id == Job.audit_id, AUDIT_PERSON.c.person_id == person.id)
    return or_(Job.asked_by_id == person.id, and_(theirs, or_(~secret, named)))


def jobs(person: CurrentPerson, number: int) -> Page[JobLine]:
    """One page of the jobs within reach, newest first."""
    total, number = counted(select(func.count()).select_from(Job).where(visible(person)), number)
    query = (
        select(Job.id, Job.title, Job.state, Job.done, Job.total, Job.asked_at, Person.name)
        .join(Person, Person.id == Job.asked_by_id)
        .where(visible(person))
        .order_by(Job.id.desc())
        .limit(PAGE_SIZE)
        .offset((number - 1) * PAGE_SIZE)
    )
    return Page([JobLine(*row) for row in db.session.execute(query)], number, total)


def job(person: CurrentPerson, job_id: int) -> JobPage:
    """One job with what it has made. Raises NotFound out of reach."""
    row = db.session.execute(
        select(Job, Person.name)
        .join(Person, Person.id == Job.asked_by_id)
        .where(Job.id == job_id, visible(person))
    ).one_or_none()
    if row is None:
        raise NotFound
    found, name = row
    made = db.session.execute(
        select(JobFile.id, JobFile.name, JobFile.size)
        .where(JobFile.job_id == job_id, JobFile.role == FileRole.MADE)
        .order_by(JobFile.id)
    )
    return JobPage(
        id=found.id,
        kind=found.kind,
        title=found.title,
        area_id=found.area_id,
        audit_id=found.audit_id,
        state=found.state,
        done=found.done,
        total=found.total,
        note=found.note,
        problem=found.problem,
        arguments=found.arguments,
        result=found.result,
        asked_at=found.asked_at,
        asked_by=name,
        cancel_asked_at=found.cancel_asked_at,
        ended_at=found.ended_at,
        version=found.version,
        own=found.asked_by_id == person.id,
        files=[JobFileLine(*line) for line in made],
    )


class Recent(NamedTuple):
    """A person's own jobs: how many are not over, and how many ended in the last day."""

    open: int
    ended: int


def recent(person: CurrentPerson) -> Recent:
    """What the person's home page says of their own long work. One statement."""
    since = now() - timedelta(days=1)
    query = select(
        func.count().filter(Job.state.in_(OPEN)), func.count().filter(Job.ended_at >= since)
    ).where(Job.asked_by_id == person.id, or_(Job.state.in_(OPEN), Job.ended_at >= since))
    return Recent(*db.session.execute(query).one())


def file_content(file_id: int) -> JobFileContent:
    """A file of a job that `job` gave: whoever asks has been let in there. Raises NotFound when deleted."""
    row = db.session.execute(
        select(JobFile.name, JobFile.media_type, JobFile.content).where(JobFile.id == file_id)
    ).one_or_none()
    if row is None:
        raise NotFound
    return JobFileContent(*row)


def at_work(
    kind: str, *, area_id: int, audit_id: int | None = None, asked_by_id: int | None = None
) -> int | None:
    """The number of a job of that kind for the area, or audit, that is not over yet; None without one.

    For whoever would begin a second one of the same, whom the caller has let in. asked_by_id: only that
    person's.
    """
    about = Job.audit_id == audit_id if audit_id is not None else Job.audit_id.is_(None)
    query = select(Job.id).where(Job.kind == kind, Job.area_id == area_id, about, Job.state.in_(OPEN))
    if asked_by_id is not None:
        query = query.where(Job.asked_by_id == asked_by_id)
    return db.session.scalar(query.order_by(Job.id.desc()).limit(1))
