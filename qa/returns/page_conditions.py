"""Conditions as the page's script needs them, so that questions come and go as answers change: pure."""

import json
from collections.abc import Collection, Mapping

from qa.frameworks.answers import AnswerValue
from qa.frameworks.content import Clause, Condition
from qa.frameworks.vocabulary import Combine, Subject


def for_script(
    condition: Condition | None,
    on_page: Collection[str],
    profile: Mapping[str, str],
    values: Mapping[str, AnswerValue | None],
    asked: Collection[str],
) -> str | None:
    """The condition as JSON; None when nothing on the page can change whether it holds.

    on_page: keys of the questions on the page. A clause about one of them is [key, answers, negated]; any
    other stays as it is while the page is open, so it is true or false.
    """
    if condition is None or not any(_changes(clause, on_page) for clause in condition.clauses):
        return None
    clauses = [
        [clause.key, list(clause.values), clause.negated]
        if _changes(clause, on_page)
        else _holds(clause, profile, values, asked)
        for clause in condition.clauses
    ]
    return json.dumps({"any": condition.combine is Combine.ANY, "clauses": clauses})


def _changes(clause: Clause, on_page: Collection[str]) -> bool:
    return clause.subject is Subject.QUESTION and clause.key in on_page


def _holds(
    clause: Clause,
    profile: Mapping[str, str],
    values: Mapping[str, AnswerValue | None],
    asked: Collection[str],
) -> bool:
    """As `qa.frameworks.conditions` has it: a condition is about an answer that is there."""
    chosen: tuple[str, ...] = ()
    if clause.subject is Subject.PROFILE:
        chosen = tuple(filter(None, (profile.get(clause.key),)))
    else:
        value = values.get(clause.key) if clause.key in asked else None
        chosen = value.keys if value is not None else ()
    return bool(chosen) and clause.negated == set(chosen).isdisjoint(clause.values)
