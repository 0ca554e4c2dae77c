"""Hypothesis strategies that make any valid framework."""

from dataclasses import dataclass, field
from decimal import Decimal

from hypothesis import strategies as st

from qa.accounts.sectors import Sector
from qa.frameworks.content import (
    NOT_APPLICABLE,
    YES_NO_SCALE,
    Clause,
    Condition,
    Descriptor,
    FrameworkContent,
    Grade,
    Option,
    ProfileField,
    Question,
    Scale,
    Section,
    Timescale,
)
from qa.frameworks.identifying import refusal
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

THEMES = ("thresholds", "direct_work", "no", "on")

# Everything but control characters, halves of characters and the separators that count as such; the words
# beside them are those that YAML is known to misread.
_CHARACTERS = st.characters(exclude_categories=("Cc", "Cs"), exclude_characters="\u2028\u2029\ufffe\uffff")
_AWKWARD = st.sampled_from(
    [
        "no",
        "Yes",
        "~",
        "null",
        "1.0",
        "0x1F",
        "12:30",
        "2020-04-01",
        "- a",
        "a: b",
        "# c",
        "'",
        '"',
        "{a}",
        "=",
        "|",
        "<<",
    ]
)


def texts(longest: int = 20) -> st.SearchStrategy[str]:
    """Text of one line as a framework keeps it."""
    plain = st.text(_CHARACTERS, min_size=1, max_size=longest).map(str.strip).filter(bool)
    return _AWKWARD | plain


def paragraphs() -> st.SearchStrategy[str]:
    """Text of several lines."""
    return st.lists(texts(), min_size=1, max_size=3).map("\n".join)


def labels(count: int) -> st.SearchStrategy[list[str]]:
    """As many different labels."""
    return st.lists(texts(), min_size=count, max_size=count, unique=True)


_KEY = st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True)


def keys(least: int, most: int) -> st.SearchStrategy[list[str]]:
    """Different keys."""
    return st.lists(_KEY, min_size=least, max_size=most, unique=True)


@st.composite
def options(draw: st.DrawFn) -> tuple[Option, ...]:
    """Answers to choose."""
    chosen = draw(keys(2, 4))
    return tuple(map(Option, chosen, draw(labels(len(chosen)))))


@st.composite
def scales(draw: st.DrawFn, key: str) -> Scale:
    """A scale whose grades are in order."""
    grade_keys = draw(keys(2, 5).filter(lambda chosen: NOT_APPLICABLE not in chosen))
    count = len(grade_keys)
    scores = sorted(draw(st.sets(st.integers(0, 100), min_size=count, max_size=count)), reverse=True)
    meeting = draw(st.integers(0, count))
    grades = tuple(
        Grade(key, label, score, draw(st.sampled_from(Colour)), index < meeting, draw(paragraphs()))
        for index, (key, label, score) in enumerate(zip(grade_keys, draw(labels(count)), scores, strict=True))
    )
    return Scale(key, draw(texts()), grades, draw(st.booleans()))


@st.composite
def profile_fields(draw: st.DrawFn, key: str) -> ProfileField:
    """A profile field."""
    kind = draw(st.sampled_from(ProfileFieldType))
    chosen = draw(options()) if kind is ProfileFieldType.SINGLE_CHOICE else ()
    return ProfileField(
        key, draw(texts().filter(lambda label: not refusal(label))), kind, draw(st.booleans()), options=chosen
    )


def _sectors(within: tuple[Sector, ...]) -> st.SearchStrategy[tuple[Sector, ...]]:
    return st.lists(st.sampled_from(within or tuple(Sector)), max_size=3, unique=True).map(tuple)


@dataclass
class _SoFar:
    """What a condition may look at when the next question is made."""

    scales: dict[str, Scale]
    judgement: str
    profile: tuple[ProfileField, ...]
    asked: list[tuple[Question, frozenset[Sector]]] = field(default_factory=list)

    def subjects(self, sectors: tuple[Sector, ...]) -> list[tuple[Subject, str, tuple[str, ...]]]:
        """What may be looked at, with the answers it has, by somebody in these sectors."""
        ours = frozenset(sectors or tuple(Sector))
        fields = [
            (Subject.PROFILE, entry.key, tuple(option.key for option in entry.choices))
            for entry in self.profile
        ]
        questions = [
            (Subject.QUESTION, question.key, answers_of(question, self.scales))
            for question, theirs in self.asked
            if ours & theirs
        ]
        return [subject for subject in fields + questions if subject[2]]


def answers_of(question: Question, by_key: dict[str, Scale]) -> tuple[str, ...]:
    """The keys of the answers a question offers; empty when there is nothing to choose."""
    match question.type:
        case QuestionType.GRADE:
            scale = by_key[question.scale or ""]
            extra = (NOT_APPLICABLE,) if scale.not_applicable else ()
            return (*(grade.key for grade in scale.grades), *extra)
        case QuestionType.YES_NO:
            return (*(grade.key for grade in YES_NO_SCALE.grades), NOT_APPLICABLE)
        case _:
            return tuple(option.key for option in question.options)


@st.composite
def _conditions(draw: st.DrawFn, so_far: _SoFar, sectors: tuple[Sector, ...]) -> Condition | None:
    subjects = so_far.subjects(sectors)
    if not subjects or draw(st.integers(0, 2)):
        return None
    clauses = []
    for subject, key, answers in draw(st.lists(st.sampled_from(subjects), min_size=1, max_size=3)):
        negated = draw(st.booleans())
        most = len(answers) - 1 if negated else len(answers)
        values = draw(st.lists(st.sampled_from(answers), min_size=1, max_size=most, unique=True))
        clauses.append(Clause(subject, key, tuple(values), negated))
    combine = draw(st.sampled_from(Combine)) if len(clauses) > 1 else Combine.ALL
    return Condition(tuple(clauses), combine)


@st.composite
def _number_bounds(draw: st.DrawFn, decimals: int) -> tuple[Decimal | None, Decimal | None]:
    numbers = st.decimals(-9999, 9999, places=decimals, allow_nan=False, allow_infinity=False)
    low, high = sorted((draw(numbers), draw(numbers)))
    return draw(st.sampled_from([(None, None), (low, None), (None, high), (low, high)]))


@st.composite
def _timescales(draw: st.DrawFn, so_far: _SoFar, sectors: tuple[Sector, ...]) -> Timescale | None:
    """From an earlier date that one of the sectors, at least, is asked as well."""
    starts = [
        question.key
        for question, asked in so_far.asked
        if question.type is QuestionType.DATE and asked & set(sectors or tuple(Sector))
    ]
    if not starts or draw(st.booleans()):
        return None
    start, kind = draw(st.sampled_from(starts)), draw(st.sampled_from(DayKind))
    return Timescale(start, draw(st.integers(0, 3650)), kind)


@st.composite
def _questions(draw: st.DrawFn, key: str, so_far: _SoFar, section_sectors: tuple[Sector, ...]) -> Question:
    kind = draw(st.sampled_from(QuestionType))
    extra: dict[str, object] = {}
    if kind is QuestionType.GRADE:
        scale = draw(st.sampled_from(list(so_far.scales.values())))
        extra["scale"] = scale.key
        if draw(st.booleans()):
            extra["descriptors"] = tuple(Descriptor(grade.key, draw(paragraphs())) for grade in scale.grades)
    elif kind in {QuestionType.SINGLE_CHOICE, QuestionType.SEVERAL_CHOICES}:
        extra["options"] = draw(options())
    elif kind is QuestionType.NUMBER:
        decimals = draw(st.integers(0, 2))
        low, high = draw(_number_bounds(decimals))
        extra |= {"decimals": decimals, "min": low, "max": high}
        extra["unit"] = draw(st.just("") | texts(8))
    elif kind is QuestionType.LONG_TEXT:
        extra["max_words"] = draw(st.none() | st.integers(1, 5000))
    sectors = draw(_sectors(section_sectors))
    if kind is QuestionType.DATE:
        extra["timescale"] = draw(_timescales(so_far, sectors or section_sectors))
    question = Question(
        key=key,
        text=draw(texts()),
        type=kind,
        evidence=draw(st.sampled_from(EvidenceRule)),
        guidance=draw(st.just("") | paragraphs()),
        required=draw(st.booleans()),
        sectors=sectors,
        only_if=draw(_conditions(so_far, sectors or section_sectors)),
        themes=tuple(draw(st.lists(st.sampled_from(THEMES), max_size=2, unique=True))),
        weight=draw(st.integers(1, 100)),
        **extra,  # type: ignore[arg-type]
    )
    answers = answers_of(question, so_far.scales)
    if answers and question.evidence is EvidenceRule.OPTIONAL and draw(st.booleans()):
        required_for = tuple(draw(st.lists(st.sampled_from(answers), min_size=1, max_size=2, unique=True)))
        question = _with(question, evidence_required_for=required_for)
    return question


def _with(question: Question, **changes: object) -> Question:
    values = {name: getattr(question, name) for name in Question._fields} | changes
    return Question(**values)


def _closing(section: str, judgement: str) -> tuple[Question, Question]:
    return (
        Question(
            f"z_{section}_grade",
            "How good is it?",
            QuestionType.GRADE,
            EvidenceRule.REQUIRED,
            scale=judgement,
            role=QuestionRole.SECTION_GRADE,
        ),
        Question(
            f"z_{section}_impact",
            "What difference did it make?",
            QuestionType.LONG_TEXT,
            EvidenceRule.NONE,
            role=QuestionRole.IMPACT,
        ),
    )


@st.composite
def _sections(draw: st.DrawFn, key: str, question_keys: list[str], so_far: _SoFar, closing: bool) -> Section:
    sectors = draw(_sectors(()))
    condition = draw(_conditions(so_far, sectors))
    questions: list[Question] = []
    for question_key in question_keys:
        question = draw(_questions(question_key, so_far, sectors))
        questions.append(question)
        asked = question.sectors or sectors or tuple(Sector)
        so_far.asked.append((question, frozenset(asked)))
    if closing:
        questions.extend(_closing(key, so_far.judgement))
    guidance, weight = draw(st.just("") | paragraphs()), draw(st.sampled_from((1, 1, 2, 100)))
    return Section(key, draw(texts()), tuple(questions), guidance, sectors, condition, weight)


@st.composite
def frameworks(draw: st.DrawFn) -> FrameworkContent:
    """Any valid framework, small."""
    scale_keys = draw(keys(1, 2))
    made = tuple(draw(scales(key)) for key in scale_keys)
    profile = tuple(draw(profile_fields(key)) for key in draw(keys(0, 2)))
    pathways = [entry for entry in profile if entry.type is ProfileFieldType.SINGLE_CHOICE]
    if len(pathways) > 0 and draw(st.booleans()):
        chosen = pathways[0]
        replaced = ProfileField(chosen.key, chosen.label, chosen.type, chosen.required, True, chosen.options)
        profile = tuple(replaced if entry is chosen else entry for entry in profile)
    kind = draw(st.sampled_from(FrameworkKind))
    so_far = _SoFar({scale.key: scale for scale in made}, scale_keys[0], profile)
    section_keys = draw(keys(1, 3))
    question_keys = draw(keys(len(section_keys), 7))
    sections = tuple(
        draw(
            _sections(
                key, question_keys[index :: len(section_keys)], so_far, kind is FrameworkKind.CASE_AUDIT
            )
        )
        for index, key in enumerate(section_keys)
    )
    return FrameworkContent(
        key=f"f{draw(_KEY)}",
        name=draw(texts()),
        summary=draw(paragraphs()),
        kind=kind,
        method=draw(st.sampled_from(Method)),
        judgement_scale=scale_keys[0],
        scales=made,
        sections=sections,
        profile=profile,
        sources=tuple(draw(st.lists(texts(), max_size=2, unique=True))),
    )
