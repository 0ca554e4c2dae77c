"""The life of an audit: which step follows which, what each needs, and what is shown as next."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from qa.audits.lifecycle import (
    NEXT_STAGES,
    REPORTED,
    Move,
    Progress,
    Stage,
    cautions,
    may_follow,
    missing,
    moves_from,
)
from qa.audits.steps import next_step

counts = st.integers(0, 60)
progresses = st.builds(
    Progress,
    cases=counts,
    cases_without_returns=counts,
    returns=counts,
    not_started=counts,
    submitted=counts,
    not_involved=counts,
    unallocated=counts,
    late=counts,
    panel_ready=counts,
    panel_opened=counts,
    self_assessment=st.booleans(),
)


def test_moves_and_the_table_of_stages_say_the_same() -> None:
    assert {(move.start, move.end) for move in Move} == {
        (stage, after) for stage, following in NEXT_STAGES.items() for after in following
    }
    assert all(may_follow(move.start, move.end) for move in Move)
    assert not may_follow(Stage.PLANNING, Stage.PANEL)
    assert len({move.event for move in Move}) == len(Move)


@pytest.mark.parametrize(
    ("progress", "words"),
    [
        (Progress(), "There are no cases"),
        (Progress(cases=3, cases_without_returns=3), "No returns are allocated"),
        (Progress(cases=3, returns=4, cases_without_returns=1), "1 case has no return"),
        (Progress(cases=2000, returns=4, cases_without_returns=1996), "1,996 cases have no return"),
    ],
)
def test_fieldwork_needs_cases_and_a_return_on_each(progress: Progress, words: str) -> None:
    (said,) = missing(Move.OPEN_FIELDWORK, progress)
    assert words in said


def test_the_panel_needs_a_return_that_is_in() -> None:
    assert "No return is in yet" in missing(Move.OPEN_PANEL, Progress(cases=1, returns=2))[0]
    assert missing(Move.OPEN_PANEL, Progress(cases=1, returns=2, not_involved=1)) == ()


def test_cautions_say_what_will_be_left_undone() -> None:
    (said,) = cautions(Move.OPEN_FIELDWORK, Progress(cases=1, returns=1, unallocated=1))
    assert "1 return has no auditor" in said
    (said,) = cautions(Move.OPEN_PANEL, Progress(cases=1, returns=12, submitted=2))
    assert "10 returns are not in" in said
    (said,) = cautions(Move.REPORT, Progress(cases=5, panel_opened=3))
    assert "2 cases have not been to the panel" in said
    assert cautions(Move.CLOSE, Progress(cases=5)) == ()


@given(st.sampled_from(list(Stage)), progresses)
def test_there_is_always_a_next_step_and_its_moves_leave_from_here(stage: Stage, progress: Progress) -> None:
    step = next_step(stage, progress)
    assert step.title
    assert step.actions
    for action in step.actions:
        assert (action.move is not None) == (action.endpoint == "audits.move")
        assert action.move is None or action.move.start is stage
    if step.actions[0].move:  # what stands first can be done
        assert missing(step.actions[0].move, progress) == () or stage is Stage.FIELDWORK


@given(st.sampled_from(list(Stage)), st.sampled_from(list(Move)), progresses)
def test_a_self_assessment_speaks_of_agencies_and_never_of_cases(
    stage: Stage, move: Move, progress: Progress
) -> None:
    progress = progress._replace(self_assessment=True)
    step = next_step(stage, progress)
    said = [step.title, step.text, *step.notes, *(action.text for action in step.actions)]
    said += [*missing(move, progress), *cautions(move, progress)]
    assert not [text for text in said if re.search(r"\bcases?\b", text, re.IGNORECASE)]


def test_a_self_assessment_counts_its_agencies() -> None:
    progress = Progress(
        cases=10, returns=10, submitted=7, not_started=3, late=2, panel_opened=6, self_assessment=True
    )
    assert (
        next_step(Stage.FIELDWORK, progress).text
        == "7 of 10 agencies have sent in a return. 2 returns are late."
    )
    assert next_step(Stage.PANEL, progress).text.startswith(
        "6 of 10 agencies opened to the panel; 0 more have"
    )
    assert cautions(Move.REPORT, progress) == ("4 agencies have not been to the panel.",)
    assert missing(Move.OPEN_FIELDWORK, progress._replace(cases_without_returns=1)) == (
        "1 agency has no return: allocate a return to every agency that was added.",
    )


def test_the_report_is_issued_before_the_audit_is_marked_as_reported() -> None:
    step = next_step(Stage.PANEL, Progress(cases=2, returns=2, submitted=2, panel_opened=2))
    assert step.title == "Write the report"
    assert step.text.endswith("Write the summary and issue the report, then mark the audit as reported.")
    assert (step.actions[0].endpoint, step.actions[1].move) == ("reports.thematic", Move.REPORT)


@given(st.integers(0, 5000), st.integers(0, 5000))
def test_the_share_of_returns_in_is_full_only_when_all_are(submitted: int, outstanding: int) -> None:
    progress = Progress(returns=submitted + outstanding, submitted=submitted)
    assert 0 <= progress.percent <= 100
    assert (progress.percent == 100) == (submitted > 0 and outstanding == 0)


class LifeOfAnAudit(RuleBasedStateMachine):
    """An audit through its stages, its cases and returns coming and going as the rules let them."""

    def __init__(self) -> None:
        super().__init__()
        self.stage = Stage.PLANNING
        self.returns: list[list[bool]] = []  # for each case, whether each return is in
        self.opened: set[int] = set()
        self.past = [Stage.PLANNING]

    @property
    def progress(self) -> Progress:
        flat = [done for case in self.returns for done in case]
        return Progress(
            cases=len(self.returns),
            cases_without_returns=sum(not case for case in self.returns),
            returns=len(flat),
            not_started=flat.count(False),
            submitted=flat.count(True),
            panel_ready=sum(
                bool(case) and all(case) for n, case in enumerate(self.returns) if n not in self.opened
            ),
            panel_opened=len(self.opened),
        )

    @precondition(lambda self: self.stage in {Stage.PLANNING, Stage.FIELDWORK})
    @rule(agencies=st.integers(0, 3))
    def add_case(self, agencies: int) -> None:
        self.returns.append([False] * agencies)

    @precondition(lambda self: self.stage in {Stage.PLANNING, Stage.FIELDWORK})
    @rule()
    def allocate(self) -> None:
        self.returns = [case or [False] for case in self.returns]

    @precondition(lambda self: self.stage is Stage.FIELDWORK and any(self.returns))
    @rule(data=st.data())
    def submit(self, data: st.DataObject) -> None:
        case = data.draw(st.sampled_from([case for case in self.returns if case]))
        case[data.draw(st.integers(0, len(case) - 1))] = True

    @precondition(lambda self: self.stage is Stage.PANEL)
    @rule()
    def open_cases(self) -> None:
        self.opened = {number for number, case in enumerate(self.returns) if any(case)}

    @rule(data=st.data())
    def move(self, data: st.DataObject) -> None:
        wanted = data.draw(st.sampled_from(moves_from(self.stage)))
        if missing(wanted, self.progress):
            return
        self.stage = wanted.end
        self.past.append(self.stage)

    @rule()
    def follow_the_advice(self) -> None:
        wanted = next_step(self.stage, self.progress).actions[0].move
        if wanted and not missing(wanted, self.progress):
            self.stage = wanted.end
            self.past.append(self.stage)

    @invariant()
    def nothing_was_skipped(self) -> None:
        assert all(b in NEXT_STAGES[a] for a, b in zip(self.past, self.past[1:], strict=False))

    @invariant()
    def an_audit_beyond_planning_has_had_cases_and_returns(self) -> None:
        if self.stage is not Stage.PLANNING:
            assert self.progress.cases
            assert self.progress.returns

    @invariant()
    def nothing_is_judged_or_reported_without_a_return_that_is_in(self) -> None:
        if self.stage in REPORTED | {Stage.PANEL}:
            assert self.progress.complete

    @invariant()
    def there_is_a_way_on_from_every_stage(self) -> None:
        assert moves_from(self.stage)


TestLifeOfAnAudit = LifeOfAnAudit.TestCase
