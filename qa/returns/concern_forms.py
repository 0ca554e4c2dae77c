"""Forms of concerns."""

from datetime import UTC, datetime

from wtforms import Field
from wtforms.validators import ValidationError

from qa.returns.concern_clock import LONDON, read_time
from qa.web.forms import Form, day_field, long_text_field, text_field


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


class ActionForm(Form):
    """One action taken about a concern: what, by whom, when."""

    action = long_text_field(
        "What was done?",
        required="Say what was done",
        hint="One action: who was told or what was tried, and what they found. Never the child's name.",
    )
    done_by = text_field(
        "Who did it?",
        required="Say who did it",
        hint="You, or somebody else by role and agency, such as duty social worker, children's social care",
        limit=120,
    )
    day = day_field("Date", required="Enter the day on which it was done")
    time = text_field("Time", required="Enter the time at which it was done", hint="Like 2:05pm", limit=20)

    def validate_time(self, field: Field) -> None:
        """WTForms calls it by its name."""
        if field.data and read_time(field.data) is None:
            raise ValidationError("Time must be a time of day, like 2:05pm or 14:05")

    def begin(self, name: str, moment: datetime) -> None:
        """Fill in who is asking and the present moment, which is what most actions need."""
        local = moment.astimezone(LONDON)
        self.done_by.data, self.day.data = name, local.date()
        self.time.data = f"{local.hour % 12 or 12}:{local:%M}{'am' if local.hour < 12 else 'pm'}"

    @property
    def happened_at(self) -> datetime:
        """The day and time typed, of England; only of a form that is valid."""
        time = read_time(self.time.data or "")
        if self.day.data is None or time is None:
            raise ValueError("the form is not valid")
        return datetime.combine(self.day.data, time, LONDON).astimezone(UTC)


class CloseForm(Form):
    """What came of a concern. Its version is the number of steps that the page showed."""

    outcome = long_text_field(
        "What came of it?",
        required="Say what came of it",
        hint="What was found, and how the child is safe now. Whoever raised the concern can read this.",
    )


class ReopenForm(Form):
    """Why a closed concern is opened again."""

    reason = long_text_field(
        "Why does it have to be opened again?", required="Say why it is opened again", limit=2_000
    )
