"""Who is signed in on this request: one statement, from the hash of the cookie's token."""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import select, update

from qa.accounts.models import Installation, Person, PersonRole, SignIn
from qa.accounts.permissions import CurrentPerson, Grant
from qa.db import db, now, writing

# A sign-in's last use is noted at most this often: a write on every request would be waste.
NOTED_EVERY = timedelta(minutes=2)


class Presence(NamedTuple):
    """A signed-in person, the number of their sign-in, and whether the installation is a demonstration."""

    person: CurrentPerson
    sign_in_id: int
    demonstration: bool


def token_hash(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def new_token() -> str:
    """A token nobody can guess (256 bits)."""
    return secrets.token_urlsafe(32)


def presence(token: str, idle: timedelta) -> Presence | None:
    """Who the token signs in; None when it is unknown, ended, expired, idle too long, or of nobody active."""
    rows = db.session.execute(
        select(
            SignIn.id,
            SignIn.expires_at,
            SignIn.seen_at,
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
        .where(SignIn.token_hash == token_hash(token), SignIn.ended_at.is_(None), Person.active)
        .order_by(PersonRole.id)
    ).all()
    if not rows:
        return None
    first, moment = rows[0], now()
    if first.expires_at <= moment or first.seen_at + idle <= moment:
        return None
    if moment - first.seen_at > NOTED_EVERY:
        _note(first.id, moment)
    grants = tuple(Grant(row.role, row.area_id, row.agency_id) for row in rows if row.role is not None)
    person = CurrentPerson(first.person_id, first.name, first.email, grants)
    return Presence(person, first.id, bool(first.demonstration))


def _note(sign_in_id: int, moment: datetime) -> None:
    with writing() as session:
        session.execute(update(SignIn).where(SignIn.id == sign_in_id).values(seen_at=moment))
