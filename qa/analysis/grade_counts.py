"""The grades of an audit: those that agencies gave and those that the panel agreed, in one statement."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import ColumnElement, Select, String, and_, cast, func, null, select, union_all
from sqlalchemy.orm import aliased

from qa.accounts.sectors import Sector
from qa.analysis.asking import Deciding, deciding, grade_questions
from qa.analysis.figures import NOT_APPLICABLE, Grades
from qa.audits.lifecycle import ReturnState
from qa.audits.models import CaseProfileValue, Return
from qa.db import db
from qa.frameworks.answers import AnswerValue
from qa.frameworks.conditions import visible
from qa.frameworks.editions import EditionTree
from qa.frameworks.vocabulary import QuestionType
from qa.moderation.models import Judgement
from qa.returns.decoding import stored_value
from qa.returns.models import Answer, AnswerChoice

Given = dict[tuple[str, int], Grades]
Agreed = dict[str | None, Grades]
Counted = Select[*tuple[Any, ...]]
OF_PROFILE, OF_ANSWER = 2, 4
"""How many columns a profile field takes, and an answer."""


def grades_of(audit_id: int, tree: EditionTree, sectors: Mapping[int, Sector]) -> tuple[Given, Agreed]:
    """Section grades in submitted returns by (section key, agency id), and agreed ones by section key.

    Grades of sections that are not asked are left out. sectors: of the agencies with a return.
    """
    facts = deciding(tree.content)
    asked = _Asked(tree, facts)
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
            Answer.question_id.in_(questions),
        )
    )
    for key in facts.fields:
        value = aliased(CaseProfileValue)
        of_case = and_(value.case_id == Return.case_id, value.field_id == tree.ids.fields[key])
        query = query.outerjoin(value, of_case).add_columns(value.option_id, value.code)
    for key in facts.questions:
        answer = aliased(Answer)
        of_return = and_(answer.return_id == Return.id, answer.question_id == tree.ids.questions[key])
        several = tree.content.question(key).type is QuestionType.SEVERAL_CHOICES
        picked = _picked(answer) if several else cast(null(), String)
        query = query.outerjoin(answer, of_return).add_columns(
            answer.grade_id, answer.option_id, answer.code, picked
        )
    rows = query.subquery("given")
    columns = list(rows.c)
    return select(*columns[:4], func.count(), *columns[4:]).group_by(*columns)


def _picked(answer: Any) -> ColumnElement[str]:
    return (
        select(func.aggregate_strings(cast(AnswerChoice.option_id, String), ","))
        .where(AnswerChoice.answer_id == answer.id)
        .scalar_subquery()
    )


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


class _Asked:
    """Says whether a question was asked, working each combination of facts out once."""

    def __init__(self, tree: EditionTree, facts: Deciding) -> None:
        self.tree = tree
        self.facts = facts
        self.options = {number: key for (_, key), number in tree.ids.profile_options.items()}
        self.known: dict[tuple[Sector, tuple[Any, ...]], frozenset[str]] = {}

    def of(self, sector: Sector, columns: tuple[Any, ...], question: str) -> bool:
        """columns: what the statement says of each deciding field and question."""
        asked = self.known.get((sector, columns))
        if asked is None:
            profile, answers = dict(self._profile(columns)), dict(self._answers(columns))
            asked = visible(self.tree.content, sector, profile, answers).questions
            self.known[sector, columns] = asked
        return question in asked

    def _profile(self, columns: tuple[Any, ...]) -> Iterator[tuple[str, str]]:
        for place, key in enumerate(self.facts.fields):
            option_id, code = columns[OF_PROFILE * place :][:OF_PROFILE]
            value = self.options.get(option_id) if option_id is not None else code
            if value:
                yield key, value

    def _answers(self, columns: tuple[Any, ...]) -> Iterator[tuple[str, AnswerValue | None]]:
        start = OF_PROFILE * len(self.facts.fields)
        for place, key in enumerate(self.facts.questions):
            grade_id, option_id, code, picked = columns[start + OF_ANSWER * place :][:OF_ANSWER]
            yield key, stored_value(self.tree, grade_id, option_id, code, None, None, None, picked)
