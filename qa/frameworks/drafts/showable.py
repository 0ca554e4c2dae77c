"""What of a draft can be shown to be answered although it still breaks rules.

A question without words, or graded on a scale that is gone, cannot be shown. One whose condition is broken
can: it is then asked of everybody.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple, TypeVar

from qa.frameworks.answers import RawAnswer
from qa.frameworks.content import Condition, FrameworkContent, ProfileField, Question, Scale, Section
from qa.frameworks.document import from_document
from qa.frameworks.drafts.checks import DraftProblem
from qa.frameworks.drafts.elements import Document, Kind, questions_of, sections_of
from qa.frameworks.types import type_of
from qa.frameworks.types.evidence import evidence_view
from qa.frameworks.vocabulary import Colour, FrameworkKind, Method

T = TypeVar("T")
# What a part with a fault cannot be shown without; any other faulty field is left out of what is shown.
_NEEDED = {
    Kind.QUESTION: frozenset({"key", "text", "type", "scale", "options"}),
    Kind.SECTION: frozenset({"key", "title"}),
    Kind.PROFILE_FIELD: frozenset({"key", "label", "type", "options"}),
}
_BROKEN = (ArithmeticError, AttributeError, IndexError, KeyError, TypeError, ValueError)
_EMPTY: Mapping[str, Any] = {
    "key": "draft",
    "name": "Draft",
    "summary": "",
    "kind": FrameworkKind.CASE_AUDIT.value,
    "method": Method.MULTI_AGENCY.value,
    "judgement_scale": "",
    "scales": [],
    "sections": [],
}


class Showable(NamedTuple):
    """content: the framework without what cannot be shown; only good for showing it. gone: those questions'
    keys.
    """

    content: FrameworkContent
    gone: frozenset[str] = frozenset()


def showable(document: Document, problems: Iterable[DraftProblem]) -> Showable:
    """What can be shown of a document that may break rules. problems: what its check found."""
    faulty: dict[tuple[Kind, str], set[str]] = {}
    for problem in problems:
        faulty.setdefault((problem.kind, problem.key), set()).add(problem.field)
    return _Sorting(document, faulty).done()


class _Sorting:
    """Goes through a document and keeps what can be shown."""

    def __init__(self, document: Document, faulty: Mapping[tuple[Kind, str], set[str]]) -> None:
        self.document = document
        self.faulty = faulty
        self.gone: set[str] = set()
        self.scales = _kept(map(_mended_scale, document.get("scales") or ()), _scale_alone)
        self.scale_documents = [
            mended
            for mended in map(_mended_scale, document.get("scales") or ())
            if any(scale.key == mended["key"] for scale in self.scales)
        ]
        fields = (self._without_faults(Kind.PROFILE_FIELD, entry) for entry in document.get("profile") or ())
        self.profile = _kept(fields, _field_alone)

    def done(self) -> Showable:
        """The framework without what cannot be shown."""
        details = {name: self._detail(name) for name in ("key", "name", "summary", "kind", "method")}
        own = _attempt(lambda: from_document({**_EMPTY, **details})) or from_document(_EMPTY)
        sections = [self._section(section, index) for index, section in enumerate(sections_of(self.document))]
        asked = {question.key for section in sections for question in section.questions}
        known = asked | {entry.key for entry in self.profile}
        return Showable(
            FrameworkContent(
                key=own.key,
                name=own.name,
                summary=own.summary,
                kind=own.kind,
                method=own.method,
                judgement_scale=str(self.document.get("judgement_scale", "")),
                scales=tuple(self.scales),
                sections=tuple(_without_lost_conditions(section, known) for section in sections),
                profile=tuple(self.profile),
            ),
            frozenset(self.gone),
        )

    def _detail(self, name: str) -> Any:
        faulty = name in self.faulty.get((Kind.DETAILS, ""), ())
        return _EMPTY[name] if faulty else self.document.get(name, _EMPTY[name])

    def _without_faults(self, kind: Kind, part: Document) -> dict[str, Any]:
        faults = self.faulty.get((kind, str(part.get("key"))), set()) - _NEEDED[kind]
        return {name: value for name, value in part.items() if name not in faults}

    def _section(self, section: Document, index: int) -> Section:
        own = self._without_faults(Kind.SECTION, section) | {"questions": []}
        if not isinstance(own.get("title"), str) or not own["title"].strip():
            own["title"] = f"Section {index + 1}"
        made = _attempt(lambda: from_document({**_EMPTY, "sections": [own]}).sections[0])
        if made is None:
            bare = {"key": str(own.get("key")), "title": own["title"], "questions": []}
            made = from_document({**_EMPTY, "sections": [bare]}).sections[0]
        questions = [self._question(question) for question in questions_of(section)]
        return made._replace(questions=tuple(question for question in questions if question is not None))

    def _question(self, question: Document) -> Question | None:
        own = self._without_faults(Kind.QUESTION, question)
        section = {"key": "s", "title": "S", "questions": [own]}
        alone = {**_EMPTY, "scales": self.scale_documents, "sections": [section]}
        made = _attempt(lambda: _shown(from_document(alone)))
        if made is None:
            self.gone.add(str(question.get("key")))
        return made


def _shown(content: FrameworkContent) -> Question:
    """The one question of a framework; raises what is the matter when its field cannot be made."""
    question = content.questions[0]
    if not question.text:
        raise ValueError("a question without words")
    type_of(question).view(question, content, RawAnswer())
    evidence_view(question, content, "")
    return question


def _without_lost_conditions(section: Section, known: set[str]) -> Section:
    """Without conditions on what cannot be shown, which nobody could ever meet."""
    questions = tuple(
        question if _holds_together(question.only_if, known) else question._replace(only_if=None)
        for question in section.questions
    )
    kept = section.only_if if _holds_together(section.only_if, known) else None
    return section._replace(questions=questions, only_if=kept)


def _holds_together(condition: Condition | None, known: set[str]) -> bool:
    return condition is None or all(clause.key in known for clause in condition.clauses)


def _mended_scale(scale: Document) -> dict[str, Any]:
    """With something in place of what a field of choices can do without, such as a descriptor."""
    colours = {colour.value for colour in Colour}
    grades = []
    for place, grade in enumerate(scale.get("grades") or ()):
        own = {"score": -place, "meets_standard": False, "descriptor": "", **grade}
        own["colour"] = grade.get("colour") if grade.get("colour") in colours else Colour.GREY.value
        if str(own.get("label") or "").strip():
            grades.append(own)
    return {"name": "", **scale, "grades": grades}


def _scale_alone(scale: Document) -> Scale:
    made = from_document({**_EMPTY, "scales": [scale]}).scales[0]
    if not made.grades:
        raise ValueError("a scale without grades")
    return made


def _field_alone(entry: Document) -> ProfileField:
    return from_document({**_EMPTY, "profile": [entry]}).profile[0]


def _kept(parts: Iterable[Document], make: Callable[[Document], T]) -> list[T]:
    """Those that can be made."""
    made = (_attempt(lambda part=part: make(part)) for part in parts)  # type: ignore[misc]
    return [one for one in made if one is not None]


def _attempt(make: Callable[[], T]) -> T | None:
    """What is made, or None where the document holds something else than is needed."""
    try:
        return make()
    except _BROKEN:
        return None
