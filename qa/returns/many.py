"""How far each of a page of returns has come: a few statements for all of them together."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, case, func, null, select
from sqlalchemy.orm import Session

from qa.accounts.sectors import Sector
from qa.audits.queries import case_profiles
from qa.frameworks.editions import EditionTree
from qa.frameworks.reading import edition_tree
from qa.returns.decoding import stored_value
from qa.returns.drafts import StoredAnswer
from qa.returns.models import Answer
from qa.returns.progress import counts, progress_of
from qa.returns.queries import TICKED


def progress_of_many(session: Session, rows: Sequence[Any]) -> dict[int, tuple[int, int]]:
    """Sections done and asked by return, from rows with id, case_id, edition_id and sector.

    One statement for the answers, and one for the profiles of each edition's cases.
    """
    if not rows:
        return {}
    trees = {row.edition_id: edition_tree(row.edition_id) for row in rows}
    answers = _answers(session, trees.values(), {row.id: trees[row.edition_id] for row in rows})
    profiles: dict[int, dict[str, str]] = {}
    for edition_id, tree in trees.items():
        profiles |= case_profiles([row.case_id for row in rows if row.edition_id == edition_id], tree)
    return {
        row.id: counts(
            progress_of(
                trees[row.edition_id].content,
                Sector(row.sector),
                profiles.get(row.case_id, {}),
                answers[row.id],
            )
        )
        for row in rows
    }


def _answers(
    session: Session, trees: Iterable[EditionTree], of_returns: Mapping[int, EditionTree]
) -> Mapping[int, dict[str, StoredAnswer]]:
    """Answers by return. Only that there is a text or evidence is read, not the text."""
    query = select(
        Answer.return_id,
        Answer.question_id,
        func.length(Answer.evidence) > 0,
        Answer.grade_id,
        Answer.option_id,
        Answer.code,
        Answer.number,
        Answer.day,
        _text(trees),
        TICKED,
    ).where(Answer.return_id.in_(list(of_returns)))
    answers: defaultdict[int, dict[str, StoredAnswer]] = defaultdict(dict)
    for return_id, question_id, has_evidence, *said in session.execute(query):
        tree = of_returns[return_id]
        if question_id not in tree.question_keys:
            continue  # of another edition
        value = stored_value(tree, *said)
        answers[return_id][tree.question_keys[question_id]] = StoredAnswer(value, "…" * has_evidence, 1)
    return answers


def _text(trees: Iterable[EditionTree]) -> ColumnElement[str | None]:
    """A text where its words are counted, else a sign that there is one."""
    counted = [
        tree.ids.questions[question.key]
        for tree in trees
        for question in tree.content.questions
        if question.max_words is not None
    ]
    there = (func.length(Answer.text) > 0, "…")
    return case((Answer.question_id.in_(counted), Answer.text), there, else_=null())
