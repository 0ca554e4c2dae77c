"""Reads of the tracker: its lines, its counts, which agencies drift, and what its filters offer."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    CompoundSelect,
    Integer,
    ScalarSelect,
    and_,
    case,
    cast,
    exists,
    func,
    literal,
    select,
    true,
    union_all,
)

from qa.accounts.models import Agency, Area, Person
from qa.accounts.permissions import CurrentPerson, Permission, reach
from qa.audits.models import Audit
from qa.db import db, today
from qa.findings.models import Theme
from qa.recommendations.lifecycle import (
    DONE_BY_AGENCY,
    UNFINISHED,
    ActionState,
    RecommendationState,
    days_overdue,
)
from qa.recommendations.models import Action, Recommendation, RecommendationTheme
from qa.recommendations.scope import in_audits, looked_through, open_to, openable, visible, whole
from qa.recommendations.tracker import ActionLine, Choices, Counts, Drift, Filters, TrackerLine, Waiting
from qa.recommendations.tracker_statements import (
    Rows,
    action_columns,
    action_line,
    counted,
    filtered,
    late,
    lines_of,
    looked_at,
    scoped,
    soon,
)
from qa.web.paging import Page

TRACKER_PAGE = 20  # recommendations: each comes with its actions, so that fifty are too long to read
LISTED_ACTIONS = 6  # of one recommendation on the tracker; the rest is counted
# Statements that are the same from page to page: to build the largest takes longer than to run it.
KEPT_STATEMENTS = 128
DRIFTING = 6  # agencies shown above the list


def tracker_page(
    person: CurrentPerson, filters: Filters, number: int, counted: Counts | None = None
) -> Page[TrackerLine]:
    """A page of the recommendations within reach that the filters leave, in three statements at most.

    Beyond the last page it gives the last one. counted: the `counts` of these filters, where they are
    known; they tell how many there are in all as long as nothing is filtered by standing.
    """
    day = today()
    if counted is not None and filters == filters.without_standing:
        total = counted.open + counted.closed
    else:
        total = db.session.scalar(scoped(select(func.count(Recommendation.id)), person, filters, day)) or 0
    last = max(1, -(-total // TRACKER_PAGE))
    number = min(number, last)
    query = lines_of(person, filters, day, TRACKER_PAGE, (number - 1) * TRACKER_PAGE)
    rows = db.session.execute(query).all() if total else []
    actions = _first_actions(person, filters, day, [row.id for row in rows])
    lines = [
        TrackerLine(
            id=row.id,
            number=row.number,
            text=row.text,
            level=row.level,
            priority=row.priority,
            state=row.state,
            audit_id=row.audit_id,
            audit_reference=row.audit_reference,
            audit_title=row.audit_title,
            area=row.area,
            due_on=row.due_on,
            days_overdue=(day - row.worst_on).days if row.worst_on else 0,
            awaiting=bool(row.awaiting),
            unverified=row.unverified,
            total=row.total,
            actions=actions[row.id],
        )
        for row in rows
    ]
    return Page(lines, number, total, TRACKER_PAGE)


def counts(person: CurrentPerson, filters: Filters) -> Counts:
    """Recommendations within reach by standing, over every filter but state, action state and due date."""
    day, filters = today(), filters.without_standing
    with_action = select(func.count(Action.recommendation_id.distinct())).where(counted(person, filters, day))
    awaiting = with_action.where(Action.state == ActionState.AWAITING_VERIFICATION)

    def of_state(state: RecommendationState) -> ScalarSelect[int]:
        # Each by itself: an index then leads to those that it counts alone.
        query = select(func.count(Recommendation.id)).where(Recommendation.state == state)
        return scoped(query, person, filters, day).scalar_subquery()

    query = select(
        of_state(RecommendationState.OPEN),
        with_action.where(late(day)).correlate(None).scalar_subquery(),
        awaiting.correlate(None).scalar_subquery(),
        of_state(RecommendationState.CLOSED),
    )
    return Counts(*db.session.execute(query).one())


def drift(person: CurrentPerson, filters: Filters) -> list[Drift]:
    """The agencies with overdue actions, the most first, over the same filters as `counts`."""
    query = _drifting(person, filters.without_standing, today())
    return [Drift(*row) for row in db.session.execute(query)]


@lru_cache(maxsize=KEPT_STATEMENTS)
def _drifting(person: CurrentPerson, filters: Filters, day: date) -> Rows:
    pairs = _agencies_of_audits(person)

    def figure(what: ColumnElement[Any], *conditions: ColumnElement[bool]) -> ScalarSelect[Any]:
        # Of an agency in an audit it is the length, or the beginning, of three stretches of an index.
        of_both = (Action.audit_id == pairs.c.audit_id, Action.agency_id == pairs.c.agency_id)
        query = select(what).where(*of_both, filtered(person, filters, day), *conditions)
        return query.correlate(pairs).scalar_subquery()

    unfinished = Action.state.in_(UNFINISHED)
    each = (
        select(
            pairs.c.agency_id,
            figure(func.count(), unfinished).label("unfinished"),
            figure(func.count(), late(day)).label("overdue"),
            figure(func.min(Action.__table__.c.due_on), unfinished).label("earliest"),
        )
        .where(openable(person, pairs.c))
        .subquery("each")
    )
    found = (
        select(
            each.c.agency_id,
            cast(func.sum(each.c.unfinished), Integer).label("unfinished"),
            cast(func.sum(each.c.overdue), Integer).label("overdue"),
            func.min(each.c.earliest).label("earliest"),
        )
        .group_by(each.c.agency_id)
        .subquery("found")
    )
    return (
        select(Agency.id, Agency.name, found.c.unfinished, found.c.overdue, found.c.earliest)
        .join(found, found.c.agency_id == Agency.id)
        .where(found.c.overdue > 0)
        .order_by(found.c.overdue.desc(), found.c.earliest, Agency.name)
        .limit(DRIFTING)
    )


def _agencies_of_audits(person: CurrentPerson) -> CTE:
    """Each audit with each agency that has an action in it: along an index from one agency to the next.

    An agency that no longer takes part may still have actions, so that the list of those who do is no help.
    The last row of each audit has no agency.
    """
    least = select(func.min(Action.agency_id))
    first = least.where(Action.audit_id == Audit.id).correlate(Audit)
    begun = select(Audit.id.label("audit_id"), first.scalar_subquery().label("agency_id"))
    pairs = begun.where(looked_through(person)).cte("pairs", recursive=True)
    further = least.where(Action.audit_id == pairs.c.audit_id, Action.agency_id > pairs.c.agency_id)
    return pairs.union_all(
        select(pairs.c.audit_id, further.correlate(pairs).scalar_subquery()).where(
            pairs.c.agency_id.is_not(None)
        )
    )


def waiting(person: CurrentPerson) -> Waiting:
    """What waits for the person as agency lead and as QA lead; one statement, none for anybody else."""
    agencies = reach(person, Permission.ACTIONS_PROGRESS).agencies
    areas = reach(person, Permission.ACTIONS_VERIFY)
    if not agencies and areas.nowhere:
        return Waiting()
    day = today()
    open_audits = open_to(person)
    within = true() if areas.everywhere else Audit.area_id.in_(areas.areas)
    own = [Action.agency_id.in_(agencies), in_audits(open_audits)] if agencies else []
    area = [] if areas.nowhere else [in_audits(within, open_audits)]
    awaits = Action.state == ActionState.AWAITING_VERIFICATION
    elsewhere = Action.agency_id.not_in(person.agency_ids) if person.agency_ids else true()

    def figure(reached: list[ColumnElement[bool]], *conditions: ColumnElement[bool]) -> ColumnElement[int]:
        if not reached:
            return literal(0)
        return select(func.count()).select_from(Action).where(*reached, *conditions).scalar_subquery()

    # Each by itself: an index then leads to the actions that it counts alone.
    query = select(
        figure(own, late(day)),
        figure(own, soon(day)),
        figure(own, Action.state == ActionState.SENT_BACK),
        figure(area, awaits, elsewhere),
        figure(area, late(day)),
    )
    return Waiting(*db.session.execute(query).one())


def choices(person: CurrentPerson) -> Choices:
    """What the filters offer: what occurs within reach. One statement, which asks each area, audit, agency,
    person and theme for one recommendation, and so does not count through all of them.
    """
    offered: defaultdict[str, list[tuple[int, str]]] = defaultdict(list)
    for kind, number, words in db.session.execute(_offered(person)):
        offered[kind].append((number, words))
    return Choices(**{kind: sorted(items, key=_by_words) for kind, items in offered.items()})


@lru_cache(maxsize=KEPT_STATEMENTS)
def _offered(person: CurrentPerson) -> CompoundSelect[*tuple[Any, ...]]:
    known = and_(visible(person), Audit.id == Recommendation.audit_id)
    coded = RecommendationTheme.recommendation_id == Recommendation.id
    acts = and_(Action.recommendation_id == Recommendation.id, whole(person))
    parts = (
        ("area", Area, Area.name, exists().where(Recommendation.area_id == Area.id, known)),
        ("audit", Audit, Audit.reference + " " + Audit.title, None),
        ("agency", Agency, Agency.name, exists().where(Action.agency_id == Agency.id, acts, known)),
        ("lead", Person, Person.name, exists().where(Action.lead_id == Person.id, acts, known)),
        ("theme", Theme, Theme.name, exists().where(RecommendationTheme.theme_id == Theme.id, coded, known)),
    )
    of_audit = exists().where(Recommendation.audit_id == Audit.id, visible(person)).correlate(Audit)
    return union_all(
        *(
            select(literal(kind).label("kind"), model.id.label("id"), words.label("words")).where(
                of_audit if found is None else found.correlate(model)
            )
            for kind, model, words, found in parts
        )
    )


def _by_words(item: tuple[int, str]) -> tuple[str, int]:
    return item[1].casefold(), item[0]


def every_line(person: CurrentPerson, filters: Filters) -> list[dict[str, Any]]:
    """Every filtered recommendation with the actions the filters look at, a row an action: for a download.

    One statement. A recommendation without actions has one row with empty action columns; of another
    agency's action an agency's people get its agency, text and state.
    """
    day = today()
    matching = looked_at(person, filters, day) if filters.by_action else true()
    query = (
        lines_of(person, filters, day)
        .add_columns(
            Recommendation.measure_of_success,
            Agency.name.label("agency"),
            Action.text.label("action"),
            Action.state.label("action_state"),
            case((whole(person), Action.due_on)).label("action_due_on"),
            case((whole(person), Person.name)).label("lead"),
        )
        .outerjoin(Action, and_(Action.recommendation_id == Recommendation.id, matching))
        .outerjoin(Agency, Agency.id == Action.agency_id)
        .outerjoin(Person, Person.id == Action.lead_id)
        .order_by(Action.due_on, Action.id)
    )
    rows = [dict(row._mapping) for row in db.session.execute(query)]
    for row in rows:
        known = row["action_due_on"] is not None
        row["days_overdue"] = days_overdue(row["action_state"], row["action_due_on"], day) if known else 0
    return rows


def _first_actions(
    person: CurrentPerson, filters: Filters, day: date, ids: Sequence[int]
) -> dict[int, list[ActionLine]]:
    """The first few actions of each recommendation: unfinished before finished, the earliest due first."""
    lines: defaultdict[int, list[ActionLine]] = defaultdict(list)
    if not ids:
        return lines
    place = func.row_number().over(
        partition_by=Action.recommendation_id,
        order_by=(Action.state.in_(DONE_BY_AGENCY), Action.due_on, Action.id),
    )
    listed = (
        select(Action.id, whole(person).label("whole"), place.label("place"))
        .join(Recommendation, Recommendation.id == Action.recommendation_id)
        .where(
            Action.recommendation_id.in_(ids),
            looked_at(person, filters, day) if filters.by_action else true(),
        )
        .subquery("listed")
    )
    query = action_columns(listed.c.whole).join(listed, listed.c.id == Action.id)
    query = query.where(listed.c.place <= LISTED_ACTIONS).order_by(listed.c.place)
    for row in db.session.execute(query):
        line = action_line(row, day)
        lines[line.recommendation_id].append(line)
    return lines
