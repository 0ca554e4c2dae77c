"""Coding findings to themes: several at once from the list, or one on its page."""

from typing import Any

from flask import Flask

from qa.audits.lifecycle import Stage
from qa.audits.models import Audit
from qa.db import writing
from qa.returns.models import Finding
from tests.integration.findings.conftest import Scene, Visit, coding, events
from tests.support.factories import Maker


def chosen(
    scene: Scene, *findings: Finding, themes: tuple[Any, ...] = (), do: str = "code"
) -> dict[str, Any]:
    """What the list's form sends."""
    return {
        "finding": [str(row.id) for row in findings],
        "theme": [str(row.id) for row in themes],
        "do": do,
    }


def test_several_findings_are_coded_to_several_themes_and_back(
    app: Flask, scene: Scene, browser: Visit
) -> None:
    lead = browser(scene.lead.email)
    data = chosen(scene, scene.drift, scene.plan, themes=(scene.thresholds, scene.own))
    page = lead.post(scene.list, data)
    assert "2 findings coded." in page.text
    assert coding(app) == {
        (row.id, theme.id) for row in (scene.drift, scene.plan) for theme in (scene.thresholds, scene.own)
    }
    # Once more changes nothing and adds nothing to the trail.
    lead.post(scene.list, data)
    page = lead.post(
        scene.list, chosen(scene, scene.plan, scene.seen_alone, themes=(scene.own,), do="remove")
    )
    assert "Themes removed from 2 findings." in page.text
    assert coding(app) == {
        (scene.drift.id, scene.thresholds.id),
        (scene.drift.id, scene.own.id),
        (scene.plan.id, scene.thresholds.id),
    }
    entries = events(app, "findings.coded", "findings.uncoded")
    assert [(entry.event, entry.record, entry.record_id, entry.fields) for entry in entries] == [
        ("findings.coded", "audit", scene.audit.id, "findings:2,theme:adulthood,theme:thresholds"),
        ("findings.uncoded", "audit", scene.audit.id, "findings:2,theme:adulthood"),
    ]
    assert {entry.area_id for entry in entries} == {scene.area.id}


def test_coding_comes_back_to_the_same_page_of_the_list(scene: Scene, browser: Visit) -> None:
    lead = browser(scene.lead.email)
    address = f"{scene.list}?kind=strength&q=seen"
    form = next(each for each in lead.get(address).all("form") if each.get("class") == "at-coding")
    assert form.get("action") == address
    data = chosen(scene, scene.seen_alone, themes=(scene.voice,))
    page = lead.post(address, data, status=302, follow=False)
    assert page.response.headers["Location"] == address
    assert page.statements <= 12


def test_findings_and_themes_must_be_chosen_and_what_was_ticked_stays(
    app: Flask, scene: Scene, browser: Visit
) -> None:
    lead = browser(scene.lead.email)
    page = lead.post(scene.list, chosen(scene, scene.plan))
    assert page.errors == ["Choose at least one theme"]
    assert page.field_error("theme") == "Choose at least one theme"
    assert page.form("finding")["finding"] == str(scene.plan.id)
    page = lead.post(scene.list, chosen(scene, themes=(scene.voice,)))
    assert page.errors == ["Tick the findings to code"]
    assert page.field_error("finding") == "Tick the findings to code"
    assert page.form("finding")["theme"] == str(scene.voice.id)
    assert coding(app) == set()


def test_what_is_out_of_reach_is_not_coded(app: Flask, make: Maker, scene: Scene, browser: Visit) -> None:
    lead = browser(scene.lead.email)
    other = make.audit(scene.area, scene.edition, (scene.health,))
    strange = make.finding(make.case_return(make.case(other), scene.health), scene.edition)
    page = lead.post(scene.list, chosen(scene, strange, themes=(scene.voice,)))
    assert page.errors == ["These findings are no longer there. Choose others"]
    # Another area's theme is no choice; nor is a finding that was not released.
    assert lead.post(scene.list, chosen(scene, scene.plan, themes=(scene.foreign,))).errors
    hidden = make.finding(scene.council_return, scene.edition, "Withdrawn.", released=False)
    lead.post(scene.list, chosen(scene, hidden, scene.plan, themes=(scene.voice, scene.foreign)))
    assert coding(app) == {(scene.plan.id, scene.voice.id)}
    browser(scene.other_lead.email).post(
        scene.list, chosen(scene, scene.plan, themes=(scene.foreign,)), status=404
    )
    assert lead.post(scene.list, {"finding": ["x", "9" * 30], "theme": ["-1"], "do": "code"}).errors


def test_a_closed_audit_keeps_its_coding(app: Flask, scene: Scene, browser: Visit) -> None:
    with app.app_context(), writing() as session:
        session.get_one(Audit, scene.audit.id).stage = Stage.CLOSED
    lead = browser(scene.lead.email)
    page = lead.post(scene.list, chosen(scene, scene.plan, themes=(scene.voice,)))
    assert page.errors == ["This audit is closed. Reopen it to change its coding"]
    assert coding(app) == set()
    assert not [box for box in lead.get(scene.list).all("input") if box.get("type") == "checkbox"]


def test_a_section_suggests_its_themes_first(scene: Scene, browser: Visit) -> None:
    lead = browser(scene.lead.email)
    for page in (lead.get(f"{scene.list}?section=front_door"), lead.get(scene.finding(scene.drift))):
        assert (
            "Suggested for “Front door and threshold” Thresholds Other themes Adulthood Voice of the child"
            in page.text
        )
        assert "Of Redbridge alone" not in page.text
    assert "Suggested for" not in lead.get(scene.finding(scene.by_the_panel)).text


def test_one_finding_is_coded_on_its_page_and_the_next_opened(
    app: Flask, scene: Scene, browser: Visit
) -> None:
    lead = browser(scene.lead.email)
    address = scene.finding(scene.seen_alone)
    data = {"theme": [str(scene.voice.id), str(scene.own.id)], "do": "next"}
    page = lead.post(address, data)
    assert (page.heading, "Decisions drifted" in page.text) == ("Area for improvement", True)
    assert coding(app) == {(scene.seen_alone.id, scene.voice.id), (scene.seen_alone.id, scene.own.id)}
    form = lead.get(address).form("before")
    assert set(form["before"]) == set(form["theme"]) == {str(scene.voice.id), str(scene.own.id)}
    page = lead.post(address, {**form, "theme": [str(scene.thresholds.id)], "do": "save"})
    assert "The finding’s themes are saved." in page.text
    assert coding(app) == {(scene.seen_alone.id, scene.thresholds.id)}
    last = lead.get(scene.finding(scene.by_the_panel))
    assert "Save and open the next" not in last.text


def test_two_who_code_one_finding_at_once_lose_nothing(app: Flask, scene: Scene, browser: Visit) -> None:
    lead = browser(scene.lead.email)
    address = scene.finding(scene.plan)
    opened_early = lead.get(address).form()
    lead.post(address, {"theme": [str(scene.voice.id)], "do": "save"})
    lead.post(address, {**opened_early, "theme": [str(scene.own.id)], "do": "save"})
    assert coding(app) == {(scene.plan.id, scene.voice.id), (scene.plan.id, scene.own.id)}
