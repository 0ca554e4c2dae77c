"""Giving returns out automatically: rules on the page, a look first, one step, and the words kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from qa.accounts.permissions import CurrentPerson, Role
from qa.audits.lifecycle import ReturnState, Stage
from qa.audits.models import Audit, AuditAuditor, Case, Return, SecondDraw
from qa.db import db, writing
from qa.frameworks.checking import check_text
from qa.frameworks.content import Option, ProfileField
from qa.frameworks.editions import EditionTree
from qa.frameworks.vocabulary import ProfileFieldType
from qa.trail.models import TrailEntry
from tests.integration.audits.conftest import Place
from tests.support.factories import SMALL, THEME_KEYS, Maker
from tests.support.pages import Browser, Page

TEAM = ProfileField(
    "team",
    "Team of the case",
    ProfileFieldType.SINGLE_CHOICE,
    options=(Option("assessment", "Assessment Team"), Option("disability", "Disability Team")),
)


@pytest.fixture
def edition(make: Maker) -> EditionTree:
    """The small framework, its case profile with the team."""
    checked = check_text(SMALL.read_text("utf-8"), SMALL.name, THEME_KEYS)
    assert checked.content
    profile = (*checked.content.profile, TEAM)
    made: EditionTree = make.edition(key="with_team", name="With team", profile=profile)
    return made


@pytest.fixture
def audit(place: Place, make: Maker, edition: EditionTree) -> Audit:
    """An audit being planned, by police and health, each with a return on ten cases."""
    made: Audit = make.audit(place.area, edition, (place.police, place.health), stage=Stage.PLANNING)
    for _ in range(10):
        case = make.case(made)
        for agency in (place.police, place.health):
            make.case_return(case, agency)
    return made


def address(audit: Audit) -> str:
    return f"/audits/{audit.id}/allocation/automatic"


def form_of(page: Page, **changes: Any) -> dict[str, Any]:
    """The form as the page filled it in, without its buttons, and with changes."""
    form: dict[str, Any] = {**page.form(holding="which"), **changes}
    form.pop("give", None)
    return {name: value for name, value in form.items() if value is not None}


def look(lead: Browser, audit: Audit, **changes: Any) -> Page:
    """What would be done, with the page's own choices and changes."""
    return lead.post(address(audit), form_of(lead.get(address(audit)), **changes), follow=True)


def give(lead: Browser, audit: Audit, page: Page) -> Page:
    """Do what the page proposes."""
    return lead.post(address(audit), {**form_of(page), "give": "yes"})


def holders(app: Flask, agency_id: int | None = None, *, second: bool = False) -> Counter[int | None]:
    with app.app_context():
        query = select(Return.auditor_id).where(Return.second.is_(second))
        if agency_id is not None:
            query = query.where(Return.agency_id == agency_id)
        return Counter(db.session.scalars(query))


def test_what_would_be_done_is_shown_first_and_then_done_in_one_step(
    app: Flask, place: Place, audit: Audit, lead: Browser, entries: Callable[[str], Sequence[TrailEntry]]
) -> None:
    page = look(lead, audit)
    assert "20 returns would be given out. Nothing has been changed yet." in page.text
    assert "Ann Auditor 5 0 5" in page.text
    assert "Ben Auditor 5 0 5" in page.text
    assert "Hal Auditor 10 0 10" in page.text
    assert holders(app) == {None: 20}
    page = give(lead, audit, page)
    assert "20 returns are given out." in page.text
    assert holders(app) == {place.ann.id: 5, place.ben.id: 5, place.hal.id: 10}
    (entry,) = entries("audits.returns_allotted")
    assert "returns:20" in entry.fields


def test_a_share_of_cases_is_audited_twice_by_a_recorded_draw(
    app: Flask, place: Place, audit: Audit, lead: Browser
) -> None:
    page = look(lead, audit, share="30%", seed="4711")
    assert "and 3 second returns added on 3 cases drawn from 10 cases with the seed 4711" in page.text
    assert "Health, 3 second returns. The agency has no other auditor ticked" in page.text
    give(lead, audit, page)
    with app.app_context():
        pairs = db.session.execute(
            select(Return.case_id, Return.agency_id, Return.auditor_id, Return.second).order_by(Return.id)
        ).all()
        (draw,) = db.session.scalars(select(SecondDraw))
    first = {row[:2]: row.auditor_id for row in pairs if not row.second}
    second = {row[:2]: row.auditor_id for row in pairs if row.second}
    assert len(second) == 3
    assert {agency for _, agency in second} == {place.police.id}
    assert all(first[key] != auditor for key, auditor in second.items())
    assert (draw.seed, draw.of_cases, draw.cases, draw.returns) == (4711, 10, 3, 3)
    page = lead.get(address(audit))
    assert "Drawn so far: 3 cases of 10 with the seed 4711 (3 second returns)." in page.text
    page = look(lead, audit, share="30%")
    assert "3 cases are audited twice already and count towards the 3" in page.text
    assert "0 returns would be given out" in page.text


def test_nobody_gets_a_case_of_their_own_team_or_that_they_worked_on(
    app: Flask, place: Place, make: Maker, audit: Audit, edition: EditionTree, lead: Browser
) -> None:
    with app.app_context():
        cases = list(db.session.scalars(select(Case).order_by(Case.number)))
    for case in cases[:4]:
        make.profile_value(case, edition, "team", "assessment")
    ann, ben = place.ann.id, place.ben.id
    page = look(lead, audit, **{f"team-{ann}": " assessment  TEAM", f"own-{ben}": "c001, C010"})
    assert "Police, 1 return. Every auditor ticked is of the case’s own team" in page.text
    assert "worked on the case: C001" in page.text
    assert "6 cases have no team in the profile" in page.text
    give(lead, audit, page)
    with app.app_context():
        rows = db.session.execute(
            select(Case.reference, Return.auditor_id)
            .join(Return, Return.case_id == Case.id)
            .where(Return.agency_id == place.police.id)
        ).all()
    held = dict(rows)
    assert held["C001"] is None
    assert {held["C002"], held["C003"], held["C004"]} == {ben}
    assert held["C010"] == ann
    page = lead.get(address(audit))
    assert page.form(holding="which")[f"team-{ann}"] == "assessment  TEAM"
    assert page.form(holding="which")[f"own-{ben}"] == "c001, C010"


def test_a_framework_without_teams_says_that_they_cannot_be_known(
    place: Place, make: Maker, lead: Browser
) -> None:
    audit = make.audit(place.area, place.edition, (place.police,))
    make.case_return(make.case(audit), place.police)
    page = look(lead, audit)
    assert "The case profile of this framework does not say which team a case is of" in page.text
    assert "Team of Ann" not in page.response.get_data(as_text=True)


def test_nobody_holds_more_than_their_most_with_what_they_hold_elsewhere(
    app: Flask, place: Place, make: Maker, audit: Audit, lead: Browser
) -> None:
    other = make.audit(place.area, place.edition, (place.police,))
    for _ in range(4):
        make.case_return(make.case(other), place.police, place.ann)
    ann, ben = place.ann.id, place.ben.id
    page = look(lead, audit, **{f"most-{ann}": "6", f"most-{ben}": "3", "elsewhere": "y"})
    assert "Ann Auditor 2 0 6" in page.text
    assert "Ben Auditor 3 0 3" in page.text
    assert "Police, 5 returns. The auditors who could take it would hold more than their limit" in page.text
    page = look(lead, audit, **{f"most-{ann}": "6", f"most-{ben}": "3"})
    assert "Ann Auditor 6 0 6" in page.text
    assert holders(app, place.police.id)[None] == 10


def test_what_is_typed_wrong_is_said_beside_its_field_and_kept(
    app: Flask, place: Place, audit: Audit, lead: Browser
) -> None:
    ann, ben = place.ann.id, place.ben.id
    page = look(
        lead,
        audit,
        share="half",
        **{f"most-{ann}": "many", f"own-{ben}": "C001, X99", f"team-{ann}": "t" * 81},
    )
    assert page.field_error(f"most-{ann}") == "The most for Ann Auditor must be a whole number, or empty"
    assert page.field_error(f"own-{ben}") == "Not a case of this audit: X99"
    assert page.field_error(f"team-{ann}") == "The team of Ann Auditor must be 80 characters or fewer"
    assert page.form(holding="which")[f"own-{ben}"] == "C001, X99"
    page = look(lead, audit, share="half")
    assert page.field_error("share") == "Enter a number of cases, like 3, or a share of them, like 10%"
    assert look(lead, audit, share="11").field_error("share") == "There are 10 cases. Enter 10 or fewer"
    assert "must be a whole number" in look(lead, audit, seed="x").field_error("seed")
    assert look(lead, audit, agencies=None).field_error("agencies") == "Choose at least one agency"
    assert look(lead, audit, auditors=None).field_error("auditors") == "Tick at least one auditor"
    assert holders(app) == {None: 20}
    with app.app_context():
        assert db.session.scalars(select(AuditAuditor)).all() == []


def test_what_has_changed_since_the_look_is_shown_again_and_not_done(
    app: Flask, place: Place, make: Maker, audit: Audit, lead: Browser
) -> None:
    page = look(lead, audit)
    make.case_return(make.case(audit), place.police)
    again = give(lead, audit, page)
    assert "have changed since you looked" in again.errors[0]
    assert "21 returns would be given out" in again.text
    assert holders(app) == {None: 21}
    form = {**form_of(again), f"most-{place.ann.id}": "1", "give": "yes"}
    other = lead.post(address(audit), form)
    assert "have changed since you looked" in other.errors[0]
    assert "Ann Auditor 1 0 1" in other.text
    assert holders(app) == {None: 21}
    give(lead, audit, other)
    assert holders(app, place.police.id)[place.ann.id] == 1


def test_returns_begun_stay_and_those_not_started_move_when_asked(
    app: Flask, place: Place, audit: Audit, lead: Browser
) -> None:
    with app.app_context(), writing() as session:
        mine = Return.agency_id == place.police.id
        session.execute(update(Return).where(mine).values(auditor_id=place.ann.id))
        rows = session.scalars(select(Return.id).where(mine).order_by(Return.id)).all()
        session.execute(update(Return).where(Return.id.in_(rows[:3])).values(state=ReturnState.IN_PROGRESS))
        session.execute(update(Return).where(Return.id == rows[3]).values(state=ReturnState.NOT_INVOLVED))
    page = look(lead, audit)
    assert "10 returns would be given out" in page.text
    page = look(lead, audit, which="not_started")
    assert "16 returns would be given out" in page.text
    assert "Ann Auditor 2 0 5" in page.text
    give(lead, audit, page)
    assert holders(app, place.police.id) == {place.ann.id: 6, place.ben.id: 4}
    with app.app_context():
        begun = db.session.scalars(select(Return.auditor_id).where(Return.id.in_(rows[:4])))
        assert set(begun) == {place.ann.id}


def test_an_agency_lead_who_audits_is_no_part_of_a_double_audit(
    app: Flask, place: Place, make: Maker, audit: Audit, lead: Browser
) -> None:
    make.grant(place.ben, Role.AGENCY_LEAD, agency=place.police)
    page = look(lead, audit, share="10")
    assert "second returns added" not in page.text
    assert "You asked for 10 cases to be audited twice; no more than 0 cases can be" in page.text
    cas: CurrentPerson = make.person(Role.AUDITOR, agency=place.police, name="Cas Auditor")
    page = look(lead, audit, share="10")
    give(lead, audit, page)
    held = holders(app, second=True)
    assert set(held) <= {place.ann.id, cas.id}
    assert sum(held.values()) >= 6


def test_a_self_assessment_and_a_reported_audit_say_so(
    app: Flask, place: Place, make: Maker, section_11: EditionTree, lead: Browser, audit: Audit
) -> None:
    own = make.audit(place.area, section_11, (place.police,), stage=Stage.PLANNING)
    case = make.case(own)
    with app.app_context(), writing() as session:
        session.execute(update(Case).where(Case.id == case.id).values(agency_id=place.police.id))
    make.case_return(case, place.police)
    page = lead.get(address(own))
    assert "Double audits" not in page.text
    page = lead.post(address(own), {**form_of(page), "share": "1"})
    assert "A self-assessment is not audited twice" in page.text
    with app.app_context(), writing() as session:
        session.execute(update(Audit).where(Audit.id == audit.id).values(stage=Stage.REPORTED))
    assert "the allocation cannot change any more" in lead.get(address(audit)).text


def test_the_page_takes_as_many_statements_for_many_cases(
    place: Place, make: Maker, audit: Audit, lead: Browser
) -> None:
    few = look(lead, audit, share="2").statements
    for _ in range(20):
        make.case_return(make.case(audit), place.police)
    many = look(lead, audit, share="6").statements
    assert many == few
