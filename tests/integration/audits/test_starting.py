"""An audit started from the programme, tied to it afterwards, carried over, and repeated."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta

from flask import Flask
from sqlalchemy import select, update

from qa.accounts.models import Agency
from qa.accounts.permissions import Role
from qa.audits.lifecycle import Stage
from qa.audits.models import Audit, AuditPerson, Case
from qa.audits.programme.models import PlannedAgency, PlannedAudit, PlannedPerson, Programme
from qa.audits.programme.planned import PlanState
from qa.audits.queries import agencies_of
from qa.db import db, today, writing
from qa.frameworks.models import Edition
from qa.frameworks.states import EditionState
from qa.trail.models import TrailEntry
from tests.integration.audits.conftest import Place
from tests.integration.audits.programming import every_planned, planned, programme
from tests.support.factories import Maker
from tests.support.pages import Browser

Browsers = Callable[[str], Browser]
Entries = Callable[[str], Sequence[TrailEntry]]
YEARS = "/audits/programmes"


def due() -> dict[str, object]:
    """The one day that the form does not hold already."""
    day = today() + timedelta(days=40)
    return {"returns_due_on": [str(day.day), str(day.month), str(day.year)]}


def audits(app: Flask) -> list[Audit]:
    with app.app_context():
        return list(db.session.scalars(select(Audit).order_by(Audit.id)))


def test_an_audit_is_started_with_what_was_planned(
    app: Flask, make: Maker, place: Place, lead: Browser, entries: Entries
) -> None:
    other = make.person(Role.QA_LEAD, area=place.area, name="Lena Lead")
    newest = make.edition()
    row = planned(
        make,
        programme(make, place.area),
        "Thresholds",
        theme="Decisions in a day",
        framework_id=place.edition.framework_id,
        lead_id=other.id,
        agencies=(place.police.id,),
    )
    shown = lead.get(f"/audits/planned/{row.id}")
    page = lead.get(shown.links["Start this audit"])
    assert page.heading == "Start this audit"
    assert "programme 2026/27" in page.text
    assert f"edition {newest.number}" in page.text
    page = lead.submit(shown.links["Start this audit"], due())
    assert page.heading == "Thresholds"
    assert page.links["2026/27"] == f"/audits/planned/{row.id}"
    (audit,) = audits(app)
    assert (audit.planned_id, audit.lead_id, audit.theme) == (row.id, other.id, "Decisions in a day")
    assert audit.edition_id == newest.id
    with app.app_context():
        assert [agency.name for agency in agencies_of(audit.id)] == ["Police"]
    (entry,) = entries("audits.created")
    assert "planned" in entry.fields
    page = lead.get(f"/audits/planned/{row.id}")
    assert "Planning" in page.text
    assert "Start this audit" not in page.text
    assert page.links["Thresholds"] == f"/audits/{audit.id}"


def test_it_is_started_once(app: Flask, make: Maker, place: Place, lead: Browser) -> None:
    row = planned(make, programme(make, place.area))
    form = lead.get(f"/audits/new?planned={row.id}").form("title")
    sent = {**form, **due(), "edition": str(place.edition.id)}
    lead.post(f"/audits/new?planned={row.id}", sent)
    page = lead.post(f"/audits/new?planned={row.id}", {**sent, "reference": "OTHER-1"})
    assert "started from the programme already" in page.text
    assert page.form("title")["reference"] == "OTHER-1"
    assert len(audits(app)) == 1


def test_a_mistake_keeps_where_it_comes_from(app: Flask, make: Maker, place: Place, lead: Browser) -> None:
    row = planned(make, programme(make, place.area), framework_id=place.edition.framework_id)
    page = lead.submit(f"/audits/new?planned={row.id}", {"title": "", **due()})
    assert page.field_error("title") == "Enter a title"
    action = next(form.get("action") for form in page.all("form") if "planned" in (form.get("action") or ""))
    assert action
    lead.post(action, {**page.form("title"), "title": "Mended"})
    assert [audit.planned_id for audit in audits(app)] == [row.id]


def test_what_all_areas_plan_together_is_started_in_each(
    app: Flask, make: Maker, place: Place, browser: Browsers, lead: Browser
) -> None:
    row = planned(make, programme(make, None), "Thresholds", framework_id=place.edition.framework_id)
    lead.submit(f"/audits/new?planned={row.id}", due())  # the lead has one area
    elsewhere = browser(place.elsewhere.email)
    elsewhere.submit(f"/audits/new?planned={row.id}", due())
    assert [audit.planned_id for audit in audits(app)] == [row.id, row.id]
    assert len({audit.area_id for audit in audits(app)}) == 2
    everywhere = browser(make.person(Role.QA_LEAD).email)
    page = everywhere.get(f"/audits/planned/{row.id}")
    assert "Havering: " in page.text
    assert "Redbridge: " in page.text
    assert "Start this audit" not in page.links
    make.area("Camden")
    page = everywhere.get(f"/audits/new?planned={row.id}")
    assert "Camden" in page.text
    assert "Havering" not in page.text


def test_another_areas_plan_cannot_be_started(make: Maker, place: Place, browser: Browsers) -> None:
    row = planned(make, programme(make, place.area))
    elsewhere = browser(place.elsewhere.email)
    elsewhere.get(f"/audits/new?planned={row.id}", status=404)
    form = elsewhere.get("/audits/new").form("title")
    elsewhere.post(f"/audits/new?planned={row.id}", {**form, **due(), "title": "Mine"}, status=404)
    elsewhere.get("/audits/new?planned=999", status=404)


def test_a_confidential_plan_begins_a_confidential_audit(
    app: Flask, make: Maker, place: Place, lead: Browser
) -> None:
    row = planned(
        make,
        programme(make, place.area),
        "Staff conduct",
        framework_id=place.edition.framework_id,
        named=(place.lead, place.ann),
    )
    lead.submit(f"/audits/new?planned={row.id}", due())
    (audit,) = audits(app)
    assert audit.confidential
    with app.app_context():
        assert set(db.session.scalars(select(AuditPerson.person_id))) == {place.lead.id, place.ann.id}


def test_an_audit_that_runs_already_is_put_in_and_taken_out(
    app: Flask, make: Maker, place: Place, lead: Browser, entries: Entries
) -> None:
    row = planned(make, programme(make, place.area))
    audit = make.audit(place.area, place.edition, title="Neglect since May")
    make.audit(make.area("Camden"), place.edition, title="Not here")
    page = lead.get(f"/audits/planned/{row.id}/audits")
    assert "Neglect since May" in page.text
    assert "Not here" not in page.text
    nothing = lead.submit(f"/audits/planned/{row.id}/audits", {})
    assert nothing.field_error("audit") == "Choose an audit"
    page = lead.submit(f"/audits/planned/{row.id}/audits", {"audit": str(audit.id)})
    assert "Fieldwork" in page.text
    assert audits(app)[0].planned_id == row.id
    page = lead.submit(f"/audits/planned/{row.id}/audits", {"untie": "yes"})
    assert "taken out" in page.text
    assert audits(app)[0].planned_id is None
    assert [entry.event for entry in entries("audits.")] == [
        "audits.put_into_programme",
        "audits.taken_out_of_programme",
    ]


def test_an_audit_stands_in_one_programme_and_no_other_areas_is_taken(
    app: Flask, make: Maker, place: Place, lead: Browser
) -> None:
    year = programme(make, place.area)
    first, second = planned(make, year), planned(make, year, "Second")
    audit = make.audit(place.area, place.edition, planned_id=first.id)
    foreign = make.audit(make.area("Camden"), place.edition)
    lead.post(f"/audits/planned/{second.id}/audits", {"audit": str(foreign.id)}, status=404)
    page = lead.post(f"/audits/planned/{second.id}/audits", {"audit": str(audit.id)})
    assert "stands in a programme already" in page.text
    assert [each.planned_id for each in audits(app)] == [first.id, None]


def test_what_was_not_done_is_carried_over_in_one_step(
    app: Flask, make: Maker, place: Place, lead: Browser, entries: Entries
) -> None:
    year = programme(make, place.area)
    late = planned(
        make,
        year,
        "Neglect",
        quarter=3,
        lead_id=place.lead.id,
        agencies=(place.police.id, place.health.id),
        framework_id=place.edition.framework_id,
    )
    dropped = planned(make, year, "Dropped", state=PlanState.DROPPED, state_reason="Inspection")
    begun = planned(make, year, "Begun")
    make.audit(place.area, place.edition, planned_id=begun.id)
    with app.app_context(), writing() as session:
        session.execute(update(Agency).where(Agency.id == place.health.id).values(active=False))
    page = lead.get(f"{YEARS}/{year.id}/carry-over")
    assert page.form("planned")["planned"] == str(late.id), "what was dropped is offered and not ticked"
    assert "Dropped" in page.text
    assert "Begun" not in page.text
    page = lead.submit(f"{YEARS}/{year.id}/carry-over", {"quarter": "1"})
    assert page.heading == "Audit programme 2027/28"
    assert "1 audit is carried over" in page.text
    copy = every_planned(app)[-1]
    assert (copy.title, copy.quarter, copy.carried_from_id, copy.lead_id) == (
        "Neglect",
        1,
        late.id,
        place.lead.id,
    )
    with app.app_context():
        kept = select(PlannedAgency.agency_id).where(PlannedAgency.planned_id == copy.id)
        assert db.session.scalars(kept).all() == [place.police.id]
        assert db.session.scalars(select(Programme.starts_on)).all() == [date(2026, 4, 1), date(2027, 4, 1)]
    assert "programme 2026/27" in lead.get(f"/audits/planned/{copy.id}").text
    old = lead.get(f"/audits/planned/{late.id}")
    assert "Carried over" in old.text
    assert old.links["the programme 2027/28"] == f"/audits/planned/{copy.id}"
    assert "Start this audit" not in old.links
    assert {entry.event for entry in entries("programme.")} == {"programme.added", "programme.carried_over"}
    # Once more, for what was dropped: into the year that is there now.
    page = lead.submit(f"{YEARS}/{year.id}/carry-over", {"planned": str(dropped.id), "quarter": "same"})
    assert "Dropped" in page.text
    assert "Neglect" in page.text


def test_it_is_carried_over_to_the_next_programme_whenever_that_begins(
    app: Flask, make: Maker, place: Place, lead: Browser
) -> None:
    year, later = programme(make, place.area), programme(make, place.area, date(2027, 9, 1))
    planned(make, year)
    page = lead.get(f"{YEARS}/{year.id}/carry-over")
    assert page.heading == "Carry over to 2027/28"
    assert "Quarter 1: September to November 2027" in page.text
    lead.submit(f"{YEARS}/{year.id}/carry-over", {})
    assert every_planned(app)[-1].programme_id == later.id


def test_nothing_is_carried_over_when_one_was_begun_meanwhile(
    app: Flask, make: Maker, place: Place, lead: Browser
) -> None:
    year = programme(make, place.area)
    first, second = planned(make, year, "First"), planned(make, year, "Second")
    form = lead.get(f"{YEARS}/{year.id}/carry-over").form("planned")
    make.audit(place.area, place.edition, planned_id=second.id)
    page = lead.post(f"{YEARS}/{year.id}/carry-over", form)
    assert "Begun or carried over meanwhile: Second" in page.text
    assert [row.id for row in every_planned(app)] == [first.id, second.id]
    nothing = lead.post(f"{YEARS}/{year.id}/carry-over", {"quarter": "same"})
    assert nothing.field_error("planned") == "Tick at least one audit to carry over"


def test_a_confidential_plan_is_carried_over_by_who_is_named_and_stays_so(
    app: Flask, make: Maker, place: Place, browser: Browsers, lead: Browser
) -> None:
    year = programme(make, place.area)
    row = planned(make, year, "Staff conduct", named=(place.lead,))
    other = browser(make.person(Role.QA_LEAD, area=place.area).email)
    form = {"planned": str(row.id), "quarter": "same"}
    assert "Staff conduct" not in other.get(f"{YEARS}/{year.id}/carry-over").html
    other.post(f"{YEARS}/{year.id}/carry-over", form, status=404)
    lead.post(f"{YEARS}/{year.id}/carry-over", form)
    copy = every_planned(app)[-1]
    assert copy.confidential
    with app.app_context():
        named = select(PlannedPerson.person_id).where(PlannedPerson.planned_id == copy.id)
        assert db.session.scalars(named).all() == [place.lead.id]
    assert "Staff conduct" not in other.get(f"{YEARS}/{copy.programme_id}").html


def test_a_carried_copy_is_not_started_twice(app: Flask, make: Maker, place: Place, lead: Browser) -> None:
    year = programme(make, place.area)
    row = planned(make, year, framework_id=place.edition.framework_id)
    form = {**lead.get(f"/audits/new?planned={row.id}").form("title"), **due()}
    lead.submit(f"{YEARS}/{year.id}/carry-over", {})
    assert "start it from there" in lead.post(f"/audits/new?planned={row.id}", form).text
    assert not audits(app)


def test_repeating_an_audit_copies_scope_and_agencies_and_no_case(
    app: Flask, make: Maker, place: Place, lead: Browser, browser: Browsers
) -> None:
    other = make.person(Role.QA_LEAD, area=place.area, name="Lena Lead")
    first = make.audit(
        place.area,
        place.edition,
        (place.police,),
        stage=Stage.REPORTED,
        title="Thresholds",
        theme="Decisions",
        terms_of_reference="To learn.",
        key_lines_of_enquiry="Was it in time?",
        lead_id=other.id,
    )
    make.case(first)
    newer = make.edition()
    page = lead.get(lead.get(f"/audits/{first.id}").links["Repeat this audit"])
    assert page.heading == "Repeat this audit"
    assert f"edition {newer.number}. The earlier audit used edition {place.edition.number}." in page.text
    page = lead.submit(f"/audits/new?repeats={first.id}", {**due(), "title": "Thresholds again"})
    second = audits(app)[-1]
    assert (second.repeats_id, second.edition_id, second.lead_id) == (first.id, newer.id, other.id)
    assert (second.theme, second.terms_of_reference, second.key_lines_of_enquiry) == (
        "Decisions",
        "To learn.",
        "Was it in time?",
    )
    with app.app_context():
        assert [agency.name for agency in agencies_of(second.id)] == ["Police"]
        assert not db.session.scalars(select(Case).where(Case.audit_id == second.id)).all()
    assert "Repeats Thresholds" in page.text
    assert "1 case" in page.text
    assert page.links[f"How it went: analysis of {first.reference}"] == f"/audits/{first.id}/analysis"
    assert "Repeated by Thresholds again" in lead.get(f"/audits/{first.id}").text
    agency = browser(place.police_lead.email).get(f"/audits/{first.id}")
    assert "Repeated by Thresholds again" in agency.text
    assert "How it went" not in agency.text


def test_a_withdrawn_framework_and_an_agency_that_left_are_said(
    app: Flask, make: Maker, place: Place, lead: Browser
) -> None:
    former = make.person(Role.AUDITOR, agency=place.police, name="Fay Former")
    first = make.audit(place.area, place.edition, (place.police, place.health), lead_id=former.id)
    with app.app_context(), writing() as session:
        session.execute(
            update(Edition).where(Edition.id == place.edition.id).values(state=EditionState.WITHDRAWN)
        )
        session.execute(update(Agency).where(Agency.id == place.health.id).values(active=False))
    make.edition(key="another", name="Another")
    page = lead.get(f"/audits/new?repeats={first.id}")
    assert "cannot be used here any more: choose one" in page.text
    assert "left out: Health." in page.text
    assert "Fay Former is not a QA lead of the area" in page.text
    page = lead.submit(f"/audits/new?repeats={first.id}", due())
    assert page.field_error("edition") == "Choose a framework"


def test_a_confidential_cycle_is_not_named_to_who_may_not_know_of_it(
    make: Maker, place: Place, browser: Browsers, lead: Browser
) -> None:
    first = make.audit(place.area, place.edition, (place.police,), title="Open")
    secret = make.audit(
        place.area,
        place.edition,
        (place.police,),
        title="Staff conduct",
        repeats_id=first.id,
        confidential=True,
    )
    make.add(AuditPerson(audit_id=secret.id, person_id=place.lead.id))
    assert "Staff conduct" in lead.get(f"/audits/{first.id}").text
    other = browser(make.person(Role.QA_LEAD, area=place.area).email)
    assert "Staff conduct" not in other.get(f"/audits/{first.id}").html
    other.get(f"/audits/new?repeats={secret.id}", status=404)
    browser(place.police_lead.email).get(f"/audits/new?repeats={first.id}", status=403)
    browser(place.elsewhere.email).get(f"/audits/new?repeats={first.id}", status=404)


def test_the_lead_can_be_another_qa_lead_of_the_area(
    app: Flask, make: Maker, place: Place, lead: Browser
) -> None:
    other = make.person(Role.QA_LEAD, area=place.area, name="Lena Lead")
    audit = make.audit(place.area, place.edition, (place.police,), lead_id=place.lead.id)
    page = lead.submit(f"/audits/{audit.id}/edit", {"lead": str(other.id)})
    assert "Lead Lena Lead" in page.text
    page = lead.submit(f"/audits/{audit.id}/edit", {"lead": str(place.elsewhere.id)})
    assert page.field_error("lead") == "Choose a QA lead of the area"
    assert audits(app)[0].lead_id == other.id


def test_the_trail_of_a_planned_audit_holds_no_title(
    make: Maker, place: Place, lead: Browser, entries: Entries
) -> None:
    row: PlannedAudit = planned(make, programme(make, place.area), "Staff conduct")
    lead.submit(f"/audits/planned/{row.id}/edit", {"theme": "Private", "confidential": "y"})
    (entry,) = entries("programme.audit_changed")
    assert set(entry.fields.split(",")) == {"theme", "confidential", "named"}
