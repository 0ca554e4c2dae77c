"""What a QA lead does at the panel: open cases and agree grades."""

from typing import NamedTuple

from sqlalchemy import Integer, bindparam, select, update
from sqlalchemy.orm import Session

from qa.accounts.models import Person
from qa.accounts.permissions import CurrentPerson, Permission
from qa.audits.models import Case
from qa.audits.queries import get_audit, ready_for_panel
from qa.db import now, writing
from qa.frameworks.content import NOT_APPLICABLE
from qa.frameworks.editions import EditionTree
from qa.frameworks.reading import edition_tree
from qa.identifiers.asking import NO_CHOICES, Choices
from qa.identifiers.guarding import Part
from qa.moderation.admitting import (
    case_to_moderate,
    check_opened,
    check_stage,
    check_words,
    section_number,
)
from qa.moderation.models import Judgement
from qa.problems import Stale, refused
from qa.trail.recording import record


def open_case(person: CurrentPerson, audit_id: int, case_id: int) -> None:
    """Open a case to the panel: from now on the agencies with a return on it read each other's.

    Opening it again changes nothing. Raises NotFound, NotAllowed, and Refused when the audit is at another
    stage or no return is in.
    """
    with writing() as session:
        case = case_to_moderate(session, person, audit_id, case_id)
        if case.panel_opened_at is not None:
            return
        if not any(row.state.complete and not row.second for row in case.returns):
            raise refused(
                "The agency’s return is not in yet. Open it when it is"
                if case.agency_id
                else "No return on this case is in yet. Open it when at least one is"
            )
        case.panel_opened_at, case.panel_opened_by_id = now(), person.id
        if case.counted_version is not None:
            case.counted_version += 1  # as its version does now: being opened changes nothing counted
        record(
            session,
            person.id,
            "moderation.case_opened",
            "case",
            case.id,
            fields=["panel_opened_at"],
            area_id=case.audit.area_id,
        )


def open_complete_cases(person: CurrentPerson, audit_id: int) -> int:
    """Open every case whose returns are all in; gives back how many were opened.

    Raises NotFound, NotAllowed, and Refused when the audit is at another stage.
    """
    with writing() as session:
        audit = get_audit(person, audit_id, Permission.AUDITS_MODERATE)
        check_stage(audit.stage)
        # Locked in the order in which returns are allocated to them: else two could lock up.
        waiting = select(Case.id).where(Case.audit_id == audit_id, ready_for_panel).order_by(Case.id)
        numbers = session.scalars(waiting.with_for_update(key_share=True)).all()
        count = len(numbers)
        if count:
            changes = {
                "panel_opened_at": now(),
                "panel_opened_by_id": person.id,
                "version": Case.version + 1,
                "counted_version": Case.counted_version + 1,  # being opened changes nothing counted
            }
            # Written into the statement, as a database takes so many parameters and no more.
            listed = bindparam("numbers", numbers, Integer, expanding=True, literal_execute=True)
            session.execute(
                update(Case)
                .where(Case.id.in_(listed))
                .values(changes)
                .execution_options(synchronize_session=False)
            )
            record(
                session,
                person.id,
                "moderation.cases_opened",
                "audit",
                audit_id,
                fields=["panel_opened_at", f"cases:{count}"],
                area_id=audit.area_id,
            )
    return count


def agree_section(  # noqa: PLR0913, PLR0917 what the form says
    person: CurrentPerson,
    audit_id: int,
    case_id: int,
    section: str,
    grade: str,
    reason: str,
    version: int,
    edition_id: int = 0,
    choices: Choices = NO_CHOICES,
) -> None:
    """Keep the grade that the panel agreed for a section, by the section's key.

    grade: a key of the judgement scale, or "not_applicable". version: of the judgement when the form was
    opened, 0 for none. edition_id: that of the page, 0 for the present one: on another it is Stale. The
    agencies' answers stay as they are. choices: what the form says about what could identify somebody.
    Raises NotFound, NotAllowed, Stale, Questioned, and Refused for a grade that is not on the scale, an empty
    reason, a closed case or another stage.
    """
    _agree(person, audit_id, case_id, section, _Typed(grade, reason, version, edition_id, choices))


def agree_overall(
    person: CurrentPerson,
    audit_id: int,
    case_id: int,
    grade: str,
    reason: str,
    version: int,
    edition_id: int = 0,
    choices: Choices = NO_CHOICES,
) -> None:
    """Keep the grade that the panel agreed for the whole case; otherwise as `agree_section`."""
    _agree(person, audit_id, case_id, None, _Typed(grade, reason, version, edition_id, choices))


class _Typed(NamedTuple):
    """What the form of an agreed grade said."""

    grade: str
    reason: str
    version: int
    edition_id: int
    choices: Choices


def _agree(
    person: CurrentPerson,
    audit_id: int,
    case_id: int,
    section: str | None,
    typed: _Typed,
) -> None:
    with writing() as session:
        case = case_to_moderate(session, person, audit_id, case_id)
        tree = edition_tree(case.audit.edition_id)
        _check_edition(session, case.id, tree, section, typed.edition_id)
        section_id = section_number(tree, section)
        check_opened(case)
        grade_id = _grade_id(tree, typed.grade)
        reason = typed.reason.strip()
        if not reason:
            raise refused("Write why the panel agreed this grade", "reason")
        # The case's row is locked, so that two first judgements of a section come one after the other.
        row = _present(session, case.id, section_id)
        if row is None:
            row = Judgement(audit_id=audit_id, case_id=case.id, section_id=section_id, reason="")
            session.add(row)
            changed = ["grade", "reason"]
        else:
            if row.version != typed.version:
                raise _stale(session, tree, row)
            changed = _changed(row, grade_id, reason)
        if not changed:
            return
        row.grade_id, row.reason = grade_id, reason
        row.decided_at, row.decided_by_id = now(), person.id
        part = section or "overall"
        words = Part("case", case.id, {"reason": reason}, {"reason": f"{part}.reason"})
        check_words(session, person, case, words, typed.choices)
        fields = [f"{part}.{name}" for name in changed]
        event, area_id = "moderation.grade_agreed", case.audit.area_id
        record(session, person.id, event, "case", case.id, fields=fields, area_id=area_id)


def _check_edition(
    session: Session, case_id: int, tree: EditionTree, section: str | None, edition_id: int
) -> None:
    """Raises Stale for a form that was opened before the audit moved to another edition."""
    if edition_id in {0, tree.id}:
        return
    if section is not None and section not in tree.ids.sections:
        raise Stale({"grade": "(this section is no longer in the framework)", "reason": ""}, 0)
    row = _present(session, case_id, section_number(tree, section))
    versions = {"edition": tree.id}
    if row is None:
        none = "(not agreed on the present edition of the framework)"
        raise Stale({"grade": none, "reason": ""}, 0, versions=versions)
    stale = _stale(session, tree, row)
    raise Stale(stale.current, stale.version, stale.changed_by, versions)


def _present(session: Session, case_id: int, section_id: int | None) -> Judgement | None:
    query = select(Judgement).where(
        Judgement.case_id == case_id, Judgement.section_id.is_not_distinct_from(section_id)
    )
    return session.scalar(query.with_for_update())


def _changed(row: Judgement, grade_id: int | None, reason: str) -> list[str]:
    present = {"grade": row.grade_id == grade_id, "reason": row.reason == reason}
    return [name for name, same in present.items() if not same]


def _stale(session: Session, tree: EditionTree, row: Judgement) -> Stale:
    label = tree.grade(row.grade_id).label if row.grade_id is not None else "Not applicable"
    name = session.scalar(select(Person.name).where(Person.id == row.decided_by_id))
    return Stale(current={"grade": label, "reason": row.reason}, version=row.version, changed_by=name)


def _grade_id(tree: EditionTree, grade: str) -> int | None:
    if grade == NOT_APPLICABLE:
        return None
    found = tree.ids.grades.get((tree.judgement_scale.key, grade))
    if found is None:
        raise refused("Choose the grade the panel agreed", "grade")
    return found
