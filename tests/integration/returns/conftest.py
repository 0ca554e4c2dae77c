"""A small partnership in fieldwork: one area, two agencies, their people, a case with a return of each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import pytest
from flask import Flask

from qa.accounts.models import Agency, Area
from qa.accounts.permissions import CurrentPerson, Role
from qa.accounts.sectors import Sector
from qa.audits.models import Audit, Case, Return
from qa.frameworks.editions import EditionTree
from tests.support.factories import Maker
from tests.support.kept import kept
from tests.support.pages import Browser, Page

FRONT_DOOR, PROTECTION = "front_door", "protection"

# Every question of the front door that has to be answered, answered.
COMPLETE_FRONT_DOOR = {
    "q-threshold": "good",
    "q-consent": "yes",
    "q-referrer": "school",
    "q-front_door_grade": "good",
    "e-front_door_grade": "The decision record of 3 March gives the reasons.",
    "q-front_door_impact": "Help came within the week.",
}
COMPLETE_PROTECTION = {
    "q-plan_smart": "good",
    "q-protection_grade": "good",
    "e-protection_grade": "The plan of 9 April.",
    "q-protection_impact": "She is safer.",
}


@dataclass
class World:
    """Rows, people, and ways to reach the pages of one return."""

    app: Flask
    make: Maker
    edition: EditionTree
    area: Area
    health: Agency
    police: Agency
    audit: Audit
    case: Case
    row: Return
    other_row: Return
    auditor: CurrentPerson
    lead: CurrentPerson
    police_auditor: CurrentPerson
    qa_lead: CurrentPerson
    open_browser: Callable[[str], Browser]
    browsers: dict[int, Browser] = field(default_factory=dict)

    def browser(self, person: CurrentPerson) -> Browser:
        """The browser in which that person is signed in."""
        if person.id not in self.browsers:
            self.browsers[person.id] = self.open_browser(person.email)
        return self.browsers[person.id]

    def address(self, page: str = "") -> str:
        """A page of the health return: "" for its task list."""
        return f"/returns/{self.row.id}{'/' if page else ''}{page}"

    def section(self, key: str = FRONT_DOOR) -> str:
        """A section of the health return."""
        return self.address(f"sections/{key}")

    def open_section(self, key: str = FRONT_DOOR, person: CurrentPerson | None = None) -> dict[str, object]:
        """The form of a section, as it would be sent."""
        return dict(self.browser(person or self.auditor).get(self.section(key)).form("form"))

    def save(self, changes: Mapping[str, object], key: str = FRONT_DOOR, do: str = "stay") -> Page:
        """Open a section, change some fields, send it by a button."""
        return self.browser(self.auditor).submit(self.section(key), {**changes, "do": do}, holding="form")


@pytest.fixture
@kept
def world(app: Flask, make: Maker, browser: Callable[[str], Browser]) -> World:
    """The partnership; its case is on the child protection pathway, so both sections are asked."""
    area = make.area("Havering")
    health = make.agency("Riverside NHS Trust", Sector.HEALTH, (area,))
    police = make.agency("Metropolitan Police", Sector.POLICE, (area,))
    edition = make.edition()
    audit = make.audit(area, edition, (health, police), title="Help and Protection")
    case = make.case(audit, "C014")
    make.profile_value(case, edition, "pathway", "child_protection")
    auditor = make.person(Role.AUDITOR, agency=health, name="Hana Visitor", email="auditor@example.org")
    police_auditor = make.person(Role.AUDITOR, agency=police, email="police@example.org")
    return World(
        app,
        make,
        edition,
        area,
        health,
        police,
        audit,
        case,
        make.case_return(case, health, auditor),
        make.case_return(case, police, police_auditor),
        auditor,
        make.person(Role.AGENCY_LEAD, agency=health, name="Lena Lead", email="lead@example.org"),
        police_auditor,
        make.person(Role.QA_LEAD, area=area, name="Quentin Lead", email="qa@example.org"),
        browser,
    )
