"""The closed lists of words of returns, findings and concerns: pure."""

from enum import StrEnum


class FindingKind(StrEnum):
    """A strength, or an area for improvement."""

    STRENGTH = "strength"
    AREA_FOR_IMPROVEMENT = "area_for_improvement"

    @property
    def label(self) -> str:
        """What people read."""
        return self.value.replace("_", " ").capitalize()

    @property
    def plural(self) -> str:
        """What people read above several."""
        return "Strengths" if self is FindingKind.STRENGTH else "Areas for improvement"


class ConcernState(StrEnum):
    """Where a concern stands."""

    RAISED = "raised"
    ACKNOWLEDGED = "acknowledged"
    CLOSED = "closed"

    @property
    def label(self) -> str:
        """What people read."""
        return self.value.capitalize()


class ConcernStepKind(StrEnum):
    """What was done about a concern."""

    ACTION = "action"
    CLOSED = "closed"
    REOPENED = "reopened"
