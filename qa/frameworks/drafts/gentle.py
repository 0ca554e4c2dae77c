"""Gentle advice on a draft: what makes a tool hard to answer, and keeps nothing from being published. Pure.

Each rule would rather miss a case than raise a false alarm. What is missing outright, such as the descriptor
of a grade, keeps a draft from being published and is not repeated here.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any, NamedTuple

from qa.frameworks.drafts.elements import Document, Element, Kind
from qa.frameworks.file_problems import quoted
from qa.frameworks.vocabulary import QuestionType

MOST_IN_SECTION = 15


class Advice(NamedTuple):
    """What could be better. kind, key: the part it concerns; field: the key within it.

    section: the key of a question's section. part: the part in words, such as: the question “Why not?”.
    """

    kind: Kind
    key: str
    field: str
    message: str
    remedy: str
    section: str | None = None
    part: str = ""


class _Said(NamedTuple):
    field: str
    message: str
    remedy: str


def gentle_advice(parts: Iterable[Element]) -> tuple[Advice, ...]:
    """The advice on a draft's parts (`qa.frameworks.drafts.elements.elements`), in their order."""
    parts = tuple(parts)
    asked: dict[str, int] = {}
    for part in parts:
        if part.section is not None:
            asked[part.section] = asked.get(part.section, 0) + 1
    return tuple(
        Advice(part.kind, part.key, said.field, said.message, said.remedy, part.section, _words(part))
        for part in parts
        for said in _on(part, asked)
    )


def _on(part: Element, asked: dict[str, int]) -> Iterator[_Said]:
    if part.kind is Kind.SCALE:
        yield from _on_scale(part.value)
    elif part.kind is Kind.SECTION:
        yield from _on_section(asked.get(part.key, 0))
    elif part.kind is Kind.QUESTION:
        yield from _on_question(part.value)


def _words(part: Element) -> str:
    noun = part.kind.value.replace("profile", "case profile").replace("_", " ")
    names = (part.value.get(name) for name in ("text", "title", "name", "label"))
    return f"the {noun} {quoted(next(filter(None, names), part.key))}"


# --- Questions --------------------------------------------------------------------------------------------

_ONE_ANSWER = frozenset(
    {
        QuestionType.GRADE,
        QuestionType.YES_NO,
        QuestionType.SINGLE_CHOICE,
        QuestionType.NUMBER,
        QuestionType.DATE,
    }
)
_JUDGED = frozenset({QuestionType.GRADE, QuestionType.YES_NO})

_VERB = "was|were|did|does|do|is|are|has|have|had|can|could|will|would|should"
_NOT_DONE = "need|needs|speed|indeed|seed|feed|breed|bed|red|shed|wed"
_DONE = (
    rf"(?!(?:{_NOT_DONE})\b)\w{{2,}}ed|seen|heard|held|made|written|given|known|understood|told|sent|taken|"
    "kept|met|found|drawn|sought"
)
_DOUBLE = (
    re.compile(r"\?.*\w.*\?"),
    re.compile(r"\band/or\b", re.IGNORECASE),
    re.compile(rf"\b(?P<one>[\w’']+),? and (?!(?P=one)\b)(?:{_VERB})\b", re.IGNORECASE),
    re.compile(r"\band (?:how|whether|what|who|why|when)\b(?!\W*\Z)", re.IGNORECASE),
    re.compile(rf"(?<!, )\b(?:{_DONE}),? and (?:\w+ly )?(?:{_DONE})\b", re.IGNORECASE),
)
_SHORT_NOT = "isn|wasn|weren|aren|don|doesn|didn|haven|hasn|hadn|shouldn|wouldn|couldn|won|can"
_LEADING = (
    re.compile(rf"\A(?:{_SHORT_NOT})['’]t\b", re.IGNORECASE),
    re.compile(rf"\b(?:{_SHORT_NOT})['’]t (?:it|they|he|she|this|that|there|we|you)\s*\?", re.IGNORECASE),
    re.compile(r"\b(?:do|would)(?:n['’]t)? you (?:not )?agree\b", re.IGNORECASE),
    re.compile(r"\b(?:surely|obviously|of course|needless to say|as everyone knows)\b", re.IGNORECASE),
    re.compile(r"\Ahow (?:excellent|outstanding|poor|poorly|bad|badly|weak)\b", re.IGNORECASE),
    re.compile(r", right\?\Z", re.IGNORECASE),
)
_NEGATIVE = (
    re.compile(rf"\A(?:{_VERB})\s+(?:[\w’'-]+\s+){{0,4}}?(?:not|never|no)\b(?! longer)", re.IGNORECASE),
    re.compile(r"\A(?:no|nobody|nothing|no one|never)\b", re.IGNORECASE),
    re.compile(rf"\b(?:{_VERB}) (?:not|never)\b", re.IGNORECASE),
    re.compile(r"\bfail(?:s|ed)? to\b", re.IGNORECASE),
)
# In a clause of its own a negation does not turn the answer round: “what happens if things do not improve”.
_CLAUSE = re.compile(
    r"\b(?:if|or|and|what|that|when|where|who|which|why|how|because|whether|although)\b", re.IGNORECASE
)


def _on_question(question: Document) -> Iterator[_Said]:
    text, kind, role = question.get("text"), question.get("type"), question.get("role")
    if isinstance(text, str) and isinstance(kind, str):
        yield from _on_words(text.strip(), kind, bool(role))
    if kind == QuestionType.GRADE and not _text(question, "guidance"):
        yield _Said(
            "guidance",
            "This graded question has no guidance.",
            "Say what to look for in the record, so that two auditors would give the same grade.",
        )
    descriptors = question.get("descriptors")
    if isinstance(descriptors, dict):
        yield from _on_descriptors([(grade, words) for grade, words in descriptors.items()], "descriptors")


@lru_cache(maxsize=4096)
def _on_words(text: str, kind: str, has_role: bool) -> tuple[_Said, ...]:
    """What the wording says; the same words are looked at once."""
    said = []
    if kind in _ONE_ANSWER and not has_role and any(pattern.search(text) for pattern in _DOUBLE):
        message = "This looks like two questions in one, and an answer to both cannot be told apart."
        said.append(_Said("text", message, "Ask about one thing, or make it two questions."))
    if any(pattern.search(text) for pattern in _LEADING):
        message = "The wording may lead to an answer."
        said.append(_Said("text", message, "Ask in neutral words, so that every answer is as easy to give."))
    elif kind in _JUDGED and _is_negative(text):
        message = "The question is put in the negative, so that “yes” or a good grade can be misread."
        said.append(_Said("text", message, "Ask whether it was done, rather than whether it was not."))
    return tuple(said)


def _is_negative(text: str) -> bool:
    found = next((match for pattern in _NEGATIVE if (match := pattern.search(text))), None)
    return found is not None and not _CLAUSE.search(text[: found.end()])


def _text(part: Document, name: str) -> str:
    value = part.get(name)
    return value.strip() if isinstance(value, str) else ""


# --- Scales and sections ----------------------------------------------------------------------------------


def _on_scale(scale: Document) -> Iterator[_Said]:
    grades = scale.get("grades")
    listed = [grade for grade in grades if isinstance(grade, dict)] if isinstance(grades, list) else []
    yield from _on_descriptors(
        [(grade.get("label") or grade.get("key"), grade.get("descriptor")) for grade in listed], "grades"
    )


def _on_descriptors(described: list[tuple[Any, Any]], field: str) -> Iterator[_Said]:
    """described: each grade's label or key with what is said of it."""
    first: dict[str, Any] = {}
    for grade, words in described:
        said = words.strip().rstrip(".").casefold() if isinstance(words, str) else ""
        if not said:
            continue
        if said == str(grade).replace("_", " ").casefold() or not re.search(r"\w{3}", said):
            what = f"The descriptor of the grade {quoted(grade)} says nothing about practice."
            yield _Said(field, what, "Say what practice of that grade looks like.")
        elif said in first:
            what = f"The grades {quoted(first[said])} and {quoted(grade)} have the same descriptor."
            yield _Said(field, what, "Say what sets the two apart.")
        first.setdefault(said, grade)


def _on_section(questions: int) -> Iterator[_Said]:
    if questions > MOST_IN_SECTION:
        yield _Said(
            "questions",
            f"This section has {questions} questions, which is a long page to answer in one go.",
            f"Make two sections of it: {MOST_IN_SECTION} questions or fewer are easier to finish.",
        )
