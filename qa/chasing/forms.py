"""Forms of the tracker: an e-mail to those with returns that are due, and a later date."""

from datetime import date

from qa.chasing.letters import LONGEST_SUBJECT, LONGEST_TEXT
from qa.web.forms import Form, day_field, long_text_field, text_field


class ChaseForm(Form):
    """The e-mail; the person's own returns and the way to them are added below the text."""

    subject = text_field("Subject", required="Enter a subject", limit=LONGEST_SUBJECT)
    text = long_text_field(
        "Text",
        required="Write what the e-mail is to say",
        hint="Each message begins with “Hello” and the person’s name, and ends with how many returns "
        "of theirs are not in and where to complete them. Write nothing about a child",
        limit=LONGEST_TEXT,
    )


class ExtendForm(Form):
    """A later due date, with its reason."""

    due_on = day_field("New due date", required="Enter the new due date")
    reason = long_text_field("Reason", required="Say why the date is put off", limit=1_000)

    @property
    def day(self) -> date:
        """The new due date; it must have been given."""
        found = self.due_on.data
        if found is None:
            raise ValueError("the form was not checked before its day was read")
        return found
