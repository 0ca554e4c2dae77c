"""Pages that were open when the audit moved, and what agencies and the panel find after it."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest
from sqlalchemy import select, update

from qa.accounts.permissions import Permission
from qa.audits.models import Audit, Case
from qa.db import db, now, writing
from qa.moderation.models import Judgement
from qa.moving.commands import move_audit
from qa.moving.queries import preview
from qa.returns.drafts import FormKey
from qa.returns.models import Answer, Finding
from qa.returns.queries import lock_return
from tests.integration.moving.conftest import FIVE, Scene, judge, next_content


def section(scene: Scene, key: str = "front_door") -> str:
    """The address of a section of the return that is in progress."""
    return f"/returns/{scene.health_return.id}/sections/{key}"


def answers_of(scene: Scene) -> dict[int, Answer]:
    """The answers of the return in progress by question."""
    with scene.app.app_context():
        query = select(Answer).where(Answer.return_id == scene.health_return.id)
        return {answer.question_id: answer for answer in db.session.scalars(query)}


def test_a_question_to_grade_again_says_what_was_graded_before(scene: Scene) -> None:
    newer = scene.publish(next_content(scene.edition.content))
    scene.move(newer)
    page = scene.browser(scene.health_auditor).get(section(scene))
    assert "Needs grading again: you graded it Good on the earlier scale (edition 1)." in page.text
    assert "Your evidence was: The record of 4 March." in page.text
    assert "Needs answering again: you answered “2 days” in edition 1." in page.text
    form = page.form("form")
    assert form["q-threshold"] == "good"
    assert "q-front_door_grade" not in form
    scene.browser(scene.health_auditor).submit(
        section(scene),
        {"q-front_door_grade": "fair", "e-front_door_grade": "Seen.", "do": "stay"},
        holding="form",
    )
    page = scene.browser(scene.health_auditor).get(section(scene))
    assert "Needs grading again" not in page.text
    assert page.form("form")["q-front_door_grade"] == "fair"


def test_what_a_page_opened_before_says_of_kept_questions_is_saved_by_key(scene: Scene) -> None:
    newer = scene.publish(next_content(scene.edition.content))
    browser = scene.browser(scene.health_auditor)
    form = browser.get(section(scene)).form("form")
    scene.move(newer)
    typed = {"q-threshold": "inadequate", "e-threshold": "Late.", "q-referred_on-day": "9", "do": "stay"}
    browser.post(section(scene), {**form, **typed})
    mine = answers_of(scene)
    threshold = mine[newer.ids.questions["threshold"]]
    assert threshold.grade_id == newer.ids.grades["ofsted", "inadequate"]
    assert threshold.evidence == "Late."
    # It stands in another section now.
    moved_on = mine[newer.ids.questions["referred_on"]].day
    assert moved_on
    assert moved_on.day == 9


def test_what_a_page_opened_before_says_of_other_questions_is_shown_and_not_lost(scene: Scene) -> None:
    newer = scene.publish(next_content(scene.edition.content))
    browser = scene.browser(scene.health_auditor)
    form = browser.get(section(scene)).form("form")
    scene.move(newer)
    before = scene.held()
    typed = {
        "q-threshold": "outstanding",
        "q-front_door_grade": "inadequate",
        "e-front_door_grade": "A new reason.",
        "q-consent_why": "Other words.",
        "do": "continue",
    }
    page = browser.post(section(scene), {**form, **typed}, status=409)
    assert page.heading == "The questions changed while you were writing"
    assert "A new reason." in page.text
    assert "Inadequate (asked in another way now)" in page.text
    assert "Other words. (no longer asked)" in page.text
    assert scene.held() == before
    browser.post(section(scene), {**page.form("form"), "keep": "theirs"})
    mine = answers_of(scene)
    assert mine[newer.ids.questions["threshold"]].grade_id == newer.ids.grades["ofsted", "outstanding"]
    assert newer.ids.questions["front_door_grade"] not in mine


def test_a_page_of_a_section_that_is_gone_shows_what_was_typed(scene: Scene) -> None:
    scene.move(scene.publish(next_content(scene.edition.content)))
    browser = scene.browser(scene.health_auditor)
    form = {
        "form": str(FormKey("0" * 12)),
        "edition": str(scene.edition.id),
        "v-protection_impact": "0-ee",
        "f-strength-n1": "They met every month.",
        "m-strength-n1": "0",
    }
    before = scene.held()
    page = browser.post(section(scene, "protection"), {**form, "do": "continue"}, status=409)
    assert "They met every month." in page.text
    assert scene.held() == before
    page = browser.post(section(scene, "protection"), {**form, "keep": "theirs", "do": "stay"})
    assert page.response.request.path == f"/returns/{scene.health_return.id}"


def test_saving_by_itself_saves_what_it_can_and_names_the_rest(scene: Scene) -> None:
    newer = scene.publish(next_content(scene.edition.content))
    browser = scene.browser(scene.health_auditor)
    form = browser.get(section(scene)).form("form")
    scene.move(newer)
    sent = {**form, "q-threshold": "outstanding", "q-front_door_grade": "inadequate"}
    answer = browser.post(f"{section(scene)}/autosave", sent, status=409).response.get_json()
    assert [clash["name"] for clash in answer["clashes"]] == ["front_door_grade"]
    saved = answers_of(scene)[newer.ids.questions["threshold"]]
    assert saved.grade_id == newer.ids.grades["ofsted", "outstanding"]


def test_a_form_of_another_edition_on_a_return_that_is_closed_shows_what_was_typed(scene: Scene) -> None:
    browser = scene.browser(scene.health_auditor)
    form = browser.get(section(scene)).form("form")
    scene.move(scene.publish(next_content(scene.edition.content)))
    with scene.app.app_context(), writing() as session:
        session.execute(update(Audit).values(stage="panel"))
    typed = {**form, "q-consent_why": "Long thoughts.", "do": "continue"}
    page = browser.post(section(scene), typed, status=409)
    assert "fieldwork is not open" in page.text
    assert "Long thoughts." in page.text


def test_the_panel_reads_what_is_no_longer_asked_and_what_is_set_aside(scene: Scene) -> None:
    judge(scene.make, scene, "protection", "inadequate")
    with scene.app.app_context(), writing() as session:
        session.execute(update(Case).values(panel_opened_at=now()))
    scene.move(scene.publish(next_content(scene.edition.content)))
    page = scene.browser(scene.lead).get(f"/audits/{scene.audit.id}/panel/{scene.case.id}")
    assert "Council: answers from earlier editions" in page.text
    assert "Answers from edition 1 that are no longer asked" in page.text
    assert "The child was not safe." in page.text
    assert "Agreed grades from earlier editions" in page.text
    assert "Agreed on protection." in page.text
    assert "The plan was clear." in page.text
    # The return in progress is nobody else's to read.
    assert "Health: answers from earlier editions" not in page.text


def test_the_return_shows_what_is_kept_of_the_earlier_edition(scene: Scene) -> None:
    scene.move(scene.publish(next_content(scene.edition.content)))
    page = scene.browser(scene.council_auditor).get(f"/returns/{scene.council_return.id}/read")
    assert "Answers from edition 1 that are no longer asked" in page.text
    assert "The child was not safe." in page.text
    assert "Answers from edition 1 to questions that are asked in another way now" in page.text
    assert "Evidence: The record of 4 March." in page.text
    assert "Strengths and areas for improvement from sections of edition 1" in page.text
    assert "The plan was clear." in page.text


def test_the_case_shows_what_its_profile_said_before(scene: Scene) -> None:
    scene.move(scene.publish(next_content(scene.edition.content)))
    address = f"/audits/{scene.audit.id}/cases/{scene.case.id}"
    browser = scene.browser(scene.lead)
    assert "Referrals in 12 months (edition 1) 3" in browser.get(address).text
    browser.submit(f"{address}/edit", {"profile-referrals": "yes"}, holding="version")
    page = browser.get(address)
    assert "Referrals before Yes" in page.text
    assert "Referrals in 12 months (edition 1) 3" in page.text


def test_an_agreed_grade_on_a_form_of_another_edition_is_asked_about(scene: Scene) -> None:
    judged = judge(scene.make, scene, "front_door", "good")
    with scene.app.app_context(), writing() as session:
        session.execute(update(Case).values(panel_opened_at=now()))
    content = scene.edition.content
    newer = scene.publish(replace(content, scales=(*content.scales, FIVE), judgement_scale="five"))
    browser = scene.browser(scene.lead)
    browser.get(f"/audits/{scene.audit.id}/panel/{scene.case.id}")
    scene.move(newer)
    address = f"/audits/{scene.audit.id}/panel/{scene.case.id}/sections/front_door"
    form = {"grade": "good", "reason": "Better now.", "version": str(judged.version)}
    page = browser.post(address, {**form, "edition": str(scene.edition.id)}, status=409)
    assert "Better now." in page.text
    assert "(not agreed on the present edition of the framework)" in page.text
    with scene.app.app_context():
        assert db.session.scalars(select(Judgement)).all() == []
    browser.post(address, {**page.form("grade"), "grade": "fair"})
    with scene.app.app_context():
        row = db.session.scalars(select(Judgement)).one()
        assert row.grade_id == newer.ids.grades["five", "fair"]


def test_an_agreed_grade_of_a_section_that_is_gone_is_not_lost(scene: Scene) -> None:
    with scene.app.app_context(), writing() as session:
        session.execute(update(Case).values(panel_opened_at=now()))
    scene.move(scene.publish(next_content(scene.edition.content)))
    address = f"/audits/{scene.audit.id}/panel/{scene.case.id}/sections/protection"
    form = {"grade": "good", "reason": "All of it.", "version": "0", "edition": str(scene.edition.id)}
    page = scene.browser(scene.lead).post(address, form, status=409)
    assert "All of it." in page.text
    assert "(this section is no longer in the framework)" in page.text


def test_findings_of_a_section_that_is_gone_are_of_the_whole_case(scene: Scene) -> None:
    scene.move(scene.publish(next_content(scene.edition.content)))
    with scene.app.app_context(), writing() as session:
        session.execute(update(Finding).values(released=True))
    browser = scene.browser(scene.lead)
    page = browser.get(f"/audits/{scene.audit.id}/findings?section=whole-case")
    assert "The plan was clear." in page.text
    report = browser.get(f"/audits/{scene.audit.id}/report")
    assert "The plan was clear." in report.text


@pytest.mark.postgres
def test_an_answer_being_saved_is_waited_for_and_saved_where_it_belongs(scene: Scene) -> None:
    newer = scene.publish(replace(scene.edition.content))
    with scene.app.app_context():
        seen = preview(scene.lead, scene.audit.id, newer.id).made.seen
        db.session.remove()
    began, moved = threading.Event(), threading.Event()

    def move() -> None:
        with scene.app.app_context():
            began.set()
            move_audit(scene.lead, scene.audit.id, newer.id, seen)
            moved.set()

    mover = threading.Thread(target=move)
    with scene.app.app_context():
        with writing() as session:
            record = lock_return(
                session, scene.health_auditor, scene.health_return.id, Permission.RETURNS_COMPLETE
            )
            mover.start()
            began.wait(10)
            assert not moved.wait(1)
            assert record.edition_id == scene.edition.id
            session.execute(
                update(Answer)
                .where(Answer.question_id == scene.edition.ids.questions["threshold"])
                .values(evidence="Written meanwhile.")
            )
        mover.join(30)
        assert moved.is_set()
        query = select(Answer.evidence).where(Answer.question_id == newer.ids.questions["threshold"])
        assert set(db.session.scalars(query)) == {"Written meanwhile."}


@pytest.mark.postgres
def test_whoever_waits_for_a_move_sees_the_newer_edition(scene: Scene) -> None:
    newer = scene.publish(replace(scene.edition.content))
    seen: list[int] = []

    def save() -> None:
        with scene.app.app_context(), writing() as session:
            who, number = scene.health_auditor, scene.health_return.id
            seen.append(lock_return(session, who, number, Permission.RETURNS_COMPLETE).edition_id)

    saver = threading.Thread(target=save)
    with scene.app.app_context(), writing() as session:
        row = session.scalars(select(Audit).where(Audit.id == scene.audit.id).with_for_update()).one()
        row.edition_id = newer.id
        session.flush()
        saver.start()
        saver.join(1)
        assert not seen
    saver.join(30)
    assert seen == [newer.id]
