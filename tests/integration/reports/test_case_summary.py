"""The printed summary of a case: whole for those who may read all, one's own return for everybody else."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import pytest
from flask import Flask
from sqlalchemy import select

from qa.accounts.models import Agency
from qa.accounts.permissions import CurrentPerson, Role
from qa.accounts.sectors import Sector
from qa.audits.lifecycle import ReturnState, Stage
from qa.audits.models import Audit, Case, Return
from qa.db import db, now, writing
from qa.feedback.models import Feedback
from qa.feedback.vocabulary import Sought, Voice
from qa.frameworks.editions import EditionTree
from qa.moderation.models import Judgement
from qa.returns.models import Finding, FindingKind
from qa.trail.models import TrailEntry
from tests.integration.reports.reading import Pdf, pdf
from tests.support.factories import Maker
from tests.support.kept import kept
from tests.support.pages import Browser

Visit = Callable[[str], Browser]

OWN = "The nurse saw her alone."
THEIRS = "The officer’s notes name no plan."
OWN_FINDING = "The school nurse went back twice."
THEIR_FINDING = "The strategy meeting was late."
CHILD_SAID = "My social worker kept coming back."
PANEL_REASON = "Both records show a child who was listened to."


class Scene(NamedTuple):
    """A case in fieldwork: the Trust's return begun, the Police's submitted."""

    audit: Audit
    case: Case
    tree: EditionTree
    own: Return
    lead: CurrentPerson
    auditor: CurrentPerson
    colleague: CurrentPerson
    head: CurrentPerson
    officer: CurrentPerson
    outsider: CurrentPerson
    school: Agency

    @property
    def address(self) -> str:
        """Of the case's summary."""
        return f"/audits/{self.audit.id}/cases/{self.case.id}/summary.pdf"


@pytest.fixture
@kept
def scene(app: Flask, make: Maker) -> Scene:
    area = make.area("Northside")
    trust = make.agency("Northside Trust", Sector.HEALTH, (area,))
    police = make.agency("Northside Police", Sector.POLICE, (area,))
    school = make.agency("Northside School", Sector.EDUCATION, (area,))
    tree = make.edition()
    audit = make.audit(area, tree, (trust, police, school), stage=Stage.FIELDWORK)
    case = make.case(audit, "NS-001")
    make.profile_value(case, tree, "pathway", "early_help")
    people = (
        make.person(Role.QA_LEAD, area=area),
        make.person(Role.AUDITOR, agency=trust),
        make.person(Role.AUDITOR, agency=trust),
        make.person(Role.AGENCY_LEAD, agency=trust),
        make.person(Role.AUDITOR, agency=police),
        make.person(Role.AUDITOR, agency=school),
    )
    own = make.case_return(case, trust, people[1], state=ReturnState.IN_PROGRESS)
    theirs = make.case_return(case, police, people[4], state=ReturnState.SUBMITTED)
    make.answer(own, tree, "threshold", grade="good", evidence=OWN)
    make.answer(theirs, tree, "threshold", grade="inadequate", evidence=THEIRS)
    make.finding(own, tree, OWN_FINDING, released=False)
    make.finding(theirs, tree, THEIR_FINDING, kind=FindingKind.AREA_FOR_IMPROVEMENT)
    return Scene(audit, case, tree, own, *people, school)


def open_to_the_panel(app: Flask, make: Maker, scene: Scene) -> None:
    """Everything in, the case opened, a grade agreed and a finding of the panel's own."""
    with app.app_context(), writing() as session:
        session.get_one(Return, scene.own.id).state = ReturnState.SUBMITTED
        session.get_one(Case, scene.case.id).panel_opened_at = now()
        session.get_one(Audit, scene.audit.id).stage = Stage.PANEL
        for finding in session.scalars(select(Finding)):
            finding.released = True
    grade = scene.tree.ids.grades[("ofsted", "good")]
    make.add(
        Judgement(
            case_id=scene.case.id,
            audit_id=scene.audit.id,
            section_id=None,
            grade_id=grade,
            reason=PANEL_REASON,
            decided_at=now(),
            decided_by_id=scene.lead.id,
        )
    )
    make.add(
        Finding(
            audit_id=scene.audit.id,
            case_id=scene.case.id,
            kind=FindingKind.STRENGTH,
            text="Agencies met within a day.",
            released=True,
            created_at=now(),
        )
    )


def said(make: Maker, scene: Scene) -> None:
    """The child's views, and a parent who declined."""
    views = {"audit_id": scene.audit.id, "case_id": scene.case.id, "entered_at": now(), "place": 1}
    make.add(Feedback(**views, voice=Voice.CHILD, outcome=Sought.GIVEN, helped=CHILD_SAID))
    make.add(Feedback(**views, voice=Voice.PARENT, outcome=Sought.DECLINED, reason="She had no time."))


def read(browser: Visit, person: CurrentPerson, scene: Scene) -> Pdf:
    return pdf(browser(person.email).get(scene.address))


def test_before_submission_an_auditors_summary_holds_their_own_return_alone(
    scene: Scene, browser: Visit
) -> None:
    for person in (scene.auditor, scene.head):
        found = read(browser, person, scene)
        assert found.holds("Case NS-001")
        assert found.holds("Pathway", "Early help")
        assert found.holds(OWN)
        assert found.holds(OWN_FINDING)
        for secret in (THEIRS, THEIR_FINDING, "Police", "Inadequate"):
            assert not found.holds(secret)


def test_who_has_no_return_to_read_on_it_gets_none(scene: Scene, browser: Visit) -> None:
    for person in (scene.colleague, scene.outsider):
        browser(person.email).get(scene.address, status=404)


def test_a_qa_lead_reads_what_is_in_and_no_draft(scene: Scene, browser: Visit) -> None:
    found = read(browser, scene.lead, scene)
    assert found.holds(THEIRS)
    assert found.holds("Northside Trust", "In progress")
    assert not found.holds(OWN)
    assert not found.holds(OWN_FINDING)
    assert found.holds("The panel has not opened the case yet.")


def test_at_the_panel_everybody_on_the_case_reads_all_of_it_side_by_side(
    app: Flask, make: Maker, scene: Scene, browser: Visit
) -> None:
    said(make, scene)
    assert not read(browser, scene.auditor, scene).holds(CHILD_SAID)
    open_to_the_panel(app, make, scene)
    for person in (scene.lead, scene.auditor, scene.officer):
        found = read(browser, person, scene)
        for words in (OWN, THEIRS, OWN_FINDING, THEIR_FINDING, PANEL_REASON, "Agencies met within a day."):
            assert found.holds(words), words
        assert found.holds("Did they feel") is False
        assert found.holds(CHILD_SAID)
        assert found.holds("Declined.", "She had no time.")
    browser(scene.outsider.email).get(scene.address, status=404)


def test_that_it_was_read_is_in_the_trail(app: Flask, scene: Scene, browser: Visit) -> None:
    read(browser, scene.auditor, scene)
    with app.app_context():
        entry = db.session.scalars(select(TrailEntry).where(TrailEntry.event == "case.read")).one()
    assert (entry.record_id, entry.fields, entry.person_id) == (scene.case.id, "summary", scene.auditor.id)


def test_a_confidential_audits_case_is_for_those_named(app: Flask, scene: Scene, browser: Visit) -> None:
    with app.app_context(), writing() as session:
        session.get_one(Audit, scene.audit.id).confidential = True
    for person in (scene.lead, scene.auditor, scene.head):
        browser(person.email).get(scene.address, status=404)


def test_the_pages_of_the_case_lead_to_it(app: Flask, make: Maker, scene: Scene, browser: Visit) -> None:
    words = "Case summary to print (PDF)"
    own = browser(scene.auditor.email)
    assert own.get(f"/returns/{scene.own.id}").links[words] == scene.address
    assert own.get(f"/returns/{scene.own.id}/read").links[words] == scene.address
    lead = browser(scene.lead.email)
    assert lead.get(f"/audits/{scene.audit.id}/cases/{scene.case.id}").links[words] == scene.address
    all_of_them = lead.get(f"/audits/{scene.audit.id}/cases").links["Every case summary in one zip file"]
    assert all_of_them == f"/audits/{scene.audit.id}/summaries"
    open_to_the_panel(app, make, scene)
    assert lead.get(f"/audits/{scene.audit.id}/panel/{scene.case.id}").links[words] == scene.address


def test_a_long_answer_stands_below_the_table(make: Maker, scene: Scene, browser: Visit) -> None:
    words = "The plan changed after the visit, because she said what she needed. " * 3
    make.answer(scene.own, scene.tree, "front_door_impact", text=words)
    found = read(browser, scene.auditor, scene)
    assert found.holds("See below")
    assert found.holds(words)


def test_it_takes_few_statements(app: Flask, make: Maker, scene: Scene, browser: Visit) -> None:
    open_to_the_panel(app, make, scene)
    assert browser(scene.lead.email).get(scene.address).statements <= 12
