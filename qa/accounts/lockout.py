"""How long sign-in waits after failed tries: pure."""

from datetime import datetime, timedelta
from math import ceil

FREE_TRIES = 4
LONGEST = timedelta(hours=24)
FORGOTTEN_AFTER = timedelta(days=1)


def delay(failures: int) -> timedelta:
    """The wait after this many failures in a row: none for four, then 1 minute, doubling to a day."""
    if failures <= FREE_TRIES:
        return timedelta(0)
    return min(timedelta(minutes=2 ** min(failures - FREE_TRIES - 1, 11)), LONGEST)


def failures_now(failures: int, last_at: datetime, moment: datetime) -> int:
    """Failures that still count: a day without a try, and without a lock, wipes the slate."""
    return 0 if moment - last_at > FORGOTTEN_AFTER + delay(failures) else failures


def waiting(locked_until: datetime | None, moment: datetime) -> str | None:
    """How long to wait, in words; None when sign-in is open."""
    if locked_until is None or locked_until <= moment:
        return None
    minutes = ceil((locked_until - moment).total_seconds() / 60)
    if minutes == 1:
        return "1 minute"
    return f"{minutes} minutes" if minutes < 120 else f"{ceil(minutes / 60)} hours"
