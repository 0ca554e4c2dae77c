"""The grades of an audit: those that agencies gave and those that the panel agreed, in one statement."""

from collections import Counter, defaultdict
from collections.abc import Mapping

from sqlalchemy import func, null, select, union_all

from qa.accounts.sectors import Sector
from qa.analysis.asked import OF_ANSWER, OF_PROFILE, Asked, Counted, grouped, room_for, with_facts
from qa.analysis.asking import Deciding, deciding, grade_questions
from qa.analysis.figures import NOT_APPLICABLE, Grades
from qa.audits.lifecycle import ReturnState
from qa.audits.models import Return
from qa.db import db
from qa.frameworks.editions import EditionTree
from qa.moderation.models import Judgement
from qa.returns.models import Answer

Given = dict[tuple[str, int], Grades]
Agreed = dict[str | None, Grades]


def grades_of(audit_id: int, tree: EditionTree, sectors: Mapping[int, Sector]) -> tuple[Given, Agreed]:
    """Section grades in submitted returns by (section key, agency id), and agreed ones by section key.

    Grades of sections that are not asked are left out. sectors: of the agencies with a return.
    """
    facts = deciding(tree.content, grade_questions(tree.content))
    asked = Asked(tree, facts, room_for([facts]))
    given: defaultdict[tuple[str, int], Grades] = defaultdict(Counter)
    agreed: defaultdict[str | None, Grades] = defaultdict(Counter)
    query = union_all(_given(audit_id, tree, facts), _agreed(audit_id, facts))
    for agency_id, item_id, grade_id, code, number, *known in db.session.execute(query):
        grade = tree.grade_keys[grade_id][1] if grade_id is not None else code
        if agency_id is None:
            section = tree.section_keys[item_id] if item_id is not None else None
            agreed[section][grade or NOT_APPLICABLE] += number
        elif grade is not None:
            question = tree.question_keys[item_id]
            if asked.of(sectors[agency_id], tuple(known), question):
                given[tree.content.section_of(question).key, agency_id][grade] += number
    return dict(given), dict(agreed)


def _given(audit_id: int, tree: EditionTree, facts: Deciding) -> Counted:
    """Counts by agency, question and grade, and by whatever decides whether the question is asked."""
    questions = [tree.ids.questions[question.key] for question in grade_questions(tree.content)]
    query: Counted = (
        select(
            Return.agency_id.label("agency_id"),
            Answer.question_id.label("item_id"),
            Answer.grade_id.label("grade_id"),
            Answer.code.label("code"),
        )
        .join(Return, Return.id == Answer.return_id)
        .where(
            Return.audit_id == audit_id,
            Return.state == ReturnState.SUBMITTED,
            Return.second.is_(False),
            Answer.question_id.in_(questions),
        )
    )
    return grouped(with_facts(query, tree, facts, room_for([facts])), 4)


def _agreed(audit_id: int, facts: Deciding) -> Counted:
    """Counts by section and grade; no agency, as the panel's grades are everybody's."""
    empty = OF_PROFILE * len(facts.fields) + OF_ANSWER * len(facts.questions)
    return (
        select(
            null(),
            Judgement.section_id,
            Judgement.grade_id,
            null(),
            func.count(),
            *(null() for _ in range(empty)),
        )
        .where(Judgement.audit_id == audit_id)
        .group_by(Judgement.section_id, Judgement.grade_id)
    )
