"""A framework as plain data in the shape and order of its file, and back. Neither way loses anything."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, TypeAlias

from qa.accounts.sectors import Sector
from qa.frameworks.content import (
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

Document: TypeAlias = Mapping[str, Any]
Grades: TypeAlias = Mapping[str, Sequence[str]]


def to_document(content: FrameworkContent) -> dict[str, Any]:
    """The framework as mappings, lists and plain values, keys in the file's order, defaults left out."""
    return _without_empty(
        {
            "key": content.key,
            "name": content.name,
            "summary": content.summary,
            "kind": content.kind.value,
            "method": content.method.value,
            "sources": list(content.sources),
            "judgement_scale": content.judgement_scale,
            "scales": [_scale_document(scale) for scale in content.scales],
            "profile": [_profile_document(entry) for entry in content.profile],
            "sections": [_section_document(section) for section in content.sections],
        }
    )


def _without_empty(document: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in document.items() if value is not None and value not in ("", [], {})}


def _scale_document(scale: Scale) -> dict[str, Any]:
    grades = [
        {
            "key": grade.key,
            "label": grade.label,
            "score": grade.score,
            "colour": grade.colour.value,
            "meets_standard": grade.meets_standard,
            "descriptor": grade.descriptor,
        }
        for grade in scale.grades
    ]
    document = {"key": scale.key, "name": scale.name, "grades": grades}
    return document if scale.not_applicable else document | {"not_applicable": False}


def _profile_document(entry: ProfileField) -> dict[str, Any]:
    return _without_empty(
        {
            "key": entry.key,
            "label": entry.label,
            "type": entry.type.value,
            "required": entry.required or None,
            "pathway": entry.pathway or None,
            "options": _options_document(entry.options),
        }
    )


def _options_document(options: Sequence[Option]) -> list[dict[str, str]]:
    return [{"key": option.key, "label": option.label} for option in options]


def _section_document(section: Section) -> dict[str, Any]:
    return _without_empty(
        {
            "key": section.key,
            "title": section.title,
            "guidance": section.guidance,
            "sectors": [sector.value for sector in section.sectors],
            "only_if": condition_document(section.only_if),
            "weight": None if section.weight == 1 else section.weight,
            "questions": [_question_document(question) for question in section.questions],
        }
    )


def _question_document(question: Question) -> dict[str, Any]:
    evidence = None if question.evidence is question.type.default_evidence else question.evidence.value
    return _without_empty(
        {
            "key": question.key,
            "text": question.text,
            "type": question.type.value,
            "scale": question.scale,
            "guidance": question.guidance,
            "descriptors": {entry.grade: entry.text for entry in question.descriptors},
            "options": _options_document(question.options),
            "unit": question.unit,
            "min": _number(question.min),
            "max": _number(question.max),
            "decimals": question.decimals or None,
            "max_words": question.max_words,
            "timescale": _timescale_document(question.timescale),
            "required": None if question.required else False,
            "evidence": None if question.evidence_required_for else evidence,
            "evidence_required_for": list(question.evidence_required_for),
            "sectors": [sector.value for sector in question.sectors],
            "only_if": condition_document(question.only_if),
            "themes": list(question.themes),
            "weight": None if question.weight == 1 else question.weight,
            "role": question.role.value if question.role else None,
        }
    )


def _timescale_document(timescale: Timescale | None) -> dict[str, Any] | None:
    if timescale is None:
        return None
    return {"from": timescale.start, "days": timescale.days, "kind": timescale.kind.value}


def _number(value: Decimal | None) -> int | Decimal | None:
    """A number as it is written: the noughts after its last figure are kept nowhere."""
    if value is None:
        return None
    return value.normalize() if value % 1 else int(value)


def condition_document(condition: Condition | None) -> dict[str, Any] | None:
    """A condition in the file's shape: one clause by itself, several under `all` or `any`."""
    if condition is None:
        return None
    clauses = [
        {clause.subject.value: clause.key, "is_not" if clause.negated else "is": list(clause.values)}
        for clause in condition.clauses
    ]
    return clauses[0] if len(clauses) == 1 else {condition.combine.value: clauses}


def from_document(document: Document) -> FrameworkContent:
    """The framework that a document describes.

    The document must be one that `qa.frameworks.checking` finds no problem in, or that `to_document` made;
    any other raises KeyError, ValueError or TypeError.
    """
    grades = {entry["key"]: [grade["key"] for grade in entry["grades"]] for entry in document["scales"]}
    return FrameworkContent(
        key=document["key"],
        name=_text(document["name"]),
        summary=_text(document["summary"]),
        kind=FrameworkKind(document["kind"]),
        method=Method(document["method"]),
        judgement_scale=document["judgement_scale"],
        scales=tuple(_scale(entry) for entry in document["scales"]),
        sections=tuple(_section(entry, grades) for entry in document["sections"]),
        profile=tuple(_profile_field(entry) for entry in document.get("profile", ())),
        sources=tuple(_text(entry) for entry in document.get("sources", ())),
    )


def _text(value: str) -> str:
    return value.strip()


def _scale(document: Document) -> Scale:
    grades = tuple(
        Grade(
            key=entry["key"],
            label=_text(entry["label"]),
            score=entry["score"],
            colour=Colour(entry["colour"]),
            meets_standard=entry["meets_standard"],
            descriptor=_text(entry["descriptor"]),
        )
        for entry in document["grades"]
    )
    return Scale(document["key"], _text(document["name"]), grades, document.get("not_applicable", True))


def _options(document: Document) -> tuple[Option, ...]:
    return tuple(Option(entry["key"], _text(entry["label"])) for entry in document.get("options", ()))


def _profile_field(document: Document) -> ProfileField:
    return ProfileField(
        key=document["key"],
        label=_text(document["label"]),
        type=ProfileFieldType(document["type"]),
        required=document.get("required", False),
        pathway=document.get("pathway", False),
        options=_options(document),
    )


def _section(document: Document, grades: Grades) -> Section:
    return Section(
        key=document["key"],
        title=_text(document["title"]),
        questions=tuple(_question(entry, grades) for entry in document["questions"]),
        guidance=_text(document.get("guidance", "")),
        sectors=_sectors(document),
        only_if=condition_from(document.get("only_if")),
        weight=document.get("weight", 1),
    )


def _sectors(document: Document) -> tuple[Sector, ...]:
    return tuple(Sector(entry) for entry in document.get("sectors", ()))


def _question(document: Document, grades: Grades) -> Question:
    kind = QuestionType(document["type"])
    required_for = tuple(document.get("evidence_required_for", ()))
    default = EvidenceRule.OPTIONAL if required_for else kind.default_evidence
    return Question(
        key=document["key"],
        text=_text(document["text"]),
        type=kind,
        evidence=EvidenceRule(document["evidence"]) if "evidence" in document else default,
        guidance=_text(document.get("guidance", "")),
        scale=document.get("scale"),
        descriptors=_descriptors(document, grades),
        options=_options(document),
        unit=_text(document.get("unit", "")),
        min=_decimal(document.get("min")),
        max=_decimal(document.get("max")),
        decimals=document.get("decimals", 0),
        max_words=document.get("max_words"),
        timescale=_timescale(document.get("timescale")),
        required=document.get("required", True),
        evidence_required_for=required_for,
        sectors=_sectors(document),
        only_if=condition_from(document.get("only_if")),
        themes=tuple(document.get("themes", ())),
        weight=document.get("weight", 1),
        role=QuestionRole(document["role"]) if "role" in document else None,
    )


def _timescale(document: Document | None) -> Timescale | None:
    if document is None:
        return None
    return Timescale(document["from"], document["days"], DayKind(document["kind"]))


def _descriptors(document: Document, grades: Grades) -> tuple[Descriptor, ...]:
    """In the order of the scale, whatever order the file has them in."""
    texts = document.get("descriptors", {})
    in_order = grades.get(document.get("scale", ""), ())
    return tuple(Descriptor(key, _text(texts[key])) for key in in_order if key in texts)


def _decimal(value: int | Decimal | None) -> Decimal | None:
    return None if value is None else Decimal(value)


def condition_from(document: Document | None) -> Condition | None:
    """The condition that a document in the file's shape describes; None for none."""
    if document is None:
        return None
    for combine in Combine:
        if combine.value in document:
            clauses = tuple(_clause(entry) for entry in document[combine.value])
            return Condition(clauses, combine if len(clauses) > 1 else Combine.ALL)
    return Condition((_clause(document),))


def _clause(document: Document) -> Clause:
    subject = Subject.PROFILE if Subject.PROFILE.value in document else Subject.QUESTION
    negated = "is_not" in document
    return Clause(subject, document[subject.value], tuple(document["is_not" if negated else "is"]), negated)
