"""What of the panel waits for a person."""

from flask import url_for

from qa.accounts.access import current_person, may
from qa.accounts.permissions import Permission
from qa.moderation.agenda import waiting
from qa.moderation.showing import Show
from qa.web.cards import Card


def cards() -> list[Card]:
    """Cases open to the panel without an overall grade, a card an audit."""
    if not may(Permission.AUDITS_MODERATE):
        return []
    return [
        Card(
            each.cases,
            "case to agree at the panel" if each.cases == 1 else "cases to agree at the panel",
            url_for("moderation.agenda", audit_id=each.audit_id, show=Show.OPENED.value),
            note=each.title,
        )
        for each in waiting(current_person())
    ]
