"""What was typed into a section's form: answers, evidence and findings, good or malformed. Pure.

Names in the form: q-, e- and v-<question key> (value, evidence, mark); f-, m- and r-<ref> for a finding's
text, its mark, and that it is to go. A ref is `strength-17` for the finding numbered 17, `strength-n2` for
the second new row.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from qa.accounts.sectors import Sector
from qa.frameworks.answers import AnswerError, AnswerValue, RawAnswer, evidence_name, raw_answer, version_name
from qa.frameworks.content import FrameworkContent, Question, Section, applies_to
from qa.frameworks.types import type_of
from qa.frameworks.types.evidence import parse_evidence
from qa.frameworks.types.texts import LONGEST, clean_text, too_long
from qa.frameworks.vocabulary import EvidenceRule
from qa.returns.drafts import FormFields, FormKey, Mark, form_key, read_mark
from qa.returns.vocabulary import FindingKind

_REF = re.compile(rf"({'|'.join(FindingKind)})-(n?)(\d{{1,18}})\Z")
# More rows than anybody writes: what is beyond was not typed by a person.
MOST_FINDINGS = 200


def finding_name(ref: str) -> str:
    """Name and id of the box for a finding's text."""
    return f"f-{ref}"


def mark_name(ref: str) -> str:
    """Name of the hidden field with a finding's mark."""
    return f"m-{ref}"


def removed_name(ref: str) -> str:
    """Name of the hidden field that says a finding is to go."""
    return f"r-{ref}"


def finding_ref(kind: FindingKind, number: int, *, new: bool = False) -> str:
    """What names a row: a finding by its number, or a new row by its place among the new."""
    return f"{kind.value}-{'n' if new else ''}{number}"


class TypedAnswer(NamedTuple):
    """One question of the form. value and evidence count only where there is no error."""

    question: Question
    raw: RawAnswer
    evidence_text: str
    mark: Mark
    value: AnswerValue | None = None
    evidence: str = ""
    value_error: AnswerError | None = None
    evidence_error: AnswerError | None = None

    @property
    def errors(self) -> list[AnswerError]:
        """What is malformed."""
        return [error for error in (self.value_error, self.evidence_error) if error is not None]


class TypedFinding(NamedTuple):
    """One row of the form. number: of the finding it was made from, None for a row that was new.

    typed: what stands in its box, cleaned. removed: it was marked to go.
    """

    ref: str
    kind: FindingKind
    number: int | None
    typed: str
    mark: Mark
    removed: bool = False
    error: AnswerError | None = None

    @property
    def text(self) -> str:
        """What is to be kept."""
        return "" if self.removed else self.typed


@dataclass(frozen=True, slots=True)
class Typed:
    """Everything typed into a section's form."""

    key: FormKey
    answers: Mapping[str, TypedAnswer] = field(default_factory=dict)
    findings: tuple[TypedFinding, ...] = ()


def read_typed(
    form: FormFields, content: FrameworkContent, section: Section, sector: Sector, fresh: FormKey
) -> Typed:
    """What a form says about a section. fresh: the key to use when the form carries none of ours.

    A question whose mark is not in the form was not on it, and is left alone.
    """
    answers = {
        question.key: _answer(form, content, question, mark)
        for question in section.questions
        if applies_to(question, sector)
        and (mark := read_mark(_first(form, version_name(question.key)))) is not None
    }
    return Typed(form_key(_first(form, "form")) or fresh, answers, tuple(_findings(form)))


def _first(form: FormFields, name: str) -> str:
    return next(iter(form.getlist(name)), "")


def _answer(form: FormFields, content: FrameworkContent, question: Question, mark: Mark) -> TypedAnswer:
    raw = raw_answer(question.key, form)
    text = _first(form, evidence_name(question.key))
    value, evidence, value_error, evidence_error = None, "", None, None
    try:
        value = type_of(question).parse(question, content, raw)
    except AnswerError as error:
        value_error = error
    if question.evidence is not EvidenceRule.NONE:
        try:
            evidence = parse_evidence(question, text) or ""
        except AnswerError as error:
            evidence_error = error
    return TypedAnswer(question, raw, text, mark, value, evidence, value_error, evidence_error)


def _findings(form: FormFields) -> Iterator[TypedFinding]:
    names = [name for name in form.keys() if name.startswith("f-")][:MOST_FINDINGS]  # noqa: SIM118 a form
    for ref in (name.removeprefix("f-") for name in names):
        parts = _REF.match(ref)
        if parts is None:
            continue
        kind, text = FindingKind(parts[1]), clean_text(_first(form, finding_name(ref)))
        removed, error = bool(_first(form, removed_name(ref))), None
        if len(text) > LONGEST and not removed:
            error = AnswerError(finding_name(ref), too_long(text, LONGEST), question=kind.label)
        mark = read_mark(_first(form, mark_name(ref))) or Mark()
        yield TypedFinding(ref, kind, None if parts[2] else int(parts[3]), text, mark, removed, error)
