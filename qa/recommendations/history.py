"""The steps in the life of recommendations and actions, read in one statement."""

from typing import Any

from sqlalchemy import Date, Integer, String, cast, literal, null, select, union_all

from qa.accounts.models import Agency, Person
from qa.db import db
from qa.recommendations.models import (
    Action,
    ClosingDecision,
    DueDateChange,
    ProgressUpdate,
    Recommendation,
    Verification,
)
from qa.recommendations.records import Event
from qa.recommendations.tracker_statements import Rows

NO_NUMBER = cast(null(), Integer)
NO_DAY = cast(null(), Date)


def steps_of_action(action_id: int, limit: int) -> list[Event]:
    """The latest steps of one action, newest first: progress, decisions, and moves of its due date."""
    return _events([_of_actions(part).where(Action.id == action_id) for part in _action_parts()], limit)


def steps_of_recommendation(recommendation_id: int, may_open: Any, limit: int) -> list[Event]:
    """The latest steps of a recommendation and of those of its actions that fulfil `may_open`."""
    own = (
        select(
            ClosingDecision.outcome.label("kind"),
            ClosingDecision.decided_at.label("at"),
            Person.name.label("who"),
            ClosingDecision.reason.label("text"),
            NO_NUMBER.label("action_id"),
            cast(null(), String).label("agency"),
            NO_NUMBER.label("update_id"),
            NO_DAY.label("from_on"),
            NO_DAY.label("to_on"),
            ClosingDecision.id.label("id"),
        )
        .join(Person, Person.id == ClosingDecision.person_id)
        .where(ClosingDecision.recommendation_id == recommendation_id)
    )
    of_actions = [
        _of_actions(part).where(Action.recommendation_id == recommendation_id, may_open)
        for part in _action_parts()
    ]
    return _events([own, *of_actions], limit)


def _events(parts: list[Rows], limit: int) -> list[Event]:
    steps = union_all(*parts).subquery("steps")
    query = select(steps).order_by(steps.c.at.desc(), steps.c.id.desc()).limit(limit)
    return [Event(*row[:-1]) for row in db.session.execute(query)]


def _action_parts() -> list[tuple[Any, dict[str, Any]]]:
    """Each table of steps with its columns; the rest is empty."""
    return [
        (
            ProgressUpdate,
            {
                "kind": cast(ProgressUpdate.state, String),
                "at": ProgressUpdate.posted_at,
                "text": ProgressUpdate.text,
                "update_id": ProgressUpdate.id,
            },
        ),
        (
            Verification,
            {"kind": Verification.outcome, "at": Verification.decided_at, "text": Verification.reason},
        ),
        (
            DueDateChange,
            {
                "kind": literal("due_moved"),
                "at": DueDateChange.changed_at,
                "text": DueDateChange.reason,
                "from_on": DueDateChange.from_on,
                "to_on": DueDateChange.to_on,
            },
        ),
    ]


def _of_actions(part: tuple[Any, dict[str, Any]]) -> Rows:
    table, columns = part
    return (
        select(
            columns["kind"].label("kind"),
            columns["at"].label("at"),
            Person.name.label("who"),
            columns["text"].label("text"),
            table.action_id.label("action_id"),
            Agency.name.label("agency"),
            columns.get("update_id", NO_NUMBER).label("update_id"),
            columns.get("from_on", NO_DAY).label("from_on"),
            columns.get("to_on", NO_DAY).label("to_on"),
            table.id.label("id"),
        )
        .select_from(table)
        .join(Person, Person.id == table.person_id)
        .join(Action, Action.id == table.action_id)
        .join(Recommendation, Recommendation.id == Action.recommendation_id)
        .join(Agency, Agency.id == Action.agency_id)
    )
