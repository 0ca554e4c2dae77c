"""The list of audits, and the list of an audit's cases."""

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from qa.accounts.models import Agency, Area
from qa.accounts.permissions import CurrentPerson, Permission, reach
from qa.audits.lifecycle import COMPLETE, Stage
from qa.audits.models import Audit, Case, CaseProfileValue, Return
from qa.audits.queries.reach import visible_audits
from qa.db import db
from qa.frameworks.editions import EditionTree
from qa.frameworks.models import Edition
from qa.frameworks.states import EditionState
from qa.web.paging import PAGE_SIZE, Page


class AuditFilter(NamedTuple):
    """What the list of audits is narrowed to; what is left out narrows nothing."""

    area_id: int | None = None
    framework_id: int | None = None
    stage: Stage | None = None
    text: str = ""

    @property
    def any(self) -> bool:
        """Whether anything is narrowed."""
        return bool(self.area_id or self.framework_id or self.stage or self.text)


class AuditLine(NamedTuple):
    """One audit of the list. returns, complete: those of the reader's agencies, or for the QA team all."""

    id: int
    reference: str
    title: str
    theme: str
    area: str
    stage: Stage
    returns_due_on: date
    confidential: bool
    returns: int
    complete: int


def at_most_last(page: int, total: int) -> int:
    """The page asked for, or the last one where the list has become shorter than that."""
    return min(page, Page((), page, total).pages)


def areas_of_audits(person: CurrentPerson) -> Sequence[Area]:
    """The areas of the audits that the person may read."""
    visible = visible_audits(person, Permission.AUDITS_READ)
    query = select(Area).where(exists().where(Audit.area_id == Area.id, visible)).order_by(Area.name)
    return db.session.scalars(query).all()


def frameworks_of_audits(person: CurrentPerson) -> Sequence[tuple[int, str]]:
    """The frameworks that audits within the person's reach use: number and newest name, by name."""
    within = visible_audits(person, Permission.AUDITS_READ)
    used = select(Edition.framework_id).join(Audit, Audit.edition_id == Edition.id).where(within)
    rows = db.session.execute(
        select(Edition.framework_id, Edition.name)
        .where(Edition.framework_id.in_(used), Edition.state != EditionState.DRAFT)
        .order_by(Edition.number)
    )
    newest = {row[0]: row[1] for row in rows}
    return sorted(newest.items(), key=lambda entry: (entry[1].lower(), entry[0]))


def audit_list(person: CurrentPerson, narrowed: AuditFilter, page: int) -> Page[AuditLine]:
    """The audits within the person's reach, those still going on first, then the newest. Two statements."""
    wanted = and_(visible_audits(person, Permission.AUDITS_READ), *_audit_conditions(narrowed))
    total = db.session.scalar(select(func.count()).select_from(Audit).where(wanted)) or 0
    page = at_most_last(page, total)
    counted = Return.audit_id == Audit.id
    manages = reach(person, Permission.AUDITS_MANAGE)
    if manages.nowhere:
        within = reach(person, Permission.AUDITS_READ)
        counted = and_(counted, Return.agency_id.in_(within.agencies))
    returns = select(func.count()).where(counted).correlate(Audit).scalar_subquery()
    complete = (
        select(func.count()).where(counted, Return.state.in_(COMPLETE)).correlate(Audit).scalar_subquery()
    )
    rows = db.session.execute(
        select(
            Audit.id,
            Audit.reference,
            Audit.title,
            Audit.theme,
            Area.name,
            Audit.stage,
            Audit.returns_due_on,
            Audit.confidential,
            returns,
            complete,
        )
        .join(Area, Area.id == Audit.area_id)
        .where(wanted)
        .order_by((Audit.stage == Stage.CLOSED).asc(), Audit.created_at.desc(), Audit.id.desc())
        .limit(PAGE_SIZE)
        .offset((page - 1) * PAGE_SIZE)
    )
    return Page([AuditLine(*row) for row in rows], page, total)


def _audit_conditions(narrowed: AuditFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if narrowed.area_id is not None:
        conditions.append(Audit.area_id == narrowed.area_id)
    if narrowed.framework_id is not None:
        editions = select(Edition.id).where(Edition.framework_id == narrowed.framework_id)
        conditions.append(Audit.edition_id.in_(editions))
    if narrowed.stage is not None:
        conditions.append(Audit.stage == narrowed.stage)
    if narrowed.text:
        columns = (Audit.title, Audit.reference, Audit.theme)
        conditions.append(or_(*(column.icontains(narrowed.text, autoescape=True) for column in columns)))
    return conditions


class CaseState(StrEnum):
    """How far the returns of a case have come, as the list of cases is filtered by it."""

    NO_RETURNS = "no_returns"
    OUTSTANDING = "outstanding"
    READY = "ready"
    OPENED = "opened"

    @property
    def label(self) -> str:
        """What people read."""
        return {
            CaseState.NO_RETURNS: "No returns allocated",
            CaseState.OUTSTANDING: "Returns outstanding",
            CaseState.READY: "All returns in",
            CaseState.OPENED: "Open to the panel",
        }[self]

    @property
    def label_of_one(self) -> str:
        """The same of an agency in a self-assessment, which has one return."""
        return {
            CaseState.NO_RETURNS: "No return allocated",
            CaseState.OUTSTANDING: "Return not in",
            CaseState.READY: "Return in",
            CaseState.OPENED: "Open to the panel",
        }[self]


class CaseOrder(StrEnum):
    """How the list of cases is sorted."""

    ADDED = "added"
    NEWEST = "newest"
    REFERENCE = "reference"

    @property
    def label(self) -> str:
        """What people read."""
        return {
            CaseOrder.ADDED: "Order added",
            CaseOrder.NEWEST: "Newest first",
            CaseOrder.REFERENCE: "Reference",
        }[self]


class CaseFilter(NamedTuple):
    """What the list of cases is narrowed to and how it is sorted. pathway: the key of an option."""

    text: str = ""
    pathway: str = ""
    state: CaseState | None = None
    order: CaseOrder = CaseOrder.ADDED

    @property
    def any(self) -> bool:
        """Whether anything is narrowed."""
        return bool(self.text or self.pathway or self.state)


class CaseLine(NamedTuple):
    """One case of the list. pathway: the key of its option, None when not entered."""

    id: int
    reference: str
    agency: str | None
    pathway: str | None
    returns: int
    complete: int
    panel_opened_at: datetime | None

    @property
    def state(self) -> CaseState:
        """How far its returns have come."""
        if self.panel_opened_at is not None:
            return CaseState.OPENED
        if not self.returns:
            return CaseState.NO_RETURNS
        return CaseState.READY if self.complete == self.returns else CaseState.OUTSTANDING


def case_list(audit_id: int, tree: EditionTree, narrowed: CaseFilter, page: int) -> Page[CaseLine]:
    """A page of an audit's cases; whoever calls has loaded the audit for the reader. Two statements."""
    wanted = and_(Case.audit_id == audit_id, *_case_conditions(tree, narrowed))
    total = db.session.scalar(select(func.count()).select_from(Case).where(wanted)) or 0
    page = at_most_last(page, total)
    returns = select(func.count()).where(Return.case_id == Case.id).correlate(Case).scalar_subquery()
    complete = (
        select(func.count())
        .where(Return.case_id == Case.id, Return.state.in_(COMPLETE))
        .correlate(Case)
        .scalar_subquery()
    )
    value = aliased(CaseProfileValue)
    pathway = tree.content.pathway
    field_id = tree.ids.fields[pathway.key] if pathway else None
    rows = db.session.execute(
        select(Case.id, Case.reference, Agency.name, value.option_id, returns, complete, Case.panel_opened_at)
        .outerjoin(Agency, Agency.id == Case.agency_id)
        .outerjoin(value, and_(value.case_id == Case.id, value.field_id == field_id))
        .where(wanted)
        .order_by(*_case_order(narrowed.order))
        .limit(PAGE_SIZE)
        .offset((page - 1) * PAGE_SIZE)
    )
    keys = {number: key for (_, key), number in tree.ids.profile_options.items()}
    items = [
        CaseLine(number, reference, agency, keys.get(option), count, done, opened)
        for number, reference, agency, option, count, done, opened in rows
    ]
    return Page(items, page, total)


def _case_order(order: CaseOrder) -> tuple[Any, ...]:
    if order is CaseOrder.REFERENCE:
        return (Case.reference.asc(), Case.id.asc())
    if order is CaseOrder.NEWEST:
        return (Case.number.desc(), Case.id.desc())
    return (Case.number.asc(), Case.id.asc())


def _case_conditions(tree: EditionTree, narrowed: CaseFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if narrowed.text:
        conditions.append(Case.reference.icontains(narrowed.text, autoescape=True))
    pathway = tree.content.pathway
    option_id = tree.ids.profile_options.get((pathway.key, narrowed.pathway)) if pathway else None
    if option_id is not None:
        conditions.append(
            exists().where(
                CaseProfileValue.case_id == Case.id,
                CaseProfileValue.field_id == tree.ids.fields[pathway.key if pathway else ""],
                CaseProfileValue.option_id == option_id,
            )
        )
    if narrowed.state is not None:
        conditions.append(_in_state(narrowed.state))
    return conditions


def _in_state(state: CaseState) -> ColumnElement[bool]:
    some = exists().where(Return.case_id == Case.id)
    outstanding = exists().where(Return.case_id == Case.id, Return.state.not_in(COMPLETE))
    not_opened = Case.panel_opened_at.is_(None)
    if state is CaseState.OPENED:
        return ~not_opened
    if state is CaseState.NO_RETURNS:
        return and_(not_opened, ~some)
    if state is CaseState.OUTSTANDING:
        return and_(not_opened, outstanding)
    return and_(not_opened, some, ~outstanding)
