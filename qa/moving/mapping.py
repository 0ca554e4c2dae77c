"""What becomes of answers when an audit moves to another edition: every question is in exactly one class.

Pure, and the same in both directions. Keys decide: a question, a grade, a choice or a section that keeps its
key is the same, however it is worded now.
"""

import hashlib
from collections.abc import Collection, Iterator, Mapping
from enum import StrEnum
from typing import NamedTuple

from qa.accounts.sectors import Sector
from qa.frameworks.carrying import differences, same_grades
from qa.frameworks.content import (
    Condition,
    FrameworkContent,
    ProfileField,
    Question,
    Section,
    applies_to,
)
from qa.frameworks.describing import answers_in_words, condition_in_words, timescale_in_words
from qa.frameworks.vocabulary import ProfileFieldType, QuestionType


class Fate(StrEnum):
    """What becomes of the answers to a question, or of the values of a field."""

    AGAIN = "again"
    GONE = "gone"
    NEW = "new"
    KEPT = "kept"


class Part(NamedTuple):
    """One question or profile field. old, new: its words in each edition, None where it is not asked.

    section: title of the section it stands in, in the newer edition if it is there; "" for a field.
    reasons: why what was given cannot be kept. notes: what is different all the same where it is kept.
    """

    fate: Fate
    key: str
    old: str | None
    new: str | None
    section: str = ""
    graded: bool = False
    required: bool = False
    reasons: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """What it is called now, or was."""
        return self.new if self.new is not None else self.old or ""


class MovePlan(NamedTuple):
    """Everything that moving from one edition to the other means.

    sections_gone: those that the newer edition has not. judgements_kept: the panel's scale stays the same.
    """

    questions: tuple[Part, ...]
    fields: tuple[Part, ...]
    sections_gone: tuple[Section, ...]
    judgements_kept: bool

    @property
    def seen(self) -> str:
        """Twelve digits that differ when anything would become of something else."""
        said = [(part.key, part.fate.value) for part in (*self.questions, *self.fields)]
        return hashlib.blake2b(repr(said).encode(), digest_size=6).hexdigest()


class Situation(NamedTuple):
    """What the audit holds that decides. given: by question key, the keys of answers given that the newer
    edition does not offer; occupied: keys of questions that have answers in the newer edition already, from
    an earlier move; the same for fields.
    """

    given: Mapping[str, Collection[str]] = {}
    occupied: Collection[str] = ()
    field_given: Mapping[str, Collection[str]] = {}
    field_occupied: Collection[str] = ()


NOTHING_SPECIAL = Situation()


def plan(old: FrameworkContent, new: FrameworkContent, held: Situation = NOTHING_SPECIAL) -> MovePlan:
    """What becomes of everything, in the order of the newer edition, what is gone at the end."""
    kept_sections = {section.key for section in new.sections}
    return MovePlan(
        tuple(_questions(old, new, held)),
        tuple(_fields(old, new, held)),
        tuple(section for section in old.sections if section.key not in kept_sections),
        same_grades(old.scale(old.judgement_scale), new.scale(new.judgement_scale)),
    )


def _questions(old: FrameworkContent, new: FrameworkContent, held: Situation) -> Iterator[Part]:
    before = {question.key: question for question in old.questions}
    after = {question.key for question in new.questions}
    for question in new.questions:
        made = Part(
            Fate.NEW,
            question.key,
            None,
            question.text,
            new.section_of(question.key).title,
            question.type is QuestionType.GRADE,
            question.required,
        )
        earlier = before.get(question.key)
        if earlier is None:
            yield made
            continue
        reasons = _reasons(earlier, question, old, new, held)
        if reasons:
            yield made._replace(fate=Fate.AGAIN, old=earlier.text, reasons=reasons)
        else:
            notes = tuple(_notes(earlier, question, old, new))
            yield made._replace(fate=Fate.KEPT, old=earlier.text, notes=notes)
    for question in old.questions:
        if question.key not in after:
            title, graded = old.section_of(question.key).title, question.type is QuestionType.GRADE
            yield Part(Fate.GONE, question.key, question.text, None, title, graded)


def _reasons(
    old: Question, new: Question, before: FrameworkContent, after: FrameworkContent, held: Situation
) -> tuple[str, ...]:
    reasons = list(differences(old, new, before, after))
    if not reasons and held.given.get(old.key):
        labels = answers_in_words(old, before)
        named = ", ".join(f"“{labels.get(key, key)}”" for key in sorted(held.given[old.key]))
        reasons.append(f"Answers given can no longer be chosen: {named}")
    if not reasons and old.key in held.occupied:
        reasons.append("It was answered in that edition before, when the audit was moved there and back")
    return tuple(reasons)


def _notes(old: Question, new: Question, before: FrameworkContent, after: FrameworkContent) -> Iterator[str]:
    if old.text != new.text:
        yield "Reworded"
    here, there = before.section_of(old.key), after.section_of(new.key)
    if here.key != there.key:
        yield f"Moved here from “{here.title}”"
    if new.required and not old.required:
        yield "Required now"
    if (old.sectors, here.sectors) != (new.sectors, there.sectors):
        yield "Asked of others than before: where it is not asked now, an answer is kept and not counted"
    if (old.only_if, here.only_if) != (new.only_if, there.only_if):
        asked = " and ".join(
            _when(condition, after) for condition in (there.only_if, new.only_if) if condition
        )
        yield f"Asked {asked or 'always'} now: where it is not asked, an answer is kept and not counted"
    if new.max_words is not None and (old.max_words is None or new.max_words < old.max_words):
        yield f"At most {new.max_words:,} words now"
    if old.timescale != new.timescale:
        yield f"{timescale_in_words(new, after)} now" if new.timescale else "Without a timescale now"
    if (old.evidence, old.evidence_required_for) != (new.evidence, new.evidence_required_for):
        yield "Other evidence is asked for"


def _when(condition: Condition, content: FrameworkContent) -> str:
    return f"when {condition_in_words(condition, content)}"


FIELD_WORDS = {
    ProfileFieldType.SINGLE_CHOICE: "one choice",
    ProfileFieldType.YES_NO: "yes, no or not known",
    ProfileFieldType.NUMBER: "a number",
}


def _fields(old: FrameworkContent, new: FrameworkContent, held: Situation) -> Iterator[Part]:
    before = {field.key: field for field in old.profile}
    after = {field.key for field in new.profile}
    for field in new.profile:
        made = Part(Fate.NEW, field.key, None, field.label, required=field.required)
        earlier = before.get(field.key)
        if earlier is None:
            yield made
            continue
        reasons = _field_reasons(earlier, field, held)
        notes = ("Reworded",) if earlier.label != field.label and not reasons else ()
        fate = Fate.AGAIN if reasons else Fate.KEPT
        yield made._replace(fate=fate, old=earlier.label, reasons=reasons, notes=notes)
    for field in old.profile:
        if field.key not in after:
            yield Part(Fate.GONE, field.key, field.label, None)


def _field_reasons(old: ProfileField, new: ProfileField, held: Situation) -> tuple[str, ...]:
    if old.type is not new.type:
        return (f"It was answered by {FIELD_WORDS[old.type]}, and is now by {FIELD_WORDS[new.type]}",)
    if held.field_given.get(old.key):
        labels = {option.key: option.label for option in old.options}
        named = ", ".join(f"“{labels.get(key, key)}”" for key in sorted(held.field_given[old.key]))
        return (f"Answers given can no longer be chosen: {named}",)
    if old.key in held.field_occupied:
        return ("It was filled in for that edition before, when the audit was moved there and back",)
    return ()


class Lacking(NamedTuple):
    """Submitted returns that would lack an answer to a required question. certain: whatever they say;
    possible: those besides, where it depends on their other answers or the case's profile.
    """

    certain: int
    possible: int


def lacking(parts: Collection[Part], new: FrameworkContent, submitted: Mapping[Sector, int]) -> Lacking:
    """How many submitted returns would lack a required answer. submitted: how many there are by sector."""
    required = [
        (new.section_of(part.key), new.question(part.key))
        for part in parts
        if part.required and part.fate in {Fate.NEW, Fate.AGAIN}
    ]
    certain = possible = 0
    for sector, returns in submitted.items():
        asked = [
            section.only_if is None and question.only_if is None
            for section, question in required
            if applies_to(section, sector) and applies_to(question, sector)
        ]
        certain += returns if any(asked) else 0
        possible += returns if asked and not any(asked) else 0
    return Lacking(certain, possible)
