"""Findings of the panel's own."""

from flask import Flask
from sqlalchemy import select

from qa.accounts.permissions import Role
from qa.db import db
from qa.recommendations.models import RecommendationFinding
from qa.returns.models import Finding
from qa.returns.vocabulary import FindingKind
from tests.integration.moderation.conftest import Scene, Visit, events
from tests.support.factories import Maker
from tests.support.pages import Page

TEXT = "The panel saw how quickly school and hub worked together."


def findings(app: Flask) -> list[Finding]:
    """Every finding, in order."""
    with app.app_context():
        return list(db.session.scalars(select(Finding).order_by(Finding.id)))


def add(scene: Scene, visit: Visit, **changes: str) -> str:
    """Add a finding by its form; gives back the text of the page reached."""
    data = {"kind": "strength", "section": "front_door", "text": TEXT, **changes}
    return visit(scene.lead.email).submit(f"{scene.page}/findings/new", data).text


def test_the_panel_adds_a_finding_that_is_nobodys_but_its_own(
    app: Flask, open_case: Scene, browser: Visit
) -> None:
    text = add(open_case, browser)
    assert f"Saved Strengths {TEXT} Panel · Change" in text
    (row,) = findings(app)
    assert (row.return_id, row.agency_id, row.released) == (None, None, True)
    assert (row.kind, row.section_id) == (FindingKind.STRENGTH, open_case.edition.ids.sections["front_door"])
    assert [entry.event for entry in events(app, "moderation.finding_added")] == ["moderation.finding_added"]
    assert f"{TEXT} Panel" in browser(open_case.health_lead.email).get(open_case.page).text


def test_the_link_in_a_section_chooses_the_section(open_case: Scene, browser: Visit) -> None:
    page = browser(open_case.lead.email).get(f"{open_case.page}/findings/new?section=front_door")
    form = page.form("text")
    assert form["section"] == "front_door"


def test_a_finding_on_the_whole_case_has_no_section(app: Flask, open_case: Scene, browser: Visit) -> None:
    add(open_case, browser, section="", kind="area_for_improvement")
    (row,) = findings(app)
    assert (row.section_id, row.kind) == (None, FindingKind.AREA_FOR_IMPROVEMENT)


def test_a_finding_needs_a_kind_and_words(app: Flask, open_case: Scene, browser: Visit) -> None:
    lead = browser(open_case.lead.email)
    page = lead.post(f"{open_case.page}/findings/new", {"section": "front_door", "text": ""})
    assert page.field_error("kind") == "Choose a strength or an area for improvement"
    assert page.field_error("text") == "Write what the panel found"
    assert page.form("text")["section"] == "front_door"
    assert findings(app) == []


def test_a_finding_that_could_identify_the_child_is_asked_about_and_kept_as_typed(
    app: Flask, open_case: Scene, browser: Visit
) -> None:
    lead = browser(open_case.lead.email)
    address = f"{open_case.page}/findings"
    typed = "Mother can be reached at a.b@example.org."
    page = lead.post(f"{address}/new", {"kind": "strength", "section": "", "text": typed})
    problem = "“a.b@example.org” looks like an e-mail address. Replace it, or say why it has to stay"
    assert page.field_error("text") == problem
    assert page.errors == [problem]
    assert str(page.form("text")["text"]).strip() == typed
    assert findings(app) == []
    add(open_case, browser)
    (row,) = findings(app)
    page = lead.submit(f"{address}/{row.id}", {"text": "Born on 3 March 2020."})
    assert "“3 March 2020” looks like a date of birth" in page.field_error("text")
    assert findings(app)[0].text == TEXT
    page = lead.post(f"{address}/{row.id}", {**page.form("text"), "guard": f"replace:{token(page)}"})
    assert "Replaced, but not saved yet" in page.text
    assert str(page.form("text")["text"]).strip() == "Born on [date of birth]."
    assert findings(app)[0].text == TEXT
    lead.post(f"{address}/{row.id}", page.form("text"))
    assert findings(app)[0].text == "Born on [date of birth]."


def token(page: Page) -> str:
    """What stands for what was found in the text."""
    return str(page.form("text")["asked-text"]).partition("|")[0]


def test_what_has_to_stay_in_a_finding_stays_with_a_reason(
    app: Flask, open_case: Scene, browser: Visit
) -> None:
    lead = browser(open_case.lead.email)
    typed = {"kind": "strength", "section": "", "text": "The school at RM10 7XX acted."}
    page = lead.post(f"{open_case.page}/findings/new", typed)
    sent = {**page.form("text"), f"why-{token(page)}": "The school’s own postcode", "kind": ""}
    page = lead.post(f"{open_case.page}/findings/new", sent)
    assert page.errors == ["Choose a strength or an area for improvement"]
    form = page.form("text")
    assert form[f"why-{token(page)}"] == "The school’s own postcode"
    lead.post(f"{open_case.page}/findings/new", {**form, "kind": "strength"})
    (row,) = findings(app)
    assert row.text == typed["text"]
    lead.submit(f"{open_case.page}/findings/{row.id}", {"text": f"{row.text} At once."}, holding="text")
    assert findings(app)[0].text == f"{row.text} At once."


def test_a_finding_is_changed_and_deleted(app: Flask, open_case: Scene, browser: Visit) -> None:
    add(open_case, browser)
    address = f"{open_case.page}/findings/{findings(app)[0].id}"
    lead = browser(open_case.lead.email)
    lead.submit(address, {"text": "In better words."}, holding="text")
    (row,) = findings(app)
    assert (row.text, row.version) == ("In better words.", 2)
    assert [entry.fields for entry in events(app, "moderation.finding_changed")] == ["text"]
    page = lead.post(f"{address}/removal", {"version": "2"})
    assert "In better words." not in page.text
    assert findings(app) == []
    assert len(events(app, "moderation.finding_removed")) == 1


def test_a_stale_finding_shows_both_versions(app: Flask, open_case: Scene, browser: Visit) -> None:
    add(open_case, browser)
    address = f"{open_case.page}/findings/{findings(app)[0].id}"
    lead = browser(open_case.lead.email)
    lead.submit(address, {"text": "Theirs."}, holding="text")
    data = {"kind": "strength", "section": "", "text": "Mine.", "version": "1"}
    page = lead.post(address, data, status=409)
    for words in ("Theirs.", "Mine.", "Front door and threshold", "The whole case"):
        assert words in page.text
    lead.post(f"{address}/removal", {"version": "1"}, status=409)
    lead.post(address, page.form("text"))
    assert findings(app)[0].text == "Mine."


def test_a_finding_a_recommendation_rests_on_is_not_deleted(
    app: Flask, make: Maker, open_case: Scene, browser: Visit
) -> None:
    add(open_case, browser)
    (row,) = findings(app)
    recommendation = make.recommendation(open_case.audit)
    make.add(RecommendationFinding(recommendation_id=recommendation.id, finding_id=row.id))
    page = browser(open_case.lead.email).post(f"{open_case.page}/findings/{row.id}/removal", {"version": "1"})
    assert page.errors == [
        "A recommendation rests on this finding. Take the finding off the recommendation first"
    ]
    assert len(findings(app)) == 1


def test_agencies_findings_are_not_the_panels_to_change(
    app: Flask, make: Maker, open_case: Scene, browser: Visit
) -> None:
    row = make.finding(open_case.health_return, open_case.edition)
    lead = browser(open_case.lead.email)
    lead.get(f"{open_case.page}/findings/{row.id}", status=404)
    lead.post(f"{open_case.page}/findings/{row.id}/removal", {"version": "1"}, status=404)
    assert len(findings(app)) == 1


def test_only_qa_leads_of_the_area_write_for_the_panel(
    app: Flask, make: Maker, open_case: Scene, browser: Visit
) -> None:
    data = {"kind": "strength", "section": "", "text": TEXT}
    browser(open_case.health_lead.email).post(f"{open_case.page}/findings/new", data, status=403)
    browser(open_case.other_lead.email).post(f"{open_case.page}/findings/new", data, status=404)
    # Leading elsewhere and working for an agency here does not add up to leading here.
    both = make.grant(open_case.other_lead, Role.AUDITOR, agency=open_case.health)
    assert browser(both.email).get(open_case.page).heading == "Case HP-001: panel"
    browser(both.email).get(f"{open_case.page}/findings/new", status=404)
    browser(both.email).post(f"{open_case.page}/findings/new", data, status=404)
    assert findings(app) == []
