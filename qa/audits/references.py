"""References of audits and cases: which are fit to keep, and which to suggest next. Pure."""

import re
from collections.abc import Collection
from itertools import count

from qa.identifiers.finding import identifier_in_reference

LIMIT = 40
FIRST_CASE = "C001"
# What a spreadsheet would take for a formula when the reference is exported again.
FORMULA_STARTS = ("=", "+", "-", "@")
UNFIT = "The reference must begin with a letter or number, and hold letters, numbers, spaces and . _ / - only"
_FIT = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._/-]*")


def case_reference_problem(reference: str) -> str | None:
    """What is wrong with a case's reference, with the remedy; None when it is fit.

    It is a pseudonym: nothing that could identify a child may stand in it (design, "Data rules").
    """
    if not reference:
        return "Enter a reference for the case, like C001"
    if len(reference) > LIMIT:
        return f"The reference must be {LIMIT} characters or fewer"
    if reference.startswith(FORMULA_STARTS):
        return f"The reference must not start with {reference[0]}: begin it with a letter or a number"
    found = identifier_in_reference(reference)
    if found is not None:
        return (
            f"The reference looks like {found.kind.value}. Use a code that identifies nobody, like C001, "
            "and keep the list of whose it is outside this service"
        )
    if not _FIT.fullmatch(reference):
        return UNFIT
    return None


def audit_reference_problem(reference: str) -> str | None:
    """What is wrong with an audit's reference; None when it is fit."""
    if not reference:
        return "Enter a reference for the audit"
    if len(reference) > LIMIT:
        return f"The reference must be {LIMIT} characters or fewer"
    if not _FIT.fullmatch(reference):
        return UNFIT
    return None


def following(reference: str) -> str | None:
    """The next reference in the same pattern: C009 gives C010. None when it does not end in a number."""
    match = re.fullmatch(r"(.*?)(\d{1,9})", reference)
    if not match:
        return None
    number = str(int(match[2]) + 1).zfill(len(match[2]))
    return f"{match[1]}{number}"


def case_suggestions(last: str | None, number: int = 10) -> list[str]:
    """References to try for the next case, the best first; last: the one added last, None for the first."""
    tried = [FIRST_CASE] if last is None else []
    present = last or FIRST_CASE
    while len(tried) < number:
        present = following(present) or f"{present[: LIMIT - 3]}-2"
        tried.append(present)
    return [reference for reference in tried if case_reference_problem(reference) is None]


def area_letters(slug: str) -> str:
    """Letters for an area in an audit's reference: its first three, or the initials of several words."""
    words = [word for word in re.split(r"[^a-z0-9]+", slug.lower()) if word not in {"", "and", "of", "the"}]
    if len(words) > 1:
        return "".join(word[0] for word in words).upper()
    return words[0][:3].upper() if words else "AUD"


def audit_pattern(area_slug: str, year: int) -> str:
    """What the references suggested for that area and year begin with: HAV-2026-."""
    return f"{area_letters(area_slug)}-{year}-"


def free_audit_reference(pattern: str, taken: Collection[str]) -> str:
    """The first reference of that pattern that is not taken: HAV-2026-01, HAV-2026-02 and so on."""
    return next(f"{pattern}{n:02}" for n in count(1) if f"{pattern}{n:02}" not in taken)
