"""Which programmes and planned audits a person reads and manages; what else rests on that.

An area's programme is read by its QA leads, its partnership members and the leads of agencies that work
there, and managed by its QA leads. One of all areas together concerns every area: whoever reads any programme
reads it, and QA leads of all areas manage it. A confidential planned audit, and one whose audit is
confidential, is there for the people named on it alone.
"""

from sqlalchemy import ColumnElement, and_, exists, false, not_, or_, select, true
from sqlalchemy.orm import Session, joinedload

from qa.accounts.models import AgencyArea
from qa.accounts.permissions import CurrentPerson, Facts, Permission, can, holds, reach
from qa.audits.models import Audit
from qa.audits.programme.models import PlannedAudit, PlannedPerson, Programme
from qa.audits.queries.reach import is_named
from qa.db import db
from qa.problems import NotAllowed, NotFound


def visible_programmes(person: CurrentPerson) -> ColumnElement[bool]:
    """The condition on Programme that the person may read it."""
    if not holds(person, Permission.PROGRAMME_READ):
        return false()
    within = reach(person, Permission.PROGRAMME_READ)
    if within.everywhere:
        return true()
    here = select(AgencyArea.area_id).where(AgencyArea.agency_id.in_(within.agencies))
    return or_(Programme.area_id.is_(None), Programme.area_id.in_(within.areas), Programme.area_id.in_(here))


def manages(person: CurrentPerson, programme: Programme) -> bool:
    """Whether the person may change the programme and what is planned in it."""
    return can(person, Permission.PROGRAMME_MANAGE, Facts(area_id=programme.area_id))


def visible_planned(person: CurrentPerson) -> ColumnElement[bool]:
    """The condition on PlannedAudit, in a programme within reach, that it is not kept from the person.

    Its title is nearly always its audit's: one audit that the person must not know of hides it.
    """
    secret = exists().where(Audit.planned_id == PlannedAudit.id, Audit.confidential.is_(True))
    return and_(
        not_(secret.where(not_(is_named(person)))),
        or_(
            PlannedAudit.confidential.is_(False),
            exists().where(PlannedPerson.planned_id == PlannedAudit.id, PlannedPerson.person_id == person.id),
            secret.where(is_named(person)),
        ),
    )


def get_programme(person: CurrentPerson, programme_id: int) -> Programme:
    """A programme with its area, in one statement. Raises NotFound when it is out of reach."""
    query = (
        select(Programme)
        .where(Programme.id == programme_id, visible_programmes(person))
        .options(joinedload(Programme.area))
    )
    found = db.session.scalar(query)
    if found is None:
        raise NotFound
    return found


def managed_programme(person: CurrentPerson, programme_id: int) -> Programme:
    """The same for who may manage it. Raises NotFound, or NotAllowed for one that they may only read."""
    found = get_programme(person, programme_id)
    require_managing(person, found)
    return found


def get_planned(person: CurrentPerson, planned_id: int) -> PlannedAudit:
    """A planned audit with its programme and area, in one statement. Raises NotFound when out of reach."""
    query = (
        select(PlannedAudit)
        .join(Programme, Programme.id == PlannedAudit.programme_id)
        .where(PlannedAudit.id == planned_id, visible_programmes(person), visible_planned(person))
        .options(joinedload(PlannedAudit.programme).joinedload(Programme.area))
    )
    found = db.session.scalar(query)
    if found is None:
        raise NotFound
    return found


def locked_programme(session: Session, person: CurrentPerson, programme_id: int) -> Programme:
    """A programme that the person manages, locked until the commit: what is planned in it changes one by one.

    Raises NotFound, or NotAllowed for one that they may only read.
    """
    query = (
        select(Programme)
        .where(Programme.id == programme_id, visible_programmes(person))
        .with_for_update(of=Programme)
    )
    found = session.scalar(query)
    if found is None:
        raise NotFound
    require_managing(person, found)
    return found


def locked_planned(session: Session, person: CurrentPerson, planned_id: int) -> PlannedAudit:
    """A planned audit of a programme that the person manages, locked, its programme loaded.

    Raises NotFound, or NotAllowed for one that they may only read.
    """
    found = visible_locked_planned(session, person, planned_id)
    require_managing(person, found.programme)
    return found


def visible_locked_planned(session: Session, person: CurrentPerson, planned_id: int) -> PlannedAudit:
    """A planned audit within the person's sight, locked, its programme loaded. Raises NotFound."""
    query = (
        select(PlannedAudit)
        .join(Programme, Programme.id == PlannedAudit.programme_id)
        .where(PlannedAudit.id == planned_id, visible_programmes(person), visible_planned(person))
        .options(joinedload(PlannedAudit.programme))
        .with_for_update(of=PlannedAudit)
    )
    found = session.scalar(query)
    if found is None:
        raise NotFound
    return found


def require_managing(person: CurrentPerson, programme: Programme) -> None:
    """Raises NotAllowed unless the person may change the programme, which they may read."""
    if manages(person, programme):
        return
    if programme.area_id is None:
        raise NotAllowed("Only a QA lead of all areas can change the programme of all areas together.")
    raise NotAllowed("Only a QA lead of the area can change its programme.")
