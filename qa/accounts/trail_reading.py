"""Reading the trail: newest first, narrowed by person, record, event and day.

However long the trail is, a page costs the same: entries are sought by their number from an index, never
counted and never skipped over.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import aliased
from sqlalchemy.orm.attributes import InstrumentedAttribute

from qa.accounts.models import Area, Person
from qa.db import LONDON, db
from qa.trail.models import TrailEntry
from qa.web.paging import PAGE_SIZE

PIECE = 1_000
# Clocks of several machines may differ a little, so that numbers and moments do not rise quite together.
SLACK = 1_000
NOBODY = 0


class TrailFilter(NamedTuple):
    """What the trail is narrowed to. person_id: 0 for what nobody signed in did. since, until: days in
    England, both included.
    """

    person_id: int | None = None
    kind: str = ""
    record_id: int | None = None
    event: str = ""
    since: date | None = None
    until: date | None = None


class TrailRow(NamedTuple):
    """An entry with names. subject: the name of the person it is about, when it is about one."""

    number: int
    at: datetime
    person_id: int | None
    person: str | None
    event: str
    kind: str
    record_id: int | None
    subject: str | None
    area: str | None
    fields: str


class TrailPage(NamedTuple):
    """A page of entries, newest first. newer, older: whether there are more on either side."""

    items: Sequence[TrailRow]
    newer: bool
    older: bool


def trail_page(wanted: TrailFilter, *, before: int | None = None, after: int | None = None) -> TrailPage:
    """The newest entries, or those just before (or after) an entry's number."""
    upward = after is not None and before is None
    query = _entries(wanted)
    if upward:
        query = query.where(TrailEntry.number > after).order_by(None).order_by(TrailEntry.number)
    elif before is not None:
        query = query.where(TrailEntry.number < before)
    rows = [TrailRow(*row) for row in db.session.execute(query.limit(PAGE_SIZE + 1))]
    if upward and not rows:
        return trail_page(wanted)
    more, rows = len(rows) > PAGE_SIZE, rows[:PAGE_SIZE]
    if upward:
        return TrailPage(rows[::-1], newer=more, older=True)
    return TrailPage(rows, newer=before is not None, older=more)


def every_entry(wanted: TrailFilter) -> Iterator[TrailRow]:
    """All entries that fit, newest first, read in pieces: for a download."""
    query = _entries(wanted).limit(PIECE)
    rows = [TrailRow(*row) for row in db.session.execute(query)]
    while rows:
        yield from rows
        piece = query.where(TrailEntry.number < rows[-1].number)
        rows = [TrailRow(*row) for row in db.session.execute(piece)]


def kinds() -> Sequence[str]:
    """The kinds of record that have entries."""
    return db.session.scalars(_distinct(TrailEntry.record)).all()


def events() -> Sequence[str]:
    """The events that have entries."""
    return db.session.scalars(_distinct(TrailEntry.event)).all()


def _entries(wanted: TrailFilter) -> Select[*tuple[Any, ...]]:
    subject = aliased(Person)
    return (
        select(
            TrailEntry.number,
            TrailEntry.at,
            TrailEntry.person_id,
            Person.name,
            TrailEntry.event,
            TrailEntry.record,
            TrailEntry.record_id,
            subject.name,
            Area.name,
            TrailEntry.fields,
        )
        .outerjoin(Person, Person.id == TrailEntry.person_id)
        .outerjoin(subject, and_(TrailEntry.record == "person", subject.id == TrailEntry.record_id))
        .outerjoin(Area, Area.id == TrailEntry.area_id)
        .where(*_conditions(wanted))
        .order_by(TrailEntry.number.desc())
    )


def _conditions(wanted: TrailFilter) -> Iterator[ColumnElement[bool]]:
    if wanted.person_id == NOBODY:
        yield TrailEntry.person_id.is_(None)
    elif wanted.person_id is not None:
        yield TrailEntry.person_id == wanted.person_id
    if wanted.kind:
        yield TrailEntry.record == wanted.kind
    if wanted.record_id is not None:
        yield TrailEntry.record_id == wanted.record_id
    if wanted.event:
        yield TrailEntry.event == wanted.event
    if wanted.since:
        start = _midnight(wanted.since)
        first = select(TrailEntry.number).where(TrailEntry.at >= start).order_by(TrailEntry.at).limit(1)
        # The number narrows by the index that also gives the order; the moment decides.
        yield and_(TrailEntry.number >= first.scalar_subquery() - SLACK, TrailEntry.at >= start)
    if wanted.until:
        end = _midnight(wanted.until + timedelta(days=1))
        last = select(TrailEntry.number).where(TrailEntry.at < end).order_by(TrailEntry.at.desc()).limit(1)
        yield and_(TrailEntry.number <= last.scalar_subquery() + SLACK, TrailEntry.at < end)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, LONDON)


def _distinct(column: InstrumentedAttribute[str]) -> Select[str]:
    """The column's different words, each found by one step in its index: DISTINCT would read every entry."""
    words = select(func.min(column).label("word")).cte("words", recursive=True)
    following = select(func.min(column)).where(column > words.c.word).correlate(words).scalar_subquery()
    words = words.union_all(select(following).where(words.c.word.is_not(None)))
    return select(words.c.word).where(words.c.word.is_not(None)).order_by(words.c.word)
