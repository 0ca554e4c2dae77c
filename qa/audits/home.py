"""What of audits waits for a QA lead."""

from flask import url_for

from qa.accounts.access import current_person, may
from qa.accounts.permissions import Permission
from qa.audits.lifecycle import Stage
from qa.audits.queries.waiting import cases_ready, late_audits
from qa.web.cards import Card


def cards() -> list[Card]:
    """Audits in fieldwork with late returns, and cases whose returns are all in."""
    if not may(Permission.AUDITS_MANAGE):
        return []
    person = current_person()
    made: list[Card] = []
    late = late_audits(person)
    if late:
        returns = sum(count for _, count in late)
        href = (
            url_for("audits.allocate", audit_id=late[0][0], state="late")
            if len(late) == 1
            else url_for("audits.index", stage=Stage.FIELDWORK.value)
        )
        text = "audit with late returns" if len(late) == 1 else "audits with late returns"
        note = "1 return is late" if returns == 1 else f"{returns:,} returns are late"
        made.append(Card(len(late), text, href, urgent=True, note=note))
    ready = cases_ready(person)
    if ready:
        cases = sum(count for _, count, _ in ready)
        one, many = ("agency", "agencies") if all(own for *_, own in ready) else ("case", "cases")
        href = (
            url_for("audits.cases", audit_id=ready[0][0], state="ready")
            if len(ready) == 1
            else url_for("audits.index")
        )
        made.append(
            Card(
                cases,
                f"{one if cases == 1 else many} ready for the panel",
                href,
                note="Every return is in." if len(ready) == 1 else f"In {len(ready)} audits.",
            )
        )
    return made
