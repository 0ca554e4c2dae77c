"""Reads the demonstration's returns back from their rows, as the rules of frameworks take them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from qa.accounts.sectors import Sector
from qa.audits.models import Audit, Return
from qa.audits.queries import audit_profiles
from qa.db import db
from qa.frameworks.answers import AnswerValue
from qa.frameworks.editions import EditionTree
from qa.frameworks.reading import edition_tree
from qa.returns.models import Answer, AnswerChoice


@dataclass(frozen=True, slots=True)
class WholeReturn:
    """A return with everything that decides what is asked of it."""

    row: Return
    tree: EditionTree
    sector: Sector
    profile: dict[str, str]
    answers: dict[str, AnswerValue]
    evidence: dict[str, str]


def audit_named(title: str) -> Audit:
    """The audit whose title begins so."""
    return db.session.scalars(select(Audit).where(Audit.title.startswith(title))).one()


def whole_returns(audit: Audit) -> Iterator[WholeReturn]:
    """Every return of an audit with its answers."""
    tree = edition_tree(audit.edition_id)
    profiles = audit_profiles(audit.id, tree)
    ticks: defaultdict[int, set[int]] = defaultdict(set)
    for tick in db.session.scalars(select(AnswerChoice)):
        ticks[tick.answer_id].add(tick.option_id)
    answers: defaultdict[int, list[Answer]] = defaultdict(list)
    query = select(Answer).join(Return, Return.id == Answer.return_id).where(Return.audit_id == audit.id)
    for answer in db.session.scalars(query):
        answers[answer.return_id].append(answer)
    rows = select(Return).where(Return.audit_id == audit.id).options(joinedload(Return.agency))
    for row in db.session.scalars(rows.order_by(Return.id)):
        own = answers[row.id]
        yield WholeReturn(
            row,
            tree,
            row.agency.sector,
            profiles.get(row.case_id, {}),
            {tree.question_keys[a.question_id]: _value(a, tree, ticks[a.id]) for a in own},
            {tree.question_keys[a.question_id]: a.evidence for a in own},
        )


def _value(answer: Answer, tree: EditionTree, ticked: set[int]) -> AnswerValue:
    """The answer's one value; raises ValueError when the row holds none or several."""
    values: dict[str, Any] = {
        "grade": tree.grade_keys[answer.grade_id][1] if answer.grade_id else None,
        "option": answer.code,
        "options": tuple(sorted(tree.option_keys[number][1] for number in ticked)),
        "number": answer.number,
        "date": answer.day,
        "text": answer.text,
    }
    if answer.option_id:
        assert answer.code is None
        values["option"] = tree.option_keys[answer.option_id][1]
    return AnswerValue(**values)
