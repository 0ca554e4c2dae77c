"""Looks through what is about to be saved: each identifier found is replaced, or kept with a reason."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from qa.accounts.permissions import CurrentPerson
from qa.db import Base, insert_of, now, today
from qa.identifiers.asking import NO_CHOICES, Choices, Looking, Seen, in_words, suspect
from qa.identifiers.models import GuardedName, KeptIdentifier, NameList
from qa.identifiers.names import NO_NAMES, Names, names_from
from qa.problems import Questioned, Suspect
from qa.trail.recording import record as add_to_trail

_kept = Base.metadata.tables[KeptIdentifier.__tablename__]

# Lists made ready, by their stamps: a stamp is never drawn twice, so that no list is taken for another.
_ready: dict[str, Names] = {}
MOST_READY = 64


class Part(NamedTuple):
    """Texts of one record. texts: the form's field to its text. kept_as: the form's field to the name that
    something in it is kept under; the field's own name where it says nothing.
    """

    record: str
    record_id: int
    texts: Mapping[str, str]
    kept_as: Mapping[str, str] = {}

    def name_of(self, field: str) -> str:
        """What something found in a field is kept under."""
        return self.kept_as.get(field, field)


def check(
    session: Session,
    person: CurrentPerson,
    area_id: int | None,
    record: str,
    record_id: int,
    texts: Mapping[str, str],
    choices: Choices = NO_CHOICES,
    *,
    about_child: bool = True,
) -> None:
    """Look through a record's texts, by field, before they are saved; in the unit of work that saves them.

    choices: what the form says (`qa.identifiers.asking.choices_in`). What is kept with a reason is noted,
    and in the trail, never its text. Raises Questioned, so that nothing is saved, while something found has
    no answer, or when its replacing was asked for: the page is then shown again with the text replaced.
    """
    part = Part(record, record_id, texts)
    check_all(session, person, area_id, [part], choices, about_child=about_child)


def check_all(
    session: Session,
    person: CurrentPerson,
    area_id: int | None,
    parts: Sequence[Part],
    choices: Choices = NO_CHOICES,
    *,
    about_child: bool = True,
) -> None:
    """As `check`, of several records that one form saves; no two of its fields have the same name."""
    looking = looking_for(session, area_id, about_child=about_child)
    texts: dict[str, str] = {}
    if choices.replace:
        texts, parts = _replaced(parts, looking, choices.replace)
    asked: dict[str, tuple[Suspect, ...]] = {}
    answered: list[tuple[Part, Seen, str]] = []
    for part in parts:
        seen = {field: looking.look(text, part.name_of(field)) for field, text in part.texts.items()}
        fields = {one.field for found in seen.values() for one in found}
        held = kept_tokens(session, part.record, part.record_id, fields) if fields else frozenset()
        for field, found in seen.items():
            open_ones = [one for one in found if one.token not in held]
            suspects = [suspect(one, choices, looking) for one in open_ones]
            # A page that is shown again keeps the reasons that were typed beside what was replaced.
            if any(one.open for one in suspects) or (suspects and choices.replace):
                asked[field] = tuple(suspects)
            answered += [(part, one, said.reason) for one, said in zip(open_ones, suspects, strict=True)]
    if asked or choices.replace:
        errors = {field: in_words(left) for field, found in asked.items() if (left := open_of(found))}
        raise Questioned(errors, asked, texts)
    for part in parts:
        keep(
            session,
            person,
            area_id,
            part.record,
            part.record_id,
            [(one, reason) for of, one, reason in answered if of is part],
        )


def open_of(suspects: Iterable[Suspect]) -> list[Suspect]:
    """Those that are not answered."""
    return [one for one in suspects if one.open]


def _replaced(parts: Sequence[Part], looking: Looking, token: str) -> tuple[dict[str, str], list[Part]]:
    """The texts that change when what the token stands for is replaced, by field; and the parts with them."""
    changed: dict[str, str] = {}
    after = []
    for part in parts:
        new = {field: looking.without(text, part.name_of(field), token) for field, text in part.texts.items()}
        changed |= {field: text for field, text in new.items() if text != part.texts[field]}
        after.append(part._replace(texts=new))
    return changed, after


def looking_for(
    session: Session, area_id: int | None, stamp: str | None = None, *, about_child: bool = True
) -> Looking:
    """What a look at texts of an area goes by. stamp: of the area's list, where it was read already.

    One statement at most, and one more when the list has changed since it was last read.
    """
    if stamp is None and area_id is not None:
        stamp = session.scalar(select(NameList.stamp).where(NameList.area_id == area_id))
    names = _names(session, area_id, stamp) if stamp and area_id is not None else NO_NAMES
    return Looking(names, today(), _key(), about_child)


def kept_tokens(session: Session, record: str, record_id: int, fields: Iterable[str]) -> frozenset[str]:
    """Tokens of what is kept in the fields of a record already. One statement."""
    query = select(KeptIdentifier.digest).where(
        KeptIdentifier.record == record,
        KeptIdentifier.record_id == record_id,
        KeptIdentifier.field.in_(set(fields)),
    )
    return frozenset(session.scalars(query))


def keep(
    session: Session,
    person: CurrentPerson,
    area_id: int | None,
    record: str,
    record_id: int,
    answered: Sequence[tuple[Seen, str]],
) -> None:
    """Note what stays in a record and why; each with its field's entry in the trail."""
    if not answered:
        return
    rows = [
        {
            "area_id": area_id,
            "record": record,
            "record_id": record_id,
            "field": seen.field,
            "kind": seen.found.kind.slug,
            "digest": seen.token,
            "reason": reason,
            "kept_at": now(),
            "kept_by_id": person.id,
        }
        for seen, reason in answered
    ]
    # Two tabs may keep the same thing at once: the first reason stands.
    session.execute(insert_of(session.get_bind().dialect.name)(_kept).on_conflict_do_nothing(), rows)
    fields = {f"{seen.field}:{seen.found.kind.slug}" for seen, _ in answered}
    add_to_trail(session, person.id, "identifiers.kept", record, record_id, fields=fields, area_id=area_id)


def _names(session: Session, area_id: int, stamp: str) -> Names:
    names = _ready.get(stamp)
    if names is None:
        names = names_from(session.scalars(select(GuardedName.name).where(GuardedName.area_id == area_id)))
        while len(_ready) >= MOST_READY:
            _ready.pop(next(iter(_ready)), None)
        _ready[stamp] = names
    return names


def _key() -> bytes:
    """The key of the digests, made from the trail's: the same after a restore, and not that key itself."""
    key: bytes = current_app.extensions["trail_key"]
    return hashlib.blake2b(key, person=b"identifiers").digest()
