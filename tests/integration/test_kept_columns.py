"""What the database keeps beside its rows always agrees with them, whatever is done to them in any order."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from itertools import count
from threading import Barrier

from flask import Flask
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import ColumnElement, delete, exists, func, insert, literal, select, update

from qa.accounts.models import Agency
from qa.accounts.permissions import CurrentPerson, Role
from qa.audits.commands.allocating import add_return, allocate, remove_returns
from qa.audits.commands.cases import remove_case
from qa.audits.lifecycle import COMPLETE, ReturnState, Stage
from qa.audits.models import Audit, Case, Return
from qa.audits.queries.counting import progress_of, ready_for_panel
from qa.audits.queries.reach import get_audit
from qa.audits.queries.waiting import cases_ready
from qa.db import UtcDateTime, db, now, today, writing
from qa.findings.commands import code_findings, recode_finding, uncode_findings
from qa.findings.models import FindingTheme, Theme
from qa.findings.queries import uncoded
from qa.problems import NotFound, Refused
from qa.recommendations.lifecycle import ActionState
from qa.recommendations.models import Action, Recommendation
from qa.recommendations.tracker import Filters
from qa.recommendations.tracking import tracker_page
from qa.returns.models import Finding, FindingKind
from tests.support.factories import Maker

ALL_FINDINGS = st.sets(st.integers(0, 4), min_size=1)
ALL_THEMES = st.sets(st.integers(0, 2), min_size=1)
PLACE = st.integers(0, 2)
DAYS = st.integers(-3, 3)
ACTION_STATE = st.sampled_from(list(ActionState))


class Kept(RuleBasedStateMachine):
    """Changes by the commands of people and by plain statements, as loads and repairs would make them."""

    def __init__(self, app: Flask, make: Maker, lead: CurrentPerson, agencies: tuple[Agency, ...]) -> None:
        super().__init__()
        self.app, self.make, self.lead, self.agencies = app, make, lead, agencies
        self.numbers = count(1)

    @initialize()
    def begin(self) -> None:
        """An audit of three cases without a return, findings without a theme, themes, recommendations."""
        make = self.make
        area = make.area()
        self.person = make.grant(self.lead, Role.QA_LEAD, area=area)
        self.audit: Audit = make.audit(area, make.edition(), self.agencies, stage=Stage.FIELDWORK)
        self.cases: list[Case] = [make.case(self.audit) for _ in range(3)]
        self.themes: list[Theme] = [make.theme() for _ in range(3)]
        for case in self.cases:
            self.panel_finding(case.id)
            self.panel_finding(case.id)
        self.recommendations = [make.recommendation(self.audit) for _ in range(2)]
        self.give_an_action(0, 0, 1, ActionState.IN_PROGRESS)

    def panel_finding(self, case_id: int) -> None:
        self.make.add(
            Finding(
                audit_id=self.audit.id,
                case_id=case_id,
                kind=FindingKind.STRENGTH,
                text="Plans were kept.",
                released=True,
                created_at=now(),
            )
        )

    def findings(self, places: set[int]) -> list[int]:
        query = select(Finding.id).where(Finding.audit_id == self.audit.id).order_by(Finding.id)
        numbers = list(db.session.scalars(query))
        db.session.rollback()
        return [numbers[place] for place in places if place < len(numbers)]

    @rule(findings=ALL_FINDINGS, themes=ALL_THEMES, away=st.booleans())
    def code(self, findings: set[int], themes: set[int], away: bool) -> None:
        """Several findings to several themes, or off them."""
        with self.app.app_context():
            chosen, act = self.findings(findings), uncode_findings if away else code_findings
            if chosen:
                act(self.person, self.audit.id, chosen, [self.themes[place].id for place in themes])

    @rule(finding=st.integers(0, 4), before=ALL_THEMES, after=st.sets(st.integers(0, 2)))
    def recode(self, finding: int, before: set[int], after: set[int]) -> None:
        """One finding on its own page."""
        with self.app.app_context():
            for chosen in self.findings({finding}):
                numbers = [theme.id for theme in self.themes]
                recode_finding(
                    self.person,
                    self.audit.id,
                    chosen,
                    [numbers[place] for place in before],
                    [numbers[place] for place in after],
                )

    @rule(finding=st.integers(0, 4))
    def lose_a_finding(self, finding: int) -> None:
        """A finding goes, its coding with it; another comes."""
        with self.app.app_context():
            for chosen in self.findings({finding}):
                with writing() as session:
                    session.execute(delete(Finding).where(Finding.id == chosen))
                self.panel_finding(self.cases[0].id)

    @rule(agency=st.integers(0, 1))
    def allocate(self, agency: int) -> None:
        """A return on every case."""
        with self.app.app_context():
            try:
                allocate(self.person, self.audit.id, [self.agencies[agency].id])
            except Refused:  # every case was removed
                assert not db.session.scalar(select(func.count()).where(Case.audit_id == self.audit.id))

    @rule(case=PLACE, agency=st.integers(0, 1))
    def add_return(self, case: int, agency: int) -> None:
        """One more return, unless there is one."""
        with self.app.app_context():
            try:
                add_return(self.person, self.audit.id, self.cases[case].id, self.agencies[agency].id)
            except (NotFound, Refused):
                db.session.rollback()

    @rule(case=PLACE, agency=st.integers(0, 1), state=st.sampled_from(list(ReturnState)))
    def change_state(self, case: int, agency: int, state: ReturnState) -> None:
        """A return comes in, is opened again, or is found to be nobody's."""
        with self.app.app_context(), writing() as session:
            session.execute(
                update(Return)
                .where(Return.case_id == self.cases[case].id, Return.agency_id == self.agencies[agency].id)
                .values(state=state)
            )

    @rule(state=st.sampled_from(list(ReturnState)))
    def change_all(self, state: ReturnState) -> None:
        """Every return of the audit at once."""
        with self.app.app_context(), writing() as session:
            session.execute(update(Return).where(Return.audit_id == self.audit.id).values(state=state))

    @rule(case=PLACE)
    def remove_returns(self, case: int) -> None:
        """The returns of a case are taken back, unless one was begun."""
        with self.app.app_context():
            numbers = list(db.session.scalars(select(Return.id).where(Return.case_id == self.cases[case].id)))
            try:
                remove_returns(self.person, self.audit.id, numbers)
            except Refused:
                db.session.rollback()

    @rule(case=PLACE, agency=st.integers(0, 1))
    def remove_by_statement(self, case: int, agency: int) -> None:
        """A return goes, whatever its state."""
        of_both = (Return.case_id == self.cases[case].id, Return.agency_id == self.agencies[agency].id)
        with self.app.app_context(), writing() as session:
            session.execute(delete(Return).where(*of_both))

    @rule(case=PLACE)
    def open_to_the_panel(self, case: int) -> None:
        """A case is opened, whatever is in."""
        with self.app.app_context(), writing() as session:
            session.execute(update(Case).where(Case.id == self.cases[case].id).values(panel_opened_at=now()))

    @rule()
    def remove_a_case(self) -> None:
        """A case of its own comes, with a return, and goes again."""
        case = self.make.case(self.audit)
        self.make.case_return(case, self.agencies[0], state=ReturnState.NOT_STARTED)
        with self.app.app_context():
            remove_case(self.person, self.audit.id, case.id)

    @rule()
    def code_by_statement(self) -> None:
        """Every finding to a theme in one statement, as a load does it."""
        theme = self.themes[0].id
        present = exists().where(FindingTheme.finding_id == Finding.id, FindingTheme.theme_id == theme)
        rows = select(Finding.id, literal(theme), literal(now(), UtcDateTime))
        with self.app.app_context(), writing() as session:
            session.execute(
                insert(FindingTheme).from_select(
                    ["finding_id", "theme_id", "coded_at"],
                    rows.where(Finding.audit_id == self.audit.id, ~present),
                )
            )

    @rule(theme=st.integers(0, 2))
    def uncode_by_statement(self, theme: int) -> None:
        """A theme off every finding in one statement."""
        with self.app.app_context(), writing() as session:
            session.execute(delete(FindingTheme).where(FindingTheme.theme_id == self.themes[theme].id))

    @rule(place=st.integers(0, 1), agency=st.integers(0, 1), days=DAYS, state=ACTION_STATE)
    def give_an_action(self, place: int, agency: int, days: int, state: ActionState) -> None:
        """A recommendation gets one more action."""
        due_on = today() + timedelta(days=days)
        self.make.action(self.recommendations[place], self.agencies[agency], state=state, due_on=due_on)

    @rule(place=st.integers(0, 1), agency=st.integers(0, 1), state=ACTION_STATE)
    def move_actions_on(self, place: int, agency: int, state: ActionState) -> None:
        """An agency's actions of a recommendation go to another state in one statement."""
        with self.app.app_context(), writing() as session:
            session.execute(update(Action).where(*self.actions_of(place, agency)).values(state=state))

    @rule(place=st.integers(0, 1), agency=st.integers(0, 1), days=DAYS)
    def move_due_dates(self, place: int, agency: int, days: int) -> None:
        """They get another due date."""
        due_on = today() + timedelta(days=days)
        with self.app.app_context(), writing() as session:
            session.execute(update(Action).where(*self.actions_of(place, agency)).values(due_on=due_on))

    @rule(place=st.integers(0, 1), agency=st.integers(0, 1))
    def remove_actions(self, place: int, agency: int) -> None:
        """They go."""
        with self.app.app_context(), writing() as session:
            session.execute(delete(Action).where(*self.actions_of(place, agency)))

    def actions_of(self, place: int, agency: int) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
        of_recommendation = Action.recommendation_id == self.recommendations[place].id
        return of_recommendation, Action.agency_id == self.agencies[agency].id

    @invariant()
    def kept_agrees_with_the_rows(self) -> None:
        """Each mark is what its rows say, and so is what people are told."""
        if not hasattr(self, "audit"):
            return
        with self.app.app_context():
            themes = exists().where(FindingTheme.finding_id == Finding.id)
            marks = db.session.execute(select(Finding.id, Finding.coded, themes)).all()
            assert [row for row in marks if row[1] is not bool(row[2])] == []
            without = sum(
                not row[2]
                for row in db.session.execute(
                    select(Finding.id, Finding.coded, themes).where(Finding.audit_id == self.audit.id)
                )
            )
            told = {each.audit_id: each.findings for each in uncoded(self.person)}
            assert told.get(self.audit.id, 0) == without
            self.check_cases()
            self.check_recommendations()
            db.session.rollback()

    def check_recommendations(self) -> None:
        due: dict[int, date] = {}
        for number, state, due_on in db.session.execute(
            select(Action.recommendation_id, Action.state, Action.due_on)
        ):
            if state is not ActionState.VERIFIED:
                due[number] = min(due_on, due.get(number, due_on))
        rows = db.session.execute(select(Recommendation.id, Recommendation.due_on)).all()
        assert {row.id: row.due_on for row in rows} == {row.id: due.get(row.id) for row in rows}
        page = tracker_page(self.person, Filters(audit=self.audit.id), 1)
        assert [line.due_on for line in page.items] == sorted(
            (due.get(row.id) for row in self.recommendations), key=lambda day: day or date.max
        )

    def check_cases(self) -> None:
        states: dict[int, list[ReturnState]] = {}
        for case_id, state in db.session.execute(select(Return.case_id, Return.state)):
            states.setdefault(case_id, []).append(state)
        of_audit = Case.audit_id == self.audit.id
        rows = db.session.execute(
            select(Case.id, Case.returns_in, Case.panel_opened_at).where(of_audit)
        ).all()
        wanted = {
            row.id: all(state in COMPLETE for state in states[row.id]) if row.id in states else None
            for row in rows
        }
        assert {row.id: row.returns_in for row in rows} == wanted
        ready = {row.id for row in rows if wanted[row.id] and row.panel_opened_at is None}
        assert set(db.session.scalars(select(Case.id).where(of_audit, ready_for_panel))) == ready
        audit = get_audit(self.person, self.audit.id)
        progress = progress_of(audit)
        assert (progress.panel_ready, progress.cases_without_returns) == (
            len(ready),
            sum(mark is None for mark in wanted.values()),
        )
        assert {number: many for number, many, _ in cases_ready(self.person)} == (
            {self.audit.id: len(ready)} if ready else {}
        )


def test_what_is_kept_agrees_with_the_rows_after_anything(app: Flask, make: Maker) -> None:
    lead = make.person()
    agencies = (make.agency(), make.agency())
    run_state_machine_as_test(
        lambda: Kept(app, make, lead, agencies),  # type: ignore[arg-type]  # any maker will do
        settings=settings(
            max_examples=20,
            stateful_step_count=15,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_what_is_kept_follows_each_removal(app: Flask, make: Maker) -> None:
    area, agencies = make.area(), (make.agency(), make.agency())
    audit = make.audit(area, make.edition(), agencies, stage=Stage.FIELDWORK)
    case, recommendation = make.case(audit), make.recommendation(audit)
    returns = [
        make.case_return(case, agency, state=state)
        for agency, state in zip(agencies, (ReturnState.IN_PROGRESS, ReturnState.SUBMITTED), strict=True)
    ]
    days = [today(), today() + timedelta(days=1)]
    actions = [make.action(recommendation, agencies[0], due_on=day) for day in days]
    found = []
    for row, action in zip(returns, actions, strict=True):
        with app.app_context(), writing() as session:
            session.execute(delete(Return).where(Return.id == row.id))
            session.execute(delete(Action).where(Action.id == action.id))
            mark = session.scalar(select(Case.returns_in).where(Case.id == case.id))
            day = session.scalar(select(Recommendation.due_on).where(Recommendation.id == recommendation.id))
            found.append((mark, day))
    assert found == [(True, days[1]), (None, None)]


def test_the_last_two_returns_of_a_case_come_in_at_once(app: Flask, make: Maker) -> None:
    area, agencies = make.area(), (make.agency(), make.agency())
    case = make.case(make.audit(area, make.edition(), agencies, stage=Stage.FIELDWORK))
    first, second = (make.case_return(case, agency) for agency in agencies)

    def comes_in(number: int, together: Barrier) -> None:
        with app.app_context(), db.engine.connect().execution_options(writing=True) as connection:
            together.wait(30)
            with connection.begin():
                change = update(Return).where(Return.id == number).values(state=ReturnState.SUBMITTED)
                connection.execute(change)

    for _ in range(20):
        with ThreadPoolExecutor(2) as pool:
            together = Barrier(2)
            for done in [pool.submit(comes_in, row.id, together) for row in (first, second)]:
                done.result(60)
        with app.app_context():
            assert db.session.scalar(select(Case.returns_in).where(Case.id == case.id)) is True
        with app.app_context(), writing() as session:
            session.execute(update(Return).values(state=ReturnState.IN_PROGRESS))
