"""Moving an audit to a newer edition on its pages, and what its tables and pages say afterwards."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select, update

from qa.audits.lifecycle import ReturnState, Stage
from qa.audits.models import Audit, Case, CaseProfileValue, Return
from qa.db import db, now, writing
from qa.frameworks.models import Edition
from qa.frameworks.states import EditionState
from qa.moderation.models import Judgement, SetAsideJudgement
from qa.returns.models import Answer, AnswerChoice, Finding
from qa.trail.models import TrailEntry
from tests.integration.moving.conftest import FIVE, Scene, changed, judge, next_content
from tests.support.pages import Page


def said(page: Page) -> str:
    """The page's text, as it reads across bold words."""
    return page.text.replace(" ,", ",").replace(" .", ".").replace(" :", ":")


def test_the_page_says_what_becomes_of_every_answer(scene: Scene) -> None:
    newer = scene.publish(next_content(scene.edition.content))
    browser = scene.browser(scene.lead)
    audit = browser.get(f"/audits/{scene.audit.id}")
    choose = browser.get(audit.links["Move to a newer edition"])
    page = browser.get(choose.links["Small framework, edition 2"])
    assert page.response.request.path == scene.to(newer)
    assert "Kept 6 questions, 12 answers:" in said(page)
    assert "Needs answering again 3 questions, 6 answers:" in said(page)
    assert "No longer asked 5 questions, 10 answers:" in said(page)
    assert "New 1 question:" in said(page)
    assert "1 return is submitted and stays so. 1 submitted return will lack an answer" in said(page)
    assert "2 strengths and areas for improvement under “Child protection plan”" in said(page)
    assert "“Referrals before”: has to be filled in again" in said(page)
    assert "It is counted in hours, and was in days." in said(page)
    assert "It is graded on another scale." in said(page)
    assert "Needs grading again 2 answers" in said(page)
    assert "Moved here from “Front door and threshold”." in said(page)
    gone = browser.get(f"{scene.to(newer)}?show=gone")
    assert "Is the plan specific and measurable?" in said(gone)
    assert "Was consent sought?" not in said(gone)


def test_what_can_be_kept_goes_along_by_its_keys(scene: Scene) -> None:
    newer = scene.publish(next_content(scene.edition.content))
    judge(scene.make, scene, "front_door", "good")
    done = scene.move(newer)
    assert done.heading == "From edition 1 to edition 2"
    assert "Kept 12 answers To be given again 6 answers No longer asked 10 answers" in said(done)
    with scene.app.app_context():
        assert db.session.get_one(Audit, scene.audit.id).edition_id == newer.id
        mine = {
            answer.question_id: answer
            for answer in db.session.scalars(
                select(Answer).where(Answer.return_id == scene.council_return.id)
            )
        }
        threshold = mine[newer.ids.questions["threshold"]]
        assert threshold.grade_id == newer.ids.grades["ofsted", "good"]
        assert mine[newer.ids.questions["referrer"]].option_id == newer.ids.options["referrer", "school"]
        ticked = select(AnswerChoice.option_id).where(
            AnswerChoice.answer_id == mine[newer.ids.questions["consulted"]].id
        )
        keys = ("health", "education")
        assert set(db.session.scalars(ticked)) == {newer.ids.options["consulted", key] for key in keys}
        # Graded on another scale, in another unit, of another type, or gone: with the old edition.
        for key in ("front_door_grade", "decision_days", "reference_used", "consent_why", "plan_smart"):
            assert mine[scene.edition.ids.questions[key]].id
        assert newer.ids.questions["front_door_grade"] not in mine
        values = {
            value.field_id: value
            for value in db.session.scalars(
                select(CaseProfileValue).where(CaseProfileValue.case_id == scene.case.id)
            )
        }
        pathway = newer.ids.profile_options["pathway", "child_protection"]
        assert values[newer.ids.fields["pathway"]].option_id == pathway
        assert scene.edition.ids.fields["referrals"] in values
        sections = set(db.session.scalars(select(Finding.section_id)))
        assert sections == {newer.ids.sections["front_door"], scene.edition.ids.sections["protection"]}
        row = db.session.scalars(select(Judgement)).one()
        assert row.section_id == newer.ids.sections["front_door"]
        assert row.grade_id == newer.ids.grades["ofsted", "good"]
        entry = db.session.scalars(select(TrailEntry).where(TrailEntry.event == "audits.edition_moved")).one()
        assert (entry.record_id, entry.fields) == (scene.audit.id, "edition,from:1,to:2")


def test_a_choice_that_went_is_only_missed_where_it_was_chosen(scene: Scene) -> None:
    newer = scene.publish(next_content(scene.edition.content))
    with scene.app.app_context(), writing() as session:
        police = scene.edition.ids.options["referrer", "police"]
        of_health = Answer.return_id == scene.health_return.id
        referrer = Answer.question_id == scene.edition.ids.questions["referrer"]
        session.execute(update(Answer).where(of_health, referrer).values(option_id=police))
    page = scene.browser(scene.lead).get(scene.to(newer))
    assert "Answers given can no longer be chosen: “Police”." in said(page)
    assert "Needs answering again 4 questions, 8 answers:" in said(page)


def test_an_answer_given_meanwhile_that_changes_what_is_kept_is_asked_about_first(scene: Scene) -> None:
    newer = scene.publish(next_content(scene.edition.content))
    browser = scene.browser(scene.lead)
    page = browser.get(scene.to(newer))
    with scene.app.app_context(), writing() as session:
        police = scene.edition.ids.options["referrer", "police"]
        referrer = Answer.question_id == scene.edition.ids.questions["referrer"]
        session.execute(update(Answer).where(referrer).values(option_id=police))
    before = scene.held()
    again = browser.post(scene.to(newer), page.form("seen"))
    assert "Answers given since you opened this page change what can be kept" in again.errors[0]
    assert scene.held() == before
    done = browser.post(scene.to(newer), again.form("seen"))
    assert done.heading == "From edition 1 to edition 2"


def test_moving_twice_moves_once(scene: Scene) -> None:
    newer = scene.publish(next_content(scene.edition.content))
    browser = scene.browser(scene.lead)
    form = browser.get(scene.to(newer)).form("seen")
    done = browser.post(scene.to(newer), form)
    after = scene.held()
    again = browser.post(scene.to(newer), form)
    assert again.response.request.path == done.response.request.path
    assert scene.held() == after


@pytest.mark.parametrize("stage", [Stage.REPORTED, Stage.CLOSED])
def test_a_reported_audit_keeps_its_edition(scene: Scene, stage: Stage) -> None:
    newer = scene.publish(next_content(scene.edition.content))
    browser = scene.browser(scene.lead)
    form = browser.get(scene.to(newer)).form("seen")
    with scene.app.app_context(), writing() as session:
        session.execute(update(Audit).values(stage=stage))
    before = scene.held()
    assert "so its edition stays" in browser.post(scene.to(newer), form).errors[0]
    assert "its edition stays" in browser.get(scene.page).text
    assert "Move to a newer edition" not in browser.get(f"/audits/{scene.audit.id}").links
    assert scene.held() == before


def test_only_newer_published_editions_of_the_same_framework_are_offered(scene: Scene) -> None:
    content = scene.edition.content
    second, third = scene.publish(next_content(content)), scene.publish(content)
    other = scene.publish(replace(content, key="another"))
    with scene.app.app_context(), writing() as session:
        session.execute(update(Edition).where(Edition.id == third.id).values(state=EditionState.WITHDRAWN))
    browser = scene.browser(scene.lead)
    links = browser.get(scene.page).links
    assert [text for text in links if "edition" in text and text.startswith("Small")] == [
        "Small framework, edition 2"
    ]
    for edition in (third, other, scene.edition):
        browser.get(scene.to(edition), status=404)
    scene.move(second)
    assert "No newer edition of this framework is published." in browser.get(scene.page).text


def test_the_way_to_undo_a_move_stands_on_the_audits_page(scene: Scene) -> None:
    newer = scene.publish(next_content(scene.edition.content))
    done = scene.move(newer)
    browser = scene.browser(scene.lead)
    audit = browser.get(f"/audits/{scene.audit.id}")
    moves = browser.get(audit.links["Moves to a newer edition"])
    assert moves.links["From edition 1 to edition 2"] == done.response.request.path


def test_undoing_puts_every_row_back(scene: Scene) -> None:
    judge(scene.make, scene, "front_door", "good")
    judge(scene.make, scene, "protection", None)
    judge(scene.make, scene, None, "inadequate")
    newer = scene.publish(next_content(scene.edition.content))
    before = scene.held()
    done = scene.move(newer)
    assert scene.held() != before
    undone = scene.undo(done)
    assert "The audit is back on edition 1." in undone.text
    assert scene.held() == before
    with scene.app.app_context():
        assert db.session.get_one(Audit, scene.audit.id).edition_id == scene.edition.id
        events = db.session.scalars(select(TrailEntry.event).order_by(TrailEntry.number.desc()).limit(1))
        assert list(events) == ["audits.edition_move_undone"]
    scene.undo(done)
    assert scene.held() == before


def test_judgements_on_another_scale_are_set_aside_and_come_back(scene: Scene) -> None:
    judge(scene.make, scene, "front_door", "good")
    judge(scene.make, scene, None, None)
    newer = scene.publish(
        replace(scene.edition.content, scales=(*scene.edition.content.scales, FIVE), judgement_scale="five")
    )
    page = scene.browser(scene.lead).get(scene.to(newer))
    assert "2 agreed grades of the panel are set aside" in said(page)
    before = scene.held()
    done = scene.move(newer)
    with scene.app.app_context():
        assert db.session.scalars(select(Judgement)).all() == []
        assert len(db.session.scalars(select(SetAsideJudgement)).all()) == 2
    scene.undo(done)
    assert scene.held() == before


def test_a_submission_ends_undoing(scene: Scene) -> None:
    newer = scene.publish(next_content(scene.edition.content))
    done = scene.move(newer)
    with scene.app.app_context(), writing() as session:
        session.execute(
            update(Return)
            .where(Return.id == scene.health_return.id)
            .values(state=ReturnState.SUBMITTED, submitted_at=now())
        )
    before = scene.held()
    browser = scene.browser(scene.lead)
    page = browser.get(done.response.request.path)
    assert "1 return has been submitted since, on edition 2." in page.text
    assert "Undo the move" not in [button.text for button in page.all("button")]
    assert "1 return has been submitted since" in scene.undo(done).errors[0]
    assert scene.held() == before


def test_an_answer_that_the_earlier_edition_does_not_offer_ends_undoing(scene: Scene) -> None:
    newer = scene.publish(next_content(scene.edition.content))
    done = scene.move(newer)
    with scene.app.app_context(), writing() as session:
        parent = newer.ids.options["referrer", "parent"]
        mine = Answer.question_id == newer.ids.questions["referrer"]
        session.execute(update(Answer).where(mine).values(option_id=parent))
    assert "does not offer, to: “Who referred?”." in scene.undo(done).errors[0]


def test_a_grade_agreed_on_a_new_section_ends_undoing(scene: Scene) -> None:
    newer = scene.publish(next_content(scene.edition.content))
    done = scene.move(newer)
    scene.make.add(
        Judgement(
            audit_id=scene.audit.id,
            case_id=scene.case.id,
            section_id=newer.ids.sections["outcome"],
            reason="Agreed.",
            decided_at=now(),
        )
    )
    assert "The panel has agreed 1 grade since that edition 1 has no place for." in scene.undo(done).errors


def test_what_is_answered_since_to_new_questions_stays_with_the_case(scene: Scene) -> None:
    newer = scene.publish(next_content(scene.edition.content))
    before = scene.held()
    done = scene.move(newer)
    scene.make.answer(scene.health_return, newer, "outcome_grade", grade="good")
    scene.make.answer(scene.health_return, newer, "front_door_grade", grade="fair")
    scene.make.finding(scene.health_return, newer, "A new point.", section="outcome", released=False)
    scene.undo(done)
    after = scene.held()
    assert len(after["answer"]) == len(before["answer"]) + 2
    assert set(before["answer"]) < set(after["answer"])
    assert set(before["finding"]) < set(after["finding"])
    read = scene.browser(scene.health_auditor).get(f"/returns/{scene.health_return.id}/read")
    assert "Answers from edition 2" in read.text
    assert "How good was the outcome?" in read.text
    # Moved there once more, they are its answers again.
    scene.move(newer)
    section = scene.browser(scene.health_auditor).get(f"/returns/{scene.health_return.id}/sections/outcome")
    assert section.form("form")["q-outcome_grade"] == "good"


def test_a_later_move_is_undone_first(scene: Scene) -> None:
    content = next_content(scene.edition.content)
    second = scene.publish(content)
    third = scene.publish(replace(content, sections=changed(content, lambda one: one)[:1]))
    start = scene.held()
    first_move = scene.move(second)
    middle = scene.held()
    second_move = scene.move(third)
    assert "Undo the later move first." in scene.undo(first_move).errors[0]
    scene.undo(second_move)
    assert scene.held() == middle
    scene.undo(first_move)
    assert scene.held() == start


def test_another_audit_of_the_same_edition_is_left_alone(scene: Scene) -> None:
    other = scene.make.audit(scene.area, scene.edition, (scene.council,))
    row = scene.make.case_return(scene.make.case(other), scene.council, state=ReturnState.SUBMITTED)
    answer = scene.make.answer(row, scene.edition, "threshold", grade="good")
    scene.move(scene.publish(next_content(scene.edition.content)))
    with scene.app.app_context():
        assert db.session.get_one(Answer, answer.id).question_id == answer.question_id
        assert db.session.get_one(Audit, other.id).edition_id == scene.edition.id


def test_every_page_still_opens_after_a_move(scene: Scene) -> None:
    judge(scene.make, scene, "protection", "inadequate")
    judge(scene.make, scene, None, "good")
    with scene.app.app_context(), writing() as session:
        session.execute(update(Case).values(panel_opened_at=now()))
    scene.move(scene.publish(next_content(scene.edition.content)))
    lead, auditor = scene.browser(scene.lead), scene.browser(scene.health_auditor)
    audit, case = f"/audits/{scene.audit.id}", scene.case.id
    for address in (
        audit, f"{audit}/cases", f"{audit}/cases/{case}", f"{audit}/cases/{case}/edit", f"{audit}/panel",
        f"{audit}/panel/{case}", f"{audit}/findings", f"{audit}/findings?section=whole", f"{audit}/analysis",
        f"{audit}/report", f"/returns/{scene.council_return.id}/read",
    ):  # fmt: skip
        lead.get(address)
    for end in ("", "/read", "/check-answers", "/sections/front_door", "/sections/outcome"):
        auditor.get(f"/returns/{scene.health_return.id}{end}")
    auditor.get("/my-work")
