"""What comes next in an audit: the panel at the top of its page. Pure."""

from dataclasses import dataclass, field
from typing import NamedTuple

from qa.audits.lifecycle import Move, Progress, Stage, cautions


@dataclass(frozen=True, slots=True)
class Action:
    """A link: its words, and the endpoint (with arguments besides the audit) or the change of stage."""

    text: str
    endpoint: str = "audits.move"
    move: Move | None = None
    arguments: dict[str, str] = field(default_factory=dict)


class NextStep(NamedTuple):
    """What to do next, why, and where; the first action is the main one."""

    title: str
    text: str
    actions: tuple[Action, ...]
    notes: tuple[str, ...] = ()


def next_step(stage: Stage, progress: Progress) -> NextStep:
    """What a QA lead should do next with an audit at that stage, as far as it has come."""
    if stage is Stage.PLANNING:
        return _planning(progress)
    if stage is Stage.FIELDWORK:
        return _fieldwork(progress)
    if stage is Stage.PANEL:
        return _panel(progress)
    if stage is Stage.REPORTED:
        return NextStep(
            "Follow the recommendations, then close",
            "The audit has been reported. Close it once its recommendations are under way and nothing in it "
            "needs to change.",
            (
                Action("See the recommendations", "recommendations.index"),
                _move(Move.CLOSE),
                _move(Move.BACK_TO_PANEL),
            ),
        )
    return NextStep(
        "Nothing more to do",
        "This audit is closed. Its recommendations are still followed until each is verified.",
        (Action("See the recommendations", "recommendations.index"), _move(Move.REOPEN)),
    )


def _move(move: Move) -> Action:
    return Action(move.label, move=move)


def _planning(progress: Progress) -> NextStep:
    if not progress.cases:
        return _no_cases(progress)
    without = progress.cases_without_returns
    if not progress.returns or without:
        return NextStep(
            "Allocate returns",
            _to_allocate(progress, without),
            (Action("Allocate returns", "audits.allocate"),),
        )
    return NextStep(
        "Open fieldwork",
        f"{progress.count_cases(progress.cases)} and {_number(progress.returns, 'return')} are ready. "
        "Agencies can begin once fieldwork is open.",
        (_move(Move.OPEN_FIELDWORK), Action("Change the allocation", "audits.allocate")),
        cautions(Move.OPEN_FIELDWORK, progress),
    )


def _no_cases(progress: Progress) -> NextStep:
    if progress.self_assessment:
        return NextStep(
            "Add the agencies",
            "In a self-assessment each agency answers about itself: add those that take part.",
            (Action("Add agencies", "audits.cases"),),
        )
    return NextStep(
        "Add the cases",
        "Have the sample drawn by chance from a list of all cases; or put in the cases you have chosen, one "
        "by one or from a file.",
        (
            Action("Draw a sample from a list", "sampling.show"),
            Action("Add a case", "audits.add_case"),
            Action("Import cases from a file", "audits.import_cases"),
        ),
    )


def _to_allocate(progress: Progress, without: int) -> str:
    if without == progress.cases:
        return (
            "Give each agency its return, and choose which of its auditors completes it."
            if progress.self_assessment
            else "Choose which agencies answer on the cases, and which of their auditors."
        )
    lacking = "no return yet" if progress.self_assessment else "no agency to answer yet"
    return f"{progress.count_cases(without)} {'has' if without == 1 else 'have'} {lacking}."


def _fieldwork(progress: Progress) -> NextStep:
    if progress.outstanding:
        return NextStep(
            "Get the returns in",
            _returns_in(progress),
            (
                Action("See the returns that are not in", "chasing.tracker", arguments={"show": "out"}),
                *_panel_now(progress),
                _move(Move.OPEN_PANEL),
            ),
        )
    return NextStep(
        "Open the panel stage",
        "The one return is in." if progress.returns == 1 else f"All {progress.returns:,} returns are in.",
        (_move(Move.OPEN_PANEL), *_panel_now(progress)),
    )


def _returns_in(progress: Progress) -> str:
    if progress.self_assessment:
        have = "has" if progress.complete == 1 else "have"
        text = f"{progress.complete:,} of {progress.count_cases(progress.returns)} {have} sent in a return."
    else:
        text = f"{progress.complete:,} of {_number(progress.returns, 'return')} in."
    if progress.late:
        text += f" {_number(progress.late, 'return')} {'is' if progress.late == 1 else 'are'} late."
    return text


def _panel_now(progress: Progress) -> tuple[Action, ...]:
    """Cases with every return in can go to the panel before the others have theirs."""
    if not progress.panel_ready:
        return ()
    return (Action(f"Go to the panel ({progress.panel_ready:,} ready)", "moderation.agenda"),)


def _panel(progress: Progress) -> NextStep:
    if progress.panel_opened < progress.cases:
        have = "has" if progress.panel_ready == 1 else "have"
        opened = f"{progress.panel_opened:,} of {progress.count_cases(progress.cases)} opened to the panel"
        return NextStep(
            "Hold the panel",
            f"{opened}; {progress.panel_ready:,} more {have} {_everything_in(progress)}.",
            (
                Action("Go to the panel", "moderation.agenda"),
                _move(Move.REPORT),
                _move(Move.BACK_TO_FIELDWORK),
            ),
        )
    every = "Every agency" if progress.self_assessment else "Every case"
    return NextStep(
        "Write the report",
        f"{every} has been opened to the panel. Write the summary and issue the report, then mark the audit "
        "as reported.",
        (
            Action("Go to the report", "reports.thematic"),
            _move(Move.REPORT),
            Action("Go to the panel", "moderation.agenda"),
            _move(Move.BACK_TO_FIELDWORK),
        ),
    )


def _everything_in(progress: Progress) -> str:
    if progress.self_assessment:
        return "its return in" if progress.panel_ready == 1 else "their return in"
    return "all returns in"


def _number(count: int, one: str) -> str:
    return f"{count:,} {one if count == 1 else one + 's'}"
