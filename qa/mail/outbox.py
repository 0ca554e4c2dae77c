"""Writing mail in a unit of work, and delivering what waits after the commit.

Nothing about a message but its number reaches a log.
"""

import logging
import smtplib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid, parseaddr
from typing import NamedTuple

from flask import Flask, Response, current_app, g
from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from qa.config import Settings
from qa.db import db, now, writing
from qa.mail.models import OutgoingMail
from qa.mail.notify import NotifyService
from qa.mail.transport import Folder, Transport, Unreachable, connected

log = logging.getLogger("qa")

# A process that dies while it sends leaves its message to others after this long.
CLAIM = timedelta(minutes=10)
AT_ONCE = 50
# Messages refused this often wait for `flask --app app mail send`.
TRIES = 10


class Delivery(NamedTuple):
    """How a delivery went. problem: why the server could not be used at all, if it could not."""

    sent: int = 0
    failed: int = 0
    problem: str = ""


def queue(session: Session, to: str, subject: str, body: str) -> None:
    """Add a message in the session's unit of work. It leaves after the commit and the answer to the request;
    from the command line, call `deliver_waiting`.
    """
    session.add(OutgoingMail(to=to, subject=subject, body=body, created_at=now()))
    g.mail_waits = True


def init_app(app: Flask) -> None:
    """Deliver after each answer that left mail waiting: nobody waits for a mail server."""

    @app.after_request
    def deliver_later(response: Response) -> Response:
        if g.pop("mail_waits", False):
            response.call_on_close(lambda: _deliver_quietly(app))
        return response


def _deliver_quietly(app: Flask) -> None:
    try:
        with app.app_context():
            deliver_waiting()
    except Exception as error:  # noqa: BLE001 the answer has gone out: nobody is left to tell
        # Without the trace: what a mail server says may name the person written to.
        log.warning("waiting mail was not delivered: %s", type(error).__name__)


def deliver_waiting(*, everything: bool = False) -> Delivery:
    """Try to deliver the messages that wait, oldest first; those that fail wait on.

    everything: also those refused many times, and however many there are (`flask --app app mail send`).
    """
    ids = _waiting(everything=everything)
    if not ids:
        return Delivery()
    settings: Settings = current_app.extensions["settings"]
    sent = failed = 0
    try:
        with _transport(settings) as transport:
            for mail_id in ids:
                done = _deliver(transport, mail_id, settings.mail_from)
                sent += done is True
                failed += done is False
    except (Unreachable, smtplib.SMTPServerDisconnected) as error:
        problem = str(error) if isinstance(error, Unreachable) else type(error).__name__
        log.warning("the mail server could not be used: %s; messages wait", problem)
        return Delivery(sent, len(ids) - sent, problem)
    return Delivery(sent, failed)


def _waiting(*, everything: bool) -> Sequence[int]:
    query = select(OutgoingMail.id).where(OutgoingMail.sent_at.is_(None)).order_by(OutgoingMail.id)
    if not everything:
        query = query.where(OutgoingMail.tries < TRIES).limit(AT_ONCE)
    return db.session.scalars(query).all()


@contextmanager
def _transport(settings: Settings) -> Iterator[Transport]:
    if settings.notify is not None:
        yield NotifyService(*settings.notify)
    elif settings.smtp_url is None:
        yield Folder(settings.instance / "outbox")
    else:
        with connected(settings.smtp_url) as server:
            yield server


def _deliver(transport: Transport, mail_id: int, mail_from: str) -> bool | None:
    """Deliver one message: True when it left, False when it did not, None when another process has it."""
    row = _claim(mail_id)
    if row is None:
        return None
    try:
        transport.send(_message(row, mail_from), f"{row.created_at:%Y%m%dT%H%M%S}-{row.id}")
    except (smtplib.SMTPServerDisconnected, Unreachable):
        _settle(mail_id, sent=False)
        raise
    except Exception as error:  # noqa: BLE001 whatever is wrong with one message must not hold up the rest
        log.warning("message %d was not delivered: %s", mail_id, type(error).__name__)
        _settle(mail_id, sent=False)
        return False
    _settle(mail_id, sent=True)
    return True


def _claim(mail_id: int) -> OutgoingMail | None:
    moment = now()
    free = or_(OutgoingMail.claimed_at.is_(None), OutgoingMail.claimed_at < moment - CLAIM)
    with writing() as session:
        row = session.scalar(
            select(OutgoingMail)
            .where(OutgoingMail.id == mail_id, OutgoingMail.sent_at.is_(None), free)
            .with_for_update(skip_locked=True)
        )
        if row is not None:
            row.claimed_at = moment
            row.tries += 1
    return row


def _settle(mail_id: int, *, sent: bool) -> None:
    values = {"sent_at": now(), "body": ""} if sent else {"claimed_at": None}
    with writing() as session:
        session.execute(update(OutgoingMail).where(OutgoingMail.id == mail_id).values(**values))


def _message(row: OutgoingMail, mail_from: str) -> EmailMessage:
    message = EmailMessage()
    message["From"] = mail_from
    message["To"] = row.to
    message["Subject"] = row.subject
    message["Date"] = format_datetime(row.created_at)
    message["Message-ID"] = make_msgid(domain=parseaddr(mail_from)[1].partition("@")[2] or "localhost")
    # Keeps out-of-office replies from answering.
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(row.body)
    return message
