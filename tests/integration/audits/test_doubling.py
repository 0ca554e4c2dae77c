"""Second returns: given by hand, blind, and kept so whoever a return is given to."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select, update

from qa.accounts.permissions import CurrentPerson, Grant, Role
from qa.audits.commands import add_seconds, assign, remove_returns, share_out
from qa.audits.lifecycle import ReturnState
from qa.audits.models import Audit, Case, Return
from qa.db import db, now, writing
from qa.moderation.case_reading import case_as_read
from qa.problems import NotFound, Refused
from qa.returns.models import Answer, Finding
from tests.integration.audits.conftest import Place
from tests.support.factories import Maker
from tests.support.pages import Browser

Visit = Callable[[str], Browser]
WORDS = "The first auditor saw three late visits."


@pytest.fixture
def audit(place: Place, make: Maker) -> Audit:
    """An audit in fieldwork by police and health."""
    made: Audit = make.audit(place.area, place.edition, (place.police, place.health))
    return made


@pytest.fixture
def first(place: Place, make: Maker, audit: Audit) -> Return:
    """Ann's half-done return on a case."""
    made: Return = make.case_return(
        make.case(audit, "C001"), place.police, place.ann, state=ReturnState.IN_PROGRESS
    )
    make.answer(made, place.edition, "threshold", grade="good", evidence=WORDS)
    make.finding(made, place.edition, WORDS, released=False)
    return made


def seconds(app: Flask) -> list[Return]:
    with app.app_context():
        return list(db.session.scalars(select(Return).where(Return.second.is_(True)).order_by(Return.id)))


def reason(app: Flask, work: Callable[[], object]) -> str:
    """Why it was refused."""
    with app.app_context(), pytest.raises(Refused) as refusal:
        work()
    (said,) = refusal.value.errors.values()
    return said


def test_a_second_auditor_gets_a_return_of_their_own_by_the_page(
    app: Flask, place: Place, audit: Audit, first: Return, lead: Browser
) -> None:
    address = f"/audits/{audit.id}/allocation/returns"
    page = lead.post(address, {"returns": [str(first.id)], "auditor": str(place.ben.id), "second": "yes"})
    assert "1 second return is added" in page.text
    assert "Ben Auditor second auditor" in page.text
    assert "1 of 1 All and 1 second return" in page.text
    (made,) = seconds(app)
    assert (made.case_id, made.agency_id, made.auditor_id) == (first.case_id, place.police.id, place.ben.id)
    assert (made.state, made.due_on) == (ReturnState.NOT_STARTED, first.due_on)
    page = lead.post(address, {"returns": [str(first.id)], "auditor": str(place.ben.id), "second": "yes"})
    assert "audited twice already" in page.errors[0]
    assert lead.post(address, {"returns": [str(first.id)], "second": "yes"}).errors == [
        "Choose the second auditor for the ticked returns"
    ]
    assert "Police (second auditor)" in lead.get(f"/audits/{audit.id}/cases/{first.case_id}").text
    assert len(seconds(app)) == 1


def test_neither_auditor_sees_the_others_return_before_the_panel_and_the_agency_lead_does(
    app: Flask, place: Place, audit: Audit, first: Return, browser: Visit
) -> None:
    with app.app_context():
        add_seconds(place.lead, audit.id, [first.id], place.ben.id)
    (second,) = seconds(app)
    ann, ben, lead = (browser(one.email) for one in (place.ann, place.ben, place.police_lead))
    for visit, other, own in ((ann, second, first), (ben, first, second)):
        visit.get(f"/returns/{other.id}", status=404)
        visit.get(f"/returns/{other.id}/read", status=404)
        assert visit.get(f"/returns/{own.id}").status == 200
        for page in ("/my-work", "/my-work?who=anybody&show=all", f"/audits/{audit.id}"):
            text = visit.get(page).text
            assert "second" not in text.lower()
            assert text.count("C001") in {1, 2}
    assert WORDS in lead.get(f"/returns/{first.id}").text
    assert "(second auditor)" in lead.get(f"/returns/{second.id}").text
    assert "Ben Auditor (second auditor)" in lead.get("/my-work").text
    with app.app_context(), writing() as session:
        session.execute(update(Return).values(state=ReturnState.SUBMITTED, submitted_at=now()))
    ann.get(f"/returns/{second.id}", status=404)
    ben.get(f"/returns/{first.id}/read", status=404)
    with app.app_context(), writing() as session:
        session.execute(update(Case).values(panel_opened_at=now()))
    assert WORDS in ben.get(f"/returns/{first.id}/read").text
    assert "Police (second auditor)" in ann.get(f"/returns/{second.id}/read").text


def test_a_return_goes_to_nobody_who_would_see_the_other(
    app: Flask, place: Place, make: Maker, audit: Audit, first: Return, browser: Visit
) -> None:
    cas = make.person(Role.AUDITOR, agency=place.police, name="Cas Auditor")
    both = make.person(Role.AUDITOR, agency=place.police, name="Both Roles")
    make.grant(both, Role.AGENCY_LEAD, agency=place.police)
    browser(place.ann.email).get(f"/returns/{first.id}")
    with app.app_context():
        add_seconds(place.lead, audit.id, [first.id], place.ben.id)
    (second,) = seconds(app)

    def give(row: Return, to: CurrentPerson | None) -> str:
        return reason(app, lambda: assign(place.lead, audit.id, [row.id], to.id if to else None))

    assert "the second auditor must be another than the first" in give(second, place.ann)
    assert "the second auditor must be another than the first" in give(first, place.ben)
    assert "both returns need an auditor of their own" in give(first, None)
    assert "both returns need an auditor of their own" in give(second, None)
    assert "leads the agency or the audit" in give(second, both)
    with app.app_context():
        assert assign(place.lead, audit.id, [first.id], cas.id) == 1
    assert "has opened the other return" in give(second, place.ann)
    both_ids = [first.id, second.id]
    same = reason(app, lambda: assign(place.lead, audit.id, both_ids, cas.id))
    assert "the second auditor must be another than the first" in same
    with app.app_context():
        kept = db.session.scalars(select(Return.auditor_id).order_by(Return.id)).all()
        assert list(kept) == [cas.id, place.ben.id]


def test_a_half_done_return_keeps_its_answers_with_another_auditor(
    app: Flask, place: Place, audit: Audit, first: Return, lead: Browser, browser: Visit
) -> None:
    page = lead.get(f"/audits/{audit.id}/allocation")
    assert (
        "A return keeps its answers when it goes to another auditor, also when it is half done" in page.text
    )
    with app.app_context():
        before = [tuple(row) for row in db.session.execute(select(Answer.__table__))]
        notes = [tuple(row) for row in db.session.execute(select(Finding.__table__))]
    page = lead.post(
        f"/audits/{audit.id}/allocation/returns", {"returns": [str(first.id)], "auditor": str(place.ben.id)}
    )
    assert "1 return is reassigned" in page.text
    with app.app_context():
        assert [tuple(row) for row in db.session.execute(select(Answer.__table__))] == before
        assert [tuple(row) for row in db.session.execute(select(Finding.__table__))] == notes
        assert db.session.get_one(Return, first.id).state is ReturnState.IN_PROGRESS
    assert WORDS in browser(place.ben.email).get(f"/returns/{first.id}/sections/front_door").text
    browser(place.ann.email).get(f"/returns/{first.id}", status=404)


def test_what_cannot_be_audited_twice_says_why(
    app: Flask, place: Place, make: Maker, audit: Audit, first: Return
) -> None:
    def twice(row: Return, to: CurrentPerson = place.ben) -> str:
        return reason(app, lambda: add_seconds(place.lead, audit.id, [row.id], to.id))

    nobodys = make.case_return(make.case(audit), place.police)
    away = make.case_return(make.case(audit), place.police, place.ann, state=ReturnState.NOT_INVOLVED)
    opened = make.add(
        Case(audit_id=audit.id, number=9, reference="C9", created_at=now(), panel_opened_at=now())
    )
    shown = make.case_return(opened, place.police, place.ann)
    assert "give the first return to an auditor first" in twice(nobodys)
    assert "not involved with this child" in twice(away)
    assert "open to the panel" in twice(shown)
    assert "must be another than the first" in twice(first, place.ann)
    assert "must be an auditor of the same agency" in twice(first, place.hal)
    leading = make.case_return(make.case(audit), place.police, place.police_lead)
    assert "leads the agency or the audit" in twice(leading)
    elsewhere = make.case_return(
        make.case(make.audit(place.area, place.edition, (place.police,))), place.police, place.ann
    )
    with app.app_context(), pytest.raises(NotFound):
        add_seconds(place.lead, audit.id, [elsewhere.id], place.ben.id)
    assert seconds(app) == []


def test_a_first_return_is_not_removed_from_under_its_second(
    app: Flask, place: Place, make: Maker, audit: Audit
) -> None:
    first = make.case_return(make.case(audit, "C002"), place.police, place.ann)
    with app.app_context():
        add_seconds(place.lead, audit.id, [first.id], place.ben.id)
    (second,) = seconds(app)
    said = reason(app, lambda: remove_returns(place.lead, audit.id, [first.id]))
    assert "C002 has a second auditor’s return" in said
    with app.app_context():
        assert remove_returns(place.lead, audit.id, [first.id, second.id]) == 2


def test_sharing_out_leaves_both_returns_of_a_double_audit(
    app: Flask, place: Place, make: Maker, audit: Audit, first: Return
) -> None:
    with app.app_context():
        add_seconds(place.lead, audit.id, [first.id], place.ben.id)
    other = make.case_return(make.case(audit), place.police, place.ben)
    with app.app_context():
        count = share_out(place.lead, audit.id, place.police.id, [place.ann.id], only_without=False)
        assert count == 1
        holders = dict(db.session.execute(select(Return.id, Return.auditor_id)).all())
    assert holders[first.id] == place.ann.id
    assert holders[other.id] == place.ann.id
    assert holders[seconds(app)[0].id] == place.ben.id


def test_submitting_a_second_return_releases_no_finding(
    app: Flask, place: Place, make: Maker, audit: Audit, first: Return, browser: Visit, lead: Browser
) -> None:
    with app.app_context():
        add_seconds(place.lead, audit.id, [first.id], place.ben.id)
    (second,) = seconds(app)
    for row, text in ((first, "Of the first."), (second, "Of the second.")):
        for key, grade in (("threshold", "good"), ("front_door_grade", "good")):
            if row is second or key != "threshold":
                make.answer(row, place.edition, key, grade=grade, evidence="Seen.")
        make.answer(row, place.edition, "consent", code="yes")
        make.answer(row, place.edition, "referrer", option="school")
        make.answer(row, place.edition, "front_door_impact", text="Safer.")
        make.finding(row, place.edition, text, released=False)
    for person, row in ((place.ann, first), (place.ben, second)):
        visit, address = browser(person.email), f"/returns/{row.id}/check-answers"
        page = visit.submit(address, {"declared": "y"}, holding="declared")
        assert page.errors == []
    with app.app_context():
        states = set(db.session.scalars(select(Return.state)))
        released = dict(db.session.execute(select(Finding.text, Finding.released)).all())
    assert states == {ReturnState.SUBMITTED}
    assert released == {WORDS: True, "Of the first.": True, "Of the second.": False}
    page = lead.get(f"/audits/{audit.id}/findings")
    assert "Of the first." in page.text
    assert "Of the second." not in page.text
    address = f"/audits/{audit.id}/panel/{first.case_id}"
    lead.post(f"{address}/open")
    assert "Of the second." in lead.get(address).text


def test_a_case_as_an_auditor_reads_it_has_their_return_alone_and_tells_nothing(
    app: Flask, place: Place, make: Maker, audit: Audit, first: Return
) -> None:
    with app.app_context():
        add_seconds(place.lead, audit.id, [first.id], place.ben.id)
    (second,) = seconds(app)
    make.answer(second, place.edition, "threshold", grade="good", evidence="Of the second.")
    with app.app_context():
        for person, own in ((place.ann, first), (place.ben, second)):
            found = case_as_read(person, audit.id, first.case_id)
            assert [side.return_id for side in found.board.sides] == [own.id]
            assert [side.name for side in found.board.sides] == ["Police"]
            assert [one.agency for one in found.returns] == ["Police"]
        found = case_as_read(place.police_lead, audit.id, first.case_id)
        assert [one.agency for one in found.returns] == ["Police", "Police (second auditor)"]


def test_whoever_printed_a_return_that_was_nobodys_has_opened_it(
    app: Flask, place: Place, audit: Audit, first: Return, browser: Visit
) -> None:
    with app.app_context():
        assign(place.lead, audit.id, [first.id], None)
    browser(place.ben.email).client.get(f"/audits/{audit.id}/cases/{first.case_id}/summary.pdf")
    with app.app_context():
        assign(place.lead, audit.id, [first.id], place.ann.id)
    said = reason(app, lambda: add_seconds(place.lead, audit.id, [first.id], place.ben.id))
    assert "has opened the other return" in said


def test_an_auditor_of_two_agencies_is_not_told_that_theirs_is_a_second_return(
    app: Flask, place: Place, make: Maker, audit: Audit, first: Return
) -> None:
    two = make.person(Role.AUDITOR, agency=place.police)
    make.grant(two, Role.AUDITOR, agency=place.health)
    two = two._replace(
        grants=(Grant(Role.AUDITOR, None, place.police.id), Grant(Role.AUDITOR, None, place.health.id))
    )
    with app.app_context():
        case = db.session.get_one(Case, first.case_id)
    make.case_return(case, place.health)
    with app.app_context():
        add_seconds(place.lead, audit.id, [first.id], two.id)
        read = case_as_read(two, audit.id, first.case_id)
    assert [one.agency for one in read.returns] == ["Health", "Police"]
