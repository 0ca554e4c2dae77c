"""Findings of the panel's own: adding, changing and deleting them."""

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from qa.accounts.permissions import CurrentPerson
from qa.audits.models import Audit, Case
from qa.db import now, writing
from qa.frameworks.editions import EditionTree
from qa.frameworks.reading import edition_tree
from qa.identifiers.asking import NO_CHOICES, Choices
from qa.identifiers.guarding import Part
from qa.moderation.admitting import case_to_moderate, check_opened, check_words, section_number
from qa.problems import NotFound, Stale, refused
from qa.returns.models import Finding
from qa.returns.vocabulary import FindingKind
from qa.trail.recording import record


def add_finding(
    person: CurrentPerson,
    audit_id: int,
    case_id: int,
    kind: FindingKind,
    section: str | None,
    text: str,
    choices: Choices = NO_CHOICES,
) -> int:
    """Add a finding of the panel's own; gives its number. section: its key, None for the whole case.

    choices: what the form says about what could identify somebody. Raises NotFound, NotAllowed, Questioned,
    and Refused for an empty text, a closed case or another stage.
    """
    with writing() as session:
        case = case_to_moderate(session, person, audit_id, case_id)
        section_id = section_number(edition_tree(case.audit.edition_id), section)
        check_opened(case)
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
        check_words(session, person, case, Part("finding", row.id, {"text": row.text}), choices)
        fields = ["kind", "section", "text"]
        _record_finding(session, person, "moderation.finding_added", row, case.audit, fields)
        return row.id


def change_finding(  # noqa: PLR0913, PLR0917 what the form says
    person: CurrentPerson,
    audit_id: int,
    case_id: int,
    finding_id: int,
    kind: FindingKind,
    section: str | None,
    text: str,
    version: int,
    choices: Choices = NO_CHOICES,
) -> None:
    """Change a finding of the panel's own. Raises NotFound, NotAllowed, Refused, Questioned and Stale."""
    with writing() as session:
        case = case_to_moderate(session, person, audit_id, case_id)
        tree = edition_tree(case.audit.edition_id)
        section_id = section_number(tree, section)
        row = _own_finding(session, case, finding_id)
        if row.version != version:
            raise _stale_finding(tree, row)
        wanted = {"kind": kind, "section_id": section_id, "text": _text(text)}
        changed = [name for name, value in wanted.items() if getattr(row, name) != value]
        for name in changed:
            setattr(row, name, wanted[name])
        if changed:
            check_words(session, person, case, Part("finding", row.id, {"text": row.text}), choices)
            _record_finding(session, person, "moderation.finding_changed", row, case.audit, changed)


def remove_finding(person: CurrentPerson, audit_id: int, case_id: int, finding_id: int, version: int) -> None:
    """Delete a finding of the panel's own, and its coding with it.

    Raises NotFound, NotAllowed, Stale, and Refused when a recommendation rests on it.
    """
    with writing() as session:
        case = case_to_moderate(session, person, audit_id, case_id)
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
    whole = "The whole self-assessment" if tree.self_assessment else "The whole case"
    title = tree.content.section(section).title if section else whole
    return Stale(current={"kind": row.kind.label, "section": title, "text": row.text}, version=row.version)


def _record_finding(
    session: Session, person: CurrentPerson, event: str, row: Finding, audit: Audit, fields: list[str]
) -> None:
    record(session, person.id, event, "finding", row.id, fields=fields, area_id=audit.area_id)


def _text(text: str) -> str:
    text = text.strip()
    if not text:
        raise refused("Write what the panel found", "text")
    return text
