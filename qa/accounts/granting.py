"""Which places fit which role, and a role in words: pure."""

from collections.abc import Mapping
from typing import NamedTuple

from qa.accounts.permissions import Grant, Role


class Place(NamedTuple):
    """What a role is held for. area: one, or every area; agency: must, may or may not be named."""

    area: bool = False
    agency_needed: bool = False
    agency_possible: bool = False


PLACES: Mapping[Role, Place] = {
    Role.ADMINISTRATOR: Place(),
    # The agency a QA lead works for matters: nobody verifies their own agency's actions.
    Role.QA_LEAD: Place(area=True, agency_possible=True),
    Role.AUDITOR: Place(agency_needed=True, agency_possible=True),
    Role.AGENCY_LEAD: Place(agency_needed=True, agency_possible=True),
    Role.PARTNERSHIP_MEMBER: Place(area=True),
}


def misfit(grant: Grant) -> str | None:
    """Why a role cannot be held for this place; None when it can. No area where one fits: all areas."""
    place, role = PLACES[grant.role], grant.role.label
    if place.agency_needed and grant.agency_id is None:
        return f"Choose the agency for the role: {role}"
    if grant.agency_id is not None and not place.agency_possible:
        return f"The role {role} is not held for an agency"
    if grant.area_id is not None and not place.area:
        return f"The role {role} is not held for an area"
    return None


def in_words(role: Role, area: str | None, agency: str | None) -> str:
    """A role with its place: "Auditor, Community Health", "QA lead, all areas"."""
    words = [role.label]
    if PLACES[role].area:
        words.append(area or "all areas")
    if agency:
        words.append(f"works for {agency}" if PLACES[role].area else agency)
    return ", ".join(words)
