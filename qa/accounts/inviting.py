"""Commands that send somebody a link to choose a password: invitations and resets."""

from collections.abc import Callable, Collection
from datetime import datetime, timedelta

from sqlalchemy import exists, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from qa.accounts import letters
from qa.accounts.managing import check_grants, check_may_manage
from qa.accounts.models import OneTimeLink, Person, PersonRole
from qa.accounts.permissions import CurrentPerson, Grant
from qa.accounts.sessions import new_token, token_hash
from qa.accounts.signing_in import use_up_links
from qa.db import now, writing
from qa.mail.outbox import queue
from qa.problems import NotFound, refused
from qa.trail.recording import record

INVITATION_LASTS = timedelta(days=14)
RESET_LASTS = timedelta(hours=1)
# However often somebody asks, a new link goes out this long after the last at the earliest.
RESET_AGAIN_AFTER = timedelta(minutes=5)

GUEST_HERE = (
    "A guest, who completes returns by links, has this e-mail address. If they are to have an account, "
    "find them in the list of people under “Guests” and choose “Give an account”"
)

# Gives the address at which a token's owner sets a password.
Address = Callable[[str], str]


def invite(
    person: CurrentPerson | None, name: str, email: str, grants: Collection[Grant], address: Address
) -> tuple[int, str]:
    """Add a person with roles and send them an invitation; gives back their number and the link.

    person None: from the command line. Raises Refused when the e-mail address is taken or a role does not
    fit its place, or when the address is a guest's: that they get an account is decided on their own page.
    """
    check_may_manage(person)
    try:
        with writing() as session:
            check_grants(session, grants)
            if session.scalar(select(Person.id).where(Person.email == email, Person.guest)):
                raise refused(GUEST_HERE, "email")
            row = Person(email=email, name=name, created_at=now())
            row.roles = [PersonRole(role=g.role, area_id=g.area_id, agency_id=g.agency_id) for g in grants]
            session.add(row)
            session.flush()
            link = _send_invitation(session, person, row, address)
            named = ["name", "email", "roles"]
            record(session, _number(person), "accounts.person_invited", "person", row.id, fields=named)
            return row.id, link
    except IntegrityError:
        raise refused(
            "Somebody with this e-mail address is here already: find them in the list of people", "email"
        ) from None


def invite_again(person: CurrentPerson | None, person_id: int, address: Address) -> str:
    """Send a new invitation; the old link stops working. Gives back the link.

    Raises NotFound, or Refused when the person has a password already or is deactivated.
    """
    check_may_manage(person)
    with writing() as session:
        row = session.scalar(select(Person).where(Person.id == person_id).with_for_update())
        if row is None:
            raise NotFound
        if not row.active:
            raise refused(f"{row.name} is deactivated. Reactivate them first")
        if row.guest:
            raise refused(f"{row.name} is a guest: give them an account first")
        if row.password_hash is not None:
            raise refused(
                f"{row.name} has chosen a password already. If they have forgotten it, the sign-in page helps"
            )
        use_up_links(session, row.id)
        link = _send_invitation(session, person, row, address)
        record(session, _number(person), "accounts.person_invited_again", "person", row.id)
        return link


def ask_reset(email: str, address: Address) -> None:
    """Send a reset link to the address, if somebody active signs in with it.

    Nothing tells whether somebody does: both ways there is one unit of work with one entry, and the mail
    leaves after the answer. No second link within five minutes.
    """
    with writing() as session:
        # Locked, so that of two who ask at once the second sees the first one's link.
        row = session.scalar(
            select(Person)
            .where(Person.email == email.strip().lower(), Person.active, ~Person.guest)
            .with_for_update()
        )
        if row is not None and not _asked_lately(session, row.id):
            link, until = _new_link(session, row.id, "reset", RESET_LASTS, address)
            letter = letters.reset(row.name, link, until)
            queue(session, row.email, letter.subject, letter.body)
        record(session, None, "accounts.reset_asked", "person", row.id if row else None)


def _asked_lately(session: Session, person_id: int) -> bool:
    lately = OneTimeLink.expires_at > now() + RESET_LASTS - RESET_AGAIN_AFTER
    asked = exists().where(OneTimeLink.person_id == person_id, OneTimeLink.purpose == "reset", lately)
    return bool(session.scalar(select(asked)))


def _send_invitation(session: Session, person: CurrentPerson | None, row: Person, address: Address) -> str:
    link, until = _new_link(session, row.id, "invitation", INVITATION_LASTS, address)
    letter = letters.invitation(row.name, person.name if person else None, link, until)
    queue(session, row.email, letter.subject, letter.body)
    return link


def _new_link(
    session: Session, person_id: int, purpose: str, lasts: timedelta, address: Address
) -> tuple[str, datetime]:
    token, until = new_token(), now() + lasts
    session.add(
        OneTimeLink(token_hash=token_hash(token), person_id=person_id, purpose=purpose, expires_at=until)
    )
    return address(token), until


def _number(person: CurrentPerson | None) -> int | None:
    return person.id if person else None
