"""Real Chromium against the real server: every page visited is checked by axe.

With TEST_PICTURES set, each is photographed too, into tests/browser/output: that takes as long as the rest.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Locator, Page
from werkzeug.serving import make_server
from werkzeug.wsgi import ClosingIterator

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

AXE = next((Path(__file__).parent / "vendor").glob("axe-core-*/axe.min.js")).read_text("utf-8")
OUTPUT = Path(__file__).parent / "output"
PICTURES = bool(os.environ.get("TEST_PICTURES"))
LEADS_ON = "e => e.type === 'submit' || Boolean(e.href && !e.getAttribute('href').startsWith('#'))"
# What axe looks at: the kinds of elements, what names them, and the order of headings. A page made of the
# same parts as another that passed, whoever visited it, is not looked at again: axe takes most of the time.
MAKE = """() => {
  const named = ["role", "type", "for", "alt", "scope", "tabindex", "title", "lang", "href"];
  const made = new Set();
  for (const e of document.querySelectorAll("body, body *")) {
    const names = e.getAttributeNames().filter(n => n.startsWith("aria-") || named.includes(n)).sort();
    const text = e.children.length ? "" : e.textContent.trim() ? "text" : "empty";
    made.add([e.parentElement.tagName, e.tagName, e.className.baseVal ?? e.className, names, text].join("|"));
  }
  const headings = [...document.querySelectorAll("h1, h2, h3, h4")].map(e => e.tagName);
  return [...made].sort().join("\\n") + headings.filter((h, n) => h !== headings[n - 1]).join(" ");
}"""
AXE_OPTIONS = """tags => axe.run(
    document, {runOnly: {type: 'tag', values: tags}, resultTypes: ['violations'], iframes: false})"""
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def closing(app: Flask) -> WSGIApplication:
    """The application as gunicorn runs it: each answer is closed, and what waits for that (mail) is done.

    Werkzeug's own server leaves an answer open when Chromium resets the connection just after reading it.
    """

    def run(environ: WSGIEnvironment, start_response: StartResponse) -> Iterator[bytes]:
        with contextlib.closing(cast(ClosingIterator, app(environ, start_response))) as answer:
            yield from answer

    return run


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    """The address of the application, served on a free port of this machine."""
    server = make_server("127.0.0.1", 0, closing(app), threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()


class Visitor:
    """A person at a browser of their own. Each page reached is reviewed once: axe and errors."""

    def __init__(self, context: BrowserContext, address: str, name: str, looked_at: Path) -> None:
        self.context, self.address, self.name = context, address, name
        self.looked_at = looked_at
        self.page: Page = context.new_page()
        self.faults: list[str] = []
        self.reviewed: set[str] = set()
        self.page.on("pageerror", lambda error: self.faults.append(f"script error: {error}"))
        self.page.on("console", self._console)

    def _console(self, message: Any) -> None:
        # A 4xx answer to a page is logged by Chromium as an error too; the pages say so themselves.
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.faults.append(f"console: {message.text}")

    def visit(self, path: str) -> None:
        """Open a path of the application."""
        self.page.goto(self.address + path)
        self.review()

    def click(self, name: str, *, exact: bool = True, nth: int = 0) -> None:
        """Click the link or button of that name and review what comes."""
        found = self.page.get_by_role("link", name=name, exact=exact).or_(
            self.page.get_by_role("button", name=name, exact=exact)
        )
        self.press(found.nth(nth))

    def press(self, target: Locator) -> None:
        """Click a link or button, wait for the page it leads to, and review that."""
        leads_on = target.evaluate(LEADS_ON)
        if leads_on:
            with self.page.expect_navigation(wait_until="load"):
                target.click()
        else:
            target.click()
        self.review()

    def fill(self, label: str, text: str, *, nth: int = 0) -> None:
        """Type into the field with that label."""
        self.page.get_by_label(label, exact=True).nth(nth).fill(text)

    def day(self, legend: str, day: int, month: int, year: int) -> None:
        """Fill in a date's three boxes."""
        group = self.page.get_by_role("group", name=legend)
        for label, value in (("Day", day), ("Month", month), ("Year", year)):
            group.get_by_label(label, exact=True).fill(str(value))

    def tick(self, label: str, *, group: str | None = None) -> None:
        """Choose a radio button or tick a box."""
        root = self.page.get_by_role("group", name=group) if group else self.page
        root.get_by_label(label, exact=True).first.check()

    def choose(self, label: str, option: str) -> None:
        """Choose from a list."""
        self.page.get_by_label(label, exact=True).first.select_option(label=option)

    def choose_any(self, label: str, option: str) -> None:
        """Choose an answer, whether the page offers a list or radio buttons."""
        group = self.page.get_by_role("group", name=label)
        if group.count():
            group.get_by_label(option, exact=True).check()
        else:
            self.choose(label, option)

    @property
    def heading(self) -> str:
        """The page's h1."""
        return self.page.locator("h1").inner_text()

    @property
    def text(self) -> str:
        """The main part's text."""
        return self.page.locator("main").inner_text()

    def review(self) -> None:
        """Run axe on this page and take its picture, once for each kind of page and heading."""
        path = re.sub(r"\d+", "N", self.page.url.removeprefix(self.address).split("?")[0])
        key = f"{path} {self.page.title()}"
        if key in self.reviewed:
            return
        self.reviewed.add(key)
        self._look_at(path)
        if not PICTURES:
            return
        OUTPUT.mkdir(exist_ok=True)
        file = re.sub(r"[^a-z0-9]+", "-", f"{self.name} {len(self.reviewed):02} {path}".lower()).strip("-")
        self.page.screenshot(path=OUTPUT / f"{file}.png", full_page=True)

    def _look_at(self, path: str) -> None:
        """Run axe, unless a page made of the same parts has passed it in this run, with any worker."""
        made = hashlib.sha256(self.page.evaluate(MAKE).encode()).hexdigest()
        if (self.looked_at / made).exists():
            return
        self.page.evaluate(AXE)
        found = self.page.evaluate(AXE_OPTIONS, WCAG)
        for violation in found["violations"]:
            places = "; ".join(node["html"][:160] for node in violation["nodes"][:3])
            self.faults.append(f"{path}: {violation['id']}: {violation['help']}: {places}")
        if not found["violations"]:
            (self.looked_at / made).touch()


@pytest.fixture
def visitor(
    chromium: Browser, address: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[..., Visitor]]:
    """Gives a person at a browser: `visitor("qa-lead")`. At the end no page may have had a fault."""
    # The folder that all workers of a run share.
    looked_at = tmp_path_factory.getbasetemp()
    looked_at = (looked_at.parent if "PYTEST_XDIST_WORKER" in os.environ else looked_at) / "looked-at"
    looked_at.mkdir(exist_ok=True)
    visitors: list[Visitor] = []

    def make(name: str, **options: Any) -> Visitor:
        context = chromium.new_context(**{"viewport": {"width": 1280, "height": 900}, **options})
        context.set_default_timeout(15_000)
        made = Visitor(context, address, name, looked_at)
        visitors.append(made)
        return made

    yield make
    faults = [f"{made.name}: {fault}" for made in visitors for fault in made.faults]
    for made in visitors:
        made.context.close()
    assert not faults, "\n".join(faults)
