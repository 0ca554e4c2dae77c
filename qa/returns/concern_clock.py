"""The clock of a concern: working time in England, when the next step is due, and how long ago. Pure."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from qa.returns.vocabulary import ConcernState

LONDON = ZoneInfo("Europe/London")
OPENS, CLOSES = time(9), time(17)
WORKING_DAY = timedelta(hours=8)
"""A concern that is raised at eleven needs a first action by eleven on the next working day."""

# 14:05, 14.05, 9am, 2:05 pm
TIME = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?\s*(am|pm)?", re.IGNORECASE)

IsWorkingDay = Callable[[date], bool]


def after(start: datetime, working: timedelta, is_working_day: IsWorkingDay) -> datetime:
    """The moment, in UTC, at which so much working time has gone by since the start.

    Working time is nine to five in England on working days; outside it the clock stands still.
    """
    local = start.astimezone(LONDON)
    day, left = local.date(), working
    while True:
        if is_working_day(day):
            begins = max(local, datetime.combine(day, OPENS, LONDON))
            room = datetime.combine(day, CLOSES, LONDON) - begins
            if room > timedelta() and left <= room:
                return (begins + left).astimezone(UTC)
            left -= max(room, timedelta())
        day += timedelta(days=1)


def next_due(
    state: ConcernState,
    since: datetime,
    hours: int,
    is_working_day: IsWorkingDay,
    *,
    acted: bool,
) -> datetime | None:
    """When the next step of a concern is due; None when no clock runs.

    since: when it was raised, or opened again. hours: working hours within which somebody must acknowledge
    it. acted: whether an action has been recorded since then; the first is due within a working day.
    """
    if state is ConcernState.RAISED:
        return after(since, timedelta(hours=hours), is_working_day)
    if state is ConcernState.ACKNOWLEDGED and not acted:
        return after(since, WORKING_DAY, is_working_day)
    return None


def ago(moment: datetime, present: datetime) -> str:
    """How long ago, in whole minutes, hours up to three days, then days: `3 hours ago`."""
    minutes = max(0, int((present - moment).total_seconds())) // 60
    if minutes < 1:
        return "just now"
    if minutes < 60:
        return _counted(minutes, "minute")
    return _counted(minutes // 60, "hour") if minutes < 72 * 60 else _counted(minutes // 1440, "day")


def _counted(number: int, one: str) -> str:
    return f"{number:,} {one if number == 1 else one + 's'} ago"


def read_time(text: str) -> time | None:
    """A time of day as people type it: 14:05, 9am, 2.05 pm; None when it is none."""
    found = TIME.fullmatch(text.strip())
    if not found:
        return None
    hour, minute, half = int(found[1]), int(found[2] or 0), (found[3] or "").lower()
    # A number alone could be an hour of either half of the day.
    if not half and found[2] is None:
        return None
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half == "pm" else 0)
    return time(hour, minute) if hour < 24 and minute < 60 else None
