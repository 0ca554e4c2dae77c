"""Questions that are answered by a number or a date."""

import datetime
import re
from decimal import Decimal

from qa.frameworks.answers import AnswerError, AnswerValue, RawAnswer, date_names, value_name
from qa.frameworks.content import FrameworkContent, Question
from qa.frameworks.types.base import NOT_ANSWERED, Cell, Uncounted, heading, hint
from qa.frameworks.types.views import DatePart, DateView, InputView
from qa.frameworks.vocabulary import QuestionType

LARGEST = Decimal("999999999.99")
FIRST_YEAR, LAST_YEAR = 1900, 2100

_NUMBER = re.compile(r"[-+]?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?\Z")
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


class NumberType(Uncounted):
    """A whole number, or one with as many decimal places as the question allows."""

    key = QuestionType.NUMBER
    label = "Number"
    macro = "input"
    missing = "Enter a number"

    def parse(self, question: Question, content: FrameworkContent, raw: RawAnswer) -> AnswerValue | None:
        """The number. Thousands may have commas and the unit may be typed after it.

        Raises AnswerError when it is no number, has too many decimal places or is out of bounds.
        """
        text = raw.first.strip().replace("\N{MINUS SIGN}", "-")
        if not text:
            return None
        if question.unit and text.lower().endswith(question.unit.lower()):
            text = text[: -len(question.unit)].strip()
        if not _NUMBER.match(text) or len(text) > 40:
            example = "12.5" if question.decimals else "12"
            raise self.error(question, f"{_subject(question)} must be a number in figures, like {example}")
        number = Decimal(text.replace(",", ""))
        if number != round(number, question.decimals):
            raise self.error(question, _too_precise(question))
        self._check_bounds(question, number)
        return AnswerValue(number=_plain(number))

    def _check_bounds(self, question: Question, number: Decimal) -> None:
        low, high = question.min, question.max
        if (low is None or number >= low) and (high is None or number <= high) and abs(number) <= LARGEST:
            return
        subject = _subject(question)
        if low is not None and high is not None:
            raise self.error(question, f"{subject} must be between {_words(low)} and {_words(high)}")
        if low is not None and number < low:
            raise self.error(question, f"{subject} must be {_words(low)} or more")
        most = LARGEST if high is None else high
        least = -LARGEST if number < 0 and high is None else None
        bound = f"{_words(least)} or more" if least is not None else f"{_words(most)} or less"
        raise self.error(question, f"{subject} must be {bound}")

    def to_raw(self, question: Question, value: AnswerValue | None) -> RawAnswer:
        """The number in figures."""
        return (
            RawAnswer((format(value.number, "f"),))
            if value is not None and value.number is not None
            else RawAnswer()
        )

    def view(
        self, question: Question, content: FrameworkContent, raw: RawAnswer, error: AnswerError | None = None
    ) -> InputView:
        """A short box with the unit after it."""
        return InputView(
            macro=self.macro,
            name=value_name(question.key),
            text=heading(question),
            hint=hint(question),
            error=error.message if error else None,
            value=raw.first,
            width="5",
            inputmode="decimal" if question.decimals else "numeric",
            unit=question.unit or None,
        )

    def display(self, question: Question, content: FrameworkContent, value: AnswerValue | None) -> str:
        """The number with its unit."""
        if value is None or value.number is None:
            return NOT_ANSWERED
        if not question.unit:
            return _words(value.number)
        joint = "" if question.unit == "%" else " "
        return f"{_words(value.number)}{joint}{_unit(question.unit, value.number)}"

    def export(self, question: Question, content: FrameworkContent, value: AnswerValue | None) -> Cell:
        """The number, without its unit."""
        if value is None or value.number is None:
            return None
        return float(value.number) if value.number % 1 else int(value.number)


def _subject(question: Question) -> str:
    return f"The number of {question.unit}" if question.unit[:1].isalpha() else "The number"


def _too_precise(question: Question) -> str:
    if not question.decimals:
        return f"{_subject(question)} must be a whole number, like 12"
    places = "1 decimal place" if question.decimals == 1 else f"{question.decimals} decimal places"
    return f"{_subject(question)} must have no more than {places}"


def _plain(number: Decimal) -> Decimal:
    """The same number without needless noughts, and with no minus before 0."""
    return Decimal(int(number)) if number == int(number) else number.normalize()


def _words(number: Decimal) -> str:
    return f"{number:,f}" if number % 1 else f"{int(number):,}"


def _unit(unit: str, number: Decimal) -> str:
    """The unit in the singular for 1: 1 day, 2 days."""
    return unit[:-1] if number == 1 and unit.endswith("s") and not unit.endswith("ss") else unit


class DateType(Uncounted):
    """A date in three boxes. The month may be typed as a name."""

    key = QuestionType.DATE
    label = "Date"
    macro = "date"
    missing = "Enter a date"

    def parse(self, question: Question, content: FrameworkContent, raw: RawAnswer) -> AnswerValue | None:
        """The date. Raises AnswerError, naming the boxes that are wrong, when it is not a real one."""
        typed = (raw.day.strip(), raw.month.strip(), raw.year.strip())
        if not any(typed):
            return None
        names = date_names(question.key)
        missing = [index for index in range(3) if not typed[index]]
        if missing:
            words = [("day", "month", "year")[index] for index in missing]
            message = f"The date must include a {' and a '.join(words)}"
            raise _date_error(question, message, tuple(names[index] for index in missing))
        day, month, year = _whole(typed[0]), _month(typed[1]), _whole(typed[2])
        if year is None or len(typed[2]) != 4:
            raise _date_error(question, "The year must have 4 figures, like 2025", names[2:])
        if not FIRST_YEAR <= year <= LAST_YEAR:
            raise _date_error(question, f"The year must be between {FIRST_YEAR} and {LAST_YEAR}", names[2:])
        try:
            return AnswerValue(date=datetime.date(year, month or 0, day or 0))
        except ValueError:
            raise _date_error(question, "The date must be a real date, like 27 3 2025", ()) from None

    def to_raw(self, question: Question, value: AnswerValue | None) -> RawAnswer:
        """Day, month and year in figures."""
        if value is None or value.date is None:
            return RawAnswer()
        return RawAnswer(day=str(value.date.day), month=str(value.date.month), year=f"{value.date.year:04}")

    def view(
        self, question: Question, content: FrameworkContent, raw: RawAnswer, error: AnswerError | None = None
    ) -> DateView:
        """Three boxes; those that are wrong are marked."""
        names = date_names(question.key)
        marks = (error.marks or names) if error else ()
        parts = tuple(
            DatePart(name, label, value, width, name in marks)
            for name, label, value, width in zip(
                names, ("Day", "Month", "Year"), (raw.day, raw.month, raw.year), ("2", "2", "4"), strict=True
            )
        )
        message = error.message if error else None
        extra = "For example, 27 3 2025."
        return DateView(
            self.macro, value_name(question.key), heading(question), hint(question, extra), message, parts
        )

    def error(self, question: Question, message: str) -> AnswerError:
        """An error about the date as a whole; its link goes to the first box."""
        return _date_error(question, message, ())

    def display(self, question: Question, content: FrameworkContent, value: AnswerValue | None) -> str:
        """The date as 27 March 2025."""
        if value is None or value.date is None:
            return NOT_ANSWERED
        return f"{value.date.day} {_MONTHS[value.date.month - 1]} {value.date.year}"

    def export(self, question: Question, content: FrameworkContent, value: AnswerValue | None) -> Cell:
        """The date."""
        return value.date if value is not None else None


def _date_error(question: Question, message: str, marks: tuple[str, ...]) -> AnswerError:
    field = marks[0] if marks else date_names(question.key)[0]
    return AnswerError(field, message, marks=marks, question=question.text)


def _whole(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 4 else None


def _month(text: str) -> int | None:
    """The number of a month typed in figures or as its name, whole or the first three letters."""
    name = text.lower().rstrip(".")
    for number, month in enumerate(_MONTHS, start=1):
        if len(name) >= 3 and month.lower().startswith(name):
            return number
    return _whole(text)
