"""Keeping an area's list of names. The trail says how many were added or taken out, and never which."""

import secrets
from typing import NamedTuple

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from qa.accounts.permissions import CurrentPerson
from qa.db import Base, insert_of, now, writing
from qa.identifiers.listing import read_names
from qa.identifiers.models import GuardedName, NameList
from qa.identifiers.queries import name_area
from qa.problems import NotFound, refused
from qa.trail.recording import record

MOST_NAMES = 20_000
_list = Base.metadata.tables[NameList.__tablename__]


class Added(NamedTuple):
    """What came of adding names: entries that are new, those there already, and everyday words left out."""

    new: int
    already: int
    left: tuple[str, ...]


def add_names(person: CurrentPerson, area_id: int, text: str, *, word_by_word: bool) -> Added:
    """Add the names of a pasted list, one on each line; all of them or none.

    word_by_word: every word of a name is looked for by itself as well, but for everyday words. Raises
    NotFound out of reach, and Refused (field "names") for an empty list, lines that are no names, or a list
    that would grow too long.
    """
    pasted = read_names(text, word_by_word=word_by_word)
    with writing() as session:
        name_area(person, area_id)
        if pasted.problems:
            raise refused(". ".join(pasted.problems), "names")
        if not pasted.names:
            raise refused("Enter at least one name", "names")
        _draw_stamp(session, area_id)
        there = set(session.scalars(select(GuardedName.folded).where(GuardedName.area_id == area_id)))
        new = [(name, plain) for name, plain in pasted.names if plain not in there]
        if len(there) + len(new) > MOST_NAMES:
            raise refused(
                f"A list holds {MOST_NAMES:,} names at most. There are {len(there):,} on it, and these would "
                f"be {len(new):,} more. Take out those that are no longer needed first",
                "names",
            )
        if new:
            rows = [
                {"area_id": area_id, "name": name, "folded": plain, "added_at": now()} for name, plain in new
            ]
            session.execute(insert(GuardedName), rows)
            record(
                session,
                person.id,
                "identifiers.names_added",
                "area",
                area_id,
                fields=[f"names:{len(new)}"],
                area_id=area_id,
            )
    return Added(len(new), len(pasted.names) - len(new), pasted.left)


def remove_name(person: CurrentPerson, area_id: int, name_id: int) -> str:
    """Take a name out of an area's list; gives it back. Raises NotFound, also where it is gone already."""
    with writing() as session:
        name_area(person, area_id)
        mine = (GuardedName.id == name_id, GuardedName.area_id == area_id)
        name = session.scalar(select(GuardedName.name).where(*mine))
        if name is None:
            raise NotFound
        _draw_stamp(session, area_id)
        session.execute(delete(GuardedName).where(*mine))
        _record_removal(session, person, area_id, 1)
    return name


def clear_names(person: CurrentPerson, area_id: int) -> int:
    """Take every name out of an area's list; gives how many. Raises NotFound out of reach."""
    with writing() as session:
        name_area(person, area_id)
        mine = GuardedName.area_id == area_id
        count = session.scalar(select(func.count()).select_from(GuardedName).where(mine)) or 0
        if count:
            _draw_stamp(session, area_id)
            session.execute(delete(GuardedName).where(mine))
            _record_removal(session, person, area_id, count)
    return count


def _record_removal(session: Session, person: CurrentPerson, area_id: int, count: int) -> None:
    event, fields = "identifiers.names_removed", [f"names:{count}"]
    record(session, person.id, event, "area", area_id, fields=fields, area_id=area_id)


def _draw_stamp(session: Session, area_id: int) -> None:
    """Give the list a new stamp, so that every process reads it again; and lock it until the commit."""
    statement = insert_of(session.get_bind().dialect.name)(_list).values(
        area_id=area_id, stamp=secrets.token_hex(16)
    )
    session.execute(
        statement.on_conflict_do_update(
            index_elements=["area_id"], set_={"stamp": statement.excluded["stamp"]}
        )
    )
