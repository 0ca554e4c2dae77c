"""What the forms of a programme offer: areas, frameworks, leads, agencies, people to name."""

from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select

from qa.accounts.models import Agency, AgencyArea, Area, Person, PersonRole
from qa.accounts.permissions import CurrentPerson, Permission, reach
from qa.audits.models import Audit
from qa.audits.programme.models import PlannedAgency, PlannedAudit, PlannedPerson
from qa.audits.programme.reach import get_planned, require_managing
from qa.audits.programme.year import ProgrammeYear, year_around
from qa.audits.queries.choices import NAMEABLE, Choice, has_a_part_in, lead_choices, works_in
from qa.audits.queries.reach import visible_audits
from qa.db import db, today
from qa.frameworks.models import Edition, Framework
from qa.frameworks.states import EditionState

MOST_OFFERED = 60


class PlannedChoices(NamedTuple):
    """What can be chosen for an audit of one programme."""

    frameworks: tuple[Choice, ...]
    leads: tuple[Choice, ...]
    agencies: tuple[Choice, ...]
    people: tuple[Choice, ...]


def areas_to_programme(person: CurrentPerson) -> tuple[list[Choice], bool]:
    """The areas whose programme the person may keep, by name, and whether they may that of all together."""
    within = reach(person, Permission.PROGRAMME_MANAGE)
    query = select(Area.id, Area.name).order_by(Area.name)
    if not within.everywhere:
        query = query.where(Area.id.in_(within.areas))
    return [Choice(number, name) for number, name in db.session.execute(query)], within.everywhere


def planned_choices(area_id: int | None, planned: PlannedAudit | None = None) -> PlannedChoices:
    """What can be chosen for an audit of the area's programme, in four statements.

    planned: one that exists; what it has already can stay, even when it could not be chosen afresh.
    """
    number = planned.id if planned else None
    return PlannedChoices(
        tuple(_frameworks(area_id, planned.framework_id if planned else None)),
        tuple(lead_choices(area_id, planned.lead_id if planned else None)),
        tuple(_agencies(area_id, number)),
        tuple(_people(area_id, number)),
    )


def year_now() -> ProgrammeYear:
    """The year, counted from April, in which today lies."""
    return year_around(today())


def managed_planned(person: CurrentPerson, planned_id: int) -> tuple[PlannedAudit, bool]:
    """A planned audit that the person may change, and whether an audit of it was begun. Two statements.

    Raises NotFound, or NotAllowed for one that they may only read.
    """
    row = get_planned(person, planned_id)
    require_managing(person, row.programme)
    begun = db.session.scalar(select(Audit.id).where(Audit.planned_id == row.id).limit(1))
    return row, begun is not None


def as_typed(row: PlannedAudit) -> dict[str, object]:
    """A planned audit as its form shows it, in two statements."""
    agencies = select(PlannedAgency.agency_id).where(PlannedAgency.planned_id == row.id)
    people = select(PlannedPerson.person_id).where(PlannedPerson.planned_id == row.id)
    return {
        **{
            name: getattr(row, name) for name in ("title", "theme", "reason_words", "state_reason", "version")
        },
        "reason": row.reason.value,
        "method": row.method.value,
        "state": row.state.value,
        "quarter": str(row.quarter),
        "until": str(row.until) if row.until != row.quarter else "",
        "framework": str(row.framework_id or ""),
        "lead": str(row.lead_id or ""),
        "agencies": [str(number) for number in db.session.scalars(agencies)],
        "confidential": row.confidential,
        "named": [str(number) for number in db.session.scalars(people)],
    }


def as_shown(row: PlannedAudit) -> dict[str, str]:
    """A planned audit in its page's words, by the names of its form's fields; its programme is loaded."""
    year = ProgrammeYear(row.programme.starts_on)
    framework = (
        select(Edition.name)
        .where(Edition.framework_id == row.framework_id, Edition.state != EditionState.DRAFT)
        .order_by(Edition.number.desc())
        .limit(1)
    )
    agencies = (
        select(Agency.name)
        .join(PlannedAgency, PlannedAgency.agency_id == Agency.id)
        .where(PlannedAgency.planned_id == row.id)
        .order_by(Agency.name)
    )
    named = (
        select(Person.name)
        .join(PlannedPerson, PlannedPerson.person_id == Person.id)
        .where(PlannedPerson.planned_id == row.id)
        .order_by(Person.name)
    )
    return {
        "title": row.title,
        "theme": row.theme,
        "reason": row.reason.label,
        "reason_words": row.reason_words,
        "method": row.method.label,
        "quarter": year.quarter_in_words(row.quarter),
        "until": year.quarter_in_words(row.until),
        "framework": db.session.scalar(framework) or "",
        "lead": db.session.scalar(select(Person.name).where(Person.id == row.lead_id)) or "",
        "agencies": ", ".join(db.session.scalars(agencies)),
        "state": row.state.label,
        "state_reason": row.state_reason,
        "confidential": "Yes" if row.confidential else "No",
        "named": ", ".join(db.session.scalars(named)),
    }


def audits_to_tie(person: CurrentPerson, row: PlannedAudit) -> tuple[list[Choice], list[Choice]]:
    """Audits that are the planned one, and those that could be, newest first; its programme is loaded.

    Only those that the person manages. Two statements.
    """
    managed = visible_audits(person, Permission.AUDITS_MANAGE)
    audits = (
        select(Audit.id, Audit.title, Audit.reference)
        .where(managed)
        .order_by(Audit.created_at.desc(), Audit.id.desc())
    )
    has_one = select(Audit.area_id).where(Audit.planned_id == row.id)
    free = audits.where(Audit.planned_id.is_(None), Audit.area_id.not_in(has_one)).limit(MOST_OFFERED)
    if row.programme.area_id is not None:
        free = free.where(Audit.area_id == row.programme.area_id)
    tied = audits.where(Audit.planned_id == row.id)
    return _choices(tied), _choices(free)


def _choices(query: Select[int, str, str]) -> list[Choice]:
    return [Choice(*found) for found in db.session.execute(query)]


def offered_framework(area_id: int | None) -> ColumnElement[bool]:
    """The condition on Framework that it has a published edition that the area may use."""
    published = Framework.id.in_(select(Edition.framework_id).where(Edition.state == EditionState.PUBLISHED))
    shared = Framework.area_id.is_(None)
    return and_(published, shared if area_id is None else or_(shared, Framework.area_id == area_id))


def agency_works(area_id: int | None) -> ColumnElement[bool]:
    """The condition on Agency that it is active and works in the area, or in any for all together."""
    if area_id is not None:
        return works_in(area_id)
    return and_(Agency.active, Agency.id.in_(select(AgencyArea.agency_id)))


def nameable(area_id: int | None) -> ColumnElement[bool]:
    """The condition on Person that they have a part in audits of the area, or of any."""
    part = PersonRole.role.in_(NAMEABLE) if area_id is None else has_a_part_in(area_id)
    return and_(Person.active, exists().where(PersonRole.person_id == Person.id, part))


def _frameworks(area_id: int | None, kept: int | None) -> list[Choice]:
    rows = db.session.execute(
        select(Framework.id, Edition.name)
        .join(Edition, Edition.framework_id == Framework.id)
        .where(or_(offered_framework(area_id), Framework.id == kept), Edition.state != EditionState.DRAFT)
        .order_by(Edition.number)
    )
    newest = {row.id: row.name for row in rows}
    return [
        Choice(number, name)
        for number, name in sorted(newest.items(), key=lambda entry: (entry[1].lower(), entry[0]))
    ]


def _agencies(area_id: int | None, planned_id: int | None) -> list[Choice]:
    kept = select(PlannedAgency.agency_id).where(PlannedAgency.planned_id == planned_id)
    query = (
        select(Agency.id, Agency.name)
        .where(or_(agency_works(area_id), Agency.id.in_(kept)))
        .order_by(Agency.name, Agency.id)
    )
    return [Choice(number, name) for number, name in db.session.execute(query)]


def _people(area_id: int | None, planned_id: int | None) -> list[Choice]:
    kept = select(PlannedPerson.person_id).where(PlannedPerson.planned_id == planned_id)
    query = (
        select(Person.id, Person.name)
        .where(or_(nameable(area_id), Person.id.in_(kept)))
        .order_by(Person.name, Person.id)
    )
    return [Choice(number, name) for number, name in db.session.execute(query)]
