"""What the tracker puts on the page of an audit."""

from flask import url_for

from qa.web.cards import Card


def audit_cards(audit_id: int) -> list[Card]:
    """The way to the tracker of returns: the page itself has the figures."""
    return [
        Card(
            None,
            "Tracker of returns",
            url_for("chasing.tracker", audit_id=audit_id),
            note="late, due, chased",
        )
    ]
