"""A partnership to plan audits in."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pytest
from flask import Flask
from sqlalchemy import select

from qa.accounts.models import Agency, Area
from qa.accounts.permissions import CurrentPerson, Role
from qa.db import db
from qa.frameworks.editions import EditionTree
from qa.trail.models import TrailEntry
from tests.support.factories import TEMPLATES, Maker
from tests.support.kept import kept
from tests.support.pages import Browser


@dataclass
class Place:
    """Havering, with police and health, a QA lead, two auditors of the police and one of health."""

    area: Area
    police: Agency
    health: Agency
    edition: EditionTree
    lead: CurrentPerson
    ann: CurrentPerson
    ben: CurrentPerson
    hal: CurrentPerson
    police_lead: CurrentPerson
    elsewhere: CurrentPerson


@pytest.fixture
@kept
def place(make: Maker) -> Place:
    """A partnership with one small published framework."""
    area, other = make.area("Havering"), make.area("Redbridge")
    police = make.agency("Police", areas=(area, other))
    health = make.agency("Health", areas=(area,))
    return Place(
        area,
        police,
        health,
        make.edition(),
        make.person(Role.QA_LEAD, area=area, name="Quinn Lead"),
        make.person(Role.AUDITOR, agency=police, name="Ann Auditor"),
        make.person(Role.AUDITOR, agency=police, name="Ben Auditor"),
        make.person(Role.AUDITOR, agency=health, name="Hal Auditor"),
        make.person(Role.AGENCY_LEAD, agency=police, name="Pia Lead"),
        make.person(Role.QA_LEAD, area=other, name="Other Lead"),
    )


@pytest.fixture
def section_11(make: Maker) -> EditionTree:
    """The shipped self-assessment."""
    return make.edition(TEMPLATES / "section_11.yaml")


@pytest.fixture
def lead(place: Place, browser: Callable[[str], Browser]) -> Browser:
    """The QA lead's browser."""
    return browser(place.lead.email)


@pytest.fixture
def entries(app: Flask) -> Callable[[str], Sequence[TrailEntry]]:
    """Gives the entries of the trail of that event, or of all that begin so, in order."""

    def read(event: str) -> Sequence[TrailEntry]:
        with app.app_context():
            query = select(TrailEntry).where(TrailEntry.event.startswith(event)).order_by(TrailEntry.number)
            return db.session.scalars(query).all()

    return read
