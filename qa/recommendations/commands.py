"""What QA leads do with recommendations: write, edit, close and reopen them (actions: see planning)."""

from collections.abc import Collection, Sequence

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from qa.accounts.permissions import CurrentPerson, Permission
from qa.audits.models import Audit
from qa.audits.queries import get_audit
from qa.db import now, writing
from qa.identifiers.asking import NO_CHOICES, Choices
from qa.identifiers.guarding import Part, check, check_all
from qa.problems import Refused, Stale, refused
from qa.recommendations.lifecycle import RecommendationState, may_close
from qa.recommendations.loading import CLOSED, recommendation_to_change
from qa.recommendations.models import (
    Action,
    ClosingDecision,
    Recommendation,
    RecommendationFinding,
    RecommendationTheme,
)
from qa.recommendations.offers import agency_leads, next_number, themes_for
from qa.recommendations.planning import new_action, plan_errors, record_new_action
from qa.recommendations.records import ActionPlan, Wording
from qa.returns.models import Finding
from qa.trail.recording import record

WORDS = ("text", "level", "measure_of_success", "priority")


def create(
    person: CurrentPerson,
    audit_id: int,
    wording: Wording,
    plans: Sequence[ActionPlan],
    choices: Choices = NO_CHOICES,
) -> int:
    """Add a recommendation to an audit with its first actions, all or none; gives back its number in the
    database. plans may be empty: actions can be added later.

    Raises NotFound when the audit is out of a QA lead's reach; Refused next to `themes`, `findings`, or
    `actions-N-who` and `actions-N-due_on` (N: place in plans, from 0). choices: what the form says about what
    could identify somebody; Questioned, next to `text`, `measure_of_success` and `actions-N-text`.
    """
    with writing() as session:
        audit = get_audit(person, audit_id, Permission.RECOMMENDATIONS_MANAGE)
        # Locked, so that two recommendations made at once get different numbers.
        session.execute(select(Audit.id).where(Audit.id == audit_id).with_for_update())
        _check_basis(session, audit.id, audit.area_id, wording)
        _check_plans(audit_id, plans)
        made = Recommendation(
            audit_id=audit.id,
            area_id=audit.area_id,
            number=next_number(audit_id),
            text=wording.text,
            level=wording.level,
            priority=wording.priority,
            measure_of_success=wording.measure_of_success,
            created_at=now(),
            created_by_id=person.id,
        )
        session.add(made)
        session.flush()
        _link(session, made.id, wording)
        actions = [new_action(session, made, plan) for plan in plans]
        parts = [_words(made), *(_words_of_action(place, action) for place, action in enumerate(actions))]
        check_all(session, person, audit.area_id, parts, choices, about_child=False)
        _record(session, person, made, "created", [*WORDS, "themes", "findings"])
        for action in actions:
            record_new_action(session, person, action, audit.area_id)
        return made.id


def _words(row: Recommendation) -> Part:
    return Part("recommendation", row.id, {"text": row.text, "measure_of_success": row.measure_of_success})


def _words_of_action(place: int, action: Action) -> Part:
    name = f"actions-{place}-text"
    return Part("action", action.id, {name: action.text}, {name: "text"})


def _check_plans(audit_id: int, plans: Sequence[ActionPlan]) -> None:
    agencies = agency_leads(audit_id) if plans else []
    errors = {
        f"actions-{place}-{name}": message
        for place, plan in enumerate(plans)
        for name, message in plan_errors(plan, agencies).items()
    }
    if errors:
        raise Refused(errors)


def edit(
    person: CurrentPerson,
    recommendation_id: int,
    version: int,
    wording: Wording,
    choices: Choices = NO_CHOICES,
) -> None:
    """Change a recommendation's words and what it rests on.

    Raises NotFound, NotAllowed, Refused when it is closed, Questioned about its words, Stale when somebody
    changed it meanwhile.
    """
    with writing() as session:
        row = recommendation_to_change(session, person, recommendation_id).recommendation
        if row.state is RecommendationState.CLOSED:
            raise refused(CLOSED)
        if row.version != version:
            raise Stale(
                {
                    "text": row.text,
                    "level": row.level.label,
                    "measure_of_success": row.measure_of_success,
                    "priority": row.priority.label,
                },
                row.version,
            )
        _check_basis(session, row.audit_id, row.area_id, wording)
        changed = _changed(session, row, wording)
        for name in WORDS:
            setattr(row, name, getattr(wording, name))
        flag_modified(row, "text")  # so that the version counts a change of themes or findings too
        for table in (RecommendationTheme, RecommendationFinding):
            session.execute(delete(table).where(table.recommendation_id == row.id))
        _link(session, row.id, wording)
        check_all(session, person, row.area_id, [_words(row)], choices, about_child=False)
        _record(session, person, row, "changed", changed)


def _changed(session: Session, row: Recommendation, wording: Wording) -> list[str]:
    changed = [name for name in WORDS if getattr(row, name) != getattr(wording, name)]
    themes, findings = RecommendationTheme, RecommendationFinding
    for name, column, wanted in (
        ("themes", themes.theme_id, wording.theme_ids),
        ("findings", findings.finding_id, wording.finding_ids),
    ):
        linked = select(column).where(column.class_.recommendation_id == row.id)
        if set(session.scalars(linked)) != wanted:
            changed.append(name)
    return changed


def _check_basis(session: Session, audit_id: int, area_id: int, wording: Wording) -> None:
    known = {number for number, _name in themes_for(area_id)}
    if not wording.theme_ids <= known:
        raise refused("One of the themes is no longer there. Choose again", "themes")
    if wording.finding_ids:
        found = session.scalar(
            select(func.count(Finding.id)).where(
                Finding.id.in_(wording.finding_ids),
                Finding.audit_id == audit_id,
                Finding.released.is_(True),
            )
        )
        if found != len(wording.finding_ids):
            raise refused("One of the findings is no longer part of this audit. Choose again", "findings")


def _link(session: Session, recommendation_id: int, wording: Wording) -> None:
    _insert(session, RecommendationTheme, "theme_id", recommendation_id, wording.theme_ids)
    _insert(session, RecommendationFinding, "finding_id", recommendation_id, wording.finding_ids)


def _insert(
    session: Session,
    table: type[RecommendationTheme | RecommendationFinding],
    column: str,
    recommendation_id: int,
    numbers: Collection[int],
) -> None:
    if numbers:
        rows = [{"recommendation_id": recommendation_id, column: number} for number in sorted(numbers)]
        session.execute(insert(table), rows)


def close(
    person: CurrentPerson,
    recommendation_id: int,
    version: int,
    note: str,
    choices: Choices = NO_CHOICES,
) -> None:
    """Close a recommendation whose every action is verified, with a note on what came of it.

    Raises NotFound, NotAllowed, Stale, Questioned, Refused while an action is not verified or there is none.
    """
    with writing() as session:
        row = recommendation_to_change(session, person, recommendation_id).recommendation
        if row.state is RecommendationState.CLOSED:
            raise refused("This recommendation is closed already")
        states = session.scalars(select(Action.state).where(Action.recommendation_id == row.id)).all()
        if not may_close(states):
            raise refused("Every action must be verified before the recommendation can be closed")
        if row.version != version:
            raise Stale({"Recommendation": row.text}, row.version)
        _decide(session, person, row, RecommendationState.CLOSED, note, choices)


def reopen(
    person: CurrentPerson,
    recommendation_id: int,
    version: int,
    reason: str,
    choices: Choices = NO_CHOICES,
) -> None:
    """Open a closed recommendation again.

    Raises NotFound, NotAllowed, Stale, Questioned, Refused when it is open.
    """
    with writing() as session:
        row = recommendation_to_change(session, person, recommendation_id).recommendation
        if row.state is RecommendationState.OPEN:
            raise refused("This recommendation is open already")
        if row.version != version:
            raise Stale({"Recommendation": row.text}, row.version)
        _decide(session, person, row, RecommendationState.OPEN, reason, choices)


def _decide(
    session: Session,
    person: CurrentPerson,
    row: Recommendation,
    state: RecommendationState,
    reason: str,
    choices: Choices,
) -> None:
    closing = state is RecommendationState.CLOSED
    outcome, moment = "closed" if closing else "reopened", now()
    row.state = state
    row.closing_note = reason if closing else ""
    row.closed_at, row.closed_by_id = (moment, person.id) if closing else (None, None)
    session.add(
        ClosingDecision(
            recommendation_id=row.id,
            person_id=person.id,
            decided_at=moment,
            outcome=outcome,
            reason=reason,
        )
    )
    texts = {"note" if closing else "reason": reason}
    check(session, person, row.area_id, "recommendation", row.id, texts, choices, about_child=False)
    _record(session, person, row, outcome, ["state", "closing_note"])


def _record(
    session: Session, person: CurrentPerson, row: Recommendation, what: str, fields: list[str]
) -> None:
    event = f"recommendations.{what}"
    record(session, person.id, event, "recommendation", row.id, fields=fields, area_id=row.area_id)
