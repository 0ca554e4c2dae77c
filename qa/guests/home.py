"""What links put on the page of an audit."""

from flask import url_for

from qa.accounts.access import current_person
from qa.accounts.permissions import Permission, Role, holds
from qa.web.cards import Card


def audit_cards(audit_id: int) -> list[Card]:
    """The way to the links to returns of an audit, for the QA lead who manages it."""
    person = current_person()
    if not holds(person, Permission.RETURNS_SEND_LINK) or not person.has_role(Role.QA_LEAD):
        return []
    href = url_for("guests.links", audit_id=audit_id)
    return [Card(None, "Links", href, note="to people without accounts")]
