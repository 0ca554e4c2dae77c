"""Between any two editions, whatever was answered: moving loses nothing, and undoing gives every row back."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, select

from qa.audits.models import Audit, Case, CaseProfileValue, Return
from qa.db import db, now, writing
from qa.frameworks.content import FrameworkContent
from qa.frameworks.editions import EditionTree
from qa.frameworks.vocabulary import ProfileFieldType, QuestionType
from qa.moderation.models import Judgement
from qa.moving.commands import move_audit, undo_move
from qa.moving.queries import preview
from qa.returns.decoding import columns_of, stored_value
from qa.returns.models import Answer, AnswerChoice, Finding, FindingKind
from qa.returns.queries import trees_of_questions
from tests.integration.moving.conftest import Scene, rows
from tests.support.edition_strategies import editions, successors
from tests.unit.frameworks.answer_strategies import answers

AGENCIES = 2


def said(audit: Audit) -> list[tuple[Any, ...]]:
    """Every answer of an audit as what it says, by its keys, whichever edition it is of."""
    query = (
        select(Answer).join(Return, Return.id == Answer.return_id).where(Return.audit_id == audit.id)
    ).order_by(Answer.id)
    found = db.session.scalars(query).all()
    trees = trees_of_questions(db.session(), [answer.question_id for answer in found])
    told = []
    for answer in found:
        tree = trees[answer.question_id]
        ticked = db.session.scalars(
            select(AnswerChoice.option_id).where(AnswerChoice.answer_id == answer.id)
        ).all()
        value = stored_value(
            tree,
            answer.grade_id,
            answer.option_id,
            answer.code,
            answer.number,
            answer.day,
            answer.text,
            ",".join(map(str, ticked)),
        )
        keys = frozenset(value.keys) if value else frozenset()
        plain = (value.number, value.date, value.text) if value else ()
        told.append((answer.id, tree.question_keys[answer.question_id], keys, plain, answer.evidence))
    return told


def fill(draw: st.DataObject, scene: Scene, tree: EditionTree) -> Audit:
    """An audit on that edition: a case with a profile, two returns, answers, findings, judgements."""
    audit = scene.make.audit(scene.area, tree, (scene.council, scene.health))
    case = scene.make.case(audit)
    for agency in (scene.council, scene.health):
        row = scene.make.case_return(case, agency)
        answer(draw, row, tree)
        scene.make.finding(row, tree, section=draw.draw(st.sampled_from(list(tree.ids.sections))))
    profile(draw, case, tree)
    with writing() as session:
        for section in [None, *tree.ids.sections]:
            grade = draw.draw(st.sampled_from([None, *tree.judgement_scale.grades]))
            key = (tree.judgement_scale.key, grade.key) if grade else None
            session.add(
                Judgement(
                    audit_id=audit.id,
                    case_id=case.id,
                    section_id=tree.ids.sections[section] if section else None,
                    grade_id=tree.ids.grades[key] if key else None,
                    reason="Agreed.",
                    decided_at=now(),
                )
            )
        session.add(
            Finding(
                audit_id=audit.id, case_id=case.id, kind=FindingKind.STRENGTH, text="All.", created_at=now()
            )
        )
    return audit


def answer(draw: st.DataObject, row: Return, tree: EditionTree) -> None:
    """Answers to some questions."""
    with writing() as session:
        for question in tree.content.questions:
            if not draw.draw(st.booleans()):
                continue
            value = draw.draw(answers(question, tree.content))
            made = Answer(
                return_id=row.id,
                question_id=tree.ids.questions[question.key],
                evidence=draw.draw(st.sampled_from(["", "Seen."])),
                updated_at=now(),
                **columns_of(tree, question, value),
            )
            session.add(made)
            session.flush()
            if question.type is QuestionType.SEVERAL_CHOICES:
                ticked = [tree.ids.options[question.key, key] for key in value.options]
                session.execute(
                    insert(AnswerChoice), [{"answer_id": made.id, "option_id": one} for one in ticked]
                )


def profile(draw: st.DataObject, case: Case, tree: EditionTree) -> None:
    """Values of some fields of the case profile."""
    with writing() as session:
        for field in tree.content.profile:
            values: dict[str, Any] = {"case_id": case.id, "field_id": tree.ids.fields[field.key]}
            if field.type is ProfileFieldType.SINGLE_CHOICE:
                key = draw.draw(st.sampled_from(field.options)).key
                values["option_id"] = tree.ids.profile_options[field.key, key]
            elif field.type is ProfileFieldType.NUMBER:
                values["number"] = 3
            else:
                values["code"] = "yes"
            if draw.draw(st.booleans()):
                session.add(CaseProfileValue(**values))


def move(scene: Scene, audit: Audit, edition: EditionTree) -> int:
    """Move the audit as its page would; gives the number of the move."""
    seen = preview(scene.lead, audit.id, edition.id).made.seen
    db.session.remove()
    return move_audit(scene.lead, audit.id, edition.id, seen)


def test_moving_loses_nothing_and_undoing_gives_every_row_back(scene: Scene) -> None:
    @settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow], database=None)
    @given(editions(), st.data())
    def check(first: FrameworkContent, draw: st.DataObject) -> None:
        older, newer = scene.publish(first), scene.publish(draw.draw(successors(first)))
        with scene.app.app_context():
            audit = fill(draw, scene, older)
            before, told = rows(), said(audit)
            db.session.remove()
            number = move(scene, audit, newer)
            after = rows()
            assert said(audit) == told
            db.session.remove()
            undo_move(scene.lead, audit.id, number)
            assert rows() == before
            # There once more it is as it was there.
            again = move(scene, audit, newer)
            assert rows() | {"set_aside_judgement": []} == after | {"set_aside_judgement": []}
            undo_move(scene.lead, audit.id, again)
            assert rows() == before

    check()
