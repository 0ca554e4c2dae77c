"""What comes next in an audit: the panel at the top of its page. Pure."""

from dataclasses import dataclass, field

from qa.audits.lifecycle import Move, Progress, Stage, cautions


@dataclass(frozen=True, slots=True)
class Action:
    """A link: its words, and the endpoint (with arguments besides the audit) or the change of stage."""

    text: str
    endpoint: str = "audits.move"
    move: Move | None = None
    arguments: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NextStep:
    """What to do next, why, and where; the first action is the main one."""

    title: str
    text: str
    actions: tuple[Action, ...]
    notes: tuple[str, ...] = ()


def next_step(stage: Stage, progress: Progress, *, self_assessment: bool = False) -> NextStep:
    """What a QA lead should do next with an audit at that stage, as far as it has come."""
    if stage is Stage.PLANNING:
        return _planning(progress, self_assessment)
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


def _planning(progress: Progress, self_assessment: bool) -> NextStep:
    if not progress.cases and self_assessment:
        return NextStep(
            "Add the agencies as cases",
            "In a self-assessment each agency is a case of its own.",
            (Action("Add agencies as cases", "audits.cases"),),
        )
    if not progress.cases:
        return NextStep(
            "Add the cases",
            "Put the sample in: type the cases one by one, or bring in a spreadsheet saved as CSV.",
            (
                Action("Add a case", "audits.add_case"),
                Action("Import cases from a file", "audits.import_cases"),
            ),
        )
    if not progress.returns or progress.cases_without_returns:
        without = progress.cases_without_returns
        text = (
            "Choose which agencies answer on the cases, and which of their auditors."
            if without == progress.cases
            else f"{_cases(without)} no agency to answer yet."
        )
        return NextStep("Allocate returns", text, (Action("Allocate returns", "audits.allocate"),))
    return NextStep(
        "Open fieldwork",
        f"{_number(progress.cases, 'case')} and {_number(progress.returns, 'return')} are ready. "
        "Agencies can begin once fieldwork is open.",
        (_move(Move.OPEN_FIELDWORK), Action("Change the allocation", "audits.allocate")),
        cautions(Move.OPEN_FIELDWORK, progress),
    )


def _fieldwork(progress: Progress) -> NextStep:
    if progress.outstanding:
        text = f"{progress.complete:,} of {_number(progress.returns, 'return')} in."
        if progress.late:
            text += f" {_number(progress.late, 'return')} {'is' if progress.late == 1 else 'are'} late."
        return NextStep(
            "Get the returns in",
            text,
            (
                Action(
                    "See the returns that are not in", "audits.allocate", arguments={"state": "outstanding"}
                ),
                *_panel_now(progress),
                _move(Move.OPEN_PANEL),
            ),
        )
    return NextStep(
        "Open the panel stage",
        "The one return is in." if progress.returns == 1 else f"All {progress.returns:,} returns are in.",
        (_move(Move.OPEN_PANEL), *_panel_now(progress)),
    )


def _panel_now(progress: Progress) -> tuple[Action, ...]:
    """Cases with every return in can go to the panel before the others have theirs."""
    if not progress.panel_ready:
        return ()
    return (Action(f"Go to the panel ({progress.panel_ready:,} ready)", "moderation.agenda"),)


def _panel(progress: Progress) -> NextStep:
    if progress.panel_opened < progress.cases:
        return NextStep(
            "Hold the panel",
            f"{progress.panel_opened:,} of {_number(progress.cases, 'case')} opened to the panel; "
            f"{progress.panel_ready:,} more {'has' if progress.panel_ready == 1 else 'have'} all returns in.",
            (
                Action("Go to the panel", "moderation.agenda"),
                _move(Move.REPORT),
                _move(Move.BACK_TO_FIELDWORK),
            ),
        )
    return NextStep(
        "Write the report",
        "Every case has been opened to the panel. Check the findings, write the summary, then mark the audit "
        "as reported.",
        (
            Action("Go to the report", "reports.thematic"),
            _move(Move.REPORT),
            Action("Go to the panel", "moderation.agenda"),
            _move(Move.BACK_TO_FIELDWORK),
        ),
    )


def _cases(number: int) -> str:
    return f"{_number(number, 'case')} {'has' if number == 1 else 'have'}"


def _number(count: int, one: str) -> str:
    return f"{count:,} {one if count == 1 else one + 's'}"
