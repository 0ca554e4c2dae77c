"""What recommendations put on a person's home page."""

from typing import Any

from flask import url_for

from qa.accounts.access import current_person
from qa.accounts.permissions import CurrentPerson, Role
from qa.recommendations import tracking
from qa.recommendations.lifecycle import ActionState, RecommendationState
from qa.recommendations.tracker import SOON_DAYS, Due, Filters, Waiting
from qa.web.cards import Card


def cards() -> list[Card]:
    """The figures that wait for this person; one statement, and another for partnership members."""
    person = current_person()
    found = tracking.waiting(person)
    made = [*_agency_cards(person, found), *_qa_lead_cards(found)]
    if person.has_role(Role.PARTNERSHIP_MEMBER):
        made += _member_cards(person)
    return [card for card in made if card.figure]


def _tracker(**filters: object) -> str:
    arguments: dict[str, Any] = dict(Filters().arguments(**filters))
    return url_for("recommendations.index", **arguments)


def _agency_cards(person: CurrentPerson, found: Waiting) -> list[Card]:
    overdue, back, soon = found.own_overdue, found.own_sent_back, found.own_soon
    led = {grant.agency_id for grant in person.grants if grant.role is Role.AGENCY_LEAD}
    agency = led.pop() if len(led) == 1 else None
    return [
        Card(
            overdue,
            f"of your agency’s actions {_words(overdue, 'is', 'are')} overdue",
            _tracker(agency=agency, due=Due.OVERDUE),
            urgent=True,
        ),
        Card(
            back,
            f"{_words(back, 'action was', 'actions were')} sent back to your agency",
            _tracker(agency=agency, action_state=ActionState.SENT_BACK),
            note="A QA lead has said what is still needed.",
        ),
        Card(
            soon,
            f"of your agency’s actions {_words(soon, 'is', 'are')} due in the next {SOON_DAYS} days",
            _tracker(agency=agency, due=Due.SOON),
        ),
    ]


def _qa_lead_cards(found: Waiting) -> list[Card]:
    return [
        Card(
            found.to_verify,
            _words(found.to_verify, "action awaits verification", "actions await verification"),
            _tracker(action_state=ActionState.AWAITING_VERIFICATION),
        ),
        Card(
            found.overdue,
            _words(found.overdue, "action is overdue", "actions are overdue"),
            _tracker(due=Due.OVERDUE),
        ),
    ]


def _member_cards(person: CurrentPerson) -> list[Card]:
    counted = tracking.counts(person, Filters())
    return [
        Card(
            counted.open,
            _words(counted.open, "recommendation is open", "recommendations are open"),
            _tracker(state=RecommendationState.OPEN),
        ),
        Card(
            counted.overdue,
            _words(
                counted.overdue, "recommendation has overdue actions", "recommendations have overdue actions"
            ),
            _tracker(due=Due.OVERDUE),
        ),
    ]


def _words(count: int, one: str, many: str) -> str:
    return one if count == 1 else many
