from __future__ import annotations

import hashlib
from collections import Counter
from datetime import timedelta
from io import BytesIO
from itertools import pairwise

import pytest
from flask import Flask
from pypdf import PdfReader
from sqlalchemy import func, select, text
from sqlalchemy.orm import joinedload

from qa.accounts.models import Agency, Area, Installation, Person
from qa.accounts.permissions import Role
from qa.audits.lifecycle import ReturnState, Stage
from qa.audits.models import Audit, Case, Return
from qa.audits.programme.models import PlannedAudit, Programme
from qa.audits.programme.planned import PlanState
from qa.audits.references import audit_reference_problem
from qa.chasing.models import Chase
from qa.db import db, now, today
from qa.demo import words
from qa.feedback.models import Feedback
from qa.feedback.vocabulary import Sought, Voice
from qa.findings.models import FindingTheme, Theme
from qa.frameworks.conditions import visible
from qa.frameworks.models import Edition, Grade, Question, Scale
from qa.frameworks.states import EditionState
from qa.frameworks.types import type_of
from qa.moderation.attending import Attended
from qa.moderation.models import Judgement, PanelAttendance, PanelMeeting
from qa.recommendations.lifecycle import ActionState, RecommendationState, overdue
from qa.recommendations.models import Action, EvidenceFile, Recommendation, Verification
from qa.reports.models import IssuedReport, ReportDraft
from qa.returns.models import Answer, Concern, ConcernState, ConcernStep, ConcernStepKind, Finding
from qa.trail.models import TrailEntry
from qa.trail.verifying import verify
from tests.integration.demo.reading import audit_named, whole_returns

TITLES = ("Help and Protection 2019/20", "Child sexual abuse", "Children in need", "Section 11")


def counted(model: type) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def test_it_holds_the_partnership_its_frameworks_and_four_audits(demonstration: Flask) -> None:
    with demonstration.app_context():
        assert db.session.scalars(select(Area.name).order_by(Area.name)).all() == [
            "Barking and Dagenham",
            "Havering",
            "Redbridge",
        ]
        assert counted(Agency) == 10
        assert db.session.scalars(select(Person.email)).all()
        assert all(email.endswith("@example.org") for email in db.session.scalars(select(Person.email)))
        states = db.session.scalars(select(Edition.state)).all()
        assert len(states) == 6
        assert set(states) == {EditionState.PUBLISHED}
        assert counted(Theme) == 23
        stages = {title: audit_named(title).stage for title in TITLES}
        assert stages == dict(
            zip(TITLES, (Stage.REPORTED, Stage.PANEL, Stage.FIELDWORK, Stage.PANEL), strict=True)
        )


def test_everything_is_marked_as_illustrative(demonstration: Flask) -> None:
    with demonstration.app_context():
        assert db.session.scalar(select(Installation.demonstration)) is True
        assert all(db.session.scalars(select(Audit.illustrative)))


def test_foreign_keys_hold(demonstration: Flask, database_kind: str) -> None:
    with demonstration.app_context():
        if database_kind == "sqlite":
            assert db.session.execute(text("PRAGMA foreign_key_check")).all() == []
        # PostgreSQL has checked them at each insert; what no foreign key can say:
        stray = (
            select(Return.id).join(Case, Case.id == Return.case_id).where(Case.audit_id != Return.audit_id)
        )
        assert db.session.scalars(stray).all() == []
        stray = (
            select(Finding.id).join(Case, Case.id == Finding.case_id).where(Case.audit_id != Finding.audit_id)
        )
        assert db.session.scalars(stray).all() == []


def test_help_and_protection_has_fifty_cases_of_four_to_six_agencies(demonstration: Flask) -> None:
    with demonstration.app_context():
        audit = audit_named("Help and Protection")
        assert (audit.period_start.year, audit.period_end.year) == (2019, 2020)
        returns = list(whole_returns(audit))
        per_case = Counter(entry.row.case_id for entry in returns)
        assert len(per_case) == 50
        assert set(per_case.values()) == {4, 5, 6}
        pathways = Counter(entry.profile["pathway"] for entry in returns)
        assert set(pathways) == {"early_help", "child_in_need", "s47", "child_protection"}
        away = [entry for entry in returns if entry.row.state is ReturnState.NOT_INVOLVED]
        assert away
        assert all(entry.row.not_involved_reason and not entry.answers for entry in away)
        assert all(entry.row.state.complete for entry in returns)


@pytest.mark.parametrize("title", TITLES)
def test_returns_answer_what_is_asked_and_nothing_else(demonstration: Flask, title: str) -> None:
    with demonstration.app_context():
        submitted = 0
        for entry in whole_returns(audit_named(title)):
            asked = visible(entry.tree.content, entry.sector, entry.profile, entry.answers).questions
            assert entry.answers.keys() <= asked
            if entry.row.state is not ReturnState.SUBMITTED:
                continue
            submitted += 1
            for question in entry.tree.content.questions:
                if question.key in asked:
                    wrong = type_of(question).check_complete(
                        question,
                        entry.tree.content,
                        entry.answers.get(question.key),
                        entry.evidence.get(question.key),
                    )
                    assert not wrong, (entry.row.id, wrong)
        assert submitted >= 10


@pytest.mark.parametrize("title", TITLES)
def test_answers_could_have_been_typed(demonstration: Flask, title: str) -> None:
    """What is kept comes out of the form again as it went in: within bounds, options that exist."""
    with demonstration.app_context():
        for entry in whole_returns(audit_named(title)):
            for key, value in entry.answers.items():
                question = entry.tree.content.question(key)
                kind = type_of(question)
                parsed = kind.parse(question, entry.tree.content, kind.to_raw(question, value))
                assert parsed is not None
                assert sorted(parsed.keys) == sorted(value.keys)
                assert (parsed.number, parsed.date, parsed.text) == (value.number, value.date, value.text)


def test_no_grade_lies_outside_its_scale(demonstration: Flask) -> None:
    with demonstration.app_context():
        strays = (
            select(Answer.id)
            .join(Question, Question.id == Answer.question_id)
            .join(Grade, Grade.id == Answer.grade_id)
            .where(Grade.scale_id != Question.scale_id)
        )
        assert db.session.scalars(strays).all() == []
        judged = (
            select(Judgement.id)
            .join(Case, Case.id == Judgement.case_id)
            .join(Audit, Audit.id == Case.audit_id)
            .join(Edition, Edition.id == Audit.edition_id)
            .join(Grade, Grade.id == Judgement.grade_id)
            .join(Scale, Scale.id == Grade.scale_id)
            .where((Scale.key != Edition.judgement_scale) | (Scale.edition_id != Edition.id))
        )
        assert db.session.scalars(judged).all() == []


def test_agencies_sometimes_lie_two_grades_apart(demonstration: Flask) -> None:
    with demonstration.app_context():
        audit = audit_named("Help and Protection")
        spread = (
            select(Return.case_id)
            .join(Answer, Answer.return_id == Return.id)
            .join(Grade, Grade.id == Answer.grade_id)
            .where(Return.audit_id == audit.id)
            .group_by(Return.case_id, Answer.question_id)
        )
        apart = set(db.session.scalars(spread.having(func.max(Grade.score) - func.min(Grade.score) >= 2)))
        assert 10 <= len(apart) < 50


def test_the_reported_audit_is_moderated_coded_and_written_up(demonstration: Flask) -> None:
    with demonstration.app_context():
        audit = audit_named("Help and Protection")
        judgements = Counter(
            db.session.scalars(select(Judgement.case_id).join(Case).where(Case.audit_id == audit.id))
        )
        sections = {}
        for entry in whole_returns(audit):
            sections[entry.row.case_id] = visible(entry.tree.content, None, entry.profile, {}).sections
        assert judgements == {case: len(keys) + 1 for case, keys in sections.items()}  # and the whole case
        assert all(db.session.scalars(select(Case.panel_opened_at).where(Case.audit_id == audit.id)))
        findings = db.session.scalars(select(Finding).where(Finding.audit_id == audit.id)).all()
        published = {finding.text for finding in words.audit("help_and_protection_2019_20").findings}
        assert published <= {finding.text for finding in findings}
        assert all(finding.released for finding in findings)
        coded = set(db.session.scalars(select(FindingTheme.finding_id)))
        assert {finding.id for finding in findings} <= coded
        draft = db.session.get_one(ReportDraft, audit.id)
        assert "no child unsafe" in draft.executive_summary
        assert "\n\n" in draft.executive_summary


def test_the_report_is_issued_and_says_that_its_grades_are_illustrative(demonstration: Flask) -> None:
    with demonstration.app_context():
        row = db.session.execute(
            select(IssuedReport.audit_id, IssuedReport.title, IssuedReport.content, IssuedReport.page)
        ).one()
        assert row.audit_id == audit_named("Help and Protection").id
        pages = [" ".join(page.extract_text().split()) for page in PdfReader(BytesIO(row.content)).pages]
        assert any("grades are illustrative" in page for page in pages)
        assert any("The auditor found no child unsafe" in page for page in pages)
        assert "grades are illustrative" in row.page


def test_recommendations_stand_in_every_state(demonstration: Flask) -> None:
    with demonstration.app_context():
        recommendations = db.session.scalars(select(Recommendation)).all()
        assert {row.state for row in recommendations} == set(RecommendationState)
        actions = db.session.scalars(select(Action)).all()
        assert {action.state for action in actions} == set(ActionState)
        assert {action.recommendation_id for action in actions} == {row.id for row in recommendations}
        closed = [row.id for row in recommendations if row.state is RecommendationState.CLOSED]
        assert {action.state for action in actions if action.recommendation_id in closed} == {
            ActionState.VERIFIED
        }
        assert any(overdue(action.state, action.due_on, today()) for action in actions)
        unfinished = [action for action in actions if action.state is not ActionState.VERIFIED]
        assert any(action.due_on > today() for action in unfinished)
        assert all(action.due_on.year < 2022 for action in actions if action.state is ActionState.VERIFIED)


def test_what_was_said_of_an_action_leads_to_its_state(demonstration: Flask) -> None:
    with demonstration.app_context():
        agencies = {
            person.id: {role.agency_id for role in person.roles}
            for person in db.session.scalars(select(Person).options(joinedload(Person.roles))).unique()
        }
        updates = db.session.execute(
            text("SELECT action_id, posted_at, state FROM progress_update ORDER BY posted_at")
        ).all()
        for action in db.session.scalars(select(Action)):
            decisions = db.session.scalars(
                select(Verification).where(Verification.action_id == action.id)
            ).all()
            assert all(action.agency_id not in agencies[decision.person_id] for decision in decisions)
            posted = [update for update in updates if update.action_id == action.id]
            last_decision = max(decisions, key=lambda decision: decision.decided_at, default=None)
            if action.state in {ActionState.VERIFIED, ActionState.SENT_BACK}:
                assert last_decision is not None
                assert last_decision.outcome == action.state.value
            else:
                assert not decisions
                assert (posted[-1].state if posted else "not_started") == action.state.value
            moments = [str(update.posted_at) for update in posted]
            assert all(earlier < later for earlier, later in pairwise(moments))


def test_evidence_files_are_what_they_say(demonstration: Flask) -> None:
    with demonstration.app_context():
        rows = db.session.execute(
            select(EvidenceFile.name, EvidenceFile.content, EvidenceFile.sha256, EvidenceFile.size)
        ).all()
        assert {row.name.rsplit(".")[-1] for row in rows} == {"txt", "pdf"}
        for row in rows:
            assert (hashlib.sha256(row.content).hexdigest(), len(row.content)) == (row.sha256, row.size)
            if row.name.endswith(".pdf"):
                assert "invented" in PdfReader(BytesIO(row.content)).pages[0].extract_text()
            else:
                assert "invented" in row.content.decode("utf-8")


def test_the_panel_of_the_abuse_audit_is_half_way(demonstration: Flask) -> None:
    with demonstration.app_context():
        audit = audit_named("Child sexual abuse")
        cases = db.session.scalars(select(Case).where(Case.audit_id == audit.id)).all()
        opened = {case.id for case in cases if case.panel_opened_at}
        assert (len(cases), len(opened)) == (12, 8)
        judged = set(
            db.session.scalars(
                select(Judgement.case_id)
                .join(Case)
                .where(Case.audit_id == audit.id, Judgement.section_id.is_(None))
            )
        )
        assert judged
        assert judged < opened
        findings = set(db.session.scalars(select(Finding.id).where(Finding.audit_id == audit.id)))
        coded = set(db.session.scalars(select(FindingTheme.finding_id))) & findings
        assert coded
        assert coded < findings


def test_every_headline_auditor_has_returns_to_do(demonstration: Flask) -> None:
    with demonstration.app_context():
        audit = audit_named("Children in need")
        for person in words.partnership().people:
            if not person.headline or person.roles[0].role != Role.AUDITOR:
                continue
            states = set(
                db.session.scalars(
                    select(Return.state)
                    .join(Person, Person.id == Return.auditor_id)
                    .where(Return.audit_id == audit.id, Person.email == person.email)
                )
            )
            assert {ReturnState.NOT_STARTED, ReturnState.IN_PROGRESS, ReturnState.SUBMITTED} <= states, person
        rows = db.session.scalars(select(Return).where(Return.audit_id == audit.id)).all()
        assert any(not row.state.complete and row.due_on < today() for row in rows)
        assert any(row.auditor_id is None for row in rows)
        half = [entry for entry in whole_returns(audit) if entry.row.state is ReturnState.IN_PROGRESS]
        assert all(entry.answers for entry in half)
        unreleased = select(Finding.released).join(Return).where(Return.state == ReturnState.IN_PROGRESS)
        assert not any(db.session.scalars(unreleased))


def test_one_concern_waits_one_is_acted_on_and_one_is_closed(demonstration: Flask) -> None:
    with demonstration.app_context():
        concerns = db.session.scalars(select(Concern)).all()
        assert Counter(concern.state for concern in concerns) == {
            ConcernState.RAISED: 1,
            ConcernState.ACKNOWLEDGED: 1,
            ConcernState.CLOSED: 1,
        }
        steps = db.session.execute(select(ConcernStep.kind, Concern.state).join(Concern)).all()
        assert Counter(map(tuple, steps)) == {
            (ConcernStepKind.ACTION, ConcernState.ACKNOWLEDGED): 1,
            (ConcernStepKind.ACTION, ConcernState.CLOSED): 1,
            (ConcernStepKind.CLOSED, ConcernState.CLOSED): 1,
        }
        assert all(concern.due_at is None or concern.due_at > now() for concern in concerns)


def test_some_cases_of_every_audit_of_cases_have_views(demonstration: Flask) -> None:
    with demonstration.app_context():
        query = select(Audit.title, Feedback.voice, Feedback.outcome).join(
            Audit, Audit.id == Feedback.audit_id
        )
        rows = db.session.execute(query).all()
    for title in TITLES[:3]:
        found = [row for row in rows if row.title.startswith(title)]
        assert {row.voice for row in found} == set(Voice), title
        assert {row.outcome for row in found} > {Sought.GIVEN}, title
    assert not any("Section 11" in row.title for row in rows)


def test_every_agency_assesses_itself(demonstration: Flask) -> None:
    with demonstration.app_context():
        audit = audit_named("Section 11")
        pairs = db.session.execute(
            select(Case.agency_id, Return.agency_id).join(Return).where(Case.audit_id == audit.id)
        ).all()
        assert len(pairs) == 10
        assert {case for case, _ in pairs} == set(db.session.scalars(select(Agency.id)))
        assert all(case == answering for case, answering in pairs)


def test_references_are_fit_and_open_work_is_dated_around_today(demonstration: Flask) -> None:
    with demonstration.app_context():
        for audit in db.session.scalars(select(Audit)):
            assert audit_reference_problem(audit.reference) is None
        fieldwork = audit_named("Children in need")
        assert fieldwork.fieldwork_opens_on
        assert fieldwork.fieldwork_opens_on < today() < fieldwork.returns_due_on
        assert fieldwork.period_end < fieldwork.fieldwork_opens_on
        panel = audit_named("Child sexual abuse")
        assert panel.report_due_on
        assert panel.returns_due_on < today() < panel.report_due_on
        assert all(
            row.submitted_at.date() <= today() + timedelta(days=1)
            for row in db.session.scalars(select(Return).where(Return.submitted_at.is_not(None)))
            if row.submitted_at
        )


def test_the_trail_tells_of_the_load_and_is_whole(demonstration: Flask) -> None:
    with demonstration.app_context():
        entries = db.session.execute(select(TrailEntry.event, TrailEntry.record)).all()
        assert Counter(tuple(entry) for entry in entries) == {
            ("demo.loaded", "installation"): 1,
            ("demo.loaded", "audit"): 4,
            ("findings.library_loaded", "theme"): 1,
            ("reports.issued", "report"): 1,
        }
        assert verify(demonstration.extensions["trail_key"], 7).whole


def test_its_programmes_hold_what_ran_what_is_planned_and_what_was_carried_over(demonstration: Flask) -> None:
    with demonstration.app_context():
        assert counted(Programme) == 3
        rows = {row.id: row for row in db.session.scalars(select(PlannedAudit))}
        begun = {audit.planned_id for audit in db.session.scalars(select(Audit)) if audit.planned_id}
        assert {rows[number].title for number in begun} == {
            "Child sexual abuse in the family environment",
            "Children in need",
            "Section 11 self-assessment",
        }
        assert {row.state for row in rows.values()} == set(PlanState)
        assert all(row.state_reason for row in rows.values() if row.state is not PlanState.PLANNED)
        carried = [row for row in rows.values() if row.carried_from_id]
        assert [rows[row.carried_from_id or 0].title for row in carried] == ["Strategy discussions"]


def test_a_panel_has_met_and_late_returns_were_chased(demonstration: Flask) -> None:
    with demonstration.app_context():
        (meeting,) = db.session.scalars(select(PanelMeeting))
        assert "chronology" in meeting.minutes
        people = db.session.scalars(select(PanelAttendance)).all()
        assert {row.attended for row in people} == set(Attended)
        chased = db.session.scalars(select(Return.due_on).join(Chase, Chase.return_id == Return.id)).all()
        assert chased
        assert all(due_on < today() for due_on in chased)
