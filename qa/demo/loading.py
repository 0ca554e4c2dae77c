"""Loads the demonstration partnership into an empty database, all of it or nothing."""

from collections.abc import Callable
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from qa.accounts.models import Agency, Area, Installation, Person
from qa.accounts.permissions import CurrentPerson, Grant, Role
from qa.audits.lifecycle import Stage
from qa.audits.models import Audit
from qa.db import db, now, today, writing
from qa.demo import (
    child_in_need,
    child_sexual_abuse,
    following,
    help_and_protection,
    names,
    programme,
    section_11,
    words,
)
from qa.demo.partnership import add_partnership
from qa.demo.scene import Scene
from qa.frameworks.models import Framework
from qa.frameworks.reading import forget_kept_editions
from qa.moderation.rollup import bring_up_to_date
from qa.problems import refused
from qa.reports.commands import issue
from qa.trail.recording import record

AUDITS: tuple[Callable[[Scene], Audit], ...] = (
    help_and_protection.add,
    child_sexual_abuse.add,
    child_in_need.add,
    section_11.add,
)
NOT_EMPTY = (
    "The demonstration is loaded into an empty database only, and this one has areas, agencies, people or "
    "frameworks in it. Nothing was changed. Name a new database in DATABASE_URL, or move this one away."
)


def is_empty(session: Session) -> bool:
    """Whether nobody has begun to use the database: no area, agency, person or framework."""
    return not any(session.scalar(select(model.id).limit(1)) for model in (Area, Agency, Person, Framework))


def load_demonstration() -> None:
    """Load the demonstration in a unit of work of its own, then count and issue what rests on it.

    Raises Refused when the database is not empty.
    """
    try:
        with writing() as session:
            audits = load(session, today(), now())
    except BaseException:
        forget_kept_editions()  # those of a database that never came to be
        raise
    for audit in audits:
        if audit.stage is not Stage.FIELDWORK:
            bring_up_to_date(audit.id)
        if audit.stage is Stage.REPORTED:
            issue_report(audit)


def issue_report(audit: Audit) -> None:
    """Issue the audit's thematic report, as its lead would."""
    lead = db.session.get_one(Person, audit.lead_id)
    person = CurrentPerson(lead.id, lead.name, lead.email, (Grant(Role.QA_LEAD, audit.area_id),))
    issue(person, audit.id, after=0)


def load(session: Session, today: date, moment: datetime) -> list[Audit]:
    """Load the demonstration inside a unit of work that the caller holds; gives back its audits.

    today, moment: what its open work is dated around; all else is the same at every load. Raises Refused
    when the database is not empty.
    """
    if not is_empty(session):
        raise refused(NOT_EMPTY)
    session.merge(Installation(id=1, demonstration=True))
    partnership = add_partnership(session, moment)
    scene = Scene(session, partnership, words.phrases(), today, moment)
    audits = [add(scene) for add in AUDITS]
    programme.add(scene, audits)
    names.add(scene)
    following.add(scene, audits)
    session.flush()
    record(session, None, "demo.loaded", "installation", 1)
    for audit in audits:
        record(session, None, "demo.loaded", "audit", audit.id, area_id=audit.area_id)
    return audits
