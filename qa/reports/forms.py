"""The words of a report that a person writes."""

from qa.web.forms import Form, long_text_field, radio_field

MARKINGS = [
    ("OFFICIAL", "OFFICIAL"),
    ("OFFICIAL-SENSITIVE", "OFFICIAL-SENSITIVE"),
]


class DraftForm(Form):
    """Executive summary, method and marking."""

    executive_summary = long_text_field(
        "Executive summary",
        hint="What the audit found and what is asked for, in the partnership’s words. Leave a line empty "
        "between paragraphs. While this is empty the report says the main figures instead.",
    )
    method_note = long_text_field(
        "More about the method",
        hint="Anything the report cannot know, such as how views of families were sought",
    )
    protective_marking = radio_field(
        "Protective marking",
        MARKINGS,
        required="Choose the protective marking",
        hint="Printed at the head and foot of every page",
    )


class IssueForm(Form):
    """Nothing to type: issuing is a decision."""
