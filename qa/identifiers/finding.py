"""Finds what could identify a child in typed text: numbers by check digit, dates, postcodes, phones, names.

A case's reference must hold none of these. Text in general is looked through with `identifiers_in`; names
are looked for only in references, since evidence is full of pairs of words.
"""

import re
from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from typing import NamedTuple


class Kind(StrEnum):
    """What a piece of text looks like; its value reads after "looks like"."""

    NHS_NUMBER = "an NHS number"
    DATE = "a date of birth"
    POSTCODE = "a postcode"
    EMAIL = "an e-mail address"
    PHONE = "a telephone number"
    NAME = "a person’s name"


class Found(NamedTuple):
    """A piece of text that looks like an identifier. day: the date it says, for a date."""

    kind: Kind
    text: str
    day: date | None = None


_EMAIL = re.compile(r"[^\s@<>,;:]+@[^\s@<>,;:]+\.[^\s@<>,;:.]+")
_TEN_DIGITS = re.compile(r"(?<![\d])\d{3}[ -]?\d{3}[ -]?\d{4}(?!\d)")
# Outward and inward part, as Royal Mail writes them; 0 for O and 1 for I are common slips and not matched.
_POSTCODE = re.compile(
    r"(?<![A-Z0-9])(?:[A-Z]{1,2}\d[A-Z\d]?|GIR) ?\d[ABD-HJLNP-UW-Z]{2}(?![A-Z0-9])", re.IGNORECASE
)
_PHONE = re.compile(r"(?<![\d])(?:(?:\+|00)44[ ()-]*|\(?0)[1-9](?:[ ()-]*\d){8,9}(?!\d)")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    "(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    "|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_DAY_FIRST = re.compile(r"(?<!\d)(\d{1,2})([./ -])(\d{1,2})\2(\d{4}|\d{2})(?!\d)")
_YEAR_FIRST = re.compile(r"(?<!\d)(\d{4})([./-])(\d{1,2})\2(\d{1,2})(?!\d)")
_EIGHT_DIGITS = re.compile(r"(?<!\d)(\d{2})(\d{2})(\d{4})(?!\d)")
_MONTH_IN_WORDS = re.compile(
    rf"(?<!\d)(\d{{1,2}})(?:st|nd|rd|th)?[ ./-]*({_MONTH})[ ,./-]*(\d{{4}}|\d{{2}})(?!\d)", re.IGNORECASE
)
_TWO_WORDS = re.compile(r"[^\W\d_]{2,}[ ,._]+[^\W\d_]{2,}")
_TWO_CAPITALISED = re.compile(r"[A-Z][a-z]{1,}[-/][A-Z][a-z]{1,}")
EARLIEST_YEAR = 1900


def identifiers_in(text: str) -> tuple[Found, ...]:
    """Everything in the text that looks like an identifier, names apart, in order of kind."""
    return tuple(_all(text))


def _all(text: str) -> Iterator[Found]:
    yield from (Found(Kind.EMAIL, match[0]) for match in _EMAIL.finditer(text))
    for match in _TEN_DIGITS.finditer(text):
        if is_nhs_number(match[0]):
            yield Found(Kind.NHS_NUMBER, match[0])
    yield from _dates(text)
    yield from (Found(Kind.POSTCODE, match[0]) for match in _POSTCODE.finditer(text))
    yield from (Found(Kind.PHONE, match[0]) for match in _PHONE.finditer(text))


def is_nhs_number(text: str) -> bool:
    """Whether ten digits, spaces and hyphens apart, carry the NHS number's check digit.

    The check digit is 11 less the remainder by 11 of the first nine digits weighted 10 to 2; 11 counts as 0
    and 10 is never given out (NHS Data Dictionary, "NHS number").
    """
    digits = re.sub(r"[ -]", "", text)
    if not re.fullmatch(r"[0-9]{10}", digits) or len(set(digits)) == 1:
        return False
    weighted = sum(int(digit) * weight for digit, weight in zip(digits[:9], range(10, 1, -1), strict=True))
    return (11 - weighted % 11) % 11 == int(digits[9])


def _dates(text: str) -> Iterator[Found]:
    return (Found(Kind.DATE, written, day) for written, day in _read_dates(text) if day is not None)


def _read_dates(text: str) -> Iterator[tuple[str, date | None]]:
    """What is written like a date, and its day if there is one."""
    for match in _DAY_FIRST.finditer(text):
        yield match[0], _date(match[4], match[3], match[1])
    for match in _YEAR_FIRST.finditer(text):
        yield match[0], _date(match[1], match[3], match[4])
    for match in _EIGHT_DIGITS.finditer(text):
        whole = match[0]
        yield whole, _date(match[3], match[2], match[1]) or _date(whole[:4], whole[4:6], whole[6:])
    for match in _MONTH_IN_WORDS.finditer(text):
        month = str(_MONTHS.index(match[2][:3].lower()) + 1)
        yield match[0], _date(match[3], month, match[1])


def _date(year: str, month: str, day: str) -> date | None:
    number = int(year) + (2000 if len(year) == 2 else 0)
    if not EARLIEST_YEAR <= number <= 2100:
        return None
    try:
        return date(number, int(month), int(day))
    except ValueError:
        return None


def looks_like_name(reference: str) -> bool:
    """Whether a reference looks like a first and a last name: two words of letters side by side.

    Capitals together with a number, such as "HAV CP 12", are taken for a code.
    """
    reference = re.sub("['’]", "", reference)
    if _TWO_CAPITALISED.search(reference):
        return True
    if not _TWO_WORDS.search(reference):
        return False
    words = re.findall(r"[^\W\d_]{2,}", reference)
    code = bool(re.search(r"\d", reference)) and all(word.isupper() and len(word) <= 4 for word in words)
    return not code


def identifier_in_reference(reference: str) -> Found | None:
    """The first thing in a case's reference that could identify a child, a name too; None when clean."""
    for found in _all(reference):
        return found
    return Found(Kind.NAME, reference) if looks_like_name(reference) else None
