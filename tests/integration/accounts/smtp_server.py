"""A small mail server on this machine: takes, refuses or drops what the test says."""

from __future__ import annotations

import base64
import email
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

CERTIFICATE = Path(__file__).parent / "localhost.pem"


@dataclass
class Behaviour:
    """What the server does. refused: recipients it does not take. taken: the messages it took.

    encrypted: whether each message came over TLS. logins: name and password given.
    """

    tls: bool = False
    login: bool = False
    refused: set[str] = field(default_factory=set)
    hang_up: bool = False
    taken: list[EmailMessage] = field(default_factory=list)
    encrypted: list[bool] = field(default_factory=list)
    logins: list[tuple[str, str]] = field(default_factory=list)


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, behaviour: Behaviour) -> None:
        self.behaviour = behaviour
        super().__init__(("127.0.0.1", 0), _Conversation)


class _Conversation(socketserver.StreamRequestHandler):
    server: _Server

    def handle(self) -> None:
        self.secure = False
        self.say("220 localhost ready")
        while line := self.rfile.readline().decode().strip():
            word = line.split()[0].upper().split(":")[0]
            if word == "QUIT":
                self.say("221 bye")
                return
            if self.server.behaviour.hang_up and word == "MAIL":
                return
            getattr(self, f"do_{word.lower()}", self.do_other)(line)

    def finish(self) -> None:
        super().finish()
        self.request.close()  # the encrypted one, which the server does not know of

    def say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())

    def do_other(self, _line: str) -> None:
        self.say("250 ok")

    def do_ehlo(self, _line: str) -> None:
        offers = ["localhost"]
        if self.server.behaviour.tls and not self.secure:
            offers.append("STARTTLS")
        if self.server.behaviour.login:
            offers.append("AUTH PLAIN")
        for offer in offers[:-1]:
            self.say(f"250-{offer}")
        self.say(f"250 {offers[-1]}")

    def do_starttls(self, _line: str) -> None:
        self.say("220 go on")
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(CERTIFICATE)
        self.request = context.wrap_socket(self.request, server_side=True)
        self.rfile, self.wfile = self.request.makefile("rb"), self.request.makefile("wb", 0)
        self.secure = True

    def do_auth(self, line: str) -> None:
        _, name, password = base64.b64decode(line.split()[2]).decode().split("\0")
        self.server.behaviour.logins.append((name, password))
        self.say("235 welcome")

    def do_rcpt(self, line: str) -> None:
        to = line.partition("<")[2].partition(">")[0]
        self.say(f"550 no {to} here" if to in self.server.behaviour.refused else "250 ok")

    def do_data(self, _line: str) -> None:
        self.say("354 go on")
        lines = []
        while (line := self.rfile.readline()) not in {b".\r\n", b""}:
            lines.append(line[1:] if line.startswith(b".") else line)
        self.server.behaviour.taken.append(email.message_from_bytes(b"".join(lines), policy=default))
        self.server.behaviour.encrypted.append(self.secure)
        self.say("250 taken")


@contextmanager
def serving(behaviour: Behaviour) -> Iterator[int]:
    """Run the server; gives its port."""
    with _Server(behaviour) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()
            thread.join()
