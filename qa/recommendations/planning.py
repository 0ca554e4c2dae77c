"""What QA leads do with single actions: add, edit and delete them, and move their due dates."""

from collections.abc import Sequence
from datetime import date
from typing import NoReturn

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from qa.accounts.permissions import CurrentPerson
from qa.db import now, today, writing
from qa.identifiers.asking import NO_CHOICES, Choices
from qa.identifiers.guarding import check
from qa.problems import Refused, Stale, refused
from qa.recommendations.lifecycle import RecommendationState, may_edit, untouched
from qa.recommendations.loading import (
    CLOSED,
    LoadedAction,
    action_to_change,
    recommendation_to_change,
    words_of,
)
from qa.recommendations.models import Action, DueDateChange, ProgressUpdate, Recommendation
from qa.recommendations.offers import agency_leads
from qa.recommendations.records import ActionPlan, AgencyLeads, Responsible
from qa.trail.recording import record


def plan_errors(plan: ActionPlan, agencies: Sequence[AgencyLeads]) -> dict[str, str]:
    """What is wrong with a planned action, by `who` and `due_on`; empty when nothing is."""
    errors = _responsible_errors(plan.responsible, agencies)
    if plan.due_on < today():
        errors["due_on"] = "Due date must be today or in the future"
    return errors


def _responsible_errors(wanted: Responsible, agencies: Sequence[AgencyLeads]) -> dict[str, str]:
    agency = next((entry for entry in agencies if entry.agency_id == wanted.agency_id), None)
    if agency is None:
        return {"who": "Choose an agency that takes part in this audit"}
    leads = {number for number, _name in agency.leads}
    if wanted.lead_id is None and leads:
        return {"who": f"Choose who leads this action for {agency.agency}"}
    if wanted.lead_id is not None and wanted.lead_id not in leads:
        return {"who": f"Choose somebody who is an agency lead of {agency.agency}"}
    return {}


def new_action(session: Session, recommendation: Recommendation, plan: ActionPlan) -> Action:
    """Add a planned action that has been checked."""
    action = Action(
        recommendation_id=recommendation.id,
        audit_id=recommendation.audit_id,
        agency_id=plan.responsible.agency_id,
        lead_id=plan.responsible.lead_id,
        text=plan.text,
        due_on=plan.due_on,
        created_at=now(),
    )
    session.add(action)
    session.flush()
    return action


def record_new_action(session: Session, person: CurrentPerson, action: Action, area_id: int) -> None:
    """Tell the trail of a new action."""
    fields = ["agency", "lead", "text", "due_on"]
    record(session, person.id, "actions.added", "action", action.id, fields=fields, area_id=area_id)


def add_action(
    person: CurrentPerson, recommendation_id: int, plan: ActionPlan, choices: Choices = NO_CHOICES
) -> int:
    """Add an action to an open recommendation; gives back its number in the database.

    Raises NotFound, NotAllowed, Refused next to `who` or `due_on`, or when the recommendation is closed,
    Questioned next to `text`.
    """
    with writing() as session:
        row = recommendation_to_change(session, person, recommendation_id).recommendation
        if row.state is RecommendationState.CLOSED:
            raise refused(CLOSED)
        errors = plan_errors(plan, agency_leads(row.audit_id))
        if errors:
            raise Refused(errors)
        action = new_action(session, row, plan)
        texts = {"text": action.text}
        check(session, person, row.area_id, "action", action.id, texts, choices, about_child=False)
        record_new_action(session, person, action, row.area_id)
        return action.id


def edit_action(
    person: CurrentPerson,
    action_id: int,
    version: int,
    responsible: Responsible,
    text: str,
    choices: Choices = NO_CHOICES,
) -> None:
    """Change an action's words and lead; its agency only while nothing has been done on it.

    Raises NotFound, NotAllowed, Stale, Questioned, Refused when it is verified or the choice does not fit.
    """
    with writing() as session:
        loaded = action_to_change(session, person, action_id, planning=True)
        row = loaded.action
        _check_open(row)
        if row.version != version:
            _stale_action(session, row)
        moved = row.agency_id != responsible.agency_id
        if moved and not untouched(row.state, _updates(session, row.id)):
            raise refused("Work on this action has begun, so it stays with its agency", "who")
        if moved or row.lead_id != responsible.lead_id:
            errors = _responsible_errors(responsible, agency_leads(loaded.recommendation.audit_id))
            if errors:
                raise Refused(errors)
        wanted = {"agency_id": responsible.agency_id, "lead_id": responsible.lead_id, "text": text}
        changed = [name.removesuffix("_id") for name, value in wanted.items() if getattr(row, name) != value]
        for name, value in wanted.items():
            setattr(row, name, value)
        if moved:
            row.accepted_at = row.accepted_by_id = None
        _check_words(session, person, loaded, {"text": text}, choices)
        _record(session, person, loaded, "changed", changed)


def delete_action(person: CurrentPerson, action_id: int, version: int) -> int:
    """Delete an action on which nothing has been done; gives back its recommendation's number.

    Raises NotFound, NotAllowed, Stale, Refused when work on it has begun.
    """
    with writing() as session:
        loaded = action_to_change(session, person, action_id, planning=True)
        row, owner = loaded.action, loaded.recommendation
        if not untouched(row.state, _updates(session, row.id)):
            raise refused("Work on this action has begun, so it cannot be deleted")
        if row.version != version:
            _stale_action(session, row)
        session.delete(row)
        record(session, person.id, "actions.deleted", "action", action_id, area_id=owner.area_id)
        return owner.id


def change_due_date(
    person: CurrentPerson,
    action_id: int,
    version: int,
    due_on: date,
    reason: str,
    choices: Choices = NO_CHOICES,
) -> None:
    """Move an action's due date; the old one and the reason stay in its history.

    Raises NotFound, NotAllowed, Stale, Questioned, Refused when it is verified, the day has passed or is the
    same.
    """
    with writing() as session:
        loaded = action_to_change(session, person, action_id, planning=True)
        row = loaded.action
        _check_open(row)
        if row.version != version:
            raise Stale({"due_on": row.due_on.isoformat()}, row.version)
        if due_on == row.due_on:
            raise refused("This is the due date already. Enter another, or go back", "due_on")
        if due_on < today():
            raise refused("New due date must be today or in the future", "due_on")
        session.add(
            DueDateChange(
                action_id=row.id,
                person_id=person.id,
                changed_at=now(),
                from_on=row.due_on,
                to_on=due_on,
                reason=reason,
            )
        )
        row.due_on = due_on
        _check_words(session, person, loaded, {"reason": reason}, choices)
        _record(session, person, loaded, "due_date_changed", ["due_on", "reason"])


def _check_words(
    session: Session, person: CurrentPerson, loaded: LoadedAction, texts: dict[str, str], choices: Choices
) -> None:
    area_id, action_id = loaded.recommendation.area_id, loaded.action.id
    check(session, person, area_id, "action", action_id, texts, choices, about_child=False)


def _check_open(action: Action) -> None:
    if not may_edit(action.state):
        raise refused("This action is verified, so it can no longer change. Add a new action instead")


def _updates(session: Session, action_id: int) -> int:
    counted = select(func.count(ProgressUpdate.id)).where(ProgressUpdate.action_id == action_id)
    return session.scalar(counted) or 0


def _stale_action(session: Session, row: Action) -> NoReturn:
    raise Stale({"who": words_of(session, row), "text": row.text}, row.version)


def _record(
    session: Session, person: CurrentPerson, loaded: LoadedAction, what: str, fields: list[str]
) -> None:
    area_id = loaded.recommendation.area_id
    record(session, person.id, f"actions.{what}", "action", loaded.action.id, fields=fields, area_id=area_id)
