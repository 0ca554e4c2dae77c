"""Saving a section of a return: what the form changed is written in one transaction, or none of it is."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import NamedTuple

from sqlalchemy.orm import Session

from qa.accounts.permissions import CurrentPerson, Permission
from qa.audits.lifecycle import ReturnState
from qa.db import LONDON, now, writing
from qa.frameworks.answers import AnswerError
from qa.frameworks.conditions import Visible, visible
from qa.frameworks.content import Section
from qa.frameworks.editions import EditionTree
from qa.frameworks.reading import edition_tree
from qa.frameworks.suggesting import Answers, suggest_for_section
from qa.frameworks.timeliness import counted_words
from qa.identifiers.asking import choices_in
from qa.identifiers.guarding import keep
from qa.problems import NotFound, Refused, Stale, refused
from qa.returns.comparing import compare, values_with
from qa.returns.decoding import profile_of
from qa.returns.drafts import Changes, Clash, FormFields, FormKey, values_of
from qa.returns.identifying import RECORD, Asked, asked_in, boxes_typed, looking_at
from qa.returns.moved_pages import edition_of_page, not_asked, read_moved
from qa.returns.queries import contents, lock_return, name_of
from qa.returns.records import Contents, ReturnRecord
from qa.returns.typed import Typed, read_typed
from qa.returns.writing_answers import note_saved, write_answers, write_findings
from qa.trail.recording import record as add_to_trail

# The moment of the last save is noted on the return at most this often: answers carry their own.
NOTED_EVERY = timedelta(minutes=1)


@dataclass
class Clashed(Stale):
    """Answers that this form changed were changed meanwhile by somebody else."""

    clashes: tuple[Clash, ...] = ()


class NotAsked(Refused):
    """The section is not asked, as things stand."""


class Saved(NamedTuple):
    """What came of saving. marks: what the form's hidden fields are to say from now on, by name.

    errors, clashes: what was left out (empty unless it was lenient). appeared: keys of questions of this
    section that are asked now and were not on the form. following: key of the next section, None at the end.
    there: the section is still asked.
    suggested: what the saved answers suggest for the section's grade, in words; "" for nothing (and unless
    it was lenient: the next page says it).
    counted: what stands beside each date of this section with a timescale, by question (if it was lenient).
    asked: what could identify somebody in the texts of the form, and has no answer yet.
    """

    at: datetime
    marks: dict[str, str]
    errors: tuple[AnswerError, ...] = ()
    clashes: tuple[Clash, ...] = ()
    appeared: tuple[str, ...] = ()
    following: str | None = None
    changed: bool = True
    there: bool = True
    suggested: str = ""
    counted: Mapping[str, str] = MappingProxyType({})

    asked: tuple[Asked, ...] = ()

    @property
    def clock(self) -> str:
        """The time of the save in England, such as 14:02."""
        return f"{self.at.astimezone(LONDON):%H:%M}"


@dataclass(slots=True)
class _Work:
    """A section with what was typed into it, compared."""

    record: ReturnRecord
    tree: EditionTree
    section: Section
    typed: Typed
    held: Contents
    seen: Visible
    changes: Changes = field(default_factory=Changes)

    @property
    def errors(self) -> tuple[AnswerError, ...]:
        """What is malformed among the questions that are asked, and the findings."""
        asked = (one for key, one in self.typed.answers.items() if key in self.seen.questions)
        found = [error for one in asked for error in one.errors]
        return (*found, *(row.error for row in self.typed.findings if row.error is not None))


def save_section(
    person: CurrentPerson,
    return_id: int,
    section_key: str,
    form: FormFields,
    fresh: FormKey,
    *,
    lenient: bool = False,
) -> Saved:
    """Save what a section's form changed. fresh: the form's key when it carries none.

    lenient (saving by itself, while typing): what is malformed or clashes is left out, the rest is saved.
    Otherwise nothing is saved then: raises Refused (field to message) for what is malformed, Clashed when
    somebody else changed the same. Raises Refused for the whole form when the return no longer changes,
    NotFound and NotAllowed as `get_return` does.
    """
    with writing() as session:
        work = _prepare(session, person, return_id, section_key, form, fresh)
        if not lenient:
            _insist(person, work)
        moment = now()
        if work.changes.any:
            _write(session, person, work, moment)
        asked = _ask(session, person, work, form, lenient=lenient)
    return _saved(work, moment, suggest=lenient)._replace(asked=asked)


def save_all(person: CurrentPerson, return_id: int, forms: Mapping[str, FormFields], fresh: FormKey) -> None:
    """Save the forms of several sections, by key in the framework's order, all of them or none.

    A section that is not asked once those before it are saved is left out. Raises as `save_section` does.
    """
    with writing() as session:
        moment = now()
        for key, form in forms.items():
            try:
                work = _prepare(session, person, return_id, key, form, fresh)
            except NotAsked:
                continue
            _insist(person, work)
            if work.changes.any:
                _write(session, person, work, moment)


def check_open(record: ReturnRecord) -> None:
    """Raise Refused, saying why, when the return does not change any more, or not yet."""
    if record.open:
        return
    if not record.fieldwork:
        raise refused(
            "The audit's fieldwork is not open, so this return cannot be changed. Nothing was saved"
        )
    by = f" by {record.submitted_by}" if record.submitted_by else ""
    raise refused(
        f"This return has been completed{by}, so nothing was saved. To change it, ask the QA lead "
        "to send it back"
    )


def section_of(tree: EditionTree, key: str) -> Section:
    """A section by its key. Raises NotFound."""
    try:
        return tree.content.section(key)
    except KeyError:
        raise NotFound from None


def _prepare(
    session: Session,
    person: CurrentPerson,
    return_id: int,
    section_key: str,
    form: FormFields,
    fresh: FormKey,
) -> _Work:
    record = lock_return(session, person, return_id, Permission.RETURNS_COMPLETE)
    check_open(record)
    tree = edition_tree(record.edition_id)
    before = edition_of_page(form, tree)
    if before is not None:
        return _prepare_moved(session, record, section_key, form, fresh, before)
    section = section_of(tree, section_key)
    typed = read_typed(form, tree.content, section, record.sector, fresh)
    held = contents(return_id, tree, section_key, session)
    profile = profile_of(record.profile_text, tree)
    seen = visible(tree.content, record.sector, profile, values_with(typed, held.answers))
    if section_key not in seen.sections:
        raise NotAsked({"": "This section is no longer asked of your agency on this case. Nothing was saved"})
    keep_theirs = "theirs" in form.getlist("keep")
    changes = compare(
        typed, tree.content, seen.questions, held.answers, held.findings, keep_theirs=keep_theirs
    )
    return _Work(record, tree, section, typed, held, seen, changes)


def _prepare_moved(
    session: Session,
    record: ReturnRecord,
    section_key: str,
    form: FormFields,
    fresh: FormKey,
    before: EditionTree,
) -> _Work:
    """As `_prepare`, of a page that was opened before the audit moved to another edition."""
    tree = edition_tree(record.edition_id)
    page = read_moved(form, section_key, before, tree, record.sector, fresh)
    held = contents(record.id, tree, section_key if section_key in tree.ids.sections else None, session)
    profile = profile_of(record.profile_text, tree)
    seen = visible(tree.content, record.sector, profile, values_with(page.typed, held.answers))
    typed = page.typed if section_key in seen.sections else replace(page.typed, findings=())
    changes = compare(typed, tree.content, seen.questions, held.answers, held.findings)
    if "theirs" not in form.getlist("keep"):
        changes.clashes += [*page.clashes, *not_asked(page, seen, tree, section_key)]
    return _Work(record, tree, page.section, typed, held, seen, changes)


def _insist(person: CurrentPerson, work: _Work) -> None:
    if work.errors:
        raise Refused({error.field: error.summary for error in work.errors})
    clashes = work.changes.clashes
    if clashes:
        people = {clash.changed_by_id for clash in clashes} - {None}
        other = people.pop() if len(people) == 1 else None
        raise Clashed(
            current={name: theirs for clash in clashes for name, _, _, theirs in clash.rows},
            version=work.record.version,
            changed_by=name_of(other) if other != person.id else None,
            versions={clash.mark_field: clash.version for clash in clashes},
            clashes=tuple(clashes),
        )


def _write(session: Session, person: CurrentPerson, work: _Work, moment: datetime) -> None:
    record, changes = work.record, work.changes
    if changes.answers:
        write_answers(session, person, record, work.tree, work.held, changes, work.typed.key, moment)
    if changes.added or changes.reworded or changes.removed:
        section_id = work.tree.ids.sections[work.section.key]
        write_findings(session, person, record, section_id, changes, work.typed.key, moment)
    started = record.state is not ReturnState.NOT_STARTED
    if not started or record.saved_at is None or moment - record.saved_at > NOTED_EVERY:
        note_saved(session, record, moment)
    add_to_trail(
        session,
        person.id,
        "returns.saved",
        "return",
        record.id,
        fields=_fields(work.section, changes),
        area_id=record.area_id,
    )


def _ask(
    session: Session, person: CurrentPerson, work: _Work, form: FormFields, *, lenient: bool
) -> tuple[Asked, ...]:
    """What could identify somebody in the texts of the form; what is kept with a reason is noted.

    Nothing is stopped by it, but for a reason that cannot be taken, unless it is lenient.
    """
    boxes = boxes_typed(work.typed, work.section.key, work.seen.questions)
    looking = looking_at(session, work.record, work.tree)
    asked = asked_in(session, work.record, boxes, looking, choices_in(form))
    problems = [one.problem for box in asked for one in box.suspects if one.problem]
    if problems and not lenient:
        raise refused(f"{problems[0]}. Nothing was saved")
    answered = [(seen, one.reason) for box in asked for seen, one in box.found if not one.open]
    keep(session, person, work.record.area_id, RECORD, work.record.id, answered)
    return tuple(
        box._replace(found=tuple(pair for pair in box.found if pair[1].open)) for box in asked if box.open
    )


def _fields(section: Section, changes: Changes) -> Collection[str]:
    findings = changes.added or changes.reworded or changes.removed
    return [*changes.answers, *([f"{section.key}.findings"] if findings else [])]


def _saved(work: _Work, moment: datetime, *, suggest: bool) -> Saved:
    asked = [question.key for question in work.section.questions if question.key in work.seen.questions]
    keys = [section.key for section in work.tree.content.sections if section.key in work.seen.sections]
    # A section that is gone, of a page opened before the audit moved to another edition, leads to the first.
    here = keys.index(work.section.key) + 1 if work.section.key in keys else 0
    later = keys[here:]
    kept = _kept_now(work) if suggest else None
    return Saved(
        at=moment,
        marks=work.changes.marks,
        errors=work.errors,
        clashes=tuple(work.changes.clashes),
        appeared=tuple(key for key in asked if key not in work.typed.answers),
        following=later[0] if later else None,
        there=bool(here),
        changed=work.changes.any,
        suggested=_suggested(work, kept) if kept else "",
        counted=_counted(work, kept) if kept else {},
    )


def _kept_now(work: _Work) -> Answers:
    """The answers that are kept now: what clashed or is malformed stays as it was."""
    values = values_of(work.held.answers)
    values.update({key: value for key, (value, _, _) in work.changes.answers.items()})
    profile = profile_of(work.record.profile_text, work.tree)
    return Answers(visible(work.tree.content, work.record.sector, profile, values).questions, values)


def _suggested(work: _Work, kept: Answers) -> str:
    """In words."""
    found = suggest_for_section(work.tree.content, work.section, [kept])
    return found.words if found else ""


def _counted(work: _Work, kept: Answers) -> dict[str, str]:
    return counted_words(work.section.questions, work.tree.content, kept.values, kept.asked)
