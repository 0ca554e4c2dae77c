"""What a section's page shows: its questions as they are kept or as they were typed, its findings, errors."""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from markupsafe import Markup

from qa.frameworks.answers import AnswerError, version_name
from qa.frameworks.conditions import Visible, visible
from qa.frameworks.content import Question, Section, applies_to
from qa.frameworks.editions import EditionTree
from qa.frameworks.suggesting import Answers, Suggestion, may_suggest, suggest_for_section
from qa.frameworks.timeliness import counted_words
from qa.frameworks.types import type_of
from qa.frameworks.types.evidence import evidence_view
from qa.frameworks.types.rendering import render
from qa.frameworks.types.views import ChoicesView, TextAreaView, View
from qa.problems import Suspect
from qa.returns.comparing import values_with
from qa.returns.decoding import profile_of
from qa.returns.drafts import EMPTY, NO_ANSWER, FormKey, Mark, values_of
from qa.returns.earlier import notes_to_answer_again
from qa.returns.page_conditions import for_script
from qa.returns.records import Contents, ReturnRecord
from qa.returns.typed import Typed, TypedFinding, finding_name, finding_ref, mark_name, removed_name
from qa.returns.vocabulary import FindingKind

NEW = str(Mark(0, EMPTY))


class QuestionBlock(NamedTuple):
    """One question on the page. condition: for the script; shown: it is asked as things stand.

    html: the field, where it had been rendered before; the template renders it from its view otherwise.
    note: that it was answered in another edition in another way. counted: what stands beside a date with a
    timescale, None for any other question.
    """

    key: str
    mark_name: str
    mark: str
    field: View
    html: Markup | None
    evidence: TextAreaView | None
    condition: str | None
    shown: bool
    note: str = ""
    counted: str | None = None


class FindingRow(NamedTuple):
    """One row for a strength or an area for improvement."""

    ref: str
    name: str
    mark_name: str
    removed_name: str
    text: str
    mark: str
    number: int
    removed: bool = False
    error: str | None = None


class FindingRows(NamedTuple):
    """The rows of one kind. next_new: the number of the next new row."""

    kind: FindingKind
    rows: tuple[FindingRow, ...]
    next_new: int


class SectionPage(NamedTuple):
    """One section. place: (number, how many). problems: (message, address of the field).

    suggests: key of the question that saved answers could suggest a grade for, None when there is none;
    suggestion: what they do suggest. asked: what is asked about the text of a box, by the box's name.
    """

    record: ReturnRecord
    tree: EditionTree
    section: Section
    key: FormKey
    blocks: tuple[QuestionBlock, ...]
    findings: tuple[FindingRows, ...]
    place: tuple[int, int]
    problems: tuple[tuple[str, str], ...] = ()
    suggests: str | None = None
    suggestion: Suggestion | None = None
    asked: Mapping[str, tuple[Suspect, ...]] = {}


def section_page(
    record: ReturnRecord,
    tree: EditionTree,
    section: Section,
    held: Contents,
    typed: Typed,
    *,
    whole_form: Sequence[str] = (),
    sent: bool = False,
) -> SectionPage | None:
    """The page; None when the section is not asked of that agency on that case.

    typed: what a form that was sent says; empty for a fresh page. whole_form: errors of the form as a whole.
    """
    profile = profile_of(record.profile_text, tree)
    values = values_with(typed, held.answers)
    seen = visible(tree.content, record.sector, profile, values)
    order = [one.key for one in tree.content.sections if one.key in seen.sections or one is section]
    if section.key not in seen.sections and not sent:
        return None
    candidates = [question for question in section.questions if applies_to(question, record.sector)]
    on_page = {question.key for question in candidates}
    notes = notes_to_answer_again(held) if held.elsewhere else {}
    counted = counted_words(candidates, tree.content, values, seen.questions)
    blocks = []
    for question in candidates:
        condition = for_script(question.only_if, on_page, profile, values, seen.questions)
        # What a form that was sent did not hold comes only once it is saved, and is then pointed out.
        shown = question.key in seen.questions and (not sent or question.key in typed.answers)
        if shown or condition is not None:
            block = _block(question, tree, held, typed, condition, shown)
            if question.key in notes or question.key in counted:
                block = block._replace(note=notes.get(question.key, ""), counted=counted.get(question.key))
            blocks.append(block)
    graded = section.grade_question if may_suggest(tree.content, section) else None
    saved = values_of(held.answers)
    kept = visible(tree.content, record.sector, profile, saved) if sent else seen
    return SectionPage(
        record,
        tree,
        section,
        typed.key,
        tuple(blocks),
        tuple(_rows(kind, held, typed, sent) for kind in FindingKind),
        (order.index(section.key) + 1, len(order)),
        (*((message, "#form") for message in whole_form), *_problems(typed, seen)),
        graded.key if graded else None,
        suggest_for_section(tree.content, section, [Answers(kept.questions, saved)]) if graded else None,
    )


def _block(
    question: Question, tree: EditionTree, held: Contents, typed: Typed, condition: str | None, shown: bool
) -> QuestionBlock:
    content, kind = tree.content, type_of(question)
    stored, one = held.answers.get(question.key, NO_ANSWER), typed.answers.get(question.key)
    if one is None:
        mark, raw = stored.mark, kind.to_raw(question, stored.value)
        view, evidence = kind.view(question, content, raw), stored.evidence
        evidence_error = None
    else:
        mark, evidence, evidence_error = one.mark, one.evidence_text, one.evidence_error
        view = kind.view(question, content, one.raw, one.value_error if shown else None)
    return QuestionBlock(
        question.key,
        version_name(question.key),
        str(mark),
        view,
        _kept_html(view) if isinstance(view, ChoicesView) and view.error is None else None,
        evidence_view(question, content, evidence, evidence_error if shown else None),
        condition,
        shown,
    )


@lru_cache(maxsize=1024)
def _kept_html(view: ChoicesView) -> Markup:
    """A field of choices, kept: it has few different states, and is most of a page's work."""
    return render(view)


def _problems(typed: Typed, seen: Visible) -> Iterable[tuple[str, str]]:
    for key, one in typed.answers.items():
        if key in seen.questions:
            yield from map(_problem, one.errors)
    yield from (_problem(row.error) for row in typed.findings if row.error is not None)


def _problem(error: AnswerError) -> tuple[str, str]:
    return error.summary, f"#{error.field}"


def _rows(kind: FindingKind, held: Contents, typed: Typed, sent: bool) -> FindingRows:
    """The rows as they were sent, or else those kept; always one to type into."""
    if sent:
        rows = [_typed_row(row) for row in typed.findings if row.kind is kind]
    else:
        rows = [
            _row(finding_ref(kind, finding.id), finding.text, str(finding.mark))
            for finding in held.findings
            if finding.kind == kind
        ]
    new = max((_new_number(row.ref) for row in rows), default=0)
    if not any(not row.removed for row in rows):
        new += 1
        rows.append(_row(finding_ref(kind, new, new=True), "", NEW))
    numbered = tuple(row._replace(number=place) for place, row in enumerate(rows, start=1))
    return FindingRows(kind, numbered, new + 1)


def _new_number(ref: str) -> int:
    last = ref.rsplit("-", 1)[1]
    return int(last[1:]) if last.startswith("n") else 0


def _typed_row(row: TypedFinding) -> FindingRow:
    error = row.error.message if row.error else None
    made = _row(row.ref, row.typed, str(row.mark))
    return made._replace(removed=row.removed, error=error)


def _row(ref: str, text: str, mark: str) -> FindingRow:
    return FindingRow(ref, finding_name(ref), mark_name(ref), removed_name(ref), text, mark, 0)
