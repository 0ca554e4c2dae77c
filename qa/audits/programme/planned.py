"""What stands in a programme about one audit, the rules it must keep, and how far it has come. Pure."""

from collections.abc import Collection
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from qa.audits.lifecycle import REPORTED, Stage
from qa.audits.planning import THEME_LIMIT, TITLE_LIMIT

WORDS_LIMIT = 500
NOTE_LIMIT = 5_000
MOST_PLANNED = 100
"""Planned audits in one programme: more than fit one picture are more than anybody runs in a year."""


class Reason(StrEnum):
    """Why an audit is in the programme."""

    INSPECTION = "inspection"
    DATA = "data"
    REVIEW = "review"
    PREVIOUS_AUDIT = "previous_audit"
    OTHER = "other"

    @property
    def label(self) -> str:
        """What people read."""
        return {
            Reason.INSPECTION: "Inspection or its framework",
            Reason.DATA: "Performance data",
            Reason.REVIEW: "Case review or learning review",
            Reason.PREVIOUS_AUDIT: "A previous audit",
            Reason.OTHER: "Another reason",
        }[self]


class AuditMethod(StrEnum):
    """How an audit is to be done."""

    MULTI_AGENCY = "multi_agency"
    SINGLE_AGENCY = "single_agency"
    DIP_SAMPLE = "dip_sample"
    OBSERVATION = "observation"
    SELF_ASSESSMENT = "self_assessment"
    LONGITUDINAL = "longitudinal"

    @property
    def label(self) -> str:
        """What people read."""
        return {
            AuditMethod.MULTI_AGENCY: "Multi-agency case audit",
            AuditMethod.SINGLE_AGENCY: "Single agency audit",
            AuditMethod.DIP_SAMPLE: "Dip sample",
            AuditMethod.OBSERVATION: "Practice observation",
            AuditMethod.SELF_ASSESSMENT: "Self-assessment",
            AuditMethod.LONGITUDINAL: "Longitudinal audit",
        }[self]

    @property
    def note(self) -> str:
        """A line more about it, for who chooses."""
        return {
            AuditMethod.MULTI_AGENCY: "Several agencies look at the same cases",
            AuditMethod.SINGLE_AGENCY: "One agency looks at its own cases",
            AuditMethod.DIP_SAMPLE: "A few cases, one question",
            AuditMethod.OBSERVATION: "Meetings, visits or decisions as they happen",
            AuditMethod.SELF_ASSESSMENT: "Agencies look at themselves, as under Section 11",
            AuditMethod.LONGITUDINAL: "The same families are followed for longer",
        }[self]


class PlanState(StrEnum):
    """What was decided about a planned audit that has not started."""

    PLANNED = "planned"
    POSTPONED = "postponed"
    DROPPED = "dropped"

    @property
    def label(self) -> str:
        """What people read."""
        return self.value.capitalize()


class Status(StrEnum):
    """Where a planned audit stands, its audits and what became of it counted in."""

    PLANNED = "planned"
    UNDER_WAY = "under_way"
    DONE = "done"
    POSTPONED = "postponed"
    DROPPED = "dropped"
    CARRIED_OVER = "carried_over"

    @property
    def label(self) -> str:
        """What people read."""
        return self.value.replace("_", " ").capitalize()


def reason_in_words(reason: Reason, words: str) -> str:
    """Why an audit is in the programme: the kind of reason, and what was written of it."""
    if reason is Reason.OTHER and words:
        return words
    return ". ".join(part for part in (reason.label, words) if part)


NOT_DONE = frozenset({Status.PLANNED, Status.POSTPONED, Status.DROPPED})
"""What can be carried over: no audit of it was begun."""


def status_of(state: PlanState, stages: Collection[Stage], *, carried: bool = False) -> Status:
    """Where a planned audit stands. stages: of its audits; carried: another year's programme has it now."""
    if stages:
        return Status.DONE if all(stage in REPORTED for stage in stages) else Status.UNDER_WAY
    return Status.CARRIED_OVER if carried else Status(state.value)


class PlannedPlan(NamedTuple):
    """What a QA lead decides about one audit of the programme.

    until: the last quarter, for one that takes longer than its first. framework_id: a framework, not an
    edition: the newest is taken when the audit starts. named_ids: for a confidential one, who sees it.
    """

    title: str
    theme: str
    reason: Reason
    reason_words: str
    method: AuditMethod
    quarter: int
    until: int
    framework_id: int | None = None
    lead_id: int | None = None
    agency_ids: frozenset[int] = frozenset()
    state: PlanState = PlanState.PLANNED
    state_reason: str = ""
    confidential: bool = False
    named_ids: frozenset[int] = frozenset()


def planned_problems(plan: PlannedPlan) -> dict[str, str]:
    """What is wrong with it, by field: each message says what to do. Empty when nothing is."""
    found: dict[str, str] = {}
    if not plan.title:
        found["title"] = "Enter a title"
    for field, text, limit in (
        ("title", plan.title, TITLE_LIMIT),
        ("theme", plan.theme, THEME_LIMIT),
        ("reason_words", plan.reason_words, WORDS_LIMIT),
        ("state_reason", plan.state_reason, WORDS_LIMIT),
    ):
        if len(text) > limit:
            found[field] = f"Use {limit} characters or fewer"
    if plan.reason is Reason.OTHER and not plan.reason_words:
        found["reason_words"] = "Say what the reason is"
    if not 1 <= plan.quarter <= 4:
        found["quarter"] = "Choose a quarter"
    elif not plan.quarter <= plan.until <= 4:
        found["until"] = f"It cannot end before quarter {plan.quarter}, when it begins"
    if plan.state is not PlanState.PLANNED and not plan.state_reason:
        done = "postponed" if plan.state is PlanState.POSTPONED else "dropped"
        found["state_reason"] = f"Say why it is {done}"
    return found


class AuditDates(NamedTuple):
    """The days of an audit that say when it runs."""

    fieldwork_opens_on: date | None
    returns_due_on: date
    panel_on: date | None
    report_due_on: date | None

    @property
    def begins(self) -> date:
        """The first of them."""
        return min(self.fieldwork_opens_on or self.returns_due_on, self.returns_due_on)

    @property
    def ends(self) -> date:
        """The last of them."""
        return max(day for day in (self.returns_due_on, self.panel_on, self.report_due_on) if day)
