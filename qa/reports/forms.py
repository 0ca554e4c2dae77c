"""What a person writes or decides of a report."""

from qa.reports.records import MARKINGS, Words
from qa.web.forms import Form, long_text_field, radio_field, tick_field


class WordsForm(Form):
    """Executive summary, method, marking, and whether concerns are counted."""

    executive_summary = long_text_field(
        "Executive summary",
        hint="What the audit found and what is asked for, in the partnership’s words. Leave a line empty "
        "between paragraphs. While this is empty the report gives the main figures instead.",
    )
    method_note = long_text_field(
        "More about the method",
        hint="What the report cannot know, such as how the views of families were sought",
    )
    protective_marking = radio_field(
        "Protective marking",
        [(marking, marking) for marking in MARKINGS],
        required="Choose the protective marking",
        hint="Printed at the head and foot of every page",
    )

    counts_concerns = tick_field(
        "Say how many concerns were raised and closed",
        hint="The report never says what a concern was. Where there was none it can say so.",
    )

    def words(self) -> Words:
        """What was typed, with the version it was typed over."""
        return Words(
            executive_summary=self.executive_summary.data or "",
            method_note=self.method_note.data or "",
            protective_marking=self.protective_marking.data or "",
            counts_concerns=bool(self.counts_concerns.data),
            version=self.version_number,
        )


class IssueForm(Form):
    """Nothing to type: issuing is a decision. Its version is the number of the last version issued."""


class SummariesForm(Form):
    """Nothing to type: the button that asks for every case summary of an audit."""
