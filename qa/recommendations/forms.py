"""Forms of recommendations, actions, progress and decisions."""

from collections.abc import Sequence
from datetime import date
from typing import Any, cast

import wtforms
from flask_wtf.file import MultipleFileField
from govuk_frontend_wtf.wtforms_widgets import GovFileInput
from wtforms import Field, FieldList, FormField

from qa.recommendations.evidence import ALLOWED_WORDS
from qa.recommendations.lifecycle import ActionState, Level, Priority
from qa.recommendations.records import ActionPlan, AgencyLeads, Basis, Heading, Responsible, Wording
from qa.web.forms import (
    Form,
    checkboxes_field,
    day_field,
    long_text_field,
    radio_field,
    select_field,
    tick_field,
)

ACTIONS_LIMIT = 20
WHO = "Choose the agency and who leads the action for it"
LATER = "I will add the actions later"
Codes = Sequence[tuple[str, str]]


def who_choices(agencies: Sequence[AgencyLeads]) -> list[tuple[str, str]]:
    """Every agency with each of its leads, as codes and words; an agency without any stands by itself."""
    choices = [("", "Choose an agency and its lead")]
    for agency in agencies:
        for number, name in agency.leads:
            choices.append((Responsible(agency.agency_id, number).code, f"{name}, {agency.agency}"))
        if not agency.leads:
            choices.append((Responsible(agency.agency_id).code, f"No lead yet, {agency.agency}"))
    return choices


class ActionRow(wtforms.Form):
    """One action on the page of a new recommendation."""

    who = select_field("Agency and lead", required=WHO)
    text = long_text_field(
        "What is to be done", required="Say what is to be done", hint="One thing that can be seen to be done"
    )
    due_on = day_field("Due date", required="Enter the day it is due", hint="For example, 27 3 2026")

    @property
    def blank(self) -> bool:
        """Whether nothing has been entered."""
        return not (self.who.data or self.text.data or any(self.due_on.raw_data or ()))

    @property
    def plan(self) -> ActionPlan:
        """The action, once the row is valid."""
        due_on = cast(date, self.due_on.data)
        return ActionPlan(Responsible.from_code(self.who.data), self.text.data or "", due_on)


class ActionRows(FieldList):  # type: ignore[type-arg] # generic to the type checker only
    """Actions on the page of a new recommendation; blank ones are passed over."""

    def validate(self, form: Any, extra_validators: Any = ()) -> bool:
        """Check every row that is not blank."""
        self.errors = []
        valid = True
        for entry in self.filled:  # every one, so that all errors show at once
            valid = entry.validate(form) and valid
        return valid

    @property
    def filled(self) -> list[Any]:
        """The rows that are not blank."""
        return [entry for entry in self.entries if not entry.form.blank]

    def remove(self, place: str) -> None:
        """Take out the row at that place, from 0; a blank one comes in place of the last."""
        if place.isdigit() and int(place) < len(self.entries):
            del self.entries[int(place)]
            self._compact_indices()  # type: ignore[attr-defined] # newer than its type hints
        if not self.entries:
            self.append_entry()

    def offer(self, choices: Codes) -> None:
        """Set whom actions can be given to."""
        for entry in self.entries:
            entry.form.who.choices = choices


class RecommendationForm(Form):
    """A recommendation's words and what it rests on."""

    text = long_text_field(
        "Recommendation",
        required="Enter the recommendation",
        hint="Say what should change. Never name or describe a child so that they could be recognised",
        limit=4000,
    )
    level = radio_field("Level", [(level.value, level.label) for level in Level], required="Choose the level")
    measure_of_success = long_text_field(
        "Measure of success",
        required="Say how you will know that it has worked",
        hint="How will you know it has worked, by when? For example, nine plans in ten are judged good",
        limit=4000,
    )
    priority = radio_field(
        "Priority", [(item.value, item.label) for item in Priority], required="Choose the priority"
    )
    themes = checkboxes_field("Themes", hint="The tracker can be filtered by them")
    findings = checkboxes_field("Findings", hint="Untick a finding that it does not rest on")

    def offer(self, basis: Basis) -> None:
        """Set the themes and findings to choose from."""
        self.themes.choices = [(str(number), name) for number, name in basis.themes]
        self.findings.choices = [(str(line.id), line.words) for line in basis.findings]

    def rest_on(self, themes: Sequence[int], findings: Sequence[int]) -> None:
        """Tick the themes and findings, as far as they are offered."""
        for field, numbers in ((self.themes, themes), (self.findings, findings)):
            offered = {choice[0] for choice in field.choices or ()}
            field.data = [str(number) for number in numbers if str(number) in offered]

    def fill(self, heading: Heading) -> None:
        """Fill in a recommendation as it is."""
        self.version.data = str(heading.version)
        self.text.data = heading.text
        self.level.data = heading.level.value
        self.measure_of_success.data = heading.measure_of_success
        self.priority.data = heading.priority.value

    @property
    def wording(self) -> Wording:
        """What was entered, once the form is valid."""
        return Wording(
            text=self.text.data or "",
            level=Level(self.level.data),
            measure_of_success=self.measure_of_success.data or "",
            priority=Priority(self.priority.data),
            theme_ids=frozenset(int(number) for number in self.themes.data or ()),
            finding_ids=frozenset(int(number) for number in self.findings.data or ()),
        )


class NewRecommendationForm(RecommendationForm):
    """A new recommendation with its first actions."""

    actions = ActionRows(FormField(ActionRow), min_entries=1, max_entries=ACTIONS_LIMIT)
    later = tick_field(LATER)

    def validate(self, extra_validators: Any = None) -> bool:
        """At least one action, or the tick that says they come later."""
        valid: bool = super().validate(extra_validators)
        if not self.actions.filled and not self.later.data:
            message = f"Add at least one action, or tick “{LATER}”"
            self.later.errors = [*self.later.errors, message]
            return False
        return valid

    @property
    def errors(self) -> dict[str | None, Any]:
        """Errors by field; those of an action under the id of its own field, so that links reach it."""
        errors = {name: found for name, found in super().errors.items() if name != "actions"}
        for entry in self.actions.entries:
            errors |= {field.id: list(field.errors) for field in entry.form if field.errors}
        return errors

    @property
    def plans(self) -> list[ActionPlan]:
        """The actions entered, once the form is valid."""
        return [entry.form.plan for entry in self.actions.filled]

    def field_of(self, name: str) -> Field | None:
        """The field of a name; `actions-N-who` is the Nth action that is not blank."""
        if not name.startswith("actions-"):
            return super().field_of(name)
        _actions, place, field_name = name.split("-")
        found: Field = self.actions.filled[int(place)].form[field_name]
        return found

    def change_rows(self, *, add: bool, remove: str | None) -> bool:
        """Add a blank action, or remove one by its place from 0; whether that was what was asked for."""
        if remove is not None:
            self.actions.remove(remove)
        elif add and len(self.actions.entries) < ACTIONS_LIMIT:
            self.actions.append_entry()
        return add or remove is not None


class EditActionForm(Form):
    """An action's lead and words."""

    who = select_field("Agency and lead", required=WHO)
    text = long_text_field("What is to be done", required="Say what is to be done", limit=4000)

    @property
    def responsible(self) -> Responsible:
        """Whom it is given to, once the form is valid."""
        return Responsible.from_code(self.who.data)


class ActionForm(EditActionForm):
    """A further action."""

    due_on = day_field("Due date", required="Enter the day it is due", hint="For example, 27 3 2026")

    @property
    def plan(self) -> ActionPlan:
        """The action, once the form is valid."""
        return ActionPlan(self.responsible, self.text.data or "", cast(date, self.due_on.data))


class DueDateForm(Form):
    """A new due date and why."""

    due_on = day_field("New due date", required="Enter the new due date", hint="For example, 27 3 2026")
    reason = long_text_field(
        "Why is it moving?",
        required="Say why the due date is moving",
        hint="Kept in the action’s history beside the old date",
        limit=2000,
    )


class CloseForm(Form):
    """What came of a recommendation."""

    note = long_text_field(
        "Closing note",
        required="Say what came of the recommendation",
        hint="What has changed, and how the measure of success was met",
        limit=4000,
    )


class ReopenForm(Form):
    """Why a recommendation is opened again."""

    reason = long_text_field(
        "Why is it being reopened?", required="Say why the recommendation is being reopened", limit=4000
    )


class ProgressForm(Form):
    """What an agency has done, with evidence."""

    text = long_text_field(
        "What has been done?",
        required="Say what has been done",
        hint="Never name or describe a child so that they could be recognised",
        limit=8000,
    )
    state = radio_field(
        "Where does the action stand now?",
        [
            (ActionState.IN_PROGRESS.value, "In progress"),
            (ActionState.AWAITING_VERIFICATION.value, "Done"),
        ],
        required="Choose whether the action is in progress or done",
    )
    evidence = MultipleFileField(
        "Evidence files (optional)",
        widget=GovFileInput(multiple=True),
        description=f"Several can be chosen at once. {ALLOWED_WORDS}",
    )

    def remind_of_files(self) -> None:
        """After an error: say that the files chosen are gone, since a browser cannot keep them."""
        if self.evidence.data:
            again = "Nothing was saved, so choose your files again"
            told = [f"{message}. {again}" for message in self.evidence.errors]
            self.evidence.errors = told or [again]


class DecisionForm(Form):
    """A QA lead's decision on an action said to be done."""

    outcome = radio_field(
        "Your decision",
        [(ActionState.VERIFIED.value, "Verify"), (ActionState.SENT_BACK.value, "Send back")],
        required="Choose whether you verify the action or send it back",
    )
    reason = long_text_field(
        "What did you see, or what is still needed?",
        hint="The agency reads this. To verify, name the evidence you saw. To send back, say what is missing",
        limit=4000,
    )

    def validate(self, extra_validators: Any = None) -> bool:
        """The reason is required either way, in the words of the decision."""
        valid: bool = super().validate(extra_validators)
        if self.reason.data or self.reason.errors:
            return valid
        back = self.outcome.data == ActionState.SENT_BACK.value
        needed = "Say what is still needed, so that the agency knows what to do"
        self.reason.errors = [needed if back else "Say what you saw as evidence"]
        return False
