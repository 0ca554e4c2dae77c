"""What is measured: requests that people make all day, each with its yardstick and goal."""

import json
from collections.abc import Callable
from dataclasses import dataclass

from flask import Flask

from bench.load import AGENCIES, OPEN_EVERY, Load
from bench.serving import Ask, Asker
from tests.support.pages import Browser

GRADES = ("outstanding", "good", "requires_improvement", "inadequate")


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation. path: its address; person: the e-mail of who does it; save: it posts an answer.

    yardstick: the request of the bare application it is compared with. smallest: instead, an address of the
    same page where there is hardly anything to show. words: it rewords a question of a draft.
    """

    name: str
    path: Callable[[Load], str]
    person: str
    yardstick: str = ""
    goal: float | None = None
    save: bool = False
    smallest: Callable[[Load], str] | None = None
    words: bool = False

    def asker(self, app: Flask, load: Load, worker: int) -> Asker:
        """What makes one worker's requests."""
        browser = Browser(app, self.person)
        if self.words:
            # Each worker rewords a question of its own: two on one would meet the page with both versions.
            path = self.path(load)
            return Rewording(browser, f"{path[:-1]}{10 * worker}" if worker else path)
        if self.save:
            return Saver(browser, worker)
        return Reader(browser, self.path(load))

    def count(self, app: Flask, load: Load) -> int:
        """SQL statements of the operation, done a second time."""
        browser = Browser(app, self.person)
        if self.words:
            ask = Rewording(browser, self.path(load))(0)
            return browser.post(ask.path, dict(ask.form or {}), follow=False, status=302).statements
        if not self.save:
            browser.get(self.path(load))
            return browser.get(self.path(load)).statements
        saver = Saver(browser, 20)
        for number in range(2):
            ask = saver(number)
            page = browser.post(ask.path, dict(ask.form or {}))
            saver.answered(page.response.get_data())
        return page.statements


def cookie_of(browser: Browser) -> str:
    """The browser's cookie, for another client."""
    found = browser.client.get_cookie("audit_together")
    if found is None:
        raise RuntimeError("nobody is signed in")
    return f"audit_together={found.value}"


class Reader:
    """Asks for one page again and again."""

    def __init__(self, browser: Browser, path: str) -> None:
        browser.get(path)
        self.ask = Ask(path, None, cookie_of(browser))

    def __call__(self, number: int) -> Ask:
        return self.ask

    def answered(self, body: bytes) -> None:
        """Nothing to learn from the answer."""


class Saver:
    """Saves one answer of an open return, as the page's script does; each worker has a return of its own."""

    def __init__(self, browser: Browser, worker: int) -> None:
        case = OPEN_EVERY * (worker % 20 + 1)
        self.path = f"/returns/{(case - 1) * AGENCIES + 1}/sections/practice"
        form = browser.get(self.path).form("v-q01")
        # What return.js sends: the form's own fields, and those of the question that was answered.
        sent = {"csrf_token", "form", "edition", *(name for name in form if name.endswith("-q01"))}
        self.form = {name: str(form[name]) for name in sent}
        self.cookie = cookie_of(browser)

    def __call__(self, number: int) -> Ask:
        opening, _, sending = self.form["form"].partition("-")
        self.form["form"] = f"{opening}-{int(sending) + 1}"
        self.form["q-q01"] = GRADES[(GRADES.index(self.form.get("q-q01", "good")) + 1) % len(GRADES)]
        return Ask(f"{self.path}/autosave", self.form, self.cookie)

    def answered(self, body: bytes) -> None:
        """Take over the marks that the next save must carry."""
        self.form |= json.loads(body)["marks"]


class Rewording:
    """Rewords one question of a draft; the form is opened afresh before each save, which is not timed."""

    def __init__(self, browser: Browser, path: str) -> None:
        self.browser, self.path = browser, path

    def __call__(self, number: int) -> Ask:
        page = self.browser.get(self.path)
        form = {name: value for name, value in page.form("text").items() if isinstance(value, str)}
        form |= {"text": f"Question {number}: does the record show it, and when?", "do": "save"}
        return Ask(self.path, form, cookie_of(self.browser))

    def answered(self, body: bytes) -> None:
        """Nothing to learn from the answer."""


LEAD, AUDITOR, AGENCY_LEAD = "lead@example.org", "auditor@example.org", "agency@example.org"

OPERATIONS = (
    Operation("Home", lambda _load: "/", LEAD),
    Operation(
        "Section of 40 questions",
        lambda load: f"/returns/{load.open_return_id}/sections/{load.section_key}",
        AUDITOR,
        "page",
        5,
    ),
    Operation("Save an answer", lambda _load: "", AUDITOR, "save", 5, save=True),
    Operation("My work", lambda _load: "/my-work", AUDITOR, "list", 6),
    Operation("List of cases", lambda load: f"/audits/{load.audit_id}/cases", LEAD, "list", 6),
    Operation("Audit", lambda load: f"/audits/{load.audit_id}", LEAD),
    Operation(
        "Tracker of returns, 6 agencies",
        lambda load: f"/audits/{load.tracked_audit_id}/tracker",
        LEAD,
        "list",
        6,
    ),
    Operation(
        "Its late returns",
        lambda load: f"/audits/{load.tracked_audit_id}/tracker?show=late",
        LEAD,
        "list",
        6,
    ),
    Operation("Panel agenda", lambda load: f"/audits/{load.audit_id}/panel", LEAD, "list", 6),
    Operation("Panel of a case", lambda load: f"/audits/{load.audit_id}/panel/{load.opened_case_id}", LEAD),
    Operation("Findings", lambda load: f"/audits/{load.audit_id}/findings", LEAD, "list", 6),
    Operation("Recommendations", lambda _load: "/recommendations", LEAD, "list", 6),
    Operation(
        "Draft of 200 questions",
        lambda load: f"/frameworks/drafts/{load.draft_id}",
        LEAD,
        goal=3,
        smallest=lambda load: f"/frameworks/drafts/{load.smallest_draft_id}",
    ),
    Operation(
        "A section of it",
        lambda load: f"/frameworks/drafts/{load.draft_id}/sections/s0",
        LEAD,
        goal=3,
        smallest=lambda load: f"/frameworks/drafts/{load.smallest_draft_id}/sections/s0",
    ),
    Operation(
        "Reword a question of it",
        lambda load: f"/frameworks/drafts/{load.draft_id}/questions/q0",
        LEAD,
        goal=3,
        smallest=lambda load: f"/frameworks/drafts/{load.smallest_draft_id}/questions/q0",
        words=True,
    ),
)
