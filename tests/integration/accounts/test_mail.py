"""Outgoing mail: by a server with TLS, or as files; what fails waits, and nobody is bothered."""

import logging
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from qa.db import db, now, writing
from qa.mail.models import OutgoingMail
from qa.mail.outbox import CLAIM, TRIES, Delivery, deliver_waiting, queue
from tests.integration.accounts.conftest import Outbox, text_of
from tests.integration.accounts.smtp_server import CERTIFICATE, Behaviour, serving
from tests.support.pages import Browser

Using = Callable[[str], None]


@pytest.fixture
def using(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Using:
    """Makes the application use a mail server: `using("smtp://127.0.0.1:2525")`."""

    def use(smtp_url: str) -> None:
        changed = replace(
            app.extensions["settings"], smtp_url=smtp_url, mail_from="Audits <audits@example.org>"
        )
        monkeypatch.setitem(app.extensions, "settings", changed)

    return use


@contextmanager
def mail_server(
    using: Using, behaviour: Behaviour, login: str = "", host: str = "127.0.0.1"
) -> Iterator[Behaviour]:
    with serving(behaviour) as port:
        using(f"smtp://{login}{host}:{port}")
        yield behaviour


def write(app: Flask, *to: str) -> None:
    with app.app_context(), writing() as session:
        for address in to:
            queue(session, address, "A subject", f"Dear {address},\n\n.a line that begins with a dot\n")


def deliver(app: Flask, *, everything: bool = False) -> Delivery:
    with app.app_context():
        return deliver_waiting(everything=everything)


def rows(app: Flask) -> list[OutgoingMail]:
    with app.app_context():
        return list(db.session.scalars(select(OutgoingMail).order_by(OutgoingMail.id)))


def unused_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_without_a_server_messages_become_files_for_this_account_alone(app: Flask, outbox: Outbox) -> None:
    write(app, "ada@example.org")
    assert deliver(app) == Delivery(sent=1)
    (message,) = outbox()
    assert (message["To"], message["Subject"]) == ("ada@example.org", "A subject")
    assert text_of(message).startswith("Dear ada@example.org,\n\n.a line")
    (file,) = (Path(app.extensions["settings"].instance) / "outbox").iterdir()
    assert file.stat().st_mode & 0o777 == 0o600


def test_what_is_delivered_loses_its_text_and_is_not_sent_again(app: Flask, outbox: Outbox) -> None:
    write(app, "ada@example.org")
    deliver(app)
    (row,) = rows(app)
    assert (row.body, row.tries) == ("", 1)
    assert row.sent_at is not None
    assert deliver(app) == Delivery()
    assert len(outbox()) == 1


def test_a_message_of_a_change_that_failed_is_never_sent(app: Flask, outbox: Outbox) -> None:
    with app.app_context():
        with pytest.raises(RuntimeError):
            write_and_fail()
        assert deliver_waiting() == Delivery()
    assert outbox() == []


def write_and_fail() -> None:
    with writing() as session:
        queue(session, "ada@example.org", "A subject", "A text")
        raise RuntimeError("the command failed after all")


def test_a_server_gets_the_message_with_what_keeps_robots_from_answering(app: Flask, using: Using) -> None:
    with mail_server(using, Behaviour()) as server:
        write(app, "ada@example.org", "ben@example.org")
        assert deliver(app) == Delivery(sent=2)
    first, second = server.taken
    assert (first["From"], first["To"]) == ("Audits <audits@example.org>", "ada@example.org")
    assert second["To"] == "ben@example.org"
    assert first["Auto-Submitted"] == "auto-generated"
    assert first["Message-ID"].endswith("@example.org>")
    assert first["Date"]
    assert ".a line that begins with a dot" in text_of(first)


def test_tls_is_used_when_offered_and_the_password_goes_inside_it(
    app: Flask, using: Using, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    with mail_server(using, Behaviour(tls=True, login=True), "ada:p%40ss%2Fword@", "localhost") as server:
        write(app, "ada@example.org")
        assert deliver(app) == Delivery(sent=1)
    assert server.encrypted == [True]
    assert server.logins == [("ada", "p@ss/word")]


def test_a_server_with_a_certificate_nobody_trusts_gets_nothing(
    app: Flask, using: Using, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    with mail_server(using, Behaviour(tls=True)) as server:
        write(app, "ada@example.org")
        assert deliver(app) == Delivery(failed=1, problem="SSLCertVerificationError")
    assert server.taken == []


def test_a_refused_recipient_does_not_hold_up_the_others(
    app: Flask, using: Using, caplog: pytest.LogCaptureFixture
) -> None:
    with mail_server(using, Behaviour(refused={"ada@example.org"})) as server, caplog.at_level(logging.DEBUG):
        write(app, "ada@example.org", "ben@example.org")
        assert deliver(app) == Delivery(sent=1, failed=1)
        server.refused.clear()
        assert deliver(app) == Delivery(sent=1)
    assert [message["To"] for message in server.taken] == ["ben@example.org", "ada@example.org"]
    assert "was not delivered: SMTPRecipientsRefused" in caplog.text
    assert "@example.org" not in caplog.text


@pytest.mark.parametrize("broken", ["no server", "hangs up"])
def test_a_server_that_cannot_be_used_leaves_everything_waiting(
    app: Flask, using: Using, broken: str
) -> None:
    write(app, "ada@example.org", "ben@example.org")
    if broken == "no server":
        using(f"smtp://127.0.0.1:{unused_port()}")
        assert deliver(app) == Delivery(failed=2, problem="ConnectionRefusedError")
    else:
        with mail_server(using, Behaviour(hang_up=True)):
            assert deliver(app) == Delivery(failed=2, problem="SMTPServerDisconnected")
    assert [row.sent_at for row in rows(app)] == [None, None]
    with mail_server(using, Behaviour()) as server:
        assert deliver(app) == Delivery(sent=2)
    assert len(server.taken) == 2


def test_the_next_mail_takes_along_what_waited(app: Flask, using: Using, admin: Browser) -> None:
    write(app, "ada@example.org")
    using(f"smtp://127.0.0.1:{unused_port()}")
    deliver(app)
    with mail_server(using, Behaviour()) as server:
        typed = {"name": "Ben Marsh", "email": "ben@example.org", "roles": ["administrator"]}
        page = admin.submit("/people/invite", typed)
        assert "A link to choose a password is on its way to ben@example.org." in page.text
    assert [message["To"] for message in server.taken] == ["ada@example.org", "ben@example.org"]


def test_a_server_that_is_down_is_no_concern_of_who_invites(app: Flask, using: Using, admin: Browser) -> None:
    using(f"smtp://127.0.0.1:{unused_port()}")
    typed = {"name": "Ben Marsh", "email": "ben@example.org", "roles": ["administrator"]}
    page = admin.submit("/people/invite", typed)
    assert page.heading == "Ben Marsh"
    (row,) = rows(app)
    assert row.sent_at is None
    assert "/set-password/" in row.body


def test_what_was_refused_many_times_waits_for_the_command(app: Flask, outbox: Outbox) -> None:
    write(app, "ada@example.org")
    with app.app_context(), writing() as session:
        session.execute(update(OutgoingMail).values(tries=TRIES))
    assert deliver(app) == Delivery()
    done = app.test_cli_runner().invoke(args=["mail", "send"])
    assert (done.exit_code, done.output) == (0, "1 delivered, 0 could not be.\n")
    assert len(outbox()) == 1


def test_the_command_says_what_is_wrong_with_the_server(app: Flask, using: Using) -> None:
    write(app, "ada@example.org")
    using(f"smtp://127.0.0.1:{unused_port()}")
    done = app.test_cli_runner().invoke(args=["mail", "send"])
    assert done.exit_code == 1
    assert "The mail server could not be used (ConnectionRefusedError): 1 still waiting." in done.output


def test_a_message_another_process_has_taken_up_is_left_to_it_for_a_while(app: Flask, outbox: Outbox) -> None:
    write(app, "ada@example.org")
    with app.app_context(), writing() as session:
        session.execute(update(OutgoingMail).values(claimed_at=now()))
    assert deliver(app) == Delivery()
    with app.app_context(), writing() as session:
        session.execute(update(OutgoingMail).values(claimed_at=now() - CLAIM))
    assert deliver(app) == Delivery(sent=1)
    with app.app_context():
        assert db.session.scalar(select(func.count()).where(OutgoingMail.sent_at.is_not(None))) == 1


def test_an_address_that_would_add_a_header_is_not_sent(app: Flask, outbox: Outbox) -> None:
    write(app, "ada@example.org\nBcc: everybody@example.org", "ben@example.org")
    assert deliver(app) == Delivery(sent=1, failed=1)
    assert [message["To"] for message in outbox()] == ["ben@example.org"]
