"""What every command of the panel checks first: the person, the audit's stage, the case."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from qa.accounts.permissions import CurrentPerson, Permission, can
from qa.audits.lifecycle import Stage
from qa.audits.models import Audit, Case
from qa.audits.queries import case_facts, case_query
from qa.frameworks.editions import EditionTree
from qa.identifiers.asking import Choices
from qa.identifiers.guarding import Part, check_all
from qa.moderation.stages import MODERATION_STAGES, NOT_NOW
from qa.problems import NotAllowed, NotFound, refused

ONLY_LEADS = "Only a QA lead of this area agrees grades with the panel."


def case_to_moderate(session: Session, person: CurrentPerson, audit_id: int, case_id: int) -> Case:
    """The case with its row locked, its audit (locked against change) and its returns.

    Raises NotFound out of the person's reach, NotAllowed for readers, Refused at another stage.
    """
    # The audit before the case, as whoever changes the audit takes them; what is read after that is of now.
    session.execute(select(Audit.id).where(Audit.id == audit_id).with_for_update(read=True))
    query = case_query(audit_id, case_id).with_for_update(of=Case)
    case = session.scalars(query).unique().one_or_none()
    if case is None:
        raise NotFound
    facts = case_facts(case)
    if not can(person, Permission.PANEL_READ, facts):
        raise NotFound
    if not can(person, Permission.AUDITS_MODERATE, facts):
        raise NotAllowed(ONLY_LEADS)
    check_stage(case.audit.stage)
    return case


def check_stage(stage: Stage) -> None:
    """Raises Refused unless the panel works at that stage."""
    if stage not in MODERATION_STAGES:
        raise refused(NOT_NOW)


def check_opened(case: Case) -> None:
    """Raises Refused while the case is not open to the panel."""
    if case.panel_opened_at is None:
        raise refused("Open it to the panel first")


def check_words(
    session: Session, person: CurrentPerson, case: Case, part: Part, choices: Choices
) -> None:
    """Raises Questioned when a text of the panel could identify somebody; see `qa.identifiers.guarding`."""
    about_child, area_id = case.agency_id is None, case.audit.area_id
    check_all(session, person, area_id, [part], choices, about_child=about_child)


def section_number(tree: EditionTree, section: str | None) -> int | None:
    """The number of a section by its key; None for the whole case. Raises NotFound."""
    if section is None:
        return None
    if section not in tree.ids.sections:
        raise NotFound
    return tree.ids.sections[section]
