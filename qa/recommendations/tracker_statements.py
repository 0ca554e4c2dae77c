"""The statements of the tracker: what is within reach and filtered, its standing and its order."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    ScalarSelect,
    Select,
    and_,
    case,
    exists,
    func,
    nulls_last,
    or_,
    select,
    true,
)

from qa.accounts.models import Agency, Area, Person
from qa.accounts.permissions import CurrentPerson
from qa.audits.models import Audit
from qa.recommendations.lifecycle import (
    UNFINISHED,
    ActionState,
    Priority,
    RecommendationState,
    days_overdue,
)
from qa.recommendations.models import Action, Recommendation, RecommendationTheme
from qa.recommendations.scope import openable, sees_all_whole, visible_alone, whole_of_visible
from qa.recommendations.tracker import SOON_DAYS, ActionLine, Due, Filters, Order

Rows = Select[*tuple[Any, ...]]


def late(day: date) -> ColumnElement[bool]:
    """The condition on Action that it is overdue on that day: the same rule as `lifecycle.overdue`."""
    return and_(Action.state.in_(UNFINISHED), Action.due_on < day)


def soon(day: date) -> ColumnElement[bool]:
    """The condition on Action that it is unfinished and due within SOON_DAYS, but not overdue."""
    last = day + timedelta(days=SOON_DAYS)
    return and_(Action.state.in_(UNFINISHED), Action.due_on.between(day, last))


def scoped(query: Rows, person: CurrentPerson, filters: Filters, day: date) -> Rows:
    """The query over Recommendation, left with what is visible and filtered."""
    conditions = [visible_alone(person)]
    for column, wanted in (
        (Recommendation.area_id, filters.area),
        (Recommendation.audit_id, filters.audit),
        (Recommendation.state, filters.state),
        (Recommendation.level, filters.level),
        (Recommendation.priority, filters.priority),
    ):
        if wanted is not None:
            conditions.append(column == wanted)
    if filters.theme is not None:
        coded = exists().where(
            RecommendationTheme.recommendation_id == Recommendation.id,
            RecommendationTheme.theme_id == filters.theme,
        )
        conditions.append(coded.correlate(Recommendation))
    if filters.by_action:
        conditions.append(with_action(looked_at(person, filters, day)))
    if filters.text:
        conditions.append(
            or_(
                Recommendation.text.icontains(filters.text, autoescape=True),
                Recommendation.audit_id.in_(
                    select(Audit.id)
                    .where(Audit.reference.icontains(filters.text, autoescape=True))
                    .correlate(None)
                ),
                with_action(Action.text.icontains(filters.text, autoescape=True)),
            )
        )
    return query.where(*conditions)


def with_action(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    """The condition on Recommendation that one of its actions fulfils the condition."""
    return exists().where(Action.recommendation_id == Recommendation.id, condition).correlate(Recommendation)


def looked_at(person: CurrentPerson, filters: Filters, day: date) -> ColumnElement[bool]:
    """The condition on Action that the filters of actions leave it, and the person may open it.

    Only for statements over `scoped` recommendations.
    """
    return and_(whole_of_visible(person), *_action_filters(filters, day))


def counted(person: CurrentPerson, filters: Filters, day: date) -> ColumnElement[bool]:
    """The condition on Action alone that `looked_at` and `scoped` put on it and its recommendation."""
    return and_(openable(person), filtered(person, filters, day))


def filtered(person: CurrentPerson, filters: Filters, day: date) -> ColumnElement[bool]:
    """The part of `counted` that the filters make, for statements that see to the reach themselves."""
    conditions = [true(), *_action_filters(filters, day)]
    of_recommendations = filters._replace(agency=None, lead=None, action_state=None, due=None)
    if of_recommendations.any:
        listed = scoped(select(Recommendation.id), person, of_recommendations, day)
        conditions.append(Action.recommendation_id.in_(listed.correlate(None)))
    return and_(*conditions)


def _action_filters(filters: Filters, day: date) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if filters.agency is not None:
        conditions.append(Action.agency_id == filters.agency)
    if filters.lead is not None:
        conditions.append(Action.lead_id == filters.lead)
    if filters.action_state is not None:
        conditions.append(Action.state == filters.action_state)
    if filters.due is Due.OVERDUE:
        conditions.append(late(day))
    elif filters.due is Due.SOON:
        conditions.append(soon(day))
    return conditions


def _of_actions(what: ColumnElement[Any], *conditions: ColumnElement[bool]) -> ScalarSelect[Any]:
    """A figure over the actions of each recommendation."""
    query = select(what).where(Action.recommendation_id == Recommendation.id, *conditions)
    return query.correlate(Recommendation).scalar_subquery()


def _earliest(person: CurrentPerson, filters: Filters, day: date) -> ColumnElement[Any]:
    if not filters.by_action and sees_all_whole(person):
        return Recommendation.__table__.c.due_on
    pending = Action.state != ActionState.VERIFIED
    return _of_actions(func.min(Action.due_on), pending, looked_at(person, filters, day))


def _order(order: Order, due_on: ColumnElement[Any]) -> tuple[Any, ...]:
    by_due = (nulls_last(due_on),)  # one look at it: it is worked out afresh wherever it is named
    closed = Recommendation.state == RecommendationState.CLOSED
    ranks = {priority: rank for rank, priority in enumerate(Priority)}
    orders: dict[Order, tuple[Any, ...]] = {
        Order.DUE: (closed, *by_due),
        Order.NUMBER: (Audit.reference, Recommendation.number),
        Order.PRIORITY: (closed, case(ranks, value=Recommendation.priority), *by_due),
    }
    return (*orders[order], Recommendation.id)


def lines_of(
    person: CurrentPerson, filters: Filters, day: date, limit: int | None = None, offset: int = 0
) -> Rows:
    """The filtered recommendations in the order asked for, with what a line of the tracker tells.

    limit, offset: which of them; the figures that no order looks at are worked out for those alone.
    """
    due_on = _earliest(person, filters, day).label("due_on")
    found = scoped(select(Recommendation.id, due_on), person, filters, day)
    if limit is not None:
        if filters.order is Order.NUMBER:
            found = found.join(Audit, Audit.id == Recommendation.audit_id)
        found = found.order_by(*_order(filters.order, due_on)).limit(limit).offset(offset)
    listed = found.subquery("listed")
    known = looked_at(person, filters.without_standing, day)
    awaits = Action.state == ActionState.AWAITING_VERIFICATION
    return (
        select(
            Recommendation.id,
            Recommendation.number,
            Recommendation.text,
            Recommendation.level,
            Recommendation.priority,
            Recommendation.state,
            Recommendation.audit_id,
            Audit.reference.label("audit_reference"),
            Audit.title.label("audit_title"),
            Area.name.label("area"),
            listed.c.due_on,
            _of_actions(func.min(Action.due_on), late(day), known).label("worst_on"),
            _of_actions(func.count(Action.id), awaits, known).label("awaiting"),
            _of_actions(func.count(Action.id), Action.state != ActionState.VERIFIED).label("unverified"),
            _of_actions(func.count(Action.id)).label("total"),
        )
        .join(listed, listed.c.id == Recommendation.id)
        .join(Audit, Audit.id == Recommendation.audit_id)
        .join(Area, Area.id == Recommendation.area_id)
        .order_by(*_order(filters.order, listed.c.due_on))
    )


def action_columns(may_open: ColumnElement[bool]) -> Rows:
    """Actions with agency and lead, for `action_line` to make lines of. may_open: whether they are whole."""
    return (
        select(
            Action.id,
            Action.recommendation_id,
            Agency.name.label("agency"),
            Action.text,
            Action.state,
            may_open.label("whole"),
            Person.name.label("lead_name"),
            Action.due_on,
            Action.accepted_at,
        )
        .join(Agency, Agency.id == Action.agency_id)
        .outerjoin(Person, Person.id == Action.lead_id)
    )


def action_line(row: Any, day: date) -> ActionLine:
    """A row of `action_columns` as a line; one that may not be opened keeps its lead and date to itself."""
    opens = bool(row.whole)
    return ActionLine(
        id=row.id,
        recommendation_id=row.recommendation_id,
        agency=row.agency,
        text=row.text,
        state=row.state,
        whole=opens,
        lead_name=row.lead_name if opens else None,
        due_on=row.due_on if opens else None,
        accepted=opens and row.accepted_at is not None,
        days_overdue=days_overdue(row.state, row.due_on, day) if opens else 0,
    )
