"""Recommendations and actions as pages, reports and commands hand them about. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from qa.recommendations.lifecycle import ActionState, Level, Priority, RecommendationState, may_close
from qa.recommendations.tracker import ActionLine


class Wording(NamedTuple):
    """What a QA lead writes of a recommendation, and what it rests on."""

    text: str
    level: Level
    measure_of_success: str
    priority: Priority
    theme_ids: frozenset[int] = frozenset()
    finding_ids: frozenset[int] = frozenset()


class Responsible(NamedTuple):
    """The agency an action is given to, and its lead; lead_id None: the agency has no agency lead yet."""

    agency_id: int
    lead_id: int | None = None

    @property
    def code(self) -> str:
        """As a choice on a form: the agency's number, a dash, the lead's."""
        return f"{self.agency_id}-{self.lead_id or ''}"

    @classmethod
    def from_code(cls, code: str) -> "Responsible":
        """Back from a form. Raises ValueError for nonsense."""
        agency, _dash, lead = code.partition("-")
        return cls(int(agency), int(lead) if lead else None)


class ActionPlan(NamedTuple):
    """An action before anything is done on it."""

    responsible: Responsible
    text: str
    due_on: date


class AgencyLeads(NamedTuple):
    """An agency of an audit with the people who can lead an action for it: number and name."""

    agency_id: int
    agency: str
    leads: Sequence[tuple[int, str]]


class FindingLine(NamedTuple):
    """A finding that a recommendation rests on."""

    id: int
    kind: str
    text: str
    agency: str | None
    case: str

    @property
    def words(self) -> str:
        """In one line, to choose by."""
        text = self.text if len(self.text) <= 240 else self.text[:239].rstrip() + "…"
        return f"{self.kind}, case {self.case}, {self.agency or 'panel'}: {text}"


class Basis(NamedTuple):
    """What a form for a recommendation offers: the audit's themes, findings chosen, agencies and leads."""

    audit_id: int
    audit_reference: str
    audit_title: str
    area_id: int
    themes: Sequence[tuple[int, str]]
    findings: Sequence[FindingLine]
    agencies: Sequence[AgencyLeads]


class FileLine(NamedTuple):
    """An evidence file without its content."""

    id: int
    name: str
    size: int

    @property
    def size_words(self) -> str:
        """Such as 340 KB."""
        if self.size < 1024:
            return f"{self.size} bytes"
        if self.size < 1024 * 1024:
            return f"{self.size / 1024:.0f} KB"
        return f"{self.size / 1024 / 1024:.1f} MB"


class Event(NamedTuple):
    """One step in the life of a recommendation or action.

    kind: created, closed, reopened, accepted, in_progress, awaiting_verification, sent_back, verified or
    due_moved. agency and action_id: of the action it is about; None for the recommendation itself.
    """

    kind: str
    at: datetime
    who: str
    text: str = ""
    action_id: int | None = None
    agency: str | None = None
    update_id: int | None = None
    from_on: date | None = None
    to_on: date | None = None
    files: Sequence[FileLine] = ()


class Heading(NamedTuple):
    """A recommendation's own words and where it belongs."""

    id: int
    number: int
    text: str
    level: Level
    priority: Priority
    measure_of_success: str
    state: RecommendationState
    version: int
    audit_id: int
    audit_reference: str
    audit_title: str
    area_id: int
    area: str
    created_at: datetime
    created_by: str | None
    closing_note: str = ""
    closed_at: datetime | None = None
    closed_by: str | None = None


class RecommendationDetail(NamedTuple):
    """A recommendation whole. findings None: the person may not read them; finding_count says how many.

    limited: some of its actions belong to other agencies than the person's, and are told in outline.
    """

    heading: Heading
    themes: Sequence[tuple[int, str]]
    findings: Sequence[FindingLine] | None
    finding_count: int
    actions: Sequence[ActionLine]
    history: Sequence[Event]
    may_manage: bool

    @property
    def limited(self) -> bool:
        """Whether some action is told in outline only."""
        return not all(line.whole for line in self.actions)

    @property
    def is_open(self) -> bool:
        """Whether it is open."""
        return self.heading.state is RecommendationState.OPEN

    @property
    def ready(self) -> bool:
        """Whether it may be closed now."""
        return self.is_open and may_close(line.state for line in self.actions)

    @property
    def why_not_close(self) -> str:
        """What stands in the way of closing it; empty when nothing does."""
        if not self.is_open:
            return "This recommendation is closed already."
        if not self.actions:
            return "It has no action yet. A recommendation is closed when its actions are verified."
        left = sum(line.state is not ActionState.VERIFIED for line in self.actions)
        if len(self.actions) == 1 and left:
            return "Its action has not been verified yet."
        verb = "has" if left == 1 else "have"
        return f"{left} of its {len(self.actions)} actions {verb} not been verified yet." if left else ""

    @property
    def days_overdue(self) -> int:
        """Of its longest overdue action; 0 when none is."""
        return max((line.days_overdue for line in self.actions), default=0)


class ActionDetail(NamedTuple):
    """An action whole, with every step newest first. updates: how often progress was posted.

    may_progress, may_decide, may_manage: what the person asking may do now. barred: why a QA lead of the
    area may not verify it, when it awaits verification and they may not; empty otherwise.
    """

    id: int
    version: int
    text: str
    state: ActionState
    due_on: date
    days_overdue: int
    responsible: Responsible
    agency: str
    lead_name: str | None
    accepted_at: datetime | None
    accepted_by: str | None
    heading: Heading
    events: Sequence[Event]
    updates: int
    may_progress: bool = False
    may_decide: bool = False
    may_manage: bool = False
    barred: str = ""

    @property
    def sent_back(self) -> Event | None:
        """The decision to send it back, while that is how it stands."""
        if self.state is not ActionState.SENT_BACK:
            return None
        return next((event for event in self.events if event.kind == "sent_back"), None)

    @property
    def verified(self) -> Event | None:
        """The decision that verified it."""
        return next((event for event in self.events if event.kind == "verified"), None)


@dataclass(frozen=True, slots=True)
class EvidenceContent:
    """An evidence file with its content, for a download."""

    id: int
    name: str
    media_type: str
    content: bytes = field(repr=False)
    area_id: int


class ReportedAction(NamedTuple):
    """An action as a report tells it. due_on and lead_name None: not for the person asking."""

    agency: str
    text: str
    lead_name: str | None
    due_on: date | None
    state: ActionState
    overdue: bool
    days_overdue: int


class ReportedRecommendation(NamedTuple):
    """A recommendation as a report tells it, with its actions."""

    id: int
    number: int
    text: str
    level: Level
    priority: Priority
    measure_of_success: str
    state: RecommendationState
    actions: Sequence[ReportedAction]
