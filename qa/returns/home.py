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
        found_open = open_concerns(person)
        href = url_for("returns.concerns")
        if found_open.raised:
            one = found_open.raised == 1
            text = "concern nobody has acknowledged" if one else "concerns nobody has acknowledged"
            note = _overdue(found_open.raised_late, "Read it now and act.")
            made.append(Card(found_open.raised, text, href, urgent=True, note=note))
        if found_open.acknowledged:
            text = "concern to close" if found_open.acknowledged == 1 else "concerns to close"
            late = found_open.acknowledged_late
            note = _overdue(late, "Acknowledged; record what was done.")
            made.append(Card(found_open.acknowledged, text, href, urgent=bool(late), note=note))
    found = waiting(person)
    if found is not None:
        todo, late = found
        text = "return to do" if todo == 1 else "returns to do"
        note = f"{late:,} late" if late else "None is late." if todo else ""
        made.append(Card(todo, text, url_for("returns.my_work"), urgent=bool(late), note=note))
    return made


def _overdue(late: int, otherwise: str) -> str:
    return f"{late:,} overdue. {otherwise}" if late else otherwise


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
