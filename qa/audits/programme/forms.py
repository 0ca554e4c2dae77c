"""Forms of a programme, of what is planned in it, and of carrying over."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from qa.audits.forms import named, numbers, offer, take_any
from qa.audits.planning import THEME_LIMIT, TITLE_LIMIT
from qa.audits.programme.choices import PlannedChoices
from qa.audits.programme.planned import (
    NOTE_LIMIT,
    WORDS_LIMIT,
    AuditMethod,
    PlannedPlan,
    PlanState,
    Reason,
)
from qa.audits.programme.year import APRIL, FIRST_YEAR, LAST_YEAR, ProgrammeYear
from qa.audits.queries.choices import Choice
from qa.web.forms import (
    Form,
    checkboxes_field,
    long_text_field,
    radio_field,
    select_field,
    text_field,
    tick_field,
    whole_number,
)

ALL_AREAS = "all"
SAME_QUARTER = "same"
MONTHS = [(str(month), f"{date(FIRST_YEAR, month, 1):%B}") for month in range(1, 13)]


def _number(text: str | None) -> int | None:
    return next(iter(numbers([text or ""])), None)


def _quarters(year: ProgrammeYear) -> list[tuple[object, str]]:
    return [(each.number, year.quarter_in_words(each.number)) for each in year.quarters]


class ProgrammeForm(Form):
    """A programme: its area, asked for once, its first month, and what is said about it."""

    area = radio_field("Which area is the programme for?", required="Choose an area")
    month = select_field("First month", MONTHS, hint="Partnerships mostly count from April to March")
    year = text_field("Year of the first month", required="Enter a year, like 2026", limit=4)
    note = long_text_field(
        "About this year (optional)",
        hint="What it follows from: last year’s learning, the partnership’s priorities, inspection",
        limit=NOTE_LIMIT,
    )

    def offer(self, areas: Iterable[Choice], *, all_together: bool) -> None:
        """Set the areas to choose from."""
        choices: list[tuple[object, str]] = named(areas)
        offer(self.area, [*choices, *([(ALL_AREAS, "All areas together")] if all_together else [])])

    def take_any(self, *, new: bool) -> None:
        """Take the area that was sent before any is offered; the command says whether it may be."""
        self.year.validators = [*self.year.validators, whole_number(FIRST_YEAR, LAST_YEAR)]
        if new:
            take_any(self.area)
        else:
            del self.area

    @property
    def area_id(self) -> int | None:
        """The area chosen, None for all of them together; 0 for nonsense."""
        return None if self.area.data == ALL_AREAS else _number(self.area.data) or 0

    @property
    def starts_on(self) -> date:
        """The first day of the programme; only of a form that was found valid."""
        return date(int(self.year.data or 0), _number(self.month.data) or APRIL, 1)


class PlannedForm(Form):
    """An audit of a programme."""

    title = text_field(
        "Title", required="Enter a title", hint="Such as “Child in need plans”", limit=TITLE_LIMIT
    )
    theme = text_field("Theme (optional)", hint="What the audit is about, in a line", limit=THEME_LIMIT)
    reason = radio_field(
        "Why it is in the programme",
        [(reason.value, reason.label) for reason in Reason],
        required="Choose a reason",
    )
    reason_words = text_field(
        "The reason in words (optional)",
        hint="Such as which review or which figures. Needed for another reason",
        limit=WORDS_LIMIT,
    )
    method = radio_field(
        "Method", [(method.value, method.label) for method in AuditMethod], required="Choose a method"
    )
    quarter = radio_field("Quarter", required="Choose a quarter")
    until = select_field("Until (optional)", hint="For an audit that takes more than one quarter")
    framework = select_field("Framework (optional)", hint="The newest edition is taken when the audit starts")
    lead = select_field("Lead (optional)")
    agencies = checkboxes_field("Agencies to take part (optional)")
    state = radio_field(
        "Status", [(state.value, state.label) for state in PlanState], required="Choose a status"
    )
    state_reason = text_field(
        "Why it is postponed or dropped", hint="Needed unless it is planned", limit=WORDS_LIMIT
    )
    confidential = tick_field("Confidential: only people I name can see that it is planned")
    named = checkboxes_field("People who can see it", hint="You and the lead are always among them")

    def offer(self, choices: PlannedChoices, year: ProgrammeYear) -> None:
        """Set what can be chosen in the programme."""
        quarters = _quarters(year)
        offer(self.quarter, quarters)
        offer(self.until, [("", "The same quarter"), *quarters])
        offer(self.framework, [("", "Not chosen yet"), *named(choices.frameworks)])
        offer(self.lead, [("", "Nobody yet"), *named(choices.leads)])
        offer(self.agencies, named(choices.agencies))
        offer(self.named, named(choices.people))

    def take_any(self, *, decided: bool) -> None:
        """Take what was sent before anything is offered; the command says what cannot be chosen.

        decided: where it stands is no question: it is new, or an audit of it has a stage.
        """
        take_any(self.quarter, self.until, self.framework, self.lead, self.agencies, self.named)
        if decided:
            del self.state
            del self.state_reason

    @property
    def plan(self) -> PlannedPlan:
        """What was typed; only of a form that was found valid."""
        data: Any = self.data
        quarter = _number(data["quarter"]) or 0
        return PlannedPlan(
            title=data["title"],
            theme=data["theme"] or "",
            reason=Reason(data["reason"]),
            reason_words=data["reason_words"] or "",
            method=AuditMethod(data["method"]),
            quarter=quarter,
            until=_number(data["until"]) or quarter,
            framework_id=_number(data["framework"]),
            lead_id=_number(data["lead"]),
            agency_ids=numbers(data["agencies"]),
            state=PlanState(data.get("state") or PlanState.PLANNED),
            state_reason=data.get("state_reason") or "",
            confidential=bool(data["confidential"]),
            named_ids=numbers(data["named"]),
        )


class CarryOverForm(Form):
    """Which planned audits go to next year, and where they go there. The boxes are drawn by the table."""

    planned = checkboxes_field("Audits to carry over")
    quarter = radio_field("Where they go", required="Choose where they go")

    def offer(self, planned: Sequence[tuple[int, str]], following: ProgrammeYear) -> None:
        """Set what can be carried over, and the quarters of the year after."""
        offer(self.planned, planned)
        quarters = _quarters(following)
        offer(self.quarter, [(SAME_QUARTER, "The same quarter as this year"), *quarters])

    @property
    def planned_ids(self) -> frozenset[int]:
        """The planned audits ticked."""
        return numbers(self.planned.data)

    @property
    def chosen_quarter(self) -> int | None:
        """The quarter chosen; None for the same as this year."""
        return _number(self.quarter.data)


class TieForm(Form):
    """Which audit that runs already is the planned one."""

    audit = radio_field("Audit", required="Choose an audit")

    @property
    def audit_id(self) -> int:
        """The audit chosen; 0 for nonsense."""
        return _number(self.audit.data) or 0
