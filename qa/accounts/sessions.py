"""Who is signed in on this request: one statement, from the hash of the cookie's token."""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Integer, Row, bindparam, column, select, table, update

from qa.accounts.models import Installation, Person, PersonRole, SignIn
from qa.accounts.permissions import CurrentPerson, Grant
from qa.db import db, now, writing

# A sign-in's last use is noted at most this often: a write on every request would be waste.
NOTED_EVERY = timedelta(minutes=2)

# Of a later capability, so by its name: to whom a guest's return is given now.
_returns = table("case_return", column("id", Integer), column("auditor_id", Integer))
_holder = select(_returns.c.auditor_id).where(_returns.c.id == SignIn.guest_return_id).scalar_subquery()


class Presence(NamedTuple):
    """A signed-in person, the number of their sign-in, and whether the installation is a demonstration."""

    person: CurrentPerson
    sign_in_id: int
    demonstration: bool


# Every request asks this, so it is made once.
_PRESENCE = (
    select(
        SignIn.id,
        SignIn.expires_at,
        SignIn.seen_at,
        SignIn.guest_return_id,
        _holder.label("holder"),
        Person.guest,
        Person.id.label("person_id"),
        Person.name,
        Person.email,
        PersonRole.role,
        PersonRole.area_id,
        PersonRole.agency_id,
        select(Installation.demonstration).scalar_subquery().label("demonstration"),
    )
    .join(Person, Person.id == SignIn.person_id)
    .outerjoin(PersonRole, PersonRole.person_id == Person.id)
    .where(SignIn.token_hash == bindparam("token_hash"), SignIn.ended_at.is_(None), Person.active)
    .order_by(PersonRole.id)
)


def token_hash(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def new_token() -> str:
    """A token nobody can guess (256 bits)."""
    return secrets.token_urlsafe(32)


def presence(token: str, idle: timedelta) -> Presence | None:
    """Who the token signs in; None when it is unknown, ended, expired, idle too long, or of nobody active,
    and for a guest whose return was given to somebody else.
    """
    rows = db.session.execute(_PRESENCE, {"token_hash": token_hash(token)}).all()
    if not rows:
        return None
    first, moment = rows[0], now()
    if first.expires_at <= moment or first.seen_at + idle <= moment:
        return None
    if not _stands(first):
        return None
    if moment - first.seen_at > NOTED_EVERY:
        _note(first.id, moment)
    roles = () if first.guest else rows
    grants = tuple(Grant(row.role, row.area_id, row.agency_id) for row in roles if row.role is not None)
    person = CurrentPerson(first.person_id, first.name, first.email, grants, first.guest_return_id)
    return Presence(person, first.id, bool(first.demonstration))


def _stands(row: Row[Any]) -> bool:
    """Whether a guest's session is still for a guest, and for the return that is theirs."""
    if row.guest_return_id is None:
        return not row.guest
    return bool(row.guest) and row.holder == row.person_id


def _note(sign_in_id: int, moment: datetime) -> None:
    with writing() as session:
        session.execute(update(SignIn).where(SignIn.id == sign_in_id).values(seen_at=moment))
