"""The page of an audit for its QA lead: dates, ways to everything in it, what comes next."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask import Flask

from qa.accounts.permissions import CurrentPerson
from qa.audits.lifecycle import ReturnState, Stage
from qa.audits.models import Audit, AuditPerson, Return
from qa.audits.planning import range_in_words
from qa.audits.queries.counting import agency_lines, progress_of
from qa.audits.queries.reach import get_audit
from qa.db import now, today
from qa.returns.models import Concern
from qa.returns.vocabulary import ConcernState
from tests.integration.audits.conftest import Place
from tests.support.factories import Maker
from tests.support.pages import Browser

Browsers = Callable[[str], Browser]


def concern(
    make: Maker, audit: Audit, row: Return, by: CurrentPerson, state: ConcernState = ConcernState.RAISED
) -> None:
    make.add(
        Concern(
            audit_id=audit.id,
            area_id=audit.area_id,
            case_id=row.case_id,
            return_id=row.id,
            agency_id=row.agency_id,
            raised_by_id=by.id,
            raised_at=now(),
            text="He was alone.",
            state=state,
        )
    )


def test_days_that_returns_have_of_their_own_are_part_of_the_due_dates(
    place: Place, make: Maker, lead: Browser, browser: Browsers
) -> None:
    due = date(today().year + 1, 12, 4)
    audit = make.audit(place.area, place.edition, (place.police, place.health), returns_due_on=due)
    case = make.case(audit)
    make.case_return(case, place.police, due_on=due)
    address = f"/audits/{audit.id}"
    assert f"Returns due 4 December {due.year} in " in lead.get(address).text
    make.case_return(case, place.health, due_on=due.replace(month=11, day=16))
    days = (due - today()).days
    said = f"Returns due 16 November to 4 December {due.year} the last in {days} days"
    assert said in lead.get(address).text
    assert said in browser(place.hal.email).get(address).text
    assert f"Returns due 4 December {due.year} in " in browser(place.police_lead.email).get(address).text


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (date(2026, 11, 16), date(2026, 11, 16), "16 November 2026"),
        (date(2026, 11, 16), date(2026, 11, 20), "16 to 20 November 2026"),
        (date(2026, 11, 16), date(2026, 12, 4), "16 November to 4 December 2026"),
        (date(2026, 12, 16), date(2027, 1, 8), "16 December 2026 to 8 January 2027"),
    ],
)
def test_two_days_share_what_they_have_in_common(first: date, last: date, words: str) -> None:
    assert range_in_words(first, last) == words


def test_whoever_handles_concerns_finds_those_of_the_audit(
    place: Place, make: Maker, lead: Browser, browser: Browsers
) -> None:
    audit, other = (make.audit(place.area, place.edition, (place.police,), title=t) for t in ("One", "Two"))
    address = f"/audits/{audit.id}"
    assert "Concerns 0 open" in lead.get(address).text
    first, second = (
        make.case_return(make.case(each, f"REF-{each.id}"), place.police) for each in (audit, other)
    )
    concern(make, audit, first, place.ann)
    concern(make, audit, first, place.ann, ConcernState.CLOSED)
    concern(make, other, second, place.ann)
    page = lead.get(address)
    assert "Concerns 1 open" in page.text
    # The main navigation has a link of that name, too.
    (link,) = {a.get("href") for a in page.all("a") if a.get("href", "").startswith("/concerns?")}
    found = lead.get(link or "")
    assert "“One”" in found.text
    assert "REF-1" in found.text
    assert "REF-2" not in found.text
    every = lead.get(found.links["Show those of every audit"])
    assert "REF-1" in every.text
    assert "REF-2" in every.text
    agency = browser(place.police_lead.email).get(address)
    assert "Concerns" not in agency.text


def test_a_recommendation_can_be_added_from_the_page(place: Place, make: Maker, lead: Browser) -> None:
    audit = make.audit(place.area, place.edition, (place.police,), stage=Stage.PANEL)
    page = lead.get(f"/audits/{audit.id}")
    assert page.links["Add a recommendation"] == f"/audits/{audit.id}/recommendations/new"
    assert lead.get(page.links["Add a recommendation"]).heading == "New recommendation"


def test_the_figures_are_those_of_the_returns(app: Flask, place: Place, make: Maker) -> None:
    audit = make.audit(place.area, place.edition, (place.police, place.health), confidential=True)
    make.add(AuditPerson(audit_id=audit.id, person_id=place.lead.id))
    other = make.audit(place.area, place.edition, (place.police,))
    make.case_return(make.case(other), place.police)
    yesterday = today() - timedelta(days=1)
    ready, waiting = make.case(audit), make.case(audit)
    make.case(audit)
    make.case_return(ready, place.police, state=ReturnState.SUBMITTED, due_on=yesterday)
    make.case_return(ready, place.health, state=ReturnState.NOT_INVOLVED)
    make.case_return(waiting, place.police, place.ann, state=ReturnState.IN_PROGRESS, due_on=yesterday)
    make.case_return(waiting, place.health)
    with app.app_context():
        found = get_audit(place.lead, audit.id)
        health, police = agency_lines(found)
        assert (police.name, police.returns, police.submitted, police.in_progress) == ("Police", 2, 1, 1)
        assert (police.late, police.unallocated, police.due) == (1, 0, frozenset({yesterday}))
        assert (health.returns, health.not_involved, health.not_started) == (2, 1, 1)
        assert (health.late, health.unallocated) == (0, 1)
        assert [line.id for line in agency_lines(found, frozenset({place.health.id}))] == [place.health.id]
        progress = progress_of(found)
    assert (progress.cases, progress.cases_without_returns, progress.panel_ready) == (3, 1, 1)
    assert (progress.returns, progress.complete, progress.late, progress.unallocated) == (4, 2, 1, 1)
