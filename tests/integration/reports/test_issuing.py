"""Issuing a report: what is kept never changes, versions are numbered once, and who reads them."""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import delete, select, update

from qa.accounts.permissions import CurrentPerson, Role
from qa.audits.lifecycle import Stage
from qa.audits.models import Audit, AuditPerson
from qa.db import db, writing
from qa.problems import NotFound, Refused
from qa.reports import commands
from qa.reports.models import IssuedReport, ReportDraft
from qa.returns.models import Answer
from tests.integration.analysis import scene as scenes
from tests.integration.analysis.scene import COUNCIL, Scene
from tests.integration.reports.conftest import Visit, issue, press_issue, trail, write
from tests.integration.reports.reading import pdf
from tests.support.factories import Maker


def kept(app: Flask) -> list[tuple[int, str, int, str, bytes, str]]:
    """Every issued report whole, oldest first."""
    row = IssuedReport
    query = select(row.number, row.title, row.size, row.sha256, row.content, row.page).order_by(row.id)
    with app.app_context():
        return [tuple(found) for found in db.session.execute(query)]  # type: ignore[misc]


def test_the_report_is_issued_as_the_draft_stood(app: Flask, scene: Scene, browser: Visit) -> None:
    lead = browser(scene.lead.email)
    draft = lead.get(scene.report)
    page = press_issue(lead, scene)
    assert page.heading == "Help and protection"
    assert "The report is issued. It will not change any more." in page.text
    assert "Version 1" in page.text
    assert "Status Issued" in page.text
    body = draft.text[draft.text.index("Executive summary") :]
    assert body[:3000].replace("Draft", "Issued") in page.text
    file = pdf(lead.get(page.links["Download as PDF"]))
    assert "Version 1" in file.pages[0]
    assert "Issued" in file.pages[0]


def test_post_to_issue(scene: Scene, browser: Visit) -> None:
    """The button's form goes to its own address, and asking for that address changes nothing."""
    page = browser(scene.lead.email).get(scene.report)
    assert [form.get("action") for form in page.all("form")][-1] == f"{scene.report}/issue"
    browser(scene.lead.email).get(f"{scene.report}/issue", status=405)


def test_what_is_kept_never_changes(app: Flask, scene: Scene, make: Maker, browser: Visit) -> None:
    write(make, scene, "The words of the day.")
    report_id = issue(app, scene)
    before = kept(app)
    lead = browser(scene.lead.email)
    page, file = lead.get(f"/reports/{report_id}"), lead.get(f"/reports/{report_id}/file")
    shown, content = page.text, file.response.get_data()
    make.finding(scene.made["C1", COUNCIL], scene.edition, "Found afterwards.")
    make.recommendation(scene.audit, "Recommended afterwards.")
    with app.app_context(), writing() as session:
        session.execute(update(Audit).values(title="Renamed afterwards"))
        session.execute(update(ReportDraft).values(executive_summary="Written afterwards."))
        session.execute(delete(Answer))
    assert kept(app) == before
    assert lead.get(f"/reports/{report_id}").text == shown
    assert lead.get(f"/reports/{report_id}/file").response.get_data() == content
    assert "The words of the day." in shown
    assert "Written afterwards." in lead.get(scene.report).text


def test_a_file_is_what_its_digest_says(app: Flask, scene: Scene) -> None:
    issue(app, scene)
    ((number, title, size, digest, content, page),) = kept(app)
    assert (number, title, size) == (1, "Help and protection", len(content))
    assert hashlib.sha256(content).hexdigest() == digest
    assert "<article" in page


def test_versions_are_counted_up(app: Flask, scene: Scene, browser: Visit) -> None:
    issue(app, scene)
    lead = browser(scene.lead.email)
    assert "Version 2" in lead.get(scene.report).text
    press_issue(lead, scene)
    assert [row[0] for row in kept(app)] == [1, 2]
    draft = lead.get(scene.report)
    assert "version 2," in draft.text
    assert "version 1," in draft.text
    assert draft.text.index("version 2,") < draft.text.index("version 1,")


@pytest.mark.parametrize("stage", [Stage.PLANNING, Stage.FIELDWORK])
def test_before_the_panel_it_is_refused_in_a_sentence(
    app: Flask, make: Maker, browser: Visit, stage: Stage
) -> None:
    scene = scenes.people(make, stage)
    lead = browser(scene.lead.email)
    page = lead.get(scene.report)
    assert "It can be issued from the panel stage on" in page.text
    assert "Issue this report" not in page.text
    refusal = lead.post(f"{scene.report}/issue", {"version": "0"})
    assert refusal.errors == [commands.TOO_EARLY]
    assert refusal.heading == "Help and protection"
    assert kept(app) == []
    assert "reports.issued" not in [entry[0] for entry in trail(app)]


@pytest.mark.parametrize(
    ("stage", "words"),
    [
        (Stage.PANEL, "can read it once the audit is marked as reported"),
        (Stage.REPORTED, "lets partnership members and agency leads read it"),
        (Stage.CLOSED, "lets partnership members and agency leads read it"),
    ],
)
def test_from_the_panel_on_it_says_who_will_read_it(
    app: Flask, make: Maker, browser: Visit, stage: Stage, words: str
) -> None:
    scene = scenes.people(make, stage)
    lead = browser(scene.lead.email)
    assert words in lead.get(scene.report).text
    press_issue(lead, scene)
    assert len(kept(app)) == 1
    browser(scene.member.email).get("/reports/1", status=404 if stage is Stage.PANEL else 200)


def test_pressing_the_button_twice_issues_one_version(app: Flask, scene: Scene, browser: Visit) -> None:
    lead = browser(scene.lead.email)
    form = lead.get(scene.report).form("version")
    lead.post(f"{scene.report}/issue", form)
    again = lead.post(f"{scene.report}/issue", form)
    assert again.errors == ["Version 1 was issued meanwhile. Read it before you issue another."]
    assert [row[0] for row in kept(app)] == [1]


def test_two_who_issue_at_once_do_not_make_two_first_versions(app: Flask, scene: Scene, make: Maker) -> None:
    other = make.person(Role.QA_LEAD, area=scene.area)
    start = Barrier(2)

    def act(person: CurrentPerson) -> str:
        with app.app_context():
            start.wait()
            try:
                commands.issue(person, scene.audit.id, after=0)
            except Refused as refusal:
                return str(refusal)
            return "issued"

    with ThreadPoolExecutor(2) as pool:
        said = sorted(pool.map(act, [scene.lead, other]))
    assert said == ["Version 1 was issued meanwhile. Read it before you issue another.", "issued"]
    assert [row[0] for row in kept(app)] == [1]
    assert [entry[0] for entry in trail(app)].count("reports.issued") == 1


def test_issuing_is_a_trail_entry_of_the_report(app: Flask, scene: Scene) -> None:
    report_id = issue(app, scene)
    assert trail(app) == [("reports.issued", "report", report_id, "")]


def test_every_reading_of_an_issued_report_is_noted(app: Flask, scene: Scene, browser: Visit) -> None:
    report_id = issue(app, scene)
    for person in (scene.member, scene.agency_lead):
        visit = browser(person.email)
        visit.get(f"/reports/{report_id}")
        visit.get(f"/reports/{report_id}/file")
    read = [("report.read", "report", report_id, part) for part in ("page", "pdf")]
    assert trail(app)[1:] == read * 2


def test_a_member_and_an_agency_lead_read_it_and_a_member_goes_on_to_the_analysis(
    app: Flask, scene: Scene, browser: Visit
) -> None:
    report_id = issue(app, scene)
    onwards = "See the audit’s analysis as it stands now"
    for person, may_analyse in ((scene.member, True), (scene.agency_lead, False)):
        visit = browser(person.email)
        page = visit.get(f"/reports/{report_id}")
        assert "Executive summary" in page.text
        assert pdf(visit.get(f"/reports/{report_id}/file")).pages
        assert (onwards in page.links) == may_analyse
        if may_analyse:
            assert visit.get(page.links[onwards]).heading == "Analysis"


@pytest.mark.parametrize(("who", "status"), [("other_lead", 404), ("other_member", 404), ("auditor", 403)])
def test_others_do_not_read_it(app: Flask, scene: Scene, browser: Visit, who: str, status: int) -> None:
    report_id = issue(app, scene)
    person: CurrentPerson = getattr(scene, who)
    for address in (f"/reports/{report_id}", f"/reports/{report_id}/file"):
        browser(person.email).get(address, status=status)
    assert "report.read" not in [entry[0] for entry in trail(app)]


def test_an_agency_that_took_no_part_does_not_read_it(
    app: Flask, scene: Scene, make: Maker, browser: Visit
) -> None:
    report_id = issue(app, scene)
    stranger = make.person(Role.AGENCY_LEAD, agency=make.agency("Elsewhere"))
    browser(stranger.email).get(f"/reports/{report_id}", status=404)


def test_a_confidential_one_is_issued_and_read_by_those_named_alone(
    app: Flask, make: Maker, browser: Visit
) -> None:
    scene = scenes.people(make, Stage.REPORTED, confidential=True)
    with app.app_context(), pytest.raises(NotFound):
        commands.issue(scene.lead, scene.audit.id, after=0)
    make.add(AuditPerson(audit_id=scene.audit.id, person_id=scene.lead.id))
    report_id = issue(app, scene)
    browser(scene.lead.email).get(f"/reports/{report_id}")
    for person in (scene.member, scene.agency_lead, make.person(Role.QA_LEAD)):
        browser(person.email).get(f"/reports/{report_id}", status=404)
        browser(person.email).get(f"/reports/{report_id}/file", status=404)


def test_an_unknown_report_is_not_found(scene: Scene, browser: Visit) -> None:
    for address in ("/reports/999", "/reports/999/file"):
        browser(scene.member.email).get(address, status=404)


def test_the_file_has_a_name_that_any_system_takes(app: Flask, make: Maker, browser: Visit) -> None:
    scene = scenes.people(make, Stage.REPORTED, reference="HAV/2026 ж“01”")
    report_id = issue(app, scene)
    file = browser(scene.lead.email).get(f"/reports/{report_id}/file")
    assert (
        file.response.headers["Content-Disposition"]
        == 'attachment; filename="HAV202601-thematic-report-1.pdf"'
    )


def test_statements_are_few(app: Flask, scene: Scene, browser: Visit) -> None:
    report_id = issue(app, scene)
    visit = browser(scene.member.email)
    for address in (f"/reports/{report_id}", f"/reports/{report_id}/file"):
        assert visit.get(address).statements <= 5
