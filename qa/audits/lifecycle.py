"""The stages of an audit and the states of a return: which follows which, and what each step needs."""

from enum import StrEnum
from typing import NamedTuple


class Stage(StrEnum):
    """Where an audit stands."""

    PLANNING = "planning"
    FIELDWORK = "fieldwork"
    PANEL = "panel"
    REPORTED = "reported"
    CLOSED = "closed"

    @property
    def label(self) -> str:
        """What people read."""
        return self.value.capitalize()


REPORTED = frozenset({Stage.REPORTED, Stage.CLOSED})
"""The stages in which an audit's figures and report may be read outside the QA team."""

OPEN_TO_EDITIONS = frozenset({Stage.PLANNING, Stage.FIELDWORK, Stage.PANEL})
"""The stages in which an audit may be moved to a newer edition: its figures are not reported yet."""

OPEN_TO_CASES = frozenset({Stage.PLANNING, Stage.FIELDWORK})
"""The stages in which cases are added and returns allocated."""

NEXT_STAGES: dict[Stage, frozenset[Stage]] = {
    Stage.PLANNING: frozenset({Stage.FIELDWORK}),
    Stage.FIELDWORK: frozenset({Stage.PANEL}),
    Stage.PANEL: frozenset({Stage.FIELDWORK, Stage.REPORTED}),
    Stage.REPORTED: frozenset({Stage.PANEL, Stage.CLOSED}),
    Stage.CLOSED: frozenset({Stage.REPORTED}),
}


class ReturnState(StrEnum):
    """Where a return stands. NOT_INVOLVED is complete: the agency does not know the child."""

    NOT_STARTED = "not_started"
    IN_PROGRESS = "in_progress"
    SUBMITTED = "submitted"
    NOT_INVOLVED = "not_involved"

    @property
    def label(self) -> str:
        """What people read."""
        return self.value.replace("_", " ").capitalize()

    @property
    def complete(self) -> bool:
        """Whether the agency has finished with it."""
        return self in COMPLETE


COMPLETE = frozenset({ReturnState.SUBMITTED, ReturnState.NOT_INVOLVED})

NOT_IN = (ReturnState.NOT_STARTED, ReturnState.IN_PROGRESS)
"""The states of a return that its agency has still to finish; named, an index leads to them alone."""


def sent_by(agency: str, *, second: bool) -> str:
    """Whose return it is, in words: an agency's, or its second auditor's."""
    return f"{agency} (second auditor)" if second else agency


def may_follow(present: Stage, wanted: Stage) -> bool:
    """Whether an audit may go from one stage to another."""
    return wanted in NEXT_STAGES[present]


class Move(StrEnum):
    """A change of stage, as a QA lead asks for it; its value stands in the page's address."""

    OPEN_FIELDWORK = "open-fieldwork"
    OPEN_PANEL = "open-panel"
    BACK_TO_FIELDWORK = "back-to-fieldwork"
    REPORT = "report"
    BACK_TO_PANEL = "back-to-panel"
    CLOSE = "close"
    REOPEN = "reopen"

    @property
    def start(self) -> Stage:
        """The stage it leaves."""
        return MOVES[self].start

    @property
    def end(self) -> Stage:
        """The stage it leads to."""
        return MOVES[self].end

    @property
    def label(self) -> str:
        """What a button says."""
        return MOVES[self].label

    @property
    def event(self) -> str:
        """What the trail calls it, past tense."""
        return MOVES[self].event

    @property
    def forward(self) -> bool:
        """Whether the audit gets on by it."""
        return self in {Move.OPEN_FIELDWORK, Move.OPEN_PANEL, Move.REPORT, Move.CLOSE}


class _Move(NamedTuple):
    start: Stage
    end: Stage
    label: str
    event: str


MOVES: dict[Move, _Move] = {
    Move.OPEN_FIELDWORK: _Move(Stage.PLANNING, Stage.FIELDWORK, "Open fieldwork", "audits.fieldwork_opened"),
    Move.OPEN_PANEL: _Move(Stage.FIELDWORK, Stage.PANEL, "Open the panel stage", "audits.panel_opened"),
    Move.BACK_TO_FIELDWORK: _Move(
        Stage.PANEL, Stage.FIELDWORK, "Go back to fieldwork", "audits.fieldwork_reopened"
    ),
    Move.REPORT: _Move(Stage.PANEL, Stage.REPORTED, "Mark as reported", "audits.reported"),
    Move.BACK_TO_PANEL: _Move(
        Stage.REPORTED, Stage.PANEL, "Go back to the panel stage", "audits.panel_reopened"
    ),
    Move.CLOSE: _Move(Stage.REPORTED, Stage.CLOSED, "Close the audit", "audits.closed"),
    Move.REOPEN: _Move(Stage.CLOSED, Stage.REPORTED, "Reopen the audit", "audits.reopened"),
}


class Progress(NamedTuple):
    """How far an audit has come, in numbers.

    cases_without_returns: cases that no agency has a return on. unallocated: returns not in yet that no
    auditor was given. complete: returns in, "not involved" among them. late: not in, and past their due
    date. panel_ready: cases with every return in whose panel has not been opened; panel_opened: cases
    whose panel has. self_assessment: its cases are the agencies themselves.
    """

    cases: int = 0
    cases_without_returns: int = 0
    returns: int = 0
    not_started: int = 0
    in_progress: int = 0
    submitted: int = 0
    not_involved: int = 0
    unallocated: int = 0
    late: int = 0
    panel_ready: int = 0
    panel_opened: int = 0
    self_assessment: bool = False

    @property
    def complete(self) -> int:
        """Returns in."""
        return self.submitted + self.not_involved

    @property
    def outstanding(self) -> int:
        """Returns not in yet."""
        return self.returns - self.complete

    @property
    def percent(self) -> int:
        """Whole per cent of the returns that are in, never rounded up to 100; 0 when there are none."""
        return self.complete * 100 // self.returns if self.returns else 0

    def count_cases(self, number: int) -> str:
        """So many cases in words: "1 case", "7 agencies" in a self-assessment."""
        if self.self_assessment:
            return _counted(number, "agency", "agencies")
        return _counted(number, "case", "cases")


def moves_from(stage: Stage) -> tuple[Move, ...]:
    """What a QA lead can do with an audit at that stage, the way forward first."""
    return tuple(sorted((move for move in Move if move.start is stage), key=lambda move: not move.forward))


def missing(move: Move, progress: Progress) -> tuple[str, ...]:
    """What stands in the move's way, each as a sentence that says what to do; empty when nothing does."""
    if move is Move.OPEN_FIELDWORK:
        return _missing_for_fieldwork(progress)
    if move is Move.OPEN_PANEL and not progress.complete:
        return ("No return is in yet: the panel needs at least one to look at.",)
    return ()


def _missing_for_fieldwork(progress: Progress) -> tuple[str, ...]:
    own = progress.self_assessment
    if not progress.cases:
        return (
            "No agency has been added yet: add the agencies that assess themselves."
            if own
            else "There are no cases: add them one by one or from a file.",
        )
    if not progress.returns:
        return (
            "No returns are allocated: choose the agencies that will complete one."
            if own
            else "No returns are allocated: choose the agencies that will answer on each case.",
        )
    without = progress.cases_without_returns
    if without:
        have = f"{progress.count_cases(without)} {'has' if without == 1 else 'have'} no return"
        return (
            f"{have}: allocate a return to every agency that was added."
            if own
            else f"{have}: allocate every case to at least one agency.",
        )
    return ()


def cautions(move: Move, progress: Progress) -> tuple[str, ...]:
    """What does not stand in the way but should be known before the move is made."""
    if move is Move.OPEN_FIELDWORK and progress.unallocated:
        returns = _counted(progress.unallocated, "return has", "returns have")
        return (f"{returns} no auditor: any auditor of the agency can take them on.",)
    if move is Move.OPEN_PANEL and progress.outstanding:
        returns = _counted(progress.outstanding, "return is", "returns are")
        after = "Agencies cannot complete returns at the panel stage, unless you go back to fieldwork."
        return (f"{returns} not in. {after}",)
    left = progress.cases - progress.panel_opened
    if move is Move.REPORT and left > 0:
        return (f"{progress.count_cases(left)} {'has' if left == 1 else 'have'} not been to the panel.",)
    return ()


def _counted(number: int, one: str, many: str) -> str:
    return f"1 {one}" if number == 1 else f"{number:,} {many}"
