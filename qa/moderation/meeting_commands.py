"""What a QA lead does with the panel's meetings: keep one, with who came and its minutes; change; remove."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from qa.accounts.permissions import CurrentPerson, Permission, can
from qa.audits.models import Audit
from qa.audits.queries import audit_facts, get_audit
from qa.db import now, today, writing
from qa.identifiers.asking import NO_CHOICES, Choices
from qa.identifiers.guarding import check
from qa.moderation.attending import MOST_PEOPLE, Attendee, checked
from qa.moderation.meeting_queries import people_at
from qa.moderation.models import PanelAttendance, PanelMeeting
from qa.problems import NotAllowed, NotFound, Refused, Stale, refused
from qa.trail.recording import record

ONLY_LEADS = "Only a QA lead of this area keeps the panel’s meetings."


class Typed(NamedTuple):
    """What the form of a meeting says. people: row by row, empty rows too."""

    held_on: date
    chair: str
    minutes: str
    shared: bool
    people: Sequence[Attendee]


def add_meeting(person: CurrentPerson, audit_id: int, typed: Typed, choices: Choices = NO_CHOICES) -> int:
    """Keep a meeting of the panel; gives its number.

    choices: the answers to what the identifier guard found in the minutes. Raises NotFound, NotAllowed, and
    Refused: next to the field for a day to come or a row that says too little, and for identifiers.
    """
    with writing() as session:
        audit = _audit(session, person, audit_id)
        people = _people(audit, typed)
        row = PanelMeeting(audit_id=audit.id, created_at=now(), created_by_id=person.id)
        _fill(row, typed)
        session.add(row)
        session.flush()
        _guard(session, person, audit, row, choices)
        _keep_people(session, row.id, people)
        record(session, person.id, "moderation.meeting_added", "panel_meeting", row.id, area_id=audit.area_id)
        return row.id


def change_meeting(
    person: CurrentPerson,
    audit_id: int,
    meeting_id: int,
    typed: Typed,
    version: int,
    choices: Choices = NO_CHOICES,
) -> None:
    """Change a meeting. version: when the form was opened. Raises as `add_meeting`, and Stale."""
    with writing() as session:
        audit = _audit(session, person, audit_id)
        row = _meeting(session, audit, meeting_id, version)
        people = _people(audit, typed)
        before = _present(row), _plain(people_at(row.id))
        _fill(row, typed)
        changed = [name for name, value in before[0].items() if getattr(row, name) != value]
        if _plain(people) != before[1]:
            changed.append("people")
            session.execute(delete(PanelAttendance).where(PanelAttendance.meeting_id == row.id))
            _keep_people(session, row.id, people)
            row.version = version + 1
        _guard(session, person, audit, row, choices)
        if changed:
            event, area_id = "moderation.meeting_changed", audit.area_id
            record(session, person.id, event, "panel_meeting", row.id, fields=changed, area_id=area_id)


def remove_meeting(person: CurrentPerson, audit_id: int, meeting_id: int, version: int) -> None:
    """Remove a meeting with its minutes. Raises NotFound, NotAllowed and Stale."""
    with writing() as session:
        audit = _audit(session, person, audit_id)
        row = _meeting(session, audit, meeting_id, version)
        session.execute(delete(PanelAttendance).where(PanelAttendance.meeting_id == row.id))
        session.delete(row)
        event, area_id = "moderation.meeting_removed", audit.area_id
        record(session, person.id, event, "panel_meeting", meeting_id, area_id=area_id)


def in_lines(people: Sequence[Attendee]) -> str:
    """People as lines of text, for the page that shows two versions."""
    return "\n".join(
        f"{row.name}{f', {row.role}' if row.role else ''}: {row.attended.label.lower()}" for row in people
    )


def _audit(session: Session, person: CurrentPerson, audit_id: int) -> Audit:
    session.execute(select(Audit.id).where(Audit.id == audit_id).with_for_update(read=True))
    audit = get_audit(person, audit_id, Permission.PANEL_READ)
    if not can(person, Permission.AUDITS_MODERATE, audit_facts(audit)):
        raise NotAllowed(ONLY_LEADS)
    return audit


def _meeting(session: Session, audit: Audit, meeting_id: int, version: int) -> PanelMeeting:
    query = select(PanelMeeting).where(PanelMeeting.id == meeting_id, PanelMeeting.audit_id == audit.id)
    row = session.scalar(query.with_for_update())
    if row is None:
        raise NotFound
    if row.version != version:
        current = {
            "held_on": f"{row.held_on:%d %m %Y}",
            "chair": row.chair,
            "People": in_lines(people_at(row.id)),
            "minutes": row.minutes,
            "shared": "Yes" if row.shared else "No",
        }
        raise Stale(current, row.version)
    return row


def _people(audit: Audit, typed: Typed) -> list[Attendee]:
    """The rows that are kept. Raises Refused, by the fields of the form."""
    errors: dict[str, str] = {}
    if typed.held_on > today():
        errors["held_on"] = "Date of the meeting must be today or in the past"
    agencies = {agency.id for agency in audit.agencies}
    for number, row in enumerate(typed.people):
        for found in checked([row], agencies):
            errors |= {f"{part}_{number}": message for part, message in found.errors.items()}
    if errors:
        raise Refused(errors)
    kept = checked(typed.people, agencies)
    if len(kept) > MOST_PEOPLE:
        raise refused(f"A meeting has at most {MOST_PEOPLE} people")
    return kept


def _fill(row: PanelMeeting, typed: Typed) -> None:
    row.held_on, row.chair = typed.held_on, typed.chair
    row.minutes, row.shared = typed.minutes, typed.shared


def _present(row: PanelMeeting) -> dict[str, object]:
    return {name: getattr(row, name) for name in ("held_on", "chair", "minutes", "shared")}


def _plain(people: Sequence[Attendee]) -> list[Attendee]:
    return [row._replace(errors={}) for row in people]


def _keep_people(session: Session, meeting_id: int, people: Sequence[Attendee]) -> None:
    session.add_all(
        PanelAttendance(
            meeting_id=meeting_id,
            place=place,
            name=row.name,
            role=row.role,
            agency_id=row.agency_id,
            attended=row.attended,
        )
        for place, row in enumerate(people, start=1)
    )


def _guard(
    session: Session, person: CurrentPerson, audit: Audit, row: PanelMeeting, choices: Choices
) -> None:
    check(session, person, audit.area_id, "panel_meeting", row.id, {"minutes": row.minutes}, choices)
