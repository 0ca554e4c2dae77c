"""Mail by GOV.UK Notify: its own client against a server that answers as the service does."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from qa.config import Notify
from qa.db import db, writing
from qa.mail.models import OutgoingMail
from qa.mail.outbox import Delivery, deliver_waiting, queue

NUMBER = "0a1b2c3d-0000-4000-8000-0123456789ab"
KEY = f"audit_together-{NUMBER}-{NUMBER}"


@dataclass
class Service:
    """What came in, and what to answer: by address, 201 where it says nothing."""

    answers: dict[str, int] = field(default_factory=dict)
    taken: list[dict[str, Any]] = field(default_factory=list)
    tokens: list[str] = field(default_factory=list)


@pytest.fixture
def service(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    """The service, which the application is set to use."""
    made = Service()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            """Take a message, or refuse it."""
            sent = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            made.taken.append({"path": self.path, **sent})
            made.tokens.append(self.headers["Authorization"])
            status = made.answers.get(sent["email_address"], 201)
            body = {"id": NUMBER} if status == 201 else {"errors": [{"error": "E", "message": "no"}]}
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps(body).encode())

        def log_message(self, *_args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    notify = Notify(KEY, NUMBER, f"http://127.0.0.1:{server.server_port}")
    monkeypatch.setitem(app.extensions, "settings", replace(app.extensions["settings"], notify=notify))
    yield made
    server.shutdown()
    thread.join()
    server.server_close()


def deliver(app: Flask, *to: str) -> Delivery:
    with app.app_context():
        with writing() as session:
            for address in to:
                queue(session, address, "A subject", f"Dear {address},\n\na text.\n")
        return deliver_waiting()


def waiting(app: Flask) -> list[str]:
    with app.app_context():
        query = select(OutgoingMail.to).where(OutgoingMail.sent_at.is_(None)).order_by(OutgoingMail.id)
        return list(db.session.scalars(query))


def test_a_message_goes_as_the_template_with_its_subject_and_text(app: Flask, service: Service) -> None:
    assert deliver(app, "ada@example.org") == Delivery(sent=1)
    (sent,) = service.taken
    assert sent["path"] == "/v2/notifications/email"
    assert (sent["email_address"], sent["template_id"]) == ("ada@example.org", NUMBER)
    assert sent["personalisation"]["subject"] == "A subject"
    assert sent["personalisation"]["body"].startswith("Dear ada@example.org,\n\na text.")
    assert service.tokens[0].startswith("Bearer ")
    assert KEY not in service.tokens[0]
    assert waiting(app) == []


def test_one_that_is_refused_waits_and_the_others_go(app: Flask, service: Service) -> None:
    service.answers["bad@example.org"] = 400
    assert deliver(app, "bad@example.org", "ada@example.org") == Delivery(sent=1, failed=1)
    assert waiting(app) == ["bad@example.org"]


@pytest.mark.parametrize("status", [403, 429, 500])
def test_when_it_takes_none_all_wait_and_it_is_not_asked_again_and_again(
    app: Flask, service: Service, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    service.answers = dict.fromkeys(("ada@example.org", "ben@example.org"), status)
    done = deliver(app, "ada@example.org", "ben@example.org")
    assert (done.sent, done.problem) == (0, f"GOV.UK Notify answered {status}")
    assert len(service.taken) == 1
    assert waiting(app) == ["ada@example.org", "ben@example.org"]
    assert "example.org" not in caplog.text
    service.answers = {}
    with app.app_context():
        assert deliver_waiting() == Delivery(sent=2)
