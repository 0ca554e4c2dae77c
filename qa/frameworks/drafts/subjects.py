"""What a condition in a draft may look at: earlier questions and profile fields with answers. Pure."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from qa.frameworks.content import NOT_APPLICABLE, PROFILE_YES_NO, YES_NO_SCALE, Option
from qa.frameworks.drafts.editing import clauses
from qa.frameworks.drafts.elements import Document, Kind, questions_of, sections_of
from qa.frameworks.naming import key_words
from qa.frameworks.vocabulary import Combine, ProfileFieldType, QuestionType
from qa.frameworks.vocabulary import Subject as About

NOT_APPLICABLE_OPTION = Option(NOT_APPLICABLE, "Not applicable")
YES_NO = (*(Option(grade.key, grade.label) for grade in YES_NO_SCALE.grades), NOT_APPLICABLE_OPTION)
PROFILE_GROUP = "Case profile"
GONE = "Not to be looked at any more"


class Subject(NamedTuple):
    """Something to look at. value: "question:KEY" or "profile:KEY"; group: its section's title."""

    value: str
    label: str
    group: str
    answers: tuple[Option, ...]


def scale_of(document: Document, key: str) -> Document | None:
    """The scale with that key; None when there is none."""
    return next((scale for scale in document.get("scales") or () if scale["key"] == key), None)


def grades_of(scale: Document) -> tuple[Option, ...]:
    """A scale's answers, best first, with "Not applicable" where it offers that."""
    grades = tuple(_option(grade) for grade in scale.get("grades") or ())
    return (*grades, NOT_APPLICABLE_OPTION) if scale.get("not_applicable", True) else grades


def answers_of(document: Document, question: Document) -> tuple[Option, ...]:
    """The answers to choose from; empty when there are none."""
    match question.get("type"):
        case QuestionType.GRADE:
            scale = scale_of(document, question.get("scale", ""))
            return grades_of(scale) if scale else ()
        case QuestionType.YES_NO:
            return YES_NO
        case QuestionType.SINGLE_CHOICE | QuestionType.SEVERAL_CHOICES:
            return tuple(_option(option) for option in question.get("options") or ())
        case _:
            return ()


def profile_answers(field: Document) -> tuple[Option, ...]:
    """The answers of a profile field; empty for a number."""
    match field.get("type"):
        case ProfileFieldType.SINGLE_CHOICE:
            return tuple(_option(option) for option in field.get("options") or ())
        case ProfileFieldType.YES_NO:
            return PROFILE_YES_NO
        case _:
            return ()


def _option(value: Document) -> Option:
    return Option(str(value.get("key", "")), str(value.get("label", "")))


def offered(document: Document, kind: Kind, key: str, section: str = "") -> tuple[Subject, ...]:
    """What the condition of a section or question may look at, the pathway first.

    key: "" for a part that is still to be added at the end; section: a new question's. Left out: what comes
    later, what has no answers to choose, and questions of sectors that are never asked this.
    """
    fields = sorted(document.get("profile") or (), key=lambda field: not field.get("pathway"))
    found = [_of_profile(field) for field in fields if profile_answers(field)]
    ours = _sectors_at(document, kind, key, section)
    for entry in sections_of(document):
        last = entry["key"] == (key if kind is Kind.SECTION else section)
        if last and kind is Kind.SECTION:
            break
        for question in questions_of(entry):
            if kind is Kind.QUESTION and question["key"] == key:
                return tuple(found)
            theirs = _both(_sectors(entry), _sectors(question))
            if answers_of(document, question) and not (ours and theirs and not ours & theirs):
                found.append(_of_question(document, question, entry))
        if last and not key:
            break
    return tuple(found)


def dates_before(document: Document, key: str) -> dict[str, str]:
    """The dates asked before a question, of its sectors too: their words by key."""
    found: dict[str, str] = {}
    ours = _sectors_at(document, Kind.QUESTION, key, "")
    for entry in sections_of(document):
        for question in questions_of(entry):
            if question["key"] == key:
                return found
            theirs = _both(_sectors(entry), _sectors(question))
            if question.get("type") == QuestionType.DATE and not (ours and theirs and not ours & theirs):
                found[question["key"]] = str(question.get("text", ""))
    return found


def _of_profile(field: Document) -> Subject:
    label = str(field.get("label", ""))
    if field.get("pathway") and "pathway" not in label.casefold():
        label = f"{label} (the pathway)"
    return Subject(f"{About.PROFILE}:{field['key']}", label, PROFILE_GROUP, profile_answers(field))


def _of_question(document: Document, question: Document, section: Document) -> Subject:
    value = f"{About.QUESTION}:{question['key']}"
    return Subject(
        value, str(question.get("text", "")), str(section.get("title", "")), answers_of(document, question)
    )


def _sectors(part: Document) -> frozenset[str]:
    return frozenset(part.get("sectors") or ())


def _both(own: frozenset[str], sections: frozenset[str]) -> frozenset[str]:
    return own & sections if own and sections else own | sections


def _sectors_at(document: Document, kind: Kind, key: str, section: str) -> frozenset[str]:
    for entry in sections_of(document):
        if kind is Kind.SECTION:
            if entry["key"] == key:
                return _sectors(entry)
            continue
        for question in questions_of(entry):
            if question["key"] == key:
                return _both(_sectors(entry), _sectors(question))
        if not key and entry["key"] == section:
            return _sectors(entry)
    return frozenset()


def every_subject(document: Document) -> Mapping[str, Subject]:
    """Everything a condition could name, by its value, whether it may or not."""
    found = [_of_profile(field) for field in document.get("profile") or ()]
    found += [
        _of_question(document, question, entry)
        for entry in sections_of(document)
        for question in questions_of(entry)
    ]
    return {subject.value: subject for subject in found}


def subject_of(clause: Document) -> str:
    """What a clause looks at, as `Subject.value`."""
    about = About.PROFILE if About.PROFILE in clause else About.QUESTION
    return f"{about}:{clause.get(about, '')}"


def condition_words(part: Document, subjects: Mapping[str, Subject]) -> str:
    """When a part is asked, in words: "“Pathway” is “Child protection”"; "" for always."""
    found = clauses(part)
    joint = " or " if Combine.ANY in (part.get("only_if") or {}) else " and "
    return joint.join(_clause_words(clause, subjects) for clause in found)


def _clause_words(clause: Document, subjects: Mapping[str, Subject]) -> str:
    value = subject_of(clause)
    subject = subjects.get(value)
    label = subject.label.rstrip("?") if subject else key_words(value.split(":", 1)[1])
    labels = {option.key: option.label for option in subject.answers} if subject else {}
    negated = "is_not" in clause
    answers: Sequence[str] = clause.get("is_not" if negated else "is") or ()
    words = " or ".join(f"“{labels.get(answer) or key_words(answer)}”" for answer in answers)
    return f"“{label}” {'is not' if negated else 'is'} {words}"
