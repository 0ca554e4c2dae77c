"""The tracker's filters and orders, and what one of its lines says. Pure."""

from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import NamedTuple, TypeVar

from qa.recommendations.lifecycle import ActionState, Level, Priority, RecommendationState, days_overdue

TEXT_LIMIT = 200
Word = TypeVar("Word", bound=StrEnum)


class Order(StrEnum):
    """How the tracker is sorted."""

    DUE = "due"
    NUMBER = "number"
    PRIORITY = "priority"

    @property
    def label(self) -> str:
        """What people read."""
        return ORDER_LABELS[self]


ORDER_LABELS = {
    Order.DUE: "Due date, earliest first",
    Order.NUMBER: "Audit and number",
    Order.PRIORITY: "Priority, highest first",
}


SOON_DAYS = 30


class Due(StrEnum):
    """Which unfinished actions, by their due date: overdue, or due from today on within SOON_DAYS."""

    OVERDUE = "overdue"
    SOON = "soon"

    @property
    def label(self) -> str:
        """What people read."""
        return "Overdue" if self is Due.OVERDUE else f"Due in the next {SOON_DAYS} days"


class Filters(NamedTuple):
    """What the tracker shows; a member left at None does not filter.

    agency, lead, action_state and due look at one and the same action.
    """

    area: int | None = None
    audit: int | None = None
    agency: int | None = None
    lead: int | None = None
    theme: int | None = None
    state: RecommendationState | None = None
    action_state: ActionState | None = None
    due: Due | None = None
    level: Level | None = None
    priority: Priority | None = None
    text: str = ""
    order: Order = Order.DUE

    @property
    def by_action(self) -> bool:
        """Whether any filter looks at actions."""
        return bool(self.agency or self.lead or self.action_state or self.due)

    @property
    def any(self) -> bool:
        """Whether anything is filtered at all; the order is no filter."""
        return self._replace(order=Order.DUE) != Filters()

    @property
    def only_audit(self) -> bool:
        """Whether an audit is all that is filtered by."""
        return self.audit is not None and not self._replace(audit=None).any

    @property
    def without_standing(self) -> "Filters":
        """The same without state, action state and due date: what the counts at the top are counted over."""
        return self._replace(state=None, action_state=None, due=None)

    def arguments(self, **changes: object) -> dict[str, str]:
        """As the arguments of an address, with changes; what does not filter is left out."""
        values = self._asdict() | changes
        if values["order"] is Order.DUE:
            values["order"] = None
        return {name: str(value) for name, value in values.items() if value}


def parse_filters(arguments: Mapping[str, str]) -> Filters:
    """Filters from the arguments of an address; nonsense is left out rather than refused."""
    return Filters(
        area=_number(arguments.get("area")),
        audit=_number(arguments.get("audit")),
        agency=_number(arguments.get("agency")),
        lead=_number(arguments.get("lead")),
        theme=_number(arguments.get("theme")),
        state=_word(RecommendationState, arguments.get("state")),
        action_state=_word(ActionState, arguments.get("action_state")),
        due=_word(Due, arguments.get("due")),
        level=_word(Level, arguments.get("level")),
        priority=_word(Priority, arguments.get("priority")),
        text=" ".join(arguments.get("text", "").replace("\x00", "").split())[:TEXT_LIMIT],
        order=_word(Order, arguments.get("order")) or Order.DUE,
    )


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else None


def _word(kind: type[Word], text: str | None) -> Word | None:
    return next((member for member in kind if member.value == text), None)


class ActionLine(NamedTuple):
    """One action as lists show it. whole: the person asking may open it; if not, lead_name and due_on
    are None, and only its agency, text and state are told.
    """

    id: int
    recommendation_id: int
    agency: str
    text: str
    state: ActionState
    whole: bool
    lead_name: str | None
    due_on: date | None
    accepted: bool
    days_overdue: int


class TrackerLine(NamedTuple):
    """One recommendation on the tracker.

    due_on: the earliest due date among its unverified actions that the filters look at, None without any.
    days_overdue: of its longest overdue action, 0 when none is. awaiting: one awaits verification.
    unverified, total: how many actions it has in all. actions: the first few that the filters look at.
    """

    id: int
    number: int
    text: str
    level: Level
    priority: Priority
    state: RecommendationState
    audit_id: int
    audit_reference: str
    audit_title: str
    area: str
    due_on: date | None
    days_overdue: int
    awaiting: bool
    unverified: int
    total: int
    actions: Sequence[ActionLine] = ()

    @property
    def others(self) -> int:
        """How many of its actions are not listed."""
        return self.total - len(self.actions)

    @property
    def standing(self) -> str:
        """The one word that matters most: closed, overdue, awaiting, ready (to close), empty, or open."""
        if self.state is RecommendationState.CLOSED:
            return "closed"
        if self.days_overdue:
            return "overdue"
        if self.awaiting:
            return "awaiting"
        if not self.total:
            return "empty"
        return "open" if self.unverified else "ready"


class Counts(NamedTuple):
    """Recommendations by standing; one may be overdue and awaiting verification at once."""

    open: int = 0
    overdue: int = 0
    awaiting: int = 0
    closed: int = 0


class Drift(NamedTuple):
    """One agency's unfinished actions. earliest: the due date of its longest overdue one."""

    agency_id: int
    agency: str
    unfinished: int
    overdue: int
    earliest: date

    def days(self, today: date) -> int:
        """How long its longest overdue action is overdue."""
        return days_overdue(ActionState.NOT_STARTED, self.earliest, today)


class AskedAudit(NamedTuple):
    """The audit that the tracker is narrowed to. may_add: the person may write a recommendation in it."""

    id: int
    reference: str
    title: str
    may_add: bool


class Choices(NamedTuple):
    """What the filters offer: number and words, in order."""

    area: Sequence[tuple[int, str]] = ()
    audit: Sequence[tuple[int, str]] = ()
    agency: Sequence[tuple[int, str]] = ()
    lead: Sequence[tuple[int, str]] = ()
    theme: Sequence[tuple[int, str]] = ()

    def with_audit(self, asked: AskedAudit | None) -> "Choices":
        """The same, and the audit asked for where it has no recommendation and so is not among them."""
        if asked is None or any(number == asked.id for number, _words in self.audit):
            return self
        return self._replace(audit=[*self.audit, (asked.id, f"{asked.reference} {asked.title}")])


class Waiting(NamedTuple):
    """Actions that wait for a person: as agency lead (own_...), and as QA lead (to_verify, overdue)."""

    own_overdue: int = 0
    own_soon: int = 0
    own_sent_back: int = 0
    to_verify: int = 0
    overdue: int = 0
