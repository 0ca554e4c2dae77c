"""What the forms of recommendations and actions offer: themes, findings, agencies and their leads."""

from collections.abc import Collection

from sqlalchemy import ColumnElement, and_, func, or_, select

from qa.accounts.models import Agency, Person, PersonRole
from qa.accounts.permissions import CurrentPerson, Permission, Role, can
from qa.audits.models import Audit, AuditAgency, AuditPerson, Case
from qa.audits.queries import audit_facts, get_audit
from qa.db import db
from qa.findings.models import Theme
from qa.problems import NotFound
from qa.recommendations.models import Recommendation
from qa.recommendations.records import AgencyLeads, Basis, FindingLine
from qa.recommendations.tracker import AskedAudit
from qa.returns.models import Finding


def finding_lines(*conditions: ColumnElement[bool]) -> list[FindingLine]:
    """Findings that fulfil the conditions, in the order they were written. One statement."""
    query = (
        select(Finding.id, Finding.kind, Finding.text, Agency.name, Case.reference)
        .join(Case, Case.id == Finding.case_id)
        .outerjoin(Agency, Agency.id == Finding.agency_id)
        .where(*conditions)
        .order_by(Finding.id)
    )
    return [FindingLine(row[0], row[1].label, *row[2:]) for row in db.session.execute(query)]


def basis(person: CurrentPerson, audit_id: int, finding_ids: Collection[int] = ()) -> Basis:
    """What the form for a new recommendation of an audit offers. Raises NotFound out of a QA lead's reach.

    finding_ids: findings to rest on; those that are not released findings of this audit are left out.
    At most four statements.
    """
    audit = get_audit(person, audit_id, Permission.RECOMMENDATIONS_MANAGE)
    findings: list[FindingLine] = []
    if finding_ids:
        findings = finding_lines(
            Finding.id.in_(finding_ids), Finding.audit_id == audit_id, Finding.released.is_(True)
        )
    return Basis(
        audit_id=audit.id,
        audit_reference=audit.reference,
        audit_title=audit.title,
        area_id=audit.area_id,
        themes=themes_for(audit.area_id),
        findings=findings,
        agencies=agency_leads(audit_id),
    )


def asked_audit(person: CurrentPerson, audit_id: int | None) -> AskedAudit | None:
    """The audit that the tracker is narrowed to; None when there is none within reach. One statement."""
    if audit_id is None:
        return None
    try:
        audit = get_audit(person, audit_id, Permission.RECOMMENDATIONS_READ)
    except NotFound:
        return None
    # It is within reach, so a reader of a confidential one is named on it.
    named = frozenset({person.id}) if audit.confidential else None
    may_add = can(person, Permission.RECOMMENDATIONS_MANAGE, audit_facts(audit, named=named))
    return AskedAudit(audit.id, audit.reference, audit.title, may_add)


def themes_for(area_id: int) -> list[tuple[int, str]]:
    """Every theme an audit of the area may use, by name: the shared ones and the area's own."""
    query = select(Theme.id, Theme.name).where(or_(Theme.area_id.is_(None), Theme.area_id == area_id))
    return [(row.id, row.name) for row in db.session.execute(query.order_by(Theme.name, Theme.id))]


def agency_leads(audit_id: int) -> list[AgencyLeads]:
    """The agencies of an audit, each with its agency leads; of a confidential audit those named on it."""
    named = select(AuditPerson.person_id).where(AuditPerson.audit_id == audit_id)
    leads = (
        select(PersonRole.agency_id, Person.id, Person.name)
        .join(Person, Person.id == PersonRole.person_id)
        .where(PersonRole.role == Role.AGENCY_LEAD, Person.active)
        .distinct()
        .subquery("leads")
    )
    may_lead = and_(leads.c.agency_id == Agency.id, or_(Audit.confidential.is_(False), leads.c.id.in_(named)))
    query = (
        select(Agency.id, Agency.name, leads.c.id, leads.c.name)
        .join(AuditAgency, AuditAgency.agency_id == Agency.id)
        .join(Audit, Audit.id == AuditAgency.audit_id)
        .outerjoin(leads, may_lead)
        .where(Audit.id == audit_id)
        .order_by(Agency.name, Agency.id, leads.c.name, leads.c.id)
    )
    found: dict[int, tuple[str, list[tuple[int, str]]]] = {}
    for agency_id, agency, person_id, name in db.session.execute(query):
        people = found.setdefault(agency_id, (agency, []))[1]
        if person_id is not None:
            people.append((person_id, name))
    return [AgencyLeads(number, agency, people) for number, (agency, people) in found.items()]


def next_number(audit_id: int) -> int:
    """The number of the audit's next recommendation; ask while the audit's row is locked."""
    query = select(func.max(Recommendation.number)).where(Recommendation.audit_id == audit_id)
    return (db.session.scalar(query) or 0) + 1
