"""Forms for planning an audit and moving it on."""

from datetime import date
from typing import Any

from qa.audits.forms import named, numbers, offer, take_any
from qa.audits.planning import THEME_LIMIT, TITLE_LIMIT, AuditPlan, in_words
from qa.audits.queries.choices import PlanChoices
from qa.audits.references import LIMIT
from qa.web.forms import (
    Form,
    checkboxes_field,
    day_field,
    long_text_field,
    radio_field,
    select_field,
    text_field,
    tick_field,
)

DAYS = ("period_start", "period_end", "fieldwork_opens_on", "returns_due_on", "panel_on", "report_due_on")


class PlanForm(Form):
    """An audit's plan. The edition is asked for once, when the audit is created."""

    title = text_field(
        "Title", required="Enter a title", hint="Such as “Child in need plans”", limit=TITLE_LIMIT
    )
    reference = text_field(
        "Reference", required="Enter a reference", hint="How the audit is named in reports", limit=LIMIT
    )
    edition = radio_field("Framework", required="Choose a framework")
    agencies = checkboxes_field("Agencies taking part", required="Choose at least one agency to take part")
    lead = select_field("Lead", hint="The QA lead who answers for the audit")
    period_start = day_field("Period from", required="Enter the day the period begins")
    period_end = day_field("Period to", required="Enter the day the period ends")
    theme = text_field("Theme (optional)", hint="What the audit is about, in a line", limit=THEME_LIMIT)
    terms_of_reference = long_text_field("Terms of reference (optional)")
    key_lines_of_enquiry = long_text_field("Key lines of enquiry (optional)", hint="One a line")
    fieldwork_opens_on = day_field("Fieldwork opens (optional)")
    returns_due_on = day_field("Returns due", required="Enter the day returns are due")
    panel_on = day_field("Panel meets (optional)")
    report_due_on = day_field("Report due (optional)")
    confidential = tick_field("Confidential: only people I name can see this audit")
    named = checkboxes_field(
        "People who can see it",
        hint="You are always among them. Auditors not named here cannot be given returns",
    )

    def offer(self, choices: PlanChoices, *, new: bool) -> None:
        """Set what can be chosen in the area."""
        if new:
            offer(self.edition, named(choices.editions))
        offer(self.agencies, named(choices.agencies))
        offer(self.lead, [*([] if self.lead.data else [("", "Nobody")]), *named(choices.leads)])
        offer(self.named, named(choices.people))

    def take_any(self, *, new: bool) -> None:
        """Take what was sent before anything is offered; the command says what cannot be chosen."""
        take_any(self.agencies, self.lead, self.named)
        if new:
            take_any(self.edition)
        else:
            del self.edition

    @property
    def edition_id(self) -> int:
        """The edition chosen; 0 for nonsense."""
        return next(iter(numbers([self.edition.data or ""])), 0)

    def typed(self) -> dict[str, str]:
        """What was typed, days in words as the page of two versions shows them."""
        shown = super().typed()
        for name in DAYS:
            day: date | None = self._fields[name].data
            shown[name] = in_words(day) if day else ""
        return shown

    @property
    def plan(self) -> AuditPlan:
        """The plan that was typed; only of a form that was found valid."""
        data: Any = self.data
        return AuditPlan(
            title=data["title"],
            reference=data["reference"],
            theme=data["theme"] or "",
            terms_of_reference=data["terms_of_reference"] or "",
            key_lines_of_enquiry=data["key_lines_of_enquiry"] or "",
            agency_ids=numbers(data["agencies"]),
            period_start=data["period_start"],
            period_end=data["period_end"],
            fieldwork_opens_on=data["fieldwork_opens_on"],
            returns_due_on=data["returns_due_on"],
            panel_on=data["panel_on"],
            report_due_on=data["report_due_on"],
            confidential=bool(data["confidential"]),
            named_ids=numbers(data["named"]),
            lead_id=next(iter(numbers([data["lead"] or ""])), None),
        )


class AreaForm(Form):
    """Which area an audit is for, when the person plans audits in several."""

    class Meta:
        csrf = False  # a question about the address: nothing is changed

    area = radio_field("Which area is the audit for?", required="Choose an area")


class ButtonForm(Form):
    """A button that changes something: nothing to type."""
