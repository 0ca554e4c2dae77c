"""What moving to a newer edition puts on the page of an audit."""

from flask import url_for

from qa.accounts.access import current_person
from qa.moving.queries import newer_editions
from qa.web.cards import Card


def audit_cards(audit_id: int) -> list[Card]:
    """How many newer editions of its framework the audit can be moved to; nothing when there is none."""
    editions = newer_editions(current_person(), audit_id)
    if not editions:
        return []
    note = "newer edition published" if editions == 1 else "newer editions published"
    return [Card(editions, "Move to a newer edition", url_for("moving.choose", audit_id=audit_id), note=note)]
