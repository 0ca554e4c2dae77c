"""How near a due date is, in words: pure."""

from datetime import date
from typing import NamedTuple

SOON = 7


class Due(NamedTuple):
    """A due date seen from today. group: under which heading a list puts it; colour: of a tag."""

    words: str
    group: str
    colour: str

    @property
    def late(self) -> bool:
        """Whether the day has passed."""
        return self.group == LATE


LATE, THIS_WEEK, LATER = "Late", "Due in the next 7 days", "Due later"


def due(day: date, today: date) -> Due:
    """How many days are left, or how many late."""
    left = (day - today).days
    if left < 0:
        return Due(f"{_days(-left)} late", LATE, "red")
    if left == 0:
        return Due("Due today", THIS_WEEK, "orange")
    return Due(
        f"{_days(left)} left", THIS_WEEK if left <= SOON else LATER, "yellow" if left <= SOON else "grey"
    )


def _days(count: int) -> str:
    return "1 day" if count == 1 else f"{count:,} days"
