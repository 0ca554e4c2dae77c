"""`python app.py`: migrate, load the demonstration into an empty database, say how to sign in, serve."""

import errno
import os
import socket
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask, current_app
from flask_migrate import upgrade
from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from qa.accounts.access import is_demonstration
from qa.accounts.models import Person
from qa.config import BadSetting
from qa.db import db
from qa.demo.loading import is_empty, load_demonstration
from qa.demo.sign_ins import sign_in_lines
from qa.findings.library import ensure_shipped_themes
from qa.jobs.worker import begin_soon

LOOPBACK = {"127.0.0.1", "localhost", "::1"}
WAITING = 1024  # connections that may wait while the workers start or are busy
INTERRUPTED = 130  # what a shell expects of a program that Ctrl-C has ended


@dataclass(frozen=True, slots=True)
class Options:
    """How to serve. demo: whether an empty database gets the demonstration partnership."""

    host: str
    port: int
    workers: int
    demo: bool

    @property
    def address(self) -> str:
        """What to type into a browser."""
        return f"http://{f'[{self.host}]' if ':' in self.host else self.host}:{self.port}"


def options_from(env: Mapping[str, str]) -> Options:
    """Read HOST, PORT, WORKERS and DEMO. Raises BadSetting with what the variable should hold."""
    demo = env.get("DEMO", "").lower() or "yes"
    if demo not in {"yes", "no"}:
        raise BadSetting(f"DEMO must be yes or no, not {demo!r}")
    return Options(
        host=env.get("HOST") or "127.0.0.1",
        port=_number(env, "PORT", 5000, 65_535),
        workers=_number(env, "WORKERS", 2, 64),
        demo=demo == "yes",
    )


def _number(env: Mapping[str, str], name: str, default: int, most: int) -> int:
    given = env.get(name) or str(default)
    if not (given.isascii() and given.isdigit() and 1 <= int(given) <= most):
        raise BadSetting(f"{name} must be a number from 1 to {most}, not {given!r}")
    return int(given)


def serve(app: Flask) -> None:
    """Prepare and serve until stopped; ends the program with a sentence where it cannot."""
    try:
        options = options_from(os.environ)
        # The port is taken first: if it cannot be had, nothing else should have been done.
        listener = _listen(options)
        with app.app_context():
            lines = _prepare(options)
            # A connection must not be shared by the workers, which are forks of this process.
            db.session.remove()
            db.engine.dispose()
    except BadSetting as problem:
        stop(str(problem))
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    Server(app, options, listener, lines).run()


def stop(sentence: str) -> NoReturn:
    """End the program with a sentence that says why it does not serve.

    The exit code is the one by which a worker tells gunicorn not to try again and again.
    """
    sys.stderr.write(f"Audit Together cannot start. {sentence}\n")
    sys.exit(Arbiter.WORKER_BOOT_ERROR)


def _listen(options: Options) -> socket.socket:
    """A socket on the address asked for. Raises BadSetting when it cannot be had."""
    listener = socket.socket(socket.AF_INET6 if ":" in options.host else socket.AF_INET)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((options.host, options.port))
        listener.listen(WAITING)
    except OSError as problem:
        listener.close()
        raise BadSetting(_why_not(options, problem)) from problem
    return listener


def _why_not(options: Options, problem: OSError) -> str:
    if problem.errno == errno.EADDRINUSE:
        other = options.port + 1 if options.port < 65_535 else options.port - 1
        return (
            f"Another program is using port {options.port} on {options.host}. "
            f"Stop it, or choose another port, for example PORT={other}."
        )
    if problem.errno == errno.EACCES:
        return f"This account may not use port {options.port}. Set PORT to 1024 or more."
    return f"HOST must be an address of this machine, and {options.host!r} is not: {problem.strerror}."


def _prepare(options: Options) -> list[str]:
    """Bring the database up to date; gives back the lines to print when it serves."""
    try:
        migrate()
        ensure_shipped_themes()
        if options.demo and options.host in LOOPBACK and is_empty(db.session()):
            _say("Loading the demonstration partnership. This takes a few seconds, the first time only.")
            load_demonstration()
        demonstration = is_demonstration()
    except OperationalError as problem:
        raise BadSetting(_unusable(problem)) from problem
    if demonstration and options.host not in LOOPBACK:
        raise BadSetting(
            f"The database is a demonstration, which is served on 127.0.0.1 only, not on {options.host}. "
            "Leave HOST out, or name another database in DATABASE_URL."
        )
    return _lines(options, demonstration=demonstration)


def _unusable(problem: OperationalError) -> str:
    reason = str(problem.orig).strip().splitlines()[0]
    where = db.engine.url.render_as_string(hide_password=True)
    return f"The database {where} cannot be used: {reason}. Check DATABASE_URL."


def migrate() -> None:
    """Bring the database to the newest migration; costs almost nothing when it is there already.

    Raises BadSetting when the database was made by a newer version of the product.
    """
    script = ScriptDirectory(current_app.extensions["migrate"].directory)
    with db.engine.connect() as connection:
        present = MigrationContext.configure(connection).get_current_heads()
    if set(present) == set(script.get_heads()):
        return
    unknown = set(present) - {revision.revision for revision in script.walk_revisions()}
    if unknown:
        raise BadSetting(
            f"The database was made by a newer version of Audit Together (its migration {min(unknown)} is "
            "not known to this one). Install that version, or restore a backup made with this one."
        )
    _say("Bringing the database up to date.")
    upgrade()


def _lines(options: Options, *, demonstration: bool) -> list[str]:
    lines = [f"Audit Together: {options.address}", ""]
    if demonstration:
        lines += ["This is a demonstration: its people, children and grades are invented.", *sign_in_lines()]
    elif db.session.scalar(select(Person.id).where(Person.password_hash.is_not(None)).limit(1)) is None:
        flask = Path(sys.executable).with_name("flask")
        shown = flask.relative_to(Path.cwd()) if flask.is_relative_to(Path.cwd()) else flask
        lines += [
            "Nobody can sign in yet. Invite the first administrator, in another terminal:",
            f"{shown} --app app people invite name@example.org --administrator",
        ]
    return [*lines, "", "Press Ctrl-C to stop."]


def _say(*lines: str) -> None:
    sys.stdout.write("".join(f"  {line}".rstrip() + "\n" for line in lines))
    sys.stdout.flush()


class Server(BaseApplication):  # type: ignore[misc]
    """Gunicorn, started from Python with options instead of a command line."""

    def __init__(
        self, application: Flask, options: Options, listener: socket.socket, lines: list[str]
    ) -> None:
        self.application = application
        self.settings: dict[str, Any] = {
            "bind": f"fd://{listener.detach()}",
            "workers": options.workers,
            "threads": 4,
            "preload_app": True,
            "loglevel": "warning",
            "graceful_timeout": 5,
            "control_socket_disable": True,
            "post_worker_init": lambda _worker: begin_soon(application),
            "when_ready": lambda _arbiter: _say("", *lines, ""),
            "on_exit": lambda _arbiter: _say(""),  # the shell's prompt begins on a line of its own
        }
        super().__init__()

    def load_config(self) -> None:
        """Take the options given."""
        for name, value in self.settings.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """The application, already made."""
        return self.application
