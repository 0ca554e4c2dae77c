"""pytest's plugin for the whole suite: databases, the browser, and a report that names everything not run."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.support import browser, postgres

DatabaseKind = Literal["sqlite", "postgresql"]
NewDatabase = Callable[[], AbstractContextManager[str]]

BROWSER_TESTS = Path(__file__).resolve().parent.parent / "browser"


def chosen_database() -> DatabaseKind:
    """Return the kind of database that TEST_DATABASE asks for: SQLite unless it says `postgresql`.

    Raises pytest.UsageError for any other value, because a slip would test the wrong one.
    """
    chosen = os.environ.get("TEST_DATABASE", "sqlite")
    if chosen == "sqlite":
        return "sqlite"
    if chosen == "postgresql":
        return "postgresql"
    raise pytest.UsageError(f"TEST_DATABASE must be sqlite or postgresql, not {chosen!r}")


@pytest.fixture(scope="session")
def database_kind() -> DatabaseKind:
    """`sqlite` or `postgresql`: what this run is on."""
    return chosen_database()


@pytest.fixture(scope="session")
def new_database(
    database_kind: DatabaseKind, tmp_path_factory: pytest.TempPathFactory, worker_id: str
) -> Iterator[NewDatabase]:
    """What gives an empty database for the length of a block: `with new_database() as url:`."""
    with ExitStack() as stack:
        if database_kind == "sqlite":
            yield lambda: _sqlite_file(tmp_path_factory.mktemp("database"))
        else:
            try:
                server = stack.enter_context(postgres.running_server())
            except postgres.NoServer as reason:
                pytest.fail(f"TEST_DATABASE=postgresql, but {reason}", pytrace=False)
            yield lambda: postgres.scratch_database(server, worker_id)


@pytest.fixture(scope="session")
def database_url(new_database: NewDatabase) -> Iterator[str]:
    """The address of an empty database that lasts as long as this worker's run."""
    with new_database() as url:
        yield url


@pytest.fixture(scope="session")
def browser_launch() -> browser.LaunchOptions:
    """Arguments for `playwright.chromium.launch(**browser_launch)`; skips where there is no browser."""
    try:
        return browser.launch_options()
    except browser.NoBrowser as reason:
        pytest.skip(f"no browser: {reason}")


@pytest.fixture(scope="session")
def chromium(browser_launch: browser.LaunchOptions) -> Iterator[Browser]:
    """One Chromium for the worker's whole run: Playwright cannot be started twice at once in a process."""
    # As long as for clicks: two workers share a small machine with their browsers.
    expect.set_options(timeout=15_000)
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(**browser_launch)
        yield launched
        launched.close()


@contextmanager
def _sqlite_file(folder: Path) -> Iterator[str]:
    yield f"sqlite:///{folder / 'test.sqlite'}"


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what is in tests/browser, and skip what is meant for the other kind of database."""
    other = "postgres" if chosen_database() == "sqlite" else "sqlite"
    name = "PostgreSQL (TEST_DATABASE=postgresql)" if other == "postgres" else "SQLite"
    for item in items:
        if item.path.is_relative_to(BROWSER_TESTS):
            item.add_marker("browser")
        if item.get_closest_marker(other):
            item.add_marker(pytest.mark.skip(reason=f"means something only on {name}"))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """List every test that was not run, by reason; TEST_REPORT_FILE gets the same as JSON."""
    reasons: dict[str, list[str]] = {}
    for report in terminalreporter.stats.get("skipped", []):
        place = report.longrepr
        said = place[2] if isinstance(place, (tuple, list)) else str(place)
        reasons.setdefault(said.removeprefix("Skipped: "), []).append(report.nodeid)
    counts = {
        name: len(terminalreporter.stats.get(name, [])) for name in ("passed", "failed", "error", "skipped")
    }
    if reasons:
        terminalreporter.section("not run, and why")
        for reason, tests in sorted(reasons.items()):
            terminalreporter.line(f"{len(tests)} not run: {reason}")
            for test in sorted(tests):
                terminalreporter.line(f"    {test}")
    file = os.environ.get("TEST_REPORT_FILE")
    if file:
        not_run = {reason: len(tests) for reason, tests in sorted(reasons.items())}
        Path(file).write_text(json.dumps({"counts": counts, "not_run": not_run}), "utf-8")
