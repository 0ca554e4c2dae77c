"""Forms of allocation: agencies for the cases, auditors for the returns."""

from collections.abc import Sequence
from typing import Any

from wtforms import SelectMultipleField

from qa.audits.forms import numbers, offer
from qa.audits.queries.allocation import NOBODY, Auditor
from qa.web.forms import Form, checkboxes_field, radio_field, select_field

WITHOUT, ALL_OUTSTANDING = "without", "outstanding"


class AllocateForm(Form):
    """Which agencies get a return on every case."""

    agencies = checkboxes_field("Agencies", required="Choose at least one agency")

    @property
    def agency_ids(self) -> frozenset[int]:
        """The agencies ticked."""
        return numbers(self.agencies.data)


class AddReturnForm(Form):
    """Which agency gets a return on one case."""

    agency = radio_field("Agency", required="Choose an agency")

    @property
    def agency_id(self) -> int:
        """The agency chosen; 0 for nonsense."""
        return next(iter(numbers([self.agency.data or ""])), 0)


class ShareOutForm(Form):
    """Which auditors share an agency's returns."""

    auditors = checkboxes_field(
        "Auditors", required="Choose at least one auditor", hint="Returns are shared out evenly among them"
    )
    which = radio_field(
        "Which returns?",
        [
            (WITHOUT, "Only those without an auditor"),
            (ALL_OUTSTANDING, "All that are not in yet"),
        ],
        required="Choose which returns",
    )

    @property
    def auditor_ids(self) -> frozenset[int]:
        """The auditors ticked."""
        return numbers(self.auditors.data)


class AssignForm(Form):
    """Returns ticked in the list, and what to do with them. The boxes are drawn by the table."""

    returns = SelectMultipleField("Returns", choices=[], validate_choice=False)
    auditor = select_field("Give the ticked returns to")

    def offer(self, groups: Sequence[tuple[str, Sequence[Auditor]]]) -> None:
        """Set the auditors to choose from: each agency's name and its auditors."""
        several = len(groups) > 1
        choices: list[tuple[object, str]] = [
            ("", "Choose an auditor"),
            (NOBODY, "Nobody: any auditor of the agency"),
        ]
        seen: dict[int, str] = {}
        for agency, auditors in groups:
            for auditor in auditors:
                named = f"{auditor.name}, {agency}" if several else auditor.name
                seen[auditor.id] = f"{seen[auditor.id]} and {agency}" if auditor.id in seen else named
        offer(self.auditor, [*choices, *seen.items()])

    @property
    def return_ids(self) -> frozenset[int]:
        """The returns ticked."""
        data: Any = self.returns.data
        return numbers(data)
