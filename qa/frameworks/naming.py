"""The words by which people know the parts of a framework, in messages for those who see no key.

Somebody who fills in a form or a workbook knows a question by its text and a grade by its label.
"""

from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import Any

from qa.accounts.sectors import Sector
from qa.frameworks.content import NOT_APPLICABLE, YES_NO_SCALE
from qa.frameworks.file_problems import quoted
from qa.frameworks.source import Path
from qa.frameworks.types import QUESTION_TYPES
from qa.frameworks.vocabulary import (
    Colour,
    EvidenceRule,
    FrameworkKind,
    Method,
    ProfileFieldType,
    QuestionRole,
    QuestionType,
)

MOST_LISTED = 12

# List of parts: what one of them is called, and where its own words stand.
_PARTS = {
    "sections": ("section", "title"),
    "questions": ("question", "text"),
    "scales": ("scale", "name"),
    "grades": ("grade", "label"),
    "options": ("answer", "label"),
    "profile": ("case profile field", "label"),
}
_FIELDS = {
    "judgement_scale": "scale that the panel grades on",
    "profile": "case profile fields",
    "options": "answers to choose from",
    "meets_standard": "“meets the standard”",
    "not_applicable": "“Not applicable”",
    "only_if": "condition",
    "all": "conditions",
    "any": "conditions",
    "question": "question that the condition looks at",
    "is": "answers of the condition",
    "is_not": "answers of the condition",
    "text": "words",
    "type": "type",
    "min": "smallest number",
    "max": "largest number",
    "decimals": "number of decimal places",
    "max_words": "limit of words",
    "timescale": "timescale",
    "from": "date that it is counted from",
    "days": "number of days",
    "required": "“must be answered”",
    "evidence": "rule on evidence",
    "evidence_required_for": "answers that need evidence",
    "pathway": "mark for the pathway",
}
_TODO = {
    "key": "Give it a key of its own.",
    "name": "Give it a name.",
    "summary": "Say in a sentence or two what it looks at and when to use it.",
    "kind": "Choose whether it is used on cases or by an agency on itself.",
    "method": "Choose whether one agency answers or several do.",
    "judgement_scale": "Choose the scale on which the panel grades.",
    "scales": "Add a scale.",
    "sections": "Add a section.",
    "questions": "Add a question to it.",
    "grades": "Add its grades, the best first.",
    "title": "Give it a title.",
    "text": "Write the question.",
    "type": "Choose how it is answered.",
    "scale": "Choose the scale that it is graded on.",
    "options": "Add at least two answers to choose from.",
    "label": "Give it a label.",
    "score": "Give it a score: the better the grade, the higher.",
    "colour": "Choose a colour.",
    "meets_standard": "Choose whether it is at or above the standard.",
    "descriptor": "Say what practice of that grade looks like.",
    "descriptors": "Describe every grade of the scale, or none.",
    "only_if": "Choose what the condition looks at and at least one answer, or remove it.",
    "timescale": "Say how many days, of which kind, and from which date, or take it out.",
    "from": "Choose the earlier date that it is counted from.",
    "days": "Say how many days there may be.",
}


def field_words(name: str) -> str:
    """What a form calls a field, for the middle of a sentence."""
    return _FIELDS.get(name) or name.replace("_", " ")


def what_to_do(name: str) -> str:
    """The remedy for a field that is missing or empty."""
    return _TODO.get(name) or f"Fill in the {field_words(name)}, or take that out."


def part_words(path: Path, data: Any) -> str:
    """The innermost part that a path leads to, by its own words: the question “Was consent sought?”."""
    said = "the framework"
    for step, index in pairwise(path):
        data = data[step]
        if step in _PARTS and isinstance(index, int):
            noun, name = _PARTS[str(step)]
            part = data[index]
            words = part.get(name) if isinstance(part, Mapping) else None
            has_words = isinstance(words, str) and words.strip()
            said = f"the {noun} {quoted(words)}" if has_words else f"{noun} {index + 1} of {said}"
    return said


def named(noun: str, document: Mapping[str, Any], name: str) -> str:
    """A part by its own words, else by those of its key."""
    return f"the {noun} {own_words(document, name)}"


def section_words(document: Mapping[str, Any]) -> str:
    """The section “Front door”."""
    return named("section", document, "title")


def question_words(document: Mapping[str, Any]) -> str:
    """The question “Was consent sought?”."""
    return named("question", document, "text")


def field_of_profile(document: Mapping[str, Any]) -> str:
    """The case profile field “Pathway”."""
    return named("case profile field", document, "label")


def own_words(document: Mapping[str, Any], name: str) -> str:
    """The part's words in quotation marks; those of its key when it has none."""
    return quoted(document.get(name) or key_words(str(document.get("key") or "")))


def key_words(key: str) -> str:
    """A key as words, for a part that has no others or is not there any more: “child protection”."""
    return key.replace("_", " ")


def type_words(kind: str, *, of_profile: bool = False) -> str:
    """The label of a type of question, or of a field of the case profile."""
    if kind in set(QuestionType) and not of_profile:
        return QUESTION_TYPES[QuestionType(kind)].label
    return ProfileFieldType(kind).label if kind in set(ProfileFieldType) else kind


def sector_words(keys: Iterable[str]) -> str:
    """The sectors by name, in the order in which they are always listed."""
    found = set(keys)
    return "; ".join(sector.label for sector in Sector if sector.value in found)


def value_words(name: str, value: str, *, of_profile: bool = False) -> str:
    """The label of a value from a closed list of that field; the value itself when it is not on the list."""
    if name == "type":
        return type_words(value, of_profile=of_profile)
    lists: Mapping[str, Any] = {
        "sectors": Sector,
        "kind": FrameworkKind,
        "method": Method,
        "colour": Colour,
        "evidence": EvidenceRule,
        "role": QuestionRole,
    }
    listed = lists.get(name)
    return str(listed(value).label) if listed is not None and value in set(listed) else value


def answer_labels(document: Mapping[str, Any], scale: Mapping[str, Any] | None) -> dict[str, str]:
    """The labels of a question's or profile field's answers by key, as far as they are there."""
    listed = [*(document.get("options") or ()), *((scale or {}).get("grades") or ())]
    labels = {"yes": "Yes", "no": "No", "not_known": "Not known", NOT_APPLICABLE: "Not applicable"}
    labels |= {grade.key: grade.label for grade in YES_NO_SCALE.grades}
    for entry in listed:
        if isinstance(entry, Mapping) and isinstance(entry.get("key"), str):
            labels[entry["key"]] = str(entry.get("label") or entry["key"])
    return labels


def choose(words: Iterable[str]) -> str:
    """The remedy for a choice that is not there."""
    listed = list(words)
    if not listed:
        return "There are none to choose from yet: add one, or remove this."
    more = " and others" if len(listed) > MOST_LISTED else ""
    return f"Choose among: {'; '.join(listed[:MOST_LISTED])}{more}."


def sentence(words: str) -> str:
    """With a capital at the beginning."""
    return words[:1].upper() + words[1:]
