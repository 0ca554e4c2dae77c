"""Forms of completing a return. A section's own form is read by qa.returns.typed, concerns' are beside."""

from wtforms import HiddenField

from qa.web.forms import Form, file_field, long_text_field, tick_field


class SubmitForm(Form):
    """The declaration at the end. seen: what the page showed, so that later changes are noticed."""

    seen = HiddenField()
    declared = tick_field("I have checked these answers, and they rest on my own agency's records")


class FilledForm(Form):
    """The workbook of a return, completed."""

    file = file_field("Completed form", required="Choose the Excel file that you completed")


class NotInvolvedForm(Form):
    """Why the agency did not know the child."""

    reason = long_text_field(
        "Why was your agency not involved?",
        required="Say why your agency was not involved",
        hint="For example: searched by name and date of birth in both systems, no record found.",
        limit=2_000,
    )


class SendBackForm(Form):
    """What the auditor is to put right."""

    reason = long_text_field(
        "What has to be put right?",
        required="Say what has to be put right",
        hint="The auditor sees this at the top of the return.",
        limit=2_000,
    )
