"""A question as a field of a WTForms form."""

from typing import TYPE_CHECKING, Any

from markupsafe import Markup
from wtforms import Field
from wtforms.utils import unset_value

from qa.frameworks.answers import AnswerError, AnswerValue, RawAnswer, raw_answer
from qa.frameworks.content import FrameworkContent, Question
from qa.frameworks.types.rendering import render
from qa.frameworks.types.views import View

if TYPE_CHECKING:
    from qa.frameworks.types.base import AnswerType


class AnswerField(Field):
    """A question in a form. Its data is an AnswerValue or None; its type does the parsing and the showing.

    answer_error: the AnswerError when what was typed cannot be understood; None otherwise.
    """

    def __init__(
        self, answer_type: "AnswerType", question: Question, content: FrameworkContent, **kwargs: Any
    ) -> None:
        super().__init__(label=question.text, **kwargs)
        self.answer_type = answer_type
        self.question = question
        self.content = content
        self.raw = RawAnswer()
        self.data: AnswerValue | None = None
        self.answer_error: AnswerError | None = None

    def process(self, formdata: Any, data: Any = unset_value, extra_filters: Any = None) -> None:
        """Take the answer from the form that was sent, or else from the data given."""
        self.process_errors = []
        self.answer_error = None
        self.data = self.object_data = None if data is unset_value else data
        self.raw = self.answer_type.to_raw(self.question, self.data)
        if formdata is None:
            return
        self.raw = raw_answer(self.question.key, formdata)
        self.data = None
        try:
            self.data = self.answer_type.parse(self.question, self.content, self.raw)
        except AnswerError as error:
            self.answer_error = error
            self.process_errors = [error.message]

    @property
    def view(self) -> View:
        """What the field shows, for a page that calls the macros itself."""
        return self.answer_type.view(self.question, self.content, self.raw, self.answer_error)

    def __call__(self, **kwargs: object) -> Markup:
        """The field's HTML."""
        return render(self.view)
