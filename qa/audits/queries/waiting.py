"""What waits for a QA lead over all their audits."""

from sqlalchemy import exists, func, select

from qa.accounts.permissions import CurrentPerson, Permission
from qa.audits.lifecycle import COMPLETE, Stage
from qa.audits.models import Audit, Case, Return
from qa.audits.queries.hub import is_late
from qa.audits.queries.reach import visible_audits
from qa.db import db


def late_audits(person: CurrentPerson) -> tuple[tuple[int, int], ...]:
    """Audits in fieldwork with late returns, and how many each has. One statement."""
    query = (
        select(Audit.id, func.count())
        .join(Return, Return.audit_id == Audit.id)
        .where(Audit.stage == Stage.FIELDWORK, is_late(), visible_audits(person, Permission.AUDITS_MANAGE))
        .group_by(Audit.id)
        .order_by(Audit.id)
    )
    return tuple((number, count) for number, count in db.session.execute(query))


def cases_ready(person: CurrentPerson) -> tuple[tuple[int, int], ...]:
    """Audits with cases whose returns are all in and whose panel is not open, and how many. One statement."""
    query = (
        select(Audit.id, func.count())
        .join(Case, Case.audit_id == Audit.id)
        .where(
            Audit.stage.in_((Stage.FIELDWORK, Stage.PANEL)),
            Case.panel_opened_at.is_(None),
            exists().where(Return.case_id == Case.id),
            ~exists().where(Return.case_id == Case.id, Return.state.not_in(COMPLETE)),
            visible_audits(person, Permission.AUDITS_MANAGE),
        )
        .group_by(Audit.id)
        .order_by(Audit.id)
    )
    return tuple((number, count) for number, count in db.session.execute(query))
