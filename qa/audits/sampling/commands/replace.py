"""Replacing a drawn case by the next in line of its stratum."""

import json
from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import delete, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from qa.accounts.permissions import CurrentPerson
from qa.audits.commands.locking import locked_audit, require_open_to_cases
from qa.audits.lifecycle import ReturnState
from qa.audits.models import Audit, Case, Return
from qa.audits.sampling.commands.draw import add_drawn
from qa.audits.sampling.commands.lists import locked_sample
from qa.audits.sampling.drawing import canonical
from qa.audits.sampling.models import Unit
from qa.audits.sampling.queries import already_there
from qa.audits.sampling.vocabulary import Reason, UnitState
from qa.db import now, writing
from qa.frameworks.reading import edition_tree
from qa.identifiers.asking import NO_CHOICES, Choices
from qa.identifiers.guarding import check
from qa.problems import NotFound, refused
from qa.trail.recording import record

NOTE_LIMIT = 500
BEGUN = (
    "An agency has begun on this case, so it cannot be replaced: what was written would be lost. Agencies "
    "that do not know the child say so in their return; the case stays in the figures"
)
ON_RECORD = "The case has a concern, a finding or an answer on record, so it cannot be replaced"
NOBODY_LEFT = (
    "No case is left in reserve for this stratum. Add a case by hand, or draw another sample from a new list"
)


class Replacement(NamedTuple):
    """A case that took another's place."""

    case_id: int
    reference: str
    instead_of: str


def replace_case(
    person: CurrentPerson,
    audit_id: int,
    case_id: int,
    version: int,
    reason: Reason,
    note: str,
    choices: Choices = NO_CHOICES,
) -> Replacement:
    """Put the next in line of its stratum in the place of a drawn case on which no agency has begun.

    The new case gets the returns of the old one, with the same agencies, auditors and days. The old one is
    kept as a record of method with the reason; it is no case of the audit any more. version: the sample's.
    Raises NotFound (also for a case that was not drawn), NotAllowed, Stale, or Refused: at another stage,
    when an agency has begun, when nobody is left in reserve, or without a note for another reason;
    Questioned about the note.
    """
    if reason is Reason.OTHER and not note:
        raise refused("Say what the reason is", "note")
    try:
        with writing() as session:
            audit = locked_audit(session, person, audit_id)
            require_open_to_cases(audit)
            return _replace(session, person, audit, case_id, version, (reason, note), choices)
    except IntegrityError as error:
        # Later capabilities' records (concerns, findings) hold on to the case by their foreign keys.
        raise refused(ON_RECORD) from error


def _replace(
    session: Session,
    person: CurrentPerson,
    audit: Audit,
    case_id: int,
    version: int,
    why: tuple[Reason, str],
    choices: Choices,
) -> Replacement:
    # Its returns before the case, as whoever completes one takes them: else two could lock up.
    returns = session.scalars(
        select(Return).where(Return.case_id == case_id).order_by(Return.id).with_for_update()
    ).all()
    case = session.scalar(select(Case).where(Case.id == case_id, Case.audit_id == audit.id).with_for_update())
    unit = session.scalar(select(Unit).where(Unit.case_id == case_id))
    if case is None or unit is None:
        raise NotFound
    sample = locked_sample(session, audit, unit.sample_id, version)
    if any(row.state is not ReturnState.NOT_STARTED for row in returns):
        raise refused(BEGUN)
    following = _next(session, audit, unit)
    given = [_given(row) for row in returns]
    unit.state, unit.case_id = UnitState.REPLACED, None
    unit.reason, unit.note = why
    unit.replaced_at, unit.replaced_by_id = now(), person.id
    session.flush()
    session.execute(delete(Return).where(Return.case_id == case_id))
    session.execute(delete(Case).where(Case.id == case_id))
    profile = json.loads(following.profile or "{}")
    ids = add_drawn(session, audit, edition_tree(audit.edition_id), {following.reference: profile})
    new_id = ids[following.reference]
    following.state, following.case_id, following.profile = UnitState.DRAWN, new_id, ""
    following.replaces_id = unit.id
    if given:
        session.execute(insert(Return), [{**row, "case_id": new_id} for row in given])
    flag_modified(sample, "size")  # a new version, though nothing of its own changed
    check(session, person, audit.area_id, "sample_unit", unit.id, {"note": why[1]}, choices)
    record(
        session,
        person.id,
        "sampling.case_replaced",
        "case",
        new_id,
        fields=["case", "reason", "note"] if why[1] else ["case", "reason"],
        area_id=audit.area_id,
    )
    return Replacement(new_id, following.reference, unit.reference)


def _next(session: Session, audit: Audit, unit: Unit) -> Unit:
    """The first in reserve of the unit's stratum that is no case of the audit. Raises Refused."""
    reserve: Sequence[Unit] = session.scalars(
        select(Unit)
        .where(Unit.stratum_id == unit.stratum_id, Unit.state == UnitState.RESERVE)
        .order_by(Unit.place)
    ).all()
    taken = already_there(audit.id)
    following = next((one for one in reserve if canonical(one.reference) not in taken), None)
    if following is None:
        raise refused(NOBODY_LEFT)
    return following


def _given(row: Return) -> dict[str, Any]:
    """What a return of the old case gives to the one in its place."""
    return {
        "audit_id": row.audit_id,
        "agency_id": row.agency_id,
        "auditor_id": row.auditor_id,
        "second": row.second,
        "due_on": row.due_on,
    }
