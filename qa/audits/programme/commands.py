"""What QA leads do with a programme: keep it, plan audits in it, tie audits to it."""

from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import delete, func, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from qa.accounts.models import Agency, Person
from qa.accounts.permissions import CurrentPerson, Facts, Permission, can
from qa.audits.models import Audit
from qa.audits.programme.choices import agency_works, as_shown, nameable, offered_framework
from qa.audits.programme.models import PlannedAgency, PlannedAudit, PlannedPerson, Programme
from qa.audits.programme.planned import MOST_PLANNED, PlannedPlan, planned_problems
from qa.audits.programme.reach import locked_planned, locked_programme
from qa.audits.programme.year import FIRST_YEAR, LAST_YEAR
from qa.audits.queries.choices import leads_in
from qa.db import now, writing
from qa.frameworks.models import Framework
from qa.identifiers.asking import NO_CHOICES, Choices
from qa.identifiers.guarding import check
from qa.problems import NotFound, Refused, Stale, refused
from qa.trail.recording import record

# Attributes of a plan that are columns of the planned audit under the same name.
COLUMNS = (
    "title",
    "theme",
    "reason",
    "reason_words",
    "method",
    "quarter",
    "until",
    "framework_id",
    "lead_id",
    "state",
    "state_reason",
    "confidential",
)
TEXTS = ("title", "theme", "reason_words", "state_reason")
TAKEN = "There is a programme from that month on already"


def add_programme(
    person: CurrentPerson, area_id: int | None, starts_on: date, note: str, choices: Choices = NO_CHOICES
) -> int:
    """Begin a programme; gives back its number. area_id None: for all areas together.

    Raises NotFound when the area is out of reach, Refused when there is one from that month on, or the year
    is none.
    """
    if not can(person, Permission.PROGRAMME_MANAGE, Facts(area_id=area_id)):
        raise NotFound
    _check_start(starts_on)
    try:
        with writing() as session:
            made = Programme(area_id=area_id, starts_on=starts_on, note=note, created_at=now())
            session.add(made)
            session.flush()
            check(session, person, area_id, "programme", made.id, {"note": note}, choices, about_child=False)
            record(
                session,
                person.id,
                "programme.added",
                "programme",
                made.id,
                fields=("starts_on", "note"),
                area_id=area_id,
            )
            return made.id
    except IntegrityError as error:
        raise _taken(error) from error


def change_programme(
    person: CurrentPerson,
    programme_id: int,
    version: int,
    starts_on: date,
    note: str,
    choices: Choices = NO_CHOICES,
) -> None:
    """Change when a programme begins and what is said about it; its audits keep their quarters.

    Raises NotFound, NotAllowed, Stale or Refused.
    """
    _check_start(starts_on)
    try:
        with writing() as session:
            row = locked_programme(session, person, programme_id)
            if row.version != version:
                current = {
                    "month": f"{row.starts_on:%B}",
                    "year": str(row.starts_on.year),
                    "note": row.note,
                }
                raise Stale(current=current, version=row.version)
            wanted: dict[str, Any] = {"starts_on": starts_on, "note": note}
            changed = [name for name, value in wanted.items() if getattr(row, name) != value]
            if not changed:
                return
            for name in changed:
                setattr(row, name, wanted[name])
            texts, area_id = {"note": note}, row.area_id
            check(session, person, area_id, "programme", row.id, texts, choices, about_child=False)
            record(
                session,
                person.id,
                "programme.changed",
                "programme",
                row.id,
                fields=changed,
                area_id=row.area_id,
            )
    except IntegrityError as error:
        raise _taken(error) from error


def remove_programme(person: CurrentPerson, programme_id: int) -> None:
    """Remove a programme in which nothing is planned. Raises NotFound, NotAllowed or Refused."""
    with writing() as session:
        row = locked_programme(session, person, programme_id)
        if session.scalar(select(PlannedAudit.id).where(PlannedAudit.programme_id == row.id).limit(1)):
            raise refused("Audits are planned in this programme, so it cannot be removed")
        session.delete(row)
        record(session, person.id, "programme.removed", "programme", row.id, area_id=row.area_id)


def plan_audit(
    person: CurrentPerson, programme_id: int, plan: PlannedPlan, choices: Choices = NO_CHOICES
) -> int:
    """Put an audit into a programme; gives back its number.

    Raises NotFound, NotAllowed, or Refused when the plan breaks a rule or the programme is full.
    """
    with writing() as session:
        programme = locked_programme(session, person, programme_id)
        _require_room(session, programme, 1)
        _check(session, programme, plan, None)
        row = PlannedAudit(
            programme_id=programme.id, created_at=now(), **{name: getattr(plan, name) for name in COLUMNS}
        )
        session.add(row)
        session.flush()
        _write_agencies(session, row.id, plan.agency_ids)
        _write_named(session, row.id, _named(person, plan))
        _ask(session, person, programme.area_id, row, choices)
        record(
            session,
            person.id,
            "programme.audit_planned",
            "planned_audit",
            row.id,
            fields=[*COLUMNS, "agencies"],
            area_id=programme.area_id,
        )
        return row.id


def change_planned(
    person: CurrentPerson, planned_id: int, version: int, plan: PlannedPlan, choices: Choices = NO_CHOICES
) -> None:
    """Change what is planned. Where an audit was begun, its stage says where it stands, and not `state`.

    Raises NotFound, NotAllowed, Stale or Refused.
    """
    with writing() as session:
        row = locked_planned(session, person, planned_id)
        if row.version != version:
            raise Stale(current=as_shown(row), version=row.version)
        if is_begun(session, row.id):
            plan = plan._replace(state=row.state, state_reason=row.state_reason)
        _check(session, row.programme, plan, row)
        changed = [name for name in COLUMNS if getattr(row, name) != getattr(plan, name)]
        for name in changed:
            setattr(row, name, getattr(plan, name))
        if _set(session, PlannedAgency, "agency_id", row.id, plan.agency_ids):
            changed.append("agencies")
        if _set(session, PlannedPerson, "person_id", row.id, _named(person, plan)):
            changed.append("named")
        if not changed:
            return
        flag_modified(row, "title")  # a new version even when only agencies or names changed
        _ask(session, person, row.programme.area_id, row, choices)
        record(
            session,
            person.id,
            "programme.audit_changed",
            "planned_audit",
            row.id,
            fields=changed,
            area_id=row.programme.area_id,
        )


def _ask(
    session: Session, person: CurrentPerson, area_id: int | None, row: PlannedAudit, choices: Choices
) -> None:
    texts = {name: getattr(row, name) for name in TEXTS}
    check(session, person, area_id, "planned_audit", row.id, texts, choices, about_child=False)


def remove_planned(person: CurrentPerson, planned_id: int) -> str:
    """Take a planned audit out of its programme, as if it had never been there; gives back its title.

    Raises NotFound, NotAllowed, or Refused when an audit was begun from it or another year has it now.
    """
    with writing() as session:
        row = locked_planned(session, person, planned_id)
        if is_begun(session, row.id):
            raise refused("An audit was started from it, so it stays in the programme")
        if session.scalar(select(PlannedAudit.id).where(PlannedAudit.carried_from_id == row.id)):
            raise refused("It was carried over to another year, so it stays in the programme")
        title, area_id = row.title, row.programme.area_id
        session.delete(row)
        record(session, person.id, "programme.audit_removed", "planned_audit", row.id, area_id=area_id)
        return title


def is_begun(session: Session, planned_id: int) -> bool:
    """Whether an audit belongs to the planned one."""
    return session.scalar(select(Audit.id).where(Audit.planned_id == planned_id).limit(1)) is not None


def _check_start(starts_on: date) -> None:
    if not FIRST_YEAR <= starts_on.year <= LAST_YEAR:
        raise Refused({"year": f"The year must be from {FIRST_YEAR} to {LAST_YEAR}, like 2026"})


def _taken(error: IntegrityError) -> Exception:
    """There is a programme from that month on; anything else stays the fault it is."""
    said = str(error.orig)
    return Refused({"year": TAKEN}) if "programme" in said and "starts_on" in said else error


def _require_room(session: Session, programme: Programme, more: int) -> None:
    count = select(func.count()).where(PlannedAudit.programme_id == programme.id)
    if (session.scalar(count) or 0) + more > MOST_PLANNED:
        raise refused(f"A programme holds {MOST_PLANNED} audits at most. Remove some that nobody will run")


def _check(session: Session, programme: Programme, plan: PlannedPlan, row: PlannedAudit | None) -> None:
    """Raises Refused with everything wrong with the plan. row: as it is now, None for a new one."""
    problems, area_id = planned_problems(plan), programme.area_id
    number = row.id if row else None
    agencies = plan.agency_ids - _kept(session, PlannedAgency.agency_id, PlannedAgency.planned_id, number)
    people = plan.named_ids - _kept(session, PlannedPerson.person_id, PlannedPerson.planned_id, number)
    framework = plan.framework_id if plan.framework_id != (row.framework_id if row else None) else None
    lead = plan.lead_id if plan.lead_id != (row.lead_id if row else None) else None
    found = session.execute(
        select(
            _count(Framework, Framework.id == framework, offered_framework(area_id)),
            _count(Person, Person.id == lead, leads_in(area_id)),
            _count(Agency, Agency.id.in_(agencies), agency_works(area_id)),
            _count(Person, Person.id.in_(people), nameable(area_id)),
        )
    ).one()
    if framework is not None and not found[0]:
        problems["framework"] = "Choose a framework from the list"
    if lead is not None and not found[1]:
        problems["lead"] = "Choose a QA lead from the list"
    if found[2] < len(agencies):
        problems["agencies"] = "Choose only agencies from the list"
    if plan.confidential and found[3] < len(people):
        problems["named"] = "Choose only people from the list"
    if problems:
        raise Refused(problems)


def _count(counted: Any, *conditions: Any) -> Any:
    return select(func.count()).select_from(counted).where(*conditions).scalar_subquery()


def _kept(session: Session, column: Any, parent: Any, planned_id: int | None) -> frozenset[int]:
    if planned_id is None:
        return frozenset()
    return frozenset(session.scalars(select(column).where(parent == planned_id)))


def _named(person: CurrentPerson, plan: PlannedPlan) -> frozenset[int]:
    """Who sees a confidential one: those named, its lead, and who says so."""
    if not plan.confidential:
        return frozenset()
    return plan.named_ids | {person.id} | ({plan.lead_id} if plan.lead_id else frozenset())


def _write_agencies(session: Session, planned_id: int, agency_ids: Collection[int]) -> None:
    _write(session, PlannedAgency, "agency_id", planned_id, agency_ids)


def _write_named(session: Session, planned_id: int, person_ids: Collection[int]) -> None:
    _write(session, PlannedPerson, "person_id", planned_id, person_ids)


def _write(session: Session, kind: Any, column: str, planned_id: int, numbers: Collection[int]) -> None:
    if numbers:
        rows = [{"planned_id": planned_id, column: number} for number in sorted(numbers)]
        session.execute(insert(kind), rows)


def _set(session: Session, kind: Any, column: str, planned_id: int, wanted: frozenset[int]) -> bool:
    """Make the rows that refer to a planned audit those wanted; gives whether anything changed."""
    of = getattr(kind, column)
    present = frozenset(session.scalars(select(of).where(kind.planned_id == planned_id)))
    if present - wanted:
        session.execute(delete(kind).where(kind.planned_id == planned_id, of.in_(present - wanted)))
    _write(session, kind, column, planned_id, wanted - present)
    return present != wanted
