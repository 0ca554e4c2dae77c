"""The states of an action and a recommendation: which follows which, and what is overdue."""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum


class Level(StrEnum):
    """Where a recommendation is meant to make a difference."""

    CASE = "case"
    OPERATIONAL = "operational"
    STRATEGIC = "strategic"


class Priority(StrEnum):
    """How much it matters."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class ActionState(StrEnum):
    """Where an action stands."""

    NOT_STARTED = "not_started"
    IN_PROGRESS = "in_progress"
    AWAITING_VERIFICATION = "awaiting_verification"
    SENT_BACK = "sent_back"
    VERIFIED = "verified"

    @property
    def label(self) -> str:
        """What people read."""
        return self.value.replace("_", " ").capitalize()


class RecommendationState(StrEnum):
    """Open until every action is verified and the QA lead closes it."""

    OPEN = "open"
    CLOSED = "closed"


NEXT: dict[ActionState, frozenset[ActionState]] = {
    ActionState.NOT_STARTED: frozenset({ActionState.IN_PROGRESS, ActionState.AWAITING_VERIFICATION}),
    ActionState.IN_PROGRESS: frozenset({ActionState.IN_PROGRESS, ActionState.AWAITING_VERIFICATION}),
    ActionState.AWAITING_VERIFICATION: frozenset({ActionState.SENT_BACK, ActionState.VERIFIED}),
    ActionState.SENT_BACK: frozenset({ActionState.IN_PROGRESS, ActionState.AWAITING_VERIFICATION}),
    ActionState.VERIFIED: frozenset(),
}


def may_follow(present: ActionState, wanted: ActionState) -> bool:
    """Whether an action may go from one state to another."""
    return wanted in NEXT[present]


def overdue(state: ActionState, due_on: date, today: date) -> bool:
    """Due before today and not yet said to be done by its agency."""
    return state not in {ActionState.AWAITING_VERIFICATION, ActionState.VERIFIED} and due_on < today


def may_close(actions: Iterable[ActionState]) -> bool:
    """A recommendation closes when it has actions and every one is verified."""
    states = list(actions)
    return bool(states) and all(state is ActionState.VERIFIED for state in states)
