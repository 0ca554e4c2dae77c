"""Names of case-profile fields that would say who a child is, and what to record instead. Pure.

A case carries no name, date of birth, address or NHS number: it has a reference, and the agencies know whose
it is.
"""

import re
from typing import NamedTuple


class Instead(NamedTuple):
    """A kind of label that is refused: what it asks for, and what serves as well."""

    pattern: re.Pattern[str]
    what: str
    instead: str


REFERENCE = "The case's reference stands for the child; agencies keep the list of whose it is"
PLACE = "Record the area, the team or the type of placement instead"

REFUSED = (
    Instead(
        re.compile(r"\b(date of birth|birth ?(date|day)|d\.?o\.?b\b\.?|born on)", re.I),
        "A date of birth",
        "Record an age band instead",
    ),
    Instead(re.compile(r"\b(nhs|hospital|patient|medical record)\b.*\b(number|no\.?|id)\b", re.I), "", ""),
    Instead(
        re.compile(
            r"\b(unique (pupil|learner) number|upn|uln|national insurance|ni number|passport|"
            r"police national computer|pnc|crime reference)\b",
            re.I,
        ),
        "",
        "",
    ),
    Instead(
        re.compile(
            r"\b(case|client|person|child|pupil|system|record|file|liquid ?logic|mosaic|ics|care ?first)"
            r"('?s)? (number|no\.?|id|identifier|ref|reference)\b",
            re.I,
        ),
        "",
        "",
    ),
    Instead(re.compile(r"\b(address|post ?codes?|street|house number|uprn)\b", re.I), "An address", PLACE),
    Instead(
        re.compile(r"\b(tele)?phone( number)?\b|\bmobile( number)?\b|\be-?mail\b", re.I),
        "A phone number or e-mail address",
        REFERENCE,
    ),
    Instead(
        re.compile(
            r"\b(sur|fore|first|last|family|given|middle|nick|full|pet)?-?names?\b|\binitials\b", re.I
        ),
        "A name",
        REFERENCE,
    ),
    Instead(re.compile(r"\bphoto(graph)?s?\b", re.I), "A photograph", REFERENCE),
)
# Names of things that are nobody's: a team, a plan, a kind of service.
NOBODYS = re.compile(r"\b(team|plan|service|programme|panel|framework|order)('s)? names?\b", re.I)


def refusal(label: str) -> str:
    """Why a profile field with that label is refused, and what to do; "" when it identifies nobody."""
    plain = NOBODYS.sub("", label.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'"))
    for entry in REFUSED:
        if entry.pattern.search(plain):
            what = entry.what or "A number that another system knows the child by"
            return f"{what} would say who the child is. {entry.instead or REFERENCE}"
    return ""
