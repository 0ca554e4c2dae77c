"""What a new audit begins with when it comes from a programme, or repeats an earlier audit."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from sqlalchemy import select

from qa.accounts.models import Area, Person
from qa.accounts.permissions import CurrentPerson, Permission, reach
from qa.audits.models import Audit
from qa.audits.planning import Origin
from qa.audits.programme.models import PlannedAgency, PlannedAudit, PlannedPerson
from qa.audits.programme.reach import get_planned
from qa.audits.programme.year import ProgrammeYear
from qa.audits.queries.choices import Choice, PlanChoices, usable_in
from qa.audits.queries.reach import get_audit, named_on
from qa.db import db
from qa.frameworks.models import Edition, Framework


class Start(NamedTuple):
    """A beginning. area_id: None where the area is still to be chosen, from `areas`.

    lead_id: None for whoever creates it. framework_id: whose newest edition is taken. used: the number of the
    edition that the earlier audit used. names: agencies that took part. year: of the programme.
    """

    origin: Origin
    area_id: int | None
    areas: tuple[Choice, ...]
    title: str
    data: Mapping[str, object]
    agency_ids: frozenset[int]
    framework_id: int | None
    lead_id: int | None
    used: int | None = None
    names: Mapping[int, str] = {}
    year: ProgrammeYear | None = None


class Taken(NamedTuple):
    """What a beginning comes to in one area. notes: what differs from it, in words."""

    data: Mapping[str, object]
    notes: tuple[str, ...]


def from_planned(person: CurrentPerson, planned_id: int) -> Start:
    """The beginning that a planned audit makes, in at most five statements. Raises NotFound."""
    row = get_planned(person, planned_id)
    agencies = select(PlannedAgency.agency_id).where(PlannedAgency.planned_id == row.id)
    named = select(PlannedPerson.person_id).where(PlannedPerson.planned_id == row.id)
    return Start(
        origin=Origin(planned_id=row.id),
        area_id=row.programme.area_id,
        areas=() if row.programme.area_id else tuple(_areas_to_begin_in(person, row)),
        title=row.title,
        data={
            "title": row.title,
            "theme": row.theme,
            "confidential": row.confidential,
            "named": _texts(db.session.scalars(named)) if row.confidential else [],
        },
        agency_ids=frozenset(db.session.scalars(agencies)),
        framework_id=row.framework_id,
        lead_id=row.lead_id,
        year=ProgrammeYear(row.programme.starts_on),
    )


def from_audit(person: CurrentPerson, audit_id: int) -> Start:
    """The beginning that an earlier audit makes, in two statements. Raises NotFound unless they manage it."""
    audit = get_audit(person, audit_id, Permission.AUDITS_MANAGE)
    return Start(
        origin=Origin(repeats_id=audit.id),
        area_id=audit.area_id,
        areas=(),
        title=audit.title,
        data={
            "title": audit.title,
            "theme": audit.theme,
            "terms_of_reference": audit.terms_of_reference,
            "key_lines_of_enquiry": audit.key_lines_of_enquiry,
            "confidential": audit.confidential,
            "named": _texts(named_on(audit) or ()),
        },
        agency_ids=frozenset(agency.id for agency in audit.agencies),
        framework_id=audit.edition.framework_id,
        lead_id=audit.lead_id,
        used=audit.edition.number,
        names={agency.id: agency.name for agency in audit.agencies},
    )


def taken_in(start: Start, choices: PlanChoices) -> Taken:
    """What the form begins with in the area, and what could not be taken along. At most three statements."""
    data, notes = dict(start.data), []
    if start.framework_id is not None:
        edition, note = _edition(start, choices.area.id)
        data["edition"] = edition
        notes.append(note)
    offered = {choice.id for choice in choices.agencies}
    if start.agency_ids:
        data["agencies"] = _texts(start.agency_ids & offered)
        gone = sorted(name for number, name in start.names.items() if number not in offered)
        if gone:
            notes.append(f"No longer an agency of the area, so left out: {', '.join(gone)}.")
    if start.lead_id in {choice.id for choice in choices.leads}:
        data["lead"] = str(start.lead_id)
    elif start.lead_id is not None:
        name = db.session.scalar(select(Person.name).where(Person.id == start.lead_id))
        notes.append(f"{name} is not a QA lead of the area, so you lead it unless you choose somebody else.")
    return Taken(data, tuple(notes))


def _edition(start: Start, area_id: int) -> tuple[str, str]:
    """The newest edition that the area may use, and a sentence about it."""
    row = db.session.execute(
        select(Edition.id, Edition.name, Edition.number)
        .join(Framework, Framework.id == Edition.framework_id)
        .where(Edition.framework_id == start.framework_id, usable_in(area_id))
        .order_by(Edition.number.desc())
        .limit(1)
    ).one_or_none()
    if row is None:
        return "", "Its framework cannot be used here any more: choose one."
    named = f"The framework is the newest that can be used: {row.name}, edition {row.number}."
    if start.used is None or start.used == row.number:
        return str(row.id), named
    return str(row.id), f"{named} The earlier audit used edition {start.used}."


def _areas_to_begin_in(person: CurrentPerson, row: PlannedAudit) -> list[Choice]:
    """Areas in which the person plans audits and this one was not begun."""
    within = reach(person, Permission.AUDITS_MANAGE)
    begun = select(Audit.area_id).where(Audit.planned_id == row.id)
    query = select(Area.id, Area.name).where(Area.id.not_in(begun)).order_by(Area.name)
    if not within.everywhere:
        query = query.where(Area.id.in_(within.areas))
    return [Choice(number, name) for number, name in db.session.execute(query)]


def begins_somewhere(person: CurrentPerson, row: PlannedAudit) -> bool:
    """Whether the person may begin an audit from a planned one in any area; its programme is loaded."""
    if row.programme.area_id is None:
        return bool(_areas_to_begin_in(person, row))
    within = reach(person, Permission.AUDITS_MANAGE)
    if not within.everywhere and row.programme.area_id not in within.areas:
        return False
    return not db.session.scalar(select(Audit.id).where(Audit.planned_id == row.id).limit(1))


def _texts(numbers: Iterable[int]) -> list[str]:
    return [str(number) for number in sorted(numbers)]
