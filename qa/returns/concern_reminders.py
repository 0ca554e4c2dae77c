"""Reminders of concerns whose clock has run out, by e-mail to those who must act."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from qa.db import now
from qa.mail.outbox import queue
from qa.returns.concern_clock import ago
from qa.returns.concern_queries import emails_of_those_who_act
from qa.returns.concern_settings import concern_address
from qa.returns.models import Concern
from qa.returns.vocabulary import ConcernState
from qa.trail.recording import record

AGAIN = timedelta(days=1)
"""While nobody does anything those who must act are told again after this long."""

SUBJECTS = ("A concern about a child is overdue", "Concerns about children are overdue")
BODY = """{lines}

Read and act now. What a concern says is only there: no message carries anything about a child.
"""


def send_due(session: Session) -> int:
    """Queue a message to everybody who must act on a concern whose next step is overdue, in the caller's
    unit of work; gives how many messages.

    Each person gets one message with all of their concerns, by when they were raised and never by child or
    case. A concern is in it when its clock runs out and once a day from then on, until somebody acts. Run it
    hourly. Nobody but those who must act is told.
    """
    moment = now()
    found = _overdue(session, moment)
    who: dict[tuple[int, int], Sequence[str]] = {}
    lines: defaultdict[str, list[str]] = defaultdict(list)
    for concern in found:
        place = (concern.area_id, concern.audit_id)
        if place not in who:
            who[place] = emails_of_those_who_act(session, *place)
        for email in who[place]:
            lines[email].append(_line(concern, moment))
        concern.reminded_at = moment
    for email, own in sorted(lines.items()):
        queue(session, email, SUBJECTS[len(own) > 1], BODY.format(lines="\n\n".join(own)))
    for concern in found:
        record(session, None, "concerns.reminded", "concern", concern.id, area_id=concern.area_id)
    return len(lines)


def _overdue(session: Session, moment: datetime) -> Sequence[Concern]:
    """Concerns to remind of, the longest overdue first, locked; those that somebody else has in hand wait."""
    query = (
        select(Concern)
        .where(
            Concern.due_at < moment,
            or_(Concern.reminded_at.is_(None), Concern.reminded_at <= moment - AGAIN),
        )
        .order_by(Concern.due_at, Concern.id)
        .with_for_update(skip_locked=True)
    )
    return session.scalars(query).all()


def _line(concern: Concern, moment: datetime) -> str:
    waits = "has not been acknowledged" if concern.state is ConcernState.RAISED else "waits for an action"
    raised = ago(concern.raised_at, moment)
    return f"A concern that was raised {raised} {waits}:\n{concern_address(concern.id)}"
