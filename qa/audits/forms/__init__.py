"""Forms of audits, cases and allocation."""

from collections.abc import Iterable
from typing import Any

from wtforms.fields import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs

from qa.audits.queries.choices import Choice


def offer(field: Any, choices: Iterable[tuple[object, str]]) -> None:
    """Set what a field offers: pairs of value and words."""
    field.choices = [SelectChoice(str(value), text) for value, text in choices]


def take_any(*fields: Any) -> None:
    """Let fields take what was sent without offering anything: the command checks it against the database."""
    for field in fields:
        field.validate_choice = False


def named(choices: Iterable[Choice]) -> list[tuple[object, str]]:
    """Choices as a field takes them."""
    return [(choice.id, choice.name) for choice in choices]


def numbers(values: Iterable[str] | None) -> frozenset[int]:
    """The numbers among what was sent; anything else is left out."""
    return frozenset(int(value) for value in values or () if value.isdigit() and len(value) < 10)
