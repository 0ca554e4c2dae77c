"""A job's files: what was sent along, what it makes, and deleting both in time."""

from datetime import timedelta

from sqlalchemy import delete, exists, insert, select
from sqlalchemy.orm import Session

from qa.db import db, now, writing
from qa.jobs.lifecycle import FileRole, JobFileContent
from qa.jobs.models import Job, JobFile
from qa.problems import NotFound


def keep(session: Session, job_id: int, file: JobFileContent, *, role: FileRole = FileRole.MADE) -> None:
    """Keep a file with a job, as a result unless told. A job with several results gives them as one zip."""
    session.execute(
        insert(JobFile),
        {
            "job_id": job_id,
            "role": role,
            "name": file.name,
            "media_type": file.media_type,
            "size": len(file.content),
            "content": file.content,
        },
    )


def given(session: Session, job_id: int) -> JobFileContent:
    """The file that was sent along with a job that is not over. Raises NotFound without one."""
    row = session.execute(
        select(JobFile.name, JobFile.media_type, JobFile.content)
        .where(JobFile.job_id == job_id, JobFile.role == FileRole.GIVEN)
        .order_by(JobFile.id)
        .limit(1)
    ).one_or_none()
    if row is None:
        raise NotFound
    return JobFileContent(*row)


def delete_files(session: Session, job_id: int, *roles: FileRole) -> None:
    """Delete a job's files of these roles."""
    session.execute(delete(JobFile).where(JobFile.job_id == job_id, JobFile.role.in_(roles)))


def delete_old(days: int) -> int:
    """Delete what jobs made that ended more than so many days ago; gives back how many files that were."""
    old = exists().where(Job.id == JobFile.job_id, Job.ended_at < now() - timedelta(days=days))
    if db.session.scalar(select(JobFile.id).where(old).limit(1)) is None:
        return 0
    with writing() as session:
        gone = session.execute(delete(JobFile).where(old).returning(JobFile.id)).all()
    return len(gone)
