"""What a QA lead decides when planning an audit, and the rules it must keep. Pure."""

from datetime import date, timedelta
from typing import NamedTuple

from qa.audits.references import audit_reference_problem

TITLE_LIMIT = 200
THEME_LIMIT = 300


class AuditPlan(NamedTuple):
    """An audit as it is planned; its area and edition are chosen once and stand beside it.

    key_lines_of_enquiry: one a line. named_ids: for a confidential audit, who sees it, besides the lead.
    lead_id: None for whoever creates it, and for the lead that a changed one has.
    """

    title: str
    reference: str
    theme: str
    terms_of_reference: str
    key_lines_of_enquiry: str
    agency_ids: frozenset[int]
    period_start: date
    period_end: date
    fieldwork_opens_on: date | None
    returns_due_on: date
    panel_on: date | None
    report_due_on: date | None
    confidential: bool = False
    named_ids: frozenset[int] = frozenset()
    lead_id: int | None = None


class Origin(NamedTuple):
    """What a new audit begins from: a planned audit of a programme, an earlier audit that it repeats."""

    planned_id: int | None = None
    repeats_id: int | None = None


# The days in their order: the name of the field, its label, and what happens on the day.
KEY_DATES = (
    ("fieldwork_opens_on", "Fieldwork opens", "fieldwork opens"),
    ("returns_due_on", "Returns due", "returns are due"),
    ("panel_on", "Panel meets", "the panel meets"),
    ("report_due_on", "Report due", "the report is due"),
)


class KeyDate(NamedTuple):
    """One of the days as the audit's page shows it. day: the last, where there are several; None: not set."""

    label: str
    words: str = ""
    day: date | None = None
    several: bool = False


def in_words(day: date) -> str:
    """27 March 2026."""
    return f"{day.day} {day:%B %Y}"


def range_in_words(first: date, last: date) -> str:
    """16 November to 4 December 2026; one day when both are the same."""
    if first == last:
        return in_words(last)
    if first.year != last.year:
        return f"{in_words(first)} to {in_words(last)}"
    if first.month != last.month:
        return f"{first.day} {first:%B} to {in_words(last)}"
    return f"{first.day} to {in_words(last)}"


def plan_problems(plan: AuditPlan) -> dict[str, str]:
    """What is wrong with a plan, by field: each message says what to do. Empty when nothing is."""
    found: dict[str, str] = {}
    if not plan.title:
        found["title"] = "Enter a title"
    if reference := audit_reference_problem(plan.reference):
        found["reference"] = reference
    if not plan.agency_ids:
        found["agencies"] = "Choose at least one agency to take part"
    if plan.period_end < plan.period_start:
        found["period_end"] = (
            f"Period to must be on or after {in_words(plan.period_start)}, when the period begins"
        )
    return found | _order_of_dates(plan)


def _order_of_dates(plan: AuditPlan) -> dict[str, str]:
    found: dict[str, str] = {}
    before: tuple[date, str] | None = None
    for field, label, happens in KEY_DATES:
        day: date | None = getattr(plan, field)
        if day is None:
            continue
        if before and day < before[0]:
            found[field] = f"{label} must be on or after {in_words(before[0])}, when {before[1]}"
        else:
            before = (day, happens)
    return found


def year_before(day: date) -> date:
    """The first day of the twelve months that end on that day: 2 March 2025 for 1 March 2026."""
    try:
        return day.replace(year=day.year - 1) + timedelta(days=1)
    except ValueError:  # 29 February
        return date(day.year - 1, 3, 1)


def key_lines(text: str) -> tuple[str, ...]:
    """Key lines of enquiry as a list: one a line, bullets and empty lines left out."""
    lines = (line.strip().lstrip("-*•").strip() for line in text.splitlines())
    return tuple(line for line in lines if line)
