"""Forms of findings and themes."""

from qa.web.forms import Form, checkboxes_field, long_text_field, select_field, text_field


class CodingForm(Form):
    """Findings ticked in a list, and the themes to code them to."""

    finding = checkboxes_field("Findings")
    theme = checkboxes_field("Themes")


class RecodingForm(Form):
    """The themes of one finding; before: those it had when the page was opened."""

    theme = checkboxes_field("Themes")
    before = checkboxes_field("Themes before")


class ThemeForm(Form):
    """A theme of an area's own."""

    area = select_field("Area")
    name = text_field(
        "Name",
        required="Enter the theme’s name",
        hint="Short and plain, like “Transition to adulthood”",
        limit=160,
    )
    description = long_text_field(
        "Description (optional)",
        hint="When a finding belongs to this theme and when it does not",
        limit=2_000,
    )


class ButtonForm(Form):
    """A button that changes something and needs nothing typed."""
