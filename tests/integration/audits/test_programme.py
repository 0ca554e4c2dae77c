"""A year's programme, by its pages: begun, planned, read, changed, printed."""

from collections.abc import Callable, Sequence
from datetime import date
from io import BytesIO

import pytest
from flask import Flask
from pypdf import PdfReader
from sqlalchemy import select

from qa.accounts.permissions import Role
from qa.audits.lifecycle import Stage
from qa.audits.models import AuditPerson
from qa.audits.programme.models import PlannedAgency, PlannedPerson, Programme
from qa.audits.programme.planned import MOST_PLANNED, PlanState
from qa.db import db, today
from qa.trail.models import TrailEntry
from tests.integration.audits.conftest import Place
from tests.integration.audits.programming import every_planned, planned, programme
from tests.support.factories import Maker
from tests.support.pages import Browser

Browsers = Callable[[str], Browser]
Entries = Callable[[str], Sequence[TrailEntry]]
NASTY = "<script>alert(1)</script> & “drift”"
YEARS = "/audits/programmes"


def typed(**changes: object) -> dict[str, object]:
    """What a QA lead types for a planned audit."""
    return {"title": "Neglect", "reason": "data", "method": "dip_sample", "quarter": "2", **changes}


def test_a_programme_is_begun_for_an_area_and_its_first_month(
    app: Flask, place: Place, lead: Browser, entries: Entries
) -> None:
    assert "There is no programme yet" in lead.get(YEARS).text
    page = lead.submit(f"{YEARS}/new", {"month": "9", "year": "2026", "note": f"{NASTY}\n\nAfter inspection"})
    assert page.heading == "Audit programme 2026/27"
    assert "September 2026 to August 2027" in page.text
    assert "After inspection" in page.text
    assert "<script>alert" not in page.html
    assert "Nothing is planned in this year yet" in page.text
    with app.app_context():
        (row,) = db.session.scalars(select(Programme))
    assert (row.area_id, row.starts_on) == (place.area.id, date(2026, 9, 1))
    (entry,) = entries("programme.")
    assert (entry.event, entry.area_id, "drift" in entry.fields) == ("programme.added", place.area.id, False)
    assert "Havering 2026/27" in lead.get(YEARS).text


@pytest.mark.parametrize("year", ["", "soon", "26", "1999", "9999", "-1"])
def test_a_year_that_is_none_is_said_beside_it(place: Place, lead: Browser, year: str) -> None:
    page = lead.submit(f"{YEARS}/new", {"year": year, "note": "Typed already"})
    assert page.field_error("year")
    assert "Typed already" in page.html


@pytest.mark.parametrize("together", [False, True])
def test_there_is_one_programme_from_a_month_on(
    make: Maker, place: Place, browser: Browsers, together: bool
) -> None:
    everywhere = browser(make.person(Role.QA_LEAD).email)
    programme(make, None if together else place.area)
    form = {"area": "all" if together else str(place.area.id), "month": "4", "year": "2026"}
    page = everywhere.submit(f"{YEARS}/new", form)
    assert page.field_error("year") == "There is a programme from that month on already"
    other = {**form, "area": str(place.area.id) if together else "all"}
    assert everywhere.submit(f"{YEARS}/new", other).heading == "Audit programme 2026/27"


def test_an_audit_is_planned_with_all_that_was_typed(
    app: Flask, make: Maker, place: Place, lead: Browser, entries: Entries
) -> None:
    year = programme(make, place.area)
    page = lead.submit(
        f"{YEARS}/{year.id}/planned/new",
        typed(
            title=NASTY,
            theme="Lived experience",
            reason="other",
            reason_words="Asked for by the board",
            until="4",
            framework=str(place.edition.framework_id),
            lead=str(place.lead.id),
            agencies=[str(place.police.id)],
        ),
    )
    assert page.heading == NASTY
    for words in (
        "Lived experience",
        "Asked for by the board",
        "Dip sample",
        "Quarters 2 to 4: July 2026 to March 2027",
        place.edition.content.name,
        "Quinn Lead",
        "Police",
    ):
        assert words in page.text
    assert "<script>alert" not in page.html
    (row,) = every_planned(app)
    with app.app_context():
        assert db.session.scalars(select(PlannedAgency.agency_id)).all() == [place.police.id]
    (entry,) = entries("programme.")
    assert (entry.event, entry.record_id) == ("programme.audit_planned", row.id)


def test_a_mistake_is_said_beside_its_field_and_nothing_is_lost(
    app: Flask, make: Maker, place: Place, lead: Browser
) -> None:
    year = programme(make, place.area)
    page = lead.submit(
        f"{YEARS}/{year.id}/planned/new",
        typed(title="", theme="Kept"),
    )
    assert page.field_error("title") == "Enter a title"
    page = lead.submit(
        f"{YEARS}/{year.id}/planned/new",
        typed(theme="Kept", reason="other", quarter="3", until="2"),
    )
    assert page.field_error("reason_words") == "Say what the reason is"
    assert "before quarter 3" in page.field_error("until")
    assert page.form("title")["theme"] == "Kept"
    assert not every_planned(app)


def test_what_belongs_to_another_area_is_refused(
    app: Flask, make: Maker, place: Place, lead: Browser
) -> None:
    year, foreign = programme(make, place.area), make.agency("Elsewhere")
    own = make.edition(key="theirs", name="Theirs", area=make.area("Camden"))
    page = lead.submit(
        f"{YEARS}/{year.id}/planned/new",
        typed(
            agencies=[str(foreign.id)],
            lead=str(place.elsewhere.id),
            framework=str(own.framework_id),
            confidential="y",
            named=["99999"],
        ),
    )
    for field in ("agencies", "lead", "framework", "named"):
        assert "from the list" in page.field_error(field)
    assert not every_planned(app)


def test_a_year_shows_each_audit_where_it_stands(make: Maker, place: Place, lead: Browser) -> None:
    year = programme(make, place.area)
    done, running = planned(make, year, "Thresholds"), planned(make, year, "Neglect", lead_id=place.lead.id)
    planned(make, year, "Exploitation", quarter=4, state=PlanState.POSTPONED, state_reason="No auditor")
    for row, stage, day in (
        (done, Stage.REPORTED, date(2026, 6, 1)),
        (running, Stage.PANEL, date(2026, 8, 1)),
    ):
        make.audit(place.area, place.edition, stage=stage, planned_id=row.id, returns_due_on=day)
    page = lead.get(f"{YEARS}/{year.id}")
    assert "1 under way, 1 done, 1 postponed" in page.text
    assert "Reported" in page.text
    assert "Quarter 1: August 2026" in page.text
    assert "Quarter 4: January to March 2027" in page.text
    titles = [name for name in page.links if name in {"Thresholds", "Neglect", "Exploitation"}]
    assert titles == ["Neglect", "Thresholds", "Exploitation"]
    only = lead.get(f"{YEARS}/{year.id}?status=postponed").text
    assert "Exploitation" in only
    assert "Thresholds" not in only
    assert "Thresholds" not in lead.get(f"{YEARS}/{year.id}?lead={place.lead.id}").text
    assert "Neglect" not in lead.get(f"{YEARS}/{year.id}?lead=0").links
    assert "matches these filters" in lead.get(f"{YEARS}/{year.id}?text=nothing").text


def test_programmes_are_narrowed_by_area_and_year(make: Maker, place: Place, browser: Browsers) -> None:
    everywhere = browser(make.person(Role.QA_LEAD).email)
    programme(make, place.area)
    programme(make, place.area, date(2027, 4, 1))
    programme(make, None)
    assert "3 programmes" in everywhere.get(YEARS).text
    assert "Havering 2026/27" not in everywhere.get(f"{YEARS}?area=all").links
    assert list(everywhere.get(f"{YEARS}?year=2027-04-01").links).count("Havering 2027/28") == 1
    assert "1 programme" in everywhere.get(f"{YEARS}?year=2027-04-01").text
    assert "No programme matches" in everywhere.get(f"{YEARS}?year=2030-04-01").text
    assert everywhere.get(f"{YEARS}?area=x&year=never&page=9").status == 200


def test_two_who_change_the_same_planned_audit_see_both_versions(
    app: Flask, make: Maker, place: Place, lead: Browser
) -> None:
    row = planned(make, programme(make, place.area), theme="First")
    old = lead.get(f"/audits/planned/{row.id}/edit").form("title")
    lead.submit(f"/audits/planned/{row.id}/edit", {"theme": "Second"})
    page = lead.post(f"/audits/planned/{row.id}/edit", {**old, "theme": "Third"}, status=409)
    assert "Second" in page.text
    assert "Third" in page.text
    assert every_planned(app)[0].theme == "Second"


def test_two_who_change_the_same_programme_see_both_versions(
    make: Maker, place: Place, lead: Browser
) -> None:
    year = programme(make, place.area, note="First")
    old = lead.get(f"{YEARS}/{year.id}/edit").form("note")
    assert "Second" in lead.submit(f"{YEARS}/{year.id}/edit", {"note": "Second", "month": "5"}).text
    page = lead.post(f"{YEARS}/{year.id}/edit", {**old, "note": "Third"}, status=409)
    assert "Second" in page.text
    assert "May" in page.text


def test_an_audit_is_dropped_with_a_reason_and_a_mistake_is_removed(
    app: Flask, make: Maker, place: Place, lead: Browser
) -> None:
    year = programme(make, place.area)
    row, mistake = planned(make, year), planned(make, year, "Mistake", agencies=(place.police.id,))
    change = f"/audits/planned/{row.id}/edit"
    page = lead.submit(change, {"state": "dropped", "theme": "Typed already"})
    assert page.field_error("state_reason") == "Say why it is dropped"
    page = lead.submit(change, {"state": "dropped", "state_reason": "The inspection covered it"})
    assert "Dropped" in page.text
    assert "The inspection covered it" in page.text
    assert "Mistake is removed" in lead.submit(f"/audits/planned/{mistake.id}/remove", {}).text
    assert [each.title for each in every_planned(app)] == ["Neglect"]


def test_what_was_begun_is_not_removed_and_keeps_its_stage(
    app: Flask, make: Maker, place: Place, lead: Browser
) -> None:
    year = programme(make, place.area)
    row = planned(make, year)
    make.audit(place.area, place.edition, planned_id=row.id)
    assert "so it stays" in lead.get(f"/audits/planned/{row.id}/remove").text
    assert "so it stays" in lead.post(f"/audits/planned/{row.id}/remove", {}).text
    page = lead.submit(f"/audits/planned/{row.id}/edit", {"theme": "New", "state": "dropped"})
    assert "Fieldwork" in page.text
    (kept,) = every_planned(app)
    assert (kept.theme, kept.state) == ("New", PlanState.PLANNED)
    assert "cannot be removed" in lead.submit(f"{YEARS}/{year.id}/remove", {}).text


def test_an_empty_programme_is_removed(app: Flask, make: Maker, place: Place, lead: Browser) -> None:
    year = programme(make, place.area)
    assert "The programme is removed" in lead.submit(f"{YEARS}/{year.id}/remove", {}).text
    with app.app_context():
        assert not db.session.scalars(select(Programme)).all()


def test_a_programme_holds_so_many_and_no_more(make: Maker, place: Place, lead: Browser) -> None:
    year = programme(make, place.area)
    for number in range(MOST_PLANNED):
        planned(make, year, f"Audit {number}")
    page = lead.submit(f"{YEARS}/{year.id}/planned/new", typed())
    assert f"{MOST_PLANNED} audits at most" in page.text


def test_a_confidential_planned_audit_is_there_for_the_people_named_alone(
    app: Flask, make: Maker, place: Place, browser: Browsers, lead: Browser
) -> None:
    year = programme(make, place.area)
    lead.submit(
        f"{YEARS}/{year.id}/planned/new",
        typed(title="Staff conduct", confidential="y", named=[str(place.police_lead.id)]),
    )
    (row,) = every_planned(app)
    with app.app_context():
        named = set(db.session.scalars(select(PlannedPerson.person_id)))
    assert named == {place.lead.id, place.police_lead.id}
    assert "Confidential" in lead.get(f"{YEARS}/{year.id}").text
    assert "Staff conduct" in browser(place.police_lead.email).get(f"{YEARS}/{year.id}").text
    for person in (
        make.person(Role.QA_LEAD, area=place.area),
        make.person(Role.PARTNERSHIP_MEMBER, area=place.area),
        make.person(Role.AGENCY_LEAD, agency=place.health),
    ):
        other = browser(person.email)
        page = other.get(f"{YEARS}/{year.id}")
        assert "Staff conduct" not in page.html
        assert "Nothing is planned" in page.text
        other.get(f"/audits/planned/{row.id}", status=404)
        assert "Staff conduct" not in other.get(YEARS).html


def test_a_confidential_audit_hides_what_was_planned_openly(
    make: Maker, place: Place, browser: Browsers, lead: Browser
) -> None:
    year = programme(make, place.area)
    row = planned(make, year, "Staff conduct")
    audit = make.audit(place.area, place.edition, planned_id=row.id, confidential=True, title="Staff conduct")
    make.add(AuditPerson(audit_id=audit.id, person_id=place.lead.id))
    assert "Staff conduct" in lead.get(f"{YEARS}/{year.id}").text
    other = browser(make.person(Role.QA_LEAD, area=place.area).email)
    assert "Staff conduct" not in other.get(f"{YEARS}/{year.id}").html
    other.get(f"/audits/planned/{row.id}", status=404)
    other.get(f"/audits/new?planned={row.id}", status=404)


def test_who_is_named_on_the_audit_of_a_confidential_plan_sees_it(
    make: Maker, place: Place, browser: Browsers
) -> None:
    year = programme(make, place.area)
    row = planned(make, year, "Staff conduct", named=(place.lead,))
    browser(place.police_lead.email).get(f"/audits/planned/{row.id}", status=404)
    audit = make.audit(place.area, place.edition, planned_id=row.id, confidential=True)
    make.add(AuditPerson(audit_id=audit.id, person_id=place.police_lead.id))
    assert browser(place.police_lead.email).get(f"/audits/planned/{row.id}").status == 200
    browser(place.lead.email).get(f"/audits/planned/{row.id}", status=404)


def test_members_and_agency_leads_of_the_area_read_and_change_nothing(
    make: Maker, place: Place, browser: Browsers
) -> None:
    year, together = programme(make, place.area), programme(make, None)
    row = planned(make, year)
    audit = make.audit(place.area, place.edition, planned_id=row.id)
    member = browser(make.person(Role.PARTNERSHIP_MEMBER, area=place.area).email)
    assert "Programme" in member.get("/").links
    for reader in (member, browser(place.police_lead.email)):
        page = reader.get(f"{YEARS}/{year.id}")
        assert "Neglect" in page.text
        assert "Plan an audit" not in page.text
        assert reader.get(f"{YEARS}/{together.id}").status == 200
        shown = reader.get(f"/audits/planned/{row.id}")
        assert "Fieldwork" in shown.text
        assert "Change what is planned" not in shown.text
        assert f"/audits/{audit.id}" not in shown.links.values()
        reader.get(f"/audits/planned/{row.id}/edit", status=403)
    foreign = make.person(Role.PARTNERSHIP_MEMBER, area=make.area("Camden"))
    browser(foreign.email).get(f"{YEARS}/{year.id}", status=404)
    browser(place.elsewhere.email).get(f"{YEARS}/{year.id}", status=404)


def test_the_programme_of_all_areas_is_kept_by_qa_leads_of_all_areas(
    make: Maker, place: Place, browser: Browsers, lead: Browser
) -> None:
    together = programme(make, None)
    page = lead.get(f"{YEARS}/{together.id}")
    assert "All areas together" in page.text
    assert "Plan an audit" not in page.text
    lead.get(f"{YEARS}/{together.id}/edit", status=403)
    assert "All areas together" not in lead.get(f"{YEARS}/new").text
    everywhere = browser(make.person(Role.QA_LEAD).email)
    made = everywhere.submit(f"{YEARS}/{together.id}/planned/new", typed(title="Thresholds everywhere"))
    assert made.heading == "Thresholds everywhere"


def test_the_pdf_has_the_year_and_never_what_is_confidential(
    make: Maker, place: Place, lead: Browser
) -> None:
    year = programme(make, place.area, note="Follows the inspection.")
    row = planned(
        make, year, "Thresholds at the front door", lead_id=place.lead.id, theme="Decisions in a day"
    )
    make.audit(place.area, place.edition, planned_id=row.id, returns_due_on=date(2026, 5, 5))
    planned(make, year, "Neglect", quarter=3, state=PlanState.DROPPED, state_reason="Covered elsewhere")
    planned(make, year, "Staff conduct", named=(place.lead,))
    answer = lead.client.get(f"{YEARS}/{year.id}/programme.pdf")
    assert answer.mimetype == "application/pdf"
    assert "programme-havering-2026-27.pdf" in answer.headers["Content-Disposition"]
    text = " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(answer.data)).pages).split())
    for words in (
        "Audit programme 2026/27",
        "Follows the inspection.",
        "Thresholds at the front door",
        "Quarter 4",
        "Fieldwork",
        "Covered elsewhere",
        "Decisions in a day",
        "Quinn Lead",
    ):
        assert words in text
    assert "Staff conduct" not in text
    assert "confidential" in text


def test_an_empty_year_prints_too(make: Maker, place: Place, lead: Browser) -> None:
    year = programme(make, place.area)
    answer = lead.client.get(f"{YEARS}/{year.id}/programme.pdf")
    assert "No audit is planned" in PdfReader(BytesIO(answer.data)).pages[-1].extract_text()


def quarter_now() -> tuple[date, int]:
    """When a programme began whose second quarter is now."""
    day = today()
    months = day.year * 12 + day.month - 1 - 4
    return date(months // 12, months % 12 + 1, 1), 2


def test_the_home_page_counts_what_was_to_start_by_now(
    make: Maker, place: Place, browser: Browsers, lead: Browser
) -> None:
    assert "to start" not in lead.get("/").text
    begins, now = quarter_now()
    year = programme(make, place.area, begins)
    planned(make, year, "Overdue", quarter=now - 1)
    planned(make, year, "Now", quarter=now)
    planned(make, year, "Later", quarter=now + 1)
    planned(make, year, "Postponed", quarter=now, state=PlanState.POSTPONED, state_reason="No auditor")
    planned(make, year, "Secret", quarter=now, named=(place.ann,))
    begun = planned(make, year, "Begun", quarter=now)
    make.audit(place.area, place.edition, planned_id=begun.id)
    page = lead.get("/")
    assert "2 planned audits to start" in page.text
    assert "1 of an earlier quarter." in page.text
    assert any(f"{YEARS}/{year.id}?status=planned" in href for href in page.links.values())
    assert "to start" not in browser(place.elsewhere.email).get("/").text
    assert "to start" not in browser(place.police_lead.email).get("/").text
    planned(make, programme(make, place.area, begins.replace(year=begins.year - 1)), "Last year")
    assert "3 planned audits to start" in lead.get("/").text
