"""Forms of views: one for each voice, one for why there are none, one to remove an entry."""

from wtforms import Field

from qa.feedback.records import Entry, Views
from qa.feedback.vocabulary import NO_VIEWS, PROMPTS, Listened, Manner, Sought, Voice
from qa.web.forms import Form, day_field, long_text_field, radio_field, text_field

LIMIT = 5_000
YES_NO = (("yes", "Yes"), ("no", "No"))
PLAIN = "In their words as far as you can. Never a name."


class _ViewsForm(Form):
    """What every voice is asked. Subclasses add the questions of theirs."""

    voice: Voice

    given_on = day_field("When did they say it?", required="Enter the day on which they said it")
    manner = radio_field(
        "How were the words written down?",
        [(manner.value, manner.label) for manner in Manner],
        required="Choose how the words came to be written",
    )
    interviewer = text_field(
        "Who spoke with them? (for an interview)",
        hint="Their role, such as advocate, or manager from another team. Never a name.",
        limit=120,
    )
    other = long_text_field("Anything else they said (optional)", hint=PLAIN, limit=LIMIT)
    quotable = radio_field(
        "Do they agree to be quoted without their name?",
        YES_NO,
        required="Choose whether they agree to be quoted",
        hint="Reports quote only those who agreed, and never say of which case.",
    )

    def fill(self, entry: Entry) -> None:
        """Show an entry as it is kept."""
        self.version.data = str(entry.version)
        self.given_on.data, self.interviewer.data = entry.given_on, entry.interviewer
        self.manner.data = entry.manner.value if entry.manner else None
        self.quotable.data = "yes" if entry.quotable else "no"
        listened = self._fields.get("listened")
        if listened is not None:
            listened.data = entry.listened.value if entry.listened else ""
        for field in self.questions:
            field.data = getattr(entry, field.name)

    @property
    def questions(self) -> list[Field]:
        """The fields of the questions, in order."""
        return [self._fields[prompt.name] for prompt in PROMPTS[self.voice]]

    def views(self) -> Views:
        """What was typed, of a form that is valid."""
        listened = self._fields.get("listened")
        return Views(
            given_on=self.given_on.data,
            manner=Manner(self.manner.data),
            interviewer=self.interviewer.data or "",
            listened=Listened(listened.data) if listened is not None and listened.data else None,
            answers={field.name: field.data or "" for field in self.questions},
            quotable=self.quotable.data == "yes",
        )


class _FamilyForm(_ViewsForm):
    """What a child, a parent or a carer is asked."""

    helped = long_text_field("What helped?", hint=PLAIN, limit=LIMIT)
    difference = long_text_field("What would have made a difference?", hint=PLAIN, limit=LIMIT)
    listened = radio_field(
        "Did they feel listened to?",
        [*((one.value, one.label) for one in Listened), ("", "They did not say")],
    )


class ChildForm(_FamilyForm):
    """A child's views."""

    voice = Voice.CHILD


class ParentForm(_FamilyForm):
    """A parent's or carer's views."""

    voice = Voice.PARENT


class PractitionerForm(_ViewsForm):
    """A practitioner's reflection."""

    voice = Voice.PRACTITIONER

    proud = long_text_field("What are they proud of in this work?", hint=PLAIN, limit=LIMIT)
    barriers = long_text_field("What got in the way?", hint=PLAIN, limit=LIMIT)
    support = long_text_field(
        "What support did they have, and what would have helped?", hint=PLAIN, limit=LIMIT
    )


FORMS: dict[Voice, type[_ViewsForm]] = {
    form.voice: form for form in (ChildForm, ParentForm, PractitionerForm)
}


class NoViewsForm(Form):
    """Why there are no views of somebody."""

    outcome = radio_field(
        "What happened?",
        [
            (Sought.DECLINED.value, "They were asked and declined"),
            (Sought.NOT_POSSIBLE.value, "It was not possible to ask them"),
            (Sought.NOT_SOUGHT.value, "Nobody asked them"),
        ],
        required="Choose what happened",
    )
    reason = long_text_field(
        "Why?",
        required="Say why there are no views",
        hint="Such as: a baby of three months; moved out of the country. Never a name.",
        limit=2_000,
    )

    def fill(self, entry: Entry) -> None:
        """Show an entry as it is kept."""
        self.version.data, self.outcome.data = str(entry.version), entry.outcome.value
        self.reason.data = entry.reason

    @property
    def chosen(self) -> Sought:
        """What happened, of a form that is valid."""
        return next(one for one in NO_VIEWS if one.value == self.outcome.data)


class RemoveForm(Form):
    """Why an entry is removed."""

    reason = long_text_field(
        "Why is it removed?",
        required="Say why it is removed",
        hint="Such as: they asked for it; entered on the wrong case. Do not repeat what they said.",
        limit=1_000,
    )
