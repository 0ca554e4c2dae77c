"""What a framework contains: frozen values with no database, no web page and no file behind them.

Every word a user reads in a framework is here, in the order in which it is asked. Two contents that say
the same thing are equal, so an edition can be compared with its file.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from qa.accounts.sectors import Sector
from qa.frameworks.vocabulary import (
    Colour,
    Combine,
    DayKind,
    EvidenceRule,
    FrameworkKind,
    Method,
    ProfileFieldType,
    QuestionRole,
    QuestionType,
    Subject,
)

NOT_APPLICABLE = "not_applicable"


class Option(NamedTuple):
    """One answer to choose: a key that stays the same for ever and the words people read."""

    key: str
    label: str


class Grade(NamedTuple):
    """One grade. score: the better, the higher. meets_standard: it counts as at or above the standard."""

    key: str
    label: str
    score: int
    colour: Colour
    meets_standard: bool
    descriptor: str


class Scale(NamedTuple):
    """Grades, best first. not_applicable: whether "Not applicable" may be answered instead of a grade."""

    key: str
    name: str
    grades: tuple[Grade, ...]
    not_applicable: bool = True

    def grade(self, key: str) -> Grade:
        """The grade with that key. Raises KeyError when the scale has none."""
        for grade in self.grades:
            if grade.key == key:
                return grade
        raise KeyError(key)


YES_NO_SCALE = Scale(
    "yes_no",
    "Yes, partly or no",
    (
        Grade("yes", "Yes", 3, Colour.GREEN, True, "It was done."),
        Grade("partly", "Partly", 2, Colour.YELLOW, False, "Some of it was done, or it was done late."),
        Grade("no", "No", 1, Colour.RED, False, "It was not done."),
    ),
)
"""The answers to a yes/no question as a scale, so that they are counted by the same rules as grades."""

PROFILE_YES_NO = (Option("yes", "Yes"), Option("no", "No"), Option("not_known", "Not known"))


class ProfileField(NamedTuple):
    """One fact about a case that identifies nobody. options: only for a single choice.

    pathway: this field says which pathway (early help, child protection...) the case is on.
    """

    key: str
    label: str
    type: ProfileFieldType
    required: bool = False
    pathway: bool = False
    options: tuple[Option, ...] = ()

    @property
    def choices(self) -> tuple[Option, ...]:
        """The answers to choose from; empty for a number."""
        return PROFILE_YES_NO if self.type is ProfileFieldType.YES_NO else self.options


class Clause(NamedTuple):
    """One look at an answer or a profile field: is it (negated: is it none of) one of `values`?"""

    subject: Subject
    key: str
    values: tuple[str, ...]
    negated: bool = False


class Condition(NamedTuple):
    """When a section or question is asked: all or any of its clauses hold. One clause is always ALL."""

    clauses: tuple[Clause, ...]
    combine: Combine = Combine.ALL


class Descriptor(NamedTuple):
    """What one grade looks like for one question."""

    grade: str
    text: str


class Timescale(NamedTuple):
    """How long after another date a date may be. start: key of an earlier date question; its day is day 0."""

    start: str
    days: int
    kind: DayKind

    @property
    def limit(self) -> str:
        """The limit in words: 15 working days."""
        return days_in_words(self.days, self.kind)


def days_in_words(days: int, kind: DayKind) -> str:
    """A number of days of one kind: 1 working day, 10 calendar days."""
    return f"{days:,} {kind.label if days != 1 else kind.label.removesuffix('s')}"


class Question(NamedTuple):
    """One question. Its key stays the same in every edition, so that years compare.

    scale: key of the scale, for a grade only. evidence: the rule for every answer but those in
    evidence_required_for, which need evidence. sectors: who is asked (empty: every sector that answers
    the section). min, max: bounds of a number; decimals: decimal places it may have. max_words: limit of
    a long text. timescale: of a date. themes: keys of themes its findings are likely to belong to. weight:
    how many times it counts where answers are put together.
    """

    key: str
    text: str
    type: QuestionType
    evidence: EvidenceRule
    guidance: str = ""
    scale: str | None = None
    descriptors: tuple[Descriptor, ...] = ()
    options: tuple[Option, ...] = ()
    unit: str = ""
    min: Decimal | None = None
    max: Decimal | None = None
    decimals: int = 0
    max_words: int | None = None
    timescale: Timescale | None = None
    required: bool = True
    evidence_required_for: tuple[str, ...] = ()
    sectors: tuple[Sector, ...] = ()
    only_if: Condition | None = None
    themes: tuple[str, ...] = ()
    weight: int = 1
    role: QuestionRole | None = None

    def descriptor(self, grade: str) -> str | None:
        """What that grade looks like for this question; None when the scale's own words serve."""
        return next((entry.text for entry in self.descriptors if entry.grade == grade), None)


class Section(NamedTuple):
    """Questions answered on one page. sectors: who is asked (empty: every sector).

    weight: how many times it counts where sections are put together.
    """

    key: str
    title: str
    questions: tuple[Question, ...]
    guidance: str = ""
    sectors: tuple[Sector, ...] = ()
    only_if: Condition | None = None
    weight: int = 1

    @property
    def grade_question(self) -> Question | None:
        """The question that grades the section as a whole."""
        return self._with_role(QuestionRole.SECTION_GRADE)

    @property
    def impact_question(self) -> Question | None:
        """The question about the difference made to the child."""
        return self._with_role(QuestionRole.IMPACT)

    def _with_role(self, role: QuestionRole) -> Question | None:
        return next((question for question in self.questions if question.role is role), None)


class Theme(NamedTuple):
    """What findings are coded to."""

    key: str
    name: str
    description: str


class _Index(NamedTuple):
    """Where things are, so that looking one up does not walk the framework."""

    in_order: tuple[Question, ...]
    questions: Mapping[str, Question]
    sections_of: Mapping[str, Section]
    scales: Mapping[str, Scale]


@dataclass(frozen=True, slots=True)
class FrameworkContent:
    """A whole framework. judgement_scale: key of the scale the panel grades sections and cases on."""

    key: str
    name: str
    summary: str
    kind: FrameworkKind
    method: Method
    judgement_scale: str
    scales: tuple[Scale, ...]
    sections: tuple[Section, ...]
    profile: tuple[ProfileField, ...] = ()
    sources: tuple[str, ...] = ()
    _index: _Index = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        questions = tuple(question for section in self.sections for question in section.questions)
        index = _Index(
            questions,
            {question.key: question for question in questions},
            {question.key: section for section in self.sections for question in section.questions},
            {scale.key: scale for scale in self.scales},
        )
        object.__setattr__(self, "_index", index)

    @property
    def questions(self) -> tuple[Question, ...]:
        """Every question, in order."""
        return self._index.in_order

    @property
    def pathway(self) -> ProfileField | None:
        """The profile field that says which pathway a case is on."""
        return next((entry for entry in self.profile if entry.pathway), None)

    def question(self, key: str) -> Question:
        """The question with that key. Raises KeyError when there is none."""
        return self._index.questions[key]

    def section(self, key: str) -> Section:
        """The section with that key. Raises KeyError when there is none."""
        for section in self.sections:
            if section.key == key:
                return section
        raise KeyError(key)

    def section_of(self, question_key: str) -> Section:
        """The section that holds the question with that key. Raises KeyError when there is none."""
        return self._index.sections_of[question_key]

    def scale(self, key: str) -> Scale:
        """The scale with that key. Raises KeyError when there is none."""
        return self._index.scales[key]

    def profile_field(self, key: str) -> ProfileField:
        """The profile field with that key. Raises KeyError when there is none."""
        for entry in self.profile:
            if entry.key == key:
                return entry
        raise KeyError(key)


def applies_to(item: Section | Question, sector: Sector | None) -> bool:
    """Whether that sector is asked the section or question; None stands for everybody (the panel's view).

    A question looks only at itself: whether its section is asked is the section's own matter.
    """
    return sector is None or not item.sectors or sector in item.sectors
