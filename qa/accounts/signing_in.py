"""Commands of signing in and out, and of setting a password."""

import hashlib
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import ColumnElement, bindparam, delete, or_, select, text, update
from sqlalchemy.orm import Session

from qa.accounts import lockout, passwords
from qa.accounts.models import FailedTry, OneTimeLink, Person, SignIn
from qa.accounts.sessions import new_token, token_hash
from qa.db import UtcDateTime, db, now, writing
from qa.problems import NotFound, Refused, refused
from qa.trail.recording import record

WRONG = "The e-mail address or the password is not right. Check both and try again"

FIRST_FAILURE = text(
    "INSERT INTO failed_try (email_hash, failures, last_at) VALUES (:key, 0, :moment) "
    "ON CONFLICT (email_hash) DO NOTHING"
).bindparams(bindparam("moment", type_=UtcDateTime()))


def sign_in(email: str, password: str) -> str:
    """Start a session; gives back its token for the cookie.

    Raises Refused when the pair is wrong, or while the address is locked after too many failures.
    """
    email = email.strip().lower()
    key = hashlib.sha256(email.encode()).hexdigest()
    _check_lock(db.session.get(FailedTry, key))
    person = db.session.scalar(select(Person).where(Person.email == email, Person.active, ~Person.guest))
    person_id, kept = (person.id, person.password_hash) if person else (None, None)
    if not passwords.matches(kept, password) or person_id is None:
        _note_failure(key, person_id)
        raise refused(WRONG)
    return _start(person_id, key)


def _check_lock(tries: FailedTry | None) -> None:
    wait = lockout.waiting(tries.locked_until, now()) if tries else None
    if wait:
        raise refused(f"Too many failed tries. Wait {wait}, then try again, or reset your password")


def _note_failure(key: str, person_id: int | None) -> None:
    """Count a failure. Who tried is not known: the entry names only whose address it was, if anybody's."""
    with writing() as session:
        moment = now()
        # Two first failures at once: the second waits here, then counts on from the first.
        session.execute(FIRST_FAILURE, {"key": key, "moment": moment})
        row = session.scalars(select(FailedTry).where(FailedTry.email_hash == key).with_for_update()).one()
        row.failures = lockout.failures_now(row.failures, row.last_at, moment) + 1
        row.last_at = moment
        wait = lockout.delay(row.failures)
        row.locked_until = moment + wait if wait else None
        record(session, None, "accounts.sign_in_failed", "person", person_id)


def _start(person_id: int, key: str) -> str:
    token, moment = new_token(), now()
    with writing() as session:
        # Asked again under the lock: many guesses sent at once must not outrun the lock-out.
        _check_lock(session.scalar(select(FailedTry).where(FailedTry.email_hash == key).with_for_update()))
        old = moment - lockout.FORGOTTEN_AFTER - lockout.LONGEST
        session.execute(delete(FailedTry).where(or_(FailedTry.email_hash == key, FailedTry.last_at < old)))
        add_sign_in(session, person_id, token)
        session.execute(delete(SignIn).where(SignIn.expires_at < moment - timedelta(days=30)))
        record(session, person_id, "accounts.signed_in", "person", person_id)
    return token


def add_sign_in(
    session: Session,
    person_id: int,
    token: str,
    *,
    guest_return_id: int | None = None,
    until: datetime | None = None,
) -> None:
    """Within a unit of work: begin a session, of a guest for one return when told, until then at most."""
    moment = now()
    ends = moment + timedelta(hours=current_app.config["SESSION_HOURS"])
    session.add(
        SignIn(
            token_hash=token_hash(token),
            person_id=person_id,
            started_at=moment,
            seen_at=moment,
            expires_at=min(ends, until) if until else ends,
            guest_return_id=guest_return_id,
        )
    )


def sign_out(person_id: int, sign_in_id: int) -> None:
    """End one session."""
    with writing() as session:
        session.execute(
            update(SignIn)
            .where(SignIn.id == sign_in_id, SignIn.person_id == person_id)
            .values(ended_at=now())
        )
        record(session, person_id, "accounts.signed_out", "person", person_id)


def end_other_sign_ins(person_id: int, sign_in_id: int) -> None:
    """End every session of the person but this one."""
    with writing() as session:
        end_sign_ins(session, person_id, but=sign_in_id)
        record(session, person_id, "accounts.other_sign_ins_ended", "person", person_id)


def link_owner(token: str) -> Person:
    """Whose password a one-time link may set. Raises NotFound when it is unknown, used or too old."""
    person = db.session.scalar(
        select(Person)
        .join(OneTimeLink, OneTimeLink.person_id == Person.id)
        .where(*_usable(token), Person.active, ~Person.guest)
    )
    if person is None:
        raise NotFound("this link has been used or is too old")
    return person


def _usable(token: str) -> tuple[ColumnElement[bool], ...]:
    return (
        OneTimeLink.token_hash == token_hash(token),
        OneTimeLink.used_at.is_(None),
        OneTimeLink.expires_at > now(),
    )


def set_password_by_link(token: str, password: str) -> None:
    """Set the password of the link's owner, use up all their links and end all their sessions.

    Raises NotFound for a used or old link, Refused when the password is too weak.
    """
    owner = link_owner(token)
    password_hash = _hashed(password, owner.email)
    with writing() as session:
        link = session.scalar(select(OneTimeLink).where(*_usable(token)).with_for_update())
        if link is None:
            raise NotFound("this link has just been used")
        person = session.get_one(Person, link.person_id)
        person.password_hash = password_hash
        use_up_links(session, person.id)
        end_sign_ins(session, person.id)
        key = hashlib.sha256(person.email.encode()).hexdigest()
        session.execute(delete(FailedTry).where(FailedTry.email_hash == key))
        record(session, person.id, "accounts.password_set", "person", person.id, fields=["password"])


def use_up_links(session: Session, person_id: int) -> None:
    """Within a unit of work: none of the person's links sets a password any more."""
    session.execute(
        update(OneTimeLink)
        .where(OneTimeLink.person_id == person_id, OneTimeLink.used_at.is_(None))
        .values(used_at=now())
    )


def end_sign_ins(
    session: Session, person_id: int, *, but: int | None = None, guest_return_id: int | None = None
) -> None:
    """Within a unit of work: end every session of the person, except the one with that number.

    guest_return_id: only a guest's sessions for that return.
    """
    ending = update(SignIn).where(SignIn.person_id == person_id, SignIn.ended_at.is_(None))
    if guest_return_id is not None:
        ending = ending.where(SignIn.guest_return_id == guest_return_id)
    if but is not None:
        ending = ending.where(SignIn.id != but)
    session.execute(ending.values(ended_at=now()))


def change_password(person_id: int, sign_in_id: int, present: str, password: str) -> None:
    """Change one's own password, ending every other session. Raises Refused when the present one is wrong."""
    kept = db.session.execute(select(Person.email, Person.password_hash).where(Person.id == person_id)).one()
    if not passwords.matches(kept.password_hash, present):
        raise refused("Your present password is not right", "current_password")
    password_hash = _hashed(password, kept.email)
    with writing() as session:
        person = session.get_one(Person, person_id)
        person.password_hash = password_hash
        use_up_links(session, person_id)
        end_sign_ins(session, person_id, but=sign_in_id)
        record(session, person_id, "accounts.password_set", "person", person_id, fields=["password"])


def _hashed(password: str, email: str) -> str:
    """The hash to keep. Outside any unit of work: it takes long on purpose. Raises Refused when weak."""
    weak = passwords.weakness(password, email)
    if weak:
        raise Refused({"new_password": weak})
    return passwords.hashed(password)
