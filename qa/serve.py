"""`python app.py`: migrate, load the demonstration into an empty database, say how to sign in, serve."""

import os
import sys
from typing import Any

from flask import Flask
from flask_migrate import upgrade
from gunicorn.app.base import BaseApplication

from qa.accounts.access import is_demonstration
from qa.db import db

LOOPBACK = {"127.0.0.1", "localhost", "::1"}


def serve(app: Flask) -> None:
    """Prepare and serve until stopped. HOST and PORT come from the environment (127.0.0.1:5000)."""
    host, port = os.environ.get("HOST", "127.0.0.1"), os.environ.get("PORT", "5000")
    if not port.isdigit() or not 0 < int(port) < 65536:
        sys.exit(f"PORT must be a number from 1 to 65535, not {port!r}")
    with app.app_context():
        prepare()
        demonstration = is_demonstration()
        db.session.remove()
        db.engine.dispose()
    if demonstration and host not in LOOPBACK:
        sys.exit(f"This is a demonstration database: it is served on 127.0.0.1 only, not on {host}.")
    _announce(host, port, demonstration=demonstration)
    workers = int(os.environ.get("WORKERS", "2"))
    Server(app, {"bind": f"{host}:{port}", "workers": workers, "threads": 4, "preload_app": True}).run()


def prepare() -> None:
    """Bring the database to the newest migration."""
    upgrade()


def _announce(host: str, port: str, *, demonstration: bool) -> None:
    lines = ["", f"  Audit Together: http://{host}:{port}", ""]
    if demonstration:
        lines += ["  Demonstration, with invented people. Sign in with any of these, password:", ""]
    print("\n".join(lines), flush=True)  # noqa: T201


class Server(BaseApplication):  # type: ignore[misc]
    """Gunicorn, started from Python with options instead of a command line."""

    def __init__(self, application: Flask, options: dict[str, Any]) -> None:
        self.application, self.options = application, options
        super().__init__()

    def load_config(self) -> None:
        """Take the options given."""
        for name, value in self.options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """The application, already made."""
        return self.application
