"""The statements of the agenda: which cases it lists, in which order, and how many each filter leaves.

They are put together once for each filter and order: that costs more than the database takes to answer.
"""

from functools import cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Integer,
    Select,
    and_,
    bindparam,
    exists,
    func,
    literal,
    select,
    true,
)
from sqlalchemy.orm import aliased

from qa.accounts.models import Agency
from qa.audits.lifecycle import COMPLETE
from qa.audits.models import Case, Return
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
    agencies: BindParameter[Any] = bindparam("agencies", expanding=True)
    return exists().where(Return.case_id == number, Return.agency_id.in_(agencies))


def _within(number: Any, *, everything: bool) -> ColumnElement[bool]:
    """The condition on a case's number: what an agency sees are open cases that it has a return on.

    Asked case by case, so that the list goes no further than the page it shows.
    """
    if everything:
        return true()
    case = aliased(Case)
    return and_(exists().where(case.id == number, case.panel_opened_at.is_not(None)), _theirs(number))


@cache
def counting(*, everything: bool) -> Rows:
    """One row: the cases by filter, by the filter's value, and as "ready" those that can all be opened now.

    everything: for whoever moderates; otherwise what agencies see. Takes audit_id, and agencies.
    """
    return _counting_all() if everything else _counting_theirs()


def _counting_all() -> Rows:
    def cases(*conditions: ColumnElement[bool]) -> Any:
        return (
            select(func.count()).select_from(Case).where(Case.audit_id == audit, *conditions)
        ).scalar_subquery()

    # Not counted over the cases, but over what an index holds of each: the figures keep together.
    overall = select(func.count()).where(Judgement.audit_id == audit, Judgement.section_id.is_(None))
    apart = select(func.count()).where(CaseDivergence.audit_id == audit, far_apart)
    return select(
        cases().label(Show.ALL.value),
        cases(~opened).label(Show.NOT_OPENED.value),
        overall.scalar_subquery().label(Show.JUDGED.value),
        apart.scalar_subquery().label(Show.DIVERGENT.value),
        cases(ready_for_panel).label("ready"),
    )


def _counting_theirs() -> Rows:
    """In one walk along the open cases, as it is asked of each whether it is theirs."""
    overall = and_(Judgement.case_id == Case.id, Judgement.section_id.is_(None))
    apart = and_(CaseDivergence.case_id == Case.id, far_apart)
    return (
        select(
            func.count().label(Show.ALL.value),
            literal(0).label(Show.NOT_OPENED.value),
            func.count(Judgement.case_id).label(Show.JUDGED.value),
            func.count(CaseDivergence.case_id).label(Show.DIVERGENT.value),
            literal(0).label("ready"),
        )
        .select_from(Case)
        .outerjoin(Judgement, overall)
        .outerjoin(CaseDivergence, apart)
        .where(Case.audit_id == audit, opened, _theirs(Case.id))
    )


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
