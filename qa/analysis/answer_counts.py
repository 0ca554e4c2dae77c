"""The answers of an audit counted by question and grade, in one statement."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from sqlalchemy import cast, literal, null, select, union_all

from qa.accounts.models import Agency
from qa.analysis.asked import Asked, Counted, Room, grouped, room_for, with_facts
from qa.analysis.asking import Deciding, deciding
from qa.analysis.figures import Grades
from qa.audits.lifecycle import ReturnState
from qa.audits.models import Return
from qa.db import db
from qa.frameworks.content import Question
from qa.frameworks.editions import EditionTree
from qa.returns.models import Answer

COUNTED = 3
"""Columns by which every part counts: question, grade, code. The sector stands last, if it plays a part."""


def answers_of(audit_id: int, tree: EditionTree, questions: Sequence[Question]) -> Mapping[str, Grades]:
    """Counts by question key and then by grade, of submitted returns, where the question was asked.

    questions: with grades, or yes, partly and no. Those whose being asked depends on the same facts are
    counted together, so that no more is looked up than decides.
    """
    parts: defaultdict[Deciding, list[Question]] = defaultdict(list)
    for question in questions:
        parts[deciding(tree.content, [question])].append(question)
    found: defaultdict[str, Grades] = defaultdict(Counter)
    if not parts:
        return found
    room = room_for(parts)
    asked = [Asked(tree, facts, room) for facts in parts]
    counts = [
        _part(audit_id, tree, number, facts, chosen, room)
        for number, (facts, chosen) in enumerate(parts.items())
    ]
    query = union_all(*counts) if len(counts) > 1 else counts[0]
    keys, grades = tree.question_keys, tree.grade_keys
    for number, question_id, grade_id, code, count, *known, sector in db.session.execute(query):
        grade = grades[grade_id][1] if grade_id is not None else code
        question_key = keys[question_id]
        if grade is not None and asked[number].of(sector, tuple(known), question_key):
            found[question_key][grade] += count
    return found


def _part(
    audit_id: int,
    tree: EditionTree,
    number: int,
    facts: Deciding,
    questions: Sequence[Question],
    room: Room,
) -> Counted:
    """Counts of some questions by part, sector, question, grade, and the facts that decide."""
    query: Counted = (
        select(Answer.question_id, Answer.grade_id, Answer.code)
        .join(Return, Return.id == Answer.return_id)
        .where(
            Return.audit_id == audit_id,
            Return.state == ReturnState.SUBMITTED,
            Return.second.is_(False),
            Answer.question_id.in_([tree.ids.questions[question.key] for question in questions]),
        )
    )
    if facts.sectors:
        query = query.join(Agency, Agency.id == Return.agency_id)
    query = with_facts(query, tree, facts, room)
    if facts.sectors:
        return grouped(query.add_columns(Agency.sector), COUNTED, literal(number))
    return grouped(query, COUNTED, literal(number)).add_columns(cast(null(), Agency.sector.type))
