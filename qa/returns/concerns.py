"""Concerns: raising one, saying that it has been seen, recording what was done, closing it."""

from collections.abc import Callable

from sqlalchemy import select
from sqlalchemy.orm import Session

from qa.accounts.permissions import CurrentPerson, Permission
from qa.audits.models import Audit
from qa.db import now, writing
from qa.mail.outbox import queue
from qa.problems import NotAllowed, NotFound, Stale, refused
from qa.returns.concern_queries import emails_of_those_who_act, may_handle, may_see, named_on
from qa.returns.models import Concern
from qa.returns.queries import lock_return
from qa.returns.vocabulary import ConcernState
from qa.trail.recording import record as add_to_trail

# Gives the whole address of a concern's page.
Address = Callable[[int], str]

SUBJECT = "A concern about a child needs you"
BODY = """An auditor in {area} is worried that a child may be unsafe now, and has raised a concern in
Audit Together.

Read it and act: {address}

What the concern says is only there: no message carries anything about a child.
"""


def raise_concern(
    person: CurrentPerson, return_id: int, text: str, already_done: str, address: Address
) -> int:
    """Raise a concern about the child of a return, whatever the state of return and audit; gives its number.

    Whoever must act gets a message that there is one, and where; never what it says. Raises Refused without
    a text, NotFound when the return is out of reach, NotAllowed for those who only read it.
    """
    with writing() as session:
        record = lock_return(session, person, return_id, Permission.CONCERNS_RAISE)
        if not text:
            raise refused("Say what you are worried about", "text")
        concern = Concern(
            audit_id=record.audit_id,
            area_id=record.area_id,
            case_id=record.case_id,
            return_id=record.id,
            agency_id=record.agency_id,
            raised_by_id=person.id,
            raised_at=now(),
            text=text,
            already_done=already_done,
        )
        session.add(concern)
        session.flush()
        for email in emails_of_those_who_act(session, record.area_id, record.audit_id):
            queue(session, email, SUBJECT, BODY.format(area=record.area, address=address(concern.id)))
        _note(session, person, concern, "concerns.raised", ["text", "already_done"])
        return concern.id


def acknowledge(person: CurrentPerson, concern_id: int) -> None:
    """Say that the concern has been seen; does nothing when somebody already has.

    Raises NotFound, and NotAllowed for the person who raised it.
    """
    with writing() as session:
        concern = _locked(session, person, concern_id)
        if concern.state is not ConcernState.RAISED:
            return
        concern.state = ConcernState.ACKNOWLEDGED
        concern.acknowledged_by_id = person.id
        concern.acknowledged_at = now()
        _note(session, person, concern, "concerns.acknowledged", ["state"])


def record_outcome(
    person: CurrentPerson, concern_id: int, outcome: str, version: int, *, close: bool
) -> None:
    """Record what has been done about a concern, and close it when told to.

    Whoever records it has seen it. Raises Refused when it is closed already, or is to be closed without an
    outcome; Stale when somebody else wrote meanwhile; NotFound and NotAllowed as for `acknowledge`.
    """
    with writing() as session:
        concern = _locked(session, person, concern_id)
        if concern.state is ConcernState.CLOSED:
            raise refused("This concern has been closed by somebody else. Nothing was saved")
        if not outcome:
            raise refused("Say what was done and what came of it", "outcome")
        # That it was acknowledged meanwhile takes nothing away: only another outcome clashes.
        if concern.version != version and concern.outcome:
            raise Stale({"outcome": concern.outcome}, concern.version)
        moment = now()
        concern.outcome = outcome
        if concern.state is ConcernState.RAISED:
            concern.state = ConcernState.ACKNOWLEDGED
            concern.acknowledged_by_id = person.id
            concern.acknowledged_at = moment
        if close:
            concern.state = ConcernState.CLOSED
            concern.closed_by_id = person.id
            concern.closed_at = moment
        event = "concerns.closed" if close else "concerns.outcome_recorded"
        _note(session, person, concern, event, ["outcome", "state"] if close else ["outcome"])


def _locked(session: Session, person: CurrentPerson, concern_id: int) -> Concern:
    query = (
        select(Concern, Audit.confidential)
        .join(Audit, Audit.id == Concern.audit_id)
        .where(Concern.id == concern_id)
        .with_for_update(of=Concern)
    )
    row = session.execute(query).one_or_none()
    if row is None:
        raise NotFound
    concern, confidential = row
    named = named_on(concern.audit_id) if confidential else None
    if not may_see(person, concern.raised_by_id, concern.area_id, named):
        raise NotFound
    if not may_handle(person, concern.area_id, named):
        raise NotAllowed("Only the area's QA leads can act on a concern.")
    return concern


def _note(session: Session, person: CurrentPerson, concern: Concern, event: str, fields: list[str]) -> None:
    add_to_trail(session, person.id, event, "concern", concern.id, fields=fields, area_id=concern.area_id)
