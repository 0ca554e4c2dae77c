"""What giving returns out automatically rests on. The number of statements does not grow with the cases."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any, NamedTuple

from sqlalchemy import and_, func, or_, select

from qa.accounts.models import PersonRole
from qa.accounts.permissions import Role
from qa.audits.allotting import Known, Task, folded
from qa.audits.lifecycle import NOT_IN, OPEN_TO_CASES, ReturnState
from qa.audits.models import Audit, AuditAuditor, Case, Return, SecondDraw
from qa.audits.queries.allocation import auditors_of
from qa.audits.queries.reach import audit_profiles
from qa.db import db
from qa.frameworks.content import ProfileField
from qa.frameworks.editions import EditionTree
from qa.trail.models import TrailEntry


class Auditor(NamedTuple):
    """An auditor of the audit's agencies. here, elsewhere: returns not in that they hold, in this audit and
    in other open ones. team, most, own_cases, left_out: as the QA lead last said; the team of another audit
    where nothing was said in this one.
    """

    id: int
    name: str
    agencies: frozenset[int]
    here: int
    elsewhere: int
    team: str
    most: int | None
    own_cases: str
    left_out: bool


class Draw(NamedTuple):
    """A draw of cases to audit twice."""

    seed: int
    of_cases: int
    cases: int
    returns: int


def team_field(tree: EditionTree) -> ProfileField | None:
    """The field of the case profile that says which team a case is of; None where there is none."""
    fields = [field for field in tree.content.profile if field.options]
    named = (field for field in fields if re.search(r"\bteam\b", f"{field.label} {field.key}".lower()))
    return next((field for field in fields if field.key == "team"), next(named, None))


def auditors(audit: Audit) -> tuple[Auditor, ...]:
    """The auditors of the agencies taking part, by name. Four statements."""
    agencies: defaultdict[int, set[int]] = defaultdict(set)
    names: dict[int, tuple[str, int]] = {}
    for agency_id, people in auditors_of(audit, with_held=True).items():
        for one in people:
            agencies[one.id].add(agency_id)
            names[one.id] = (one.name, one.outstanding)
    elsewhere, said, teams = _elsewhere(audit, names), _said(audit), _teams(names)
    return tuple(
        Auditor(
            number,
            name,
            frozenset(agencies[number]),
            held,
            elsewhere.get(number, 0),
            said[number].team if number in said else teams.get(number, ""),
            said[number].most if number in said else None,
            said[number].own_cases if number in said else "",
            number in said and said[number].left_out,
        )
        for number, (name, held) in sorted(
            names.items(), key=lambda entry: (entry[1][0].casefold(), entry[0])
        )
    )


def _elsewhere(audit: Audit, people: Iterable[int]) -> Mapping[int, int]:
    query = (
        select(Return.auditor_id, func.count())
        .join(Audit, Audit.id == Return.audit_id)
        .where(
            Return.auditor_id.in_(list(people)),
            Return.state.in_(NOT_IN),
            Return.audit_id != audit.id,
            Audit.stage.in_(OPEN_TO_CASES),
        )
        .group_by(Return.auditor_id)
    )
    return {number: count for number, count in db.session.execute(query) if number is not None}


def _said(audit: Audit) -> Mapping[int, AuditAuditor]:
    rows = db.session.scalars(select(AuditAuditor).where(AuditAuditor.audit_id == audit.id))
    return {row.person_id: row for row in rows}


def _teams(people: Iterable[int]) -> Mapping[int, str]:
    """The team last said of each, in any audit."""
    query = (
        select(AuditAuditor.person_id, AuditAuditor.team)
        .where(AuditAuditor.person_id.in_(list(people)), AuditAuditor.team != "")
        .order_by(AuditAuditor.audit_id)
    )
    return {row.person_id: row.team for row in db.session.execute(query)}


def tasks(
    audit: Audit, tree: EditionTree, agency_ids: Collection[int], *, not_started: bool
) -> tuple[Task, ...]:
    """The first returns of the agencies, by case. To be given out are those not in without an auditor, and
    not_started: those that their auditor has not started. One that is audited twice is never given out again.
    Two statements, one more where a field says the team.
    """

    def give(row: Any) -> bool:
        free = row.auditor_id is None or (not_started and row.state is ReturnState.NOT_STARTED)
        return free and row.state in NOT_IN and (row.case_id, row.agency_id) not in doubled

    query = (
        select(
            Return.id,
            Return.case_id,
            Return.agency_id,
            Return.auditor_id,
            Return.state,
            Case.reference,
            Case.panel_opened_at.is_not(None).label("opened"),
        )
        .join(Case, Case.id == Return.case_id)
        .where(Return.audit_id == audit.id, Return.second.is_(False))
        .order_by(Case.number, Return.agency_id)
    )
    doubled = {
        (case_id, agency_id)
        for case_id, agency_id in db.session.execute(
            select(Return.case_id, Return.agency_id).where(
                Return.audit_id == audit.id, Return.second.is_(True)
            )
        )
    }
    teams = _case_teams(audit, tree)
    return tuple(
        Task(
            row.id,
            row.case_id,
            row.reference,
            row.agency_id,
            row.auditor_id,
            teams.get(row.case_id, ""),
            give=give(row),
            doubled=(row.case_id, row.agency_id) in doubled,
            involved=row.state is not ReturnState.NOT_INVOLVED,
            opened=bool(row.opened),
        )
        for row in db.session.execute(query)
        if row.agency_id in agency_ids
    )


def _case_teams(audit: Audit, tree: EditionTree) -> Mapping[int, str]:
    field = team_field(tree)
    if field is None:
        return {}
    labels = {choice.key: folded(choice.label) for choice in field.options}
    profiles = audit_profiles(audit.id, tree, [field.key])
    return {case_id: labels.get(values.get(field.key, ""), "") for case_id, values in profiles.items()}


def known(audit: Audit, people: Collection[int]) -> Known:
    """Who has opened a return that has been begun, and who leads an agency or the audit. Two statements."""
    begun = select(Return.id).where(Return.audit_id == audit.id, Return.state != ReturnState.NOT_STARTED)
    opened = db.session.execute(
        select(TrailEntry.record_id, TrailEntry.person_id)
        .where(
            TrailEntry.record == "return",
            TrailEntry.record_id.in_(begun),
            TrailEntry.person_id.in_(list(people)),
        )
        .distinct()
    )
    return Known(frozenset((row[0] or 0, row[1] or 0) for row in opened), read_all(audit))


def read_all(audit: Audit) -> frozenset[tuple[int, int]]:
    """(agency, person) of those who can read every return of an agency before the panel: they lead it, or,
    once it is submitted, the audit. One statement.
    """
    agencies = [agency.id for agency in audit.agencies]
    leads_audit = and_(
        PersonRole.role == Role.QA_LEAD,
        or_(PersonRole.area_id.is_(None), PersonRole.area_id == audit.area_id),
    )
    leads_agency = and_(PersonRole.role == Role.AGENCY_LEAD, PersonRole.agency_id.in_(agencies))
    rows = db.session.execute(
        select(PersonRole.person_id, PersonRole.role, PersonRole.agency_id).where(
            or_(leads_audit, leads_agency)
        )
    )
    return frozenset(
        (agency_id, person_id)
        for person_id, role, of_agency in rows
        for agency_id in (agencies if role is Role.QA_LEAD else [of_agency or 0])
    )


def doubled_cases(audit_id: int) -> int:
    """How many of an audit's cases have a second return. One statement."""
    query = select(func.count(Return.case_id.distinct())).where(
        Return.audit_id == audit_id, Return.second.is_(True)
    )
    return db.session.scalar(query) or 0


def draws(audit_id: int) -> tuple[Draw, ...]:
    """The draws of cases to audit twice, in order. One statement."""
    query = (
        select(SecondDraw.seed, SecondDraw.of_cases, SecondDraw.cases, SecondDraw.returns)
        .where(SecondDraw.audit_id == audit_id)
        .order_by(SecondDraw.id)
    )
    return tuple(Draw(*row) for row in db.session.execute(query))
