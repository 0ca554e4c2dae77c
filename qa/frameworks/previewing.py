"""A framework as the auditors of a sector see it, to be tried out: what is typed travels in the form alone.

Names in the form: as in a return for answers (q-<key>) and evidence (e-<key>); p-<key> for a field of the
case profile; `sector`; `section`, the open one; `shown`, the keys of its questions that were to be seen.
The form holds every section, all but the open one hidden, so that nothing typed is lost.
"""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

from qa.accounts.sectors import Sector
from qa.frameworks.answers import (
    AnswerError,
    AnswerValue,
    FormData,
    RawAnswer,
    date_names,
    evidence_name,
    raw_answer,
    value_name,
)
from qa.frameworks.conditions import Visible, asked_of, visible
from qa.frameworks.content import Condition, FrameworkContent, Option, Question, Section, applies_to
from qa.frameworks.timeliness import counted_words
from qa.frameworks.types import type_of
from qa.frameworks.types.evidence import evidence_view, parse_evidence
from qa.frameworks.types.views import TextAreaView, View
from qa.frameworks.vocabulary import Combine, EvidenceRule, Subject


class TypedAnswer(NamedTuple):
    """One question of the form. value counts only where there is no error."""

    raw: RawAnswer
    value: AnswerValue | None
    evidence: str
    errors: tuple[AnswerError, ...]


class Typed(NamedTuple):
    """What a form says. carried: names and values of answers that belong to no question of that sector."""

    sector: Sector | None
    profile: Mapping[str, str]
    answers: Mapping[str, TypedAnswer]
    section: str
    shown: frozenset[str]
    carried: tuple[tuple[str, str], ...]

    @property
    def values(self) -> dict[str, AnswerValue | None]:
        """The answers by question."""
        return {key: one.value for key, one in self.answers.items()}


class Block(NamedTuple):
    """One question. condition: for the script; shown: it is asked as things stand.

    counted: what stands beside a date with a timescale, None for any other question.
    """

    key: str
    field: View
    evidence: TextAreaView | None
    condition: str | None
    shown: bool
    counted: str | None = None


class PreviewSection(NamedTuple):
    """One section. asked: whether it is as things stand; place: its number among those that are."""

    section: Section
    condition: str | None
    asked: bool
    open: bool
    place: int
    blocks: tuple[Block, ...]


class ProfileChoice(NamedTuple):
    """A field of the case profile on which something depends."""

    name: str
    label: str
    options: tuple[Option, ...]
    chosen: str


class Preview(NamedTuple):
    """The page. problems: (message, address of the field); new: questions that an answer brought up.

    missing: what would still keep the return from being submitted, by section; None when that was not asked.
    """

    content: FrameworkContent
    sector: Sector | None
    profile: tuple[ProfileChoice, ...]
    sections: tuple[PreviewSection, ...]
    carried: tuple[tuple[str, str], ...]
    problems: tuple[tuple[str, str], ...] = ()
    new: tuple[Block, ...] = ()
    missing: tuple[tuple[Section, tuple[str, ...]], ...] | None = None

    @property
    def open(self) -> PreviewSection | None:
        """The section that is to be seen."""
        return next((one for one in self.sections if one.open), None)

    @property
    def asked(self) -> int:
        """How many sections are asked as things stand."""
        return sum(one.asked for one in self.sections)

    @property
    def shown(self) -> str:
        """The questions that are to be seen, for the form to say so when it comes back."""
        blocks = self.open.blocks if self.open else ()
        return " ".join(block.key for block in blocks if block.shown)

    @property
    def is_last(self) -> bool:
        """Whether no section that is asked comes after the open one."""
        return self.open is None or self.open.place >= self.asked


def profile_name(key: str) -> str:
    """Name and id of the list of a case profile field's answers."""
    return f"p-{key}"


def read_typed(form: FormData, content: FrameworkContent) -> Typed:
    """What a form, or the part of an address after the question mark, says."""
    named = _first(form, "sector")
    sector = Sector(named) if named in set(Sector) else None
    profile = {
        entry.key: chosen
        for entry in content.profile
        if (chosen := _first(form, profile_name(entry.key))) in {option.key for option in entry.choices}
    }
    asked = asked_of(content, sector)
    here = {question.key for question in asked}
    return Typed(
        sector,
        profile,
        {question.key: _answer(form, content, question) for question in asked},
        _first(form, "section"),
        frozenset(_first(form, "shown").split()),
        tuple(pair for one in content.questions if one.key not in here for pair in _sent(form, one.key)),
    )


def _first(form: FormData, name: str) -> str:
    return next(iter(form.getlist(name)), "")


def _sent(form: FormData, key: str) -> Iterator[tuple[str, str]]:
    for name in (value_name(key), *date_names(key), evidence_name(key)):
        for value in form.getlist(name):
            if value:
                yield name, value


def _answer(form: FormData, content: FrameworkContent, question: Question) -> TypedAnswer:
    raw, evidence = raw_answer(question.key, form), _first(form, evidence_name(question.key))
    value, errors = None, []
    try:
        value = type_of(question).parse(question, content, raw)
    except AnswerError as error:
        errors.append(error)
    if question.evidence is not EvidenceRule.NONE:
        try:
            parse_evidence(question, evidence)
        except AnswerError as error:
            errors.append(error)
    return TypedAnswer(raw, value, evidence, tuple(errors))


def previewed(content: FrameworkContent, typed: Typed, do: str = "") -> Preview:
    """The page as it comes after a button was pressed.

    do: "" for a fresh page, show, continue, check, or go-<section key>.
    """
    seen = visible(content, typed.sector, typed.profile, typed.values)
    order = [section for section in content.sections if section.key in seen.sections]
    sent = do in {"show", "continue", "check"}
    problems = tuple(_problems(content, typed, seen)) if sent else ()
    at = _section(content, typed.section, order)
    new = _appeared(at, seen, typed)
    stays = bool(problems) or (do == "continue" and bool(new))
    if do.startswith("go-"):
        at = _section(content, do.removeprefix("go-"), order)
    elif do == "continue" and at and not stays:
        at = next((one for one in order if content.sections.index(one) > content.sections.index(at)), at)
    made = _Making(content, typed, seen, at, with_errors=sent)
    page = made.page()
    return page._replace(
        problems=problems,
        new=tuple(block for block in page.open.blocks if block.key in new) if sent and page.open else (),
        missing=tuple(_missing(content, typed, seen)) if do == "check" and not problems else None,
    )


def _appeared(at: Section | None, seen: Visible, typed: Typed) -> frozenset[str]:
    """The questions of the open section that are asked and were not to be seen in the form."""
    if at is None or at.key != typed.section:
        return frozenset()
    return seen.questions & {question.key for question in at.questions} - typed.shown


def _section(content: FrameworkContent, key: str, order: Sequence[Section]) -> Section | None:
    """The section with that key, or where it is not there or not asked the first that is."""
    found = next((section for section in content.sections if section.key == key), None)
    if found is not None and (found in order or not order):
        return found
    return order[0] if order else next(iter(content.sections), None)


def _problems(content: FrameworkContent, typed: Typed, seen: Visible) -> Iterator[tuple[str, str]]:
    """What is malformed in the open section: the others are told of when they are open."""
    for question in content.questions:
        if content.section_of(question.key).key == typed.section and question.key in seen.questions:
            for error in typed.answers[question.key].errors:
                yield error.summary, f"#{error.field}"


def _missing(
    content: FrameworkContent, typed: Typed, seen: Visible
) -> Iterator[tuple[Section, tuple[str, ...]]]:
    for section in content.sections:
        said = tuple(
            error.summary
            for question in section.questions
            if question.key in seen.questions
            for error in _incomplete(question, content, typed.answers[question.key])
        )
        if said:
            yield section, said


def _incomplete(question: Question, content: FrameworkContent, one: TypedAnswer) -> Sequence[AnswerError]:
    return one.errors or type_of(question).check_complete(question, content, one.value, one.evidence)


class _Making:
    """Makes the page out of a framework and what was typed."""

    def __init__(
        self,
        content: FrameworkContent,
        typed: Typed,
        seen: Visible,
        at: Section | None,
        *,
        with_errors: bool,
    ) -> None:
        self.content = content
        self.typed = typed
        self.seen = seen
        self.at = at
        self.with_errors = with_errors

    def page(self) -> Preview:
        """The page, without what the pressed button asks for."""
        place = 0
        sections = []
        for section in self.content.sections:
            if applies_to(section, self.typed.sector):
                asked = section.key in self.seen.sections
                place += asked
                sections.append(self._section(section, asked, place))
        return Preview(
            self.content,
            self.typed.sector,
            tuple(self._profile()),
            tuple(sections),
            self.typed.carried,
        )

    def _profile(self) -> Iterator[ProfileChoice]:
        used = profile_used(self.content)
        for entry in self.content.profile:
            if entry.key in used:
                chosen = self.typed.profile.get(entry.key, "")
                yield ProfileChoice(profile_name(entry.key), entry.label, entry.choices, chosen)

    def _section(self, section: Section, asked: bool, place: int) -> PreviewSection:
        is_open = section is self.at
        blocks = tuple(
            self._block(question, is_open)
            for question in section.questions
            if applies_to(question, self.typed.sector)
        )
        condition = self._condition(section.only_if)
        return PreviewSection(section, condition, asked, is_open, place, blocks)

    def _block(self, question: Question, is_open: bool) -> Block:
        content, one = self.content, self.typed.answers[question.key]
        errors = one.errors if self.with_errors and is_open else ()
        own = next((error for error in errors if error.field != evidence_name(question.key)), None)
        other = next((error for error in errors if error.field == evidence_name(question.key)), None)
        return Block(
            question.key,
            type_of(question).view(question, content, one.raw, own),
            evidence_view(question, content, one.evidence, other),
            self._condition(question.only_if),
            question.key in self.seen.questions,
            counted_words([question], content, self.typed.values, self.seen.questions).get(question.key)
            if question.timescale
            else None,
        )

    def _condition(self, condition: Condition | None) -> str | None:
        """For the script: names of fields of the form, the answers, and whether it is none of them."""
        if condition is None:
            return None
        clauses = [
            [
                profile_name(clause.key) if clause.subject is Subject.PROFILE else value_name(clause.key),
                list(clause.values),
                clause.negated,
            ]
            for clause in condition.clauses
        ]
        return json.dumps({"any": condition.combine is Combine.ANY, "clauses": clauses})


def profile_used(content: FrameworkContent) -> Collection[str]:
    """The keys of the profile fields that a condition looks at, and of the pathway."""
    pathway = {content.pathway.key} if content.pathway else set()
    conditions = [section.only_if for section in content.sections]
    conditions += [question.only_if for question in content.questions]
    return pathway | {
        clause.key
        for condition in conditions
        if condition is not None
        for clause in condition.clauses
        if clause.subject is Subject.PROFILE
    }
