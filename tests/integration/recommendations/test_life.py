"""Agency leads and QA leads act in any order; what must hold holds after every step."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import func, select

from qa.accounts.permissions import CurrentPerson, Role
from qa.db import db, today
from qa.problems import Problem
from qa.recommendations import commands, planning, progress
from qa.recommendations.lifecycle import NEXT, ActionState, RecommendationState
from qa.recommendations.models import Action, ClosingDecision, Recommendation, Verification
from qa.recommendations.records import ActionPlan, Responsible
from qa.trail.models import TrailEntry
from tests.integration.recommendations.conftest import Scene
from tests.support.factories import Maker

S = ActionState
places = st.integers(0, 2)


class Life(RuleBasedStateMachine):
    """One recommendation at a time, with up to three actions of two agencies."""

    app: Flask
    scene: Scene
    make: Maker
    both: CurrentPerson
    reached: Counter[str]

    @initialize()
    def begin(self) -> None:
        """A fresh recommendation, and where the trail ends now."""
        self.row_id: int = self.make.recommendation(self.scene.audit).id
        self.states: dict[int, S] = {}
        self.is_open = True
        self.steps = self.trail()
        self.add(self.scene.health, self.scene.health_lead)

    def trail(self) -> int:
        with self.app.app_context():
            return db.session.scalar(select(func.max(TrailEntry.number))) or 0

    def last_event(self) -> str:
        with self.app.app_context():
            query = select(TrailEntry.event).order_by(TrailEntry.number.desc()).limit(1)
            return db.session.scalars(query).one()

    def done(self, what: Callable[[], Any]) -> Any:
        """Run a command; None when it refuses, and then nothing may have changed on the trail."""
        try:
            with self.app.app_context():
                result = what()
        except Problem:
            assert self.trail() == self.steps
            return None
        self.steps += 1
        self.reached[self.last_event()] += 1
        assert self.trail() == self.steps, "a change without its one entry on the trail"
        return True if result is None else result

    def action(self, place: int) -> Action:
        with self.app.app_context():
            number = sorted(self.states)[place % len(self.states)]
            return db.session.scalars(select(Action).where(Action.id == number)).one()

    def version(self) -> int:
        with self.app.app_context():
            query = select(Recommendation.version).where(Recommendation.id == self.row_id)
            return db.session.scalars(query).one()

    def add(self, agency: Any, lead: CurrentPerson) -> None:
        plan = ActionPlan(Responsible(agency.id, lead.id), "Do it.", today() + timedelta(days=9))
        number = self.done(lambda: planning.add_action(self.scene.qa_lead, self.row_id, plan))
        assert (number is not None) == self.is_open
        if number is not None:
            self.states[number] = S.NOT_STARTED

    @rule(health=st.booleans())
    def plan(self, health: bool) -> None:
        """The QA lead adds an action."""
        scene = self.scene
        if len(self.states) < 3:
            self.add(*((scene.health, scene.health_lead) if health else (scene.police, scene.police_lead)))

    @rule(place=places, wanted=st.sampled_from(S), health=st.booleans())
    def post(self, place: int, wanted: S, health: bool) -> None:
        """An agency lead posts progress, on their own agency's action or another's."""
        action, scene = self.action(place), self.scene
        person = scene.health_lead if health else scene.police_lead
        own = action.agency_id in person.agency_ids
        happened = self.done(lambda: progress.post_progress(person, action.id, wanted, "Some work."))
        allowed = {S.IN_PROGRESS, S.AWAITING_VERIFICATION} & NEXT[self.states[action.id]]
        assert bool(happened) == (own and wanted in allowed)
        if happened:
            self.states[action.id] = wanted

    @rule(place=places, wanted=st.sampled_from(S), both=st.booleans(), stale=st.booleans())
    def decide(self, place: int, wanted: S, both: bool, stale: bool) -> None:
        """A QA lead decides: one of no agency, or one who also works for the health agency."""
        action = self.action(place)
        person = self.both if both else self.scene.qa_lead
        version = action.version - stale
        happened = self.done(lambda: progress.decide(person, action.id, version, wanted, "Seen."))
        awaits = self.states[action.id] is S.AWAITING_VERIFICATION
        barred = both and action.agency_id == self.scene.health.id
        fits = awaits and wanted in {S.VERIFIED, S.SENT_BACK}
        assert bool(happened) == (fits and not barred and not stale)
        if happened:
            self.states[action.id] = wanted

    @rule(place=places, health=st.booleans())
    def agency_decides(self, place: int, health: bool) -> None:
        """An agency lead tries to verify: it never happens."""
        action = self.action(place)
        person = self.scene.health_lead if health else self.scene.police_lead
        assert not self.done(
            lambda: progress.decide(person, action.id, action.version, S.VERIFIED, "Surely.")
        )

    @rule(place=places)
    def delete(self, place: int) -> None:
        """The QA lead deletes an action, if nothing has been done on it."""
        action = self.action(place)
        if len(self.states) > 1:
            happened = self.done(
                lambda: planning.delete_action(self.scene.qa_lead, action.id, action.version)
            )
            assert bool(happened) == (self.states[action.id] is S.NOT_STARTED)
            if happened:
                del self.states[action.id]

    @rule(place=places, days=st.integers(-2, 40))
    def move(self, place: int, days: int) -> None:
        """The QA lead moves a due date."""
        action, day = self.action(place), today() + timedelta(days=days)
        happened = self.done(
            lambda: planning.change_due_date(self.scene.qa_lead, action.id, action.version, day, "Because.")
        )
        verified = self.states[action.id] is S.VERIFIED
        assert bool(happened) == (days >= 0 and day != action.due_on and not verified)

    @rule(place=places, verdict=st.sampled_from([S.VERIFIED, S.VERIFIED, S.SENT_BACK]))
    def judge(self, place: int, verdict: S) -> None:
        """The right people take an action to a decision, from wherever it stands."""
        action = self.action(place)
        if self.states[action.id] in {S.NOT_STARTED, S.IN_PROGRESS, S.SENT_BACK}:
            self.post(place, S.AWAITING_VERIFICATION, action.agency_id == self.scene.health.id)
        if self.states[action.id] is S.AWAITING_VERIFICATION:
            self.decide(place, verdict, both=False, stale=False)
            assert self.states[action.id] is verdict

    @rule(agency=st.booleans())
    def close(self, agency: bool) -> None:
        """The QA lead, or an agency lead, closes."""
        person = self.scene.health_lead if agency else self.scene.qa_lead
        version = self.version()
        happened = self.done(lambda: commands.close(person, self.row_id, version, "It worked."))
        all_verified = set(self.states.values()) == {S.VERIFIED}
        assert bool(happened) == (self.is_open and all_verified and not agency)
        self.is_open = self.is_open and not happened

    @rule()
    def reopen(self) -> None:
        """The QA lead reopens."""
        version = self.version()
        happened = self.done(lambda: commands.reopen(self.scene.qa_lead, self.row_id, version, "Slipped."))
        assert bool(happened) != self.is_open
        self.is_open = True

    @invariant()
    def the_database_says_the_same(self) -> None:
        """States are those the steps led to; closed means verified; nobody verified their own."""
        if not hasattr(self, "row_id"):
            return
        with self.app.app_context():
            rows = db.session.scalars(select(Action).where(Action.recommendation_id == self.row_id)).all()
            assert {row.id: row.state for row in rows} == self.states
            owner = db.session.scalars(select(Recommendation).where(Recommendation.id == self.row_id)).one()
            assert (owner.state is RecommendationState.OPEN) == self.is_open
            if not self.is_open:
                assert all(row.state is S.VERIFIED and row.verified_at for row in rows)
            decided = db.session.execute(
                select(Verification.person_id, Action.agency_id)
                .join(Action, Action.id == Verification.action_id)
                .where(Action.recommendation_id == self.row_id)
            ).all()
            assert {person for person, _ in decided} <= {self.scene.qa_lead.id, self.both.id}
            assert not any(
                person == self.both.id and agency == self.scene.health.id for person, agency in decided
            )
            kept = db.session.scalars(
                select(ClosingDecision.outcome)
                .where(ClosingDecision.recommendation_id == self.row_id)
                .order_by(ClosingDecision.id)
            ).all()
            assert all(before != after for before, after in pairwise(kept))
            assert (bool(kept) and kept[-1] == "closed") != self.is_open


Walk = type[Life]


@pytest.fixture
def machine(app: Flask, scene: Scene, make: Maker) -> Walk:
    """The machine on this test's database; `reached` counts what happened in all its walks."""
    both = make.grant(make.person(Role.QA_LEAD, area=scene.area), Role.AUDITOR, agency=scene.health)
    known = {"app": app, "scene": scene, "make": make, "both": both, "reached": Counter[str]()}
    return type("Machine", (Life,), known)


def test_a_whole_life(machine: Walk) -> None:
    walk = machine()
    walk.begin()
    walk.plan(health=False)
    walk.plan(health=True)
    walk.delete(place=2)
    walk.move(place=0, days=20)
    for verdict in (S.SENT_BACK, S.VERIFIED):
        walk.judge(place=0, verdict=verdict)
    walk.close(agency=False)
    walk.judge(place=1, verdict=S.VERIFIED)
    walk.close(agency=True)
    walk.close(agency=False)
    walk.the_database_says_the_same()
    walk.reopen()
    walk.the_database_says_the_same()
    assert walk.reached == {
        "actions.added": 3,
        "actions.deleted": 1,
        "actions.due_date_changed": 1,
        "actions.progress_posted": 3,
        "actions.sent_back": 1,
        "actions.verified": 2,
        "recommendations.closed": 1,
        "recommendations.reopened": 1,
    }


def test_whatever_people_do_the_rules_hold(machine: Walk) -> None:
    few = settings(
        max_examples=30,
        stateful_step_count=25,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(machine, settings=few)
    assert machine.reached["actions.added"] > 0
