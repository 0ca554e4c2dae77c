"""What a case's profile may say: the value of each field, from a form or a file. Pure."""

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from qa.frameworks.content import Option, ProfileField
from qa.frameworks.vocabulary import ProfileFieldType

HIGHEST_NUMBER = 99_999
SHORT_ANSWERS = {"y": "yes", "n": "no", "unknown": "not_known", "not recorded": "not_known"}


class ProfileValue(NamedTuple):
    """One field's value: the key of an option, a code (yes, no, not_known) or a whole number."""

    field: str
    option: str | None = None
    code: str | None = None
    number: int | None = None


class BadValue(Exception):
    """A value that the field does not take; the message says which it does."""


def parse_value(field: ProfileField, typed: str) -> ProfileValue | None:
    """The value typed for a field: a choice by its key or its words, whatever their case. None for nothing.

    Raises BadValue when it is not one of the answers, or missing where it is required.
    """
    text = " ".join(typed.split())
    if not text:
        if field.required:
            raise BadValue(missing_value(field))
        return None
    if field.type is ProfileFieldType.NUMBER:
        return ProfileValue(field.key, number=_number(field, text))
    key = _choice(field, text)
    if field.type is ProfileFieldType.YES_NO:
        return ProfileValue(field.key, code=key)
    return ProfileValue(field.key, option=key)


def missing_value(field: ProfileField) -> str:
    """What to say when a required field is empty."""
    verb = "Enter" if field.type is ProfileFieldType.NUMBER else "Choose an answer for"
    return f"{verb} “{field.label}”"


def _number(field: ProfileField, text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,9}", text) or int(text) > HIGHEST_NUMBER:
        raise BadValue(f"“{field.label}” must be a whole number from 0 to {HIGHEST_NUMBER:,}")
    return int(text)


def _choice(field: ProfileField, text: str) -> str:
    wanted = text.casefold()
    if field.type is ProfileFieldType.YES_NO:
        wanted = SHORT_ANSWERS.get(wanted, wanted)
    for option in field.choices:
        if wanted in {option.key.casefold(), " ".join(option.label.split()).casefold()}:
            return option.key
    raise BadValue(f"“{field.label}” must be one of: {in_words(field.choices)}")


def in_words(options: Sequence[Option]) -> str:
    """Answers to choose from, in one line; a semicolon between them where one has a comma."""
    mark = "; " if any("," in option.label for option in options) else ", "
    return mark.join(option.label for option in options)


def shown_value(field: ProfileField, value: str | None, missing: str = "Not entered") -> str:
    """A kept value (see queries.case_profile) as people read it."""
    if not value:
        return missing
    return next((option.label for option in field.choices if option.key == value), value)


def shown_profile(
    fields: Sequence[ProfileField], profile: Mapping[str, str], missing: str = "Not entered"
) -> tuple[tuple[str, str], ...]:
    """Labels and values of a profile, in the framework's order."""
    return tuple((field.label, shown_value(field, profile.get(field.key), missing)) for field in fields)
