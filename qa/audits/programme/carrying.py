"""Carrying over what was not done to next year's programme, and tying audits to what was planned."""

from collections.abc import Collection

from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from qa.accounts.models import Agency, Person
from qa.accounts.permissions import CurrentPerson, Facts, Permission, can
from qa.audits.models import Audit
from qa.audits.programme.choices import agency_works
from qa.audits.programme.models import PlannedAgency, PlannedAudit, PlannedPerson, Programme
from qa.audits.programme.planned import MOST_PLANNED, PlanState
from qa.audits.programme.reach import (
    locked_planned,
    locked_programme,
    visible_locked_planned,
    visible_planned,
)
from qa.audits.programme.year import ProgrammeYear
from qa.audits.queries.choices import leads_in
from qa.audits.queries.reach import visible_audits
from qa.db import now, writing
from qa.problems import NotFound, Refused, refused
from qa.trail.recording import record


def carry_over(
    person: CurrentPerson, programme_id: int, planned_ids: Collection[int], quarter: int | None
) -> tuple[int, int]:
    """Copy planned audits that were not begun into the next year's programme, which is begun where missing.

    quarter: where they go there, None for the same as before. Each copy knows what it came from. Gives back
    the next programme's number and how many were carried over. Raises NotFound, NotAllowed, or Refused when
    none is ticked, or one was begun or carried over meanwhile: then none is.
    """
    if not planned_ids:
        raise Refused({"planned": "Tick at least one audit to carry over"})
    with writing() as session:
        programme = locked_programme(session, person, programme_id)
        rows = _ticked(session, person, programme, planned_ids)
        following = _next_programme(session, person, programme)
        held = session.scalars(select(PlannedAudit.id).where(PlannedAudit.programme_id == following.id)).all()
        if len(held) + len(rows) > MOST_PLANNED:
            raise refused(f"A programme holds {MOST_PLANNED} audits at most. Tick fewer")
        for row in rows:
            _copy(session, row, following, quarter)
        record(
            session,
            person.id,
            "programme.carried_over",
            "programme",
            following.id,
            fields=("planned_audits",),
            area_id=following.area_id,
        )
        return following.id, len(rows)


def _ticked(
    session: Session, person: CurrentPerson, programme: Programme, planned_ids: Collection[int]
) -> list[PlannedAudit]:
    rows = session.scalars(
        select(PlannedAudit)
        .where(
            PlannedAudit.programme_id == programme.id,
            PlannedAudit.id.in_(planned_ids),
            visible_planned(person),
        )
        .order_by(PlannedAudit.id)
        .with_for_update(of=PlannedAudit)
    ).all()
    if len(rows) != len(set(planned_ids)):
        raise NotFound
    begun = select(Audit.planned_id).where(Audit.planned_id.in_(planned_ids))
    carried = select(PlannedAudit.carried_from_id).where(PlannedAudit.carried_from_id.in_(planned_ids))
    gone = {*session.scalars(begun), *session.scalars(carried)}
    if gone:
        titles = ", ".join(row.title for row in rows if row.id in gone)
        raise Refused(
            {"planned": f"Begun or carried over meanwhile: {titles}. Nothing was carried over; tick again"}
        )
    return list(rows)


def _next_programme(session: Session, person: CurrentPerson, programme: Programme) -> Programme:
    """The same area's next programme, begun now when there is none for the year after."""
    year = ProgrammeYear(programme.starts_on)
    same = (
        Programme.area_id.is_(None) if programme.area_id is None else Programme.area_id == programme.area_id
    )
    begin = session.scalars(
        select(Programme.starts_on).where(same, Programme.starts_on > year.starts_on)
    ).all()
    starts_on = year.following(begin).starts_on
    found = session.scalar(select(Programme).where(same, Programme.starts_on == starts_on).with_for_update())
    if found is not None:
        return found
    made = Programme(area_id=programme.area_id, starts_on=starts_on, note="", created_at=now())
    session.add(made)
    session.flush()
    record(
        session,
        person.id,
        "programme.added",
        "programme",
        made.id,
        fields=("starts_on",),
        area_id=made.area_id,
    )
    return made


def _copy(session: Session, row: PlannedAudit, following: Programme, quarter: int | None) -> None:
    """Copy one, planned afresh; a lead or an agency that could not be chosen any more stays behind."""
    first = quarter or row.quarter
    lead = select(Person.id).where(Person.id == row.lead_id, leads_in(following.area_id))
    made = PlannedAudit(
        programme_id=following.id,
        title=row.title,
        theme=row.theme,
        reason=row.reason,
        reason_words=row.reason_words,
        method=row.method,
        quarter=first,
        until=min(first + row.until - row.quarter, 4),
        framework_id=row.framework_id,
        lead_id=session.scalar(lead),
        state=PlanState.PLANNED,
        confidential=row.confidential,
        carried_from_id=row.id,
        created_at=now(),
    )
    session.add(made)
    session.flush()
    agencies = select(PlannedAgency.agency_id).join(Agency, Agency.id == PlannedAgency.agency_id)
    wanted = session.scalars(
        agencies.where(PlannedAgency.planned_id == row.id, agency_works(following.area_id))
    ).all()
    named = session.scalars(select(PlannedPerson.person_id).where(PlannedPerson.planned_id == row.id)).all()
    for kind, column, numbers in (
        (PlannedAgency, "agency_id", wanted),
        (PlannedPerson, "person_id", named),
    ):
        if numbers:
            session.execute(
                insert(kind), [{"planned_id": made.id, column: number} for number in sorted(numbers)]
            )


def claim_planned(session: Session, person: CurrentPerson, planned_id: int, area_id: int) -> int:
    """A planned audit, locked for an audit of the area to be begun from it; gives back its number.

    Any QA lead of the area may begin it, also from the programme of all areas together. Raises NotFound when
    it is out of reach or another area's, Refused when the area has begun it, or it was carried over.
    """
    row = visible_locked_planned(session, person, planned_id)
    if row.programme.area_id not in {None, area_id}:
        raise NotFound
    if session.scalar(select(Audit.id).where(Audit.planned_id == row.id, Audit.area_id == area_id)):
        raise refused("An audit of this area was started from the programme already")
    if session.scalar(select(PlannedAudit.id).where(PlannedAudit.carried_from_id == row.id)):
        raise refused("It was carried over to another year: start it from there")
    return row.id


def tie_audit(person: CurrentPerson, planned_id: int, audit_id: int) -> None:
    """Say that an audit which runs already is the one that was planned.

    Raises NotFound when either is out of reach, NotAllowed, or Refused when the audit stands in a programme,
    or the planned one has an audit of that area.
    """
    with writing() as session:
        row = locked_planned(session, person, planned_id)
        audit = _managed_audit(session, person, audit_id)
        if audit.planned_id is not None:
            raise Refused({"audit": "This audit stands in a programme already"})
        claim_planned(session, person, row.id, audit.area_id)
        audit.planned_id = row.id
        _record_tie(session, person, audit, "audits.put_into_programme")


def untie_audit(person: CurrentPerson, planned_id: int, audit_id: int) -> None:
    """Say that an audit is not the one that was planned. Raises NotFound or NotAllowed."""
    with writing() as session:
        row = locked_planned(session, person, planned_id)
        audit = _managed_audit(session, person, audit_id)
        if audit.planned_id != row.id:
            raise NotFound
        audit.planned_id = None
        _record_tie(session, person, audit, "audits.taken_out_of_programme")


def _managed_audit(session: Session, person: CurrentPerson, audit_id: int) -> Audit:
    audit = session.scalar(
        select(Audit)
        .where(Audit.id == audit_id, visible_audits(person, Permission.AUDITS_MANAGE))
        .with_for_update(of=Audit)
    )
    if audit is None or not can(person, Permission.AUDITS_MANAGE, Facts(area_id=audit.area_id)):
        raise NotFound
    return audit


def _record_tie(session: Session, person: CurrentPerson, audit: Audit, event: str) -> None:
    try:
        session.flush()
    except IntegrityError as error:
        raise refused("An audit of this area was started from the programme already") from error
    record(session, person.id, event, "audit", audit.id, fields=("planned_id",), area_id=audit.area_id)
