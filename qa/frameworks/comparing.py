"""What is different between two editions: every question, section, scale and profile field by its key. Pure.

A part keeps its key for ever, so one that was reworded or moved is the same part. Only what was taken out of
its order counts as moved: putting a question in does not move those below it.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Any, Generic, NamedTuple, TypeVar

from qa.frameworks.content import FrameworkContent, ProfileField, Question, Scale, Section
from qa.frameworks.facts import (
    DETAILS_FACTS,
    PROFILE_FACTS,
    QUESTION_FACTS,
    SECTION_FACTS,
    Fact,
    grades_in_words,
    scale_in_words,
    type_in_words,
)
from qa.frameworks.ordering import in_order, longest_rising

Item = TypeVar("Item", Question, Section, Scale, ProfileField)


class Change(StrEnum):
    """A kind of change. RESCALED: it is answered in another way, or on other grades."""

    ADDED = "added"
    REMOVED = "removed"
    MOVED = "moved"
    REWORDED = "reworded"
    RESCALED = "rescaled"
    OTHER = "other"

    @property
    def label(self) -> str:
        """What people read."""
        return "Changed otherwise" if self is Change.OTHER else self.value.capitalize()


class Part(StrEnum):
    """What a framework consists of."""

    DETAILS = "details"
    SCALE = "scale"
    PROFILE_FIELD = "profile_field"
    SECTION = "section"
    QUESTION = "question"

    @property
    def label(self) -> str:
        """What people read above several of them."""
        return {
            Part.DETAILS: "Details of the framework",
            Part.SCALE: "Scales",
            Part.PROFILE_FIELD: "Case profile",
            Part.SECTION: "Sections",
            Part.QUESTION: "Questions",
        }[self]


class Detail(NamedTuple):
    """One thing that is said differently now; old or new is empty where nothing is said."""

    label: str
    old: str
    new: str


class Difference(NamedTuple):
    """One part in both editions. changes: empty when it is the same. old, new: its words, None where it is
    not there; old_place, new_place: where it stands, in words.
    """

    part: Part
    key: str
    changes: tuple[Change, ...]
    old: str | None
    new: str | None
    old_place: str = ""
    new_place: str = ""
    details: tuple[Detail, ...] = ()

    @property
    def name(self) -> str:
        """What it is called now, or was."""
        return self.new if self.new is not None else self.old or ""


class Comparison(NamedTuple):
    """Every part of either edition once, in the order of the newer; what was removed, where it stood."""

    parts: tuple[Difference, ...]

    @property
    def changed(self) -> tuple[Difference, ...]:
        """The parts that are not the same."""
        return tuple(one for one in self.parts if one.changes)

    @property
    def same(self) -> bool:
        """Whether the two say the same."""
        return not self.changed

    def having(self, change: Change) -> tuple[Difference, ...]:
        """The parts of any kind with that change."""
        return tuple(one for one in self.parts if change in one.changes)

    def of(self, part: Part, change: Change | None = None) -> tuple[Difference, ...]:
        """The parts of one kind: all of them, or those with that change."""
        return tuple(
            one for one in self.parts if one.part is part and (change is None or change in one.changes)
        )

    def counts(self, part: Part = Part.QUESTION) -> Mapping[Change, int]:
        """How many parts of one kind have each change; one that was moved and reworded counts in both."""
        return {change: len(self.of(part, change)) for change in Change}

    def unchanged(self, part: Part = Part.QUESTION) -> int:
        """How many parts of one kind are the same."""
        return sum(not one.changes for one in self.of(part))


class _Placed(NamedTuple, Generic[Item]):
    """A part with where it stands. group: the key of its section, for a question."""

    item: Item
    group: str
    place: str


def compare(old: FrameworkContent, new: FrameworkContent) -> Comparison:
    """What is different in `new`. The framework's own key is left out: a copy has another one."""
    both = (old, new)
    return Comparison(
        (
            _details(old, new),
            *_parts(Part.SCALE, both, lambda one: _listed(one.scales), _compare_scales),
            *_parts(Part.PROFILE_FIELD, both, lambda one: _listed(one.profile), _compare_fields),
            *_parts(Part.SECTION, both, lambda one: _listed(one.sections), _compare_sections),
            *_parts(Part.QUESTION, both, _questions, _compare_questions),
        )
    )


def _details(old: FrameworkContent, new: FrameworkContent) -> Difference:
    changes: list[Change] = []
    if old.name != new.name:
        changes.append(Change.REWORDED)
    facts = _facts(DETAILS_FACTS, (old, old), (new, new))
    if facts:
        changes.append(Change.OTHER)
    return Difference(Part.DETAILS, "", tuple(changes), old.name, new.name, details=facts)


def _listed(items: Iterable[Item]) -> dict[str, "_Placed[Item]"]:
    return {item.key: _Placed(item, "", f"Place {place}") for place, item in enumerate(items, start=1)}


def _questions(content: FrameworkContent) -> dict[str, _Placed[Question]]:
    return {
        question.key: _Placed(question, section.key, f"{section.title}, question {place}")
        for section in content.sections
        for place, question in enumerate(section.questions, start=1)
    }


Found = tuple[list[Change], tuple[Detail, ...]]
Both = tuple[FrameworkContent, FrameworkContent]


def _parts(
    part: Part,
    contents: Both,
    listed: Callable[[FrameworkContent], dict[str, _Placed[Item]]],
    compared: Callable[[Item, Item, Both], Found],
) -> list[Difference]:
    old, new = listed(contents[0]), listed(contents[1])
    moved = _moved(old, new)
    made: list[Difference] = []
    for key in in_order(tuple(old), tuple(new)):
        before, after = old.get(key), new.get(key)
        changes: list[Change] = []
        details: tuple[Detail, ...] = ()
        if before is None or after is None:
            changes = [Change.ADDED if before is None else Change.REMOVED]
        else:
            changes, details = compared(before.item, after.item, contents)
            if key in moved:
                changes = [Change.MOVED, *changes]
        made.append(
            Difference(
                part,
                key,
                tuple(changes),
                _words(before.item) if before else None,
                _words(after.item) if after else None,
                before.place if before else "",
                after.place if after else "",
                details,
            )
        )
    return made


def _words(item: Question | Section | Scale | ProfileField) -> str:
    match item:
        case Question():
            return item.text
        case Section():
            return item.title
        case ProfileField():
            return item.label
        case Scale():
            return item.name


def _moved(old: Mapping[str, _Placed[Item]], new: Mapping[str, _Placed[Item]]) -> frozenset[str]:
    """What is in another section now, or out of its order among those that stayed in theirs."""
    both = [key for key in new if key in old]
    elsewhere = {key for key in both if old[key].group != new[key].group}
    stayed: dict[str, list[str]] = {}
    for key in both:
        if key not in elsewhere:
            stayed.setdefault(new[key].group, []).append(key)
    place = {key: number for number, key in enumerate(old)}
    for keys in stayed.values():
        kept = longest_rising([place[key] for key in keys])
        elsewhere |= {key for key in keys if place[key] not in kept}
    return frozenset(elsewhere)


def _facts(facts: Sequence[Fact[Any]], old: tuple[Any, Any], new: tuple[Any, Any]) -> tuple[Detail, ...]:
    """What is said differently, in words. old, new: the part with the framework it stands in."""
    return tuple(
        _detail(fact.label, fact.words(*old), fact.words(*new))
        for fact in facts
        if any(getattr(old[0], name) != getattr(new[0], name) for name in fact.fields)
    )


def _detail(label: str, old: str, new: str) -> Detail:
    return Detail(label, old, new if old != new else f"{new} (in the same words, under another key)")


def _compare_questions(old: Question, new: Question, contents: Both) -> Found:
    changes: list[Change] = []
    details: list[Detail] = []
    if old.text != new.text:
        changes.append(Change.REWORDED)
    if old.type != new.type:
        details.append(_detail("Answered by", type_in_words(old), type_in_words(new)))
    if old.scale != new.scale or _grades(old, contents[0]) != _grades(new, contents[1]):
        details.append(_detail("Scale", scale_in_words(old, contents[0]), scale_in_words(new, contents[1])))
    if details:
        changes.append(Change.RESCALED)
    others = _facts(QUESTION_FACTS, (old, contents[0]), (new, contents[1]))
    if others:
        changes.append(Change.OTHER)
    return changes, (*details, *others)


def _grades(question: Question, content: FrameworkContent) -> tuple[object, ...]:
    """What answers on its scale mean: colours and descriptors of the scale are only its looks."""
    return _meaning(content.scale(question.scale)) if question.scale else ()


def _meaning(scale: Scale) -> tuple[object, ...]:
    return (
        scale.not_applicable,
        *((grade.key, grade.label, grade.score, grade.meets_standard) for grade in scale.grades),
    )


def _compare_scales(old: Scale, new: Scale, _contents: Both) -> Found:
    changes: list[Change] = []
    details: list[Detail] = []
    if old.name != new.name:
        changes.append(Change.REWORDED)
    if _meaning(old) != _meaning(new):
        changes.append(Change.RESCALED)
        details.append(_detail("Grades", grades_in_words(old), grades_in_words(new)))
    others = _looks(old, new)
    if others:
        changes.append(Change.OTHER)
    return changes, (*details, *others)


def _looks(old: Scale, new: Scale) -> tuple[Detail, ...]:
    """The colours and descriptors of grades that are in both."""
    before = {grade.key: grade for grade in old.grades}
    both = [(before[grade.key], grade) for grade in new.grades if grade.key in before]
    return tuple(
        [
            Detail(f"Colour of “{now.label}”", was.colour.label, now.colour.label)
            for was, now in both
            if was.colour != now.colour
        ]
        + [
            Detail(f"What “{now.label}” looks like", was.descriptor, now.descriptor)
            for was, now in both
            if was.descriptor != now.descriptor
        ]
    )


def _compare_fields(old: ProfileField, new: ProfileField, contents: Both) -> Found:
    changes = [Change.REWORDED] if old.label != new.label else []
    details = _facts(PROFILE_FACTS, (old, contents[0]), (new, contents[1]))
    if old.type != new.type:
        changes.append(Change.RESCALED)
        details = (Detail("Answered by", old.type.label, new.type.label), *details)
    if len(details) > (old.type != new.type):
        changes.append(Change.OTHER)
    return changes, details


def _compare_sections(old: Section, new: Section, contents: Both) -> Found:
    changes = [Change.REWORDED] if old.title != new.title else []
    details = _facts(SECTION_FACTS, (old, contents[0]), (new, contents[1]))
    if details:
        changes.append(Change.OTHER)
    return changes, details
