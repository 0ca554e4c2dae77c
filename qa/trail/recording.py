"""Writing the trail: one entry per change, in the change's own transaction, and one per reading."""

import logging
from collections.abc import Iterable
from dataclasses import asdict, dataclass

from flask import current_app
from sqlalchemy import insert, select, text, update
from sqlalchemy.orm import Session

from qa.db import Base, now, writing
from qa.trail import chain
from qa.trail.models import TrailEntry, TrailHead

log = logging.getLogger("qa")
FIELDS_LIMIT = 1000

# Every change sends these, so they are made once; and of tables, which takes less than of mapped classes.
_HEAD = (
    select(TrailHead.number, TrailHead.seal, TrailHead.head_seal).where(TrailHead.id == 1).with_for_update()
)
_ADD_ENTRY = insert(Base.metadata.tables[TrailEntry.__tablename__])
_MOVE_HEAD = update(Base.metadata.tables[TrailHead.__tablename__]).where(TrailHead.id == 1)


def record(
    session: Session,
    person_id: int | None,
    event: str,
    record: str,
    record_id: int | None,
    *,
    fields: Iterable[str] = (),
    area_id: int | None = None,
) -> int:
    """Add an entry to the trail in the session's transaction; gives back its number.

    event: past tense, with its capability: "returns.submitted". record: the kind of record ("return").
    fields: names of the fields changed; never their text. Call it last before the commit: it locks the
    head of the chain until then, which puts concurrent writers in a row.
    """
    key: bytes = current_app.extensions["trail_key"]
    session.flush()
    last = _locked_end(session, key)
    listed = ",".join(sorted(set(fields)))
    if len(listed) > FIELDS_LIMIT:
        listed = listed[: FIELDS_LIMIT - 4].rsplit(",", 1)[0] + ",..."
    number = last.number + 1
    sealed = _append(
        session,
        key,
        last.seal,
        chain.EntryFacts(number, now(), person_id, event, record, record_id, area_id, listed),
    )
    session.execute(
        _MOVE_HEAD, {"number": number, "seal": sealed, "head_seal": chain.seal_head(key, number, sealed)}
    )
    return number


def _append(session: Session, key: bytes, previous: str, facts: chain.EntryFacts) -> str:
    """Write an entry; gives back its seal."""
    sealed = chain.seal(key, previous, facts)
    session.execute(_ADD_ENTRY, {**asdict(facts), "seal": sealed})
    return sealed


@dataclass(frozen=True, slots=True)
class _End:
    """The entry that the next one follows."""

    number: int
    seal: str


def _locked_end(session: Session, key: bytes) -> _End:
    """The end of the chain, locked until the commit.

    A head that does not fit its seal was changed by hand. Writing goes on after the last entry there is,
    because work with children must not stop for it, but first an entry notes it: a head sealed afresh
    would hide that entries were cut off.
    """
    head = _locked_head(session, key)
    fits = chain.head_fits(key, head)
    if fits and head.number > 0:
        return _End(head.number, head.seal)
    last = session.execute(
        select(TrailEntry.number, TrailEntry.seal).order_by(TrailEntry.number.desc()).limit(1)
    ).one_or_none()
    end = _End(*last) if last else _End(0, chain.GENESIS)
    if fits and last is None:
        return end
    log.error("the head of the trail was changed by hand; run `flask --app app trail verify`")
    number = end.number + 1
    note = chain.EntryFacts(number, now(), None, chain.HEAD_CHANGED, "trail", None, None, "")
    return _End(number, _append(session, key, end.seal, note))


def _locked_head(session: Session, key: bytes) -> chain.Head:
    """The head as it stands, locked; the first writer of all makes it."""
    row = session.execute(_HEAD).one_or_none()
    if row is None:
        # Two first writers may meet here: the insert of one waits for the other, then does nothing.
        session.execute(
            text(
                "INSERT INTO trail_head (id, number, seal, head_seal) VALUES (1, 0, :seal, :head_seal) "
                "ON CONFLICT (id) DO NOTHING"
            ),
            {"seal": chain.GENESIS, "head_seal": chain.seal_head(key, 0, chain.GENESIS)},
        )
        row = session.execute(_HEAD).one()
    return chain.Head(*row)


def record_reading(
    person_id: int | None,
    record_kind: str,
    record_id: int | None,
    *,
    area_id: int | None = None,
    part: str = "",
) -> None:
    """Note that a person has opened a case, return or report; commits by itself.

    part: which part of it was opened, such as a section's key.
    """
    with writing() as session:
        record(
            session,
            person_id,
            f"{record_kind}.read",
            record_kind,
            record_id,
            fields=[part] if part else (),
            area_id=area_id,
        )
