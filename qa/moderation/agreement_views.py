"""The page of an audit's agreement."""

from flask import render_template

from qa.accounts.access import current_person, requires
from qa.accounts.permissions import Permission
from qa.moderation.agreement import LEAST
from qa.moderation.agreement_queries import agreement_of
from qa.moderation.blueprint import blueprint


@blueprint.get("/audits/<int:audit_id>/agreement")
@requires(Permission.AUDITS_MODERATE)
def agreement(audit_id: int) -> str:
    """How far two auditors of an agency agree, how far agencies do, and how far the panel moved grades."""
    found = agreement_of(current_person(), audit_id)
    return render_template("moderation/agreement.html", found=found, audit=found.audit, least=LEAST)
