"""An audit with two agencies' findings, themes of the library and of areas, and the people about it."""

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
from qa.db import db, now
from qa.findings.models import FindingTheme, Theme
from qa.frameworks.editions import EditionTree
from qa.returns.models import Finding
from qa.returns.vocabulary import FindingKind
from qa.trail.models import TrailEntry
from tests.support.factories import Maker
from tests.support.kept import kept
from tests.support.pages import Browser

Visit = Callable[[str], Browser]


@dataclass(frozen=True)
class Scene:
    """Who and what there is."""

    area: Area
    elsewhere: Area
    council: Agency
    health: Agency
    edition: EditionTree
    audit: Audit
    case: Case
    council_return: Return
    health_return: Return
    seen_alone: Finding
    drift: Finding
    plan: Finding
    by_the_panel: Finding
    thresholds: Theme
    voice: Theme
    own: Theme
    foreign: Theme
    lead: CurrentPerson
    other_lead: CurrentPerson
    auditor: CurrentPerson

    @property
    def list(self) -> str:
        """The address of the audit's findings."""
        return f"/audits/{self.audit.id}/findings"

    def finding(self, row: Finding) -> str:
        """The address of one finding."""
        return f"{self.list}/{row.id}"


@pytest.fixture
@kept
def scene(make: Maker) -> Scene:
    """Four released findings and one that is not, themes shared and of two areas."""
    area, elsewhere = make.area("Havering"), make.area("Redbridge")
    council = make.agency("Havering Council", Sector.LOCAL_AUTHORITY, (area,))
    health = make.agency("East Health Trust", Sector.HEALTH, (area,))
    edition = make.edition()
    audit = make.audit(area, edition, (council, health), stage=Stage.PANEL)
    case, second = make.case(audit, "HP-001"), make.case(audit, "HP-002")
    council_return = make.case_return(case, council, state=ReturnState.SUBMITTED)
    health_return = make.case_return(second, health, state=ReturnState.SUBMITTED)
    unfinished = make.case_return(second, council, state=ReturnState.IN_PROGRESS)
    improvement = FindingKind.AREA_FOR_IMPROVEMENT
    make.finding(unfinished, edition, "Not released yet.", released=False)
    return Scene(
        area,
        elsewhere,
        council,
        health,
        edition,
        audit,
        case,
        council_return,
        health_return,
        make.finding(council_return, edition, "Child seen alone at each visit."),
        make.finding(council_return, edition, "Decisions drifted for 50% of the year.", kind=improvement),
        make.finding(
            health_return, edition, "Plan was a list of tasks.", kind=improvement, section="protection"
        ),
        make.add(
            Finding(
                audit_id=audit.id,
                case_id=case.id,
                kind=FindingKind.STRENGTH,
                text="The panel saw agencies learn.",
                released=True,
                created_at=now(),
            )
        ),
        make.add(Theme(key="thresholds", name="Thresholds", created_at=now())),
        make.add(Theme(key="voice", name="Voice of the child", created_at=now())),
        make.add(Theme(key="adulthood", name="Adulthood", area_id=area.id, created_at=now())),
        make.add(Theme(key="foreign", name="Of Redbridge alone", area_id=elsewhere.id, created_at=now())),
        make.person(Role.QA_LEAD, area=area, name="Lena Lead"),
        make.person(Role.QA_LEAD, area=elsewhere),
        make.person(Role.AUDITOR, agency=council),
    )


def coding(app: Flask) -> set[tuple[int, int]]:
    """Every (finding, theme)."""
    with app.app_context():
        rows = db.session.execute(select(FindingTheme.finding_id, FindingTheme.theme_id))
        return {(row.finding_id, row.theme_id) for row in rows}


def events(app: Flask, *wanted: str) -> Sequence[TrailEntry]:
    """The trail's entries of these events, in order."""
    with app.app_context():
        query = select(TrailEntry).where(TrailEntry.event.in_(wanted)).order_by(TrailEntry.number)
        return db.session.scalars(query).all()
