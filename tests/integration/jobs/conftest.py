"""A QA lead of an area, and kinds of work whose every step leaves a row that can be counted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from qa.accounts.models import Area
from qa.accounts.permissions import CurrentPerson, Role
from qa.db import db, writing
from qa.jobs import running
from qa.jobs.commands import begin
from qa.jobs.lifecycle import InHand, JobFileContent, Progress
from qa.jobs.models import Job, JobFile
from qa.jobs.running import Work
from qa.mail.outbox import queue
from qa.problems import refused
from tests.support.factories import Maker
from tests.support.kept import kept


def add_area(session: Session, job: InHand) -> Progress:
    """One step: an area named after it, which the database would refuse a second time."""
    name = f"{job.title} {job.done + 1}"
    session.add(Area(slug=name.lower().replace(" ", "-"), name=name))
    return Progress(job.done + 1, note=f"Area {job.done + 1}", result={"said": f"{job.done + 1} areas."})


def refuse_third(session: Session, job: InHand) -> Progress:
    """Refuses in its third step, after having written something."""
    made = add_area(session, job)
    if made.done == 3:
        raise refused("The third area is one too many.")
    return made


def break_third(session: Session, job: InHand) -> Progress:
    """Breaks in its third step with an error that holds what must not reach a log."""
    made = add_area(session, job)
    if made.done == 3:
        session.flush()
        raise RuntimeError("NHS 943 476 5919")
    return made


def write_letter(session: Session, job: InHand) -> Progress:
    """Queues an e-mail."""
    queue(session, job.person.email, "Done", "It is done.")
    return Progress(job.done + 1)


def take_back(session: Session, job: InHand) -> None:
    """Takes the areas back."""
    for row in session.scalars(select(Area).where(Area.name.startswith(job.title))):
        session.delete(row)


KINDS = {
    "areas": Work(add_area, "The areas added stay."),
    "undone": Work(add_area, "The areas added are taken back.", undo=take_back),
    "refusing": Work(refuse_third, "The areas added stay."),
    "refusing_undone": Work(refuse_third, "The areas added are taken back.", undo=take_back),
    "breaking": Work(break_third, "The areas added stay."),
    "letters": Work(write_letter, "Letters sent cannot be called back."),
}


@pytest.fixture(autouse=True)
def _kinds(monkeypatch: pytest.MonkeyPatch) -> None:
    for kind, work in KINDS.items():
        monkeypatch.setitem(running.KINDS, kind, work)


class Scene(NamedTuple):
    """An area, and who works there."""

    app: Flask
    area: Area
    lead: CurrentPerson

    def ask(self, kind: str, title: str = "Place", total: int = 4, **more: Any) -> int:
        """The number of a job that the lead asks for."""
        with self.app.app_context(), writing() as session:
            return begin(
                session, self.lead, kind, title, area_id=self.area.id, arguments={}, total=total, **more
            )

    def job(self, job_id: int) -> Job:
        """The job as it stands."""
        with self.app.app_context():
            return db.session.get_one(Job, job_id)

    def areas(self, title: str = "Place") -> Sequence[str]:
        """Names of the areas that jobs of that title have added."""
        with self.app.app_context():
            query = select(Area.name).where(Area.name.startswith(f"{title} ")).order_by(Area.id)
            return db.session.scalars(query).all()

    def files(self, job_id: int) -> Sequence[str]:
        """Names of the files that a job has."""
        with self.app.app_context():
            return db.session.scalars(select(JobFile.name).where(JobFile.job_id == job_id)).all()


@pytest.fixture
@kept
def scene(app: Flask, make: Maker) -> Scene:
    """An area with its QA lead, lead@example.org."""
    area = make.area("Northside")
    return Scene(app, area, make.person(Role.QA_LEAD, area=area, email="lead@example.org", name="Lee Lead"))


@pytest.fixture
def upload() -> JobFileContent:
    """A file to send along."""
    return JobFileContent("cases.csv", "text/csv", b"Case reference\r\nA1\r\n")
