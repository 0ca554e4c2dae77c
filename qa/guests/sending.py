"""Commands of those who send links: send, send again, revoke."""

from collections.abc import Callable
from typing import NamedTuple

from sqlalchemy import select, update
from sqlalchemy.orm import Session, joinedload

from qa.accounts.models import Person
from qa.accounts.permissions import CurrentPerson, Permission
from qa.accounts.sessions import new_token, token_hash
from qa.accounts.signing_in import end_sign_ins
from qa.audits.commands.doubling import audited_twice, check_blind
from qa.audits.models import Audit, Return
from qa.db import Base, now, today, writing
from qa.guests.letters import link_letter
from qa.guests.models import ReturnLink
from qa.guests.queries import facts_of, link_columns, linked
from qa.guests.standing import Ending, ending
from qa.mail.outbox import queue
from qa.problems import NotFound, Stale, refused
from qa.returns.queries import lock_return
from qa.returns.records import ReturnRecord
from qa.trail.recording import record as add_to_trail

# Gives the whole address of a link's page, by its secret.
Address = Callable[[str], str]

_returns = Base.metadata.tables[Return.__tablename__]
WHY_NOT = {
    Ending.REVOKED: "This link was revoked. Send a new one instead",
    Ending.SUBMITTED: "This return is in, so there is nothing to open",
    Ending.REASSIGNED: "This return has been given to somebody else. Send a new link instead",
    Ending.OVERDUE: "The return’s due date has passed. Extend it first, then send the link again",
    Ending.CLOSED: "The audit’s fieldwork is not open, so the link would open nothing",
}


def send_link(
    person: CurrentPerson, return_id: int, name: str, email: str, version: int, address: Address
) -> str:
    """Send a link to a return to somebody without an account, and give them the return; gives their name.

    Answers begun stay with the return, and a link sent for it before is revoked. version: the return's, as
    the form showed it. Raises NotFound, NotAllowed, Stale when it was given to somebody else meanwhile, and
    Refused when the return cannot be completed now, the address is that of somebody with an account, or the
    case is audited twice and would not be blind any more.
    """
    with writing() as session:
        record = lock_return(session, person, return_id, Permission.RETURNS_SEND_LINK)
        _check_open(record)
        if record.version != version:
            raise Stale({"auditor": record.auditor or "Nobody"}, record.version)
        guest = _guest(session, name, email)
        # Whoever is given a return that is audited twice must not see the other (decision 11).
        check_blind(session, _audit(session, record), {record.id: guest.id})
        _revoke_others(session, person, record)
        session.execute(
            update(_returns)
            .where(_returns.c.id == record.id)
            .values(auditor_id=guest.id, version=_returns.c.version + 1)
        )
        moment, token = now(), new_token()
        row = ReturnLink(
            return_id=record.id,
            person_id=guest.id,
            token_hash=token_hash(token),
            sent_by_id=person.id,
            first_sent_at=moment,
            sent_at=moment,
        )
        session.add(row)
        session.flush()
        _post(session, person, record, guest, address(token))
        _note(session, person, record, row, "guests.link_sent", ["auditor"])
        return guest.name


def send_again(person: CurrentPerson, link_id: int, address: Address) -> str:
    """Send a link again, with a new secret: the message sent before opens nothing any more. Gives the name.

    Raises NotFound, NotAllowed, or Refused when the link has ended.
    """
    with writing() as session:
        row, record = _locked(session, person, link_id)
        why = _ending_of(session, row)
        if why is not None:
            raise refused(WHY_NOT[why])
        token = new_token()
        row.token_hash, row.sent_at, row.sent_by_id = token_hash(token), now(), person.id
        row.times_sent += 1
        row.code_hash = ""
        guest = session.get_one(Person, row.person_id)
        _post(session, person, record, guest, address(token))
        _note(session, person, record, row, "guests.link_sent_again", [])
        return guest.name


class Revoked(NamedTuple):
    """name: the guest's. kept: the return stays in their name, though they open it no more, until it is given
    to somebody else.
    """

    name: str
    kept: bool = False


def revoke(person: CurrentPerson, link_id: int) -> Revoked:
    """Revoke a link at once: sessions opened by it end, and a return that is not in is nobody's again.

    One of a case that is audited twice stays the guest's: what is nobody's, any auditor of the agency reads,
    the other one of the case too. Answers stay with the return. Does nothing when it is revoked already.
    """
    with writing() as session:
        row, record = _locked(session, person, link_id)
        guest, kept = session.get_one(Person, row.person_id), False
        if row.revoked_at is None:
            _end(session, person, row)
            held = record.auditor_id == guest.id and not record.state.complete
            kept = held and audited_twice(session, record.id)
            if held and not kept:
                session.execute(
                    update(_returns)
                    .where(_returns.c.id == record.id)
                    .values(auditor_id=None, version=_returns.c.version + 1)
                )
            _note(session, person, record, row, "guests.link_revoked", [] if kept else ["auditor"])
        return Revoked(guest.name, kept)


def _audit(session: Session, record: ReturnRecord) -> Audit:
    return session.get_one(Audit, record.audit_id, options=[joinedload(Audit.agencies)])


def _check_open(record: ReturnRecord) -> None:
    if not record.fieldwork:
        raise refused("The audit’s fieldwork is not open. Send the link once it is")
    if record.state.complete:
        raise refused("This return is in. Send it back to be put right first")
    if record.due_on < today():
        raise refused(
            "The return’s due date has passed, and a link ends with it. Extend the date first, "
            "then send the link"
        )


def _guest(session: Session, name: str, email: str) -> Person:
    """The guest with that address, kept from an earlier link or new."""
    found = session.scalar(select(Person).where(Person.email == email).with_for_update())
    if found is None:
        found = Person(email=email, name=name, guest=True, created_at=now())
        session.add(found)
        session.flush()
    elif not found.guest:
        raise refused(
            "Somebody with this e-mail address has an account. Give them the return where returns are "
            "allocated, or use another address",
            "email",
        )
    elif not found.active:
        raise refused("An administrator has deactivated the guest with this address", "email")
    return found


def _revoke_others(session: Session, person: CurrentPerson, record: ReturnRecord) -> None:
    query = select(ReturnLink).where(ReturnLink.return_id == record.id, ReturnLink.revoked_at.is_(None))
    for row in session.scalars(query).all():
        _end(session, person, row)


def _end(session: Session, person: CurrentPerson, row: ReturnLink) -> None:
    row.revoked_at, row.revoked_by_id, row.code_hash = now(), person.id, ""
    end_sign_ins(session, row.person_id, guest_return_id=row.return_id)


def _locked(session: Session, person: CurrentPerson, link_id: int) -> tuple[ReturnLink, ReturnRecord]:
    """A link and its return, both locked: the return first, as whoever sends a new link does."""
    return_id = session.scalar(select(ReturnLink.return_id).where(ReturnLink.id == link_id))
    if return_id is None:
        raise NotFound
    record = lock_return(session, person, return_id, Permission.RETURNS_SEND_LINK)
    return session.get_one(ReturnLink, link_id, with_for_update=True), record


def _ending_of(session: Session, row: ReturnLink) -> Ending | None:
    facts = session.execute(linked(*link_columns()).where(ReturnLink.id == row.id)).one()
    return ending(facts_of(facts), today())


def _post(session: Session, person: CurrentPerson, record: ReturnRecord, guest: Person, link: str) -> None:
    audit = None if record.confidential else record.audit_title
    letter = link_letter(guest.name, person.name, record.agency, audit, record.due_on, link)
    queue(session, guest.email, letter.subject, letter.body)


def _note(
    session: Session,
    person: CurrentPerson,
    record: ReturnRecord,
    row: ReturnLink,
    event: str,
    fields: list[str],
) -> None:
    add_to_trail(session, person.id, event, "return_link", row.id, fields=fields, area_id=record.area_id)
