"""Finds what could identify a child in typed text: numbers by check digit, days, postcodes, phones, names.

A case's reference must hold none of these, and nothing that looks like a name. Text in general is looked
through with `identifiers_in`; of names it knows those of the area's list alone, since evidence is full of
pairs of words. Pure.
"""

import re
from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from qa.identifiers.dates import days_in, may_be_birthday
from qa.identifiers.names import NO_NAMES, Names, initials, names_in


class Kind(StrEnum):
    """What a piece of text looks like; its value reads after "looks like"."""

    NHS_NUMBER = "an NHS number"
    NATIONAL_INSURANCE = "a National Insurance number"
    DATE = "a date of birth"
    POSTCODE = "a postcode"
    EMAIL = "an e-mail address"
    PHONE = "a telephone number"
    NAME = "a person’s name"

    @property
    def slug(self) -> str:
        """What it is kept as: nhs_number."""
        return self.name.lower()

    @property
    def neutral(self) -> str:
        """The word that stands in its place; a name has its initials instead."""
        return f"[{self.value.split(' ', 1)[1]}]"


class Found(NamedTuple):
    """A piece of text that looks like an identifier. day: the date it says, for a date. start: its place."""

    kind: Kind
    text: str
    day: date | None = None
    start: int = 0

    @property
    def end(self) -> int:
        """Where it ends."""
        return self.start + len(self.text)

    @property
    def instead(self) -> str:
        """What replaces it: a neutral word, or a name's initials."""
        return initials(self.text) if self.kind is Kind.NAME else self.kind.neutral


_EMAIL = re.compile(r"(?<![^\s@<>,;:()\[\]])[^\s@<>,;:()\[\]]++@[^\s@<>,;:()\[\]]+\.[^\s@<>,;:.()\[\]]+")
_TEN_DIGITS = re.compile(r"(?<!\d)\d{3}[ -]?\d{3}[ -]?\d{4}(?!\d)", re.ASCII)
# HMRC's National Insurance Manual, NIM39110: letters and prefixes that are never given out. Without its last
# letter a number cannot be told from a reference, so that it must be there.
_NATIONAL_INSURANCE = re.compile(
    r"(?<![A-Z0-9])(?!BG|GB|KN|NK|NT|TN|ZZ)[ABCEGHJ-PRSTW-Z][ABCEGHJ-NPRSTW-Z] ?\d\d ?\d\d ?\d\d ?[A-D]"
    r"(?![A-Z0-9])",
    re.IGNORECASE | re.ASCII,
)
_POSTCODE_AREAS = (
    "A[BL]|B[ABDHLNRST]?|C[ABFHMORTVW]|D[ADEGHLNTY]|E[CHNX]?|F[KY]|G[LUXY]?|H[ADGPRSUX]|I[GMPV]|JE|K[ATWY]"
    "|L[ADELNSU]?|M[EKL]?|N[EGNPRW]?|O[LX]|P[AEHLOR]|R[GHM]|S[AEGKLMNOPRSTWY]?|T[ADFNQRSW]|UB|W[ACDFNRSV]?"
    "|YO|ZE"
)
# Outward and inward part, as Royal Mail writes them; 0 for O and 1 for I are common slips and not matched.
_POSTCODE = re.compile(
    rf"(?<![A-Z0-9])(?:(?:{_POSTCODE_AREAS})\d[A-Z\d]?|GIR) ?\d[ABD-HJLNP-UW-Z]{{2}}(?![A-Z0-9])",
    re.IGNORECASE | re.ASCII,
)
_ANY_POSTCODE = re.compile(
    r"(?<![A-Z0-9])(?:[A-Z]{1,2}\d[A-Z\d]?|GIR) ?\d[ABD-HJLNP-UW-Z]{2}(?![A-Z0-9])", re.IGNORECASE
)
_PHONE = re.compile(
    r"(?<!\d)(?:(?:\+|00)44[ ()-]{0,3}0?[ ()-]{0,3}|\(?0)[1-9](?:[ ()-]{0,3}\d){8,9}(?!\d)", re.ASCII
)
# Ofcom's plan: 01 and 02 are places, 07 mobiles; 03, 08 and 09 belong to organisations and helplines.
_FAMILY_PHONE = re.compile(r"(?:(?:\+|00)44[ ()-]*0?[ ()-]*|\(?0)[127]")
_REFERENCE_BEFORE = re.compile(
    r"\b(?:ref|reference|number|no|nr|urn|log|crime|incident|case|id|cad)\b[ .:#-]*(?:(?:is|was)[ :]*)?$",
    re.IGNORECASE,
)
_TWO_WORDS = re.compile(r"[^\W\d_]{2,}[ ,._]+[^\W\d_]{2,}")
_TWO_CAPITALISED = re.compile(r"[A-Z][a-z]{1,}[-/][A-Z][a-z]{1,}")
# What was put in the place of an identifier is none, whatever stands on the list of names.
_NEUTRAL = re.compile("|".join(re.escape(kind.neutral) for kind in Kind))
_DIGITS = re.compile(r"[0-9]+")
# What other programs paste instead of a space, a hyphen or a digit; letter for letter, so that places stay.
_SPACES = "\u00a0\u200b\u200c\u200d\u202f\u205f\u2060\u3000\ufeff" + "".join(map(chr, range(0x2000, 0x200B)))
_HYPHENS = "\u00ad\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe63\uff0d"
_PLAIN = {
    **dict.fromkeys(_SPACES, " "),
    **dict.fromkeys(_HYPHENS, "-"),
    **{chr(0xFF10 + digit): str(digit) for digit in range(10)},
}
_PASTED = re.compile(f"[{''.join(_PLAIN)}]")
# Farther than any letter of an identifier stands from its nearest digit, such as those of a month.
FARTHEST = 24


def identifiers_in(
    text: str, names: Names = NO_NAMES, today: date | None = None, *, about_child: bool = True
) -> tuple[Found, ...]:
    """Everything in the text that looks like an identifier, in the order of the text; none overlap.

    names: the area's list. today: leaves out days that are everyday in evidence, and numbers that are more
    likely references or belong to organisations (`qa.identifiers.dates` has the rule of thumb for days);
    None, for a reference or a list: whatever looks like an identifier counts. about_child: False where the
    text is about no child, so that its days are those of policies, but for a birthday that is called so.
    """
    typed = text
    if not text.isascii():
        text = _PASTED.sub(lambda match: _PLAIN[match[0]], text)
    if "[" in text:
        text = _NEUTRAL.sub(lambda match: ";" * len(match[0]), text)
    # Of readings that overlap the first counts, and the longest of those that begin together.
    found = sorted(_all(text, names, today, about_child), key=lambda one: (one.start, -len(one.text)))
    kept: list[Found] = []
    for one in found:
        if not kept or one.start >= kept[-1].end:
            kept.append(one)
    return tuple(one._replace(text=typed[one.start : one.end]) for one in kept)


def _all(text: str, names: Names, today: date | None, about_child: bool) -> Iterator[Found]:
    for name in names_in(text, names):
        yield Found(Kind.NAME, name.text, None, name.start)
    if "@" in text:
        yield from _matches(Kind.EMAIL, _EMAIL, text, 0, len(text))
    for start, end in _around_digits(text):
        yield from _numbers(text, start, end, today)
        for day in days_in(text, start, end):
            if today is None or may_be_birthday(day, text, today, about_child=about_child):
                yield Found(Kind.DATE, day.text, day.day, day.start)


def _around_digits(text: str) -> Iterator[tuple[int, int]]:
    """Stretches of the text around its digits: evidence is mostly words, which need not be looked at."""
    start = end = -1
    for match in _DIGITS.finditer(text):
        if start < 0:
            start = max(0, match.start() - FARTHEST)
        elif match.start() - FARTHEST > end:
            yield start, end
            start = match.start() - FARTHEST
        end = match.end() + FARTHEST
    if start >= 0:
        yield start, min(end, len(text))


def _numbers(text: str, start: int, end: int, today: date | None) -> Iterator[Found]:
    for one in _matches(Kind.NHS_NUMBER, _TEN_DIGITS, text, start, end):
        if is_nhs_number(one.text):
            yield one
    yield from _matches(Kind.NATIONAL_INSURANCE, _NATIONAL_INSURANCE, text, start, end)
    postcode = _ANY_POSTCODE if today is None else _POSTCODE
    yield from _matches(Kind.POSTCODE, postcode, text, start, end)
    for one in _matches(Kind.PHONE, _PHONE, text, start, end):
        if today is None or _familys(one, text):
            yield one


def _matches(kind: Kind, pattern: re.Pattern[str], text: str, start: int, end: int) -> Iterator[Found]:
    return (Found(kind, match[0], None, match.start()) for match in pattern.finditer(text, start, end))


def _familys(phone: Found, text: str) -> bool:
    """Whether a telephone number may be a family's, and is no reference written without spaces."""
    if not _FAMILY_PHONE.match(phone.text):
        return False
    if not phone.text.isdigit():
        return True
    before = text[max(0, phone.start - 20) : phone.start]
    return len(phone.text) >= 11 and not _REFERENCE_BEFORE.search(before)


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
    for found in identifiers_in(reference):
        return found
    return Found(Kind.NAME, reference) if looks_like_name(reference) else None
