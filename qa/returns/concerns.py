"""Concerns: raising one, saying that it has been seen, recording actions, closing it, opening it again."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from qa.accounts.permissions import CurrentPerson, Permission
from qa.audits.models import Audit
from qa.db import now, writing
from qa.identifiers.asking import NO_CHOICES, Choices
from qa.identifiers.guarding import check
from qa.mail.outbox import queue
from qa.problems import NotAllowed, NotFound, Refused, Stale, refused
from qa.returns.concern_clock import next_due
from qa.returns.concern_queries import emails_of_those_who_act, may_handle, may_see, named_on
from qa.returns.concern_settings import concern_address, hours_to_acknowledge, is_working_day
from qa.returns.models import Concern, ConcernStep
from qa.returns.queries import lock_return
from qa.returns.vocabulary import ConcernState, ConcernStepKind
from qa.trail.recording import record as add_to_trail

SUBJECT = "A concern about a child needs you"
BODY = """An auditor in {area} is worried that a child may be unsafe now, and has raised a concern in
Audit Together.

Read it and act: {address}

What the concern says is only there: no message carries anything about a child.
"""
REOPENED_SUBJECT = "A concern about a child was opened again"
REOPENED_BODY = """A concern in Audit Together that had been closed was opened again.

Read why and act: {address}

What the concern says is only there: no message carries anything about a child.
"""
CLOSED_MEANWHILE = "This concern has been closed by somebody else. Nothing was saved"


def raise_concern(
    person: CurrentPerson, return_id: int, text: str, already_done: str, choices: Choices = NO_CHOICES
) -> int:
    """Raise a concern about the child of a return, whatever the state of return and audit; gives its number.

    Whoever must act gets a message that there is one, and where; never what it says. Raises Refused without
    a text, Questioned about what could identify somebody, NotFound when the return is out of reach,
    NotAllowed for those who only read it.
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
            state=ConcernState.RAISED,
            text=text,
            already_done=already_done,
        )
        _wind(concern, concern.raised_at, acted=False)
        session.add(concern)
        session.flush()
        for email in emails_of_those_who_act(session, record.area_id, record.audit_id):
            queue(session, email, SUBJECT, BODY.format(area=record.area, address=concern_address(concern.id)))
        texts = {"text": text, "already_done": already_done}
        _ask(session, person, concern, texts, choices)
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
        _acknowledge(concern, person, now())
        _note(session, person, concern, "concerns.acknowledged", ["state"])


def add_action(
    person: CurrentPerson,
    concern_id: int,
    text: str,
    done_by: str,
    happened_at: datetime,
    choices: Choices = NO_CHOICES,
) -> None:
    """Record an action taken about a concern: what, by whom, when. Whoever records it has seen the concern.

    It is added to the others, so nobody's is overwritten; the same form sent twice adds it once. Raises
    Refused without an action or a name, for a time that has not come, and when the concern is closed;
    NotFound and NotAllowed as for `acknowledge`.
    """
    with writing() as session:
        concern = _locked(session, person, concern_id)
        if concern.state is ConcernState.CLOSED:
            raise refused(CLOSED_MEANWHILE)
        moment = now()
        _check_action(text, done_by, happened_at, moment)
        wanted = {
            "concern_id": concern.id,
            "kind": ConcernStepKind.ACTION,
            "happened_at": happened_at,
            "done_by": done_by,
            "text": text,
            "recorded_by_id": person.id,
        }
        if session.scalar(select(ConcernStep.id).filter_by(**wanted).limit(1)) is not None:
            return
        if concern.state is ConcernState.RAISED:
            _acknowledge(concern, person, moment)
        session.add(ConcernStep(**wanted, recorded_at=moment))
        _wind(concern, moment, acted=True)
        _ask(session, person, concern, {"action": text, "done_by": done_by}, choices)
        _note(session, person, concern, "concerns.action_recorded", ["action"])


def _check_action(text: str, done_by: str, happened_at: datetime, moment: datetime) -> None:
    problems = {}
    if not text:
        problems["action"] = "Say what was done"
    if not done_by:
        problems["done_by"] = "Say who did it"
    if happened_at > moment:
        problems["time"] = "The action cannot lie in the future: give the time at which it was taken"
    if problems:
        raise Refused(problems)


def close(
    person: CurrentPerson, concern_id: int, outcome: str, seen: int, choices: Choices = NO_CHOICES
) -> None:
    """Close a concern with its outcome; seen: how many steps the page showed.

    Raises Refused without an outcome, and when somebody else closed it; Stale when a step was added
    meanwhile, which whoever closes it should know of; NotFound and NotAllowed as for `acknowledge`.
    """
    with writing() as session:
        concern = _locked(session, person, concern_id)
        if concern.state is ConcernState.CLOSED:
            if concern.closed_by_id == person.id and concern.outcome == outcome:
                return
            raise refused(CLOSED_MEANWHILE)
        if not outcome:
            raise refused("Say what came of it", "outcome")
        _check_seen(session, concern, seen)
        moment = now()
        if concern.state is ConcernState.RAISED:
            _acknowledge(concern, person, moment)
        concern.state, concern.outcome = ConcernState.CLOSED, outcome
        concern.closed_by_id, concern.closed_at = person.id, moment
        _wind(concern, moment, acted=True)
        _add_step(session, person, concern, ConcernStepKind.CLOSED, outcome, moment)
        _ask(session, person, concern, {"outcome": outcome}, choices)
        _note(session, person, concern, "concerns.closed", ["outcome", "state"])


def reopen(person: CurrentPerson, concern_id: int, reason: str, choices: Choices = NO_CHOICES) -> None:
    """Open a closed concern again; its outcome stays among its steps, and the clock of an action runs anew.

    The others who must act get a message. Raises Refused without a reason, and when it is open already;
    NotFound and NotAllowed as for `acknowledge`.
    """
    with writing() as session:
        concern = _locked(session, person, concern_id)
        if concern.state is not ConcernState.CLOSED:
            raise refused("This concern is open already. Nothing was saved")
        if not reason:
            raise refused("Say why it is opened again", "reason")
        moment = now()
        concern.state, concern.outcome = ConcernState.ACKNOWLEDGED, ""
        concern.closed_by_id = concern.closed_at = None
        _wind(concern, moment, acted=False)
        _add_step(session, person, concern, ConcernStepKind.REOPENED, reason, moment)
        body = REOPENED_BODY.format(address=concern_address(concern.id))
        for email in emails_of_those_who_act(session, concern.area_id, concern.audit_id):
            if email != person.email:
                queue(session, email, REOPENED_SUBJECT, body)
        _ask(session, person, concern, {"reason": reason}, choices)
        _note(session, person, concern, "concerns.reopened", ["reason", "state"])


def _ask(
    session: Session, person: CurrentPerson, concern: Concern, texts: dict[str, str], choices: Choices
) -> None:
    check(session, person, concern.area_id, "concern", concern.id, texts, choices)


def _acknowledge(concern: Concern, person: CurrentPerson, moment: datetime) -> None:
    concern.state = ConcernState.ACKNOWLEDGED
    concern.acknowledged_by_id, concern.acknowledged_at = person.id, moment
    _wind(concern, concern.raised_at, acted=False)


def _wind(concern: Concern, since: datetime, *, acted: bool) -> None:
    """Set the clock for the step that comes next."""
    due = next_due(concern.state, since, hours_to_acknowledge(), is_working_day, acted=acted)
    concern.due_at, concern.reminded_at = due, None


def _check_seen(session: Session, concern: Concern, seen: int) -> None:
    query = select(ConcernStep.text).where(ConcernStep.concern_id == concern.id).order_by(ConcernStep.id)
    texts = session.scalars(query).all()
    if len(texts) != seen:
        added = "\n".join(texts[seen:])
        raise Stale({"outcome": f"No outcome yet. Recorded meanwhile: {added}"}, len(texts))


def _add_step(
    session: Session,
    person: CurrentPerson,
    concern: Concern,
    kind: ConcernStepKind,
    text: str,
    moment: datetime,
) -> None:
    session.add(
        ConcernStep(
            concern_id=concern.id,
            kind=kind,
            happened_at=moment,
            text=text,
            recorded_at=moment,
            recorded_by_id=person.id,
        )
    )


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
