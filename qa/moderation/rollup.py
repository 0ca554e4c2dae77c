"""Keeps the roll-up of divergence up to date: counted afresh only for cases whose returns have changed."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from operator import attrgetter
from typing import Any, cast

from sqlalchemy import (
    Integer,
    Row,
    Select,
    Table,
    bindparam,
    func,
    null,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Session

from qa.accounts.models import Agency
from qa.audits.lifecycle import ReturnState
from qa.audits.models import Audit, Case, Return
from qa.audits.queries import case_profiles
from qa.db import db, insert_of, writing
from qa.frameworks.content import Condition, Question
from qa.frameworks.editions import EditionTree
from qa.frameworks.reading import edition_tree
from qa.frameworks.vocabulary import QuestionType, Subject
from qa.moderation.board import Answered, Side, spreads
from qa.moderation.divergence import agenda_place, is_apart
from qa.moderation.models import AuditDivergence, CaseDivergence
from qa.returns.decoding import stored_value
from qa.returns.models import Answer
from qa.returns.queries import TICKED

CHUNK = 500
CASES = cast(Table, Case.__table__)
audit = bindparam("audit_id", type_=Integer)
first = Return.second.is_(False)
"""The condition on Return that it is no second auditor's: those are left out of divergence."""


def _known() -> Select[Any]:
    """What says whether anything has changed: read from indexes, whatever the number of cases."""
    of_audit = Return.audit_id == audit
    submitted = select(func.count()).where(of_audit, Return.state == ReturnState.SUBMITTED, first)
    held = AuditDivergence.audit_id == audit
    changed_case = (
        select(Case.id)
        .where(Case.audit_id == audit, Case.counted_version.is_distinct_from(Case.version))
        .exists()
    )
    return select(
        submitted.scalar_subquery().label("returns"),
        select(func.max(Return.submitted_at)).where(of_audit).scalar_subquery().label("newest"),
        select(AuditDivergence.returns).where(held).scalar_subquery().label("held_returns"),
        select(AuditDivergence.newest).where(held).scalar_subquery().label("held_newest"),
        changed_case.label("changed_case"),
    )


KNOWN = _known()


def bring_up_to_date(audit_id: int) -> None:
    """Count the divergence of the audit's cases where they or their returns have changed since the last time.

    One statement when nothing has changed. Nothing that a person did, so no entry of the trail.
    """
    # Looked at before anything else: what comes in meanwhile makes it look again next time.
    known = db.session.execute(KNOWN, {"audit_id": audit_id}).one()
    same_returns = (known.returns, known.newest) == (known.held_returns, known.held_newest)
    if same_returns and not known.changed_case:
        return
    # Always in the same order, so that two who count at once wait for each other and never lock up.
    outdated = sorted(db.session.execute(_outdated(audit_id)), key=attrgetter("id"))
    tree = edition_tree(db.session.scalars(select(Audit.edition_id).where(Audit.id == audit_id)).one())
    counted = []
    for start in range(0, len(outdated), CHUNK):
        counted += _counted(tree, outdated[start : start + CHUNK])
    with writing() as session:
        if counted:
            session.connection().execute(
                update(CASES)
                .where(CASES.c.id == bindparam("changed"))
                .values(counted_version=bindparam("seen")),
                [{"changed": row.id, "seen": row.version} for row in outdated],
            )
            _put(session, CaseDivergence, counted)
        row = {"audit_id": audit_id, "returns": known.returns, "newest": known.newest}
        _put(session, AuditDivergence, [row])


def _put(session: Session, table: type[CaseDivergence | AuditDivergence], rows: list[dict[str, Any]]) -> None:
    """Add the rows, or put them in the place of those of the same key."""
    statement = insert_of(session.get_bind().dialect.name)(table)
    key = [column.name for column in table.__table__.primary_key]
    fresh = {name: statement.excluded[name] for name in rows[0] if name not in {*key, "audit_id"}}
    session.execute(statement.on_conflict_do_update(index_elements=key, set_=fresh), rows)


def _outdated(audit_id: int) -> Select[Any]:
    # Returns are looked at before their answers: one that comes in between is counted again next time.
    present = (
        select(
            Return.case_id,
            func.count().label("returns"),
            func.max(Return.submitted_at).label("newest"),
        )
        .where(Return.audit_id == audit_id, Return.state == ReturnState.SUBMITTED, first)
        .group_by(Return.case_id)
        .subquery("present")
    )
    returns = func.coalesce(present.c.returns, 0)
    return (
        select(Case.id, Case.audit_id, Case.version, returns.label("returns"), present.c.newest)
        .outerjoin(present, present.c.case_id == Case.id)
        .outerjoin(CaseDivergence, CaseDivergence.case_id == Case.id)
        .where(
            Case.audit_id == audit_id,
            or_(
                returns != func.coalesce(CaseDivergence.returns, 0),
                present.c.newest.is_distinct_from(CaseDivergence.newest),
                Case.counted_version.is_distinct_from(Case.version),
            ),
        )
    )


def _counted(tree: EditionTree, cases: Sequence[Row[Any]]) -> list[dict[str, Any]]:
    ids = [row.id for row in cases]
    sides, profiles = _sides(tree, ids), case_profiles(ids, tree)
    counted = []
    for row in cases:
        found = [
            steps
            for steps in spreads(tree.content, profiles.get(row.id, {}), sides[row.id])
            if steps is not None
        ]
        widest, apart = max(found, default=None), sum(is_apart(steps) for steps in found)
        counted.append(
            {
                "case_id": row.id,
                "audit_id": row.audit_id,
                "returns": row.returns,
                "newest": row.newest,
                "spread": widest,
                "apart": apart,
                "place": agenda_place(widest, apart),
            }
        )
    return counted


def _sides(tree: EditionTree, case_ids: Sequence[int]) -> Mapping[int, list[Side]]:
    """The submitted first returns of the cases, each with the answers that matter here and no words."""
    submitted = (
        select(Return.id, Return.case_id, Return.agency_id, Agency.sector)
        .join(Agency, Agency.id == Return.agency_id)
        .where(Return.case_id.in_(case_ids), Return.state == ReturnState.SUBMITTED, first)
    )
    returns = db.session.execute(submitted).all()
    answers = grades_in(tree, [row.id for row in returns])
    sides: defaultdict[int, list[Side]] = defaultdict(list)
    for return_id, case_id, agency_id, sector in returns:
        sides[case_id].append(Side(return_id, agency_id, "", "", sector, answers[return_id]))
    return sides


def grades_in(
    tree: EditionTree, return_ids: Sequence[int] | Select[int]
) -> Mapping[int, Mapping[str, Answered]]:
    """Grades of those returns, and what decides which questions are asked, by return and question key."""
    questions = _that_matter(tree)
    several = any(question.type is QuestionType.SEVERAL_CHOICES for question in questions)
    query = select(
        Answer.return_id,
        Answer.question_id,
        Answer.grade_id,
        Answer.option_id,
        Answer.code,
        TICKED if several else null(),
    ).where(
        Answer.return_id.in_(return_ids),
        Answer.question_id.in_([tree.ids.questions[question.key] for question in questions]),
    )
    # Hundreds of thousands of rows say the same few dozen things.
    said: dict[tuple[Any, ...], Answered] = {}
    answers: defaultdict[int, dict[str, Answered]] = defaultdict(dict)
    keys = tree.question_keys
    for return_id, question_id, *columns in db.session.execute(query):
        grade_id, option_id, code, picked = known = tuple(columns)
        answered = said.get(known)
        if answered is None:
            value = stored_value(tree, grade_id, option_id, code, None, None, None, picked)
            answered = said[known] = Answered(value)
        answers[return_id][keys[question_id]] = answered
    return answers


def _that_matter(tree: EditionTree) -> list[Question]:
    """Graded questions, and those that a condition looks at."""
    keys = looked_at(tree)
    return [question for question in tree.content.questions if question.scale or question.key in keys]


def looked_at(tree: EditionTree) -> frozenset[str]:
    """Keys of the questions that a condition looks at."""
    content = tree.content
    conditions: list[Condition | None] = [section.only_if for section in content.sections]
    conditions += [question.only_if for question in content.questions]
    return frozenset(
        clause.key
        for condition in conditions
        if condition
        for clause in condition.clauses
        if clause.subject is Subject.QUESTION
    )
