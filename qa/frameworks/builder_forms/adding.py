"""The short forms by which questions are added, and what every form on questions shares."""

import re
from typing import Any

from qa.frameworks.builder_forms.base import BuilderForm, on_one_line
from qa.frameworks.builder_forms.choices import options_from
from qa.frameworks.drafts.elements import Document
from qa.frameworks.types import QUESTION_TYPES
from qa.frameworks.vocabulary import QuestionType
from qa.web.forms import long_text_field, select_field, text_field

TYPES = [(kind.value, QUESTION_TYPES[kind].label) for kind in QuestionType]
CHOICES = {QuestionType.SINGLE_CHOICE, QuestionType.SEVERAL_CHOICES}
LONGEST_TEXT = 500
BULLET = re.compile(r"^\s*(?:[-–•*·]|\(?[qQ]?\d{1,3}(?:\.\d{1,2})*[.):]|\(?[a-z][.)])\s+")


class AskingForm(BuilderForm):
    """What every form on questions begins with."""

    type = select_field("How it is answered", TYPES)
    scale = select_field("Scale")

    gone = False  # the section that it was for is not there any more

    def offer_scales(self, document: Document) -> None:
        """Let the scales be chosen from."""
        scales = [(scale["key"], scale.get("name", "")) for scale in document.get("scales") or ()]
        self.scale.choices = [("", "Choose a scale"), *scales]

    @property
    def kind(self) -> QuestionType:
        """The type chosen."""
        known = set(QuestionType)
        return QuestionType(self.type.data) if self.type.data in known else QuestionType.GRADE

    def check(self) -> None:
        """A grade is on a scale."""
        super().check()
        if self.gone:
            self.form_errors.append("The section was deleted meanwhile: choose another one for this")
        if self.kind is QuestionType.GRADE and not self.scale.data:
            self.scale.errors = ["Choose the scale it is graded on"]

    def asked(self) -> dict[str, Any]:
        """The type, and the scale of a grade."""
        grade = self.kind is QuestionType.GRADE
        return {"type": self.kind.value, "scale": self.scale.data if grade else None}


class AddQuestionForm(AskingForm):
    """One more question: its words and how it is answered; the rest is given afterwards."""

    text = text_field("Question", required="Enter the question", limit=LONGEST_TEXT)
    options = long_text_field("Answers to choose from", hint="One on each line; at least two", limit=12_000)

    def check(self) -> None:
        """A choice has something to choose from."""
        super().check()
        if self.kind in CHOICES and len(self._labels()) < 2:
            self.options.errors = ["Enter at least two answers, one on each line"]

    def _labels(self) -> list[str]:
        lines = (on_one_line(line)[:200] for line in (self.options.data or "").splitlines())
        return list(dict.fromkeys(line for line in lines if line))[:60]

    def values(self) -> dict[str, Any]:
        """The question."""
        options = options_from(self._labels()) if self.kind in CHOICES else None
        return {"text": on_one_line(self.text.data), **self.asked(), "options": options}


class PasteForm(AskingForm):
    """Several questions at once, one a line, all answered in the same way."""

    lines = long_text_field(
        "Questions",
        required="Paste the questions, one on each line",
        hint="One on each line. Numbers and bullets at the beginning of a line are taken off.",
        limit=60_000,
    )

    def questions(self) -> list[str]:
        """The questions, without numbers and bullets."""
        lines = (on_one_line(BULLET.sub("", line)) for line in (self.lines.data or "").splitlines())
        return [line for line in lines if line]

    def check(self) -> None:
        """Each line is short enough to be a question."""
        super().check()
        found = self.questions()
        long = [number for number, line in enumerate(found, start=1) if len(line) > LONGEST_TEXT]
        if self.kind in CHOICES:
            self.type.errors = ["Choices need their answers: add these one by one"]
        if len(found) > 100:
            self.lines.errors = [f"A section takes 100 questions at most; there are {len(found)} lines"]
        elif long:
            what = f"Question {long[0]} is longer than {LONGEST_TEXT} characters"
            self.lines.errors = [f"{what}: is each question on a line of its own?"]
