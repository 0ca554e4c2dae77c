"""Turns columns into answers and profiles, and answers into columns: pure."""

from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

from qa.frameworks.answers import AnswerValue
from qa.frameworks.content import Question
from qa.frameworks.editions import EditionTree
from qa.frameworks.vocabulary import ProfileFieldType


def stored_value(
    tree: EditionTree,
    grade_id: int | None,
    option_id: int | None,
    code: str | None,
    number: Decimal | None,
    day: date | None,
    text: str | None,
    picked: str | None,
) -> AnswerValue | None:
    """What an answer's columns say; picked: numbers of the ticked options, with commas between."""
    if grade_id is not None:
        return _grade(tree.grade_keys[grade_id][1])
    if code is not None:
        return _option(code)
    if option_id is not None:
        return _option(tree.option_keys[option_id][1])
    if number is not None:
        return AnswerValue(number=_plain(number))
    if day is not None:
        return AnswerValue(date=day)
    if picked:
        return _several(tree, [int(one) for one in picked.split(",")])
    return AnswerValue(text=text) if text else None


# A page of returns holds thousands of answers, and few different ones.
@lru_cache(maxsize=256)
def _grade(key: str) -> AnswerValue:
    return AnswerValue(grade=key)


@lru_cache(maxsize=1024)
def _option(key: str) -> AnswerValue:
    return AnswerValue(option=key)


def _several(tree: EditionTree, numbers: list[int]) -> AnswerValue:
    keys = {tree.option_keys[number][1] for number in numbers}
    question = tree.content.question(tree.option_keys[numbers[0]][0])
    return AnswerValue(options=tuple(option.key for option in question.options if option.key in keys))


def columns_of(tree: EditionTree, question: Question, value: AnswerValue | None) -> dict[str, Any]:
    """The columns of an answer that say the value; several choices are rows of their own."""
    columns: dict[str, Any] = dict.fromkeys(("grade_id", "option_id", "code", "number", "day", "text"))
    if value is None:
        return columns
    if value.grade is not None:
        columns["grade_id"] = tree.ids.grades[(question.scale or "", value.grade)]
    elif value.option is not None:
        # Yes, partly, no and "Not applicable" are no rows of the framework.
        columns["option_id"] = tree.ids.options.get((question.key, value.option))
        columns["code"] = value.option if columns["option_id"] is None else None
    else:
        columns |= {"number": value.number, "day": value.date, "text": value.text}
    return columns


def profile_of(packed: str | None, tree: EditionTree) -> dict[str, str]:
    """A case's profile: field key to option key, to yes, no or not_known, or to a number in figures.

    packed: "field:option:number:code,..." as the query of a return gives it.
    """
    if not packed:
        return {}
    fields = {number: key for key, number in tree.ids.fields.items()}
    options = {str(number): key for (_, key), number in tree.ids.profile_options.items()}
    profile = {}
    for one in packed.split(","):
        field, option, number, code = one.split(":")
        key = fields.get(int(field))
        if key is not None:
            profile[key] = options.get(option, "") or _figures(number) or code
    return profile


def profile_labels(profile: dict[str, str], tree: EditionTree) -> list[tuple[str, str]]:
    """A profile in words: (field, value), in the framework's order."""
    rows = []
    for field in tree.content.profile:
        value = profile.get(field.key)
        if value:
            labels = {option.key: option.label for option in field.choices}
            number = field.type is ProfileFieldType.NUMBER
            rows.append((field.label, value if number else labels.get(value, value)))
    return rows


def _figures(number: str) -> str:
    return format(_plain(Decimal(number)), "f") if number else ""


def _plain(number: Decimal) -> Decimal:
    # The column keeps two places: 3.00 is 3 again.
    whole = number.to_integral_value()
    return whole if number == whole else number.normalize()
