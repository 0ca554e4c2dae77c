"""Compares what was typed with what is kept, and says what is to be written: pure."""

from collections.abc import Collection, Mapping, Sequence

from qa.frameworks.answers import AnswerValue, evidence_name, value_name, version_name
from qa.frameworks.content import FrameworkContent
from qa.frameworks.types import type_of
from qa.returns.drafts import (
    EMPTY,
    NO_ANSWER,
    Changes,
    Clash,
    FormKey,
    Mark,
    StoredAnswer,
    StoredFinding,
    Verdict,
    answer_digest,
    judge,
    text_digest,
    values_of,
)
from qa.returns.typed import Typed, TypedAnswer, TypedFinding, finding_name, mark_name

REMOVED = "(removed)"


def values_with(typed: Typed, stored: Mapping[str, StoredAnswer]) -> dict[str, AnswerValue | None]:
    """Every answer of the return as it would be with what was typed: what conditions then look at.

    A malformed answer counts as what is kept in its place.
    """
    values = values_of(stored)
    values.update({key: one.value for key, one in typed.answers.items() if one.value_error is None})
    return values


def compare(
    typed: Typed,
    content: FrameworkContent,
    asked: Collection[str],
    answers: Mapping[str, StoredAnswer],
    findings: Sequence[StoredFinding],
    *,
    keep_theirs: bool = False,
) -> Changes:
    """What of a form is to be written. asked: keys of the questions that are asked once it is.

    Answers to questions that are not asked are left as they are, and malformed ones are left out.
    findings: those of the section. keep_theirs: what the page of two versions showed is left as it is.
    """
    changes = Changes()
    for key, one in typed.answers.items():
        chosen = keep_theirs and not one.mark.digest
        if key in asked and not one.errors and not chosen:
            _compare_answer(changes, typed.key, one, content, answers.get(key, NO_ANSWER))
    by_number = {finding.id: finding for finding in findings}
    by_origin = {finding.origin: finding for finding in findings if finding.origin}
    for row in typed.findings:
        chosen = keep_theirs and not row.mark.digest
        if row.error is None and not chosen:
            stored = by_number.get(row.number or 0) if row.mark.version else None
            _compare_finding(changes, typed.key, row, stored or by_origin.get(origin(typed.key, row.ref)))
    return changes


def origin(key: FormKey, ref: str) -> str:
    """What names a row of a form for ever: it is added once, however often the form is sent."""
    return f"{key.opening}:{ref.rsplit('-', 1)[0][0]}{ref.rsplit('-', 1)[1]}"


def _compare_answer(
    changes: Changes, key: FormKey, typed: TypedAnswer, content: FrameworkContent, stored: StoredAnswer
) -> None:
    digest = answer_digest(typed.value, typed.evidence)
    name = version_name(typed.question.key)
    match judge(key, typed.mark, digest, stored):
        case Verdict.WRITE:
            changes.answers[typed.question.key] = (typed.value, typed.evidence, stored.version + 1)
            changes.marks[name] = str(Mark(stored.version + 1, digest))
        case Verdict.LEAVE:
            if digest == stored.digest:
                changes.marks[name] = str(stored.mark)
        case Verdict.CLASH:
            changes.clashes.append(_answer_clash(typed, content, stored, name))


def _answer_clash(
    typed: TypedAnswer, content: FrameworkContent, stored: StoredAnswer, mark_field: str
) -> Clash:
    question = typed.question
    kind = type_of(question)
    mine, theirs = (kind.display(question, content, value) for value in (typed.value, stored.value))
    rows = []
    if mine != theirs:
        rows.append((value_name(question.key), question.text, mine, theirs))
    if typed.evidence != stored.evidence:
        label = f"Evidence for: {question.text}"
        rows.append((evidence_name(question.key), label, typed.evidence, stored.evidence))
    return Clash(question.key, question.text, tuple(rows), mark_field, stored.version, stored.updated_by_id)


def _compare_finding(
    changes: Changes, key: FormKey, typed: TypedFinding, stored: StoredFinding | None
) -> None:
    digest, name = text_digest(typed.text), mark_name(typed.ref)
    if stored is None:
        _compare_missing(changes, typed, digest, name)
        return
    match judge(key, typed.mark, digest, stored):
        case Verdict.WRITE if typed.text:
            changes.reworded.append((stored.id, typed.text, stored.version + 1))
            changes.marks[name] = str(Mark(stored.version + 1, digest))
        case Verdict.WRITE:
            changes.removed.append(stored.id)
            changes.marks[name] = str(Mark(0, EMPTY))
        case Verdict.LEAVE:
            if digest == stored.digest:
                changes.marks[name] = str(stored.mark)
        case Verdict.CLASH:
            changes.clashes.append(_finding_clash(typed, stored.text, stored.version))


def _compare_missing(changes: Changes, typed: TypedFinding, digest: str, name: str) -> None:
    """A row with no finding behind it: a new one, or one that was removed meanwhile."""
    if not typed.text or typed.mark.digest == digest:
        return
    if typed.mark.version == 0:
        changes.added.append((typed.ref, typed.kind.value, typed.text))
        changes.marks[name] = str(Mark(1, digest))
    else:
        changes.clashes.append(_finding_clash(typed, REMOVED, 0))


def _finding_clash(typed: TypedFinding, theirs: str, version: int) -> Clash:
    label = typed.kind.label
    row = (finding_name(typed.ref), label, typed.text or REMOVED, theirs)
    return Clash(typed.ref, label, (row,), mark_name(typed.ref), version)
