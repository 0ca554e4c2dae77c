"""What of the programme waits for a QA lead: audits planned for now, or earlier, that nobody has begun."""

from typing import NamedTuple

from sqlalchemy import exists, select
from sqlalchemy.orm import aliased

from qa.accounts.permissions import CurrentPerson, Permission, reach
from qa.audits.models import Audit
from qa.audits.programme.models import PlannedAudit, Programme
from qa.audits.programme.planned import PlanState
from qa.audits.programme.reach import visible_planned
from qa.audits.programme.year import ProgrammeYear
from qa.db import db, today


class ToStart(NamedTuple):
    """How many audits of a programme are planned for this quarter or earlier ones, and for earlier ones."""

    programme_id: int
    planned: int
    overdue: int


def to_start(person: CurrentPerson) -> tuple[ToStart, ...]:
    """Planned audits that are to start by now, by programme; of those the person manages. One statement."""
    within = reach(person, Permission.PROGRAMME_MANAGE)
    copy, day = aliased(PlannedAudit), today()
    query = (
        select(Programme.id, Programme.starts_on, PlannedAudit.quarter, PlannedAudit.until)
        .join(PlannedAudit, PlannedAudit.programme_id == Programme.id)
        .where(
            Programme.starts_on <= day,
            PlannedAudit.state == PlanState.PLANNED,
            ~exists().where(Audit.planned_id == PlannedAudit.id),
            ~exists().where(copy.carried_from_id == PlannedAudit.id),
            visible_planned(person),
        )
        .order_by(Programme.starts_on, Programme.id)
    )
    if not within.everywhere:
        query = query.where(Programme.area_id.in_(within.areas))
    found: dict[int, ToStart] = {}
    for number, starts_on, first, last in db.session.execute(query):
        quarters = ProgrammeYear(starts_on).quarters
        if quarters[first - 1].starts_on <= day:
            before = found.get(number, ToStart(number, 0, 0))
            over = quarters[last - 1].ends_on < day
            found[number] = ToStart(number, before.planned + 1, before.overdue + over)
    return tuple(found.values())
