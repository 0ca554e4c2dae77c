"""What a workbook that came back would change, question by question, beside what is kept. Pure."""

import json
from collections.abc import Collection, Iterator, Mapping
from typing import Any, NamedTuple

from qa.frameworks.answers import (
    AnswerError,
    AnswerValue,
    date_names,
    evidence_name,
    value_name,
    version_name,
)
from qa.frameworks.conditions import Visible, visible
from qa.frameworks.content import Question, Section
from qa.frameworks.editions import EditionTree
from qa.frameworks.types import type_of
from qa.returns.comparing import compare, origin
from qa.returns.drafts import (
    NO_ANSWER,
    Changes,
    FormKey,
    Mark,
    StoredFinding,
    answer_digest,
    form_key,
    values_of,
)
from qa.returns.offline.filled import Fields
from qa.returns.records import Contents, ReturnRecord
from qa.returns.typed import Typed, TypedAnswer, TypedFinding, finding_name, mark_name, read_typed

EMPTY_CELL = "(empty)"
_MOST_FIELDS = 20_000


class Part(NamedTuple):
    """One thing of a difference: the answer, its evidence, a finding's text."""

    label: str
    kept: str
    filed: str


class Difference(NamedTuple):
    """One question or finding that the file would change. conflict: it was changed here since the download.

    name: what stands for it on the page; fields: what the file says of it, as a section's form would.
    version: of what is kept now.
    """

    name: str
    section: str
    text: str
    parts: tuple[Part, ...]
    conflict: bool
    fields: Mapping[str, list[str]]
    mark_field: str
    version: int


class Differences(NamedTuple):
    """All of a file. not_asked: (question, answer) typed to questions that are not asked as things stand.

    errors: (section, what is malformed).
    """

    key: FormKey
    found: tuple[Difference, ...]
    not_asked: tuple[tuple[str, str], ...] = ()
    errors: tuple[tuple[str, AnswerError], ...] = ()


def differences(
    record: ReturnRecord,
    tree: EditionTree,
    held: Contents,
    profile: Mapping[str, str],
    key: FormKey,
    forms: Mapping[str, Fields],
) -> Differences:
    """What the forms of a file, by section, would change of a return."""
    typed = {
        section.key: read_typed(forms[section.key], tree.content, section, record.sector, key)
        for section in tree.content.sections
        if section.key in forms
    }
    seen = visible(tree.content, record.sector, profile, _values(typed, held))
    found: list[Difference] = []
    not_asked: list[tuple[str, str]] = []
    errors: list[tuple[str, AnswerError]] = []
    for section in tree.content.sections:
        if section.key not in typed:
            continue
        said = typed[section.key]
        errors += [(section.key, error) for error in _errors(said)]
        mine = [one for one in held.findings if one.section_id == tree.ids.sections[section.key]]
        if section.key in seen.sections:
            changes = compare(said, tree.content, seen.questions, held.answers, mine)
            found += _answers(section, said, changes, tree, held, forms[section.key])
            found += _findings(section, said, changes, mine)
        not_asked += _not_asked(section, said, seen, tree)
    return Differences(key, tuple(found), tuple(not_asked), tuple(errors))


def _values(typed: Mapping[str, Typed], held: Contents) -> dict[str, AnswerValue | None]:
    values = values_of(held.answers)
    for said in typed.values():
        values.update({key: one.value for key, one in said.answers.items() if one.value_error is None})
    return values


def _errors(said: Typed) -> Iterator[AnswerError]:
    for one in said.answers.values():
        yield from one.errors
    yield from (row.error for row in said.findings if row.error is not None)


def _answers(
    section: Section, said: Typed, changes: Changes, tree: EditionTree, held: Contents, fields: Fields
) -> Iterator[Difference]:
    clashing = {clash.name for clash in changes.clashes}
    for key, one in said.answers.items():
        if key in changes.answers or key in clashing:
            question = one.question
            stored = held.answers.get(key, NO_ANSWER)
            kind = type_of(question)
            kept, filed = (kind.display(question, tree.content, value) for value in (stored.value, one.value))
            parts = [Part("Answer", kept, filed)] if kept != filed or stored.value != one.value else []
            if stored.evidence != one.evidence:
                parts.append(Part("Evidence", stored.evidence or EMPTY_CELL, one.evidence or EMPTY_CELL))
            sent = {name: fields[name] for name in _names(question) if name in fields}
            mark = version_name(key)
            conflict = key in clashing
            yield Difference(
                key, section.key, question.text, tuple(parts), conflict, sent, mark, stored.version
            )


def _names(question: Question) -> tuple[str, ...]:
    key = question.key
    return (value_name(key), *date_names(key), evidence_name(key), version_name(key))


def _findings(
    section: Section, said: Typed, changes: Changes, mine: Collection[StoredFinding]
) -> Iterator[Difference]:
    by_number = {one.id: one for one in mine}
    by_origin = {one.origin: one for one in mine if one.origin}
    added = {ref for ref, _, _ in changes.added}
    changed = {number for number, *_ in changes.reworded} | set(changes.removed)
    clashing = {clash.name: clash for clash in changes.clashes}
    for row in said.findings:
        # As `compare` finds it: a new row that was taken in from this file before is known by its origin.
        stored = by_number.get(row.number or 0) if row.mark.version else None
        stored = stored or by_origin.get(origin(said.key, row.ref))
        clash = clashing.get(row.ref)
        if clash is not None:
            yield _finding(section, row, clash.rows[0][3], clash.version, conflict=True)
        elif row.ref in added:
            yield _finding(section, row, EMPTY_CELL, 0, conflict=False)
        elif stored is not None and stored.id in changed:
            yield _finding(section, row, stored.text, stored.version, conflict=False)


def _finding(section: Section, row: TypedFinding, kept: str, version: int, *, conflict: bool) -> Difference:
    fields = {finding_name(row.ref): [row.typed], mark_name(row.ref): [str(row.mark)]}
    part = Part("In your words", kept, row.text or EMPTY_CELL)
    name, mark = f"{section.key}/{row.ref}", mark_name(row.ref)
    return Difference(name, section.key, row.kind.label, (part,), conflict, fields, mark, version)


def _not_asked(section: Section, said: Typed, seen: Visible, tree: EditionTree) -> Iterator[tuple[str, str]]:
    for key, one in said.answers.items():
        if key not in seen.questions and _was_typed(one):
            shown = type_of(one.question).display(one.question, tree.content, one.value)
            yield one.question.text, "\n".join(part for part in (shown, one.evidence) if part)
    if section.key not in seen.sections:
        yield from ((row.kind.label, row.text) for row in said.findings if row.text and not row.mark.version)


def _was_typed(one: TypedAnswer) -> bool:
    there = one.value is not None or bool(one.evidence)
    return there and answer_digest(one.value, one.evidence) != one.mark.digest


def carried(found: Differences) -> str:
    """The differences as one hidden field of the page that shows them: nothing is kept in between."""
    entries = [
        [one.name, one.section, dict(one.fields), one.mark_field, one.version if one.conflict else None]
        for one in found.found
    ]
    return json.dumps({"form": str(found.key), "entries": entries}, separators=(",", ":"))


class Chosen(NamedTuple):
    """What was carried along. forms: what is to be taken in, by section; everything: all that was carried."""

    key: FormKey
    forms: dict[str, Fields]
    everything: dict[str, Fields]
    names: tuple[str, ...]


def chosen(text: str, taken: Collection[str] | None) -> Chosen | None:
    """What of the carried differences is to be taken in (taken: their names; None: all); None for nonsense.

    What was shown as a conflict and is taken replaces the version that was shown, and no later one.
    """
    try:
        carried = json.loads(text)
        key = form_key(carried["form"])
        if key is None or len(carried["entries"]) > _MOST_FIELDS:
            return None
        picked: dict[str, Fields] = {}
        everything: dict[str, Fields] = {}
        names = []
        for name, section, fields, mark_field, version in carried["entries"]:
            sent = {str(box): [str(one) for one in values] for box, values in fields.items()}
            _form(everything, section, key).update(sent)
            if taken is None or name in taken:
                if version is not None:
                    sent = {**sent, str(mark_field): [str(Mark(int(version)))]}
                _form(picked, section, key).update(sent)
                names.append(str(name))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None
    return Chosen(key, picked, everything, tuple(names))


def _form(forms: dict[str, Fields], section: Any, key: FormKey) -> Fields:
    return forms.setdefault(str(section), Fields(form=[str(key)]))
