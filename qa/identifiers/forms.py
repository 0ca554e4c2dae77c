"""Forms of the lists of names."""

from govuk_frontend_wtf.wtforms_widgets import GovTextArea
from wtforms import TextAreaField
from wtforms.validators import DataRequired, Length

from qa.web.forms import Form, clean, text_field, tick_field


class AddNamesForm(Form):
    """Names pasted, one on each line."""

    names = TextAreaField(
        "Names",
        filters=[clean],
        validators=[
            DataRequired("Enter at least one name"),
            Length(max=600_000, message="Add fewer names at a time"),
        ],
        widget=GovTextArea(),
        description="One name on each line, such as a first and a last name, or a single word.",
    )
    words = tick_field(
        "Look for each word of a name by itself, too",
        hint="So that a first name alone is found. Everyday words, such as Will or May, are left out.",
    )


class SearchForm(Form):
    """Part of a name."""

    text = text_field("Part of a name", required="Enter part of a name", limit=120)


class ButtonForm(Form):
    """A button that changes something and needs nothing typed."""
