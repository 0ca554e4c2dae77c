"""A section's page that was opened before the audit moved to another edition, and is sent after it.

What the present edition asks in the same way is saved by its key. What it does not is shown again, in the
words it was typed in, so that nothing is lost without somebody seeing it.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from qa.accounts.sectors import Sector
from qa.frameworks.answers import evidence_name, value_name
from qa.frameworks.carrying import differences, withdrawn
from qa.frameworks.conditions import Visible
from qa.frameworks.content import FrameworkContent, Question, Section, applies_to
from qa.frameworks.editions import EditionTree
from qa.frameworks.reading import edition_tree
from qa.frameworks.types import type_of
from qa.problems import NotFound
from qa.returns.drafts import Clash, FormFields, FormKey, answer_digest, text_digest
from qa.returns.typed import Typed, TypedAnswer, TypedFinding, finding_name, read_typed

NOT_ASKED = "(no longer asked)"
OTHERWISE = "(asked in another way now)"
NO_SECTION = "(this section is no longer asked)"


class MovedPage(NamedTuple):
    """What a page of another edition says. section: its questions as they are asked now, those alone that an
    answer typed there still answers; typed: what was typed to them; clashes: the rest that was changed.
    """

    section: Section
    typed: Typed
    clashes: tuple[Clash, ...]


def edition_of_page(form: FormFields, now: EditionTree) -> EditionTree | None:
    """The edition that a section's page was made from; None when it is the present one, or nonsense."""
    number = next(iter(form.getlist("edition")), "")
    if not number.isdecimal() or len(number) > 9 or int(number) == now.id:
        return None
    try:
        before = edition_tree(int(number))
    except NotFound:
        return None
    return before if before.framework_id == now.framework_id else None


def read_moved(
    form: FormFields, key: str, before: EditionTree, now: EditionTree, sector: Sector, fresh: FormKey
) -> MovedPage:
    """What a form of that section of another edition says. Raises NotFound for no such section."""
    try:
        old = before.content.section(key)
    except KeyError:
        raise NotFound from None
    typed = read_typed(form, before.content, old, sector, fresh)
    good = [
        name
        for name, one in typed.answers.items()
        if not one.errors and _answers_still(one, before.content, now.content, sector)
    ]
    section = old._replace(questions=tuple(now.content.question(name) for name in good))
    kept = read_typed(form, now.content, section, sector, fresh)
    clashes = list(_changed(typed, before.content, now.content, set(kept.answers)))
    if key not in now.ids.sections:
        clashes += _findings(kept.findings)
        kept = replace(kept, findings=())
    return MovedPage(section, kept, tuple(clashes))


def _answers_still(one: TypedAnswer, before: FrameworkContent, now: FrameworkContent, sector: Sector) -> bool:
    old = one.question
    new = next((question for question in now.questions if question.key == old.key), None)
    if new is None or any(differences(old, new, before, now)):
        return False
    if not (applies_to(new, sector) and applies_to(now.section_of(new.key), sector)):
        return False
    gone = withdrawn(old, new, before, now)
    return one.value is None or gone.isdisjoint(one.value.keys)


def _changed(
    typed: Typed, before: FrameworkContent, now: FrameworkContent, kept: set[str]
) -> Iterator[Clash]:
    asked = {question.key for question in now.questions}
    for key, one in typed.answers.items():
        if key not in kept and is_changed(one):
            yield answer_clash(one, before, OTHERWISE if key in asked else NOT_ASKED)


def is_changed(one: TypedAnswer) -> bool:
    """Whether something was typed that was not there when the page was opened."""
    return bool(one.errors) or answer_digest(one.value, one.evidence) != one.mark.digest


def answer_clash(one: TypedAnswer, content: FrameworkContent, why: str) -> Clash:
    """What was typed to a question that it is no answer to any more."""
    question, rows = one.question, []
    mine = _in_words(one, question, content)
    if mine:
        rows.append((value_name(question.key), question.text, mine, why))
    if one.evidence_text.strip():
        label = f"Evidence for: {question.text}"
        rows.append((evidence_name(question.key), label, one.evidence_text.strip(), why))
    if not rows:
        rows.append((value_name(question.key), question.text, "(answer taken back)", why))
    return Clash(question.key, question.text, tuple(rows), "", 0, moved=True)


def _in_words(one: TypedAnswer, question: Question, content: FrameworkContent) -> str:
    if one.value is not None:
        return type_of(question).display(question, content, one.value)
    raw = one.raw
    return " ".join(part for part in (*raw.values, raw.day, raw.month, raw.year) if part.strip())


def _findings(rows: tuple[TypedFinding, ...]) -> Iterator[Clash]:
    for row in rows:
        if text_digest(row.text) != row.mark.digest:
            words = (finding_name(row.ref), row.kind.label, row.text or "(removed)", NO_SECTION)
            yield Clash(row.ref, row.kind.label, (words,), "", 0, moved=True)


def not_asked(page: MovedPage, seen: Visible, now: EditionTree, key: str) -> tuple[Clash, ...]:
    """What was typed to questions that are not asked as things stand, and findings of such a section."""
    clashes = [
        answer_clash(one, now.content, NOT_ASKED)
        for name, one in page.typed.answers.items()
        if name not in seen.questions and is_changed(one)
    ]
    if key in now.ids.sections and key not in seen.sections:
        clashes += _findings(page.typed.findings)
    return tuple(clashes)
