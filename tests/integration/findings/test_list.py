"""The list of an audit's findings."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import insert

from bench.load import load
from qa.audits.models import AuditPerson
from qa.db import now, writing
from qa.findings.models import FindingTheme
from tests.integration.findings.conftest import Scene, Visit, events
from tests.support.factories import Maker
from tests.support.pages import Page


def texts(page: Page) -> list[str]:
    """The texts of the findings listed, in order."""
    return [
        " ".join("".join(label.itertext()).split())
        for label in page.all("label")
        if "at-finding__text" in (label.get("class") or "")
    ]


SEEN, DRIFT, PLAN, PANEL = (
    "Child seen alone at each visit.",
    "Decisions drifted for 50% of the year.",
    "Plan was a list of tasks.",
    "The panel saw agencies learn.",
)


def test_every_released_finding_is_listed_with_what_it_is_about(
    scene: Scene, make: Maker, browser: Visit
) -> None:
    make.add(FindingTheme(finding_id=scene.plan.id, theme_id=scene.voice.id, coded_at=now()))
    page = browser(scene.lead.email).get(scene.list)
    assert texts(page) == [SEEN, DRIFT, PLAN, PANEL]
    assert "4 findings" in page.text
    assert (
        f"{PLAN} Area for improvement Case HP-002 Child protection plan East Health Trust Voice of the child"
        in page.text
    )
    assert f"{PANEL} Strength Case HP-001 The whole case Panel No theme yet" in page.text


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("kind=strength", [SEEN, PANEL]),
        ("kind=area_for_improvement", [DRIFT, PLAN]),
        ("section=front_door", [SEEN, DRIFT]),
        ("section=whole-case", [PANEL]),
        ("section=no_such_section", []),
        ("agency={health}", [PLAN]),
        ("agency=panel", [PANEL]),
        ("theme={voice}", [DRIFT, PLAN]),
        ("coded=no", [SEEN, PANEL]),
        ("q=LIST+of", [PLAN]),
        ("q=50%25", [DRIFT]),
        ("q=%25", [DRIFT]),
        ("kind=strength&section=front_door&coded=no&q=alone", [SEEN]),
        ("sort=section", [SEEN, DRIFT, PLAN, PANEL]),
        ("kind=nonsense&agency=x&theme=-1&page=0&sort=z", [SEEN, DRIFT, PLAN, PANEL]),
    ],
)
def test_filters_combine(make: Maker, scene: Scene, browser: Visit, query: str, expected: list[str]) -> None:
    for row in (scene.drift, scene.plan):
        make.add(FindingTheme(finding_id=row.id, theme_id=scene.voice.id, coded_at=now()))
    filled = query.format(health=scene.health.id, voice=scene.voice.id)
    assert texts(browser(scene.lead.email).get(f"{scene.list}?{filled}")) == expected


def test_an_empty_list_says_why(make: Maker, scene: Scene, browser: Visit) -> None:
    lead = browser(scene.lead.email)
    assert "No finding fits these filters." in lead.get(f"{scene.list}?q=unheard").text
    other = make.audit(scene.area, scene.edition, (scene.health,))
    assert "There are no findings yet." in lead.get(f"/audits/{other.id}/findings").text


def test_only_qa_leads_of_the_area_read_findings(scene: Scene, browser: Visit) -> None:
    browser(scene.other_lead.email).get(scene.list, status=404)
    browser(scene.other_lead.email).get(scene.finding(scene.plan), status=404)
    browser(scene.auditor.email).get(scene.list, status=403)


def test_markup_and_line_ends_are_shown_as_they_were_typed(make: Maker, scene: Scene, browser: Visit) -> None:
    nasty = "<script>alert(1)</script>\n<b>bold</b> & 'quoted'"
    row = make.finding(scene.council_return, scene.edition, nasty)
    lead = browser(scene.lead.email)
    for page in (lead.get(scene.list), lead.get(scene.finding(row))):
        assert "<script>alert(1)</script> <b>bold</b> & 'quoted'" in page.text
        assert not page.all("b")
    assert "q=%22%3E%3Cscript%3E" not in lead.get(f"{scene.list}?q=%22%3E%3Cscript%3E").html


def test_reading_the_list_is_in_the_trail(app: Flask, scene: Scene, browser: Visit) -> None:
    browser(scene.lead.email).get(scene.list)
    browser(scene.lead.email).get(scene.finding(scene.plan))
    listed, one = events(app, "audit.read", "case.read")
    assert (listed.record_id, listed.fields, listed.person_id) == (scene.audit.id, "findings", scene.lead.id)
    assert (one.record_id, one.fields) == (scene.plan.case_id, "finding")


def test_twenty_thousand_findings_take_as_many_statements_as_twenty(
    app: Flask, browser: Visit, empty_again: Callable[[], None]
) -> None:
    counted: list[dict[str, int]] = []
    for cases in (20, 2_000):
        if counted:
            empty_again()
        loaded = load(app, cases, 2)
        lead = browser(loaded.lead)
        address = f"/audits/{loaded.audit_id}/findings"
        queries = [
            "",
            "?kind=strength",
            "?section=practice&coded=no",
            "?theme=3&q=visit",
            "?sort=section",
            "?page=3",
        ]
        counted.append({query: lead.get(address + query).statements for query in queries})
        counted[-1]["themes"] = lead.get(f"{address}/themes").statements
        counted[-1]["library"] = lead.get("/themes").statements
    few, many = counted
    assert few == many
    assert max(many.values()) <= 8
    page = lead.get(f"{address}?page=400")
    assert "of 20,000 findings" in page.text
    assert len(texts(page)) == 50
    assert texts(page)[-1].startswith("Finding 19999:")


def test_a_confidential_audits_list_keeps_to_eight_statements(
    app: Flask, scene: Scene, browser: Visit
) -> None:
    with app.app_context(), writing() as session:
        session.get_one(type(scene.audit), scene.audit.id).confidential = True
    browser(scene.lead.email).get(scene.list, status=404)
    with app.app_context(), writing() as session:
        session.execute(insert(AuditPerson), {"audit_id": scene.audit.id, "person_id": scene.lead.id})
    page = browser(scene.lead.email).get(scene.list)
    assert len(texts(page)) == 4
    assert page.statements <= 8


def test_the_home_page_counts_findings_without_a_theme(make: Maker, scene: Scene, browser: Visit) -> None:
    make.add(FindingTheme(finding_id=scene.plan.id, theme_id=scene.voice.id, coded_at=now()))
    page = browser(scene.lead.email).get("/")
    assert "3 findings to code to themes Audit 1" in page.text
    assert page.links["findings to code to themes"] == f"{scene.list}?coded=no"
    assert "to code to themes" not in browser(scene.auditor.email).get("/").text


def test_a_recommendation_is_one_click_away(scene: Scene, browser: Visit) -> None:
    lead = browser(scene.lead.email)
    new = f"/audits/{scene.audit.id}/recommendations/new"
    assert lead.get(scene.finding(scene.plan)).links["Make a recommendation from this finding"] == (
        f"{new}?finding={scene.plan.id}"
    )
    page = lead.get(f"{scene.list}?theme={scene.voice.id}")
    assert page.links["Make a recommendation from this theme"] == f"{new}?theme={scene.voice.id}"
