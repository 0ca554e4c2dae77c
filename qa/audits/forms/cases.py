"""Forms of cases: one case with its profile, and a file of many."""

from collections.abc import Mapping
from typing import Any

from qa.audits.case_files import ROW_LIMIT, SIZE_LIMIT
from qa.audits.commands.cases import profile_name
from qa.audits.profiles import missing_value
from qa.audits.references import LIMIT
from qa.frameworks.content import ProfileField
from qa.frameworks.editions import EditionTree
from qa.frameworks.vocabulary import ProfileFieldType
from qa.web.forms import Form, file_field, radio_field, select_field, text_field

MOST_RADIOS = 7
NOT_ENTERED = ("", "Not entered")


class CaseForm(Form):
    """A case's reference; `case_form` adds the fields of the edition's profile."""

    reference = text_field(
        "Reference",
        required="Enter a reference for the case, like C001",
        hint="A code that identifies nobody. Never a name, a date of birth or a number from a record system",
        limit=LIMIT,
    )

    @property
    def profile(self) -> dict[str, str]:
        """What was typed for each field of the profile, by its key."""
        start = profile_name("")
        return {
            name.removeprefix(start): str(field.data or "")
            for name, field in self._fields.items()
            if name.startswith(start)
        }


def case_form(
    tree: EditionTree, data: Mapping[str, Any] | None = None, *, with_reference: bool = True
) -> CaseForm:
    """A form for a case of that edition. with_reference: False where the case is an agency."""
    fields = {profile_name(field.key): _profile_field(field) for field in tree.content.profile}
    form: CaseForm = type("CaseFormOfEdition", (CaseForm,), fields)(data=data)
    if not with_reference:
        del form.reference
    return form


def _profile_field(field: ProfileField) -> Any:
    label = field.label if field.required else f"{field.label} (optional)"
    required = missing_value(field) if field.required else None
    if field.type is ProfileFieldType.NUMBER:
        return text_field(label, required=required, limit=9)
    choices = [(option.key, option.label) for option in field.choices]
    if field.type is ProfileFieldType.YES_NO or (field.required and len(choices) <= MOST_RADIOS):
        return radio_field(label, choices, required=required)
    return select_field(
        label, [NOT_ENTERED if not field.required else ("", "Choose one"), *choices], required=required
    )


class ImportForm(Form):
    """A CSV file of cases."""

    file = file_field(
        "CSV file",
        required="Choose a CSV file",
        hint=f"Up to {ROW_LIMIT:,} cases and {SIZE_LIMIT // 1024 // 1024} MB",
    )
