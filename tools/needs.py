"""Finding, or installing where that is possible, what the tests need beyond Python packages."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.support import browser

APT_PACKAGES = ("chromium", "fonts-liberation")  # the fonts stand in for Arial, which pages ask for


def obtain_browser() -> str:
    """Find a Chromium, or install one: Debian's package when root, else Playwright's own build.

    Returns its name and version. Raises browser.NoBrowser with everything that was tried.
    """
    tried: list[str] = []
    for install in (None, _install_by_apt, _install_by_playwright):
        if install:
            tried.append(install())
        try:
            return browser.version(browser.find_browser())
        except browser.NoBrowser as reason:
            tried.append(str(reason))
            if os.environ.get("CHROMIUM"):
                break  # the person named one: installing another would only hide the slip
    raise browser.NoBrowser("; ".join(dict.fromkeys(text for text in tried if text)))


def _install_by_apt() -> str:
    """Install Debian's Chromium. Returns what went wrong, or nothing."""
    if not shutil.which("apt-get"):
        return ""
    if os.geteuid() != 0:
        return "not root, so no package can be installed (apt-get install chromium)"
    print("Installing Chromium by apt-get.", flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    said = ""
    for command in (
        ["apt-get", "update", "-qq"],
        ["apt-get", "install", "-qq", "-y", "--no-install-recommends", *APT_PACKAGES],
    ):
        said = _failure(command, environment) or said
    return said


def _install_by_playwright() -> str:
    """Install Playwright's own Chromium for this person. Returns what went wrong, or nothing."""
    print("Installing Playwright's Chromium.", flush=True)
    return _failure([sys.executable, "-m", "playwright", "install", "chromium"], dict(os.environ))


def _failure(command: list[str], environment: dict[str, str]) -> str:
    """Run a command. Returns a sentence when it failed, nothing when it did not."""
    name = " ".join([Path(command[0]).name, *command[1:]])
    try:
        done = subprocess.run(
            command,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=600,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return f"{name} failed: {error}"
    if done.returncode == 0:
        return ""
    lines = (done.stderr.strip() or done.stdout.strip()).splitlines()
    telling = [line.strip() for line in lines if "error" in line.lower()] or lines[-1:]
    return f"{name} failed: {telling[0] if telling else f'exit code {done.returncode}'}"
