"""What the page of an e-mail shows before it is sent."""

from qa.accounts.permissions import CurrentPerson, Permission
from qa.audits.queries import get_audit
from qa.chasing.queries import ToChase, Which, to_chase
from qa.db import db


def recipients_of(person: CurrentPerson, audit_id: int, which: Which) -> ToChase:
    """Who would be written to about the returns meant. Raises NotFound when it is not the person's audit."""
    return to_chase(db.session(), get_audit(person, audit_id, Permission.AUDITS_MANAGE), which)
