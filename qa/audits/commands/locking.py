"""Loading the audit that a command changes, locked and checked."""

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from qa.accounts.permissions import CurrentPerson, Permission, can
from qa.audits.lifecycle import OPEN_TO_CASES, Stage
from qa.audits.models import Audit
from qa.audits.queries.reach import as_fact, audit_facts, is_named
from qa.problems import NotAllowed, NotFound, refused


def locked_audit(session: Session, person: CurrentPerson, audit_id: int) -> Audit:
    """The audit, locked until the commit, its agencies loaded; one statement.

    Every change to an audit, its cases and its allocation takes this lock, so that they come one by one.
    Raises NotFound when it is out of the person's reach, NotAllowed when they may see it and not change it.
    """
    query = (
        select(Audit, is_named(person))
        .where(Audit.id == audit_id)
        .options(joinedload(Audit.agencies))
        .with_for_update(of=Audit)
    )
    row = session.execute(query).unique().one_or_none()
    if row is None:
        raise NotFound
    audit, named = row
    facts = audit_facts(audit, named=as_fact(audit, person, named=named))
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
