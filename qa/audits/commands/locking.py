"""Loading the audit that a command changes, locked and checked."""

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from qa.accounts.permissions import CurrentPerson, Permission, can
from qa.audits.lifecycle import OPEN_TO_CASES, Stage
from qa.audits.models import Audit, AuditPerson
from qa.audits.queries.reach import audit_facts
from qa.problems import NotAllowed, NotFound, refused


def locked_audit(session: Session, person: CurrentPerson, audit_id: int) -> Audit:
    """The audit, locked until the commit, its agencies loaded.

    Every change to an audit, its cases and its allocation takes this lock, so that they come one by one.
    Raises NotFound when it is out of the person's reach, NotAllowed when they may see it and not change it.
    """
    audit = session.scalar(
        select(Audit)
        .where(Audit.id == audit_id)
        .options(selectinload(Audit.agencies))
        .with_for_update(of=Audit)
    )
    if audit is None:
        raise NotFound
    facts = audit_facts(audit)
    if not can(person, Permission.AUDITS_MANAGE, facts):
        if can(person, Permission.AUDITS_READ, facts):
            raise NotAllowed("Only a QA lead of the area can change an audit.")
        raise NotFound
    return audit


def require_open_to_cases(audit: Audit) -> None:
    """Raises Refused unless cases may still be added and returns allocated."""
    if audit.stage not in OPEN_TO_CASES:
        after = (
            "Go back to fieldwork first"
            if audit.stage is Stage.PANEL
            else "It would have to go back to fieldwork first"
        )
        raise refused(f"The audit is {at_stage(audit.stage)}: its cases and returns cannot change. {after}")


def at_stage(stage: Stage) -> str:
    """The stage as it reads after "the audit is"."""
    return {
        Stage.PLANNING: "still being planned",
        Stage.FIELDWORK: "in fieldwork",
        Stage.PANEL: "at the panel stage",
        Stage.REPORTED: "reported",
        Stage.CLOSED: "closed",
    }[stage]


def named_rows(session: Session, audit_id: int) -> frozenset[int]:
    """Numbers of the people named on an audit, confidential or not."""
    return frozenset(session.scalars(select(AuditPerson.person_id).where(AuditPerson.audit_id == audit_id)))
