"""Commands of a guest: ask for a code, and open the return with it."""

from datetime import datetime
from typing import Any

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from qa.accounts import lockout
from qa.accounts.models import Person
from qa.accounts.sessions import new_token, token_hash
from qa.accounts.signing_in import add_sign_in
from qa.audits.models import Audit, Return
from qa.db import LONDON, now, today, writing
from qa.guests import codes
from qa.guests.letters import code_letter
from qa.guests.models import ReturnLink
from qa.guests.queries import facts_of, link_columns, linked
from qa.guests.standing import end_of, ending
from qa.mail.outbox import queue
from qa.problems import NotFound, refused
from qa.trail.recording import record as add_to_trail

WRONG = "That is not the code we sent last. Check it and type it again"
RUN_OUT = "This code has run out. Ask for a new one"


def ask_code(token: str) -> None:
    """Send a new code to the address that the link went to; the one before it works no more.

    Within a minute of the last it sends none. Raises NotFound when the link does not work, Refused after
    too many codes or wrong tries.
    """
    with writing() as session:
        row, _ = _locked(session, token)
        moment = now()
        _check_lock(row, moment)
        if row.code_asked_at is not None and moment - row.code_asked_at < codes.AGAIN_AFTER and row.code_hash:
            return
        since, sent = codes.asked_now(row.codes_since, row.codes, moment)
        if sent >= codes.MOST_IN_WINDOW:
            wait = codes.minutes_until(since + codes.WINDOW, moment)
            raise refused(f"Too many codes have been sent. Wait {wait}, then ask for another", "code")
        code = codes.new_code()
        row.codes_since, row.codes = since, sent + 1
        row.code_hash = codes.code_hash(_key(), row.id, code)
        row.code_asked_at, row.code_until, row.code_tries = moment, moment + codes.LASTS, 0
        letter = code_letter(code)
        email = session.scalars(select(Person.email).where(Person.id == row.person_id)).one()
        queue(session, email, letter.subject, letter.body)
        # Who asked is not known: whoever has the link may.
        add_to_trail(session, None, "guests.code_asked", "return_link", row.id)


def open_return(token: str, typed: str) -> tuple[str, int]:
    """Start a guest's session by the code; gives the session's token and the return's number.

    Raises NotFound when the link does not work, Refused when the code is wrong or has run out, or while the
    link is locked after too many wrong tries.
    """
    with writing() as session:
        row, found = _locked(session, token)
        moment = now()
        _check_lock(row, moment)
        if not row.code_hash or row.code_until is None or row.code_until <= moment:
            raise refused(RUN_OUT, "code")
        if codes.fits(row.code_hash, _key(), row.id, typed):
            return _start(session, row, found, moment), row.return_id
        _note_failure(row, moment)
        add_to_trail(session, None, "guests.code_failed", "return_link", row.id)
    raise refused(WRONG, "code")


def _start(session: Session, row: ReturnLink, found: Any, moment: datetime) -> str:
    token = new_token()
    row.code_hash, row.failures, row.locked_until = "", 0, None
    row.opened_at, row.seen_at = row.opened_at or moment, moment
    until = end_of(found.due_on, LONDON)
    add_sign_in(session, row.person_id, token, guest_return_id=row.return_id, until=until)
    add_to_trail(
        session, row.person_id, "guests.return_opened", "return", row.return_id, area_id=found.area_id
    )
    return token


def _note_failure(row: ReturnLink, moment: datetime) -> None:
    row.code_tries += 1
    if row.code_tries >= codes.TRIES:
        row.code_hash = ""
    row.failures = lockout.failures_now(row.failures, row.failed_at or moment, moment) + 1
    row.failed_at = moment
    wait = lockout.delay(row.failures)
    row.locked_until = moment + wait if wait else None


def _check_lock(row: ReturnLink, moment: datetime) -> None:
    wait = lockout.waiting(row.locked_until, moment)
    if wait:
        raise refused(f"Too many wrong codes. Wait {wait}, then ask for a new code", "code")


def _locked(session: Session, token: str) -> tuple[ReturnLink, Any]:
    """The link with that secret, locked, and its facts. Raises NotFound unless it works."""
    wanted = ReturnLink.token_hash == token_hash(token)
    # The return before the link, as those who send links lock them; a session refers to it.
    of_link = select(ReturnLink.return_id).where(wanted).scalar_subquery()
    session.execute(select(Return.id).where(Return.id == of_link).with_for_update(read=True, key_share=True))
    row = session.scalar(select(ReturnLink).where(wanted).with_for_update())
    if row is None:
        raise NotFound("no such link")
    found = session.execute(
        linked(Audit.area_id, Return.id, *link_columns()).where(ReturnLink.id == row.id)
    ).one()
    if ending(facts_of(found), today()) is not None:
        raise NotFound("the link has ended")
    return row, found


def _key() -> bytes:
    return str(current_app.config["SECRET_KEY"]).encode()
