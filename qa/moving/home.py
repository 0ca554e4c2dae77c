"""What moving to a newer edition puts on the page of an audit."""

from flask import url_for

from qa.accounts.access import current_person
from qa.moving.queries import newer_and_moves
from qa.web.cards import Card


def audit_cards(audit_id: int) -> list[Card]:
    """How many newer editions of its framework the audit can be moved to, or else how often it was moved."""
    editions, moves = newer_and_moves(current_person(), audit_id)
    href = url_for("moving.choose", audit_id=audit_id)
    if editions:
        note = "newer edition published" if editions == 1 else "newer editions published"
        return [Card(editions, "Move to a newer edition", href, note=note)]
    return [Card(moves, "Moves to a newer edition", href, note="made")] if moves else []
