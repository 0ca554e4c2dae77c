"""The partnership whose fieldwork is walked through: five agencies, one of them a school without accounts."""

from __future__ import annotations

import copy
import email
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from email.policy import default
from pathlib import Path
from typing import Any

from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import select, update

from qa.accounts.models import Agency, Area, Person, SignIn
from qa.accounts.passwords import hashed
from qa.accounts.permissions import CurrentPerson, Role
from qa.accounts.sectors import Sector
from qa.audits.lifecycle import Stage
from qa.audits.models import Audit, Case, CaseProfileValue, Return
from qa.db import db, now, writing
from qa.frameworks.editions import EditionTree
from tests.browser.conftest import Visitor
from tests.support.factories import Maker
from tests.support.pages import Browser

PASSWORD = "quiet-orchard-lamp"
SAVED = re.compile(r"^Saved \d\d:\d\d$")
AGENCIES = (
    ("Riverton Council", Sector.LOCAL_AUTHORITY, ("Carys Council", "Cole Council")),
    ("Riverton Health", Sector.HEALTH, ("Hana Health", "Harry Health")),
    ("Riverton Police", Sector.POLICE, ("Petra Police", "Paul Police")),
    ("Riverton Probation", Sector.PROBATION, ("Pru Probation", "Perry Probation")),
    ("Riverton School", Sector.EDUCATION, ()),
)


@dataclass(frozen=True)
class Typed:
    """Something a person typed. column: where the database has it; place: the path of a page of the QA
    lead's that shows it, the number of the case whose printed summary does, or None for the outbox alone.
    """

    text: str
    column: Any
    place: str | int | None


@dataclass
class Fieldwork:
    """Everybody in the audit, what was typed so far, and ways to look at what is kept."""

    app: Flask
    visitor: Callable[..., Visitor]
    browser: Callable[[str], Browser]
    edition: EditionTree
    area: Area
    agencies: dict[str, Agency]
    people: dict[str, CurrentPerson]
    audit: Audit
    said: list[Typed] = field(default_factory=list)

    @property
    def path(self) -> str:
        """The audit's page."""
        return f"/audits/{self.audit.id}"

    def say(self, text: str, column: Any, place: str | int | None) -> str:
        """Remember what is about to be typed."""
        self.said.append(Typed(text, column, place))
        return text

    def arrive(self, name: str, **options: Any) -> Visitor:
        """Somebody at a browser of their own, signed in."""
        person = self.visitor(name.split(maxsplit=1)[0].lower(), **options)
        cookie = self.browser(self.people[name].email).client.get_cookie("audit_together")
        assert cookie is not None
        person.context.add_cookies([{"name": "audit_together", "value": cookie.value, "url": person.address}])
        return person

    def end_sessions(self) -> None:
        """Everybody has been idle too long."""
        with self.app.app_context(), writing() as session:
            session.execute(update(SignIn).values(ended_at=now()))

    def ask(self, statement: Any) -> list[Any]:
        """The rows that a statement finds."""
        with self.app.app_context():
            return list(db.session.scalars(statement))

    def returns(self, agency: str, auditor: str | None = None, pathway: str = "") -> list[Return]:
        """Open first returns of an agency, by case; of one auditor, on one pathway."""
        wanted = select(Return).join(Case).order_by(Case.number)
        wanted = wanted.where(
            Return.agency_id == self.agencies[agency].id,
            Return.second.is_(False),
            Return.started_at.is_(None),
        )
        if auditor:
            wanted = wanted.where(Return.auditor_id == self.people[auditor].id)
        if pathway:
            option = self.edition.ids.profile_options[("pathway", pathway)]
            wanted = wanted.join(CaseProfileValue, CaseProfileValue.case_id == Case.id).where(
                CaseProfileValue.option_id == option
            )
        return self.ask(wanted)

    def doubled(self, first: str, second: str) -> tuple[Return, Return]:
        """Both returns on a case that one auditor has and the other audits again."""
        mine = select(Return).where(Return.second, Return.auditor_id == self.people[second].id)
        other = select(Return).where(Return.second.is_(False), Return.auditor_id == self.people[first].id)
        firsts = {row.case_id: row for row in self.ask(other)}
        again = next(row for row in self.ask(mine) if row.case_id in firsts)
        return firsts[again.case_id], again

    def reference(self, case_id: int) -> str:
        """What a case is called."""
        (found,) = self.ask(select(Case.reference).where(Case.id == case_id))
        return str(found)

    def messages(self) -> list[tuple[str, str, str]]:
        """Every message that left, oldest first: whom to, subject, text."""
        folder = Path(self.app.extensions["settings"].instance) / "outbox"
        found = []
        for file in sorted(folder.glob("*.eml"), key=lambda file: int(file.stem.rpartition("-")[2])):
            message = email.message_from_bytes(file.read_bytes(), policy=default)
            body = message.get_body(("plain",))
            found.append((str(message["To"]), str(message["Subject"]), body.get_content() if body else ""))
        return found

    def message(self, reader: Visitor, pattern: str) -> re.Match[str]:
        """The newest message's part that fits; mail leaves after the page has, so look more than once."""
        for _ in range(200):
            for _to, subject, text in reversed(self.messages()):
                if found := re.search(pattern, " ".join(f"{subject}\n{text}".split())):
                    return found
            reader.page.request.get(f"{reader.address}/accessibility")
        raise AssertionError(f"no message with {pattern!r} on {reader.heading}: {self.messages()}")


def partnership(
    app: Flask, make: Maker, visitor: Callable[..., Visitor], browser: Callable[[str], Browser]
) -> Fieldwork:
    """Areas, agencies, people, a published edition and an audit that is being planned."""
    area = make.area("Riverton")
    agencies = {name: make.agency(name, sector, (area,)) for name, sector, _ in AGENCIES}
    people = {"Quin Lead": make.person(Role.QA_LEAD, area=area, name="Quin Lead", email="quin@example.org")}
    for agency, _, names in AGENCIES:
        for name in names:
            address = f"{name.split()[0].lower()}@example.org"
            people[name] = make.person(Role.AUDITOR, agency=agencies[agency], name=name, email=address)
    with app.app_context(), writing() as session:
        session.execute(update(Person).values(password_hash=hashed(PASSWORD)))
    edition = make.edition()
    audit = make.audit(
        area, edition, tuple(agencies.values()), title="Children seen in time", stage=Stage.PLANNING
    )
    return Fieldwork(app, visitor, browser, edition, area, agencies, people, audit)


def tab(person: Visitor, page: Page) -> Visitor:
    """The same person at another tab, reviewed as the first."""
    other = copy.copy(person)
    other.page = page
    page.on("pageerror", lambda error: person.faults.append(f"script error: {error}"))
    page.wait_for_load_state()
    return other


def status(page: Page) -> Any:
    """The line that says whether a section is saved."""
    return page.locator("[data-status]")


def expect_saved(page: Page) -> None:
    """Wait until everything on the page is kept."""
    expect(page.locator("form[data-unsaved]")).to_have_count(0)
    expect(status(page)).to_have_text(SAVED)
