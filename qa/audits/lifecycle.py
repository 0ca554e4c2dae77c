"""The stages of an audit and the states of a return: which follows which."""

from enum import StrEnum


class Stage(StrEnum):
    """Where an audit stands."""

    PLANNING = "planning"
    FIELDWORK = "fieldwork"
    PANEL = "panel"
    REPORTED = "reported"
    CLOSED = "closed"

    @property
    def label(self) -> str:
        """What people read."""
        return self.value.capitalize()


REPORTED = frozenset({Stage.REPORTED, Stage.CLOSED})
"""The stages in which an audit's figures and report may be read outside the QA team."""

NEXT_STAGES: dict[Stage, frozenset[Stage]] = {
    Stage.PLANNING: frozenset({Stage.FIELDWORK}),
    Stage.FIELDWORK: frozenset({Stage.PANEL}),
    Stage.PANEL: frozenset({Stage.FIELDWORK, Stage.REPORTED}),
    Stage.REPORTED: frozenset({Stage.PANEL, Stage.CLOSED}),
    Stage.CLOSED: frozenset({Stage.REPORTED}),
}


class ReturnState(StrEnum):
    """Where a return stands. NOT_INVOLVED is complete: the agency does not know the child."""

    NOT_STARTED = "not_started"
    IN_PROGRESS = "in_progress"
    SUBMITTED = "submitted"
    NOT_INVOLVED = "not_involved"

    @property
    def label(self) -> str:
        """What people read."""
        return self.value.replace("_", " ").capitalize()

    @property
    def complete(self) -> bool:
        """Whether the agency has finished with it."""
        return self in COMPLETE


COMPLETE = frozenset({ReturnState.SUBMITTED, ReturnState.NOT_INVOLVED})


def may_follow(present: Stage, wanted: Stage) -> bool:
    """Whether an audit may go from one stage to another."""
    return wanted in NEXT_STAGES[present]
