"""Run every check and every test, and end with what was run, what was not, and why.

`python -m tools.run_tests [--workers N]`, which is what `make test` does. A failure does not stop the rest.
Exit code: 0 when all passed, 1 when anything failed, 130 when interrupted. What this machine could not run is
named in the last lines; where CI is set it counts as a failure, because a machine that checks everybody's
work must not check half of it.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from tests.support import browser, postgres
from tools import needs

ROOT = Path(__file__).resolve().parent.parent
MINUTES_FOR_ONE_STEP = 18
# Settings of the person's own installation: tests must never reach its data.
SETTINGS = (
    "DATABASE_URL",
    "TEST_DATABASE",
    "TEST_DATABASE_URL",
    "TEST_REPORT_FILE",
    "PORT",
    "SECRET_KEY",
    "TRAIL_KEY",
)


@dataclass(frozen=True, slots=True)
class Step:
    """One program to run. environment: what to set for it; counts: whether it is a run of pytest."""

    name: str
    command: tuple[str, ...]
    environment: dict[str, str] = field(default_factory=dict)
    counts: bool = False


@dataclass(frozen=True, slots=True)
class Result:
    """How a step ended. detail: counts and time, for people; not_run: reason to number of tests."""

    step: Step
    passed: bool
    detail: str
    not_run: dict[str, int]


def checks() -> Iterator[Step]:
    """Give the checks of the code itself."""
    python = sys.executable
    yield Step("ruff", (python, "-m", "ruff", "check", "."))
    yield Step("mypy", (python, "-m", "mypy"))
    yield Step("import contracts", (str(Path(python).parent / "lint-imports"), "--no-logo"))


def suite(on: str, database: str, workers: str, marks: str, *folders: str, **environment: str) -> Step:
    """Return the step that runs the tests on one kind of database.

    on: the database in words. database: TEST_DATABASE. marks: pytest's -m, for what means nothing there.
    folders: the tests to run; all of them when left out.
    """
    # In the order of the files: the long browser tests come early, and no worker waits for them at the end.
    spread = ("--dist", "loadfile", "--no-loadscope-reorder")
    command = (sys.executable, "-m", "pytest", "-q", "-n", workers, *spread, "-m", marks, *folders)
    return Step(f"tests on {on}", command, {"TEST_DATABASE": database, **environment}, counts=True)


def run(step: Step) -> Result:
    """Run one step with its output on the terminal."""
    print(f"\n== {step.name}", flush=True)
    inherited = {name: value for name, value in os.environ.items() if name not in SETTINGS}
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        try:
            code = subprocess.run(
                step.command,
                cwd=ROOT,
                env={**inherited, **step.environment, "TEST_REPORT_FILE": str(report)},
                stdin=subprocess.DEVNULL,
                check=False,
                timeout=60 * MINUTES_FOR_ONE_STEP,
            ).returncode
        except subprocess.TimeoutExpired:
            return Result(
                step, passed=False, detail=f"ended after {MINUTES_FOR_ONE_STEP} minutes", not_run={}
            )
        seconds = f"{time.monotonic() - began:.0f} s"
        if not step.counts:
            return Result(step, code == 0, seconds, {})
        if not report.exists():
            return Result(step, passed=False, detail="pytest did not finish", not_run={})
        told = json.loads(report.read_text("utf-8"))
    counts = ", ".join(f"{number} {name}" for name, number in told["counts"].items() if number)
    return Result(step, code == 0, f"{counts or 'no tests'}, {seconds}", told["not_run"])


def conduct(workers: str) -> int:
    """Run everything. Returns the exit code."""
    missing: list[str] = []
    try:
        driven = needs.obtain_browser()
        print(f"Browser: {driven}")
    except browser.NoBrowser as reason:
        driven = "no browser"
        missing.append(f"browser tests: {reason}")
    results = [run(step) for step in checks()]
    results.append(run(suite(f"SQLite, with {driven}", "sqlite", workers, "not postgres")))
    with ExitStack() as stack:
        try:
            server = stack.enter_context(postgres.running_server())
        except (postgres.NoServer, OSError) as reason:
            missing.append(f"tests on PostgreSQL: {reason}")
        else:
            # What asks no database anything is run once: rules, and the code's own shape.
            folders = ("tests/integration", "tests/architecture/test_permissions.py")
            marks = "not browser and not sqlite"
            step = suite(
                server.description, "postgresql", workers, marks, *folders, TEST_DATABASE_URL=server.url
            )
            results.append(run(step))
    return tell(results, missing)


def tell(results: list[Result], missing: list[str]) -> int:
    """Print the last lines: each step with its outcome, then all that was not run. Returns the exit code."""
    print("\nWhat was run")
    for result in results:
        print(f"  {'passed' if result.passed else 'FAILED'}  {result.step.name}: {result.detail}")
    skipped = [
        f"{number} of the {result.step.name.split(',')[0]}: {reason}"
        for result in results
        for reason, number in result.not_run.items()
    ]
    not_run = missing + skipped
    print("What could not be run" if not_run else "Everything was run.")
    for line in not_run:
        print(f"  NOT RUN  {line}")
    failed = any(not result.passed for result in results)
    if not_run and os.environ.get("CI"):
        print("  CI is set, so what could not be run counts as a failure.")
        failed = True
    print("RESULT: failed" if failed else "RESULT: passed", flush=True)
    return 1 if failed else 0


def main() -> int:
    """Read the arguments and run. Returns the exit code."""
    parser = argparse.ArgumentParser(description="Run every check and every test.")
    parser.add_argument("--workers", default="2", help="test processes at once (default 2)")
    try:
        return conduct(parser.parse_args().workers)
    except KeyboardInterrupt:
        print("\nRESULT: interrupted", flush=True)
        return 130


if __name__ == "__main__":
    sys.exit(main())
