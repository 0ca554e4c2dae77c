"""Forms of completing a return and of concerns. A section's own form is read by qa.returns.typed."""

from wtforms import HiddenField

from qa.web.forms import Form, long_text_field, tick_field


class SubmitForm(Form):
    """The declaration at the end. seen: what the page showed, so that later changes are noticed."""

    seen = HiddenField()
    declared = tick_field("I have checked these answers, and they rest on my own agency's records")


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


class ConcernForm(Form):
    """A worry about a child."""

    text = long_text_field(
        "What are you worried about?",
        required="Say what you are worried about",
        hint="What you saw in the record, and why you think the child may be unsafe. "
        "Use the case reference, never the child's name.",
    )
    already_done = long_text_field(
        "What has been done already? (optional)",
        hint="For example: called the duty social worker at 10am, strategy discussion asked for.",
    )


class OutcomeForm(Form):
    """What was done about a concern."""

    outcome = long_text_field(
        "What was done, and what came of it?",
        required="Say what was done and what came of it",
        hint="Who was told and when, what they found, and how the child is safe now.",
    )
