"""What of findings waits for a person."""

from flask import url_for

from qa.accounts.access import current_person, may
from qa.accounts.permissions import Permission
from qa.findings.queries import uncoded
from qa.web.cards import Card


def cards() -> list[Card]:
    """Findings without a theme, a card an audit."""
    if not may(Permission.FINDINGS_CODE):
        return []
    return [
        Card(
            each.findings,
            "finding to code to themes" if each.findings == 1 else "findings to code to themes",
            url_for("findings.index", audit_id=each.audit_id, coded="no"),
            note=each.title,
        )
        for each in uncoded(current_person())
    ]
