"""Concerns: raised from a return, seen at once by those who must act and by nobody else."""

from __future__ import annotations

import email
from datetime import date, timedelta
from email.policy import default

import pytest
from sqlalchemy import delete, func, insert, select, update

from qa.accounts.permissions import CurrentPerson, Role
from qa.audits.lifecycle import ReturnState
from qa.audits.models import Audit, AuditPerson, Return
from qa.db import db, now, today, writing
from qa.mail.models import OutgoingMail
from qa.returns.concern_clock import after
from qa.returns.concern_settings import is_working_day
from qa.returns.models import Concern, ConcernStep
from qa.returns.vocabulary import ConcernState, ConcernStepKind
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


def act(world: World, raised: str, **changes: str) -> Page:
    """The QA lead records an action on the page of the concern."""
    values = {"action": "Social worker visited.", "done_by": "Duty social worker", **changes}
    return send(world, world.qa_lead, raised, "actions", "action", values)


def send(
    world: World,
    person: CurrentPerson,
    raised: str,
    where: str,
    holding: str,
    values: dict[str, str],
) -> Page:
    browser = world.browser(person)
    return browser.post(f"{raised}/{where}", {**browser.get(raised).form(holding), **values})


def end(world: World, raised: str, outcome: str) -> Page:
    return send(world, world.qa_lead, raised, "close", "outcome", {"outcome": outcome})


def steps(world: World) -> list[tuple[ConcernStepKind, str]]:
    with world.app.app_context():
        query = select(ConcernStep.kind, ConcernStep.text).order_by(ConcernStep.id)
        return [(row.kind, row.text) for row in db.session.execute(query)]


def change(world: World, **values: object) -> None:
    with world.app.app_context(), writing() as session:
        session.execute(update(Concern).values(**values))


def test_it_is_acknowledged_acted_on_then_closed_with_its_outcome(world: World, raised: str) -> None:
    lead = world.browser(world.qa_lead)
    page = lead.post(f"{raised}/acknowledge")
    assert "by Quentin Lead" in page.text
    assert "No action is recorded yet." in page.text
    assert "1 concern to close" in lead.get("/").text
    page = act(world, raised)
    assert "Duty social worker" in page.text
    page = act(world, raised, action="He stays with an aunt tonight.", done_by="Emergency duty team")
    assert page.text.index("Social worker visited.") < page.text.index("He stays with an aunt tonight.")
    page = end(world, raised, "He is safe with his aunt.")
    assert "He is safe with his aunt." in page.text
    assert concern(world).state is ConcernState.CLOSED
    assert "concern" not in lead.get("/").text


def test_the_form_of_an_action_begins_with_who_is_asking_and_the_present_moment(
    world: World, raised: str
) -> None:
    form = world.browser(world.qa_lead).get(raised).form("action")
    assert form["done_by"] == "Quentin Lead"
    assert form["day"] == [str(part) for part in (today().day, today().month, today().year)]
    before = now()
    act(world, raised)
    with world.app.app_context():
        happened = db.session.scalars(select(ConcernStep.happened_at)).one()
    assert before - timedelta(minutes=2) < happened <= now()


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("action", " ", "Say what was done"),
        ("done_by", "", "Say who did it"),
        ("time", "", "Enter the time at which it was done"),
        ("time", "noon", "Time must be a time of day, like 2:05pm or 14:05"),
        ("time", "25:00", "Time must be a time of day, like 2:05pm or 14:05"),
    ],
)
def test_an_action_that_cannot_be_taken_keeps_what_was_typed(
    world: World, raised: str, field: str, value: str, message: str
) -> None:
    page = act(world, raised, **{field: value})
    assert page.field_error(field) == message
    kept = {"action": "Social worker visited.", "done_by": "Duty social worker"}
    kept.pop(field, None)
    assert kept.items() <= page.form("action").items()
    assert steps(world) == []
    assert concern(world).state is ConcernState.RAISED


def test_an_action_cannot_lie_in_the_future(world: World, raised: str) -> None:
    form = dict(world.browser(world.qa_lead).get(raised).form("action"))
    next_year = [str(today().day), "1", str(today().year + 1)]
    form |= {"action": "Visit.", "done_by": "Worker", "day": next_year, "time": "9am"}
    page = world.browser(world.qa_lead).post(f"{raised}/actions", form)
    assert "cannot lie in the future" in page.field_error("time")
    assert steps(world) == []


def test_an_action_sent_twice_is_recorded_once(world: World, raised: str) -> None:
    form = {**world.browser(world.qa_lead).get(raised).form("action"), "action": "Rang the school."}
    for _ in range(2):
        world.browser(world.qa_lead).post(f"{raised}/actions", form)
    assert steps(world) == [(ConcernStepKind.ACTION, "Rang the school.")]


def test_two_qa_leads_record_actions_at_once(world: World, raised: str) -> None:
    second = world.make.person(Role.QA_LEAD, area=world.area, name="Second Lead")
    form = world.browser(second).get(raised).form("action")
    act(world, raised)
    world.browser(second).post(f"{raised}/actions", {**form, "action": "Phoned school."})
    assert [text for _, text in steps(world)] == ["Social worker visited.", "Phoned school."]


def test_who_acts_on_or_closes_a_concern_has_seen_it(world: World, raised: str) -> None:
    end(world, raised, "He is safe.")
    row = concern(world)
    assert row.acknowledged_by_id == row.closed_by_id == world.qa_lead.id


def test_it_is_not_closed_without_an_outcome(world: World, raised: str) -> None:
    page = end(world, raised, " ")
    assert page.field_error("outcome") == "Say what came of it"
    assert concern(world).state is ConcernState.RAISED


def test_who_closes_it_is_told_of_an_action_meanwhile(world: World, raised: str) -> None:
    second = world.make.person(Role.QA_LEAD, area=world.area, name="Second Lead")
    form = {**world.browser(second).get(raised).form("outcome"), "outcome": "All is well."}
    act(world, raised, action="He is not at the aunt's.")
    page = world.browser(second).post(f"{raised}/close", form, status=409)
    assert "He is not at the aunt's." in page.text
    assert "All is well." in page.text
    assert concern(world).state is ConcernState.ACKNOWLEDGED
    world.browser(second).post(f"{raised}/close", page.form("outcome"))
    assert concern(world).outcome == "All is well."


def test_what_comes_too_late_is_shown_to_be_copied(world: World, raised: str) -> None:
    second = world.make.person(Role.QA_LEAD, area=world.area, name="Second Lead")
    opened = world.browser(second).get(raised)
    end(world, raised, "Closed now.")
    for holding, where, text in (
        ("action", "actions", "A late action."),
        ("outcome", "close", "A late outcome."),
    ):
        late = world.browser(second).post(f"{raised}/{where}", {**opened.form(holding), holding: text})
        assert "closed by somebody else" in late.errors[0]
        assert text in late.text
    assert steps(world) == [(ConcernStepKind.CLOSED, "Closed now.")]


def test_closing_twice_by_a_double_click_closes_once(world: World, raised: str) -> None:
    form = {**world.browser(world.qa_lead).get(raised).form("outcome"), "outcome": "He is safe."}
    for _ in range(2):
        page = world.browser(world.qa_lead).post(f"{raised}/close", form)
        assert not page.errors
    assert steps(world) == [(ConcernStepKind.CLOSED, "He is safe.")]


def test_an_acknowledgement_meanwhile_takes_nothing_from_what_was_typed(world: World, raised: str) -> None:
    second = world.make.person(Role.QA_LEAD, area=world.area)
    form = world.browser(second).get(raised).form("outcome")
    world.browser(world.qa_lead).post(f"{raised}/acknowledge")
    world.browser(second).post(f"{raised}/close", {**form, "outcome": "Phoned school."})
    row = concern(world)
    assert (row.outcome, row.acknowledged_by_id) == ("Phoned school.", world.qa_lead.id)


def test_it_is_opened_again_with_a_reason_and_the_others_are_told(world: World, raised: str) -> None:
    world.make.person(Role.QA_LEAD, email="everywhere@example.org")
    end(world, raised, "He is safe.")
    clear_mail(world)
    page = send(world, world.qa_lead, raised, "reopen", "reason", {"reason": ""})
    assert page.field_error("reason") == "Say why it is opened again"
    page = send(world, world.qa_lead, raised, "reopen", "reason", {"reason": "He is back home."})
    assert "is open again" in page.text
    assert "He is safe." in page.text
    assert "He is back home." in page.text
    row = concern(world)
    assert (row.state, row.closed_at, row.outcome) == (ConcernState.ACKNOWLEDGED, None, "")
    assert row.due_at is not None
    assert row.due_at > now()
    assert sent_to(world) == ["everywhere@example.org"]
    late = world.browser(world.qa_lead).post(f"{raised}/reopen", {"reason": "Once more."})
    assert "open already" in late.errors[0]
    assert "Once more." in late.text


def clear_mail(world: World) -> None:
    with world.app.app_context(), writing() as session:
        session.execute(delete(OutgoingMail))


def sent_to(world: World) -> list[str]:
    with world.app.app_context():
        return list(db.session.scalars(select(OutgoingMail.to).order_by(OutgoingMail.to)))


def test_the_clock_runs_until_somebody_acts(world: World, raised: str) -> None:
    row = concern(world)
    assert row.due_at == after(row.raised_at, timedelta(hours=1), is_working_day)
    world.browser(world.qa_lead).post(f"{raised}/acknowledge")
    assert concern(world).due_at == after(row.raised_at, timedelta(hours=8), is_working_day)
    act(world, raised)
    assert concern(world).due_at is None


@pytest.mark.parametrize(
    ("day", "runs"),
    [(date(2026, 12, 24), True), (date(2026, 12, 25), False), (date(2026, 12, 28), False)],
)
def test_the_clock_stands_still_on_england_s_bank_holidays(day: date, runs: bool) -> None:
    assert is_working_day(day) is runs


def test_an_overdue_one_is_marked_and_comes_first(world: World) -> None:
    many(world, 6)
    moment = now()
    with world.app.app_context(), writing() as session:
        late = update(Concern).where(Concern.text == "Worry 4")  # acknowledged
        session.execute(late.values(due_at=moment - timedelta(minutes=1)))
    page = world.browser(world.qa_lead).get("/concerns")
    first = " ".join("".join(page.all("tr")[1].itertext()).split())
    assert "4 hours ago" in first
    assert "Acknowledged Overdue" in first
    assert page.text.count("Overdue") == 1 + 1  # the filter's choice
    assert page_count(world.browser(world.qa_lead).get("/concerns?show=overdue")) == 1
    home = world.browser(world.qa_lead).get("/")
    assert "1 overdue. Acknowledged; record what was done." in home.text


def page_count(page: Page) -> int:
    return len(page.all("tr")) - 1


def test_that_nothing_is_overdue_is_said(world: World, raised: str) -> None:
    assert "No concern is overdue." in world.browser(world.qa_lead).get("/concerns?show=overdue").text


def test_its_page_says_by_when_and_that_it_is_overdue(world: World, raised: str) -> None:
    lead = world.browser(world.qa_lead)
    assert "It must be acknowledged by" in lead.get(raised).text
    change(world, due_at=now() - timedelta(minutes=1), raised_at=now() - timedelta(hours=3))
    assert "Raised Overdue Raised 3 hours ago" in lead.get(raised).text
    assert "Overdue" in world.browser(world.auditor).get(raised).text
    lead.post(f"{raised}/acknowledge")
    change(world, due_at=now() - timedelta(minutes=1))
    assert "A first action must be recorded by" in lead.get(raised).text
    assert "Overdue" not in world.browser(world.auditor).get(raised).text


def test_who_raised_it_sees_where_it_stands_and_the_outcome_and_no_action(world: World, raised: str) -> None:
    act(world, raised, action="Told the police about the uncle.")
    own = world.browser(world.auditor)
    page = own.get(raised)
    assert "Acknowledged" in page.text
    assert "police" not in page.text
    end(world, raised, "He is safe with his aunt.")
    assert "He is safe with his aunt." in own.get(raised).text
    send(world, world.qa_lead, raised, "reopen", "reason", {"reason": "A private reason."})
    page = own.get(raised)
    assert "Opened again" in page.text
    assert "A private reason." not in page.text
    assert "He is safe with his aunt." in page.text


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
    for where in ("acknowledge", "actions", "close", "reopen"):
        browser.post(f"{raised}/{where}", {"outcome": "x", "reason": "x"}, status=403)


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
    act(world, raised)
    end(world, raised, "He is safe.")
    send(world, world.qa_lead, raised, "reopen", "reason", {"reason": "Back home."})
    with world.app.app_context():
        query = select(TrailEntry.event, TrailEntry.fields).where(TrailEntry.record == "concern")
        entries = [tuple(row) for row in db.session.execute(query.order_by(TrailEntry.number))]
    assert entries[0] == ("concerns.raised", "already_done,text")
    assert ("concern.read", "") in entries
    assert ("concerns.action_recorded", "action") in entries
    assert ("concerns.closed", "outcome,state") in entries
    assert ("concerns.reopened", "reason,state") in entries


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
