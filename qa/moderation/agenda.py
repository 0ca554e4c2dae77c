"""The panel's agenda: an audit's cases, how far their returns are, and how far the grades lie apart."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, case, exists, func, select
from sqlalchemy.orm import aliased

from qa.accounts.models import Agency
from qa.accounts.permissions import CurrentPerson, Permission, can, reach
from qa.audits.lifecycle import COMPLETE
from qa.audits.models import Audit, Case, Return
from qa.audits.queries import audit_facts, get_audit, visible_audits
from qa.db import db
from qa.frameworks.content import Grade
from qa.frameworks.editions import EditionTree
from qa.frameworks.reading import edition_tree
from qa.moderation.divergence import APART
from qa.moderation.models import CaseDivergence, Judgement
from qa.moderation.rollup import bring_up_to_date
from qa.moderation.stages import MODERATION_STAGES
from qa.web.paging import PAGE_SIZE, Page

opened = Case.panel_opened_at.is_not(None)
overall = aliased(Judgement)
judged = overall.id.is_not(None)
divergent = CaseDivergence.spread >= APART
complete_case = and_(
    exists().where(Return.case_id == Case.id),
    ~exists().where(Return.case_id == Case.id, Return.state.not_in(COMPLETE)),
)


class Show(StrEnum):
    """Which cases of the agenda."""

    ALL = "all"
    NOT_OPENED = "not-opened"
    OPENED = "opened"
    JUDGED = "judged"
    DIVERGENT = "divergent"

    @property
    def label(self) -> str:
        """What people read."""
        return {
            Show.ALL: "All",
            Show.NOT_OPENED: "Not open yet",
            Show.OPENED: "Open, no overall grade yet",
            Show.JUDGED: "Overall grade agreed",
            Show.DIVERGENT: "Grades two or more apart",
        }[self]


class Order(StrEnum):
    """In which order."""

    DIVERGENCE = "divergence"
    NUMBER = "number"

    @property
    def label(self) -> str:
        """What people read."""
        return "Furthest apart first" if self is Order.DIVERGENCE else "Case number"


CONDITIONS: dict[Show, ColumnElement[bool] | None] = {
    Show.ALL: None,
    Show.NOT_OPENED: ~opened,
    Show.OPENED: and_(opened, ~judged),
    Show.JUDGED: judged,
    Show.DIVERGENT: divergent,
}


@dataclass(frozen=True, slots=True)
class AgendaRow:
    """A case on the agenda. complete of returns are in. spread: largest distance between two grades of one
    question, None when nothing compares; apart: questions with grades two or more apart. agreed: sections
    with an agreed grade; judged: the whole case has one, grade, or None for "not applicable".
    """

    id: int
    reference: str
    agency: str | None
    complete: int
    returns: int
    opened: bool
    spread: int | None
    apart: int
    agreed: int
    judged: bool
    grade: Grade | None


@dataclass(frozen=True, slots=True)
class Agenda:
    """A page of the agenda. counts: cases by filter. ready: cases not open yet with every return in.

    moderates: the person may open cases; at_work: the audit's stage lets them.
    """

    audit: Audit
    self_assessment: bool
    page: Page[AgendaRow]
    counts: dict[Show, int]
    ready: int
    moderates: bool
    at_work: bool


def agenda(person: CurrentPerson, audit_id: int, show: Show, order: Order, number: int) -> Agenda:
    """A page of the audit's cases for the panel. number: of the page, from 1.

    A QA lead sees every case; an agency those that are open and that it has a return on. Raises NotFound
    when the audit is out of reach. Six statements whatever the number of cases, two more when returns have
    come in since the last time.
    """
    bring_up_to_date(audit_id)
    audit = get_audit(person, audit_id, Permission.PANEL_READ)
    moderates = can(person, Permission.AUDITS_MODERATE, audit_facts(audit))
    within = Case.audit_id == audit_id if moderates else _of_own_agencies(person, audit_id)
    counts, ready = _counts(within)
    tree = edition_tree(audit.edition_id)
    page = Page(_rows(within, show, order, number, tree), number, counts[show])
    at_work = audit.stage in MODERATION_STAGES
    return Agenda(audit, tree.self_assessment, page, counts, ready, moderates, at_work)


def _of_own_agencies(person: CurrentPerson, audit_id: int) -> ColumnElement[bool]:
    agencies = reach(person, Permission.PANEL_READ).agencies
    own = exists().where(Return.case_id == Case.id, Return.agency_id.in_(agencies))
    return and_(Case.audit_id == audit_id, opened, own)


def _joined(query: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    return query.outerjoin(CaseDivergence, CaseDivergence.case_id == Case.id).outerjoin(
        overall, and_(overall.case_id == Case.id, overall.section_id.is_(None))
    )


def _counts(within: ColumnElement[bool]) -> tuple[dict[Show, int], int]:
    columns = [
        func.count() if condition is None else func.sum(case((condition, 1), else_=0))
        for condition in CONDITIONS.values()
    ]
    ready = func.sum(case((and_(~opened, complete_case), 1), else_=0))
    query = _joined(select(*columns, ready).select_from(Case)).where(within)
    *found, is_ready = db.session.execute(query).one()
    return {show: count or 0 for show, count in zip(CONDITIONS, found, strict=True)}, is_ready or 0


def _rows(
    within: ColumnElement[bool], show: Show, order: Order, number: int, tree: EditionTree
) -> list[AgendaRow]:
    listed = _listed(within, show, order).limit(PAGE_SIZE).offset((number - 1) * PAGE_SIZE).subquery("listed")
    # Returns and judgements are counted for the page's cases alone.
    returns = select(func.count()).where(Return.case_id == Case.id)
    agreed = select(func.count()).where(Judgement.case_id == Case.id, Judgement.section_id.is_not(None))
    query = (
        select(
            listed,
            Case.reference,
            opened.label("opened"),
            Agency.name,
            returns.correlate(Case).scalar_subquery().label("returns"),
            returns.where(Return.state.in_(COMPLETE)).correlate(Case).scalar_subquery().label("complete"),
            agreed.correlate(Case).scalar_subquery().label("agreed"),
        )
        .join(Case, Case.id == listed.c.id)
        .outerjoin(Agency, Agency.id == Case.agency_id)
        .order_by(*_places(order, listed.c.spread, listed.c.apart), listed.c.number, listed.c.id)
    )
    return [_row(row, tree) for row in db.session.execute(query)]


def _listed(within: ColumnElement[bool], show: Show, order: Order) -> Select[*tuple[Any, ...]]:
    """The cases asked for, in order."""
    columns = (Case.id, Case.number, CaseDivergence.spread, CaseDivergence.apart)
    query = _joined(select(*columns, overall.id.label("judgement"), overall.grade_id)).where(within)
    condition = CONDITIONS[show]
    if condition is not None:
        query = query.where(condition)
    return query.order_by(*_places(order, CaseDivergence.spread, CaseDivergence.apart), Case.number, Case.id)


def _places(order: Order, spread: Any, apart: Any) -> list[ColumnElement[int]]:
    """The furthest apart first, then the case with more such questions; nothing when it goes by number."""
    if order is Order.NUMBER:
        return []
    return [func.coalesce(column, -1).desc() for column in (spread, apart)]


def _row(row: Row[Any], tree: EditionTree) -> AgendaRow:
    return AgendaRow(
        row.id,
        row.reference,
        row.name,
        row.complete,
        row.returns,
        bool(row.opened),
        row.spread,
        row.apart or 0,
        row.agreed,
        row.judgement is not None,
        tree.grade(row.grade_id) if row.grade_id is not None else None,
    )


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many open cases of an audit have no overall grade yet."""

    audit_id: int
    title: str
    cases: int


def waiting(person: CurrentPerson, most: int = 3) -> list[Waiting]:
    """The audits at work with open cases and no overall grade agreed, those with most such cases first."""
    query = (
        select(Audit.id, Audit.title, func.count())
        .join(Case, Case.audit_id == Audit.id)
        .outerjoin(overall, and_(overall.case_id == Case.id, overall.section_id.is_(None)))
        .where(
            visible_audits(person, Permission.AUDITS_MODERATE),
            Audit.stage.in_(MODERATION_STAGES),
            opened,
            ~judged,
        )
        .group_by(Audit.id, Audit.title)
        .order_by(func.count().desc(), Audit.id)
        .limit(most)
    )
    return [Waiting(*row) for row in db.session.execute(query)]
