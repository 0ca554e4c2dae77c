"""Hypothesis strategies of two editions of one framework: the same keys, asked alike or otherwise."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import strategies as st

from qa.accounts.sectors import Sector
from qa.frameworks.content import FrameworkContent, Grade, Option, ProfileField, Question, Scale, Section
from qa.frameworks.vocabulary import (
    Colour,
    EvidenceRule,
    FrameworkKind,
    Method,
    ProfileFieldType,
    QuestionType,
)

QUESTION_KEYS = [f"q{number}" for number in range(8)]
OPTION_KEYS = ["a", "b", "c", "d"]
SCALE_KEYS = ["three", "four", "other"]
FIELD_KEYS = ["pathway", "age", "plan"]
SECTION_KEYS = ["first", "second", "third"]
GRADES = {"three": ["good", "fair", "poor"], "four": ["best", "good", "fair", "poor"]}


def _scale(key: str, grades: list[str], not_applicable: bool) -> Scale:
    made = [
        Grade(name, name.title(), len(grades) - place, Colour.GREY, place < len(grades) // 2, "")
        for place, name in enumerate(grades)
    ]
    return Scale(key, key.title(), tuple(made), not_applicable)


options = st.lists(st.sampled_from(OPTION_KEYS), min_size=1, unique=True).map(
    lambda keys: tuple(Option(key, key.upper()) for key in keys)
)
amounts = st.sampled_from([None, Decimal(0), Decimal(5)])


@st.composite
def questions(draw: st.DrawFn, key: str) -> Question:
    """One question of any type."""
    kind = draw(st.sampled_from(QuestionType))
    choosing = kind in {QuestionType.SINGLE_CHOICE, QuestionType.SEVERAL_CHOICES}
    number = kind is QuestionType.NUMBER
    return Question(
        key,
        draw(st.sampled_from(["How was it?", "How is it?"])),
        kind,
        EvidenceRule.OPTIONAL,
        scale=draw(st.sampled_from(SCALE_KEYS)) if kind is QuestionType.GRADE else None,
        options=draw(options) if choosing else (),
        unit=draw(st.sampled_from(["", "days"])) if number else "",
        min=draw(amounts) if number else None,
        decimals=draw(st.integers(0, 1)) if number else 0,
        required=draw(st.booleans()),
        sectors=draw(st.sampled_from([(), (Sector.HEALTH,)])),
    )


@st.composite
def fields(draw: st.DrawFn, key: str) -> ProfileField:
    """One field of the case profile."""
    kind = draw(st.sampled_from(ProfileFieldType))
    chosen = draw(options) if kind is ProfileFieldType.SINGLE_CHOICE else ()
    return ProfileField(key, draw(st.sampled_from(["One", "Two"])), kind, options=chosen)


@st.composite
def editions(draw: st.DrawFn) -> FrameworkContent:
    """A framework of some of the questions, in one to three sections."""
    keys = draw(st.lists(st.sampled_from(QUESTION_KEYS), min_size=1, unique=True))
    names = draw(st.lists(st.sampled_from(SECTION_KEYS), min_size=1, unique=True))
    placed: dict[str, list[Question]] = {name: [] for name in names}
    for key in keys:
        placed[draw(st.sampled_from(names))].append(draw(questions(key)))
    other = draw(st.sampled_from([GRADES["three"], GRADES["four"]]))
    scales = (
        *(_scale(key, grades, draw(st.booleans())) for key, grades in GRADES.items()),
        _scale("other", other, draw(st.booleans())),
    )
    profile = draw(st.lists(st.sampled_from(FIELD_KEYS), unique=True))
    return FrameworkContent(
        "moving",
        "Moving",
        "For tests.",
        FrameworkKind.CASE_AUDIT,
        Method.MULTI_AGENCY,
        draw(st.sampled_from(SCALE_KEYS)),
        scales,
        tuple(Section(name, name.title(), tuple(listed)) for name, listed in placed.items()),
        tuple(draw(fields(key)) for key in profile),
    )


@st.composite
def successors(draw: st.DrawFn, content: FrameworkContent) -> FrameworkContent:
    """A next edition as people write one: most as before, some reworded, re-ordered or changed."""
    other = draw(editions())
    changed = {question.key: question for question in other.questions}
    names = [section.key for section in content.sections]
    placed: dict[str, list[Question]] = {name: [] for name in [*names[1:], draw(st.sampled_from(names))]}
    for question in content.questions:
        what = draw(st.sampled_from(["same", "same", "reworded", "more", "fewer", "other", "gone"]))
        made = question
        if what == "reworded":
            made = question._replace(text="How was it really?")
        elif what == "more" and question.options:
            made = question._replace(options=(Option("z", "Z"), *question.options))
        elif what == "fewer" and len(question.options) > 1:
            made = question._replace(options=question.options[1:])
        elif what == "other":
            made = changed.get(question.key, question)
        if what != "gone":
            placed[draw(st.sampled_from(sorted(placed)))].append(made)
    kept = {question.key for listed in placed.values() for question in listed}
    new = [question for key, question in changed.items() if key not in {*kept, *_keys(content)}]
    placed[sorted(placed)[0]] += new
    return FrameworkContent(
        content.key,
        content.name,
        content.summary,
        content.kind,
        content.method,
        draw(st.sampled_from([content.judgement_scale, content.judgement_scale, other.judgement_scale])),
        content.scales,
        tuple(Section(name, name.title(), tuple(listed)) for name, listed in placed.items()),
        draw(st.sampled_from([content.profile, other.profile])),
    )


def _keys(content: FrameworkContent) -> set[str]:
    return {question.key for question in content.questions}
