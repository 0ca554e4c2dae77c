"""The states of an action and a recommendation: which follows which, who may ask for it, what is overdue."""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum


class Level(StrEnum):
    """Where a recommendation is meant to make a difference."""

    CASE = "case"
    OPERATIONAL = "operational"
    STRATEGIC = "strategic"

    @property
    def label(self) -> str:
        """What people read."""
        return self.value.capitalize()

    @property
    def meaning(self) -> str:
        """What the level is for, to choose by."""
        return LEVEL_MEANINGS[self]


LEVEL_MEANINGS = {
    Level.CASE: "Something to put right for a particular child or family.",
    Level.OPERATIONAL: "How teams and managers work day to day: practice, supervision, recording, training.",
    Level.STRATEGIC: "What leaders decide: policy, commissioning, resources, how agencies work together.",
}


class Priority(StrEnum):
    """How much it matters."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"

    @property
    def label(self) -> str:
        """What people read."""
        return self.value.capitalize()


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

    @property
    def label(self) -> str:
        """What people read."""
        return self.value.capitalize()


NEXT: dict[ActionState, frozenset[ActionState]] = {
    ActionState.NOT_STARTED: frozenset({ActionState.IN_PROGRESS, ActionState.AWAITING_VERIFICATION}),
    ActionState.IN_PROGRESS: frozenset({ActionState.IN_PROGRESS, ActionState.AWAITING_VERIFICATION}),
    ActionState.AWAITING_VERIFICATION: frozenset({ActionState.SENT_BACK, ActionState.VERIFIED}),
    ActionState.SENT_BACK: frozenset({ActionState.IN_PROGRESS, ActionState.AWAITING_VERIFICATION}),
    ActionState.VERIFIED: frozenset(),
}

AGENCY_SAYS = frozenset({ActionState.IN_PROGRESS, ActionState.AWAITING_VERIFICATION})
"""The states an action's agency may put it in, by posting progress."""

QA_LEAD_SAYS = frozenset({ActionState.SENT_BACK, ActionState.VERIFIED})
"""The states a QA lead may put it in, by deciding on what the agency says is done."""

DONE_BY_AGENCY = frozenset({ActionState.AWAITING_VERIFICATION, ActionState.VERIFIED})
"""The states in which its agency has nothing left to do, so that it cannot be overdue."""

UNFINISHED = tuple(state for state in ActionState if state not in DONE_BY_AGENCY)
"""The states in which its agency has something left to do; named, an index leads to them alone."""


def may_follow(present: ActionState, wanted: ActionState) -> bool:
    """Whether an action may go from one state to another."""
    return wanted in NEXT[present]


def overdue(state: ActionState, due_on: date, today: date) -> bool:
    """Due before today and not yet said to be done by its agency."""
    return state not in DONE_BY_AGENCY and due_on < today


def days_overdue(state: ActionState, due_on: date, today: date) -> int:
    """How many days an action is overdue; 0 when it is not."""
    return (today - due_on).days if overdue(state, due_on, today) else 0


def overdue_words(days: int) -> str:
    """Overdue, and by how many days; empty for 0."""
    if days <= 0:
        return ""
    return f"Overdue by {days:,} {'day' if days == 1 else 'days'}"


def may_close(actions: Iterable[ActionState]) -> bool:
    """A recommendation closes when it has actions and every one is verified."""
    states = list(actions)
    return bool(states) and all(state is ActionState.VERIFIED for state in states)


def may_edit(state: ActionState) -> bool:
    """Whether an action's words, lead and due date may still change."""
    return state is not ActionState.VERIFIED


def untouched(state: ActionState, updates: int) -> bool:
    """Whether nothing has been done on an action yet: only then may it be deleted, or change agency."""
    return state is ActionState.NOT_STARTED and updates == 0


def why_not_verify(*, own_agency: bool, own_hand: bool) -> str:
    """Why a QA lead may not decide on an action; empty when they may. Nobody marks their own work.

    own_agency: they work for the agency whose action it is. own_hand: they lead it or posted progress on it.
    """
    if own_agency:
        return "You work for the agency whose action this is, and nobody verifies their own agency’s action."
    if own_hand:
        return "You lead this action or have posted progress on it, and nobody verifies their own work."
    return ""
