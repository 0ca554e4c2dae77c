"""How far a link has come, and why it has ended: pure."""

from datetime import date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from typing import NamedTuple


class Ending(StrEnum):
    """Why a link opens nothing any more."""

    REVOKED = "revoked"
    SUBMITTED = "submitted"
    REASSIGNED = "reassigned"
    OVERDUE = "overdue"
    CLOSED = "closed"


class LinkState(StrEnum):
    """How far a link has come, as those who send links see it."""

    SENT = "sent"
    CODE_ASKED = "code_asked"
    OPENED = "opened"
    SUBMITTED = "submitted"
    ENDED = "ended"
    REVOKED = "revoked"

    @property
    def label(self) -> str:
        """What people read."""
        return {"code_asked": "Code asked for"}.get(self.value, self.value.capitalize())

    @property
    def colour(self) -> str:
        """Of its tag."""
        return {"sent": "yellow", "code_asked": "yellow", "opened": "light-blue", "submitted": "green"}.get(
            self.value, "grey"
        )


class LinkFacts(NamedTuple):
    """What decides. held: the return is given to the guest still. guest: they have no account to this day.

    fieldwork: the audit's fieldwork is open. complete: the return is in.
    """

    due_on: date
    complete: bool
    held: bool
    fieldwork: bool
    guest: bool = True
    revoked: bool = False
    code_asked: bool = False
    opened: bool = False


def ending(facts: LinkFacts, today: date) -> Ending | None:
    """Why the link opens nothing, None while it opens its return: until the end of the day it is due."""
    if facts.revoked:
        return Ending.REVOKED
    if not (facts.held and facts.guest):
        return Ending.REASSIGNED
    if facts.complete:
        return Ending.SUBMITTED
    if not facts.fieldwork:
        return Ending.CLOSED
    return Ending.OVERDUE if facts.due_on < today else None


def state(facts: LinkFacts, today: date) -> LinkState:
    """How far the link has come.

    That its page was looked at counts for nothing: a mail scanner looks at it before the person does.
    """
    match ending(facts, today):
        case Ending.REVOKED:
            return LinkState.REVOKED
        case Ending.SUBMITTED:
            return LinkState.SUBMITTED
        case None:
            asked = LinkState.CODE_ASKED if facts.code_asked else LinkState.SENT
            return LinkState.OPENED if facts.opened else asked
        case _:
            return LinkState.ENDED


def end_of(due_on: date, zone: tzinfo) -> datetime:
    """The moment at which the day a return is due is over."""
    return datetime.combine(due_on + timedelta(days=1), time(), zone)
