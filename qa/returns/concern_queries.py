"""Reads of concerns: seen by the QA leads who must act, by whoever raised them, and by nobody else."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, case, exists, false, func, or_, select, true
from sqlalchemy.orm import Session, joinedload

from qa.accounts.models import Agency, Person, PersonRole
from qa.accounts.permissions import RULES, CurrentPerson, Facts, Permission, can, reach
from qa.audits.models import Audit, AuditPerson, Case
from qa.db import db, now
from qa.problems import NotFound
from qa.returns.concern_clock import ago
from qa.returns.models import Concern, ConcernStep
from qa.returns.vocabulary import ConcernState, ConcernStepKind
from qa.web.paging import PAGE_SIZE, Page


class ShowConcerns(StrEnum):
    """Which concerns a list shows."""

    OPEN = "open"
    OVERDUE = "overdue"
    CLOSED = "closed"
    ALL = "all"

    @property
    def label(self) -> str:
        """What people read."""
        return self.value.capitalize()


class ConcernItem(NamedTuple):
    """One concern in the list: where it stands, not what it says.

    in_time: 0 when its next step is overdue. since: how long ago it was raised, in words.
    """

    id: int
    state: ConcernState
    raised_at: datetime
    raised_by: str
    agency: str
    case_reference: str
    audit_title: str
    in_time: int
    since: str = ""

    @property
    def overdue(self) -> bool:
        """Whether its next step is overdue."""
        return not self.in_time


class ShownStep(NamedTuple):
    """A step of a concern as it is shown. text: empty for those who may not read it."""

    kind: ConcernStepKind
    happened_at: datetime
    done_by: str
    text: str
    recorded_at: datetime
    recorded_by: str | None


class ConcernView(NamedTuple):
    """One concern with its case, audit, agency and people loaded.

    handles: the reader may act on it. steps: oldest first; whoever raised it sees how it was closed and that
    it was opened again, not the actions. overdue: the next step is; its raiser sees that of acknowledging it.
    read_at: when this was.
    """

    concern: Concern
    handles: bool
    steps: Sequence[ShownStep]
    overdue: bool
    read_at: datetime


class OpenConcerns(NamedTuple):
    """How many concerns a person must act on: not acknowledged, acknowledged, and how many are overdue."""

    raised: int = 0
    raised_late: int = 0
    acknowledged: int = 0
    acknowledged_late: int = 0


def may_handle(person: CurrentPerson, area_id: int, named: frozenset[int] | None) -> bool:
    """Whether the person must act on a concern: a QA lead of its area, and named if it is confidential."""
    return can(person, Permission.CONCERNS_HANDLE, Facts(area_id=area_id, named=named))


def may_see(person: CurrentPerson, raised_by_id: int, area_id: int, named: frozenset[int] | None) -> bool:
    """Whether the person may read a concern: whoever raised it may besides those who must act."""
    return raised_by_id == person.id or may_handle(person, area_id, named)


def named_on(audit_id: int) -> frozenset[int]:
    """The people named on a confidential audit."""
    query = select(AuditPerson.person_id).where(AuditPerson.audit_id == audit_id)
    return frozenset(db.session.scalars(query))


def emails_of_those_who_act(session: Session, area_id: int, audit_id: int) -> Sequence[str]:
    """The addresses of everybody who must act on a concern about that audit, in one statement."""
    named = exists().where(AuditPerson.audit_id == audit_id, AuditPerson.person_id == Person.id)
    confidential = select(Audit.confidential).where(Audit.id == audit_id).scalar_subquery()
    handling = [role for role, rules in RULES.items() if Permission.CONCERNS_HANDLE in rules]
    query = (
        select(Person.email)
        .join(PersonRole, PersonRole.person_id == Person.id)
        .where(
            Person.active,
            PersonRole.role.in_(handling),
            or_(PersonRole.area_id == area_id, PersonRole.area_id.is_(None)),
            or_(~confidential, named),
        )
        .distinct()
        .order_by(Person.email)
    )
    return session.scalars(query).all()


def get_concern(person: CurrentPerson, concern_id: int) -> ConcernView:
    """A concern to read. Raises NotFound. Two statements, three on a confidential audit."""
    query = (
        select(Concern)
        .where(Concern.id == concern_id)
        .options(
            joinedload(Concern.case),
            joinedload(Concern.audit).joinedload(Audit.area),
            joinedload(Concern.agency),
            joinedload(Concern.raised_by),
            joinedload(Concern.acknowledged_by),
        )
    )
    concern = db.session.scalars(query).one_or_none()
    if concern is None:
        raise NotFound
    named = named_on(concern.audit_id) if concern.audit.confidential else None
    if not may_see(person, concern.raised_by_id, concern.area_id, named):
        raise NotFound
    handles = may_handle(person, concern.area_id, named)
    moment = now()
    late = concern.due_at is not None and concern.due_at < moment
    shown = handles or concern.state is ConcernState.RAISED
    return ConcernView(concern, handles, _steps(concern_id, handles=handles), late and shown, moment)


def _steps(concern_id: int, *, handles: bool) -> list[ShownStep]:
    """The steps of a concern, for those who must act or for whoever raised it."""
    step = ConcernStep
    query = (
        select(step.kind, step.happened_at, step.done_by, step.text, step.recorded_at, Person.name)
        .outerjoin(Person, Person.id == step.recorded_by_id)
        .where(step.concern_id == concern_id)
        .order_by(step.id)
    )
    if handles:
        return [ShownStep(*row) for row in db.session.execute(query)]
    query = query.where(step.kind != ConcernStepKind.ACTION)
    steps = (ShownStep(*row) for row in db.session.execute(query))
    return [one if one.kind is ConcernStepKind.CLOSED else one._replace(text="") for one in steps]


def list_concerns(
    person: CurrentPerson, show: ShowConcerns, number: int, audit_id: int | None = None
) -> Page[ConcernItem]:
    """The concerns the person may read: overdue ones first, then those not yet acknowledged, then the newest.

    audit_id: only those of that audit. Two statements.
    """
    handled, moment = _to_handle(person), now()
    late = and_(Concern.due_at < moment, or_(handled, Concern.state == ConcernState.RAISED))
    where = and_(or_(handled, Concern.raised_by_id == person.id), _shown(show, late))
    if audit_id is not None:
        where = and_(where, Concern.audit_id == audit_id)
    total = db.session.scalar(select(func.count()).select_from(Concern).join(Concern.audit).where(where))
    in_time = case((late, 0), else_=1)
    urgency = case(
        (Concern.state == ConcernState.RAISED, 0), (Concern.state == ConcernState.CLOSED, 2), else_=1
    )
    rows = db.session.execute(
        select(
            Concern.id,
            Concern.state,
            Concern.raised_at,
            Person.name,
            Agency.name,
            Case.reference,
            Audit.title,
            in_time,
        )
        .join(Audit, Audit.id == Concern.audit_id)
        .join(Case, Case.id == Concern.case_id)
        .join(Agency, Agency.id == Concern.agency_id)
        .join(Person, Person.id == Concern.raised_by_id)
        .where(where)
        .order_by(in_time, urgency, Concern.raised_at.desc(), Concern.id.desc())
        .limit(PAGE_SIZE)
        .offset((number - 1) * PAGE_SIZE)
    )
    items = [ConcernItem(*row)._replace(since=ago(row.raised_at, moment)) for row in rows]
    return Page(items, number, total or 0)


def open_concerns(person: CurrentPerson) -> OpenConcerns:
    """How many concerns the person must act on. One statement."""
    late = func.sum(case((Concern.due_at < now(), 1), else_=0))
    query = (
        select(Concern.state, func.count(), late)
        .join(Concern.audit)
        .where(_to_handle(person), Concern.state != ConcernState.CLOSED)
        .group_by(Concern.state)
    )
    counted = {state: (count, overdue) for state, count, overdue in db.session.execute(query)}
    raised = counted.get(ConcernState.RAISED, (0, 0))
    return OpenConcerns(*raised, *counted.get(ConcernState.ACKNOWLEDGED, (0, 0)))


def open_concerns_of(person: CurrentPerson, audit_id: int) -> int:
    """How many concerns of one audit the person must act on. One statement."""
    query = select(func.count()).select_from(Concern).join(Concern.audit)
    where = (Concern.audit_id == audit_id, _to_handle(person), Concern.state != ConcernState.CLOSED)
    return db.session.scalar(query.where(*where)) or 0


def _to_handle(person: CurrentPerson) -> ColumnElement[bool]:
    reached = reach(person, Permission.CONCERNS_HANDLE)
    if reached.everywhere:
        within: ColumnElement[bool] = true()
    else:
        within = Concern.area_id.in_(sorted(reached.areas)) if reached.areas else false()
    named = exists().where(AuditPerson.audit_id == Audit.id, AuditPerson.person_id == person.id)
    return and_(within, or_(Audit.confidential.is_(False), named))


def _shown(show: ShowConcerns, late: ColumnElement[bool]) -> ColumnElement[bool]:
    closed = Concern.state == ConcernState.CLOSED
    return {
        ShowConcerns.OPEN: ~closed,
        ShowConcerns.OVERDUE: late,
        ShowConcerns.CLOSED: closed,
        ShowConcerns.ALL: true(),
    }[show]
