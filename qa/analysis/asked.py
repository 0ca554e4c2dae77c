"""Whether answers were asked for, told from the facts that a statement selects beside what it counts.

An answer stays when its question is no longer asked (the case turned out to be on another pathway), and must
not be counted then.
"""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Integer, Select, String, and_, cast, func, null, select
from sqlalchemy.orm import aliased

from qa.accounts.sectors import Sector
from qa.analysis.asking import Deciding
from qa.audits.models import CaseProfileValue, Return
from qa.frameworks.answers import AnswerValue
from qa.frameworks.conditions import visible
from qa.frameworks.editions import EditionTree
from qa.frameworks.vocabulary import QuestionType
from qa.returns.decoding import stored_value
from qa.returns.models import Answer, AnswerChoice

Counted = Select[*tuple[Any, ...]]
OF_PROFILE, OF_ANSWER = 2, 4
"""How many columns a profile field takes, and an answer."""


class Room(NamedTuple):
    """How many profile fields and questions the facts have columns for: parts of a union have as many."""

    fields: int
    questions: int


def room_for(facts: Iterable[Deciding]) -> Room:
    """Room for each of those facts."""
    every = list(facts)
    return Room(
        max((len(one.fields) for one in every), default=0),
        max((len(one.questions) for one in every), default=0),
    )


def with_facts(query: Counted, tree: EditionTree, facts: Deciding, room: Room) -> Counted:
    """A query of returns with the facts as further columns: each profile field's, then each question's."""
    for key in facts.fields:
        value = aliased(CaseProfileValue)
        of_case = and_(value.case_id == Return.case_id, value.field_id == tree.ids.fields[key])
        query = query.outerjoin(value, of_case).add_columns(value.option_id, value.code)
    for _ in range(room.fields - len(facts.fields)):
        query = query.add_columns(_no_number(), _no_words())
    for key in facts.questions:
        answer = aliased(Answer)
        of_return = and_(answer.return_id == Return.id, answer.question_id == tree.ids.questions[key])
        several = tree.content.question(key).type is QuestionType.SEVERAL_CHOICES
        picked = _picked(answer) if several else _no_words()
        query = query.outerjoin(answer, of_return).add_columns(
            answer.grade_id, answer.option_id, answer.code, picked
        )
    for _ in range(room.questions - len(facts.questions)):
        query = query.add_columns(_no_number(), _no_number(), _no_words(), _no_words())
    return query


def grouped(query: Counted, before: int, *fixed: ColumnElement[Any]) -> Counted:
    """Counts of the rows of a query by all its columns; the count stands after the first `before`.

    fixed: columns that stand before all and are the same in every row, so that nothing is sorted by them.
    """
    columns = list(query.subquery().c)
    return select(*fixed, *columns[:before], func.count(), *columns[before:]).group_by(*columns)


def _no_number() -> ColumnElement[int]:
    """An empty column, a new one each time: a query takes one that it has already for the same column."""
    return cast(null(), Integer).label(None)


def _no_words() -> ColumnElement[str]:
    return cast(null(), String).label(None)


def _picked(answer: Any) -> ColumnElement[str]:
    return (
        select(func.aggregate_strings(cast(AnswerChoice.option_id, String), ","))
        .where(AnswerChoice.answer_id == answer.id)
        .scalar_subquery()
    )


class Asked:
    """Says whether a question was asked, working each combination of facts out once."""

    def __init__(self, tree: EditionTree, facts: Deciding, room: Room) -> None:
        self.tree = tree
        self.facts = facts
        self.room = room
        self.options = {number: key for (_, key), number in tree.ids.profile_options.items()}
        self.known: dict[tuple[Sector | None, tuple[Any, ...]], frozenset[str]] = {}

    def of(self, sector: Sector | None, columns: tuple[Any, ...], question: str) -> bool:
        """columns: what the statement says of each deciding field and question. sector: None where it plays
        no part.
        """
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
        start = OF_PROFILE * self.room.fields
        for place, key in enumerate(self.facts.questions):
            grade_id, option_id, code, picked = columns[start + OF_ANSWER * place :][:OF_ANSWER]
            yield key, stored_value(self.tree, grade_id, option_id, code, None, None, None, picked)
