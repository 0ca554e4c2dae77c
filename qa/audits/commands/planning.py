"""Creating an audit and changing its plan."""

from collections.abc import Collection

from sqlalchemy import delete, func, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from qa.accounts.models import Agency, Person
from qa.accounts.permissions import CurrentPerson, Facts, Permission, can
from qa.audits.commands.locking import locked_audit, named_rows
from qa.audits.lifecycle import COMPLETE, Stage
from qa.audits.models import Audit, AuditAgency, AuditPerson, Return
from qa.audits.planning import AuditPlan, in_words, plan_problems
from qa.audits.queries.choices import agencies_in, nameable, usable_edition
from qa.db import now, writing
from qa.problems import NotFound, Refused, Stale, refused
from qa.trail.recording import record

# Attributes of a plan that are columns of the audit under the same name.
COLUMNS = (
    "title",
    "reference",
    "theme",
    "terms_of_reference",
    "key_lines_of_enquiry",
    "period_start",
    "period_end",
    "fieldwork_opens_on",
    "returns_due_on",
    "panel_on",
    "report_due_on",
    "confidential",
)
TAKEN = "Another audit has this reference. Choose another, or leave the one suggested"


def create_audit(person: CurrentPerson, area_id: int, edition_id: int, plan: AuditPlan) -> int:
    """Create an audit in the planning stage, led by the person; gives back its number.

    Raises NotFound when the area is out of reach, Refused when the plan breaks a rule, its reference is
    taken, or its edition, agencies or people cannot be chosen there.
    """
    if not can(person, Permission.AUDITS_MANAGE, Facts(area_id=area_id)):
        raise NotFound
    try:
        with writing() as session:
            if usable_edition(session, edition_id, area_id) is None:
                raise refused("Choose a published framework from the list", "edition")
            _check(session, plan, area_id, audit=None, present=frozenset())
            values = {name: getattr(plan, name) for name in COLUMNS}
            audit = Audit(
                area_id=area_id,
                edition_id=edition_id,
                stage=Stage.PLANNING,
                lead_id=person.id,
                created_at=now(),
                **values,
            )
            session.add(audit)
            session.flush()
            session.execute(
                insert(AuditAgency),
                [{"audit_id": audit.id, "agency_id": number} for number in sorted(plan.agency_ids)],
            )
            if plan.confidential:
                _name(session, audit.id, plan.named_ids | {person.id})
            record(
                session,
                person.id,
                "audits.created",
                "audit",
                audit.id,
                fields=[*COLUMNS, "agencies"],
                area_id=area_id,
            )
            return audit.id
    except IntegrityError as error:
        raise _reference_taken(error) from error


def edit_audit(person: CurrentPerson, audit_id: int, version: int, plan: AuditPlan) -> None:
    """Change an audit's plan. version: of the audit when the form was opened.

    Raises NotFound, NotAllowed, Stale, or Refused as `create_audit` does, and when the audit is closed, an
    agency with returns is left out, or someone who holds returns is not named.
    """
    try:
        with writing() as session:
            audit = locked_audit(session, person, audit_id)
            if audit.stage is Stage.CLOSED:
                raise refused("The audit is closed. Reopen it before you change it")
            present = frozenset(agency.id for agency in audit.agencies)
            if audit.version != version:
                raise _stale(session, audit)
            _check(session, plan, audit.area_id, audit, present)
            changed = [name for name in COLUMNS if getattr(audit, name) != getattr(plan, name)]
            for name in changed:
                setattr(audit, name, getattr(plan, name))
            if _set_agencies(session, audit, plan.agency_ids, present):
                changed.append("agencies")
            keep = {person.id} | ({audit.lead_id} if audit.lead_id else set())
            if _set_named(session, audit, plan.named_ids | keep if plan.confidential else frozenset()):
                changed.append("named")
            if not changed:
                return
            flag_modified(audit, "title")  # a new version even when only agencies or names changed
            record(
                session, person.id, "audits.edited", "audit", audit.id, fields=changed, area_id=audit.area_id
            )
    except IntegrityError as error:
        raise _reference_taken(error) from error


def _reference_taken(error: IntegrityError) -> Exception:
    """Two people took the same reference at the same moment; anything else stays the fault it is."""
    return Refused({"reference": TAKEN}) if "reference" in str(error.orig) else error


def _check(
    session: Session, plan: AuditPlan, area_id: int, audit: Audit | None, present: frozenset[int]
) -> None:
    """Raises Refused with everything wrong with the plan. present: agencies taking part already."""
    problems = plan_problems(plan)
    taken = select(Audit.id).where(func.lower(Audit.reference) == plan.reference.lower())
    if audit is not None:
        taken = taken.where(Audit.id != audit.id)
    if "reference" not in problems and session.scalar(taken.limit(1)) is not None:
        problems["reference"] = TAKEN
    new = plan.agency_ids - present
    if new - agencies_in(session, area_id, new):
        problems["agencies"] = "Choose only agencies that work in the area"
    if plan.confidential and plan.named_ids - nameable(session, area_id, plan.named_ids) - _known(
        session, audit
    ):
        problems["named"] = "Choose only people of the area and its agencies"
    if audit is not None:
        problems |= _of_returns(session, plan, audit, present)
    if problems:
        raise Refused(problems)


def _known(session: Session, audit: Audit | None) -> frozenset[int]:
    """People already named, who may stay so even if they have moved on."""
    return named_rows(session, audit.id) if audit else frozenset()


def _of_returns(session: Session, plan: AuditPlan, audit: Audit, present: frozenset[int]) -> dict[str, str]:
    """What the returns already allocated forbid."""
    problems: dict[str, str] = {}
    dropped = present - plan.agency_ids
    rows = session.execute(
        select(Agency.name, func.count())
        .join(Return, Return.agency_id == Agency.id)
        .where(Return.audit_id == audit.id, Agency.id.in_(dropped))
        .group_by(Agency.id, Agency.name)
        .order_by(Agency.name)
    ).all()
    if rows:
        said = ", ".join(f"{name} ({count:,})" for name, count in rows)
        problems["agencies"] = (
            f"Agencies with returns must stay in the audit: {said}. "
            "Remove their returns under Allocation first"
        )
    if plan.confidential:
        named = plan.named_ids | ({audit.lead_id} if audit.lead_id else set())
        holders = session.scalars(
            select(Person.name)
            .where(
                Person.id.in_(
                    select(Return.auditor_id).where(
                        Return.audit_id == audit.id, Return.state.not_in(COMPLETE)
                    )
                ),
                Person.id.not_in(named),
            )
            .order_by(Person.name)
        ).all()
        if holders:
            problems["named"] = (
                f"These people have returns to complete: {', '.join(holders)}. "
                "Name them too, or give their returns to somebody else first"
            )
    return problems


def _set_agencies(session: Session, audit: Audit, wanted: frozenset[int], present: frozenset[int]) -> bool:
    """Make the agencies taking part those wanted; gives whether anything changed."""
    if present - wanted:
        session.execute(
            delete(AuditAgency).where(
                AuditAgency.audit_id == audit.id, AuditAgency.agency_id.in_(present - wanted)
            )
        )
    if wanted - present:
        session.execute(
            insert(AuditAgency),
            [{"audit_id": audit.id, "agency_id": number} for number in sorted(wanted - present)],
        )
    return wanted != present


def _set_named(session: Session, audit: Audit, wanted: Collection[int]) -> bool:
    """Make the people named those wanted; gives whether anything changed."""
    present = named_rows(session, audit.id)
    gone = present - set(wanted)
    if gone:
        session.execute(
            delete(AuditPerson).where(AuditPerson.audit_id == audit.id, AuditPerson.person_id.in_(gone))
        )
    _name(session, audit.id, set(wanted) - present)
    return present != frozenset(wanted)


def _name(session: Session, audit_id: int, person_ids: Collection[int]) -> None:
    if person_ids:
        session.execute(
            insert(AuditPerson),
            [{"audit_id": audit_id, "person_id": number} for number in sorted(person_ids)],
        )


def _stale(session: Session, audit: Audit) -> Stale:
    """The audit as it is now, by the names of the form's fields, in the words the page shows."""
    names = session.scalars(
        select(Person.name)
        .join(AuditPerson, AuditPerson.person_id == Person.id)
        .where(AuditPerson.audit_id == audit.id)
        .order_by(Person.name, Person.id)
    )
    dates = (
        "period_start",
        "period_end",
        "fieldwork_opens_on",
        "returns_due_on",
        "panel_on",
        "report_due_on",
    )
    texts = ("title", "reference", "theme", "terms_of_reference", "key_lines_of_enquiry")
    current = {name: str(getattr(audit, name)) for name in texts}
    current |= {name: in_words(day) if (day := getattr(audit, name)) else "" for name in dates}
    current["agencies"] = ", ".join(agency.name for agency in audit.agencies)
    current["confidential"] = "Only people I name" if audit.confidential else "Everybody with a part in it"
    current["named"] = ", ".join(names)
    return Stale(current=current, version=audit.version)
