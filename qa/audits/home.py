"""What of audits waits for a QA lead, and what the library of frameworks says of audits."""

from collections.abc import Collection

from flask import url_for

from qa.accounts.access import current_person, may
from qa.accounts.permissions import Permission
from qa.audits.lifecycle import Stage
from qa.audits.queries.uses import areas_using, audits_by_framework
from qa.audits.queries.waiting import cases_ready, late_audits
from qa.frameworks.uses import FrameworkUses, Use
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


def framework_uses(framework_ids: Collection[int]) -> list[Use]:
    """How many audits of each area use these frameworks; a link where the person can list them."""
    made: list[Use] = []
    for framework_id, edition_id, area_id, area, mine, known in audits_by_framework(
        current_person(), framework_ids
    ):
        href = url_for("audits.index", framework=framework_id, area=area_id) if mine else ""
        made.append(Use(framework_id, edition_id, area, mine or known, href))
    return made


FRAMEWORK_USES = FrameworkUses(framework_uses, areas_using)
