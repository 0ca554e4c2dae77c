"""Reads of the panel's meetings: all for the audit's QA leads, shared ones for agencies taking part."""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from sqlalchemy import ColumnElement, func, select, true

from qa.accounts.permissions import CurrentPerson, Permission, can
from qa.audits.models import Audit
from qa.audits.queries import audit_facts, get_audit
from qa.db import db, today
from qa.moderation.attending import Attended, Attendee
from qa.moderation.models import PanelAttendance, PanelMeeting
from qa.problems import NotFound
from qa.web.paging import PAGE_SIZE, Page


class MeetingItem(NamedTuple):
    """A meeting in the list. present: how many came; agencies: of how many of the agencies."""

    id: int
    held_on: date
    chair: str
    shared: bool
    present: int
    agencies: int


class Meetings(NamedTuple):
    """A page of an audit's meetings, the latest first. moderates: the person may add one."""

    audit: Audit
    page: Page[MeetingItem]
    moderates: bool


class Meeting(NamedTuple):
    """One meeting. agencies: those taking part in the audit, number to name."""

    audit: Audit
    id: int
    held_on: date
    chair: str
    minutes: str
    shared: bool
    version: int
    people: tuple[Attendee, ...]
    agencies: Mapping[int, str]
    moderates: bool


def list_meetings(person: CurrentPerson, audit_id: int, number: int) -> Meetings:
    """A page of the meetings that the person may read, in three statements. number: of the page.

    Raises NotFound.
    """
    audit, moderates = _audit(person, audit_id)
    within = (PanelMeeting.audit_id == audit_id, _readable(moderates=moderates))
    total = db.session.scalar(select(func.count()).select_from(PanelMeeting).where(*within))
    came = (
        PanelAttendance.meeting_id == PanelMeeting.id,
        PanelAttendance.attended == Attended.PRESENT,
    )
    rows = db.session.execute(
        select(
            PanelMeeting.id,
            PanelMeeting.held_on,
            PanelMeeting.chair,
            PanelMeeting.shared,
            select(func.count()).where(*came).correlate(PanelMeeting).scalar_subquery(),
            select(func.count(PanelAttendance.agency_id.distinct()))
            .where(*came)
            .correlate(PanelMeeting)
            .scalar_subquery(),
        )
        .where(*within)
        .order_by(PanelMeeting.held_on.desc(), PanelMeeting.id.desc())
        .limit(PAGE_SIZE)
        .offset((number - 1) * PAGE_SIZE)
    )
    return Meetings(audit, Page([MeetingItem(*row) for row in rows], number, total or 0), moderates)


def get_meeting(person: CurrentPerson, audit_id: int, meeting_id: int) -> Meeting:
    """A meeting that the person may read. Raises NotFound. Three statements."""
    audit, moderates = _audit(person, audit_id)
    row = db.session.scalar(
        select(PanelMeeting).where(
            PanelMeeting.id == meeting_id, PanelMeeting.audit_id == audit_id, _readable(moderates=moderates)
        )
    )
    if row is None:
        raise NotFound
    return Meeting(
        audit,
        row.id,
        row.held_on,
        row.chair,
        row.minutes,
        row.shared,
        row.version,
        people_at(row.id),
        {agency.id: agency.name for agency in audit.agencies},
        moderates,
    )


def people_at(meeting_id: int) -> tuple[Attendee, ...]:
    """Who was at a meeting or sent apologies, in the order of its page."""
    query = (
        select(PanelAttendance)
        .where(PanelAttendance.meeting_id == meeting_id)
        .order_by(PanelAttendance.place)
    )
    return tuple(
        Attendee(row.name, row.role, row.agency_id, row.attended) for row in db.session.scalars(query)
    )


class NewMeeting(NamedTuple):
    """What a new meeting begins with. people: those of the latest one, else a row for each agency."""

    audit: Audit
    agencies: Mapping[int, str]
    people: tuple[Attendee, ...]
    day: date


def new_meeting(person: CurrentPerson, audit_id: int) -> NewMeeting:
    """What the form of a new meeting shows. Raises NotFound for all but the audit's QA leads."""
    audit = get_audit(person, audit_id, Permission.AUDITS_MODERATE)
    agencies = {agency.id: agency.name for agency in audit.agencies}
    people = _people_last_time(audit_id) or tuple(Attendee(agency_id=number) for number in agencies)
    return NewMeeting(audit, agencies, people, today())


def _people_last_time(audit_id: int) -> tuple[Attendee, ...]:
    query = (
        select(PanelMeeting.id)
        .where(PanelMeeting.audit_id == audit_id)
        .order_by(PanelMeeting.held_on.desc(), PanelMeeting.id.desc())
        .limit(1)
    )
    latest = db.session.scalar(query)
    people = people_at(latest) if latest is not None else ()
    return tuple(row._replace(attended=Attended.PRESENT) for row in people)


def _audit(person: CurrentPerson, audit_id: int) -> tuple[Audit, bool]:
    audit = get_audit(person, audit_id, Permission.PANEL_READ)
    return audit, can(person, Permission.AUDITS_MODERATE, audit_facts(audit))


def _readable(*, moderates: bool) -> ColumnElement[bool]:
    return true() if moderates else PanelMeeting.shared.is_(True)
