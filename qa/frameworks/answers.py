"""An answer: as it was typed, as it is kept, and what can be wrong with it."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple, Protocol

from qa.frameworks.content import NOT_APPLICABLE


class FormData(Protocol):
    """A submitted form, as Flask's `request.form` gives it."""

    def getlist(self, key: str, /) -> Sequence[str]:
        """Every value sent under that name."""


@dataclass(frozen=True, slots=True)
class AnswerValue:
    """What an answer says. Exactly one member is set; no answer at all is None instead of an AnswerValue.

    grade: key of a grade. option: key of the one chosen answer, also `not_applicable` for a grade question.
    options: keys of several chosen answers, in the framework's order.
    Raises ValueError when none or more than one is set.
    """

    grade: str | None = None
    option: str | None = None
    options: tuple[str, ...] = ()
    number: Decimal | None = None
    date: datetime.date | None = None
    text: str | None = None

    def __post_init__(self) -> None:
        members = (self.grade, self.option, self.options or None, self.number, self.date, self.text)
        if sum(member is not None for member in members) != 1:
            raise ValueError("an answer holds exactly one of grade, option, options, number, date and text")

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of what was chosen; empty for a number, a date or text."""
        if self.options:
            return self.options
        chosen = self.grade or self.option
        return (chosen,) if chosen else ()

    @property
    def is_not_applicable(self) -> bool:
        """Whether the answer is "Not applicable", which never counts in a percentage."""
        return self.option == NOT_APPLICABLE


class RawAnswer(NamedTuple):
    """An answer as it came from a form, so that it can be shown again as it was typed.

    values: everything sent under the question's name. day, month, year: the boxes of a date.
    """

    values: tuple[str, ...] = ()
    day: str = ""
    month: str = ""
    year: str = ""

    @property
    def first(self) -> str:
        """The one value of a field that sends one; "" when it sent none."""
        return self.values[0] if self.values else ""


class AnswerError(Exception):
    """Something wrong with an answer, in plain words.

    field: id of the box that a link in an error summary goes to. message: what to do. marks: names of the
    boxes that are wrong; empty when that is every box of the question. question: its text.
    """

    def __init__(self, field: str, message: str, *, marks: tuple[str, ...] = (), question: str = "") -> None:
        super().__init__(message)
        self.field = field
        self.message = message
        self.marks = marks
        self.question = question

    @property
    def summary(self) -> str:
        """The message for an error summary, where it stands apart from its question."""
        if not self.question:
            return self.message
        text = self.question if len(self.question) <= 90 else self.question[:88].rsplit(" ", 1)[0] + "…"
        return f"{text} {self.message}" if text.endswith(("?", ".", "…")) else f"{text}: {self.message}"


def value_name(key: str) -> str:
    """Name of a question's box or boxes in a form, and the id of the first."""
    return f"q-{key}"


def evidence_name(key: str) -> str:
    """Name and id of the box for a question's evidence."""
    return f"e-{key}"


def version_name(key: str) -> str:
    """Name of the hidden field with the version of the answer that the form was made from.

    Every question on a form sends it: a question without it was not on the form, and is to be left alone.
    """
    return f"v-{key}"


def date_names(key: str) -> tuple[str, str, str]:
    """Names and ids of the boxes for day, month and year."""
    name = value_name(key)
    return f"{name}-day", f"{name}-month", f"{name}-year"


def raw_answer(key: str, form: FormData) -> RawAnswer:
    """What a form says about a question, whatever its type."""
    day, month, year = (next(iter(form.getlist(name)), "") for name in date_names(key))
    return RawAnswer(tuple(form.getlist(value_name(key))), day, month, year)
