"""An audit at the panel stage: three agencies, one case with returns of each, and the people about it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pytest
from flask import Flask
from sqlalchemy import select

from qa.accounts.models import Agency, Area
from qa.accounts.permissions import CurrentPerson, Role
from qa.accounts.sectors import Sector
from qa.audits.lifecycle import ReturnState, Stage
from qa.audits.models import Audit, Case, Return
from qa.db import db, writing
from qa.frameworks.editions import EditionTree
from qa.trail.models import TrailEntry
from tests.support.factories import Maker
from tests.support.kept import kept
from tests.support.pages import Browser

Visit = Callable[[str], Browser]
REASON = "The agency does not know this family."


@dataclass(frozen=True)
class Scene:
    """Who and what there is. The local authority and health have submitted; the police were not involved."""

    area: Area
    council: Agency
    health: Agency
    police: Agency
    edition: EditionTree
    audit: Audit
    case: Case
    council_return: Return
    health_return: Return
    police_return: Return
    lead: CurrentPerson
    other_lead: CurrentPerson
    council_auditor: CurrentPerson
    health_lead: CurrentPerson
    police_auditor: CurrentPerson
    stranger: CurrentPerson

    @property
    def agenda(self) -> str:
        """The address of the audit's agenda."""
        return f"/audits/{self.audit.id}/panel"

    @property
    def page(self) -> str:
        """The address of the case at the panel."""
        return f"{self.agenda}/{self.case.id}"


@pytest.fixture
@kept
def scene(app: Flask, make: Maker) -> Scene:
    """One case, not open to the panel yet; the agencies differ by two grades on its threshold."""
    area, elsewhere = make.area("Havering"), make.area("Redbridge")
    council = make.agency("Havering Council", Sector.LOCAL_AUTHORITY, (area,))
    health = make.agency("East Health Trust", Sector.HEALTH, (area,))
    police = make.agency("East Area Police", Sector.POLICE, (area,))
    school = make.agency("Riverside Schools", Sector.EDUCATION, (area,))
    edition = make.edition()
    audit = make.audit(area, edition, (council, health, police, school), stage=Stage.PANEL)
    case = make.case(audit, "HP-001")
    make.profile_value(case, edition, "pathway", "early_help")
    scene = Scene(
        area,
        council,
        health,
        police,
        edition,
        audit,
        case,
        make.case_return(case, council, state=ReturnState.SUBMITTED),
        make.case_return(case, health, state=ReturnState.SUBMITTED),
        make.case_return(case, police, state=ReturnState.NOT_INVOLVED),
        make.person(Role.QA_LEAD, area=area, name="Lena Lead"),
        make.person(Role.QA_LEAD, area=elsewhere),
        make.person(Role.AUDITOR, agency=council),
        make.person(Role.AGENCY_LEAD, agency=health),
        make.person(Role.AUDITOR, agency=police),
        make.person(Role.AUDITOR, agency=school),
    )
    with app.app_context(), writing() as session:
        session.get_one(Return, scene.police_return.id).not_involved_reason = REASON
    for row, grade, words in (
        (scene.council_return, "outstanding", "The decision record weighs three earlier referrals."),
        (scene.health_return, "requires_improvement", "The school nurse was never asked."),
    ):
        make.answer(row, edition, "threshold", grade=grade, evidence=words)
        make.answer(row, edition, "front_door_grade", grade="good", evidence=f"Overall: {words}")
        make.answer(row, edition, "referrer", option="school")
    make.answer(scene.council_return, edition, "consent", code="yes")
    make.answer(scene.council_return, edition, "decision_days", number=3)
    return scene


@pytest.fixture
def open_case(app: Flask, scene: Scene, browser: Visit) -> Scene:
    """The same scene, its case open to the panel."""
    browser(scene.lead.email).post(f"{scene.page}/open")
    return scene


def events(app: Flask, *wanted: str) -> Sequence[TrailEntry]:
    """The trail's entries of these events, in order."""
    with app.app_context():
        query = select(TrailEntry).where(TrailEntry.event.in_(wanted)).order_by(TrailEntry.number)
        return db.session.scalars(query).all()
