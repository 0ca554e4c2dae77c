"""A PostgreSQL server for the tests: one that is given, the machine's own programs, or the package pgserver.

A server started here lives in a temporary folder, listens on a Unix socket in that folder alone, trades
safety for speed (no fsync: the data is thrown away) and is ended by its process id.
"""

from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy import URL, make_url

SECONDS_TO_START = 60
SECONDS_TO_STOP = 15
FAST_AND_UNSAFE = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "jit": "off",
    "max_connections": "100",
    "timezone": "UTC",
}


class NoServer(Exception):
    """There is no PostgreSQL to test on; the message says what was tried."""


@dataclass(frozen=True, slots=True)
class Server:
    """A running server on which databases may be created.

    url: SQLAlchemy address of a database that exists, for connecting only; description: for people.
    """

    url: str
    description: str


@dataclass(frozen=True, slots=True)
class _Programs:
    """Where a server's programs are. package: folder of the wheel that holds them, if one does."""

    folder: Path
    package: Path | None = None


@contextmanager
def running_server() -> Iterator[Server]:
    """Give the server named by TEST_DATABASE_URL or DATABASE_URL, else start one and end it afterwards.

    Raises NoServer when neither is possible.
    """
    given = given_server()
    if given:
        yield given
        return
    programs = find_programs()
    folder = Path(tempfile.mkdtemp(prefix="audit-pg-", dir="/tmp"))  # a socket's path must be short
    try:
        with _started(programs, folder) as server:
            yield server
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def given_server() -> Server | None:
    """Return the server that the environment names, or None.

    Raises NoServer when TEST_DATABASE_URL names something that is not PostgreSQL.
    """
    for name in ("TEST_DATABASE_URL", "DATABASE_URL"):
        address = os.environ.get(name, "")
        if address.startswith(("postgres://", "postgresql://", "postgresql+psycopg://")):
            url = f"postgresql+psycopg://{address.split('://', 1)[1]}"
            return Server(url, f"the server that {name} names, {_version(url)}")
        if address and name == "TEST_DATABASE_URL":
            raise NoServer(f"{name} must start with postgresql://")
    return None


def find_programs() -> _Programs:
    """Return where this machine has a server's programs, newest version first, or those of pgserver.

    Raises NoServer when there are none.
    """
    installed = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"),
        key=lambda folder: int(folder.parent.name) if folder.parent.name.isdigit() else 0,
        reverse=True,
    )
    on_path = shutil.which("postgres")
    folders = [*installed, *([Path(on_path).resolve().parent] if on_path else [])]
    for folder in folders:
        if (folder / "postgres").exists() and (folder / "initdb").exists():
            return _Programs(folder)
    package = importlib.util.find_spec("pgserver")
    if package and package.origin:
        home = Path(package.origin).parent
        return _Programs(home / "pginstall" / "bin", package=home)
    raise NoServer(
        "no DATABASE_URL, no server programs in /usr/lib/postgresql or on PATH, and the package pgserver is "
        "not installed (it has none for this Python)"
    )


@contextmanager
def scratch_database(server: Server, name: str = "") -> Iterator[str]:
    """Create an empty database on the server, give its SQLAlchemy address, and drop it afterwards.

    name: a prefix that tells whose it is, such as the test worker's.
    """
    database = f"audit_test_{name}_{uuid.uuid4().hex[:12]}".replace("__", "_")
    identifier = sql.Identifier(database)
    _execute(server.url, sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'").format(identifier))
    try:
        yield _text(make_url(server.url).set(database=database))
    finally:
        _execute(server.url, sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(identifier))


@contextmanager
def _started(programs: _Programs, folder: Path) -> Iterator[Server]:
    """Start a server in an empty folder and end it afterwards."""
    account = _unprivileged_account()
    if account:
        os.chown(folder, account["user"], account["group"])
    programs = _reachable(programs, folder, account)
    _initialise(programs, folder, account)
    log = folder / "log"
    settings = [f"--{name}={value}" for name, value in FAST_AND_UNSAFE.items()]
    with log.open("wb") as output:
        process = subprocess.Popen(
            [programs.folder / "postgres", "-D", folder / "data", "-k", folder, *settings],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=folder,
            start_new_session=True,  # an interrupt at the terminal must not end it before the tests
            **account,
        )
    try:
        url = _text(
            URL.create("postgresql+psycopg", "postgres", database="postgres", query={"host": str(folder)})
        )
        _wait_until_ready(process, url, log)
        origin = "of the package pgserver" if programs.package else f"from {programs.folder}"
        yield Server(url, f"{_version(url)} {origin}")
    finally:
        _stop(process)


def _unprivileged_account() -> dict[str, Any]:
    """Return Popen's arguments for an account that may run PostgreSQL, which refuses to run as root."""
    if os.geteuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
    raise NoServer("PostgreSQL does not run as root, and there is no account named postgres or nobody to use")


def _reachable(programs: _Programs, folder: Path, account: dict[str, Any]) -> _Programs:
    """Copy pgserver's programs when the account may not enter the folder that the environment is in."""
    if not programs.package or not account:
        return programs
    try:
        subprocess.run(
            [programs.folder / "postgres", "--version"], check=True, capture_output=True, **account
        )
    except (OSError, subprocess.CalledProcessError):
        home = programs.package
        libraries = home.parent / "pgserver.libs"
        shutil.copytree(home / "pginstall", folder / "pgserver" / "pginstall", symlinks=True)
        if libraries.is_dir():
            shutil.copytree(libraries, folder / "pgserver.libs")
        return _Programs(folder / "pgserver" / "pginstall" / "bin", package=folder / "pgserver")
    return programs


def _initialise(programs: _Programs, folder: Path, account: dict[str, Any]) -> None:
    """Create the server's data folder. Raises NoServer with what initdb said when it fails."""
    said = ""
    for locale in ("C.UTF-8", "C"):  # not every system has the first
        shutil.rmtree(folder / "data", ignore_errors=True)
        done = subprocess.run(
            [
                *(programs.folder / "initdb", "-D", folder / "data", "-U", "postgres", "--auth=trust"),
                *("--encoding=UTF8", f"--locale={locale}", "--no-sync"),
            ],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            cwd=folder,
            check=False,
            **account,
        )
        if done.returncode == 0:
            return
        said = done.stderr.strip()[-500:]
    raise NoServer(f"initdb from {programs.folder} failed: {said}")


def _wait_until_ready(process: subprocess.Popen[bytes], url: str, log: Path) -> None:
    """Return once the server answers. Raises NoServer with the end of its log when it does not."""
    end = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < end and process.poll() is None:
        try:
            _version(url)
        except psycopg.OperationalError:
            time.sleep(0.05)
        else:
            return
    raise NoServer(f"PostgreSQL did not start: {log.read_text(errors='replace').strip()[-500:]}")


def _stop(process: subprocess.Popen[bytes]) -> None:
    """End the server: at once but in order, and by force when it does not listen."""
    if process.poll() is not None:
        return
    process.send_signal(signal.SIGINT)
    try:
        process.wait(SECONDS_TO_STOP)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGQUIT)
        process.wait()


def _version(url: str) -> str:
    """Return the server's name and version, such as `PostgreSQL 16.2`."""
    with psycopg.connect(_libpq(url), connect_timeout=5) as connection:
        number = connection.info.parameter_status("server_version") or "of unknown version"
        return f"PostgreSQL {number.split()[0]}"


def _execute(url: str, statement: sql.Composed) -> None:
    """Execute one statement outside any transaction, as creating a database needs."""
    with psycopg.connect(_libpq(url), autocommit=True) as connection:
        connection.execute(statement)


def _libpq(url: str) -> str:
    """Return an SQLAlchemy address in the form that libpq reads."""
    return _text(make_url(url).set(drivername="postgresql"))


def _text(url: URL) -> str:
    """Return the address with its password readable."""
    return url.render_as_string(hide_password=False)
