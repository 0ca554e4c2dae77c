"""The Chromium that browser tests drive."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TypedDict

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
MAC = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
PLAYWRIGHTS_OWN = """
from playwright.sync_api import sync_playwright
with sync_playwright() as playwright:
    print(playwright.chromium.executable_path)
"""


class NoBrowser(Exception):
    """No Chromium was found; the message says what was tried."""


class LaunchOptions(TypedDict):
    """Arguments for Playwright's `chromium.launch`."""

    executable_path: str
    headless: bool
    args: list[str]


def find_browser() -> Path:
    """Return the Chromium to drive: CHROMIUM if set, else the machine's own, else Playwright's.

    Raises NoBrowser when there is none.
    """
    named = os.environ.get("CHROMIUM")
    if named:
        if not Path(named).is_file():
            raise NoBrowser(f"CHROMIUM is {named}, and there is no such file")
        return Path(named)
    for name in NAMES:
        found = shutil.which(name)
        if found:
            return Path(found)
    for candidate in (MAC, _playwrights_own()):
        if candidate and candidate.is_file():
            return candidate
    raise NoBrowser(f"none of {', '.join(NAMES)} is on PATH and Playwright has no browser of its own")


def launch_options() -> LaunchOptions:
    """Return the arguments for `playwright.chromium.launch(**launch_options())`.

    The switches keep the browser from calling home, so that a run is the same on a machine with no network;
    the sandbox is off because it cannot be had as root or in many containers, and the pages are our own.
    Raises NoBrowser.
    """
    return {
        "executable_path": str(find_browser()),
        "headless": True,
        "args": [
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
        ],
    }


def version(browser: Path) -> str:
    """Return what the browser calls itself, such as `Chromium 150.0.7000.1`, else its path."""
    done = subprocess.run([browser, "--version"], capture_output=True, text=True, check=False, timeout=60)
    return done.stdout.split(" built on ")[0].strip() or str(browser)


def _playwrights_own() -> Path | None:
    """Return where Playwright keeps its browser, there or not.

    Asked in a process of its own, because Playwright cannot be started inside itself.
    """
    done = subprocess.run(
        [sys.executable, "-c", PLAYWRIGHTS_OWN], capture_output=True, text=True, check=False
    )
    answer = done.stdout.strip()
    return Path(answer) if done.returncode == 0 and answer else None
