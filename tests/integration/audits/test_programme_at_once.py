"""Several QA leads at one programme at the same moment: each thing is done once, and nothing by halves."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, timedelta
from threading import Barrier

from flask import Flask
from sqlalchemy import func, select

from qa.accounts.permissions import CurrentPerson, Role
from qa.audits.commands import create_audit
from qa.audits.models import Audit
from qa.audits.planning import AuditPlan, Origin
from qa.audits.programme.carrying import carry_over
from qa.audits.programme.commands import add_programme
from qa.audits.programme.models import PlannedAudit, Programme
from qa.db import db, today
from qa.problems import Refused
from tests.integration.audits.conftest import Place
from tests.integration.audits.programming import planned, programme
from tests.support.factories import Maker

TOGETHER = 4


@dataclass
class Crowd:
    """QA leads who do something at the same moment."""

    app: Flask
    people: list[CurrentPerson]

    def do(self, deed: Callable[[CurrentPerson, int], object]) -> list[str]:
        """Let everybody do it; gives what each was refused, nothing where it was done."""
        ready = Barrier(len(self.people))

        def one(number: int) -> str:
            with self.app.app_context():
                ready.wait(30)
                try:
                    deed(self.people[number], number)
                except Refused as refusal:
                    return str(refusal)
                return ""

        with ThreadPoolExecutor(len(self.people)) as pool:
            return sorted(pool.map(one, range(len(self.people))))

    def count(self, model: type) -> int:
        with self.app.app_context():
            return db.session.scalar(select(func.count()).select_from(model)) or 0


def crowd(app: Flask, make: Maker, place: Place) -> Crowd:
    return Crowd(app, [make.person(Role.QA_LEAD, area=place.area) for _ in range(TOGETHER)])


def plan(place: Place, number: int) -> AuditPlan:
    day = today()
    return AuditPlan(
        "Neglect", f"REF-{number}", "", "", "", frozenset({place.police.id}), day - timedelta(days=300), day,
        None, day + timedelta(days=30), None, None,
    )  # fmt: skip


def test_what_is_planned_is_started_once(app: Flask, make: Maker, place: Place) -> None:
    row = planned(make, programme(make, place.area))
    leads = crowd(app, make, place)
    said = leads.do(
        lambda person, number: create_audit(
            person, place.area.id, place.edition.id, plan(place, number), Origin(planned_id=row.id)
        )
    )
    assert said == ["", *["An audit of this area was started from the programme already"] * (TOGETHER - 1)]
    assert leads.count(Audit) == 1


def test_what_was_not_done_is_carried_over_once(app: Flask, make: Maker, place: Place) -> None:
    year = programme(make, place.area)
    rows = [planned(make, year, f"Audit {number}") for number in range(3)]
    leads = crowd(app, make, place)
    said = leads.do(lambda person, _number: carry_over(person, year.id, [row.id for row in rows], None))
    assert said[0] == ""
    assert all("Nothing was carried over" in words for words in said[1:])
    assert leads.count(PlannedAudit) == 6
    assert leads.count(Programme) == 2


def test_a_programme_is_begun_once(app: Flask, make: Maker, place: Place) -> None:
    leads = crowd(app, make, place)
    said = leads.do(lambda person, _number: add_programme(person, place.area.id, date(2026, 4, 1), ""))
    assert said == ["", *["There is a programme from that month on already"] * (TOGETHER - 1)]
    assert leads.count(Programme) == 1
