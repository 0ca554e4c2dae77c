"""What a part of a framework says besides its own words, each fact as a reader would put it.

Comparing two editions shows these side by side. What a fact names and is not there (a draft may hold that)
goes by its key.
"""

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Generic, NamedTuple, TypeVar

from qa.accounts.sectors import Sector
from qa.frameworks.content import (
    Condition,
    FrameworkContent,
    Option,
    ProfileField,
    Question,
    Scale,
    Section,
)
from qa.frameworks.describing import answers_in_words, condition_in_words, timescale_in_words
from qa.frameworks.types import type_of

Of = TypeVar("Of")


class Fact(NamedTuple, Generic[Of]):
    """One fact. fields: the members of the part that it speaks of; words: it in words, empty for nothing."""

    label: str
    fields: tuple[str, ...]
    words: Callable[[Of, FrameworkContent], str]


def _scale(key: str, content: FrameworkContent) -> Scale | None:
    return next((scale for scale in content.scales if scale.key == key), None)


def type_in_words(question: Question) -> str:
    """How it is answered: "Number"."""
    return type_of(question).label


def scale_in_words(question: Question, content: FrameworkContent) -> str:
    """The scale it is graded on, with its grades; empty without one."""
    if question.scale is None:
        return ""
    scale = _scale(question.scale, content)
    return f"{scale.name}: {grades_in_words(scale)}" if scale else question.scale


def grades_in_words(scale: Scale) -> str:
    """A scale's grades with their scores, and which meet the standard."""
    grades = [
        f"{grade.label} ({grade.score}{', meets the standard' if grade.meets_standard else ''})"
        for grade in scale.grades
    ]
    return "; ".join([*grades, *(["Not applicable"] if scale.not_applicable else [])])


def _descriptors(question: Question, content: FrameworkContent) -> str:
    labels = answers_in_words(question, content)
    return "\n".join(
        f"{labels.get(entry.grade, entry.grade)}: {entry.text}" for entry in question.descriptors
    )


def _options(options: Iterable[Option]) -> str:
    return "; ".join(option.label for option in options)


def _evidence(question: Question, content: FrameworkContent) -> str:
    if question.evidence_required_for:
        labels = answers_in_words(question, content)
        named = ", ".join(f"“{labels.get(key, key)}”" for key in question.evidence_required_for)
        return f"Required for {named}; otherwise {question.evidence.label.lower()}"
    return question.evidence.label


def _bounds(question: Question, _content: FrameworkContent) -> str:
    said = [
        f"at least {_number(question.min)}" if question.min is not None else "",
        f"at most {_number(question.max)}" if question.max is not None else "",
        f"{question.decimals} decimal places" if question.decimals else "",
        f"in {question.unit}" if question.unit else "",
    ]
    return ", ".join(part for part in said if part)


def _number(value: Decimal) -> str:
    return format(value, "f")


def _words_limit(question: Question, _content: FrameworkContent) -> str:
    return f"At most {question.max_words:,}" if question.max_words is not None else ""


def _sectors(sectors: Iterable[Sector]) -> str:
    return ", ".join(sector.label for sector in sectors) or "Everybody"


def _condition(condition: Condition | None, content: FrameworkContent) -> str:
    return f"When {condition_in_words(condition, content)}" if condition else "Always"


def _themes(question: Question, _content: FrameworkContent) -> str:
    return ", ".join(key.replace("_", " ") for key in question.themes)


QUESTION_FACTS: tuple[Fact[Question], ...] = (
    Fact("Guidance", ("guidance",), lambda one, _content: one.guidance),
    Fact("What each grade looks like", ("descriptors",), _descriptors),
    Fact("Answers to choose from", ("options",), lambda one, _content: _options(one.options)),
    Fact("Bounds", ("unit", "min", "max", "decimals"), _bounds),
    Fact("Words", ("max_words",), _words_limit),
    Fact("Timescale", ("timescale",), timescale_in_words),
    Fact("Answer", ("required",), lambda one, _content: "Required" if one.required else "Optional"),
    Fact("Evidence", ("evidence", "evidence_required_for"), _evidence),
    Fact("Asked of", ("sectors",), lambda one, _content: _sectors(one.sectors)),
    Fact("Asked", ("only_if",), lambda one, content: _condition(one.only_if, content)),
    Fact("Themes of its findings", ("themes",), _themes),
    Fact("Weight", ("weight",), lambda one, _content: str(one.weight)),
    Fact("What it does for its section", ("role",), lambda one, _content: one.role.label if one.role else ""),
)

SECTION_FACTS: tuple[Fact[Section], ...] = (
    Fact("Guidance", ("guidance",), lambda one, _content: one.guidance),
    Fact("Asked of", ("sectors",), lambda one, _content: _sectors(one.sectors)),
    Fact("Asked", ("only_if",), lambda one, content: _condition(one.only_if, content)),
    Fact("Weight", ("weight",), lambda one, _content: str(one.weight)),
)

PROFILE_FACTS: tuple[Fact[ProfileField], ...] = (
    Fact("Entered", ("required",), lambda one, _content: "Always" if one.required else "Where known"),
    Fact("Answers to choose from", ("options",), lambda one, _content: _options(one.options)),
    Fact(
        "Says which pathway a case is on",
        ("pathway",),
        lambda one, _content: "Yes" if one.pathway else "No",
    ),
)


def _judgement_scale(content: FrameworkContent, _same: FrameworkContent) -> str:
    scale = _scale(content.judgement_scale, content)
    return scale.name if scale else content.judgement_scale


DETAILS_FACTS: tuple[Fact[FrameworkContent], ...] = (
    Fact("Summary", ("summary",), lambda one, _content: one.summary),
    Fact("Kind", ("kind",), lambda one, _content: one.kind.label),
    Fact("Method", ("method",), lambda one, _content: one.method.label),
    Fact("Scale of the panel’s judgements", ("judgement_scale",), _judgement_scale),
    Fact("What it rests on", ("sources",), lambda one, _content: "\n".join(one.sources)),
)
