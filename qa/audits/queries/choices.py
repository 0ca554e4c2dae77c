"""What the forms for planning an audit offer: areas, editions, agencies, people, a reference."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, exists, func, or_, select, true

from qa.accounts.models import Agency, AgencyArea, Area, Person, PersonRole
from qa.accounts.permissions import CurrentPerson, Facts, Permission, Role, can, reach
from qa.audits.models import Audit, AuditAgency, Return
from qa.audits.planning import year_before
from qa.audits.queries.reach import named_on
from qa.audits.references import audit_pattern, free_audit_reference
from qa.db import db, today
from qa.frameworks.models import Edition, Framework
from qa.frameworks.states import EditionState
from qa.frameworks.vocabulary import FrameworkKind
from qa.problems import NotFound

# Who may be named on a confidential audit: everybody with a part in audits, administrators apart.
NAMEABLE = (Role.QA_LEAD, Role.AUDITOR, Role.AGENCY_LEAD, Role.PARTNERSHIP_MEMBER)


class Choice(NamedTuple):
    """Something to choose: its number, its name, and a line more about it."""

    id: int
    name: str
    note: str = ""


class PlanChoices(NamedTuple):
    """What can be chosen for an audit of one area."""

    area: Area
    editions: tuple[Choice, ...]
    agencies: tuple[Choice, ...]
    people: tuple[Choice, ...]
    leads: tuple[Choice, ...] = ()


def areas_to_plan_in(person: CurrentPerson) -> Sequence[Area]:
    """The areas in which the person may plan audits, by name."""
    within = reach(person, Permission.AUDITS_MANAGE)
    query = select(Area).order_by(Area.name)
    if not within.everywhere:
        query = query.where(Area.id.in_(within.areas))
    return db.session.scalars(query).all()


def plans_in_several_areas(person: CurrentPerson) -> bool:
    """Whether the person may plan audits in more than one area, as their roles say. No statement."""
    within = reach(person, Permission.AUDITS_MANAGE)
    return within.everywhere or len(within.areas) > 1


def plan_choices(person: CurrentPerson, area_id: int, audit: Audit | None = None) -> PlanChoices:
    """What can be chosen for an audit of that area; for an audit that exists, its own agencies besides.

    Raises NotFound when the area is none in which the person may plan audits.
    """
    if not can(person, Permission.AUDITS_MANAGE, Facts(area_id=area_id)):
        raise NotFound
    area = audit.area if audit else db.session.get(Area, area_id)
    if area is None:
        raise NotFound
    editions = () if audit else tuple(_edition_choices(area_id))
    agencies = tuple(_agency_choices(area_id, audit.id if audit else None))
    leads = tuple(lead_choices(area_id, audit.lead_id if audit else None))
    return PlanChoices(area, editions, agencies, tuple(_people_choices(area_id)), leads)


def usable_in(area_id: int) -> ColumnElement[bool]:
    """The condition on Edition and Framework that an audit of the area may use it."""
    return and_(
        Edition.state == EditionState.PUBLISHED,
        or_(Framework.area_id.is_(None), Framework.area_id == area_id),
    )


def works_in(area_id: int) -> ColumnElement[bool]:
    """The condition on Agency that it is active and works in the area."""
    here = select(AgencyArea.agency_id).where(AgencyArea.area_id == area_id)
    return and_(Agency.active, Agency.id.in_(here))


def leads_in(area_id: int | None) -> ColumnElement[bool]:
    """The condition on Person that they are an active QA lead: of the area, or of any for None."""
    here = true() if area_id is None else or_(PersonRole.area_id == area_id, PersonRole.area_id.is_(None))
    role = exists().where(PersonRole.person_id == Person.id, PersonRole.role == Role.QA_LEAD, here)
    return and_(Person.active, role)


def lead_choices(area_id: int | None, kept: int | None) -> list[Choice]:
    """Who can lead an audit of the area, by name; kept: who does so already, whatever became of them."""
    query = (
        select(Person.id, Person.name)
        .where(or_(leads_in(area_id), Person.id == kept))
        .order_by(Person.name, Person.id)
    )
    return [Choice(number, name) for number, name in db.session.execute(query)]


def _edition_choices(area_id: int) -> list[Choice]:
    query = (
        select(Edition)
        .join(Framework, Framework.id == Edition.framework_id)
        .where(usable_in(area_id))
        .order_by(Edition.name, Edition.number.desc())
    )
    return [
        Choice(row.id, f"{row.name}, edition {row.number}", f"{_kind(row)} {row.summary}")
        for row in db.session.scalars(query)
    ]


def _kind(row: Edition) -> str:
    if row.kind == FrameworkKind.SELF_ASSESSMENT.value:
        return "Self-assessment by agencies."
    return "Case audit."


def _agency_choices(area_id: int, audit_id: int | None) -> list[Choice]:
    """Agencies working in the area; of an audit that exists, its agencies too, with their returns counted."""
    takes_part = select(AuditAgency.agency_id).where(AuditAgency.audit_id == audit_id)
    returns = (
        select(func.count())
        .where(Return.audit_id == audit_id, Return.agency_id == Agency.id)
        .correlate(Agency)
        .scalar_subquery()
    )
    query = (
        select(Agency.id, Agency.name, Agency.sector, returns)
        .where(or_(works_in(area_id), Agency.id.in_(takes_part)))
        .order_by(Agency.name, Agency.id)
    )
    return [
        Choice(number, name, sector.label + (f". Has returns ({count:,}), so it stays" if count else ""))
        for number, name, sector, count in db.session.execute(query)
    ]


def _people_choices(area_id: int) -> list[Choice]:
    rows = db.session.execute(
        select(Person.id, Person.name, PersonRole.role, Agency.name)
        .join(PersonRole, PersonRole.person_id == Person.id)
        .outerjoin(Agency, Agency.id == PersonRole.agency_id)
        .where(Person.active, has_a_part_in(area_id))
        .order_by(Person.name, Person.id, PersonRole.id)
    )
    notes: dict[int, tuple[str, list[str]]] = {}
    for number, name, role, agency in rows:
        notes.setdefault(number, (name, []))[1].append(f"{role.label}, {agency}" if agency else role.label)
    return [Choice(number, name, "; ".join(parts)) for number, (name, parts) in notes.items()]


def has_a_part_in(area_id: int) -> ColumnElement[bool]:
    """The condition on PersonRole that it gives a part in audits of the area, so that one may be named."""
    agencies = select(AgencyArea.agency_id).where(AgencyArea.area_id == area_id)
    everywhere = and_(PersonRole.area_id.is_(None), PersonRole.agency_id.is_(None))
    return and_(
        PersonRole.role.in_(NAMEABLE),
        or_(PersonRole.area_id == area_id, PersonRole.agency_id.in_(agencies), everywhere),
    )


def suggested_reference(area: Area) -> str:
    """A reference no audit has yet, by the area and the year: HAV-2026-01."""
    pattern = audit_pattern(area.slug, today().year)
    taken = db.session.scalars(
        select(Audit.reference).where(Audit.reference.startswith(pattern, autoescape=True))
    )
    return free_audit_reference(pattern, set(taken))


def named_numbers(audit: Audit) -> tuple[int, ...]:
    """Numbers of the people named on an audit; none, without a statement, when it is not confidential."""
    return tuple(sorted(named_on(audit) or ()))


def last_twelve_months() -> tuple[date, date]:
    """The period an audit looks at unless somebody says otherwise."""
    day = today()
    return year_before(day), day
