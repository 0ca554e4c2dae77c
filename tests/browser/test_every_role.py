"""Each demonstration role follows every link it is offered; every page passes axe and fits a small screen."""

import re
from collections import deque
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from flask import Flask

from qa.demo.partnership import PASSWORD
from tests.browser.conftest import Visitor
from tests.support.factories import Maker
from tests.support.kept import kept

ROLES = {
    "administrator": ("marisol.fenwick@example.org", {"/people", "/agencies", "/areas", "/trail"}),
    "qa-lead": (
        "adaeze.holloway@example.org",
        {
            *("/audits", "/audits/N", "/audits/N/cases", "/audits/N/allocation", "/audits/N/panel"),
            *("/audits/N/cases/N/views", "/audits/N/cases/N/views/N/edit"),
            *("/audits/N/panel/N", "/audits/N/findings", "/audits/N/analysis", "/audits/N/report"),
            *("/concerns", "/concerns/N", "/frameworks", "/recommendations", "/reports", "/themes"),
            *("/frameworks/new", "/frameworks/new/blank", "/frameworks/import", "/frameworks/import/word"),
        },
    ),
    "auditor": (
        "priya.lockhart@example.org",
        {
            "/my-work",
            "/returns/N",
            "/returns/N/sections/KEY",
            "/returns/N/check-answers",
            "/returns/N/concern",
            "/audits/N/cases/N/views",
            "/audits/N/cases/N/views/new/child",
        },
    ),
    "agency-lead": (
        "rosalind.tembo@example.org",
        {"/my-work", "/recommendations", "/recommendations/N", "/actions/N", "/reports", "/reports/N"},
    ),
    "member": ("winifred.aldaine@example.org", {"/recommendations", "/reports", "/reports/N"}),
}
FILES = re.compile(
    r"\.(pdf|csv|yaml|txt|docx|png|jpg)$|/(file|\d+/blank|blank-workbook|download|evidence/\d+|excel/form)$"
)
KEYS = re.compile(r"/(sections|questions|scales|profile|shipped)/[^/]+")


def pattern(path: str) -> str:
    """The kind of page behind a path: numbers, and the keys of a framework's parts, taken out."""
    return KEYS.sub(r"/\1/KEY", re.sub(r"/\d+(?=/|$)", "/N", path))


def links(person: Visitor) -> list[str]:
    """Paths of this page's links that lead on inside the application, without their queries."""
    # A link in a drawing has no text for its address, so the attribute is read.
    absolute = "all => all.map(a => new URL(a.getAttribute('href'), document.baseURI).href)"
    found = person.page.eval_on_selector_all("a[href]", absolute)
    inside = [urlsplit(link) for link in found if link.startswith(person.address)]
    return [parts.path for parts in inside if not FILES.search(parts.path)]


def walk(person: Visitor) -> set[str]:
    """Open one page of every kind that can be reached; gives their kinds."""
    seen: set[str] = set()
    waiting = deque(links(person))
    while waiting:
        path = waiting.popleft()
        if pattern(path) in seen:
            continue
        seen.add(pattern(path))
        answer = person.page.goto(person.address + path)
        if answer is None or answer.status != 200:
            person.faults.append(f"{path} answered {answer.status if answer else 'nothing'}")
            continue
        person.review()
        person.page.set_viewport_size({"width": 320, "height": 640})
        wide = person.page.evaluate("document.documentElement.scrollWidth")
        if wide > 320:
            person.faults.append(f"{path} is {wide} pixels wide on a screen of 320")
        person.page.set_viewport_size({"width": 1280, "height": 900})
        waiting.extend(links(person))
    return seen


@pytest.fixture
@kept
def demonstration(app: Flask, make: Maker) -> None:
    """The demonstration, as its command loads it."""
    result = app.test_cli_runner().invoke(args=["demo", "load"])
    assert result.exit_code == 0, result.output


@pytest.mark.parametrize("role", ROLES)
def test_every_page_that_a_role_is_offered(
    demonstration: None, role: str, visitor: Callable[..., Visitor]
) -> None:
    email, expected = ROLES[role]
    person = visitor(role)
    person.visit("/sign-in")
    person.fill("E-mail address", email)
    person.fill("Password", PASSWORD)
    person.click("Sign in")
    assert "Demonstration" in person.page.locator("aside").inner_text()
    assert expected <= walk(person)
