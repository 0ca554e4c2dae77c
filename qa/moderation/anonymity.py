"""What the panel writes must not say who the child is: pure.

The reasons and findings of a panel are read by every agency on the case and go into reports, so numbers,
postcodes, addresses and birthdays are refused rather than asked about.
"""

import re
from collections.abc import Iterator
from datetime import date, timedelta

from qa.identifiers.finding import Found, Kind, identifiers_in

# A panel writes of days to come, too: the next review, the end of a plan.
AHEAD = timedelta(days=730)
# Unless it speaks of a birth, a day since the audited period began is that of a visit or a meeting.
_BIRTH = re.compile(r"\b(?:born|birth|birthday|d\.?\s?o\.?\s?b\b)", re.IGNORECASE)
NEAR = 40  # letters between the word and the day
MOST = 3  # named in the message; the rest comes up next time


def identifying(text: str, *, reference: str | None, begins: date, today: date) -> str | None:
    """What to say of a text that could identify a child; None when it holds nothing of the kind.

    reference: of the case, to write instead; None in a self-assessment, which is about no child, so that
    its dates are those of policies. begins: the day the audited period begins.
    """
    seen: dict[str, Found] = {}
    for found in identifiers_in(text):
        if found.kind is Kind.DATE and (reference is None or not _of_birth(found, text, begins, today)):
            continue
        seen.setdefault(found.text, found)
    if not seen:
        return None
    said = "; ".join(f"“{found.text}” looks like {found.kind}" for found in list(seen.values())[:MOST])
    return f"{said}. {_instead(iter(seen.values()), reference)}"


def _instead(found: Iterator[Found], reference: str | None) -> str:
    if reference is None:
        return "Leave it out"
    if any(entry.kind is Kind.DATE for entry in found):
        return (
            f"Use the case reference, {reference}, instead; for the day of something else write the month "
            "and year alone"
        )
    return f"Use the case reference, {reference}, instead"


def _of_birth(found: Found, text: str, begins: date, today: date) -> bool:
    if found.day is None or not begins <= found.day <= today + AHEAD:
        return True
    places = (match.start() for match in re.finditer(re.escape(found.text), text))
    return any(_BIRTH.search(text[max(0, place - NEAR) : place + len(found.text) + NEAR]) for place in places)
