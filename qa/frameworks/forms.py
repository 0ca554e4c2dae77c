"""Forms of the library."""

from qa.web.forms import Form, file_field, radio_field


class EditionForm(Form):
    """Publish or withdraw: nothing to type, but the version travels with it."""


class ImportForm(Form):
    """A framework file."""

    file = file_field(
        "Framework file", required="Choose a framework file", hint="A YAML file, as “Download” gives it"
    )
    publish = radio_field(
        "What to do with it",
        [("draft", "Keep it as a draft"), ("publish", "Publish it at once")],
        required="Choose what to do with it",
    )
