"""Counting and quoting the views of an audit in one statement, whatever its size. The caller checks."""

import hashlib
from collections import Counter
from typing import Any

from sqlalchemy import (
    CompoundSelect,
    Integer,
    Select,
    String,
    case,
    cast,
    func,
    literal,
    null,
    select,
    union_all,
)

from qa.db import db
from qa.feedback.models import Feedback
from qa.feedback.records import Quote, Quotes, ViewsFigures
from qa.feedback.vocabulary import TEXTS, Listened, Sought, Voice

QUOTED = 8
"""How many people of each voice are quoted; the rest are counted."""

ORDER = tuple(Sought)
QUOTE, BEST, OVERALL, GIVEN = "quote", "best", "overall", "given"

_no_word, _no_number = cast(null(), String), cast(null(), Integer)
_no_texts = [_no_word] * len(TEXTS)


def views_of(audit_id: int, cases: int) -> tuple[ViewsFigures, Quotes]:
    """An audit's views as counted, and what may be quoted of them. cases: how many the audit has.

    Quoted are a few people of each voice, drawn by chance once and for all. Each answer stands where a hash
    of it falls, so that neither cases nor one person's answers lie together.
    """
    return read_views(db.session.execute(views_statement(audit_id)).all(), cases)


def views_statement(audit_id: int, *beside: Select[*tuple[Any, ...]]) -> CompoundSelect[*tuple[Any, ...]]:
    """What `read_views` reads. beside: other counts that a page needs, made by `counted_beside`, so that it
    asks once for both.
    """
    return union_all(_quotable(audit_id), _best(audit_id), _overall(audit_id), _given(audit_id), *beside)


def counted_beside(what: str, word: Any, number: Any, other: Any) -> Select[*tuple[Any, ...]]:
    """A count to be asked for beside views; its rows have them as what, voice, place, listened, number."""
    columns = (literal(what), cast(word, String), number, cast(other, String), func.count())
    return select(*columns, *_no_texts)


def read_views(rows: Any, cases: int) -> tuple[ViewsFigures, Quotes]:
    """Views as counted and quoted, from the rows of their statement; other rows are passed over."""
    return _figures(rows, cases), _quotes([row for row in rows if row.what == QUOTE])


def _quotable(audit_id: int) -> Select[*tuple[Any, ...]]:
    """People who may be quoted, the first few of each voice by their place, beside how many there are."""
    place = func.row_number().over(partition_by=Feedback.voice, order_by=(Feedback.place, Feedback.id))
    ranked = (
        select(
            Feedback.voice,
            Feedback.place,
            place.label("rank"),
            func.count().over(partition_by=Feedback.voice).label("people"),
            *(getattr(Feedback, name) for name in TEXTS),
        )
        .where(*_of(audit_id), Feedback.outcome == Sought.GIVEN, Feedback.quotable.is_(True))
        .subquery("ranked")
    )
    return select(
        literal(QUOTE).label("what"),
        cast(ranked.c.voice, String).label("voice"),
        ranked.c.place.label("place"),
        _no_word.label("listened"),
        ranked.c.people.label("number"),
        *(ranked.c[name] for name in TEXTS),
    ).where(ranked.c.rank <= QUOTED)


def _best(audit_id: int) -> Select[*tuple[Any, ...]]:
    """By voice and the best that there is of it in a case: how many cases."""
    best = (
        select(Feedback.voice, _rank().label("rank"))
        .where(*_of(audit_id))
        .group_by(Feedback.case_id, Feedback.voice)
        .subquery("best")
    )
    columns = (literal(BEST), cast(best.c.voice, String), best.c.rank, _no_word, func.count())
    return select(*columns, *_no_texts).group_by(best.c.voice, best.c.rank)


def _overall(audit_id: int) -> Select[*tuple[Any, ...]]:
    """By the best that there is in a case, whoever's: how many cases."""
    overall = (
        select(_rank().label("rank")).where(*_of(audit_id)).group_by(Feedback.case_id).subquery("overall")
    )
    columns = (literal(OVERALL), _no_word, overall.c.rank, _no_word, func.count())
    return select(*columns, *_no_texts).group_by(overall.c.rank)


def _given(audit_id: int) -> Select[*tuple[Any, ...]]:
    """By voice and how far they felt listened to: how many people."""
    words = (cast(Feedback.voice, String), _no_number, cast(Feedback.listened, String))
    return (
        select(literal(GIVEN), *words, func.count(), *_no_texts)
        .where(*_of(audit_id), Feedback.outcome == Sought.GIVEN)
        .group_by(Feedback.voice, Feedback.listened)
    )


def _of(audit_id: int) -> tuple[Any, ...]:
    return Feedback.audit_id == audit_id, Feedback.removed_at.is_(None)


def _rank() -> Any:
    return func.min(case(*((Feedback.outcome == one, place) for place, one in enumerate(ORDER))))


def _figures(rows: Any, cases: int) -> ViewsFigures:
    best: Counter[tuple[Voice, Sought]] = Counter()
    listened: Counter[tuple[Voice, Listened]] = Counter()
    entries: Counter[Voice] = Counter()
    asked = 0
    for row in rows:
        if row.what == BEST:
            best[Voice(row.voice), ORDER[row.place]] += row.number
        elif row.what == OVERALL:
            asked += row.number if ORDER[row.place].asked else 0
        elif row.what == GIVEN:
            entries[Voice(row.voice)] += row.number
            if row.listened is not None:
                listened[Voice(row.voice), Listened(row.listened)] += row.number
    return ViewsFigures(cases, best, asked, entries, listened)


def _quotes(rows: Any) -> Quotes:
    found: list[tuple[str, Quote]] = []
    more: dict[Voice, int] = {}
    for row in rows:
        voice = Voice(row.voice)
        if row.number > QUOTED:
            more[voice] = row.number - QUOTED
        for name in TEXTS:
            text = getattr(row, name)
            if text:
                mark = hashlib.sha256(f"{row.place} {name} {text}".encode()).hexdigest()
                found.append((mark, Quote(voice, name, text)))
    return Quotes(tuple(quote for _, quote in sorted(found)), more)
