"""Creating an audit and changing its plan, by the pages."""

from collections.abc import Callable, Sequence
from datetime import timedelta

from flask import Flask
from sqlalchemy import select, update

from qa.accounts.permissions import Role
from qa.accounts.sectors import Sector
from qa.audits.lifecycle import ReturnState, Stage
from qa.audits.models import Audit, AuditPerson
from qa.audits.queries import agencies_of
from qa.db import db, today, writing
from qa.frameworks.models import Edition
from qa.frameworks.states import EditionState
from qa.trail.models import TrailEntry
from tests.integration.audits.conftest import Place
from tests.support.factories import Maker
from tests.support.pages import Browser

Entries = Callable[[str], Sequence[TrailEntry]]
NASTY = "<script>alert(1)</script> & “drift”"


def day(days: int) -> list[str]:
    """The boxes of a date so many days from now."""
    date = today() + timedelta(days=days)
    return [str(date.day), str(date.month), str(date.year)]


def plan(place: Place, **changes: object) -> dict[str, object]:
    """What a QA lead types for a new audit, besides what the form holds already."""
    return {
        "title": "Child in need plans",
        "edition": str(place.edition.id),
        "returns_due_on": day(40),
        **changes,
    }


def audits(app: Flask) -> list[Audit]:
    with app.app_context():
        return list(db.session.scalars(select(Audit).order_by(Audit.id)))


def test_an_audit_is_created_with_all_that_was_typed(
    app: Flask, place: Place, lead: Browser, entries: Entries
) -> None:
    page = lead.submit(
        "/audits/new",
        plan(
            place,
            title=NASTY,
            theme=NASTY,
            terms_of_reference=f"{NASTY}\n\nSecond paragraph",
            key_lines_of_enquiry="Was the child seen alone?\n\n- Did it help?",
            fieldwork_opens_on=day(10),
            panel_on=day(60),
            report_due_on=day(90),
        ),
    )
    assert page.heading == NASTY
    assert "The audit is created" in page.text
    assert "Next step Add the cases" in page.text
    assert "Second paragraph" in page.text
    assert "Did it help?" in page.text
    assert "<script>alert" not in page.html
    (audit,) = audits(app)
    assert audit.reference == f"HAV-{today().year}-01"
    assert (audit.stage, audit.lead_id) == (Stage.PLANNING, place.lead.id)
    assert audit.period_end == today()
    assert (audit.period_end - audit.period_start).days in {364, 365}
    with app.app_context():
        assert [agency.name for agency in agencies_of(audit.id)] == ["Health", "Police"]
    (entry,) = entries("audits.")
    assert (entry.event, entry.record_id, entry.area_id) == ("audits.created", audit.id, place.area.id)
    assert "title" in entry.fields
    assert "drift" not in entry.fields


def test_the_next_audit_gets_the_next_reference(place: Place, make: Maker, lead: Browser) -> None:
    make.audit(place.area, place.edition, reference=f"HAV-{today().year}-01")
    assert lead.get("/audits/new").form("title")["reference"] == f"HAV-{today().year}-02"


def test_what_is_missing_is_said_next_to_its_field_and_the_rest_is_kept(
    app: Flask, place: Place, lead: Browser
) -> None:
    page = lead.submit(
        "/audits/new",
        {
            "title": "",
            "terms_of_reference": NASTY,
            "agencies": [],
            "returns_due_on": ["", "13", "2026"],
            "period_start": ["", "", ""],
        },
    )
    assert page.field_error("title") == "Enter a title"
    assert page.field_error("edition") == "Choose a framework"
    assert page.field_error("agencies") == "Choose at least one agency to take part"
    assert page.field_error("returns_due_on") == "Returns due must include a day"
    assert page.field_error("period_start") == "Enter the day the period begins"
    form = page.form("title")
    assert form["terms_of_reference"] == NASTY
    assert form["returns_due_on"] == ["", "13", "2026"]
    assert audits(app) == []


def test_rules_of_the_plan_are_kept(app: Flask, place: Place, make: Maker, lead: Browser) -> None:
    make.audit(place.area, place.edition, reference="HAV-7")
    page = lead.submit(
        "/audits/new",
        plan(place, reference="hav-7", fieldwork_opens_on=day(50), period_end=["1", "1", "1999"]),
    )
    assert "Another audit has this reference" in page.field_error("reference")
    assert page.field_error("returns_due_on").startswith("Returns due must be on or after")
    assert page.field_error("period_end").startswith("Period to must be on or after")
    assert len(audits(app)) == 1


def test_an_edition_or_agency_of_another_place_is_refused(
    app: Flask, place: Place, make: Maker, lead: Browser
) -> None:
    stranger = make.agency("Elsewhere", Sector.HEALTH, (make.area("Barking"),))
    page = lead.submit("/audits/new", plan(place, agencies=[str(stranger.id)], edition="999"))
    assert page.field_error("agencies") == "Choose only agencies that work in the area"
    assert page.field_error("edition") == "Choose a published framework from the list"
    with app.app_context(), writing() as session:
        session.execute(update(Edition).values(state=EditionState.WITHDRAWN))
    page = lead.post("/audits/new", {**plan(place), "agencies": [str(place.police.id)]})
    assert "No framework is published for this area yet" in page.text
    assert audits(app) == []


def test_with_several_areas_the_area_is_asked_first(
    app: Flask, place: Place, make: Maker, browser: Callable[[str], Browser]
) -> None:
    second = make.area("Barking")
    both = make.grant(make.person(Role.QA_LEAD, area=place.area), Role.QA_LEAD, area=second)
    visitor = browser(both.email)
    page = visitor.get("/audits/new")
    assert page.heading == "Which area is the audit for?"
    assert "Redbridge" not in page.text
    assert "Choose an area" in visitor.get("/audits/new?area=").text
    page = visitor.get(f"/audits/new?area={place.area.id}")
    assert "Havering" in page.text
    page = visitor.submit(f"/audits/new?area={place.area.id}", plan(place))
    assert page.heading == "Child in need plans"
    assert "No agency works in this area yet" in visitor.get(f"/audits/new?area={second.id}").text
    visitor.get(f"/audits/new?area={place.elsewhere.grants[0].area_id}", status=404)


def test_a_confidential_audit_is_seen_by_those_named_and_its_creator(
    app: Flask, place: Place, lead: Browser, make: Maker, browser: Callable[[str], Browser]
) -> None:
    colleague = make.person(Role.QA_LEAD, area=place.area, name="Col League")
    page = lead.submit("/audits/new", plan(place, confidential="y", named=[str(place.ann.id)]))
    address = page.response.request.path
    assert "Confidential" in page.text
    assert "Ann Auditor, Quinn Lead" in page.text
    assert browser(place.ann.email).get(address).heading == "Child in need plans"
    for person in (colleague, place.ben, place.police_lead):
        visitor = browser(person.email)
        visitor.get(address, status=404)
        assert "Child in need plans" not in visitor.get("/audits").text
    with app.app_context():
        assert set(db.session.scalars(select(AuditPerson.person_id))) == {place.lead.id, place.ann.id}


def test_only_people_of_the_area_can_be_named(app: Flask, place: Place, lead: Browser) -> None:
    page = lead.submit("/audits/new", plan(place, confidential="y", named=[str(place.elsewhere.id)]))
    assert page.field_error("named") == "Choose only people of the area and its agencies"
    assert audits(app) == []


def test_the_plan_is_changed_and_only_what_changed_is_named_in_the_trail(
    app: Flask, place: Place, make: Maker, lead: Browser, entries: Entries
) -> None:
    audit = make.audit(place.area, place.edition, (place.police, place.health))
    page = lead.get(f"/audits/{audit.id}/edit")
    assert "Small framework, edition 1" in page.text
    assert "edition" not in page.form("title")
    page = lead.submit(f"/audits/{audit.id}/edit", {"title": "New title", "agencies": [str(place.police.id)]})
    assert page.heading == "New title"
    assert "The audit is changed" in page.text
    with app.app_context():
        assert [agency.name for agency in agencies_of(audit.id)] == ["Police"]
    (entry,) = entries("audits.")
    assert (entry.event, entry.fields) == ("audits.edited", "agencies,title")


def test_a_stale_form_gets_the_page_of_both_versions_and_either_can_win(
    app: Flask, place: Place, make: Maker, lead: Browser
) -> None:
    audit = make.audit(place.area, place.edition, (place.police, place.health), title="First")
    mine = lead.get(f"/audits/{audit.id}/edit").form("title")
    lead.submit(f"/audits/{audit.id}/edit", {"title": "Theirs", "agencies": [str(place.health.id)]})
    page = lead.post(f"/audits/{audit.id}/edit", {**mine, "title": "Mine"}, status=409)
    assert "Somebody else changed this audit" in page.heading
    assert "Mine Theirs" in page.text
    assert "Health, Police Health" in page.text
    assert audits(app)[0].title == "Theirs"
    page = lead.post(f"/audits/{audit.id}/edit", page.form("title"))
    assert page.heading == "Mine"
    with app.app_context():
        assert [agency.name for agency in agencies_of(audit.id)] == ["Health", "Police"]


def test_an_agency_with_returns_stays(place: Place, make: Maker, lead: Browser) -> None:
    audit = make.audit(place.area, place.edition, (place.police, place.health))
    make.case_return(make.case(audit), place.police)
    page = lead.submit(f"/audits/{audit.id}/edit", {"agencies": [str(place.health.id)]})
    assert page.field_error("agencies").startswith("Agencies with returns must stay: Police (1)")
    assert "Has returns (1), so it stays" in page.text


def test_people_with_returns_to_complete_must_be_named(place: Place, make: Maker, lead: Browser) -> None:
    audit = make.audit(place.area, place.edition, (place.police,), lead_id=place.lead.id)
    make.case_return(make.case(audit), place.police, place.ann)
    make.case_return(make.case(audit), place.police, place.ben, state=ReturnState.SUBMITTED)
    page = lead.submit(f"/audits/{audit.id}/edit", {"confidential": "y", "named": []})
    assert page.field_error("named").startswith("These people have returns to complete: Ann Auditor.")
    page = lead.submit(f"/audits/{audit.id}/edit", {"confidential": "y", "named": [str(place.ann.id)]})
    assert "The audit is changed" in page.text


def test_an_audit_opened_up_again_forgets_who_was_named(
    app: Flask, place: Place, make: Maker, lead: Browser
) -> None:
    audit = make.audit(place.area, place.edition, (place.police,), confidential=True)
    make.add(AuditPerson(audit_id=audit.id, person_id=place.lead.id))
    form = {**lead.get(f"/audits/{audit.id}/edit").form("title")}
    del form["confidential"]
    assert "The audit is changed" in lead.post(f"/audits/{audit.id}/edit", form).text
    with app.app_context():
        assert list(db.session.scalars(select(AuditPerson))) == []


def test_a_closed_audit_is_reopened_before_it_changes(place: Place, make: Maker, lead: Browser) -> None:
    audit = make.audit(place.area, place.edition, (place.police,), stage=Stage.CLOSED)
    page = lead.submit(f"/audits/{audit.id}/edit", {"title": "Other"})
    assert "The audit is closed. Reopen it before you change it" in page.text
    assert "Change the audit" not in lead.get(f"/audits/{audit.id}").links


def test_others_cannot_plan(place: Place, make: Maker, browser: Callable[[str], Browser]) -> None:
    audit = make.audit(place.area, place.edition, (place.police,))
    for person, status in ((place.ann, 403), (place.police_lead, 403), (place.elsewhere, 404)):
        visitor = browser(person.email)
        visitor.get(f"/audits/{audit.id}/edit", status=status)
        visitor.post(f"/audits/{audit.id}/edit", {"title": "x"}, status=status)
    browser(place.ann.email).get("/audits/new", status=403)
