"""Creating an audit and changing its plan."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, exists, false, func, insert, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from qa.accounts.models import Agency, Person, PersonRole
from qa.accounts.permissions import CurrentPerson, Facts, Permission, can
from qa.audits.commands.locking import locked_audit
from qa.audits.lifecycle import COMPLETE, Stage
from qa.audits.models import Audit, AuditAgency, AuditPerson, Return
from qa.audits.planning import AuditPlan, Origin, in_words, plan_problems
from qa.audits.programme.carrying import claim_planned
from qa.audits.queries.choices import has_a_part_in, leads_in, usable_in, works_in
from qa.audits.queries.reach import visible_audits
from qa.db import now, writing
from qa.frameworks.models import Edition, Framework
from qa.identifiers.asking import NO_CHOICES, Choices
from qa.identifiers.guarding import check
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
TEXTS = ("title", "theme", "terms_of_reference", "key_lines_of_enquiry")
TAKEN = "Another audit has this reference. Choose another, or leave the one suggested"


def create_audit(
    person: CurrentPerson,
    area_id: int,
    edition_id: int,
    plan: AuditPlan,
    origin: Origin = Origin(),  # noqa: B008 it cannot change
    choices: Choices = NO_CHOICES,
) -> int:
    """Create an audit in the planning stage, led by the person unless told; gives back its number.

    Raises NotFound when the area or what it begins from is out of reach, Refused when the plan breaks a rule,
    its reference is taken, its edition, agencies or people cannot be chosen there, or the programme's audit
    was begun already; Questioned about its texts.
    """
    if not can(person, Permission.AUDITS_MANAGE, Facts(area_id=area_id)):
        raise NotFound
    try:
        with writing() as session:
            # Nobody withdraws the edition, or keeps it to another area, while the audit comes into being.
            session.execute(select(Edition.id).where(Edition.id == edition_id).with_for_update(read=True))
            planned_id = (
                claim_planned(session, person, origin.planned_id, area_id) if origin.planned_id else None
            )
            repeats_id = _repeated(session, person, origin.repeats_id, area_id) if origin.repeats_id else None
            _check(session, plan, area_id, edition_id, None)
            values = {name: getattr(plan, name) for name in COLUMNS}
            lead_id = plan.lead_id or person.id
            audit = Audit(
                area_id=area_id,
                edition_id=edition_id,
                stage=Stage.PLANNING,
                lead_id=lead_id,
                planned_id=planned_id,
                repeats_id=repeats_id,
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
                _name(session, audit.id, plan.named_ids | {person.id, lead_id})
            check(session, person, area_id, "audit", audit.id, _texts(plan), choices, about_child=False)
            ties = [name for name, value in (("planned", planned_id), ("repeats", repeats_id)) if value]
            record(
                session,
                person.id,
                "audits.created",
                "audit",
                audit.id,
                fields=[*COLUMNS, "agencies", *ties],
                area_id=area_id,
            )
            return audit.id
    except IntegrityError as error:
        raise _reference_taken(error) from error


def edit_audit(
    person: CurrentPerson, audit_id: int, version: int, plan: AuditPlan, choices: Choices = NO_CHOICES
) -> None:
    """Change an audit's plan. version: of the audit when the form was opened.

    Raises NotFound, NotAllowed, Stale, or Refused as `create_audit` does, and when the audit is closed, an
    agency with returns is left out, or someone who holds returns is not named.
    """
    try:
        with writing() as session:
            audit = locked_audit(session, person, audit_id)
            if audit.stage is Stage.CLOSED:
                raise refused("The audit is closed. Reopen it before you change it")
            if audit.version != version:
                raise _stale(session, audit)
            _check(session, plan, audit.area_id, None, audit)
            changed = [name for name in COLUMNS if getattr(audit, name) != getattr(plan, name)]
            for name in changed:
                setattr(audit, name, getattr(plan, name))
            if plan.lead_id is not None and plan.lead_id != audit.lead_id:
                audit.lead_id = plan.lead_id
                changed.append("lead")
            if _set_agencies(session, audit, plan.agency_ids):
                changed.append("agencies")
            if (plan.confidential or "confidential" in changed) and _set_named(session, person, audit, plan):
                changed.append("named")
            if not changed:
                return
            flag_modified(audit, "title")  # a new version even when only agencies or names changed
            texts, area_id = _texts(plan), audit.area_id
            check(session, person, area_id, "audit", audit.id, texts, choices, about_child=False)
            record(
                session, person.id, "audits.edited", "audit", audit.id, fields=changed, area_id=audit.area_id
            )
    except IntegrityError as error:
        raise _reference_taken(error) from error


def _texts(plan: AuditPlan) -> dict[str, str]:
    """The free texts of a plan, by their fields."""
    return {name: getattr(plan, name) for name in TEXTS}


def _repeated(session: Session, person: CurrentPerson, audit_id: int, area_id: int) -> int:
    """The earlier audit's number. Raises NotFound when it is another area's, or not theirs to manage."""
    found = session.scalar(
        select(Audit.id).where(
            Audit.id == audit_id, Audit.area_id == area_id, visible_audits(person, Permission.AUDITS_MANAGE)
        )
    )
    if found is None:
        raise NotFound
    return found


def _reference_taken(error: IntegrityError) -> Exception:
    """Two people took the same reference at the same moment; anything else stays the fault it is."""
    return Refused({"reference": TAKEN}) if "reference" in str(error.orig) else error


def _check(
    session: Session, plan: AuditPlan, area_id: int, edition_id: int | None, audit: Audit | None
) -> None:
    """Raises Refused with everything wrong with the plan. edition_id: of a new audit, None for an old one."""
    problems = plan_problems(plan)
    present = frozenset(agency.id for agency in audit.agencies) if audit else frozenset[int]()
    new, named = plan.agency_ids - present, plan.named_ids if plan.confidential else frozenset[int]()
    lead_id = None if audit and plan.lead_id == audit.lead_id else plan.lead_id
    found = session.execute(
        select(
            _count(Edition, Edition.id == edition_id, usable_in(area_id), join=Framework),
            _count(Audit, func.lower(Audit.reference) == plan.reference.lower(), *_others(audit)),
            _count(Agency, Agency.id.in_(new), works_in(area_id)),
            _count(
                Person, Person.id.in_(named), or_(and_(Person.active, _part_in(area_id)), _is_named(audit))
            ),
            _count(Return, *_of_dropped(audit, present - plan.agency_ids)),
            _count(Return, *_of_unnamed(audit, plan)),
            _count(Person, Person.id == lead_id, leads_in(area_id)),
        )
    ).one()
    editions, same_reference, agencies, people, dropped, unnamed, leads = found
    if edition_id is not None and not editions:
        problems["edition"] = "Choose a published framework from the list"
    if same_reference:
        problems.setdefault("reference", TAKEN)
    if lead_id is not None and not leads:
        problems["lead"] = "Choose a QA lead of the area"
    if agencies < len(new):
        problems["agencies"] = "Choose only agencies that work in the area"
    if people < len(named):
        problems["named"] = "Choose only people of the area and its agencies"
    if audit and dropped:
        problems["agencies"] = _dropped(session, audit, present - plan.agency_ids)
    if audit and unnamed:
        problems["named"] = _unnamed(session, audit, plan)
    if problems:
        raise Refused(problems)


def _count(counted: Any, *conditions: ColumnElement[bool], join: Any = None) -> Any:
    query = select(func.count()).select_from(counted)
    if join is not None:
        query = query.join(join)
    return query.where(*conditions).scalar_subquery()


def _others(audit: Audit | None) -> list[ColumnElement[bool]]:
    return [Audit.id != audit.id] if audit else []


def _part_in(area_id: int) -> ColumnElement[bool]:
    return exists().where(PersonRole.person_id == Person.id, has_a_part_in(area_id))


def _is_named(audit: Audit | None) -> ColumnElement[bool]:
    """The condition on Person that they are named already: such a one may stay, even having moved on."""
    if audit is None:
        return false()
    return exists().where(AuditPerson.person_id == Person.id, AuditPerson.audit_id == audit.id)


def _of_dropped(audit: Audit | None, dropped: frozenset[int]) -> list[ColumnElement[bool]]:
    """Returns of agencies that the plan leaves out."""
    return [Return.audit_id == audit.id, Return.agency_id.in_(dropped)] if audit else [false()]


def _of_unnamed(audit: Audit | None, plan: AuditPlan) -> list[ColumnElement[bool]]:
    """Returns to be completed by people whom a confidential plan does not name."""
    if audit is None or not plan.confidential:
        return [false()]
    lead_id = plan.lead_id or audit.lead_id
    named = plan.named_ids | ({lead_id} if lead_id else set())
    return [
        Return.audit_id == audit.id,
        Return.state.not_in(COMPLETE),
        Return.auditor_id.is_not(None),
        Return.auditor_id.not_in(named),
    ]


def _dropped(session: Session, audit: Audit, dropped: frozenset[int]) -> str:
    rows = session.execute(
        select(Agency.name, func.count())
        .join(Return, Return.agency_id == Agency.id)
        .where(*_of_dropped(audit, dropped))
        .group_by(Agency.id, Agency.name)
        .order_by(Agency.name)
    )
    said = ", ".join(f"{name} ({count:,})" for name, count in rows)
    return f"Agencies with returns must stay: {said}. Remove their returns under Allocation first"


def _unnamed(session: Session, audit: Audit, plan: AuditPlan) -> str:
    names = session.scalars(
        select(Person.name)
        .where(Person.id.in_(select(Return.auditor_id).where(*_of_unnamed(audit, plan))))
        .order_by(Person.name)
    )
    return (
        f"These people have returns to complete: {', '.join(names)}. "
        "Name them too, or give their returns to somebody else first"
    )


def _set_agencies(session: Session, audit: Audit, wanted: frozenset[int]) -> bool:
    """Make the agencies taking part those wanted; gives whether anything changed."""
    present = frozenset(agency.id for agency in audit.agencies)
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


def _set_named(session: Session, person: CurrentPerson, audit: Audit, plan: AuditPlan) -> bool:
    """Make the people named those of the plan, the lead and the person; gives whether anything changed."""
    wanted: set[int] = set()
    if plan.confidential:
        wanted = {*plan.named_ids, person.id, *([audit.lead_id] if audit.lead_id else [])}
    rows = select(AuditPerson.person_id).where(AuditPerson.audit_id == audit.id)
    present = set(session.scalars(rows))
    if present - wanted:
        session.execute(
            delete(AuditPerson).where(
                AuditPerson.audit_id == audit.id, AuditPerson.person_id.in_(present - wanted)
            )
        )
    _name(session, audit.id, wanted - present)
    return present != wanted


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
    current["lead"] = session.scalar(select(Person.name).where(Person.id == audit.lead_id)) or ""
    current["agencies"] = ", ".join(agency.name for agency in audit.agencies)
    current["confidential"] = "Yes" if audit.confidential else "No"
    current["named"] = ", ".join(names)
    return Stale(current=current, version=audit.version)
