"""Writing the words of a report."""

from __future__ import annotations

import pytest
from flask import Flask

from qa.accounts.permissions import CurrentPerson, Role
from qa.db import db
from qa.problems import Stale
from qa.reports import commands
from qa.reports.models import ReportDraft
from qa.reports.queries import desk_of
from qa.reports.records import Words
from tests.integration.analysis.scene import Scene
from tests.integration.reports.conftest import Visit, trail, write
from tests.support.factories import Maker
from tests.support.pages import Page

BOX = "executive_summary"


def version(app: Flask, scene: Scene) -> int:
    with app.app_context():
        return desk_of(scene.audit.id).words.version


def test_what_is_written_stands_in_the_report(app: Flask, scene: Scene, browser: Visit) -> None:
    page = browser(scene.lead.email).submit(
        f"{scene.report}/edit",
        {BOX: "Thresholds were right.", "method_note": "By telephone.", "protective_marking": "OFFICIAL"},
        holding=BOX,
    )
    assert "The report’s words are saved." in page.text
    assert "Thresholds were right." in page.text
    assert "By telephone." in page.text
    assert "SENSITIVE" not in page.text
    again = browser(scene.lead.email).get(f"{scene.report}/edit").form(BOX)
    assert (again[BOX], again["method_note"], again["protective_marking"]) == (
        "Thresholds were right.", "By telephone.", "OFFICIAL",
    )  # fmt: skip
    changed = "counts_concerns,executive_summary,method_note,protective_marking"
    assert ("reports.drafted", "report_draft", scene.audit.id, changed) in trail(app)


def test_the_form_opens_with_the_usual_marking(scene: Scene, browser: Visit) -> None:
    form = browser(scene.lead.email).get(f"{scene.report}/edit").form(BOX)
    assert (form[BOX], form["protective_marking"]) == ("", "OFFICIAL-SENSITIVE")


def test_only_fields_that_changed_are_named_in_the_trail_and_never_their_words(
    app: Flask, scene: Scene, make: Maker, browser: Visit
) -> None:
    write(make, scene, "First.")
    browser(scene.lead.email).submit(f"{scene.report}/edit", {BOX: "Second."}, holding=BOX)
    changes = [entry for entry in trail(app) if entry[0] == "reports.drafted"]
    assert changes == [("reports.drafted", "report_draft", scene.audit.id, "executive_summary")]
    assert "Second." not in str(trail(app))


def test_saving_what_stands_there_changes_nothing(
    app: Flask, scene: Scene, make: Maker, browser: Visit
) -> None:
    write(make, scene, "First.")
    before = version(app, scene)
    browser(scene.lead.email).submit(f"{scene.report}/edit", {}, holding=BOX)
    assert version(app, scene) == before
    assert "reports.drafted" not in [entry[0] for entry in trail(app)]


def test_two_who_write_at_once_see_both_versions(scene: Scene, make: Maker, browser: Visit) -> None:
    write(make, scene, "As it was.")
    other = make.person(Role.QA_LEAD, area=scene.area)
    mine, theirs = browser(scene.lead.email), browser(other.email)
    opened = mine.get(f"{scene.report}/edit").form(BOX)
    theirs.submit(f"{scene.report}/edit", {BOX: "Theirs."}, holding=BOX)
    conflict = mine.post(f"{scene.report}/edit", {**opened, BOX: "Mine."}, status=409)
    assert conflict.heading == "Somebody else changed this report"
    assert "Mine." in conflict.text
    assert "Theirs." in conflict.text
    assert "As it was." not in conflict.text
    assert "Theirs." in mine.get(scene.report).text
    saved = mine.post(f"{scene.report}/edit", conflict.form(BOX))
    assert "Mine." in saved.text


def test_two_who_write_the_first_words_at_once_see_both_versions(
    scene: Scene, make: Maker, browser: Visit
) -> None:
    other = make.person(Role.QA_LEAD, area=scene.area)
    mine = browser(scene.lead.email)
    opened = mine.get(f"{scene.report}/edit").form(BOX)
    browser(other.email).submit(f"{scene.report}/edit", {BOX: "Theirs."}, holding=BOX)
    conflict = mine.post(f"{scene.report}/edit", {**opened, BOX: "Mine."}, status=409)
    assert "Mine." in conflict.text
    assert "Theirs." in conflict.text


@pytest.mark.parametrize("written", [True, False])
def test_a_version_that_never_was_is_stale(app: Flask, scene: Scene, make: Maker, written: bool) -> None:
    if written:
        write(make, scene, "First.")
    with app.app_context(), pytest.raises(Stale):
        commands.write_words(scene.lead, scene.audit.id, Words("Second.", version=7))
    with app.app_context():
        assert (db.session.get(ReportDraft, scene.audit.id) is not None) == written


@pytest.mark.parametrize(
    ("field", "name"), [(BOX, "Executive summary"), ("method_note", "More about the method")]
)
def test_text_that_is_too_long_is_kept_on_the_form(
    app: Flask, scene: Scene, browser: Visit, field: str, name: str
) -> None:
    text = "Long words. " * 1_700
    page: Page = browser(scene.lead.email).submit(f"{scene.report}/edit", {field: text}, holding=BOX)
    message = f"{name} must be 20,000 characters or fewer"
    assert page.errors == [message]
    assert page.field_error(field) == message
    assert page.form(BOX)[field] == text.strip()
    assert version(app, scene) == 0


@pytest.mark.parametrize(
    ("marking", "message"),
    [("", "Choose the protective marking"), ("SECRET", "Choose one of the answers on the page")],
)
def test_the_marking_is_one_of_those_offered(
    scene: Scene, browser: Visit, marking: str, message: str
) -> None:
    page = browser(scene.lead.email).submit(
        f"{scene.report}/edit", {BOX: "Kept words.", "protective_marking": marking}, holding=BOX
    )
    assert page.errors == [message]
    assert page.form(BOX)[BOX] == "Kept words."


@pytest.mark.parametrize(
    ("who", "status"),
    [("other_lead", 404), ("member", 403), ("agency_lead", 403), ("auditor", 403), ("other_member", 403)],
)
def test_only_the_areas_qa_leads_write(
    app: Flask, scene: Scene, browser: Visit, who: str, status: int
) -> None:
    person: CurrentPerson = getattr(scene, who)
    visit = browser(person.email)
    for address in (scene.report, f"{scene.report}.pdf", f"{scene.report}/edit"):
        visit.get(address, status=status)
    words = {BOX: "Not mine.", "protective_marking": "OFFICIAL", "version": "0"}
    visit.post(f"{scene.report}/edit", words, status=status)
    visit.post(f"{scene.report}/issue", {"version": "0"}, status=status)
    assert trail(app) == []
    assert version(app, scene) == 0


def test_every_reading_of_a_draft_is_noted(app: Flask, scene: Scene, browser: Visit) -> None:
    visit = browser(scene.lead.email)
    for address in (scene.report, f"{scene.report}.pdf", f"{scene.report}/edit"):
        visit.get(address)
    read = "report_draft.read"
    assert trail(app) == [
        (read, "report_draft", scene.audit.id, part) for part in ("thematic", "thematic pdf", "words")
    ]
