"""What can be done to a draft's document: each gives a new document and leaves the given one alone. Pure."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from qa.frameworks.drafts.elements import (
    Document,
    Kind,
    element,
    keys_of,
    new_key,
    questions_of,
    sections_of,
)
from qa.problems import NotFound

T = TypeVar("T")
LISTS = {Kind.SCALE: "scales", Kind.PROFILE_FIELD: "profile", Kind.SECTION: "sections"}
WORDS = {Kind.SCALE: "name", Kind.PROFILE_FIELD: "label", Kind.SECTION: "title", Kind.QUESTION: "text"}


def with_details(document: Document, values: Mapping[str, Any]) -> Document:
    """With other details; what is None or empty is left out."""
    return _kept({**document, **values})


def added(document: Document, kind: Kind, value: Document, section: str = "") -> tuple[Document, str]:
    """With another part at the end (a question: before the section's closing questions), and its new key.

    value: the part; a key in it is kept where it is free. section: for a question, the key of its section.
    Raises NotFound when the section is gone.
    """
    taken = keys_of(document, kind)
    key = str(value.get("key", ""))
    if not key or key in taken:
        key = new_key(str(value.get(WORDS[kind], "")), taken, kind.value.split("_")[0])
    part = _kept({"key": key, **value} | {"key": key})
    if kind is not Kind.QUESTION:
        return _with_list(document, LISTS[kind], [*(document.get(LISTS[kind]) or ()), part]), key
    return _in_section(document, section, lambda listed: _before_closing(listed, part)), key


def _before_closing(listed: Sequence[Document], part: Document) -> list[Document]:
    """Every section ends with its grade and the impact on the child: a new question goes before those."""
    place = len(listed)
    while place and listed[place - 1].get("role") and not part.get("role"):
        place -= 1
    return [*listed[:place], part, *listed[place:]]


def changed(document: Document, kind: Kind, key: str, values: Document) -> Document:
    """With the part's values replaced by these; its key and, of a section, its questions stay.

    Raises NotFound when there is no such part.
    """

    def change(part: Document) -> Document:
        kept = {"questions": part["questions"]} if kind is Kind.SECTION and "questions" in part else {}
        return _kept({"key": key, **values, **kept})

    return _each(document, kind, key, lambda part: [change(part)])


def removed(document: Document, kind: Kind, key: str) -> Document:
    """Without the part. Raises NotFound when there is none."""
    return _each(document, kind, key, lambda _part: [])


def duplicated(document: Document, kind: Kind, key: str) -> tuple[Document, str]:
    """With a copy of the part after it, under a new key (a section's questions under new keys too).

    The copy of a question has no role: a section has one of each. Raises NotFound when there is none.
    """
    found = element(document, kind, key)
    if found is None:
        raise NotFound(f"no {kind} {key}")
    words = f"{found.value.get(WORDS[kind], key)} (copy)"
    copy_key = new_key(words, keys_of(document, kind), kind.value)
    taken = set(keys_of(document, Kind.QUESTION))

    def copied(part: Document) -> Document:
        made = {**part, "key": copy_key, WORDS[kind]: words}
        if kind is Kind.QUESTION:
            made.pop("role", None)
        if kind is Kind.PROFILE_FIELD:
            made.pop("pathway", None)
        if kind is Kind.SECTION:
            made["questions"] = _questions_anew(questions_of(part), taken)
        return made

    return _each(document, kind, key, lambda part: [part, copied(part)]), copy_key


def _questions_anew(questions: Sequence[Document], taken: set[str]) -> list[Document]:
    """Copies under new keys; conditions and timescales on a question that is copied too look at its copy."""
    renamed: dict[str, str] = {}
    for question in questions:
        renamed[question["key"]] = new_key(f"{question['key']} copy", taken, "question")
        taken.add(renamed[question["key"]])

    def moved(value: Any) -> Any:
        if isinstance(value, Mapping):
            return {
                name: renamed.get(entry, entry) if name in {"question", "from"} else moved(entry)
                for name, entry in value.items()
            }
        return [moved(entry) for entry in value] if isinstance(value, list) else value

    return [
        {**question, "key": renamed[question["key"]]}
        | {name: moved(question[name]) for name in ("only_if", "timescale") if name in question}
        for question in questions
    ]


def moved(document: Document, kind: Kind, key: str, place: int, section: str = "") -> Document:
    """With the part at that place (0 is first; past the end is last), of a question in that section.

    section "": the question stays in its own. Raises NotFound when the part or the section is gone.
    """
    found = element(document, kind, key)
    if found is None:
        raise NotFound(f"no {kind} {key}")
    if kind is not Kind.QUESTION:
        return _with_list(document, LISTS[kind], _at(document[LISTS[kind]], key, place))
    whole = next(
        question
        for entry in sections_of(document)
        for question in questions_of(entry)
        if question["key"] == key
    )
    target = section or str(found.section)
    without = removed(document, kind, key)
    return _in_section(without, target, lambda listed: [*listed[:place], whole, *listed[place:]])


def _at(listed: Sequence[Document], key: str, place: int) -> list[Document]:
    moving = next(entry for entry in listed if entry["key"] == key)
    others = [entry for entry in listed if entry["key"] != key]
    return [*others[:place], moving, *others[place:]]


def dependents(document: Document, kind: Kind, key: str) -> tuple[str, ...]:
    """Keys of the questions and sections whose condition, scale or timescale names the part."""
    found = []
    for section in sections_of(document):
        for part in (section, *questions_of(section)):
            name = {Kind.QUESTION: "question", Kind.PROFILE_FIELD: "profile"}.get(kind, "")
            on_scale = kind is Kind.SCALE and part.get("scale") == key
            timescale = part.get("timescale") or {}
            on_date = kind is Kind.QUESTION and timescale.get("from") == key
            if on_scale or on_date or (name and any(clause.get(name) == key for clause in clauses(part))):
                found.append(str(part["key"]))
    return tuple(found)


def clauses(part: Document) -> Sequence[Document]:
    """The clauses of a section's or question's condition; none when it is always asked."""
    condition = part.get("only_if") or {}
    return condition.get("all") or condition.get("any") or ([condition] if condition else [])


def _each(
    document: Document, kind: Kind, key: str, change: Callable[[Document], Sequence[Document]]
) -> Document:
    if element(document, kind, key) is None:
        raise NotFound(f"no {kind} {key}")

    def over(listed: Sequence[Document]) -> list[Document]:
        return [new for part in listed for new in (change(part) if part["key"] == key else (part,))]

    if kind is not Kind.QUESTION:
        return _with_list(document, LISTS[kind], over(document[LISTS[kind]]))
    sections = [{**section, "questions": over(questions_of(section))} for section in sections_of(document)]
    return {**document, "sections": sections}


def _in_section(
    document: Document, key: str, change: Callable[[Sequence[Document]], Sequence[Document]]
) -> Document:
    if element(document, Kind.SECTION, key) is None:
        raise NotFound(f"no section {key}")
    sections = [
        {**section, "questions": list(change(questions_of(section)))} if section["key"] == key else section
        for section in sections_of(document)
    ]
    return {**document, "sections": sections}


def _with_list(document: Document, name: str, listed: Sequence[Document]) -> Document:
    return {**document, name: list(listed)}


def _kept(values: Mapping[str, Any]) -> dict[str, Any]:
    """Without what says nothing. False and 0 say something; lists that a framework must have stay."""
    needed = {"sections", "scales", "questions"}
    return {
        name: value
        for name, value in values.items()
        if name in needed or (value is not None and value not in ("", [], {}))
    }
