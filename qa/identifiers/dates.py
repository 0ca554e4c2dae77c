"""Days written in text, and which of them could be a date of birth: pure.

Evidence is full of the days of visits, meetings and decisions, nearly all of the last two years: an audit
looks back twelve months. So a day in a text is a worry when a word of birth stands beside it, or when it
lies two years back or more; a full day as old as that is more often a birthday than an event, and the writer
can say which it is. Eight digits in a row, or figures with nothing but spaces between them and a year of two
digits, are numbers of records far more often than days: they count beside a word of birth alone.
"""

import re
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

EARLIEST_YEAR = 1900
# Days as recent as this are everyday in evidence: the year that an audit looks at, and a year of its own.
EVERYDAY_YEARS = 2
NEAR = 40  # letters between a word of birth and a day that it speaks of

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    "(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    "|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_DAY_FIRST = re.compile(r"(?<!\d)(\d{1,2})([./ -])(\d{1,2})\2(\d{4}|\d{2})(?!\d)", re.ASCII)
_YEAR_FIRST = re.compile(r"(?<!\d)(\d{4})([./-])(\d{1,2})\2(\d{1,2})(?!\d)", re.ASCII)
_EIGHT_DIGITS = re.compile(r"(?<!\d)(\d{2})(\d{2})(\d{4})(?!\d)", re.ASCII)
_MONTH_IN_WORDS = re.compile(
    rf"(?<!\d)(\d{{1,2}})(?:st|nd|rd|th)?(?: of)?[ ./-]{{0,3}}({_MONTH})[ ,./-]{{0,3}}"
    r"(\d{4}|\d{2})(?!\d)",
    re.IGNORECASE | re.ASCII,
)
_BIRTH = re.compile(r"\b(?:born|birth|birthday|birthdate|d\.?\s?o\.?\s?b\b)", re.IGNORECASE)
# "section 1.2.10" and "standard 3.4.11" number a paragraph.
_NUMBERED = re.compile(
    r"\b(?:section|paragraph|para|part|standard|clause|chapter|version|step|item|question|v)\.?\s?$",
    re.IGNORECASE,
)


class Day(NamedTuple):
    """A day as it is written in a text, and where. loose: written as numbers often are that are no day."""

    text: str
    start: int
    day: date
    loose: bool

    @property
    def end(self) -> int:
        """Where it ends."""
        return self.start + len(self.text)


def days_in(text: str, start: int, end: int) -> Iterator[Day]:
    """Everything in a stretch of the text that can be read as a day, the day first."""
    for match in _DAY_FIRST.finditer(text, start, end):
        dotted = match[2] == "." and bool(_NUMBERED.search(text[max(0, match.start() - 12) : match.start()]))
        loose = dotted or (match[2] == " " and len(match[4]) == 2)
        yield from _day(match, (match[4], match[3], match[1]), loose)
    for match in _YEAR_FIRST.finditer(text, start, end):
        yield from _day(match, (match[1], match[3], match[4]), loose=False)
    for match in _EIGHT_DIGITS.finditer(text, start, end):
        whole = match[0]
        read = list(_day(match, (match[3], match[2], match[1]), loose=True))
        yield from read or _day(match, (whole[:4], whole[4:6], whole[6:]), loose=True)
    for match in _MONTH_IN_WORDS.finditer(text, start, end):
        month = str(_MONTHS.index(match[2][:3].lower()) + 1)
        yield from _day(match, (match[3], month, match[1]), loose=False)


def may_be_birthday(found: Day, text: str, today: date, *, about_child: bool = True) -> bool:
    """Whether a day written in a text is to be asked about (the module says the rule of thumb).

    about_child: False for a text about no child, such as a recommendation, where an old day is that of a
    policy: only a word of birth counts then.
    """
    if _BIRTH.search(text[max(0, found.start - NEAR) : found.end + NEAR]):
        return True
    return about_child and not found.loose and found.day < _years_before(today, EVERYDAY_YEARS)


def _years_before(day: date, years: int) -> date:
    # The 29th of February has no counterpart in most years.
    return day.replace(year=day.year - years, day=min(day.day, 28))


def _day(match: re.Match[str], parts: tuple[str, str, str], loose: bool) -> Iterator[Day]:
    day = _date(*parts)
    if day is not None:
        yield Day(match[0], match.start(), day, loose)


def _date(year: str, month: str, day: str) -> date | None:
    number = int(year) + (2000 if len(year) == 2 else 0)
    if not EARLIEST_YEAR <= number <= 2100:
        return None
    try:
        return date(number, int(month), int(day))
    except ValueError:
        return None
