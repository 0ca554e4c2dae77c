"""What every part of the demonstration is written with: the session, the clock, the words and the chance."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from sqlalchemy.orm import Session

from qa.demo.partnership import Partnership
from qa.demo.words import Phrases

SEED = 2020


@dataclass(frozen=True, slots=True)
class Scene:
    """today, moment: when the demonstration is loaded; its open work is dated around them."""

    session: Session
    partnership: Partnership
    phrases: Phrases
    today: date
    moment: datetime

    def chance(self, name: str) -> Random:
        """Chance for one part, the same at every load, whatever the other parts draw."""
        return Random(f"{SEED} {name}")

    def ago(self, days: int) -> date:
        """The day so many days before today; negative: after."""
        return self.today - timedelta(days=days)

    def past(self, when: datetime) -> datetime:
        """That moment, or a minute ago when it has not come yet."""
        return min(when, self.moment - timedelta(minutes=1))


def at(day: date, hour: int, minute: int = 0) -> datetime:
    """A moment of a day, in UTC."""
    return datetime.combine(day, time(hour, minute), UTC)


def working_hour(random: Random, day: date) -> datetime:
    """A moment between nine and five, on the Friday before when the day falls on a weekend."""
    weekday = day - timedelta(days=max(0, day.weekday() - 4))
    return at(weekday, random.randrange(9, 17), random.randrange(60))


def year_to(day: date) -> tuple[date, date]:
    """The twelve whole months before that day: their first and their last day."""
    first = day.replace(day=1)
    return first.replace(year=first.year - 1), first - timedelta(days=1)
