"""The statements of the agenda: which cases it lists, in which order, and how many each filter leaves.

They are put together once for each filter and order: that costs more than the database takes to answer.
"""

from functools import cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Integer,
    ScalarSelect,
    Select,
    and_,
    bindparam,
    case,
    exists,
    func,
    select,
    true,
)
from sqlalchemy.orm import aliased

from qa.accounts.models import Agency
from qa.audits.lifecycle import COMPLETE
from qa.audits.models import AuditAgency, Case, Return
from qa.audits.queries import ready_for_panel
from qa.moderation.divergence import APART, agenda_place
from qa.moderation.models import CaseDivergence, Judgement
from qa.moderation.showing import Order, Show
from qa.web.paging import PAGE_SIZE

Rows = Select[*tuple[Any, ...]]

audit = bindparam("audit_id", type_=Integer)
opened = Case.panel_opened_at.is_not(None)
judged = exists().where(Judgement.case_id == Case.id, Judgement.section_id.is_(None))
far_apart = CaseDivergence.place <= agenda_place(APART, 0)

CONDITIONS: dict[Show, ColumnElement[bool]] = {
    Show.ALL: true(),
    Show.NOT_OPENED: ~opened,
    Show.OPENED: and_(opened, ~judged),
    Show.JUDGED: judged,
    Show.DIVERGENT: far_apart,
}


def _theirs(number: Any) -> ColumnElement[bool]:
    """The condition that agencies have a return on the case of that number."""
    return exists().where(Return.case_id == number, Return.agency_id.in_(_agencies()))


def _agencies() -> BindParameter[Any]:
    return bindparam("agencies", expanding=True)


def _within(number: Any, *, everything: bool) -> ColumnElement[bool]:
    """The condition on a case's number: what an agency sees are open cases that it has a return on.

    Asked case by case, so that the list goes no further than the page it shows.
    """
    if everything:
        return true()
    one = aliased(Case)
    return and_(exists().where(one.id == number, one.panel_opened_at.is_not(None)), _theirs(number))


@cache
def counting(*, everything: bool) -> Rows:
    """One row: the cases by filter, by the filter's value, and as "ready" those that can all be opened now.

    everything: for whoever moderates. Otherwise what agencies see, if it says "every"; the filter and "ready"
    that are not theirs are left out. Takes audit_id, and agencies.
    """
    return _counting_all() if everything else _counting_theirs()


def _counting_all() -> Rows:
    def cases(*conditions: ColumnElement[bool]) -> Any:
        return (
            select(func.count()).select_from(Case).where(Case.audit_id == audit, *conditions)
        ).scalar_subquery()

    # Not counted over the cases, but over what an index holds of each: the figures keep together.
    return select(
        cases().label(Show.ALL.value),
        cases(~opened).label(Show.NOT_OPENED.value),
        _judged_in_all().label(Show.JUDGED.value),
        _apart_in_all().label(Show.DIVERGENT.value),
        cases(ready_for_panel).label("ready"),
    )


def _counting_theirs() -> Rows:
    """The figures of the open cases, and as "every" whether one of the agencies has a return on every case.

    If so they are what it sees, each the length of a stretch of an index; if not, `walking` counts.
    """
    cases = select(func.count()).select_from(Case).where(Case.audit_id == audit)
    returns = select(func.count()).where(
        Return.audit_id == audit, Return.agency_id == AuditAgency.agency_id, Return.second.is_(False)
    )
    every = exists().where(
        AuditAgency.audit_id == audit,
        AuditAgency.agency_id.in_(_agencies()),
        returns.correlate(AuditAgency).scalar_subquery() == cases.scalar_subquery(),
    )
    of_open = cases.join(CaseDivergence, CaseDivergence.case_id == Case.id).where(opened, far_apart)
    closed = select(Case.id).where(Case.audit_id == audit, ~opened).exists()
    return select(
        every.label("every"),
        cases.where(opened).scalar_subquery().label(Show.ALL.value),
        _judged_in_all().label(Show.JUDGED.value),
        case((closed, of_open.scalar_subquery()), else_=_apart_in_all()).label(Show.DIVERGENT.value),
    )


@cache
def walking() -> Rows:
    """One row: the open cases that agencies have a return on, by filter, in one walk along the open cases.

    Takes audit_id and agencies.
    """
    overall = and_(Judgement.case_id == Case.id, Judgement.section_id.is_(None))
    apart = and_(CaseDivergence.case_id == Case.id, far_apart)
    return (
        select(
            func.count().label(Show.ALL.value),
            func.count(Judgement.case_id).label(Show.JUDGED.value),
            func.count(CaseDivergence.case_id).label(Show.DIVERGENT.value),
        )
        .select_from(Case)
        .outerjoin(Judgement, overall)
        .outerjoin(CaseDivergence, apart)
        .where(Case.audit_id == audit, opened, _theirs(Case.id))
    )


def _judged_in_all() -> ScalarSelect[int]:
    query = select(func.count()).where(Judgement.audit_id == audit, Judgement.section_id.is_(None))
    return query.scalar_subquery()


def _apart_in_all() -> ScalarSelect[int]:
    return select(func.count()).where(CaseDivergence.audit_id == audit, far_apart).scalar_subquery()


@cache
def listing(show: Show, order: Order, *, everything: bool) -> Rows:
    """A page of the agenda, a row a case. Takes audit_id, skip (cases of the pages before), and agencies."""
    numbers = _listed(show, order, everything=everything)
    listed = numbers.limit(PAGE_SIZE).offset(bindparam("skip", type_=Integer)).subquery("listed")
    overall = aliased(Judgement)
    # Returns and judgements are counted for the page's cases alone.
    returns = select(func.count()).where(Return.case_id == Case.id).correlate(Case)
    agreed = select(func.count()).where(Judgement.case_id == Case.id, Judgement.section_id.is_not(None))
    return (
        select(
            Case.id,
            Case.reference,
            opened.label("opened"),
            Agency.name,
            CaseDivergence.spread,
            CaseDivergence.apart,
            overall.id.label("judgement"),
            overall.grade_id,
            returns.scalar_subquery().label("returns"),
            returns.where(Return.state.in_(COMPLETE)).scalar_subquery().label("complete"),
            agreed.correlate(Case).scalar_subquery().label("agreed"),
        )
        .join(listed, listed.c.id == Case.id)
        .outerjoin(CaseDivergence, CaseDivergence.case_id == Case.id)
        .outerjoin(overall, and_(overall.case_id == Case.id, overall.section_id.is_(None)))
        .outerjoin(Agency, Agency.id == Case.agency_id)
        .order_by(*_keys(order))
    )


def _listed(show: Show, order: Order, *, everything: bool) -> Rows:
    """Numbers of the cases asked for, in order; by divergence along its index, by number along the cases'."""
    condition = CONDITIONS[show]
    if order is Order.DIVERGENCE:
        query = select(CaseDivergence.case_id.label("id")).where(CaseDivergence.audit_id == audit)
        if show in {Show.NOT_OPENED, Show.OPENED, Show.JUDGED}:
            query = query.join(Case, Case.id == CaseDivergence.case_id)
        within = _within(CaseDivergence.case_id, everything=everything)
    else:
        query = select(Case.id).where(Case.audit_id == audit)
        if show is Show.DIVERGENT:
            condition = exists().where(CaseDivergence.case_id == Case.id, far_apart)
        within = _within(Case.id, everything=everything)
    return query.where(within, condition).order_by(*_keys(order))


def _keys(order: Order) -> tuple[Any, ...]:
    if order is Order.DIVERGENCE:
        return CaseDivergence.place, CaseDivergence.case_id
    return Case.number, Case.id
