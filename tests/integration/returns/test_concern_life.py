"""A concern's life in any order: raised, seen, acted on, closed, opened again. Nothing recorded is lost."""

from __future__ import annotations

from datetime import datetime
from itertools import count

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select

from qa.accounts.permissions import CurrentPerson, Role
from qa.db import db, now
from qa.problems import NotAllowed, Refused, Stale
from qa.returns import concerns
from qa.returns.concern_queries import get_concern
from qa.returns.models import Concern, ConcernStep
from qa.returns.vocabulary import ConcernState, ConcernStepKind
from tests.integration.returns.conftest import World

NUMBERS = count(1)
WHO = st.sampled_from([0, 1])
TEXTS = st.sampled_from(["", "Visited.", "Rang the school.", "Told the\npolice."])


class ConcernLife(RuleBasedStateMachine):
    """Two QA leads and the auditor act on one concern in any order; what is told is compared."""

    def __init__(self, world: World, leads: list[CurrentPerson]) -> None:
        super().__init__()
        self.world, self.leads = world, leads
        self.told: list[tuple[ConcernStepKind, str]] = []
        self.state = ConcernState.RAISED
        self.acted = False
        self.seen = [0, 0]
        self.done: set[tuple[int, str, datetime]] = set()

    @initialize()
    def begin(self) -> None:
        with self.world.app.test_request_context():
            self.number = concerns.raise_concern(
                self.world.auditor, self.world.row.id, f"Worry {next(NUMBERS)}", ""
            )

    @rule(who=WHO)
    def look(self, who: int) -> None:
        self.seen[who] = len(self.told)

    @rule(who=WHO)
    def acknowledge(self, who: int) -> None:
        with self.world.app.test_request_context():
            concerns.acknowledge(self.leads[who], self.number)
        if self.state is ConcernState.RAISED:
            self.state = ConcernState.ACKNOWLEDGED

    @rule(who=WHO, text=TEXTS, again=st.booleans())
    def act(self, who: int, text: str, again: bool) -> None:
        earlier = [moment for person, same, moment in self.done if (person, same) == (who, text)]
        moment = earlier[0] if again and earlier else now()
        try:
            with self.world.app.test_request_context():
                concerns.add_action(self.leads[who], self.number, text, "Worker", moment)
        except Refused:
            assert not text or self.state is ConcernState.CLOSED
            return
        assert text
        assert self.state is not ConcernState.CLOSED
        if (who, text, moment) not in self.done:
            self.done.add((who, text, moment))
            self.told.append((ConcernStepKind.ACTION, text))
            self.state, self.acted = ConcernState.ACKNOWLEDGED, True

    @rule(who=WHO, text=TEXTS)
    def close(self, who: int, text: str) -> None:
        before = self.told
        try:
            with self.world.app.test_request_context():
                concerns.close(self.leads[who], self.number, text, self.seen[who])
        except Refused:
            assert not text or self.state is ConcernState.CLOSED
            return
        except Stale as told:
            unseen = before[self.seen[who] :]
            self.check_unseen(unseen, told)
            return
        if self.state is not ConcernState.CLOSED:
            assert self.seen[who] == len(before)
            self.told.append((ConcernStepKind.CLOSED, text))
            self.state = ConcernState.CLOSED

    @staticmethod
    def check_unseen(unseen: list[tuple[ConcernStepKind, str]], told: Stale) -> None:
        assert unseen
        assert all(text in told.current["outcome"] for _, text in unseen)

    @rule(who=WHO, text=TEXTS)
    def reopen(self, who: int, text: str) -> None:
        try:
            with self.world.app.test_request_context():
                concerns.reopen(self.leads[who], self.number, text)
        except Refused:
            assert not text or self.state is not ConcernState.CLOSED
            return
        assert self.state is ConcernState.CLOSED
        self.told.append((ConcernStepKind.REOPENED, text))
        self.state, self.acted = ConcernState.ACKNOWLEDGED, False

    @rule()
    def its_raiser_may_not(self) -> None:
        with self.world.app.test_request_context():
            with pytest.raises(NotAllowed):
                concerns.acknowledge(self.world.auditor, self.number)
            with pytest.raises(NotAllowed):
                concerns.close(self.world.auditor, self.number, "Fine.", len(self.told))
            with pytest.raises(NotAllowed):
                concerns.reopen(self.world.auditor, self.number, "Again.")

    @precondition(lambda self: hasattr(self, "number"))
    @invariant()
    def all_of_it_is_there(self) -> None:
        with self.world.app.app_context():
            row = db.session.get_one(Concern, self.number)
            query = select(ConcernStep).where(ConcernStep.concern_id == self.number)
            steps = [(one.kind, one.text) for one in db.session.scalars(query.order_by(ConcernStep.id))]
            assert steps == self.told
            assert row.state is self.state
            assert (row.acknowledged_by_id is None) == (self.state is ConcernState.RAISED)
            closed = self.state is ConcernState.CLOSED
            assert (row.closed_at is not None) == (row.closed_by_id is not None) == closed
            assert row.outcome == (self.told[-1][1] if closed else "")
            runs = self.state is ConcernState.RAISED or not (closed or self.acted)
            assert (row.due_at is not None) == runs
            own = [step.text for step in get_concern(self.world.auditor, self.number).steps]
            shown = [
                text if kind is ConcernStepKind.CLOSED else ""
                for kind, text in self.told
                if kind is not ConcernStepKind.ACTION
            ]
            assert own == shown


def test_nothing_recorded_about_a_concern_is_lost(world: World) -> None:
    leads = [world.qa_lead, world.make.person(Role.QA_LEAD, area=world.area)]
    run_state_machine_as_test(
        lambda: ConcernLife(world, leads),  # type: ignore[arg-type]  # any maker will do
        settings=settings(
            max_examples=25,
            stateful_step_count=20,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
        ),
    )
