"""What of the programme stands on a QA lead's home page."""

from flask import url_for

from qa.accounts.access import current_person, may
from qa.accounts.permissions import Permission
from qa.audits.programme.planned import Status
from qa.audits.programme.waiting import to_start
from qa.web.cards import Card


def cards() -> list[Card]:
    """Audits that were planned for this quarter or an earlier one, and that nobody has begun."""
    if not may(Permission.PROGRAMME_MANAGE):
        return []
    waiting = to_start(current_person())
    planned, overdue = sum(row.planned for row in waiting), sum(row.overdue for row in waiting)
    if not planned:
        return []
    href = (
        url_for("programme.show", programme_id=waiting[0].programme_id, status=Status.PLANNED.value)
        if len(waiting) == 1
        else url_for("programme.index")
    )
    note = f"{overdue} of an earlier quarter." if overdue else "For this quarter."
    return [
        Card(
            planned, "planned audit to start" if planned == 1 else "planned audits to start", href, note=note
        )
    ]
