"""The guide for operators names every setting that is read, and no other."""

from __future__ import annotations

import ast
import os
import re
import socket
from collections.abc import Iterator
from pathlib import Path

import click
from flask import Flask
from gunicorn.config import Config

from qa.config import from_environment
from qa.serve import Options, Server, options_from

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs" / "operations.md").read_text("utf-8")
# The two places that are given the environment; everything else gets its settings from them.
READERS = {"qa/factory.py", "qa/serve.py"}


class Noting(dict[str, str]):
    """An empty environment that notes what it is asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: set[str] = set()

    def get(self, name: str, default: str | None = None) -> str | None:  # type: ignore[override]
        self.asked.add(name)
        return default


def settings_in_guide() -> set[str]:
    chapter = GUIDE.split("## Settings")[1].split("\n## ")[0]
    return set(re.findall(r"^\| `([A-Z_]+)` \|", chapter, re.MULTILINE))


def defaults_in_guide() -> dict[str, str]:
    return dict(re.findall(r"^\| `([A-Z_]+)` \| `([^`]+)` \|", GUIDE, re.MULTILINE))


def modules() -> Iterator[Path]:
    yield ROOT / "app.py"
    yield from (ROOT / "qa").rglob("*.py")


def test_every_setting_that_is_read_is_in_the_guide(tmp_path: Path) -> None:
    environment = Noting()
    from_environment(environment, tmp_path)
    options_from(environment)
    assert {"DATABASE_URL", "SECRET_KEY", "DEMO"} <= environment.asked
    assert settings_in_guide() == environment.asked


def test_nothing_else_reads_the_environment() -> None:
    found = set()
    for path in modules():
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Attribute) and ast.unparse(node) in {"os.environ", "os.getenv"}:
                found.add(path.relative_to(ROOT).as_posix())
    assert found == READERS


def test_the_defaults_in_the_guide_are_those_of_the_code(tmp_path: Path) -> None:
    told = defaults_in_guide()
    options, settings = options_from({}), from_environment({}, tmp_path)
    assert options == Options(told["HOST"], int(told["PORT"]), int(told["WORKERS"]), told["DEMO"] == "yes")
    assert settings.session_hours == int(told["SESSION_HOURS"])
    assert settings.idle_minutes == int(told["IDLE_MINUTES"])
    assert settings.upload_limit_mb == int(told["UPLOAD_LIMIT_MB"])
    assert settings.proxies == int(told["PROXIES"])
    assert settings.mail_from == told["MAIL_FROM"]


def test_the_commands_in_the_guide_exist(app: Flask) -> None:
    named = set(re.findall(r"flask --app app ((?:[a-z]+)(?: [a-z]+)?)", GUIDE))
    assert len(named) > 5
    context = click.Context(app.cli)
    known = set()
    for name in app.cli.list_commands(context):
        command = app.cli.get_command(context, name)
        assert command
        known.add(name)
        known |= {f"{name} {part}" for part in getattr(command, "commands", ())}
    # Written, and not yet part of the application when this was.
    known |= {"backup", "restore"}
    assert {name for name in named if name not in known} == set()


def test_workers_are_of_the_kind_that_finishes_a_long_request(app: Flask) -> None:
    # Gunicorn's timeout ends a worker of any other kind in the middle of a request.
    lines = re.findall(r"^(?:ExecStart=\S*/)?gunicorn (app:app .*)$", GUIDE, re.MULTILINE)
    assert len(lines) == 2
    kinds = []
    for line in lines:
        config = Config()
        config.set("threads", config.parser().parse_args(line.split()).threads)
        kinds.append(config.worker_class_str)
    listener = socket.socket()
    handle = listener.fileno()
    kinds.append(Server(app, options_from({}), listener, []).cfg.worker_class_str)
    os.close(handle)
    assert kinds == ["gthread"] * 3
