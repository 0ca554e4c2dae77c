"""What waits for a QA lead over all their audits."""

from sqlalchemy import func, select

from qa.accounts.permissions import CurrentPerson, Permission
from qa.audits.lifecycle import Stage
from qa.audits.models import Audit, AuditAgency, Case, Return
from qa.audits.queries.counting import is_late, ready_for_panel
from qa.audits.queries.reach import visible_audits
from qa.db import db
from qa.frameworks.models import Edition
from qa.frameworks.vocabulary import FrameworkKind


def late_audits(person: CurrentPerson) -> tuple[tuple[int, int], ...]:
    """Audits in fieldwork with late returns, and how many each has. One statement."""
    # Counted agency by agency, as an index then leads to the late ones of each alone.
    late = select(func.count()).where(
        Return.audit_id == AuditAgency.audit_id, Return.agency_id == AuditAgency.agency_id, is_late()
    )
    query = (
        select(Audit.id, func.sum(late.correlate(AuditAgency).scalar_subquery()))
        .join(AuditAgency, AuditAgency.audit_id == Audit.id)
        .where(Audit.stage == Stage.FIELDWORK, visible_audits(person, Permission.AUDITS_MANAGE))
        .group_by(Audit.id)
        .order_by(Audit.id)
    )
    return tuple((number, int(count)) for number, count in db.session.execute(query) if count)


def cases_ready(person: CurrentPerson) -> tuple[tuple[int, int, bool], ...]:
    """Audits with cases whose returns are all in and whose panel is not open, how many, and whether these
    cases are agencies (self-assessment). One statement.
    """
    query = (
        select(Audit.id, func.count(), Edition.kind == FrameworkKind.SELF_ASSESSMENT.value)
        .join(Case, Case.audit_id == Audit.id)
        .join(Edition, Edition.id == Audit.edition_id)
        .where(
            Audit.stage.in_((Stage.FIELDWORK, Stage.PANEL)),
            ready_for_panel,
            visible_audits(person, Permission.AUDITS_MANAGE),
        )
        .group_by(Audit.id, Edition.kind)
        .order_by(Audit.id)
    )
    return tuple((number, count, bool(own)) for number, count, own in db.session.execute(query))
