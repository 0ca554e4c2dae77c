"""Questions that are answered in words."""

import re

from qa.frameworks.answers import AnswerError, AnswerValue, RawAnswer, value_name
from qa.frameworks.content import FrameworkContent, Question
from qa.frameworks.types.base import NOT_ANSWERED, Cell, Uncounted, heading, hint
from qa.frameworks.types.views import InputView, TextAreaView
from qa.frameworks.vocabulary import QuestionType

LONGEST = 20_000
LONGEST_LINE = 500

# Line breaks of every kind become one; other control characters, and halves of characters, are dropped.
_LINE_BREAK = re.compile("\r\n?|\x0b|\x0c|\x85|\u2028|\u2029")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def clean_text(text: str) -> str:
    """Text as it is kept: line breaks as \\n, no control characters but those and tabs, nothing around it."""
    return _CONTROL.sub("", _LINE_BREAK.sub("\n", text)).strip()


def count_words(text: str) -> int:
    """How many words a text has, counted as the counter on the page does."""
    return len(text.split())


def too_long(text: str, longest: int) -> str:
    """What an error says about text that is longer than can be kept."""
    return f"Shorten the text to {longest:,} characters or fewer. It has {len(text):,}"


class _Text(Uncounted):
    """What short and long text share."""

    longest: int

    def clean(self, text: str) -> str:
        """The text as it is kept."""
        return clean_text(text)

    def parse(self, question: Question, content: FrameworkContent, raw: RawAnswer) -> AnswerValue | None:
        """The text, cleaned. Raises AnswerError when it is too long to keep."""
        text = self.clean(raw.first)
        if len(text) > self.longest:
            raise self.error(question, too_long(text, self.longest))
        return AnswerValue(text=text) if text else None

    def to_raw(self, question: Question, value: AnswerValue | None) -> RawAnswer:
        """The text."""
        return RawAnswer((value.text,)) if value is not None and value.text is not None else RawAnswer()

    def display(self, question: Question, content: FrameworkContent, value: AnswerValue | None) -> str:
        """The text."""
        return value.text if value is not None and value.text is not None else NOT_ANSWERED

    def export(self, question: Question, content: FrameworkContent, value: AnswerValue | None) -> Cell:
        """The text."""
        return value.text if value is not None else None


class ShortTextType(_Text):
    """One line of text."""

    key = QuestionType.SHORT_TEXT
    label = "Short text"
    macro = "input"
    missing = "Enter an answer"
    longest = LONGEST_LINE

    def clean(self, text: str) -> str:
        """The text on one line."""
        return " ".join(clean_text(text).split())

    def view(
        self, question: Question, content: FrameworkContent, raw: RawAnswer, error: AnswerError | None = None
    ) -> InputView:
        """A box of one line."""
        message = error.message if error else None
        return InputView(
            self.macro, value_name(question.key), heading(question), hint(question), message, raw.first
        )


class LongTextType(_Text):
    """Text of any number of lines, with a limit of words where the question sets one."""

    key = QuestionType.LONG_TEXT
    label = "Long text"
    macro = "textarea"
    missing = "Enter an answer"
    longest = LONGEST

    def view(
        self, question: Question, content: FrameworkContent, raw: RawAnswer, error: AnswerError | None = None
    ) -> TextAreaView:
        """A box of several lines that counts the words left."""
        return TextAreaView(
            macro=self.macro,
            name=value_name(question.key),
            text=heading(question),
            hint=hint(question),
            error=error.message if error else None,
            value=raw.first,
            rows=5,
            max_words=question.max_words,
        )

    def check_complete(
        self, question: Question, content: FrameworkContent, value: AnswerValue | None, evidence: str | None
    ) -> list[AnswerError]:
        """Also that there are not too many words: such a draft is kept, but cannot be submitted."""
        errors = super().check_complete(question, content, value, evidence)
        words = count_words(value.text or "") if value is not None else 0
        if question.max_words is not None and words > question.max_words:
            message = f"Your answer must be {question.max_words:,} words or fewer. It has {words:,}"
            errors.insert(0, self.error(question, message))
        return errors
