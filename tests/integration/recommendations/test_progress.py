"""Progress and evidence by the agency; verification by a QA lead who had no hand in it."""

from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from qa.accounts.permissions import CurrentPerson, Role
from qa.db import db
from qa.problems import NotAllowed, Refused
from qa.recommendations import progress
from qa.recommendations.evidence import Upload
from qa.recommendations.lifecycle import ActionState
from qa.recommendations.models import Action, EvidenceFile, ProgressUpdate, Verification
from qa.trail.models import TrailEntry
from tests.integration.recommendations.conftest import Scene, Visit, action_row, events
from tests.support.factories import Maker
from tests.support.pages import Browser
from tests.unit.recommendations.files import PDF, PNG, office

S = ActionState


@pytest.fixture
def action(scene: Scene, make: Maker) -> Action:
    """An action of the health agency, not started."""
    row: Action = make.action(make.recommendation(scene.audit), scene.health, scene.health_lead)
    return row


def address(action: Action, part: str = "") -> str:
    return f"/actions/{action.id}{part}"


def update(text: str = "Two teams are trained.", state: S = S.IN_PROGRESS, **files: Any) -> dict[str, Any]:
    return {"text": text, "state": state.value, **files}


def sent(*files: tuple[str, bytes]) -> list[tuple[BytesIO, str]]:
    return [(BytesIO(content), name) for name, content in files]


def kept(app: Flask) -> tuple[int, int]:
    """How many updates and files there are."""
    with app.app_context():
        return (
            db.session.scalar(select(func.count(ProgressUpdate.id))) or 0,
            db.session.scalar(select(func.count(EvidenceFile.id))) or 0,
        )


def say_done(app: Flask, person: CurrentPerson, action: Action, *uploads: Upload) -> None:
    with app.app_context():
        progress.post_progress(person, action.id, S.AWAITING_VERIFICATION, "All teams are trained.", uploads)


def test_progress_with_evidence_then_sent_back_then_verified(
    app: Flask, scene: Scene, action: Action, browser: Visit
) -> None:
    agency, lead = browser(scene.health_lead.email), browser(scene.qa_lead.email)
    page = agency.post(address(action, "/progress"), update())
    assert "Your update is posted." in page.text
    assert "Two teams are trained." in page.text
    files = sent(("Plan.pdf", PDF), ("register.xlsx", office("xlsx")))
    page = agency.post(
        address(action, "/progress"), update("All are trained.", S.AWAITING_VERIFICATION, evidence=files)
    )
    assert "Waiting for a QA lead" in page.text
    assert "Plan.pdf" in page.links
    assert "register.xlsx" in page.links
    assert page.text.index("All are trained.") < page.text.index("Two teams are trained.")

    page = lead.post(
        address(action, "/decision"),
        {**agency_form(lead, action), "outcome": "sent_back", "reason": "Night staff are missing."},
    )
    assert "sent back to its agency" in page.text
    page = agency.get(address(action))
    assert "Sent back: more is needed Night staff are missing." in page.text

    agency.post(address(action, "/progress"), update("Night staff too.", S.AWAITING_VERIFICATION))
    page = lead.post(
        address(action, "/decision"),
        {**agency_form(lead, action), "outcome": "verified", "reason": "Register seen for both shifts."},
    )
    assert "The action is verified." in page.text
    assert "Register seen for both shifts." in agency.get(address(action)).text
    row = action_row(app, action.id)
    assert row.state is S.VERIFIED
    assert row.verified_at is not None
    assert events(app) == [
        "actions.progress_posted",
        "actions.progress_posted",
        "actions.sent_back",
        "actions.progress_posted",
        "actions.verified",
    ]


def agency_form(visitor: Browser, action: Action) -> dict[str, Any]:
    return dict(visitor.get(address(action)).form("outcome"))


def test_accepting_is_noted_once(app: Flask, scene: Scene, action: Action, browser: Visit) -> None:
    agency = browser(scene.health_lead.email)
    assert "Accepted Not yet" in agency.get(address(action)).text
    page = agency.post(address(action, "/accept"))
    assert "by Hana Health" in page.text
    first = action_row(app, action.id).accepted_at
    agency.post(address(action, "/accept"))
    assert action_row(app, action.id).accepted_at == first
    assert events(app) == ["actions.accepted"]


def test_posting_progress_accepts_too(app: Flask, scene: Scene, action: Action, browser: Visit) -> None:
    browser(scene.health_lead.email).post(address(action, "/progress"), update())
    assert action_row(app, action.id).accepted_by_id == scene.health_lead.id


@pytest.mark.parametrize(
    ("changes", "field", "message"),
    [
        ({"text": "  "}, "text", "Say what has been done"),
        ({"state": ""}, "state", "Choose whether the action is in progress or done"),
        ({"text": "x" * 8001}, "text", "What has been done? must be 8,000 characters or fewer"),
    ],
)
def test_what_is_missing_is_said_and_nothing_saved(
    app: Flask,
    scene: Scene,
    action: Action,
    browser: Visit,
    changes: dict[str, str],
    field: str,
    message: str,
) -> None:
    data = {**update(), **changes, "evidence": sent(("plan.pdf", PDF))}
    page = browser(scene.health_lead.email).post(address(action, "/progress"), data)
    assert page.field_error(field) == message
    assert page.field_error("evidence") == "Nothing was saved, so choose your files again"
    assert page.form("text")["text"] == data["text"].strip()
    assert kept(app) == (0, 0)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("run.exe", b"MZ", "“run.exe” is not a kind of file that can be sent"),
        ("plan.pdf", PNG, "“plan.pdf” is not what its name says"),
        ("plan.pdf", b"", "“plan.pdf” is empty"),
        ("<script>.pdf", b"", "“_script_.pdf” is empty"),
    ],
)
def test_a_bad_file_keeps_the_text_and_saves_nothing(
    app: Flask, scene: Scene, action: Action, browser: Visit, name: str, content: bytes, words: str
) -> None:
    files = sent(("good.pdf", PDF), (name, content))
    page = browser(scene.health_lead.email).post(address(action, "/progress"), update(evidence=files))
    assert words in page.field_error("evidence")
    assert "choose your files again" in page.field_error("evidence")
    assert page.form("text")["text"] == "Two teams are trained."
    assert kept(app) == (0, 0)
    assert action_row(app, action.id).state is S.NOT_STARTED
    assert events(app) == []


def test_a_request_that_is_too_large_is_refused(
    app: Flask, scene: Scene, action: Action, browser: Visit
) -> None:
    big = PDF + b"x" * app.config["MAX_CONTENT_LENGTH"]
    visitor = browser(scene.health_lead.email)
    page = visitor.post(address(action, "/progress"), update(evidence=sent(("big.pdf", big))), status=413)
    assert page.heading == "The file is too large"
    assert kept(app) == (0, 0)


def test_evidence_comes_back_as_it_was_sent_and_the_trail_says_who_took_it(
    app: Flask, scene: Scene, action: Action, browser: Visit
) -> None:
    files = sent(("Plan – final.pdf", PDF), ("figures.csv", b"a,b\n=1,2\n"))
    page = browser(scene.health_lead.email).post(address(action, "/progress"), update(evidence=files))
    member = browser(scene.member.email)
    got = member.get(page.links["Plan – final.pdf"]).response
    assert got.data == PDF
    assert got.mimetype == "application/pdf"
    assert got.headers["X-Content-Type-Options"] == "nosniff"
    assert got.headers["Content-Disposition"].startswith("attachment")
    assert "final.pdf" in got.headers["Content-Disposition"]
    assert member.get(page.links["figures.csv"]).response.mimetype == "text/csv"
    with app.app_context():
        reading = db.session.scalars(
            select(TrailEntry).where(TrailEntry.event == "evidence_file.read").order_by(TrailEntry.number)
        ).first()
        assert reading is not None
        assert (reading.person_id, reading.area_id) == (scene.member.id, scene.area.id)


@pytest.mark.parametrize("who", ["police_lead", "other_qa_lead", "stranger"])
def test_evidence_and_action_of_others_are_not_there(
    app: Flask, scene: Scene, action: Action, browser: Visit, who: str
) -> None:
    files = sent(("plan.pdf", PDF))
    page = browser(scene.health_lead.email).post(address(action, "/progress"), update(evidence=files))
    outsider = browser(getattr(scene, who).email)
    outsider.get(page.links["plan.pdf"], status=404)
    outsider.get(address(action), status=404)
    if who != "other_qa_lead":
        outsider.post(address(action, "/progress"), update(), status=404)
        outsider.post(address(action, "/accept"), status=404)
    else:
        outsider.post(address(action, "/decision"), {"outcome": "verified", "reason": "Seen."}, status=404)
    assert kept(app) == (1, 1)


def test_a_file_is_not_found_under_another_action(
    app: Flask, scene: Scene, action: Action, make: Maker, browser: Visit
) -> None:
    other = make.action(make.recommendation(scene.audit), scene.police, scene.police_lead)
    agency = browser(scene.health_lead.email)
    page = agency.post(address(action, "/progress"), update(evidence=sent(("plan.pdf", PDF))))
    number = page.links["plan.pdf"].rsplit("/", 1)[1]
    browser(scene.police_lead.email).get(address(other, f"/evidence/{number}"), status=404)
    agency.get(address(other, f"/evidence/{number}"), status=404)


def test_only_agency_leads_of_the_agency_post(
    app: Flask, scene: Scene, action: Action, browser: Visit
) -> None:
    page = browser(scene.auditor.email).get(address(action))
    assert "Post progress" not in page.text
    browser(scene.auditor.email).post(address(action, "/progress"), update(), status=403)
    browser(scene.member.email).post(address(action, "/progress"), update(), status=403)
    with app.app_context(), pytest.raises(NotAllowed, match="Only an agency lead"):
        progress.post_progress(scene.qa_lead, action.id, S.IN_PROGRESS, "Mine.")
    assert kept(app) == (0, 0)


def test_no_second_word_while_a_decision_is_awaited(
    app: Flask, scene: Scene, action: Action, browser: Visit
) -> None:
    say_done(app, scene.health_lead, action)
    page = browser(scene.health_lead.email).post(address(action, "/progress"), update("One more thing."))
    assert "already said this action is done" in " ".join(page.errors)
    assert kept(app) == (1, 0)


def test_an_agency_cannot_verify_by_posting(app: Flask, scene: Scene, action: Action, browser: Visit) -> None:
    page = browser(scene.health_lead.email).post(
        address(action, "/progress"), {"text": "Done.", "state": "verified"}
    )
    assert page.errors
    with app.app_context(), pytest.raises(Refused):
        progress.post_progress(scene.health_lead, action.id, S.VERIFIED, "Done.")
    assert action_row(app, action.id).state is S.NOT_STARTED


@pytest.mark.parametrize(
    ("outcome", "message"),
    [
        ("verified", "Say what you saw as evidence"),
        ("sent_back", "Say what is still needed, so that the agency knows what to do"),
    ],
)
def test_a_decision_needs_its_reason(
    app: Flask, scene: Scene, action: Action, browser: Visit, outcome: str, message: str
) -> None:
    say_done(app, scene.health_lead, action)
    lead = browser(scene.qa_lead.email)
    page = lead.post(address(action, "/decision"), {**agency_form(lead, action), "outcome": outcome})
    assert page.field_error("reason") == message
    page = lead.post(address(action, "/decision"), {**agency_form(lead, action), "reason": "Seen it."})
    assert page.field_error("outcome") == "Choose whether you verify the action or send it back"
    assert page.form("reason")["reason"] == "Seen it."
    with app.app_context():
        assert not db.session.scalars(select(Verification)).all()


def test_nobody_verifies_their_own_agencys_action_and_the_page_says_why(
    app: Flask, scene: Scene, action: Action, make: Maker, browser: Visit
) -> None:
    both = make.person(Role.QA_LEAD, area=scene.area, name="Bo Both")
    both = make.grant(both, Role.AUDITOR, agency=scene.health)
    say_done(app, scene.health_lead, action)
    visitor = browser(both.email)
    page = visitor.get(address(action))
    assert "nobody verifies their own agency’s action" in page.text
    assert "Record decision" not in page.text
    page = visitor.post(address(action, "/decision"), {"outcome": "verified", "reason": "Mine."}, status=403)
    assert "nobody verifies their own agency’s action" in page.text
    assert action_row(app, action.id).state is S.AWAITING_VERIFICATION


def test_somebody_who_changed_sides_does_not_verify_what_they_reported(
    app: Flask, scene: Scene, action: Action, make: Maker, browser: Visit
) -> None:
    mover = make.person(Role.AGENCY_LEAD, agency=scene.health, name="Mo Mover")
    say_done(app, mover, action)
    with app.app_context():
        now_qa_lead = make.grant(
            CurrentPerson(mover.id, mover.name, mover.email), Role.QA_LEAD, area=scene.area
        )
        with pytest.raises(NotAllowed, match="posted progress"):
            progress.decide(now_qa_lead, action.id, 2, S.VERIFIED, "Mine.")
    assert action_row(app, action.id).state is S.AWAITING_VERIFICATION


def test_a_decision_on_what_no_longer_awaits_it_is_refused(
    app: Flask, scene: Scene, action: Action, browser: Visit
) -> None:
    lead = browser(scene.qa_lead.email)
    page = lead.post(address(action, "/decision"), {"outcome": "verified", "reason": "Seen.", "version": "1"})
    assert "This action no longer awaits verification: it is now not started" in " ".join(page.errors)
    assert action_row(app, action.id).state is S.NOT_STARTED


def test_an_action_changed_while_it_was_being_decided_shows_both(
    app: Flask, scene: Scene, action: Action, browser: Visit
) -> None:
    say_done(app, scene.health_lead, action)
    lead = browser(scene.qa_lead.email)
    form = agency_form(lead, action)
    lead.submit(address(action, "/edit"), {"text": "Revise it and train everybody."}, holding="who")
    data = {**form, "outcome": "verified", "reason": "Template seen."}
    page = lead.post(address(action, "/decision"), data, status=409)
    assert "Revise it and train everybody." in page.text
    assert action_row(app, action.id).state is S.AWAITING_VERIFICATION
    page = lead.post(address(action, "/decision"), page.form("version"))
    assert "The action is verified." in page.text


def test_markup_is_shown_as_typed(scene: Scene, action: Action, browser: Visit) -> None:
    nasty = "<script>alert(1)</script><img src=x>"
    page = browser(scene.health_lead.email).post(address(action, "/progress"), update(nasty))
    assert nasty in page.text
    assert "<script>alert" not in page.html


def test_the_pages_keep_their_budget_however_much_there_is(
    app: Flask, scene: Scene, action: Action, browser: Visit
) -> None:
    lead = browser(scene.qa_lead.email)
    empty = lead.get(address(action)).statements
    for number in range(6):
        with app.app_context():
            uploads = [Upload("plan.pdf", PDF)] * 3
            progress.post_progress(scene.health_lead, action.id, S.IN_PROGRESS, f"Step {number}", uploads)
    assert lead.get(address(action)).statements == empty
    say_done(app, scene.health_lead, action)
    assert lead.get(address(action)).statements <= 8
    page = lead.get(address(action))
    assert lead.get(page.links["plan.pdf"]).statements <= 8
