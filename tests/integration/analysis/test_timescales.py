"""Timescales of an audit: counted where both dates were asked, on the page and in the report."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pytest
from flask import Flask

from qa.accounts.models import Agency
from qa.accounts.permissions import CurrentPerson, Role
from qa.accounts.sectors import Sector
from qa.analysis.queries import timescales_of_audit
from qa.analysis.timescales import Spans
from qa.audits.lifecycle import ReturnState, Stage
from qa.audits.models import Audit
from qa.frameworks.editions import EditionTree
from tests.support.factories import Maker
from tests.support.pages import Browser, counting
from tests.support.timed import timed_sections

MONDAY = date(2025, 3, 3)


class Timed:
    """An audit with a decision that is due five working days after the referral."""

    def __init__(self, app: Flask, make: Maker) -> None:
        self.app, self.make = app, make
        area = make.area("Havering")
        self.edition: EditionTree = make.edition(sections=timed_sections())
        self.council: Agency = make.agency("City Council", Sector.LOCAL_AUTHORITY, (area,))
        self.police: Agency = make.agency("Metropolitan Police", Sector.POLICE, (area,))
        self.audit: Audit = make.audit(area, self.edition, (self.council, self.police), stage=Stage.PANEL)
        self.lead: CurrentPerson = make.person(Role.QA_LEAD, area=area)

    def submit(
        self,
        agency: Agency,
        referred: date | None,
        decided: date | None,
        state: ReturnState = ReturnState.SUBMITTED,
        *,
        second: bool = False,
    ) -> None:
        """A return with those dates."""
        row = self.make.case_return(self.make.case(self.audit), agency, state=state, second=second)
        for key, day in (("referred_on", referred), ("decided_on", decided)):
            if day:
                self.make.answer(row, self.edition, key, day=day)

    def counted(self) -> dict[str, Spans]:
        """What is counted of each agency; its statements are two."""
        with self.app.app_context():
            timescales_of_audit(self.lead, self.audit.id)
            with counting() as statements:
                _, _, (figures,) = timescales_of_audit(self.lead, self.audit.id)
            assert len(statements) == 2
            return dict(figures.agencies)


@pytest.fixture
def timed(app: Flask, make: Maker) -> Timed:
    return Timed(app, make)


def fill(timed: Timed) -> None:
    """Four returns of the council and one of the police that count, and some that do not."""
    for days in (1, 7, 8, 40):
        timed.submit(timed.council, MONDAY, MONDAY + timedelta(days))
    timed.submit(timed.police, MONDAY, MONDAY)
    timed.submit(timed.police, MONDAY, MONDAY - timedelta(1))
    timed.submit(timed.police, date(1925, 3, 2), MONDAY)
    timed.submit(timed.police, MONDAY, None)
    timed.submit(timed.police, None, None)
    timed.submit(timed.council, MONDAY, MONDAY, ReturnState.IN_PROGRESS)
    timed.submit(timed.council, MONDAY, MONDAY, ReturnState.NOT_INVOLVED)
    timed.submit(timed.council, MONDAY, MONDAY, second=True)


def test_what_is_counted_and_what_is_not(timed: Timed) -> None:
    assert timed.counted() == {}
    fill(timed)
    # 7 days after a Monday are 5 working days; 40 days after it is a Saturday in the sixth week.
    assert timed.counted() == {
        "City Council": Spans(Counter({1: 1, 5: 1, 6: 1, 29: 1})),
        "Metropolitan Police": Spans(Counter({0: 1}), backwards=1, uncounted=1, missing=2),
    }


def test_the_page_shows_each_timescale_with_its_tables(timed: Timed) -> None:
    fill(timed)
    browser = Browser(timed.app, timed.lead.email)
    page = browser.get(f"/audits/{timed.audit.id}/analysis")
    address = f"/audits/{timed.audit.id}/analysis/timescales"
    assert address in page.links.values()
    page = browser.get(address)
    assert page.heading.endswith("Timescales")
    text = page.text
    assert "Limit: 5 working days, counted from “When was the referral received?”." in text
    assert "3 of 5 returns with both dates are within it (60.0%)." in text
    assert "The median is 5 working days, the longest 29 working days." in text
    assert "In 1 return the second date is before the first: check them." in text


def test_the_report_has_them_and_a_framework_without_any_says_nothing_of_them(
    timed: Timed, make: Maker
) -> None:
    fill(timed)
    browser = Browser(timed.app, timed.lead.email)
    page = browser.get(f"/audits/{timed.audit.id}/report")
    assert "Timescales" in [heading.text for heading in page.all("h2")]
    assert "3 of 5 returns with both dates are within it" in page.text
    area = make.area("Redbridge")
    plain = make.audit(area, make.edition(key="plain"), stage=Stage.PANEL)
    browser = Browser(timed.app, make.person(Role.QA_LEAD, area=area).email)
    assert "Timescales" not in browser.get(f"/audits/{plain.id}/report").text
    assert "Timescales" not in browser.get(f"/audits/{plain.id}/analysis").text
    page = browser.get(f"/audits/{plain.id}/analysis/timescales")
    assert "No date that this framework asks for has a timescale." in page.text


def test_statements_stay_the_same_with_more_returns(timed: Timed) -> None:
    fill(timed)
    first = timed.counted()
    for _ in range(3):
        fill(timed)
    again = timed.counted()
    assert again["City Council"].total == 4 * first["City Council"].total
