"""Forms of bringing in a Word document. The sections and questions are fields of `proposal`, not of these."""

from collections.abc import Sequence

from wtforms import HiddenField
from wtforms.fields import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs

from qa.frameworks.forms import BlankForm
from qa.web.forms import Form, file_field, select_field, tick_field

NEW = "new"
_CLOSING = "End every section with its grade and the impact on the child"
_CLOSING_HINT = "A case audit needs both. The grade comes with evidence and is on the panel's scale."


class WordFileForm(Form):
    """The document, and what it is to become."""

    file = file_field(
        "Word document", required="Choose a Word document", hint="A .docx file with the tool in tables"
    )
    target = select_field("What to make of it", required="Choose what to make of it")

    def offer(self, editions: Sequence[tuple[int, str]]) -> None:
        """Offer a new framework, and the next edition of each of these."""
        following = [(str(number), f"The next edition of {name}") for number, name in editions]
        self.target.choices = [SelectChoice(*pair) for pair in ((NEW, "A new framework"), *following)]


class WordNewForm(BlankForm):
    """What a new framework needs besides its questions."""

    target = HiddenField()
    judgement = select_field(
        "Scale the panel judges on",
        required="Choose the scale the panel judges on",
        hint="The grade of each section is on this scale too",
    )
    closing = tick_field(_CLOSING, hint=_CLOSING_HINT)

    def offer_scales(self, scales: Sequence[tuple[str, str]]) -> None:
        """Offer these scales: value and name."""
        self.judgement.choices = [SelectChoice(*pair) for pair in (("", "Choose a scale"), *scales)]


class WordNextForm(Form):
    """The next edition keeps its framework's name, scales and case profile."""

    target = HiddenField()
    closing = tick_field(_CLOSING, hint=_CLOSING_HINT)
