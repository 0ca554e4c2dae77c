"""Seeing that somebody waits for a lock in PostgreSQL, and which rows nobody holds meanwhile."""

import time
from collections.abc import Sequence

from sqlalchemy import Engine, Select, text

PATIENCE = 30  # seconds
WAITING = text(
    "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
)


def free_while_waited(engine: Engine, query: Select[int]) -> Sequence[int]:
    """The numbers that the query finds in rows which nobody holds, as soon as somebody waits for a lock.

    Raises AssertionError when nobody does within half a minute.
    """
    until = time.monotonic() + PATIENCE
    with engine.connect() as other:
        while not other.scalar(WAITING):
            assert time.monotonic() < until, "nobody waits for a lock"
            other.rollback()
        return other.scalars(query.with_for_update(skip_locked=True)).all()
