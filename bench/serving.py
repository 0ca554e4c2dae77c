"""Gunicorn as it is run for real, asked by clients that keep their connections."""

import http.client
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.parse
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, Protocol

import psutil

ROOT = Path(__file__).resolve().parent.parent
WARMING = 6  # requests that are not counted


@dataclass(frozen=True, slots=True)
class Ask:
    """A request: method, path, and the form to send (None for a GET)."""

    path: str
    form: Mapping[str, str] | None = None
    cookie: str = ""


class Asker(Protocol):
    """Makes one worker's requests, and hears the answers."""

    def __call__(self, number: int) -> Ask:
        """The request with that number."""

    def answered(self, body: bytes) -> None:
        """The answer to the last one."""


NewAsker = Callable[[int], Asker]


class Plain:
    """Requests made from their number alone."""

    def __init__(self, make: Callable[[int], Ask]) -> None:
        self.make = make

    def __call__(self, number: int) -> Ask:
        return self.make(number)

    def answered(self, body: bytes) -> None:
        """Nothing to learn from the answer."""


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds of one request: median and 95th percentile; requests a second with eight clients."""

    median: float
    p95: float
    rate: float


class Client:
    """One connection, kept open."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)

    def send(self, ask: Ask) -> tuple[float, bytes]:
        """Send a request and read the whole answer; gives back the seconds and it.

        Raises RuntimeError for an error page.
        """
        headers = {"Cookie": ask.cookie} if ask.cookie else {}
        body = None
        if ask.form is not None:
            body = urllib.parse.urlencode(ask.form)
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        start = time.perf_counter()
        try:
            self.connection.request("POST" if body is not None else "GET", ask.path, body, headers)
            answer = self.connection.getresponse()
        except (http.client.RemoteDisconnected, ConnectionError, BrokenPipeError):
            # Gunicorn may close a kept connection between two requests.
            self.connection.close()
            self.connection.request("POST" if body is not None else "GET", ask.path, body, headers)
            answer = self.connection.getresponse()
        text = answer.read()
        seconds = time.perf_counter() - start
        if answer.status >= 400:
            raise RuntimeError(f"{ask.path} answered {answer.status}: {text[:300]!r}")
        return seconds, text


@contextmanager
def gunicorn(target: str, environment: Mapping[str, str]) -> Iterator[tuple[int, psutil.Process]]:
    """Serve a WSGI target with two workers; gives the port and the master process."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        target,
        "--workers=2",
        "--threads=4",
        f"--bind=127.0.0.1:{port}",
    ]
    command += ["--log-level=warning", "--keep-alive=30"]
    process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **environment})
    try:
        _wait(port)
        yield port, psutil.Process(process.pid)
    finally:
        process.terminate()
        process.wait(30)


def _wait(port: int) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    raise RuntimeError("gunicorn did not answer within a minute")


class Side(NamedTuple):
    """Requests to one server."""

    port: int
    new_asker: NewAsker


def side_by_side(sides: Sequence[Side], times: int) -> list[Timing]:
    """Time one client's requests of each side in turn, so that whatever else the machine does meets them all.

    The rates are left at 0: see `rate`.
    """
    asking = [(Client(side.port), side.new_asker(0)) for side in sides]
    taken: list[list[float]] = [[] for _ in sides]
    for number in range(times + WARMING):
        for place, (client, asker) in enumerate(asking):
            seconds, body = client.send(asker(number))
            asker.answered(body)
            if number >= WARMING:
                taken[place].append(seconds)
    return [_timing(sorted(each)) for each in taken]


def _timing(taken: Sequence[float]) -> Timing:
    return Timing(taken[len(taken) // 2], taken[int(len(taken) * 0.95) - 1], 0)


def rate(side: Side, seconds: float) -> float:
    """Requests a second that eight clients get in that many seconds."""
    port, new_asker = side
    askers = [new_asker(worker + 1) for worker in range(8)]
    start = time.perf_counter()
    end = start + seconds

    def work(worker: int) -> int:
        client, asker, done = Client(port), askers[worker], 0
        while time.perf_counter() < end:
            _taken, body = client.send(asker(worker * 100_003 + done))
            asker.answered(body)
            done += 1
        return done

    with ThreadPoolExecutor(8) as pool:
        done = sum(pool.map(work, range(8)))
    return done / (time.perf_counter() - start)


def worker_memory(master: psutil.Process) -> float:
    """The largest worker's own memory in MiB (unique set size)."""
    return max((child.memory_full_info().uss for child in master.children()), default=0) / 1024 / 1024


def cold_starts(*starts: tuple[str, Mapping[str, str]], times: int = 11) -> list[float]:
    """Median seconds of a fresh Python that runs each code in its environment, in turn."""
    taken: list[list[float]] = [[] for _ in starts]
    for number in range(times + 1):
        for place, (code, environment) in enumerate(starts):
            start = time.perf_counter()
            command = [sys.executable, "-c", code]
            subprocess.run(command, cwd=ROOT, env=_with_bytecode(environment), check=True)
            if number:  # the first one compiles the modules
                taken[place].append(time.perf_counter() - start)
    return [sorted(each)[len(each) // 2] for each in taken]


def _with_bytecode(environment: Mapping[str, str]) -> dict[str, str]:
    # An installation keeps compiled modules; a machine that forbids it would measure the compiler.
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "PYTHONPYCACHEPREFIX": str(Path(tempfile.gettempdir()) / "bench-bytecode"), **environment}
