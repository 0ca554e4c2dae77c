"""Who was at a meeting of the panel: what was typed, read and checked. Pure."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple

MOST_PEOPLE = 60
MOST_LETTERS = 120


class Attended(StrEnum):
    """Whether somebody came."""

    PRESENT = "present"
    APOLOGIES = "apologies"

    @property
    def label(self) -> str:
        """What people read."""
        return "Sent apologies" if self is Attended.APOLOGIES else "Present"


class Attendee(NamedTuple):
    """One row of the page, typed or kept. agency_id: None for somebody of no agency taking part, such as an
    independent scrutineer. errors: by part of the row.
    """

    name: str = ""
    role: str = ""
    agency_id: int | None = None
    attended: Attended = Attended.PRESENT
    errors: Mapping[str, str] = {}

    @property
    def empty(self) -> bool:
        """Whether nobody is named: such a row is not kept."""
        return not self.name and not self.role


def checked(rows: Iterable[Attendee], agencies: Collection[int]) -> list[Attendee]:
    """The rows that say something, each with what is wrong with it. agencies: those taking part."""
    found = []
    for row in rows:
        if row.empty:
            continue
        errors = {}
        if not row.name:
            errors["name"] = "Enter the person’s name, or empty the row"
        for part, label in (("name", "Name"), ("role", "Role")):
            if len(getattr(row, part)) > MOST_LETTERS:
                errors[part] = f"{label} must be {MOST_LETTERS} characters or fewer"
        if row.agency_id is not None and row.agency_id not in agencies:
            errors["agency"] = "Choose an agency that takes part in the audit"
        found.append(row._replace(errors=errors))
    return found


def not_represented(rows: Sequence[Attendee], agencies: Mapping[int, str]) -> list[str]:
    """Names of the agencies taking part of which nobody was present, in the order given."""
    there = {row.agency_id for row in rows if row.attended is Attended.PRESENT}
    return [name for number, name in agencies.items() if number not in there]
