"""Writes recommendations with their actions, progress, evidence files and decisions."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import insert

from qa.audits.models import Audit
from qa.demo.findings import Meant
from qa.demo.scene import Scene, at
from qa.demo.words import DATA, WrittenAction, WrittenRecommendation
from qa.recommendations.evidence import Upload, checked
from qa.recommendations.lifecycle import ActionState, Level, Priority, RecommendationState, may_close
from qa.recommendations.models import (
    Action,
    ClosingDecision,
    EvidenceFile,
    ProgressUpdate,
    Recommendation,
    RecommendationFinding,
    RecommendationTheme,
    Verification,
)
from qa.returns.models import FindingKind

# The day of the data that stands for today in what is still open: before it is overdue, after it is ahead.
PIVOT = date(2021, 1, 31)
# Which agency of a sector carries the actions; health has two and they take turns.
AGENCIES = {
    "local_authority": ("bd_social_care",),
    "health": ("community_health", "hospitals"),
    "education": ("schools",),
    "police": ("police",),
    "voluntary": ("voluntary",),
}
BETWEEN_UPDATES = timedelta(days=24)
CHECKED_AFTER = timedelta(days=41)
CLOSING_NOTE = "Every plan was looked at, and the decisions are on the children's records."
# Files beside the data, by a word of the action they show the completion of.
FILES = {
    "observe one session": "supervision-observations.pdf",
    "conference chairs": "plans-sent-back.txt",
    "section 47 form": "managers-reasons-sample.txt",
}


def add_recommendations(
    scene: Scene,
    audit: Audit,
    written: Sequence[WrittenRecommendation],
    meant: Sequence[Meant],
    agreed: datetime,
) -> None:
    """Write the recommendations of an audit. meant: its findings with their themes; agreed: when."""
    turns: dict[str, int] = {}
    for number, entry in enumerate(written, start=1):
        closed = may_close(ActionState(action.state) for action in entry.actions)
        row = Recommendation(
            audit_id=audit.id,
            area_id=audit.area_id,
            number=number,
            text=entry.text,
            level=Level(entry.level),
            priority=Priority(entry.priority),
            measure_of_success=entry.measure_of_success,
            created_at=agreed,
            created_by_id=audit.lead_id,
        )
        scene.session.add(row)
        scene.session.flush()
        _link(scene, row, entry, meant)
        ended = [_add_action(scene, audit, row, action, turns, agreed) for action in entry.actions]
        if closed:
            _close(scene, audit, row, max(ended) + timedelta(days=5))


def _link(
    scene: Scene,
    row: Recommendation,
    entry: WrittenRecommendation,
    meant: Sequence[Meant],
) -> None:
    scene.session.execute(
        insert(RecommendationTheme),
        [
            {"recommendation_id": row.id, "theme_id": scene.partnership.themes[theme]}
            for theme in entry.themes
        ],
    )
    answered = [
        finding.id
        for finding, themes in meant
        if finding.kind is FindingKind.AREA_FOR_IMPROVEMENT and themes[0] == entry.themes[0]
    ]
    scene.session.execute(
        insert(RecommendationFinding),
        [{"recommendation_id": row.id, "finding_id": number} for number in answered[:4]],
    )


def _add_action(
    scene: Scene,
    audit: Audit,
    recommendation: Recommendation,
    entry: WrittenAction,
    turns: dict[str, int],
    agreed: datetime,
) -> datetime:
    """Write one action with all that was said of it; gives back the moment of the last word."""
    agencies = AGENCIES[entry.agency_sector]
    turn = turns[entry.agency_sector] = turns.get(entry.agency_sector, -1) + 1
    key = agencies[turn % len(agencies)]
    lead = scene.partnership.leads[key]
    state = ActionState(entry.state)
    # What is verified stays where it was; what is open keeps its distance to the pivot.
    due = entry.due if state is ActionState.VERIFIED else entry.due + (scene.today - PIVOT)
    row = Action(
        recommendation_id=recommendation.id,
        audit_id=recommendation.audit_id,
        agency_id=scene.partnership.agencies[key].id,
        lead_id=lead.id,
        text=entry.text,
        due_on=due,
        state=state,
        created_at=agreed,
    )
    if state is not ActionState.NOT_STARTED:
        row.accepted_at, row.accepted_by_id = agreed + timedelta(days=4), lead.id
    scene.session.add(row)
    scene.session.flush()
    moments = _moments(scene, entry, due, agreed)
    updates = _add_updates(scene, row, entry, moments)
    _add_decisions(scene, audit, row, entry, moments)
    _add_file(scene, row, updates)
    return moments[-1] if moments else agreed


def _moments(scene: Scene, entry: WrittenAction, due: date, agreed: datetime) -> list[datetime]:
    """When each thing was said: done by the day it was due, decided six weeks later, nothing this week."""
    turns = _turns(entry)
    latest = at(scene.ago(6), 14, 20)
    said: list[datetime] = []
    for turn in reversed(turns):
        if said:
            latest = said[0] - BETWEEN_UPDATES
        wanted = due - timedelta(days=1) if turn == "update" else due + CHECKED_AFTER
        said.insert(0, min(at(wanted, 14, 20), latest))
    earliest = agreed + timedelta(days=6)
    return [max(moment, earliest + timedelta(days=place)) for place, moment in enumerate(said)]


def _turns(entry: WrittenAction) -> list[str]:
    """The order of what was said: a decision answers an update, and the last decision comes last."""
    decisions = [decision.outcome for decision in entry.verification]
    updates = ["update"] * len(entry.progress)
    if len(decisions) > 1:
        return [*updates[:-1], *decisions[:-1], updates[-1], decisions[-1]]
    return [*updates, *decisions]


def _add_updates(
    scene: Scene, row: Action, entry: WrittenAction, moments: Sequence[datetime]
) -> list[ProgressUpdate]:
    turns = _turns(entry)
    places = [place for place, turn in enumerate(turns) if turn == "update"]
    updates = [
        ProgressUpdate(
            action_id=row.id,
            person_id=row.lead_id,
            posted_at=moments[place],
            text=text,
            state=_state_after(turns, place, row.state),
        )
        for place, text in zip(places, entry.progress, strict=True)
    ]
    scene.session.add_all(updates)
    scene.session.flush()
    return updates


def _state_after(turns: Sequence[str], place: int, now: ActionState) -> ActionState:
    answered = place + 1 < len(turns) and turns[place + 1] != "update"
    last = place + 1 == len(turns)
    if answered or (last and now is ActionState.AWAITING_VERIFICATION):
        return ActionState.AWAITING_VERIFICATION
    return ActionState.IN_PROGRESS


def _add_decisions(
    scene: Scene, audit: Audit, row: Action, entry: WrittenAction, moments: Sequence[datetime]
) -> None:
    places = [place for place, turn in enumerate(_turns(entry)) if turn != "update"]
    for place, decision in zip(places, entry.verification, strict=True):
        scene.session.add(
            Verification(
                action_id=row.id,
                person_id=audit.lead_id,
                decided_at=moments[place],
                outcome=decision.outcome,
                reason=decision.reason,
            )
        )
        if decision.outcome == "verified":
            row.verified_at = moments[place]


def _add_file(scene: Scene, row: Action, updates: Sequence[ProgressUpdate]) -> None:
    names = [name for words, name in FILES.items() if words in row.text]
    for file in checked([Upload(name, (DATA / "evidence" / name).read_bytes()) for name in names]):
        scene.session.add(
            EvidenceFile(
                action_id=row.id,
                update_id=updates[-1].id,
                person_id=updates[-1].person_id,
                uploaded_at=updates[-1].posted_at,
                name=file.name,
                media_type=file.media_type,
                size=len(file.content),
                sha256=file.sha256,
                content=file.content,
            )
        )


def _close(scene: Scene, audit: Audit, row: Recommendation, when: datetime) -> None:
    row.state, row.closing_note = RecommendationState.CLOSED, CLOSING_NOTE
    row.closed_at, row.closed_by_id = when, audit.lead_id
    scene.session.add(
        ClosingDecision(
            recommendation_id=row.id,
            person_id=audit.lead_id,
            decided_at=when,
            outcome="closed",
            reason=CLOSING_NOTE,
        )
    )
    scene.session.flush()
