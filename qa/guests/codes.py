"""The codes that go to a guest's address: made, hashed, compared, and how many there may be. Pure."""

import hashlib
import hmac
import re
import secrets
from datetime import datetime, timedelta
from math import ceil

DIGITS = 6
LASTS = timedelta(minutes=15)
TRIES = 5
# However often somebody asks, the next code goes out this long after the last, and so many in an hour.
AGAIN_AFTER = timedelta(minutes=1)
WINDOW = timedelta(hours=1)
MOST_IN_WINDOW = 5


def new_code() -> str:
    """Six digits nobody can foresee."""
    return f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"


def code_hash(key: bytes, link_id: int, code: str) -> str:
    """What is kept of a code. With the key, which is not in the database: six digits alone are soon tried."""
    return hmac.new(key, f"guest code {link_id} {code}".encode(), hashlib.sha256).hexdigest()


def typed_code(text: str) -> str:
    """The digits of what was typed: spaces and hyphens between them do not count."""
    return re.sub(r"[^0-9]", "", text)


def fits(kept: str, key: bytes, link_id: int, typed: str) -> bool:
    """Whether what was typed is the code kept, in the same time whatever was typed."""
    return hmac.compare_digest(kept, code_hash(key, link_id, typed_code(typed)))


def asked_now(since: datetime | None, codes: int, moment: datetime) -> tuple[datetime, int]:
    """From when codes are counted, and how many there were since, before another is sent."""
    if since is None or moment - since > WINDOW:
        return moment, 0
    return since, codes


def minutes_until(end: datetime, moment: datetime) -> str:
    """How long that is, in words."""
    minutes = max(1, ceil((end - moment).total_seconds() / 60))
    return "1 minute" if minutes == 1 else f"{minutes} minutes"
