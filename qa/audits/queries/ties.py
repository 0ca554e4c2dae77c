"""What an audit is tied to: the one it repeats, those that repeat it, its place in a programme."""

from datetime import date
from typing import NamedTuple

from sqlalchemy import func, or_, select

from qa.accounts.permissions import CurrentPerson, Permission
from qa.audits.lifecycle import Stage
from qa.audits.models import Audit, Case
from qa.audits.programme.models import PlannedAudit, Programme
from qa.audits.programme.reach import visible_planned, visible_programmes
from qa.audits.programme.year import ProgrammeYear
from qa.audits.queries.reach import visible_audits
from qa.db import db


class Cycle(NamedTuple):
    """An earlier or a later audit of the same, as far as one line tells how it went."""

    id: int
    title: str
    reference: str
    stage: Stage
    period_start: date
    period_end: date
    cases: int
    later: bool


class Place(NamedTuple):
    """Where an audit stands in a programme."""

    planned_id: int
    year: ProgrammeYear


class Ties(NamedTuple):
    """What an audit is tied to, as far as the reader may see it. cycles: by their period, the first first."""

    cycles: tuple[Cycle, ...]
    place: Place | None


def ties_of(person: CurrentPerson, audit: Audit) -> Ties:
    """What an audit is tied to, in one statement, or two for one of a programme."""
    cases = select(func.count()).where(Case.audit_id == Audit.id).correlate(Audit).scalar_subquery()
    rows = db.session.execute(
        select(
            Audit.id,
            Audit.title,
            Audit.reference,
            Audit.stage,
            Audit.period_start,
            Audit.period_end,
            cases,
            Audit.repeats_id == audit.id,
        )
        .where(
            or_(Audit.id == audit.repeats_id, Audit.repeats_id == audit.id),
            visible_audits(person, Permission.AUDITS_READ),
        )
        .order_by(Audit.period_end, Audit.id)
    )
    cycles = tuple(Cycle(*row) for row in rows)
    return Ties(cycles, _place(person, audit))


def _place(person: CurrentPerson, audit: Audit) -> Place | None:
    if audit.planned_id is None:
        return None
    row = db.session.execute(
        select(PlannedAudit.id, Programme.starts_on)
        .join(Programme, Programme.id == PlannedAudit.programme_id)
        .where(PlannedAudit.id == audit.planned_id, visible_programmes(person), visible_planned(person))
    ).one_or_none()
    return Place(row[0], ProgrammeYear(row[1])) if row else None
