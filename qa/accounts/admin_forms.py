"""Forms of administrators: areas, agencies, people and their roles."""

from collections.abc import Iterable, Sequence
from typing import Any

from qa.accounts.permissions import Grant, Role
from qa.accounts.role_fields import (
    AGENCIES_OF,
    ALL_AREAS,
    ALL_AREAS_LABEL,
    AREAS_OF,
    NEEDED,
    WORKS_FOR,
    fields_of,
    grants_of,
)
from qa.accounts.sectors import Sector
from qa.web.forms import Form, checkboxes_field, email_field, select_field, text_field

Choice = tuple[str, str]


class AreaForm(Form):
    """An area."""

    name = text_field(
        "Name", required="Enter the area's name", hint="As the council is known, such as Havering", limit=120
    )


class AgencyForm(Form):
    """An agency."""

    name = text_field("Name", required="Enter the agency's name", limit=160)
    short_name = text_field(
        "Short name (optional)", hint="For tables and charts, such as Community Health", limit=40
    )
    sector = select_field(
        "Sector",
        [("", "Choose a sector"), *((sector.value, sector.label) for sector in Sector)],
        required="Choose the agency's sector",
        hint="Decides which questions of a framework the agency is asked",
    )
    areas = checkboxes_field(
        "Areas",
        required="Choose at least one area",
        hint="Police and health agencies often work in several",
    )


class PersonForm(Form):
    """A person's name and address."""

    name = text_field("Full name", required="Enter the person's full name", limit=120)
    email = email_field(
        "E-mail address", required="Enter the person's e-mail address", hint="They sign in with it"
    )


class RolesForm(Form):
    """Every role of a person, each with its areas or agencies."""

    roles = checkboxes_field(
        "Roles",
        [(role.value, role.label) for role in Role],
        required="Choose at least one role",
        hint="A person may have several",
    )
    qa_lead_areas = checkboxes_field("QA lead for which areas?", hint="Choose all that apply")
    qa_lead_agency = select_field(
        "Agency they work for (optional)", hint="A QA lead cannot verify the actions of their own agency"
    )
    auditor_agencies = checkboxes_field("Auditor in which agency?", hint="Choose all that apply")
    agency_lead_agencies = checkboxes_field("Lead of which agency?", hint="Choose all that apply")
    member_areas = checkboxes_field("Partnership member for which areas?", hint="Choose all that apply")

    def offer(self, areas: Sequence[Choice], agencies: Sequence[Choice]) -> None:
        """Set what can be chosen: number and name of each."""
        for name in AREAS_OF.values():
            self._fields[name].choices = [(ALL_AREAS, ALL_AREAS_LABEL), *areas]
        for name in AGENCIES_OF.values():
            self._fields[name].choices = list(agencies)
        for name in WORKS_FOR.values():
            self._fields[name].choices = [("", "None of the agencies here"), *agencies]

    @staticmethod
    def showing(grants: Iterable[Grant]) -> dict[str, Any]:
        """The data that shows these grants."""
        values: dict[str, Any] = dict(fields_of(grants))
        for name in WORKS_FOR.values():
            values[name] = values[name][0] if name in values else ""
        return values

    def validate(self, extra_validators: Any = None) -> bool:
        """A ticked role needs its areas or agencies."""
        good: bool = super().validate(extra_validators)
        for role, name in (*AREAS_OF.items(), *AGENCIES_OF.items()):
            field = self._fields[name]
            if role.value in (self.roles.data or ()) and not field.data and not field.errors:
                field.errors = [NEEDED[name]]
                good = False
        return good

    def grants(self) -> tuple[Grant, ...]:
        """What the valid form means."""
        chosen: dict[str, Sequence[str]] = {
            name: self._fields[name].data or () for name in (*AREAS_OF.values(), *AGENCIES_OF.values())
        }
        for name in WORKS_FOR.values():
            chosen[name] = [self._fields[name].data or ""]
        return grants_of(self.roles.data or (), chosen)


class InviteForm(PersonForm, RolesForm):
    """A new person."""
