"""What agencies say they have done, with evidence, and what a QA lead decides on it."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from qa.accounts.permissions import CurrentPerson, Permission, can
from qa.db import now, writing
from qa.identifiers.asking import NO_CHOICES, Choices
from qa.identifiers.guarding import check
from qa.problems import NotAllowed, Refused, Stale, refused
from qa.recommendations.evidence import CheckedFile, Upload, checked
from qa.recommendations.lifecycle import (
    AGENCY_SAYS,
    QA_LEAD_SAYS,
    ActionState,
    may_follow,
    why_not_verify,
)
from qa.recommendations.loading import LoadedAction, action_to_change
from qa.recommendations.models import Action, EvidenceFile, ProgressUpdate, Verification
from qa.recommendations.queries import has_hand_in
from qa.trail.recording import record

NOT_THEIRS = "Only an agency lead of the agency whose action this is can do that."


def accept(person: CurrentPerson, action_id: int) -> None:
    """Take an action on for one's agency; doing it twice changes nothing. Raises NotFound, NotAllowed."""
    with writing() as session:
        loaded = action_to_change(session, person, action_id)
        _check_agency_lead(person, loaded)
        if loaded.action.accepted_at is None:
            _accept(loaded.action, person)
            _record(session, person, loaded, "actions.accepted", ["accepted_at"])


def post_progress(
    person: CurrentPerson,
    action_id: int,
    state: ActionState,
    text: str,
    uploads: Sequence[Upload] = (),
    choices: Choices = NO_CHOICES,
) -> None:
    """Say what has been done on one's agency's action, with evidence: everything is saved, or nothing.

    state: in progress, or awaiting verification (done). A first update accepts the action too.
    Raises NotFound, NotAllowed; Refused next to `state` when the action cannot go there, or next to
    `evidence`, naming each file that cannot be kept; Questioned next to `text`. Files are not looked into.
    """
    # Looked at before the write lock is taken; what is wrong with them is told only to who may post.
    files, problem = _looked_through(uploads)
    with writing() as session:
        loaded = action_to_change(session, person, action_id)
        _check_agency_lead(person, loaded)
        if state not in AGENCY_SAYS or not may_follow(loaded.action.state, state):
            raise refused(_why_not(loaded.action.state), "state")
        if problem:
            raise problem
        action, moment = loaded.action, now()
        update = ProgressUpdate(
            action_id=action.id, person_id=person.id, posted_at=moment, text=text, state=state
        )
        session.add(update)
        session.flush()
        for file in files:
            session.add(
                EvidenceFile(
                    action_id=action.id,
                    update_id=update.id,
                    person_id=person.id,
                    uploaded_at=moment,
                    name=file.name,
                    media_type=file.media_type,
                    size=len(file.content),
                    sha256=file.sha256,
                    content=file.content,
                )
            )
        if action.accepted_at is None:
            _accept(action, person)
        action.state = state
        _check_words(session, person, loaded, {"text": text}, choices)
        fields = ["text", "state", *(["evidence"] if files else [])]
        _record(session, person, loaded, "actions.progress_posted", fields)


def _looked_through(uploads: Sequence[Upload]) -> tuple[list[CheckedFile], Refused | None]:
    try:
        return checked(uploads), None
    except Refused as problem:
        return [], problem


def _why_not(present: ActionState) -> str:
    if present is ActionState.AWAITING_VERIFICATION:
        return "Somebody has already said this action is done, and it awaits verification"
    if present is ActionState.VERIFIED:
        return "This action has been verified, so no more progress can be posted"
    return "Choose whether the action is in progress or done"


def _check_agency_lead(person: CurrentPerson, loaded: LoadedAction) -> None:
    if not can(person, Permission.ACTIONS_PROGRESS, loaded.facts):
        raise NotAllowed(NOT_THEIRS)


def _accept(action: Action, person: CurrentPerson) -> None:
    action.accepted_at, action.accepted_by_id = now(), person.id


def decide(
    person: CurrentPerson,
    action_id: int,
    version: int,
    outcome: ActionState,
    reason: str,
    choices: Choices = NO_CHOICES,
) -> None:
    """Verify an action said to be done, or send it back. reason: what was seen, or what is still needed.

    Raises NotFound; NotAllowed for other than a QA lead of the area, for one who works for the action's
    agency, and for one who leads it or posted progress on it; Refused next to `outcome` when nothing awaits
    verification; Questioned next to `reason`; Stale when the action was changed meanwhile.
    """
    with writing() as session:
        loaded = action_to_change(session, person, action_id)
        action = loaded.action
        barred = why_not_verify(
            own_agency=action.agency_id in person.agency_ids,
            own_hand=has_hand_in(person, action.id, action.lead_id),
        )
        if barred:
            raise NotAllowed(barred)
        if not can(person, Permission.ACTIONS_VERIFY, loaded.facts):
            raise NotAllowed("Only a QA lead of the audit’s area can verify an action.")
        if outcome not in QA_LEAD_SAYS or not may_follow(action.state, outcome):
            raise refused(_why_not_decide(action.state), "outcome")
        if action.version != version:
            raise Stale({"Action": action.text, "Due date": action.due_on.isoformat()}, action.version)
        moment = now()
        session.add(
            Verification(
                action_id=action.id,
                person_id=person.id,
                decided_at=moment,
                outcome=outcome.value,
                reason=reason,
            )
        )
        action.state = outcome
        action.verified_at = moment if outcome is ActionState.VERIFIED else None
        _check_words(session, person, loaded, {"reason": reason}, choices)
        _record(session, person, loaded, f"actions.{outcome.value}", ["state", "reason"])


def _check_words(
    session: Session, person: CurrentPerson, loaded: LoadedAction, texts: dict[str, str], choices: Choices
) -> None:
    area_id, action_id = loaded.recommendation.area_id, loaded.action.id
    check(session, person, area_id, "action", action_id, texts, choices, about_child=False)


def _why_not_decide(present: ActionState) -> str:
    if present is ActionState.AWAITING_VERIFICATION:
        return "Choose whether you verify the action or send it back"
    return f"This action no longer awaits verification: it is now {present.label.lower()}"


def _record(
    session: Session, person: CurrentPerson, loaded: LoadedAction, event: str, fields: list[str]
) -> None:
    area_id = loaded.recommendation.area_id
    record(session, person.id, event, "action", loaded.action.id, fields=fields, area_id=area_id)
