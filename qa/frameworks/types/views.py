"""What a question's field shows, ready for the macros of `frameworks/answer_fields.html`."""

from typing import NamedTuple, TypeAlias


class Choice(NamedTuple):
    """One radio button or checkbox. apart: it stands after the others, divided from them by "or"."""

    id: str
    value: str
    label: str
    hint: str | None = None
    apart: bool = False


class ChoicesView(NamedTuple):
    """Radio buttons or checkboxes. chosen: the values that are ticked."""

    macro: str
    name: str
    text: str
    hint: str | None
    error: str | None
    choices: tuple[Choice, ...]
    chosen: tuple[str, ...]


class InputView(NamedTuple):
    """One line. width: GOV.UK's width class; unit: shown after the box."""

    macro: str
    name: str
    text: str
    hint: str | None
    error: str | None
    value: str
    width: str | None = None
    inputmode: str | None = None
    unit: str | None = None


class DatePart(NamedTuple):
    """One of the three boxes of a date. wrong: marked as the one to put right."""

    name: str
    label: str
    value: str
    width: str
    wrong: bool


class DateView(NamedTuple):
    """Day, month and year."""

    macro: str
    name: str
    text: str
    hint: str | None
    error: str | None
    parts: tuple[DatePart, ...]


class TextAreaView(NamedTuple):
    """Several lines. hidden_text: part of the label for screen readers only."""

    macro: str
    name: str
    text: str
    hint: str | None
    error: str | None
    value: str
    rows: int
    max_words: int | None = None
    hidden_text: str | None = None
    emphasis: bool = True


View: TypeAlias = ChoicesView | InputView | DateView | TextAreaView
