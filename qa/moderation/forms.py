"""Forms of the panel."""

from wtforms import HiddenField

from qa.frameworks.content import NOT_APPLICABLE, Scale
from qa.returns.vocabulary import FindingKind
from qa.web.forms import Form, long_text_field, radio_field, select_field

WHOLE_CASE = ("", "The whole case")


class ButtonForm(Form):
    """A button that changes something and needs nothing typed."""


class AgreedGradeForm(Form):
    """The grade the panel agreed for a section or the whole case."""

    grade = radio_field("Agreed grade", required="Choose the grade the panel agreed")
    reason = long_text_field("Reason", required="Write why the panel agreed this grade")
    edition = HiddenField()

    @property
    def edition_number(self) -> int:
        """The row of the edition on whose page it was opened; 0 for nonsense."""
        digits = str(self.edition.data or "")
        return int(digits) if digits.isdecimal() and len(digits) < 10 else 0

    def prepare(self, scale: Scale, part: str) -> None:
        """Offer the scale's grades. part: the section's key or "overall": ids must differ on one page."""
        choices = [(grade.key, grade.label) for grade in scale.grades]
        self.grade.choices = [*choices, (NOT_APPLICABLE, "Not applicable")]
        self.grade.id, self.reason.id = f"grade-{part}", f"reason-{part}"


class PanelFindingForm(Form):
    """A finding of the panel's own."""

    kind = radio_field(
        "What the panel found",
        [(kind.value, kind.label) for kind in FindingKind],
        required="Choose a strength or an area for improvement",
    )
    section = select_field("Section", [WHOLE_CASE])
    text = long_text_field(
        "In the panel’s words",
        required="Write what the panel found",
        hint="One finding at a time. Leave out names and anything else that could identify the child",
    )
