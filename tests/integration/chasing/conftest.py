"""An audit in fieldwork with late returns of three agencies, and the people about it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, select, update

from qa.accounts.models import Agency, Area
from qa.accounts.permissions import CurrentPerson, Role
from qa.accounts.sectors import Sector
from qa.audits.lifecycle import ReturnState, Stage
from qa.audits.models import Audit, Return
from qa.chasing.models import Chase
from qa.db import db, today, writing
from qa.mail.models import OutgoingMail
from tests.support.factories import Maker
from tests.support.kept import kept
from tests.support.pages import Browser


@dataclass
class Fieldwork:
    """Health has two returns of its auditor, one late; the police one that nobody has; the school's is in."""

    app: Flask
    make: Maker
    visit: Callable[[str], Browser]
    area: Area
    health: Agency
    police: Agency
    school: Agency
    audit: Audit
    rows: dict[str, Return]
    lead: CurrentPerson
    nurse: CurrentPerson
    inspector: CurrentPerson

    @property
    def tracker(self) -> str:
        """The address of the tracker."""
        return f"/audits/{self.audit.id}/tracker"

    @property
    def browser(self) -> Browser:
        """The QA lead's."""
        return self.visit(self.lead.email)

    def mail(self) -> list[tuple[str, str]]:
        """What was queued: to whom, and the text, which goes once it is delivered."""
        with self.app.app_context():
            rows = db.session.scalars(select(OutgoingMail).order_by(OutgoingMail.to, OutgoingMail.id))
            return [(row.to, row.subject) for row in rows]

    def forget_mail(self) -> None:
        """As if nothing had been sent."""
        with self.app.app_context(), writing() as session:
            session.execute(delete(OutgoingMail))

    def letters(self) -> str:
        """Every message that left, as it was written to the outbox, soft line breaks undone."""
        folder = self.app.extensions["settings"].instance / "outbox"
        texts = (file.read_text("utf-8") for file in sorted(folder.glob("*.eml")))
        return "\n".join(texts).replace("=\n", "")

    def chases(self) -> list[tuple[int, int]]:
        """Who was chased about which return."""
        with self.app.app_context():
            rows = db.session.scalars(select(Chase).order_by(Chase.id))
            return [(row.return_id, row.person_id) for row in rows]

    def now(self, name: str) -> Return:
        """A return as it is now."""
        with self.app.app_context():
            return db.session.get_one(Return, self.rows[name].id)

    def change(self, what: type, **values: Any) -> None:
        """Change columns of every row of a table."""
        with self.app.app_context(), writing() as session:
            session.execute(update(what).values(**values))


@pytest.fixture
@kept
def fieldwork(app: Flask, make: Maker, browser: Callable[[str], Browser]) -> Fieldwork:
    """See Fieldwork."""
    area = make.area("Havering")
    health = make.agency("East Health Trust", Sector.HEALTH, (area,))
    police = make.agency("East Area Police", Sector.POLICE, (area,))
    school = make.agency("Riverside School", Sector.EDUCATION, (area,))
    edition = make.edition()
    audit = make.audit(area, edition, (health, police, school), stage=Stage.FIELDWORK, title="Neglect")
    lead = make.person(Role.QA_LEAD, area=area, name="Lena Lead", email="lena@example.org")
    nurse = make.person(Role.AUDITOR, agency=health, name="Nora Nurse", email="nora@example.org")
    inspector = make.person(Role.AGENCY_LEAD, agency=police, name="Ivan Inspector", email="ivan@example.org")
    first, second = make.case(audit, "C001"), make.case(audit, "C002")
    day = today()
    rows = {
        "late": make.case_return(first, health, nurse, due_on=day - timedelta(days=3)),
        "later": make.case_return(second, health, nurse, due_on=day + timedelta(days=5)),
        "nobody": make.case_return(first, police, due_on=day - timedelta(days=1)),
        "in": make.case_return(first, school, state=ReturnState.SUBMITTED, due_on=day - timedelta(days=9)),
    }
    return Fieldwork(app, make, browser, area, health, police, school, audit, rows, lead, nurse, inspector)
