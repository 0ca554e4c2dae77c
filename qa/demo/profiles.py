"""Draws the profiles of the demonstration's cases."""

from collections.abc import Mapping
from random import Random

from qa.frameworks.content import FrameworkContent, ProfileField
from qa.frameworks.vocabulary import ProfileFieldType

Profile = Mapping[str, str | int]

# How often each option comes, in the order of the framework's options.
WEIGHTS = {
    "age_band": (3, 9, 20, 30, 31, 7),
    "gender": (47, 50, 1, 2),
    "ethnicity": (18, 23, 14, 36, 5, 4),
    "first_language": (66, 20, 9, 1, 4),
    "disability": (62, 6, 14, 11, 4, 3),
    "legal_status": (78, 7, 4, 2, 3, 2, 2, 2),
    "siblings": (25, 32, 24, 13, 6),
    "referrals_12_months": (30, 42, 18, 10),
    "s47_12_months": (60, 32, 8),
    "missing_12_months": (88, 6, 4, 2),
    "young_carer": (12, 82, 6),
}
OTHERS = (30, 24, 18, 12, 8)
BLANK = 0.04
UNBORN: Profile = {
    "gender": "not_recorded",
    "disability": "none",
    "missing_12_months": 0,
    "first_language": "english",
}


def draw(content: FrameworkContent, random: Random, given: Profile) -> Profile:
    """A whole profile. given: fields that are settled already; nothing is drawn for them."""
    profile: dict[str, str | int] = {}
    for field in content.profile:
        if field.key in given:
            profile[field.key] = given[field.key]
        elif field.required or random.random() >= BLANK:
            profile[field.key] = _value(field, random)
    if profile.get("age_band") == "unborn":
        profile |= {key: value for key, value in UNBORN.items() if key in profile and key not in given}
    return profile


def _value(field: ProfileField, random: Random) -> str | int:
    if field.type is ProfileFieldType.NUMBER:
        weights = WEIGHTS.get(field.key, OTHERS)
        return random.choices(range(len(weights)), weights)[0]
    keys = [option.key for option in field.choices]
    weights = WEIGHTS.get(field.key, OTHERS)
    return random.choices(
        keys, [weights[place] if place < len(weights) else 4 for place in range(len(keys))]
    )[0]


def chosen(profile: Profile) -> dict[str, str]:
    """The part of a profile that conditions can look at."""
    return {key: value for key, value in profile.items() if isinstance(value, str)}
