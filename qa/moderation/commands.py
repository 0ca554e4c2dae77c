"""What a QA lead does at the panel: open cases, agree grades, write the panel's own findings."""

from sqlalchemy import and_, exists, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from qa.accounts.models import Person
from qa.accounts.permissions import CurrentPerson, Permission, can
from qa.audits.lifecycle import COMPLETE, Stage
from qa.audits.models import Audit, Case, Return
from qa.audits.queries import case_facts, case_query, get_audit
from qa.db import now, writing
from qa.frameworks.content import NOT_APPLICABLE
from qa.frameworks.editions import EditionTree
from qa.frameworks.reading import edition_tree
from qa.moderation.models import Judgement
from qa.moderation.stages import MODERATION_STAGES, NOT_NOW
from qa.problems import NotAllowed, NotFound, Stale, refused
from qa.returns.models import Finding
from qa.returns.vocabulary import FindingKind
from qa.trail.recording import record

ONLY_LEADS = "Only a QA lead of this area agrees grades with the panel."


def open_case(person: CurrentPerson, audit_id: int, case_id: int) -> None:
    """Open a case to the panel: from now on the agencies with a return on it read each other's.

    Opening it again changes nothing. Raises NotFound, NotAllowed, and Refused when the audit is at another
    stage or no return is in.
    """
    with writing() as session:
        case = _case_to_moderate(session, person, audit_id, case_id)
        if case.panel_opened_at is not None:
            return
        if not any(row.state.complete for row in case.returns):
            raise refused("No return on this case is in yet. Open it when at least one is")
        case.panel_opened_at, case.panel_opened_by_id = now(), person.id
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
        _check_stage(audit.stage)
        every_return_in = and_(
            exists().where(Return.case_id == Case.id),
            ~exists().where(Return.case_id == Case.id, Return.state.not_in(COMPLETE)),
        )
        waiting = and_(Case.audit_id == audit_id, Case.panel_opened_at.is_(None), every_return_in)
        count = session.scalar(select(func.count()).select_from(Case).where(waiting)) or 0
        if count:
            changes = {"panel_opened_at": now(), "panel_opened_by_id": person.id, "version": Case.version + 1}
            session.execute(
                update(Case).where(waiting).values(changes).execution_options(synchronize_session=False)
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


def agree_section(
    person: CurrentPerson, audit_id: int, case_id: int, section: str, grade: str, reason: str, version: int
) -> None:
    """Keep the grade that the panel agreed for a section, by the section's key.

    grade: a key of the judgement scale, or "not_applicable". version: of the judgement when the form was
    opened, 0 for none. The agencies' answers stay as they are. Raises NotFound, NotAllowed, Stale, and
    Refused for a grade that is not on the scale, an empty reason, a closed case or another stage.
    """
    _agree(person, audit_id, case_id, section, grade, reason, version)


def agree_overall(
    person: CurrentPerson, audit_id: int, case_id: int, grade: str, reason: str, version: int
) -> None:
    """Keep the grade that the panel agreed for the whole case; otherwise as `agree_section`."""
    _agree(person, audit_id, case_id, None, grade, reason, version)


def _agree(
    person: CurrentPerson,
    audit_id: int,
    case_id: int,
    section: str | None,
    grade: str,
    reason: str,
    version: int,
) -> None:
    with writing() as session:
        case = _case_to_moderate(session, person, audit_id, case_id)
        tree = edition_tree(case.audit.edition_id)
        section_id = _section_id(tree, section)
        _check_opened(case)
        grade_id = _grade_id(tree, grade)
        reason = reason.strip()
        if not reason:
            raise refused("Write why the panel agreed this grade", "reason")
        # The case's row is locked, so that two first judgements of a section come one after the other.
        row = session.scalar(
            select(Judgement)
            .where(Judgement.case_id == case.id, Judgement.section_id.is_not_distinct_from(section_id))
            .with_for_update()
        )
        if row is None:
            row = Judgement(case_id=case.id, section_id=section_id, reason="")
            session.add(row)
            changed = ["grade", "reason"]
        else:
            if row.version != version:
                raise _stale(session, tree, row)
            changed = _changed(row, grade_id, reason)
        if not changed:
            return
        row.grade_id, row.reason = grade_id, reason
        row.decided_at, row.decided_by_id = now(), person.id
        part = section or "overall"
        record(
            session,
            person.id,
            "moderation.grade_agreed",
            "case",
            case.id,
            fields=[f"{part}.{name}" for name in changed],
            area_id=case.audit.area_id,
        )


def _changed(row: Judgement, grade_id: int | None, reason: str) -> list[str]:
    present = {"grade": row.grade_id == grade_id, "reason": row.reason == reason}
    return [name for name, same in present.items() if not same]


def _stale(session: Session, tree: EditionTree, row: Judgement) -> Stale:
    label = tree.grade(row.grade_id).label if row.grade_id is not None else "Not applicable"
    name = session.scalar(select(Person.name).where(Person.id == row.decided_by_id))
    return Stale(current={"grade": label, "reason": row.reason}, version=row.version, changed_by=name)


def add_finding(
    person: CurrentPerson, audit_id: int, case_id: int, kind: FindingKind, section: str | None, text: str
) -> int:
    """Add a finding of the panel's own; gives its number. section: its key, None for the whole case.

    Raises NotFound, NotAllowed, and Refused for an empty text, a closed case or another stage.
    """
    with writing() as session:
        case = _case_to_moderate(session, person, audit_id, case_id)
        section_id = _section_id(edition_tree(case.audit.edition_id), section)
        _check_opened(case)
        row = Finding(
            audit_id=audit_id,
            case_id=case.id,
            section_id=section_id,
            kind=kind,
            text=_text(text),
            released=True,
            created_at=now(),
            created_by_id=person.id,
        )
        session.add(row)
        session.flush()
        fields = ["kind", "section", "text"]
        _record_finding(session, person, "moderation.finding_added", row, case.audit, fields)
        return row.id


def change_finding(
    person: CurrentPerson,
    audit_id: int,
    case_id: int,
    finding_id: int,
    kind: FindingKind,
    section: str | None,
    text: str,
    version: int,
) -> None:
    """Change a finding of the panel's own. Raises NotFound, NotAllowed, Refused and Stale."""
    with writing() as session:
        case = _case_to_moderate(session, person, audit_id, case_id)
        tree = edition_tree(case.audit.edition_id)
        section_id = _section_id(tree, section)
        row = _own_finding(session, case, finding_id)
        if row.version != version:
            raise _stale_finding(tree, row)
        wanted = {"kind": kind, "section_id": section_id, "text": _text(text)}
        changed = [name for name, value in wanted.items() if getattr(row, name) != value]
        for name in changed:
            setattr(row, name, wanted[name])
        if changed:
            _record_finding(session, person, "moderation.finding_changed", row, case.audit, changed)


def remove_finding(person: CurrentPerson, audit_id: int, case_id: int, finding_id: int, version: int) -> None:
    """Delete a finding of the panel's own, and its coding with it.

    Raises NotFound, NotAllowed, Stale, and Refused when a recommendation rests on it.
    """
    with writing() as session:
        case = _case_to_moderate(session, person, audit_id, case_id)
        row = _own_finding(session, case, finding_id)
        if row.version != version:
            raise _stale_finding(edition_tree(case.audit.edition_id), row)
        session.delete(row)
        try:
            session.flush()
        except IntegrityError:
            raise refused(
                "A recommendation rests on this finding. Take the finding off the recommendation first"
            ) from None
        _record_finding(session, person, "moderation.finding_removed", row, case.audit, [])


def _own_finding(session: Session, case: Case, finding_id: int) -> Finding:
    row = session.scalar(
        select(Finding)
        .where(Finding.id == finding_id, Finding.case_id == case.id, Finding.return_id.is_(None))
        .with_for_update()
    )
    if row is None:
        raise NotFound
    return row


def _stale_finding(tree: EditionTree, row: Finding) -> Stale:
    section = tree.section_keys.get(row.section_id or 0)
    title = tree.content.section(section).title if section else "The whole case"
    return Stale(current={"kind": row.kind.label, "section": title, "text": row.text}, version=row.version)


def _record_finding(
    session: Session, person: CurrentPerson, event: str, row: Finding, audit: Audit, fields: list[str]
) -> None:
    record(session, person.id, event, "finding", row.id, fields=fields, area_id=audit.area_id)


def _case_to_moderate(session: Session, person: CurrentPerson, audit_id: int, case_id: int) -> Case:
    """The case with its row locked, its audit and its returns; refused to whoever may not moderate it."""
    query = case_query(audit_id, case_id).with_for_update(of=Case)
    case = session.scalars(query).unique().one_or_none()
    if case is None:
        raise NotFound
    facts = case_facts(case)
    if not can(person, Permission.PANEL_READ, facts):
        raise NotFound
    if not can(person, Permission.AUDITS_MODERATE, facts):
        raise NotAllowed(ONLY_LEADS)
    _check_stage(case.audit.stage)
    return case


def _check_stage(stage: Stage) -> None:
    if stage not in MODERATION_STAGES:
        raise refused(NOT_NOW)


def _check_opened(case: Case) -> None:
    if case.panel_opened_at is None:
        raise refused("Open the case to the panel first")


def _section_id(tree: EditionTree, section: str | None) -> int | None:
    if section is None:
        return None
    if section not in tree.ids.sections:
        raise NotFound
    return tree.ids.sections[section]


def _grade_id(tree: EditionTree, grade: str) -> int | None:
    if grade == NOT_APPLICABLE:
        return None
    found = tree.ids.grades.get((tree.judgement_scale.key, grade))
    if found is None:
        raise refused("Choose the grade the panel agreed", "grade")
    return found


def _text(text: str) -> str:
    text = text.strip()
    if not text:
        raise refused("Write what the panel found", "text")
    return text
