"""`python app.py` as somebody starts it: a process of its own, a port, a terminal to read."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from http.cookiejar import CookieJar
from pathlib import Path
from typing import IO
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, build_opener

import pytest
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import select

from qa.accounts.models import Area, Installation
from qa.db import db, writing
from qa.factory import create_app
from qa.findings.models import Theme
from tests.support.application import KEY
from tests.support.application import test_settings as settings_for

ROOT = Path(__file__).parents[2]
READY = "Press Ctrl-C to stop."
EVERYWHERE = "0.0.0.0"  # noqa: S104 that is what is refused
PATIENCE = 90  # seconds after which a process that says nothing is ended, and the test fails
NewDatabase = Callable[[], AbstractContextManager[str]]


@pytest.fixture
def address(new_database: NewDatabase) -> Iterator[str]:
    """The address of an empty database, without any table."""
    with new_database() as url:
        yield url


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def environment(database: str, port: int, **more: str) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR", "LANG") if name in os.environ}
    given = {"DATABASE_URL": database, "SECRET_KEY": KEY, "TRAIL_KEY": KEY, "PORT": str(port)}
    return {**kept, **given, **more}


class Running:
    """A server that says it is ready. text: what it has printed so far."""

    def __init__(self, process: subprocess.Popen[str], port: int, text: str) -> None:
        self.process, self.port, self.text = process, port, text
        self.opener: OpenerDirector = build_opener(HTTPCookieProcessor(CookieJar()))

    def get(self, path: str, **form: str) -> str:
        """The page at a path; with a form's values, what posting it leads to."""
        data = urlencode(form).encode() if form else None
        with self.opener.open(f"http://127.0.0.1:{self.port}{path}", data, timeout=PATIENCE) as answer:
            page: bytes = answer.read()
        return page.decode("utf-8")

    def interrupt(self) -> tuple[int, str]:
        """Press Ctrl-C, as a terminal does it for the whole group; gives back exit code and last words."""
        os.killpg(self.process.pid, signal.SIGINT)
        rest, _ = self.process.communicate(timeout=PATIENCE)
        return self.process.returncode, rest


def read_until_ready(output: IO[str]) -> str:
    lines = []
    for line in output:
        lines.append(line)
        if READY in line:
            break
    return "".join(lines)


@contextmanager
def started(database: str, **more: str) -> Iterator[Running]:
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "app.py"],
        cwd=ROOT,
        env=environment(database, port, **more),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    output = process.stdout
    assert output is not None
    timer = threading.Timer(PATIENCE, process.kill)
    timer.start()
    try:
        text = read_until_ready(output)
        assert READY in text, text
        yield Running(process, port, text)
    finally:
        timer.cancel()
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        output.close()
        process.wait(PATIENCE)


def refused(database: str, **more: str) -> str:
    """What the program says when it does not serve: one sentence or two, and nothing of its inside."""
    done = subprocess.run(
        [sys.executable, "app.py"],
        cwd=ROOT,
        env={**environment(database, free_port()), **more},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode not in {0, 1}  # 1 is what a stack trace ends with
    assert "Traceback" not in done.stderr
    assert len(done.stderr.splitlines()) == 1
    return done.stderr


@contextmanager
def inside(database: str, folder: Path) -> Iterator[Flask]:
    app = create_app(settings_for(database, folder))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def test_the_demonstration_is_served_and_kept(address: str) -> None:
    with started(address) as server:
        assert "Loading the demonstration" in server.text
        assert f"http://127.0.0.1:{server.port}" in server.text
        email = re.search(r"^ *Adaeze Holloway .*? (\S+@example\.org)", server.text, re.MULTILINE)
        password = re.search(r"same for all: (\S+)", server.text)
        assert email
        assert password
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', server.get("/sign-in"))
        assert token
        page = server.get("/sign-in", email=email[1], password=password[1], csrf_token=token[1])
        assert "Adaeze Holloway" in page
        cookies = server.opener
        code, last_words = server.interrupt()
        assert code == 0
        assert "Traceback" not in last_words
        assert "rror" not in last_words
    with started(address) as again:
        assert "Loading the demonstration" not in again.text
        assert "Bringing the database up to date" not in again.text
        assert email[1] in again.text
        again.opener = cookies
        assert "Adaeze Holloway" in again.get("/")
        again.process.send_signal(signal.SIGTERM)
        assert again.process.wait(PATIENCE) == 0


def test_a_real_installation_stays_empty_and_says_how_to_begin(address: str, tmp_path: Path) -> None:
    with started(address, DEMO="no") as server:
        assert "people invite name@example.org --administrator" in server.text
        assert "Sign in" in server.get("/sign-in")
    with inside(address, tmp_path):
        assert db.session.scalars(select(Area.name)).all() == []
        assert len(db.session.scalars(select(Theme.key)).all()) == 23
        assert not db.session.scalar(select(Installation.demonstration))


def test_the_demonstration_is_not_loaded_for_other_machines(address: str, tmp_path: Path) -> None:
    with started(address, HOST=EVERYWHERE) as server:
        assert "people invite" in server.text
    with inside(address, tmp_path):
        assert db.session.scalars(select(Area.name)).all() == []


def test_a_demonstration_is_not_served_to_other_machines(address: str, tmp_path: Path) -> None:
    with inside(address, tmp_path):
        upgrade()
        with writing() as session:
            session.add(Installation(id=1, demonstration=True))
    said = refused(address, HOST=EVERYWHERE)
    assert "served on 127.0.0.1 only, not on 0.0.0.0" in said


@pytest.mark.sqlite
def test_a_port_in_use_is_said_before_anything_is_done(tmp_path: Path) -> None:
    file = tmp_path / "never.sqlite"
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        said = refused(f"sqlite:///{file}", PORT=str(port))
    assert f"Another program is using port {port} on 127.0.0.1" in said
    assert "PORT=" in said
    assert not file.exists()


def test_a_database_of_a_newer_version_is_left_alone(address: str, tmp_path: Path) -> None:
    with inside(address, tmp_path):
        upgrade()
        with writing() as session:
            session.execute(db.text("UPDATE alembic_version SET version_num = '9999'"))
    assert "made by a newer version of Audit Together" in refused(address)


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("PORT", "abc", "PORT must be a number from 1 to 65535, not 'abc'"),
        ("PORT", "70000", "PORT must be a number from 1 to 65535, not '70000'"),
        ("WORKERS", "0", "WORKERS must be a number from 1 to 64, not '0'"),
        ("DEMO", "perhaps", "DEMO must be yes or no, not 'perhaps'"),
        ("HOST", "203.0.113.9", "HOST must be an address of this machine"),
        (
            "DATABASE_URL",
            "mysql://localhost/audit",
            "DATABASE_URL must start with postgresql:// or sqlite:///",
        ),
        ("DATABASE_URL", "sqlite:////proc/audit.sqlite", "Check DATABASE_URL"),
        ("SECRET_KEY", "short", "SECRET_KEY must be at least 32 characters"),
    ],
)
def test_a_bad_setting_is_a_sentence(tmp_path: Path, name: str, value: str, sentence: str) -> None:
    assert sentence in refused(f"sqlite:///{tmp_path / 'a.sqlite'}", **{name: value})


@pytest.mark.sqlite
def test_gunicorn_does_not_try_a_bad_setting_for_ever(tmp_path: Path) -> None:
    done = subprocess.run(
        [
            Path(sys.executable).with_name("gunicorn"),
            "app:app",
            "--no-control-socket",
            "--bind",
            f"127.0.0.1:{free_port()}",
        ],
        cwd=ROOT,
        env={**environment(f"sqlite:///{tmp_path / 'a.sqlite'}", 5000), "TRAIL_KEY": "short"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 3
    assert "TRAIL_KEY must be at least 32 characters" in done.stderr
