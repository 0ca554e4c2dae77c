"""Jobs and their files. A job's arguments and result are JSON as text: nothing is counted from them."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Dialect, ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, deferred, mapped_column
from sqlalchemy.types import TypeDecorator

from qa.accounts.models import Area, Person
from qa.db import Base, UtcDateTime, words
from qa.jobs.lifecycle import FileRole, JobState


class JsonText(TypeDecorator[dict[str, Any]]):
    """A mapping of plain values as JSON text, the same on both databases and in a backup."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Mapping[str, Any] | None, dialect: Dialect) -> str | None:
        """The mapping as text."""
        return None if value is None else json.dumps(dict(value), ensure_ascii=False, separators=(",", ":"))

    def process_result_value(self, value: str | None, dialect: Dialect) -> dict[str, Any] | None:
        """The text as a mapping."""
        return None if value is None else dict(json.loads(value))


class Job(Base):
    """Work that takes longer than a request may. Its steps are in code, by kind (see running.register).

    done, total: units of the work. note: what is being done now. problem: why it failed, in words for who
    asked. claimed_by: the worker that has it, claimed_at: when that worker last made a step, or when it was
    last handed back. tries: how often it was taken up since a step succeeded. version changes when it is
    asked to stop and when it ends, not with each step, so that a page that shows progress can still cancel.
    """

    __tablename__ = "job"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(60))
    title: Mapped[str] = mapped_column(String(250))
    area_id: Mapped[int] = mapped_column(ForeignKey(Area.id))
    audit_id: Mapped[int | None] = mapped_column(ForeignKey("audit.id", ondelete="SET NULL"))
    asked_by_id: Mapped[int] = mapped_column(ForeignKey(Person.id))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[JobState] = mapped_column(words(JobState, "job_state"), default=JobState.WAITING)
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int]
    note: Mapped[str] = mapped_column(String(250), default="")
    arguments: Mapped[dict[str, Any]] = mapped_column(JsonText)
    result: Mapped[dict[str, Any]] = mapped_column(JsonText, default=dict)
    problem: Mapped[str] = mapped_column(Text, default="")
    claimed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    claimed_by: Mapped[str | None] = mapped_column(String(120))
    tries: Mapped[int] = mapped_column(default=0)
    cancel_asked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)

    __table_args__ = (
        CheckConstraint("done >= 0 AND total >= 0", name="progress"),
        Index("ix_job_state", "state", "id"),
        Index("ix_job_area_id", "area_id", "id"),
        Index("ix_job_asked_by_id", "asked_by_id", "id"),
        Index("ix_job_audit_id", "audit_id"),
    )


class JobFile(Base):
    """A file sent along with a job, or made by it."""

    __tablename__ = "job_file"

    id: Mapped[int] = mapped_column(primary_key=True)
    job_id: Mapped[int] = mapped_column(ForeignKey(Job.id, ondelete="CASCADE"), index=True)
    role: Mapped[FileRole] = mapped_column(words(FileRole, "job_file_role"))
    name: Mapped[str] = mapped_column(String(200))
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]
    content: Mapped[bytes] = deferred(mapped_column(LargeBinary, nullable=False), raiseload=True)
