"""Concerns: raised from a return, seen at once by those who must act and by nobody else."""

from __future__ import annotations

import email
from datetime import timedelta
from email.policy import default

import pytest
from sqlalchemy import func, insert, select

from qa.accounts.permissions import CurrentPerson, Role
from qa.audits.lifecycle import ReturnState
from qa.audits.models import Audit, AuditPerson, Return
from qa.db import db, now, writing
from qa.mail.models import OutgoingMail
from qa.returns.models import Concern
from qa.returns.vocabulary import ConcernState
from qa.trail.models import TrailEntry
from tests.integration.returns.conftest import World
from tests.support.pages import Page

WORRY = "He was alone at <home> overnight."


def raise_concern(world: World, **changes: str) -> Page:
    values = {"text": WORRY, "already_done": "Called the duty worker.", **changes}
    return world.browser(world.auditor).submit(world.address("concern"), values)


def concern(world: World) -> Concern:
    with world.app.app_context():
        return db.session.scalars(select(Concern)).one()


@pytest.fixture
def raised(world: World) -> str:
    """The address of a concern that the auditor has raised."""
    raise_concern(world)
    return f"/concerns/{concern(world).id}"


def test_it_is_one_click_away_on_every_page_of_a_return(world: World) -> None:
    browser = world.browser(world.auditor)
    pages = ("", "sections/front_door", "sections/protection", "check-answers", "not-involved", "read")
    for page in pages:
        links = browser.get(world.address(page)).links
        assert links["Raise a concern about this child"] == world.address("concern"), page


def test_it_says_what_to_do_when_a_child_is_in_danger(world: World) -> None:
    page = world.browser(world.auditor).get(world.address("concern"))
    assert "999" in page.text
    assert "multi-agency safeguarding hub (MASH)" in page.text


def test_it_reaches_the_qa_lead_s_home_page_at_once(world: World) -> None:
    lead = world.browser(world.qa_lead)
    assert "nobody has acknowledged" not in lead.get("/").text
    page = raise_concern(world)
    assert "reached the QA leads of Havering" in page.text
    home = lead.get("/")
    assert "1 concern nobody has acknowledged" in home.text
    assert home.links["concern nobody has acknowledged"] == "/concerns"
    assert "at-card--urgent" in home.html


def test_those_who_must_act_get_a_message_that_says_nothing_of_the_child(world: World) -> None:
    world.make.person(Role.QA_LEAD, email="everywhere@example.org")
    world.make.person(Role.QA_LEAD, area=world.make.area("Redbridge"), email="far@example.org")
    raise_concern(world)
    folder = world.app.extensions["settings"].instance / "outbox"
    mail = [email.message_from_bytes(file.read_bytes(), policy=default) for file in folder.iterdir()]
    assert sorted(str(one["To"]) for one in mail) == ["everywhere@example.org", "qa@example.org"]
    for one in mail:
        body = one.get_content()
        assert f"http://localhost/concerns/{concern(world).id}" in body
        assert not any(word in body + one["Subject"] for word in ("alone", "C014", "Riverside", "Visitor"))


def test_without_words_it_is_refused_and_what_was_typed_is_kept(world: World) -> None:
    page = raise_concern(world, text="  ")
    assert page.field_error("text") == "Say what you are worried about"
    assert page.form("text")["already_done"] == "Called the duty worker."


def test_what_was_written_is_shown_as_it_was_typed(world: World, raised: str) -> None:
    page = world.browser(world.qa_lead).get(raised)
    for text in (WORRY, "Called the duty worker.", "Hana Visitor", "Riverside NHS Trust", "C014"):
        assert text in page.text


def test_it_is_acknowledged_then_closed_with_its_outcome(world: World, raised: str) -> None:
    lead = world.browser(world.qa_lead)
    page = lead.post(f"{raised}/acknowledge")
    assert "by Quentin Lead" in page.text
    assert "1 concern to close" in lead.get("/").text
    page = lead.submit(raised, {"outcome": "Social worker visited.", "do": "save"}, holding="outcome")
    assert page.form("outcome")["outcome"] == "Social worker visited."
    changes = {"outcome": "Visited; he stays with an aunt.", "do": "close"}
    page = lead.submit(raised, changes, holding="outcome")
    assert "he stays with an aunt" in page.text
    assert concern(world).state is ConcernState.CLOSED
    assert "concern" not in lead.get("/").text
    assert "he stays with an aunt" in world.browser(world.auditor).get(raised).text


def test_who_closes_a_concern_has_seen_it(world: World, raised: str) -> None:
    lead = world.browser(world.qa_lead)
    lead.submit(raised, {"outcome": "He is safe.", "do": "close"}, holding="outcome")
    row = concern(world)
    assert row.acknowledged_by_id == row.closed_by_id == world.qa_lead.id


def test_it_is_not_closed_without_an_outcome(world: World, raised: str) -> None:
    page = world.browser(world.qa_lead).submit(raised, {"outcome": "", "do": "close"}, holding="outcome")
    assert page.field_error("outcome") == "Say what was done and what came of it"
    assert concern(world).state is ConcernState.RAISED


def test_two_qa_leads_at_once(world: World, raised: str) -> None:
    second = world.make.person(Role.QA_LEAD, area=world.area, name="Second Lead")
    form = world.browser(second).get(raised).form("outcome")
    lead = world.browser(world.qa_lead)
    lead.submit(raised, {"outcome": "Visited at noon.", "do": "save"}, holding="outcome")
    page = world.browser(second).post(raised, {**form, "outcome": "Phoned school.", "do": "save"}, status=409)
    assert "Visited at noon." in page.text
    assert "Phoned school." in page.text
    world.browser(second).post(raised, page.form("outcome"))
    assert concern(world).outcome == "Phoned school."
    lead.submit(raised, {"outcome": "Closed now.", "do": "close"}, holding="outcome")
    late = world.browser(second).post(raised, {**form, "outcome": "Too late.", "do": "save"})
    assert "closed by somebody else" in late.errors[0]
    assert concern(world).outcome == "Closed now."


def test_an_acknowledgement_meanwhile_takes_nothing_from_what_was_typed(world: World, raised: str) -> None:
    second = world.make.person(Role.QA_LEAD, area=world.area)
    form = world.browser(second).get(raised).form("outcome")
    world.browser(world.qa_lead).post(f"{raised}/acknowledge")
    world.browser(second).post(raised, {**form, "outcome": "Phoned school.", "do": "save"})
    row = concern(world)
    assert (row.outcome, row.acknowledged_by_id) == ("Phoned school.", world.qa_lead.id)


def test_nobody_else_sees_it(world: World, raised: str) -> None:
    others = [
        world.lead,
        world.police_auditor,
        world.make.person(Role.AUDITOR, agency=world.health),
        world.make.person(Role.ADMINISTRATOR),
        world.make.person(Role.PARTNERSHIP_MEMBER, area=world.area),
        world.make.person(Role.QA_LEAD, area=world.make.area("Redbridge")),
    ]
    for person in others:
        browser = world.browser(person)
        browser.get(raised, status=404)
        if person.has_role(Role.QA_LEAD):
            browser.post(f"{raised}/acknowledge", status=404)
            assert "C014" not in browser.get("/concerns?show=all").text
        else:
            browser.post(f"{raised}/acknowledge", status=403)
    assert concern(world).state is ConcernState.RAISED


def test_who_raised_it_follows_it_but_does_not_act_on_it(world: World, raised: str) -> None:
    browser = world.browser(world.auditor)
    assert "Acknowledge" not in browser.get(raised).text
    assert "C014" in browser.get("/concerns").text
    browser.post(f"{raised}/acknowledge", status=403)
    browser.post(raised, {"outcome": "x"}, status=403)


def test_members_and_administrators_have_no_list_of_concerns(world: World) -> None:
    for role in (Role.ADMINISTRATOR, Role.PARTNERSHIP_MEMBER):
        person = world.make.person(role, area=world.area if role is Role.PARTNERSHIP_MEMBER else None)
        world.browser(person).get("/concerns", status=403)


@pytest.fixture
def named(world: World) -> CurrentPerson:
    """A second QA lead of the area, named with the auditor on the audit, which is now confidential."""
    person = world.make.person(Role.QA_LEAD, area=world.area, name="Named Lead")
    with world.app.app_context(), writing() as session:
        session.get_one(Audit, world.audit.id).confidential = True
        for one in (person, world.auditor):
            session.add(AuditPerson(audit_id=world.audit.id, person_id=one.id))
    return person


def test_on_a_confidential_audit_only_those_named_see_it(world: World, named: CurrentPerson) -> None:
    raise_concern(world)
    address = f"/concerns/{concern(world).id}"
    world.browser(world.qa_lead).get(address, status=404)
    assert "concern" not in world.browser(world.qa_lead).get("/").text
    assert "1 concern nobody has acknowledged" in world.browser(named).get("/").text
    assert WORRY in world.browser(named).get(address).text
    with world.app.app_context():
        assert db.session.scalars(select(OutgoingMail.to)).all() == [named.email]


@pytest.mark.parametrize("state", [ReturnState.SUBMITTED, ReturnState.NOT_INVOLVED])
def test_it_can_be_raised_when_the_return_is_complete(world: World, state: ReturnState) -> None:
    with world.app.app_context(), writing() as session:
        session.get_one(Return, world.row.id).state = state
    raise_concern(world)
    assert concern(world).text == WORRY


def test_it_can_be_raised_by_the_agency_s_lead_but_not_by_another_agency(world: World) -> None:
    world.browser(world.lead).submit(world.address("concern"), {"text": WORRY})
    assert concern(world).raised_by_id == world.lead.id
    world.browser(world.police_auditor).get(world.address("concern"), status=404)
    world.browser(world.qa_lead).get(world.address("concern"), status=403)


def test_raising_reading_and_closing_are_in_the_trail(world: World, raised: str) -> None:
    lead = world.browser(world.qa_lead)
    lead.get(raised)
    lead.submit(raised, {"outcome": "He is safe.", "do": "close"}, holding="outcome")
    with world.app.app_context():
        query = select(TrailEntry.event, TrailEntry.fields).where(TrailEntry.record == "concern")
        entries = [tuple(row) for row in db.session.execute(query.order_by(TrailEntry.number))]
    assert entries[0] == ("concerns.raised", "already_done,text")
    assert ("concern.read", "") in entries
    assert ("concerns.closed", "outcome,state") in entries


def many(world: World, count: int) -> None:
    with world.app.app_context(), writing() as session:
        session.execute(
            insert(Concern),
            [
                {
                    "audit_id": world.audit.id,
                    "area_id": world.area.id,
                    "case_id": world.case.id,
                    "agency_id": world.health.id,
                    "raised_by_id": world.auditor.id,
                    "raised_at": now() - timedelta(hours=number),
                    "text": f"Worry {number}",
                    "state": list(ConcernState)[number % 3],
                }
                for number in range(count)
            ],
        )


def test_the_list_shows_the_unseen_first_filters_and_pages(world: World) -> None:
    assert "No concern is open." in world.browser(world.qa_lead).get("/concerns").text
    many(world, 90)
    browser = world.browser(world.qa_lead)
    page = browser.get("/concerns")
    states = ["".join(page.all("td", row)[1].itertext()).strip() for row in page.all("tr")[1:]]
    assert states == ["Raised"] * 30 + ["Acknowledged"] * 20
    assert "Showing 1 to 50 of 60 concerns" in page.text
    assert "Showing 51 to 60" in browser.get("/concerns?page=2").text
    assert "30 concerns" in browser.get("/concerns?show=closed").text
    assert "of 90 concerns" in browser.get("/concerns?show=all").text
    assert "Worry" not in page.text, (
        "what a concern says is only on its own page, which is noted in the trail"
    )


def test_the_number_of_concerns_costs_no_statements(world: World) -> None:
    browser = world.browser(world.qa_lead)
    many(world, 3)
    few = {address: browser.get(address).statements for address in ("/concerns", "/")}
    many(world, 300)
    assert {address: browser.get(address).statements for address in few} == few
    assert few["/concerns"] <= 4
    with world.app.app_context():
        number = db.session.scalar(select(func.min(Concern.id)))
    assert browser.get(f"/concerns/{number}").statements <= 6
