"""The small partnership of the returns' tests, and ways to enter views on its case."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest
from sqlalchemy import select

from qa.accounts.permissions import CurrentPerson
from qa.db import db, now, today, writing
from qa.feedback.models import Feedback
from qa.feedback.vocabulary import Listened, Manner, Sought, Voice
from tests.integration.returns.conftest import World, world
from tests.support.pages import Page

__all__ = ["world"]  # a fixture

Visit = Callable[..., Page]
DAY = [str(part) for part in (today().day, today().month, today().year)]
CHILD = {
    "given_on": DAY,
    "manner": "interview",
    "interviewer": "Advocate",
    "helped": "She came when she said she would.",
    "difference": "One worker and not four.",
    "listened": "mostly",
    "quotable": "yes",
}
PRACTITIONER = {
    "given_on": DAY,
    "manner": "own_words",
    "proud": "He trusts us now.",
    "barriers": "No desk to sit with him.",
    "support": "Supervision every month.",
    "quotable": "no",
}


def views_page(world: World, rest: str = "") -> str:
    """A page of the views on the world's case."""
    return f"/audits/{world.audit.id}/cases/{world.case.id}/views{rest}"


def enter(
    world: World, person: CurrentPerson, voice: str = "child", values: Mapping[str, object] | None = None
) -> Page:
    """Enter views by the form."""
    return world.browser(person).submit(
        views_page(world, f"/new/{voice}"), values or CHILD, holding="given_on"
    )


def say_none(world: World, person: CurrentPerson, voice: str, outcome: str, reason: str) -> Page:
    """Say by the form why there are none."""
    values = {"outcome": outcome, "reason": reason}
    return world.browser(person).submit(views_page(world, f"/new/{voice}/none"), values, holding="reason")


def kept(world: World) -> list[Feedback]:
    """Every entry, by number."""
    with world.app.app_context():
        return list(db.session.scalars(select(Feedback).order_by(Feedback.id)))


def open_panel(world: World) -> None:
    """Open the case to the panel."""
    with world.app.app_context(), writing() as session:
        session.get_one(type(world.case), world.case.id).panel_opened_at = now()


@pytest.fixture
def add(world: World) -> Callable[..., Feedback]:
    """Adds an entry as a row, of the health agency's auditor unless told."""

    def adding(**values: object) -> Feedback:
        usual: dict[str, object] = {
            "audit_id": world.audit.id,
            "case_id": world.case.id,
            "agency_id": world.health.id,
            "voice": Voice.CHILD,
            "outcome": Sought.GIVEN,
            "given_on": today(),
            "manner": Manner.OWN_WORDS,
            "listened": Listened.MOSTLY,
            "helped": "She came when she said.",
            "place": 1,
            "entered_at": now(),
            "entered_by_id": world.auditor.id,
        }
        made: Feedback = world.make.add(Feedback(**{**usual, **values}))
        return made

    return adding
