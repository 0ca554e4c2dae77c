"""What long work puts on a person's home page."""

from flask import url_for

from qa.accounts.access import current_person, may
from qa.accounts.permissions import Permission
from qa.jobs.queries import recent
from qa.web.cards import Card


def cards() -> list[Card]:
    """How much long work of theirs is under way, and how much has ended in the last day."""
    if not may(Permission.AUDITS_MANAGE):
        return []
    found = recent(current_person())
    if not found.open and not found.ended:
        return []
    href = url_for("jobs.index")
    if not found.open:
        return [Card(found.ended, "long work ended in the last day", href)]
    note = f"{found.ended:,} ended in the last day" if found.ended else "You can go on meanwhile."
    return [Card(found.open, "long work under way", href, note=note)]
