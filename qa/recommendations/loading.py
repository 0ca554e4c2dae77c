"""Rows that commands change: loaded, locked until the commit, and only within the person's reach."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from qa.accounts.models import Agency, Person
from qa.accounts.permissions import CurrentPerson, Facts, Permission, can
from qa.audits.models import Audit
from qa.problems import NotAllowed, NotFound
from qa.recommendations.models import Action, Recommendation
from qa.recommendations.scope import facts_of

CLOSED = "This recommendation is closed. Reopen it before you change it or its actions"


@dataclass(frozen=True, slots=True)
class Loaded:
    """A recommendation to change, and what `can` needs to know of it."""

    recommendation: Recommendation
    facts: Facts


@dataclass(frozen=True, slots=True)
class LoadedAction(Loaded):
    """An action to change."""

    action: Action


def recommendation_to_change(session: Session, person: CurrentPerson, recommendation_id: int) -> Loaded:
    """The recommendation, its row locked. Raises NotFound out of reach, NotAllowed for all but QA leads."""
    row = session.execute(
        select(Recommendation, Audit)
        .join(Audit, Audit.id == Recommendation.audit_id)
        .where(Recommendation.id == recommendation_id)
        .with_for_update(of=Recommendation)
    ).one_or_none()
    if row is None:
        raise NotFound
    agencies = session.scalars(
        select(Action.agency_id).where(Action.recommendation_id == recommendation_id).distinct()
    )
    loaded = Loaded(row[0], facts_of(row[1], agencies.all()))
    _check_reach(person, loaded.facts)
    _check_manages(person, loaded.facts)
    return loaded


def action_to_change(
    session: Session, person: CurrentPerson, action_id: int, *, planning: bool = False
) -> LoadedAction:
    """The action, its row locked. Raises NotFound out of reach.

    planning: the change is for QA leads; raises NotAllowed for anybody else.
    """
    row = session.execute(
        select(Action, Recommendation, Audit)
        .join(Recommendation, Recommendation.id == Action.recommendation_id)
        .join(Audit, Audit.id == Recommendation.audit_id)
        .where(Action.id == action_id)
        .with_for_update(of=Action)
    ).one_or_none()
    if row is None:
        raise NotFound
    action, recommendation, audit = row
    loaded = LoadedAction(recommendation, facts_of(audit, [action.agency_id]), action)
    _check_reach(person, loaded.facts)
    if planning:
        _check_manages(person, loaded.facts)
    return loaded


def _check_reach(person: CurrentPerson, facts: Facts) -> None:
    if not can(person, Permission.RECOMMENDATIONS_READ, facts):
        raise NotFound


def _check_manages(person: CurrentPerson, facts: Facts) -> None:
    if not can(person, Permission.RECOMMENDATIONS_MANAGE, facts):
        raise NotAllowed("Only a QA lead of the audit’s area can change its recommendations.")


def words_of(session: Session, action: Action) -> str:
    """Whom an action is given to, in the words of the form's choices."""
    agency = session.scalar(select(Agency.name).where(Agency.id == action.agency_id))
    lead = select(Person.name).where(Person.id == action.lead_id)
    name = session.scalar(lead) if action.lead_id is not None else None
    return f"{name or 'No lead yet'}, {agency}"
