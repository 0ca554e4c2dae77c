"""Ways a message leaves: by SMTP with TLS, or as a file in a folder where no server is set up."""

import os
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from pathlib import Path
from typing import Protocol
from urllib.parse import SplitResult, unquote, urlsplit

SECONDS = 15
LOOPBACK = {"localhost", "127.0.0.1", "::1"}


class Unreachable(Exception):
    """The mail server cannot be reached or used at all; no message was tried."""


class Transport(Protocol):
    """What carries messages, one at a time. send raises OSError or SMTPException when one is not taken."""

    def send(self, message: EmailMessage, name: str) -> None:
        """Carry one message. name: tells it apart, for transports that keep files."""


class Folder:
    """Keeps each message as a file that mail programs open; readable by this account alone."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def send(self, message: EmailMessage, name: str) -> None:
        """Write the message; a file of that name is replaced, because it is the same message."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        unfinished = self.folder / f"{name}.unfinished"
        handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as opened:
            opened.write(message.as_bytes())
        unfinished.replace(self.folder / f"{name}.eml")


class Server:
    """A connection to a mail server."""

    def __init__(self, connection: smtplib.SMTP) -> None:
        self.connection = connection

    def send(self, message: EmailMessage, name: str) -> None:
        """Hand the message over."""
        self.connection.send_message(message)


@contextmanager
def connected(smtp_url: str) -> Iterator[Server]:
    """A connection to the server of smtp://user:password@host:587 or smtps://…; closed at the end.

    smtp:// goes over to TLS when the server offers it, and must when there is a password, except on this
    machine itself. Certificates are checked. Raises Unreachable.
    """
    try:
        connection = _connection(smtp_url)
    except (OSError, smtplib.SMTPException) as error:
        raise Unreachable(type(error).__name__) from error
    try:
        yield Server(connection)
    finally:
        _close(connection)


def _connection(smtp_url: str) -> smtplib.SMTP:
    parts = urlsplit(smtp_url)
    host, context = parts.hostname or "localhost", ssl.create_default_context()
    connection: smtplib.SMTP
    if parts.scheme == "smtps":
        connection = smtplib.SMTP_SSL(host, parts.port or 465, timeout=SECONDS, context=context)
    else:
        connection = smtplib.SMTP(host, parts.port or 587, timeout=SECONDS)
    try:
        _make_ready(connection, parts, context)
    except BaseException:
        connection.close()
        raise
    return connection


def _make_ready(connection: smtplib.SMTP, parts: SplitResult, context: ssl.SSLContext) -> None:
    connection.ehlo()
    if parts.scheme == "smtp" and connection.has_extn("starttls"):
        connection.starttls(context=context)
        connection.ehlo()
    elif parts.scheme == "smtp" and parts.username and parts.hostname not in LOOPBACK:
        raise smtplib.SMTPNotSupportedError("a password is sent over TLS only")
    if parts.username:
        connection.login(unquote(parts.username), unquote(parts.password or ""))


def _close(connection: smtplib.SMTP) -> None:
    try:
        connection.quit()
    except (OSError, smtplib.SMTPException):
        connection.close()
