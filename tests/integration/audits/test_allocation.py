"""Allocating returns to agencies and auditors, by the pages."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from qa.audits.commands import add_agencies, allocate
from qa.audits.lifecycle import ReturnState, Stage
from qa.audits.models import Audit, AuditPerson, Return
from qa.db import db, now, today
from qa.frameworks.editions import EditionTree
from qa.returns.models import Concern
from qa.trail.models import TrailEntry
from tests.integration.audits.conftest import Place
from tests.support.factories import Maker
from tests.support.pages import Browser


@pytest.fixture
def audit(place: Place, make: Maker) -> Audit:
    """An audit in planning by police and health, with three cases."""
    made: Audit = make.audit(place.area, place.edition, (place.police, place.health), stage=Stage.PLANNING)
    for _ in range(3):
        make.case(made)
    return made


def returns(app: Flask) -> list[Return]:
    with app.app_context():
        return list(db.session.scalars(select(Return).order_by(Return.id)))


def holders(app: Flask) -> dict[int | None, int]:
    return dict(Counter(row.auditor_id for row in returns(app)))


def test_every_case_is_allocated_to_the_agencies_ticked_and_none_twice(
    app: Flask,
    place: Place,
    make: Maker,
    audit: Audit,
    lead: Browser,
    entries: Callable[[str], Sequence[TrailEntry]],
) -> None:
    address = f"/audits/{audit.id}/allocation"
    page = lead.post(address, {"agencies": [str(place.police.id)]})
    assert "3 returns are allocated" in page.text
    assert "Police 3 of 3 All 0 3" in page.text
    make.case(audit, "C004")
    page = lead.post(address, {"agencies": [str(place.police.id), str(place.health.id)]})
    assert "5 returns are allocated" in page.text
    page = lead.post(address, {"agencies": [str(place.police.id)]})
    assert "The ticked agencies have all their returns already" in page.text
    made = returns(app)
    assert len({(row.case_id, row.agency_id) for row in made}) == len(made) == 8
    assert {(row.due_on, row.state, row.auditor_id, row.version) for row in made} == {
        (audit.returns_due_on, ReturnState.NOT_STARTED, None, 1)
    }
    assert [entry.event for entry in entries("audits.")] == ["audits.returns_allocated"] * 2


def test_nothing_is_allocated_without_agencies_or_cases(
    app: Flask, place: Place, make: Maker, audit: Audit, lead: Browser
) -> None:
    page = lead.post(f"/audits/{audit.id}/allocation")
    assert page.field_error("agencies") == "Choose at least one agency"
    stranger = make.agency("Stranger", areas=(place.area,))
    lead.post(f"/audits/{audit.id}/allocation", {"agencies": [str(stranger.id)]}, status=404)
    empty = make.audit(place.area, place.edition, (place.police,), stage=Stage.PLANNING)
    assert "There are no cases yet" in lead.get(f"/audits/{empty.id}/allocation").text
    page = lead.post(f"/audits/{empty.id}/allocation", {"agencies": [str(place.police.id)]})
    assert "There are no cases yet" in page.errors[0]
    assert returns(app) == []


def test_in_a_self_assessment_an_agency_answers_on_itself(
    app: Flask, place: Place, make: Maker, section_11: EditionTree, lead: Browser
) -> None:
    audit = make.audit(place.area, section_11, (place.police, place.health), stage=Stage.PLANNING)
    with app.app_context():
        assert add_agencies(place.lead, audit.id) == 2
    both = [str(place.police.id), str(place.health.id)]
    page = lead.post(f"/audits/{audit.id}/allocation", {"agencies": both})
    assert "2 returns are allocated" in page.text
    assert "Police Yes" in page.text
    with app.app_context():
        for row in db.session.scalars(select(Return).join(Return.case)):
            assert row.agency_id in {place.police.id, place.health.id}
        assert len(returns(app)) == 2


def test_returns_are_shared_out_evenly_among_an_agencys_auditors(
    app: Flask, place: Place, make: Maker, audit: Audit, lead: Browser
) -> None:
    with app.app_context():
        allocate(place.lead, audit.id, [place.police.id, place.health.id])
    address = f"/audits/{audit.id}/allocation/agencies/{place.police.id}"
    page = lead.get(address)
    assert "3 returns not in, 3 of them without an auditor" in page.text
    assert "Hal Auditor" not in page.text
    page = lead.submit(address, {}, holding="which")
    assert "3 returns are shared out" in page.text
    assert sorted(holders(app).items(), key=str) == sorted(
        [(place.ann.id, 2), (place.ben.id, 1), (None, 3)], key=str
    )
    page = lead.submit(address, {}, holding="which")
    assert page.field_error("which") == "There are no such returns: nothing was changed"
    lead.submit(address, {"auditors": [str(place.ben.id)], "which": "outstanding"}, holding="which")
    assert holders(app) == {place.ben.id: 3, None: 3}


def test_sharing_out_is_refused_for_nobody_and_for_strangers(
    app: Flask, place: Place, audit: Audit, lead: Browser
) -> None:
    with app.app_context():
        allocate(place.lead, audit.id, [place.police.id])
    address = f"/audits/{audit.id}/allocation/agencies/{place.police.id}"
    page = lead.submit(address, {"auditors": []}, holding="which")
    assert page.field_error("auditors") == "Choose at least one auditor"
    page = lead.submit(address, {"auditors": [str(place.hal.id)]}, holding="which")
    assert page.field_error("auditors") == "Choose only auditors of the agency"
    lead.get(f"/audits/{audit.id}/allocation/agencies/999", status=404)
    assert holders(app) == {None: 3}


def test_on_a_confidential_audit_only_people_named_get_returns(
    app: Flask, place: Place, make: Maker, lead: Browser
) -> None:
    audit = make.audit(place.area, place.edition, (place.police,), stage=Stage.PLANNING, confidential=True)
    for person in (place.lead, place.ben):
        make.add(AuditPerson(audit_id=audit.id, person_id=person.id))
    row = make.case_return(make.case(audit), place.police)
    page = lead.get(f"/audits/{audit.id}/allocation/agencies/{place.police.id}")
    assert "Ben Auditor" in page.text
    assert "Ann Auditor" not in page.text
    data = {"returns": [str(row.id)], "auditor": str(place.ann.id)}
    page = lead.post(f"/audits/{audit.id}/allocation/returns", data)
    assert page.field_error("auditor") == "Choose an auditor from the list"


def test_ticked_returns_go_to_another_auditor_and_keep_their_answers(
    app: Flask,
    place: Place,
    make: Maker,
    audit: Audit,
    lead: Browser,
    entries: Callable[[str], Sequence[TrailEntry]],
) -> None:
    case = make.case(audit)
    begun = make.case_return(case, place.police, place.ann, state=ReturnState.IN_PROGRESS)
    make.answer(begun, place.edition, "consent_why", text="Said to nobody else.")
    other = make.case_return(make.case(audit), place.police, place.ann)
    address = f"/audits/{audit.id}/allocation/returns?agency={place.police.id}&state=outstanding"
    page = lead.post(address, {"returns": [str(begun.id), str(other.id)], "auditor": str(place.ben.id)})
    assert "2 returns are reassigned" in page.text
    assert page.response.request.query_string.decode() == f"agency={place.police.id}&state=outstanding"
    assert holders(app) == {place.ben.id: 2}
    assert [row.state for row in returns(app)] == [ReturnState.IN_PROGRESS, ReturnState.NOT_STARTED]
    page = lead.post(address, {"returns": [str(other.id)], "auditor": "nobody"})
    assert "1 return is reassigned" in page.text
    assert holders(app) == {place.ben.id: 1, None: 1}
    assert [entry.fields for entry in entries("audits.returns_assigned")] == ["auditor", "auditor"]


def test_what_cannot_be_reassigned_is_refused_and_the_ticks_stay(
    app: Flask, place: Place, make: Maker, audit: Audit, lead: Browser
) -> None:
    mine = make.case_return(make.case(audit), place.police)
    theirs = make.case_return(make.case(audit), place.health)
    done = make.case_return(make.case(audit), place.police, state=ReturnState.SUBMITTED)
    address = f"/audits/{audit.id}/allocation/returns"
    both = [str(mine.id), str(theirs.id)]
    page = lead.post(address, {"returns": both, "auditor": str(place.ann.id)})
    assert "another agency’s (Health)" in page.field_error("auditor")
    assert page.form("returns")["returns"] == both
    assert page.form("returns")["auditor"] == str(place.ann.id)
    page = lead.post(address, {"returns": [str(done.id)], "auditor": str(place.ann.id)})
    assert "1 return you ticked is in already" in page.field_error("auditor")
    page = lead.post(address, {"returns": both, "auditor": ""})
    assert page.field_error("auditor") == "Choose an auditor for the ticked returns"
    page = lead.post(address, {"auditor": str(place.ann.id)})
    assert page.errors == ["Tick at least one return"]
    lead.post(address, {"returns": ["99999"], "auditor": str(place.ann.id)}, status=404)
    assert holders(app) == {None: 3}


def test_returns_nobody_has_started_are_removed(
    app: Flask, place: Place, make: Maker, audit: Audit, lead: Browser
) -> None:
    fresh = make.case_return(make.case(audit), place.police)
    begun = make.case_return(make.case(audit), place.police, state=ReturnState.IN_PROGRESS)
    worried = make.case_return(make.case(audit), place.police)
    make.add(
        Concern(
            audit_id=audit.id,
            area_id=place.area.id,
            case_id=worried.case_id,
            return_id=worried.id,
            agency_id=place.police.id,
            raised_by_id=place.ann.id,
            raised_at=now(),
            text="The child is not safe.",
        )
    )
    address = f"/audits/{audit.id}/allocation/returns"
    page = lead.post(address, {"returns": [str(fresh.id), str(begun.id)], "remove": "yes"})
    assert "1 return you ticked has been started, so nothing was removed" in page.errors[0]
    page = lead.post(address, {"returns": [str(worried.id)], "remove": "yes"})
    assert "has a concern or an answer on record" in page.errors[0]
    page = lead.post(address, {"returns": [str(fresh.id)], "remove": "yes"})
    assert "1 return is removed" in page.text
    assert [row.id for row in returns(app)] == [begun.id, worried.id]


def test_the_list_of_returns_is_filtered(place: Place, make: Maker, audit: Audit, lead: Browser) -> None:
    late = today() - timedelta(days=1)
    make.case_return(make.case(audit, "A1"), place.police, place.ann, due_on=late)
    make.case_return(make.case(audit, "A2"), place.police, state=ReturnState.SUBMITTED, due_on=late)
    make.case_return(make.case(audit, "A3"), place.health, place.hal, state=ReturnState.IN_PROGRESS)

    def listed(query: str) -> list[str]:
        page = lead.get(f"/audits/{audit.id}/allocation?{query}")
        return [text for text in page.links if text in {"A1", "A2", "A3"}]

    assert listed("") == ["A1", "A2", "A3"]
    assert listed(f"agency={place.police.id}") == ["A1", "A2"]
    assert listed(f"auditor={place.hal.id}") == ["A3"]
    assert listed("auditor=nobody") == ["A2"]
    assert listed("state=outstanding") == ["A1", "A3"]
    assert listed("state=late") == ["A1"]
    assert listed("state=submitted") == ["A2"]
    assert listed("text=a3") == ["A3"]
    assert listed("state=nonsense&agency=x&auditor=y") == ["A1", "A2", "A3"]
    assert "No return matches" in lead.get(f"/audits/{audit.id}/allocation?text=zzz").text


@pytest.mark.parametrize("stage", [Stage.PANEL, Stage.REPORTED, Stage.CLOSED])
def test_the_allocation_is_settled_once_fieldwork_is_over(
    app: Flask, place: Place, make: Maker, lead: Browser, stage: Stage
) -> None:
    audit = make.audit(place.area, place.edition, (place.police,), stage=stage)
    row = make.case_return(make.case(audit), place.police)
    page = lead.get(f"/audits/{audit.id}/allocation")
    assert "the allocation cannot change any more" in page.text
    assert "Share out" not in page.text
    posts: list[tuple[str, dict[str, object]]] = [
        ("", {"agencies": [str(place.police.id)]}),
        ("/returns", {"returns": [str(row.id)], "auditor": "nobody"}),
        ("/returns", {"returns": [str(row.id)], "remove": "yes"}),
        (f"/agencies/{place.police.id}", {"auditors": [str(place.ann.id)], "which": "outstanding"}),
    ]
    for path, data in posts:
        page = lead.post(f"/audits/{audit.id}/allocation{path}", data)
        assert "its cases and returns cannot change" in page.errors[0]
    assert holders(app) == {None: 1}


def test_a_complete_allocation_leads_on_to_fieldwork(
    place: Place, make: Maker, audit: Audit, lead: Browser
) -> None:
    address = f"/audits/{audit.id}/allocation"
    assert "Open fieldwork" not in lead.get(address).links
    page = lead.post(address, {"agencies": [str(place.police.id)]})
    assert "Every case has a return, and 3 returns have no auditor yet." in page.text
    assert lead.get(page.links["Open fieldwork"]).heading == "Open fieldwork?"
    make.case(audit)
    assert "Open fieldwork" not in lead.get(address).links
