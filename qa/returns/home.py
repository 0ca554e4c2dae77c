"""What returns and concerns put on a person's home page and on the page of an audit."""

from flask import g, url_for

from qa.accounts.access import current_person
from qa.accounts.permissions import Permission, holds, reach
from qa.returns.concern_queries import open_concerns, open_concerns_of
from qa.returns.work import waiting
from qa.web.cards import Card


def cards() -> list[Card]:
    """Concerns to act on first; then the returns to do, with how many of them are late."""
    person, made = current_person(), list[Card]()
    if holds(person, Permission.CONCERNS_HANDLE):
        raised, acknowledged = open_concerns(person)
        href = url_for("returns.concerns")
        if raised:
            text = "concern nobody has acknowledged" if raised == 1 else "concerns nobody has acknowledged"
            made.append(Card(raised, text, href, urgent=True, note="Read it now and act."))
        if acknowledged:
            text = "concern to close" if acknowledged == 1 else "concerns to close"
            made.append(Card(acknowledged, text, href, note="Acknowledged; record what was done."))
    found = waiting(person)
    if found is not None:
        todo, late = found
        text = "return to do" if todo == 1 else "returns to do"
        note = f"{late:,} late" if late else "None is late." if todo else ""
        made.append(Card(todo, text, url_for("returns.my_work"), urgent=bool(late), note=note))
    return made


def audit_cards(audit_id: int) -> list[Card]:
    """How many of an audit's concerns are open, for those who handle concerns."""
    person = current_person()
    if not holds(person, Permission.CONCERNS_HANDLE):
        return []
    href = url_for("returns.concerns", audit=audit_id)
    return [Card(open_concerns_of(person, audit_id), "Concerns", href, note="open")]


def has_work() -> bool:
    """Whether the person completes returns or leads an agency that does: for the navigation."""
    person = g.get("person")
    if person is None:
        return False
    reached = reach(person, Permission.RETURNS_READ)
    return bool(reached.agencies or reached.own_agencies)
