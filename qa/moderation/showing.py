"""Which cases the agenda shows, and in which order. Pure."""

from enum import StrEnum


class Show(StrEnum):
    """Which cases of the agenda."""

    ALL = "all"
    NOT_OPENED = "not-opened"
    OPENED = "opened"
    JUDGED = "judged"
    DIVERGENT = "divergent"

    @property
    def label(self) -> str:
        """What people read."""
        return {
            Show.ALL: "All",
            Show.NOT_OPENED: "Not open yet",
            Show.OPENED: "Open, no overall grade yet",
            Show.JUDGED: "Overall grade agreed",
            Show.DIVERGENT: "Grades two or more apart",
        }[self]


class Order(StrEnum):
    """In which order."""

    DIVERGENCE = "divergence"
    NUMBER = "number"

    @property
    def label(self) -> str:
        """What people read."""
        return "Furthest apart first" if self is Order.DIVERGENCE else "Case number"
