"""The dates of an audit that have a timescale, in one statement; the days between them are counted here."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date

from sqlalchemy import ColumnElement, and_, literal, select, union_all
from sqlalchemy.orm import aliased

from qa.accounts.models import Agency
from qa.analysis.asked import Asked, Counted, Room, grouped, room_for, with_facts
from qa.analysis.asking import Deciding, deciding
from qa.analysis.timescales import Spans, TimescaleFigures
from qa.audits.lifecycle import ReturnState
from qa.audits.models import Return
from qa.db import db
from qa.frameworks.content import Question, Timescale
from qa.frameworks.editions import EditionTree
from qa.frameworks.timeliness import elapsed, timed_questions
from qa.returns.models import Answer

COUNTED = 5
"""Columns by which every part counts: agency, its name, its sector, the first date, the second."""

Found = defaultdict[tuple[int, str], list[tuple[date | None, date | None, int]]]


def timescales_of(audit_id: int, tree: EditionTree) -> tuple[TimescaleFigures, ...]:
    """What was counted for each question with a timescale, in submitted returns where both dates were asked.

    A second auditor's return is in no figure. No statement where the framework has no timescale.
    """
    timed = [(question, question.timescale) for question in timed_questions(tree.content)]
    pairs = [(question, timescale) for question, timescale in timed if timescale is not None]
    if not pairs:
        return ()
    every = [
        deciding(tree.content, [question, tree.content.question(timescale.start)])
        for question, timescale in pairs
    ]
    room = room_for(every)
    parts = [
        _part(audit_id, tree, number, pair, facts, room)
        for number, (pair, facts) in enumerate(zip(pairs, every, strict=True))
    ]
    query = union_all(*parts) if len(parts) > 1 else parts[0]
    asked = [Asked(tree, facts, room) for facts in every]
    found: list[Found] = [defaultdict(list) for _ in pairs]
    for number, agency_id, name, sector, first, second, count, *known in db.session.execute(query):
        question, timescale = pairs[number]
        facts = tuple(known)
        if all(asked[number].of(sector, facts, key) for key in (question.key, timescale.start)):
            found[number][agency_id, name].append((first, second, count))
    return tuple(
        TimescaleFigures(
            question,
            tree.content.question(timescale.start),
            timescale,
            tuple(
                (name, _spans(timescale, rows))
                for (_, name), rows in sorted(found[number].items(), key=lambda entry: entry[0][::-1])
            ),
        )
        for number, (question, timescale) in enumerate(pairs)
    )


def _part(
    audit_id: int,
    tree: EditionTree,
    number: int,
    pair: tuple[Question, Timescale],
    facts: Deciding,
    room: Room,
) -> Counted:
    """Counts of submitted returns by agency, both dates, and the facts that decide if they were asked."""
    question, timescale = pair
    first, second = aliased(Answer), aliased(Answer)
    query: Counted = (
        select(
            Return.agency_id,
            Agency.name,
            Agency.sector,
            first.day.label("first_day"),
            second.day.label("second_day"),
        )
        .join(Agency, Agency.id == Return.agency_id)
        .outerjoin(first, _answers(first, tree, timescale.start))
        .outerjoin(second, _answers(second, tree, question.key))
        .where(
            Return.audit_id == audit_id,
            Return.state == ReturnState.SUBMITTED,
            Return.second.is_(False),
        )
    )
    return grouped(with_facts(query, tree, facts, room), COUNTED, literal(number))


def _answers(answer: type[Answer], tree: EditionTree, key: str) -> ColumnElement[bool]:
    return and_(answer.return_id == Return.id, answer.question_id == tree.ids.questions[key])


def _spans(timescale: Timescale, rows: Sequence[tuple[date | None, date | None, int]]) -> Spans:
    days: Counter[int] = Counter()
    backwards = uncounted = missing = 0
    for first, second, count in rows:
        if first is None or second is None:
            missing += count
            continue
        found = elapsed(timescale, first, second)
        if found.days is not None:
            days[found.days] += count
        elif second < first:
            backwards += count
        else:
            uncounted += count
    return Spans(days, backwards, uncounted, missing)
