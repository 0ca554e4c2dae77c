"""Reads of single recommendations, actions and evidence files, and of what a report tells."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import aliased

from qa.accounts.models import Agency, Area, Person
from qa.accounts.permissions import CurrentPerson, Facts, Permission, can
from qa.audits.models import Audit
from qa.audits.queries import visible_audits
from qa.db import db, today
from qa.findings.models import Theme
from qa.problems import NotFound
from qa.recommendations.history import steps_of_action, steps_of_recommendation
from qa.recommendations.lifecycle import ActionState, days_overdue, overdue, why_not_verify
from qa.recommendations.models import (
    Action,
    EvidenceFile,
    ProgressUpdate,
    Recommendation,
    RecommendationFinding,
    RecommendationTheme,
)
from qa.recommendations.offers import finding_lines
from qa.recommendations.records import (
    ActionDetail,
    Event,
    EvidenceContent,
    FileLine,
    FindingLine,
    Heading,
    RecommendationDetail,
    ReportedAction,
    ReportedRecommendation,
    Responsible,
)
from qa.recommendations.scope import facts_of, visible, whole
from qa.recommendations.tracker_statements import Rows, action_columns, action_line
from qa.returns.models import Finding

STEPS_SHOWN = 50
ALL_STEPS = 500


def get_recommendation(person: CurrentPerson, recommendation_id: int) -> RecommendationDetail:
    """A recommendation with what it rests on, its actions and its history. Raises NotFound out of reach.

    At most six statements, one of them for a confidential audit's names.
    """
    heading, audit = _heading(Recommendation.id == recommendation_id)
    day = today()
    rows = db.session.execute(
        action_columns(whole(person))
        .add_columns(Action.agency_id)
        .join(Recommendation, Recommendation.id == Action.recommendation_id)
        .where(Action.recommendation_id == recommendation_id)
        .order_by(Action.due_on, Action.id)
    ).all()
    facts = facts_of(audit, [row.agency_id for row in rows])
    if not can(person, Permission.RECOMMENDATIONS_READ, facts):
        raise NotFound
    themes, findings = _rests_on(recommendation_id)
    return RecommendationDetail(
        heading=heading,
        themes=themes,
        findings=findings if can(person, Permission.FINDINGS_READ, facts) else None,
        finding_count=len(findings),
        actions=[action_line(row, day) for row in rows],
        history=steps_of_recommendation(recommendation_id, whole(person), STEPS_SHOWN),
        may_manage=can(person, Permission.RECOMMENDATIONS_MANAGE, facts),
    )


def _heading(condition: ColumnElement[bool]) -> tuple[Heading, Audit]:
    author, closer = aliased(Person), aliased(Person)
    row = db.session.execute(
        select(Recommendation, Audit, Area.name, author.name, closer.name)
        .join(Audit, Audit.id == Recommendation.audit_id)
        .join(Area, Area.id == Recommendation.area_id)
        .outerjoin(author, author.id == Recommendation.created_by_id)
        .outerjoin(closer, closer.id == Recommendation.closed_by_id)
        .where(condition)
    ).one_or_none()
    if row is None:
        raise NotFound
    made, audit, area, created_by, closed_by = row
    heading = Heading(
        id=made.id,
        number=made.number,
        text=made.text,
        level=made.level,
        priority=made.priority,
        measure_of_success=made.measure_of_success,
        state=made.state,
        version=made.version,
        audit_id=audit.id,
        audit_reference=audit.reference,
        audit_title=audit.title,
        area_id=made.area_id,
        area=area,
        created_at=made.created_at,
        created_by=created_by,
        closing_note=made.closing_note,
        closed_at=made.closed_at,
        closed_by=closed_by,
    )
    return heading, audit


def _rests_on(recommendation_id: int) -> tuple[list[tuple[int, str]], list[FindingLine]]:
    themes = db.session.execute(
        select(Theme.id, Theme.name)
        .join(RecommendationTheme, RecommendationTheme.theme_id == Theme.id)
        .where(RecommendationTheme.recommendation_id == recommendation_id)
        .order_by(Theme.name, Theme.id)
    )
    linked = select(RecommendationFinding.finding_id).where(
        RecommendationFinding.recommendation_id == recommendation_id
    )
    return [(row.id, row.name) for row in themes], finding_lines(Finding.id.in_(linked))


def get_action(person: CurrentPerson, action_id: int) -> ActionDetail:
    """An action with its recommendation and every step. Raises NotFound out of reach.

    At most six statements, one of them for a confidential audit's names.
    """
    lead, accepter = aliased(Person), aliased(Person)
    row = db.session.execute(
        select(Action, Agency.name, lead.name, accepter.name)
        .join(Agency, Agency.id == Action.agency_id)
        .outerjoin(lead, lead.id == Action.lead_id)
        .outerjoin(accepter, accepter.id == Action.accepted_by_id)
        .where(Action.id == action_id)
    ).one_or_none()
    if row is None:
        raise NotFound
    action, agency, lead_name, accepted_by = row
    heading, audit = _heading(Recommendation.id == action.recommendation_id)
    facts = facts_of(audit, [action.agency_id])
    if not can(person, Permission.RECOMMENDATIONS_READ, facts):
        raise NotFound
    events = _with_files(action_id, steps_of_action(action_id, ALL_STEPS))
    detail = ActionDetail(
        id=action.id,
        version=action.version,
        text=action.text,
        state=action.state,
        due_on=action.due_on,
        days_overdue=days_overdue(action.state, action.due_on, today()),
        responsible=Responsible(action.agency_id, action.lead_id),
        agency=agency,
        lead_name=lead_name,
        accepted_at=action.accepted_at,
        accepted_by=accepted_by,
        heading=heading,
        events=events,
        updates=sum(event.update_id is not None for event in events),
    )
    return _with_permissions(person, facts, detail)


def _with_files(action_id: int, events: Sequence[Event]) -> list[Event]:
    files: defaultdict[int | None, list[FileLine]] = defaultdict(list)
    query = select(EvidenceFile.update_id, EvidenceFile.id, EvidenceFile.name, EvidenceFile.size)
    for row in db.session.execute(query.where(EvidenceFile.action_id == action_id).order_by(EvidenceFile.id)):
        files[row.update_id].append(FileLine(row.id, row.name, row.size))
    return [
        event._replace(files=files[event.update_id]) if event.update_id is not None else event
        for event in events
    ]


def _with_permissions(person: CurrentPerson, facts: Facts, action: ActionDetail) -> ActionDetail:
    awaits = action.state is ActionState.AWAITING_VERIFICATION
    manages = can(person, Permission.RECOMMENDATIONS_MANAGE, facts)
    barred = ""
    if awaits and manages:
        barred = why_not_verify(
            own_agency=bool(facts.agency_ids & person.agency_ids),
            own_hand=has_hand_in(person, action.id, action.responsible.lead_id),
        )
    return action._replace(
        may_progress=can(person, Permission.ACTIONS_PROGRESS, facts)
        and not awaits
        and action.state is not ActionState.VERIFIED,
        may_decide=awaits and not barred and can(person, Permission.ACTIONS_VERIFY, facts),
        may_manage=manages,
        barred=barred,
    )


def has_hand_in(person: CurrentPerson, action_id: int, lead_id: int | None) -> bool:
    """Whether the person leads the action or has ever posted progress on it, whatever they are now."""
    if person.id == lead_id:
        return True
    posted = select(ProgressUpdate.id).where(
        ProgressUpdate.action_id == action_id, ProgressUpdate.person_id == person.id
    )
    return db.session.scalar(posted.limit(1)) is not None


def get_evidence(person: CurrentPerson, action_id: int, file_id: int) -> EvidenceContent:
    """An evidence file of an action within reach. Raises NotFound."""
    row = db.session.execute(
        select(
            EvidenceFile.id,
            EvidenceFile.name,
            EvidenceFile.media_type,
            EvidenceFile.content,
            Recommendation.area_id,
        )
        .join(Action, Action.id == EvidenceFile.action_id)
        .join(Recommendation, Recommendation.id == Action.recommendation_id)
        .join(Audit, Audit.id == Recommendation.audit_id)
        .where(EvidenceFile.id == file_id, Action.id == action_id, visible(person), whole(person))
    ).one_or_none()
    if row is None:
        raise NotFound
    return EvidenceContent(*row)


def recommendations_of(person: CurrentPerson, audit_id: int) -> list[ReportedRecommendation]:
    """An audit's recommendations in order, for reports; one statement.

    Whoever may read the audit's report gets all of them whole, so that a report is the same for everybody;
    anyone else gets what the tracker shows them. Raises NotFound when the audit is out of reach for both.
    """
    day = today()
    rows = db.session.execute(_reported(person, audit_id)).all()
    if not rows or not (rows[0].report or rows[0].tracker):
        raise NotFound
    actions: defaultdict[int, list[ReportedAction]] = defaultdict(list)
    for row in rows:
        if row.id is not None:
            actions[row.recommendation_id].append(_reported_action(row, day))
    return [
        ReportedRecommendation(
            id=row.rec_id,
            number=row.rec_number,
            text=row.rec_text,
            level=row.rec_level,
            priority=row.rec_priority,
            measure_of_success=row.rec_measure,
            state=row.rec_state,
            actions=actions[row.rec_id],
        )
        for row in {row.rec_id: row for row in rows if row.rec_id is not None}.values()
    ]


def _reported(person: CurrentPerson, audit_id: int) -> Rows:
    """A row for each action, or for a recommendation without one; one row at least for an audit there is."""
    report = visible_audits(person, Permission.REPORTS_READ)
    actions = (
        action_columns(or_(report, whole(person)))
        .join(Recommendation, Recommendation.id == Action.recommendation_id)
        .join(Audit, Audit.id == Recommendation.audit_id)
        .where(Audit.id == audit_id)
        .subquery("actions")
    )
    within = and_(Recommendation.audit_id == Audit.id, or_(report, visible(person)))
    return (
        select(
            report.label("report"),
            visible_audits(person, Permission.RECOMMENDATIONS_READ).label("tracker"),
            Recommendation.id.label("rec_id"),
            Recommendation.number.label("rec_number"),
            Recommendation.text.label("rec_text"),
            Recommendation.level.label("rec_level"),
            Recommendation.priority.label("rec_priority"),
            Recommendation.measure_of_success.label("rec_measure"),
            Recommendation.state.label("rec_state"),
            *actions.c,
        )
        .select_from(Audit)
        .outerjoin(Recommendation, within)
        .outerjoin(actions, actions.c.recommendation_id == Recommendation.id)
        .where(Audit.id == audit_id)
        .order_by(Recommendation.number, actions.c.due_on, actions.c.id)
    )


def _reported_action(row: Any, day: date) -> ReportedAction:
    line = action_line(row, day)
    return ReportedAction(
        agency=line.agency,
        text=line.text,
        lead_name=line.lead_name,
        due_on=line.due_on,
        state=line.state,
        overdue=line.whole and overdue(row.state, row.due_on, day),
        days_overdue=line.days_overdue,
    )
