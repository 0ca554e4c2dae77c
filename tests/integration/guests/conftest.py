"""A partnership in fieldwork in which a school without accounts completes a return by a link."""

from __future__ import annotations

import email
import re
from collections.abc import Callable
from dataclasses import dataclass
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from qa.accounts.models import Agency, Area
from qa.accounts.permissions import CurrentPerson, Role
from qa.accounts.sectors import Sector
from qa.audits.models import Audit, Case, Return
from qa.db import db, writing
from qa.frameworks.editions import EditionTree
from qa.guests.models import ReturnLink
from qa.trail.models import TrailEntry
from tests.support.factories import Maker
from tests.support.pages import Browser, Page

NAME, ADDRESS = "Dr Hazel Moon", "hazel@school.example.org"


@dataclass
class Exercise:
    """Rows, people, and the ways of sending and opening a link."""

    app: Flask
    make: Maker
    edition: EditionTree
    area: Area
    school: Agency
    audit: Audit
    case: Case
    row: Return
    qa_lead: CurrentPerson
    head: CurrentPerson
    open_browser: Callable[[str], Browser]

    def browser(self, person: CurrentPerson | None = None) -> Browser:
        """The QA lead's browser, or another person's."""
        return self.open_browser((person or self.qa_lead).email)

    def send(
        self, *, by: CurrentPerson | None = None, to: str = ADDRESS, name: str = NAME, status: int = 200
    ) -> Page:
        """Send a link to the school's return."""
        address = f"/returns/{self.row.id}/link"
        return self.browser(by).submit(address, {"name": name, "email": to}, holding="email", status=status)

    def messages(self) -> list[tuple[str, str, str]]:
        """Every message that left, oldest first: whom to, subject, text."""
        folder = Path(self.app.extensions["settings"].instance) / "outbox"
        found = []
        for file in sorted(folder.glob("*.eml"), key=lambda file: int(file.stem.rpartition("-")[2])):
            message = email.message_from_bytes(file.read_bytes(), policy=default)
            body = message.get_body(("plain",))
            assert body is not None
            found.append((str(message["To"]), str(message["Subject"]), str(body.get_content())))
        return found

    def link(self) -> str:
        """The address of the link sent last."""
        said = [text for _, _, text in self.messages() if "/link/" in text][-1]
        (line,) = [line for line in said.splitlines() if "/link/" in line]
        return line.strip().removeprefix("http://localhost")

    def code(self) -> str:
        """The code sent last."""
        found = re.findall(r"Your code is (\d{6})\n", "\n".join(text for _, _, text in self.messages()))
        return str(found[-1])

    def arrive(self, browser: Browser | None = None) -> Browser:
        """Open the link sent last, ask for a code and type it in: a browser with the return open."""
        browser = browser or Browser(self.app, None)
        link = self.link()
        browser.post(f"{link}/ask")
        page = browser.post(f"{link}/code", {"code": self.code()})
        assert page.heading == "Return of The School"
        return browser

    def change(self, what: type, **values: Any) -> None:
        """Change columns of every row of a table."""
        with self.app.app_context(), writing() as session:
            session.execute(update(what).values(**values))

    def links(self) -> list[ReturnLink]:
        """Every link, oldest first."""
        with self.app.app_context():
            return list(db.session.scalars(select(ReturnLink).order_by(ReturnLink.id)))

    def return_row(self) -> Return:
        """The school's return as it is now."""
        with self.app.app_context():
            return db.session.get_one(Return, self.row.id)

    def trail(self) -> list[str]:
        """The events of the trail, oldest first."""
        with self.app.app_context():
            return list(db.session.scalars(select(TrailEntry.event).order_by(TrailEntry.number)))


@pytest.fixture
def exercise(app: Flask, make: Maker, browser: Callable[[str], Browser]) -> Exercise:
    """One area, an audit in fieldwork, a case with the school's return and the police's."""
    edition, area = make.edition(), make.area("Northside")
    school = make.agency("The School", Sector.EDUCATION, (area,))
    police = make.agency("Police", Sector.POLICE, (area,))
    audit = make.audit(area, edition, (school, police), title="Neglect")
    case = make.case(audit)
    make.case_return(case, police)
    return Exercise(
        app,
        make,
        edition,
        area,
        school,
        audit,
        case,
        make.case_return(case, school),
        make.person(Role.QA_LEAD, area=area, name="Ada Quill"),
        make.person(Role.AGENCY_LEAD, agency=school, name="Bo Hart"),
        browser,
    )
