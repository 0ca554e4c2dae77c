"""Writing the trail: one entry per change, in the change's own transaction, and one per reading."""

from collections.abc import Iterable

from flask import current_app
from sqlalchemy import insert, select, text, update
from sqlalchemy.orm import Session

from qa.db import now, writing
from qa.trail import chain
from qa.trail.models import TrailEntry, TrailHead

FIELDS_LIMIT = 1000


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
    previous = _locked_head(session)
    number = previous.number + 1
    listed = ",".join(sorted(set(fields)))
    if len(listed) > FIELDS_LIMIT:
        listed = listed[: FIELDS_LIMIT - 4].rsplit(",", 1)[0] + ",..."
    facts = chain.EntryFacts(number, now(), person_id, event, record, record_id, area_id, listed)
    sealed = chain.seal(key, previous.seal, facts)
    session.execute(
        insert(TrailEntry),
        {
            "number": number,
            "at": facts.at,
            "person_id": person_id,
            "event": event,
            "record": record,
            "record_id": record_id,
            "area_id": area_id,
            "fields": listed,
            "seal": sealed,
        },
    )
    session.execute(
        update(TrailHead)
        .where(TrailHead.id == 1)
        .values(number=number, seal=sealed, head_seal=chain.seal_head(key, number, sealed))
    )
    return number


def _locked_head(session: Session) -> chain.Head:
    """The end of the chain, locked until the commit; the first writer of all makes it."""
    query = (
        select(TrailHead.number, TrailHead.seal, TrailHead.head_seal)
        .where(TrailHead.id == 1)
        .with_for_update()
    )
    row = session.execute(query).one_or_none()
    if row is None:
        # Two first writers may meet here: the insert of one waits for the other, then does nothing.
        session.execute(
            text(
                "INSERT INTO trail_head (id, number, seal, head_seal) VALUES (1, 0, :seal, '') "
                "ON CONFLICT (id) DO NOTHING"
            ),
            {"seal": chain.GENESIS},
        )
        row = session.execute(query).one()
    return chain.Head(row.number, row.seal, row.head_seal)


def record_reading(
    person_id: int, record_kind: str, record_id: int, *, area_id: int | None = None, part: str = ""
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
