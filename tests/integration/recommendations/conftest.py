"""A partnership with an audit, two agencies with their leads, and everybody who looks on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from qa.accounts.models import Agency, Area
from qa.accounts.permissions import CurrentPerson, Role
from qa.accounts.sectors import Sector
from qa.audits.lifecycle import Stage
from qa.audits.models import Audit
from qa.db import db
from qa.frameworks.editions import EditionTree
from qa.recommendations.models import Action, Recommendation
from qa.trail.models import TrailEntry
from tests.support.factories import Maker
from tests.support.kept import kept
from tests.support.pages import Browser

Visit = Callable[[str], Browser]


@dataclass(frozen=True)
class Scene:
    """Who and what there is."""

    area: Area
    other_area: Area
    health: Agency
    police: Agency
    edition: EditionTree
    audit: Audit
    qa_lead: CurrentPerson
    health_lead: CurrentPerson
    police_lead: CurrentPerson
    auditor: CurrentPerson
    member: CurrentPerson
    other_qa_lead: CurrentPerson
    stranger: CurrentPerson

    @property
    def new(self) -> str:
        """The address of the form for a new recommendation."""
        return f"/audits/{self.audit.id}/recommendations/new"


@pytest.fixture
@kept
def scene(make: Maker) -> Scene:
    """One audit of one area; `stranger` leads an agency that takes no part in it."""
    area, other = make.area("Havering"), make.area("Redbridge")
    health = make.agency("North East Health Trust", Sector.HEALTH, (area,))
    police = make.agency("East Area Police", Sector.POLICE, (area,))
    school = make.agency("Havering Schools", Sector.EDUCATION, (area,))
    edition = make.edition()
    return Scene(
        area=area,
        other_area=other,
        health=health,
        police=police,
        edition=edition,
        audit=make.audit(area, edition, (health, police), stage=Stage.REPORTED),
        qa_lead=make.person(Role.QA_LEAD, area=area, name="Quinn Lead"),
        health_lead=make.person(Role.AGENCY_LEAD, agency=health, name="Hana Health"),
        police_lead=make.person(Role.AGENCY_LEAD, agency=police, name="Pat Police"),
        auditor=make.person(Role.AUDITOR, agency=health, name="Ari Auditor"),
        member=make.person(Role.PARTNERSHIP_MEMBER, area=area, name="Mo Member"),
        other_qa_lead=make.person(Role.QA_LEAD, area=other, name="Olu Other"),
        stranger=make.person(Role.AGENCY_LEAD, agency=school, name="Sam School"),
    )


def day_fields(day: date) -> list[str]:
    """What the three boxes of a date send."""
    return [str(day.day), str(day.month), str(day.year)]


def events(app: Flask) -> list[str]:
    """What the trail says has happened, signing in apart."""
    with app.app_context():
        rows = db.session.scalars(select(TrailEntry).order_by(TrailEntry.number))
        return [row.event for row in rows if not row.event.startswith("accounts.")]


def action_row(app: Flask, action_id: int) -> Action:
    """An action as it is in the database."""
    with app.app_context():
        return db.session.scalars(select(Action).where(Action.id == action_id)).one()


def recommendation_row(app: Flask, recommendation_id: int) -> Recommendation:
    """A recommendation as it is in the database."""
    with app.app_context():
        query = select(Recommendation).where(Recommendation.id == recommendation_id)
        return db.session.scalars(query).one()
