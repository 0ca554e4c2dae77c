"""A field of the case profile."""

from collections.abc import Mapping
from typing import Any

from qa.frameworks.builder_forms.base import BuilderForm, RowsField, on_one_line
from qa.frameworks.builder_forms.choices import check_options, filled, option_rows, options_of
from qa.frameworks.drafts.elements import Document
from qa.frameworks.identifying import refusal
from qa.frameworks.vocabulary import ProfileFieldType
from qa.web.forms import radio_field, text_field, tick_field


class ProfileFieldForm(BuilderForm):
    """Label, type, answers, whether it must be filled in, whether it is the pathway."""

    known = frozenset({"label", "type", "options", "required", "pathway"})

    label = text_field(
        "What is recorded",
        required="Enter what is recorded",
        hint="Never anything that says who the child is: no name, date of birth, address or NHS number",
    )
    type = radio_field(
        "How it is answered",
        [
            (ProfileFieldType.SINGLE_CHOICE.value, "One answer from a list"),
            (ProfileFieldType.YES_NO.value, "Yes, no or not known"),
            (ProfileFieldType.NUMBER.value, "A whole number"),
        ],
        required="Choose how it is answered",
    )
    options = RowsField("Answers to choose from")
    required = tick_field("Every case must have it")
    pathway = tick_field("It says which pathway a case is on, so that questions can be asked by pathway")

    @property
    def is_choice(self) -> bool:
        """Whether it is answered from a list."""
        return bool(self.type.data == ProfileFieldType.SINGLE_CHOICE)

    def check(self) -> None:
        """It identifies nobody, and has answers where it needs them."""
        refused = refusal(self.label.data or "")
        if refused:
            self.label.errors = [*self.label.errors, refused]
        if self.is_choice:
            check_options(self.options)
            if len(filled(self.options.rows)) < 2:
                self.options.error("", "Enter at least two answers to choose from")

    def values(self) -> dict[str, Any]:
        """The field."""
        return {
            "label": on_one_line(self.label.data),
            "type": self.type.data,
            "required": True if self.required.data else None,
            "pathway": True if self.pathway.data and self.is_choice else None,
            "options": options_of(self.options) if self.is_choice else None,
        }

    def shown(self) -> Mapping[str, str]:
        """The answers, one a line."""
        return {"options": "\n".join(row.text("label") for row in filled(self.options.rows))}


def profile_form(_document: Document, part: Document | None = None) -> ProfileFieldForm:
    """The form, filled from a field when it is given."""
    if part is None:
        return ProfileFieldForm()
    data = {name: part.get(name) for name in ("label", "type", "required", "pathway")}
    return ProfileFieldForm(formdata=None, data={**data, "options": option_rows(part, spare=4)})
