"""How long it took, beside the second of two dates: typed, saved, checked, read, and at the panel."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from qa.audits.lifecycle import ReturnState
from qa.audits.models import Case, Return
from qa.db import now, writing
from tests.integration.returns.conftest import COMPLETE_FRONT_DOOR, COMPLETE_PROTECTION, World
from tests.support.factories import Maker
from tests.support.pages import Page
from tests.support.timed import LIMIT, timed_sections

COUNTED = "8 working days, limit 5 (3 over)"


def dated(key: str, day: str) -> dict[str, str]:
    """The three boxes of a date: "3 3 2025"."""
    parts = zip(("day", "month", "year"), day.split(), strict=True)
    return {f"q-{key}-{part}": text for part, text in parts}


REFERRED, DECIDED = dated("referred_on", "3 3 2025"), dated("decided_on", "13 3 2025")


@pytest.fixture
def timed(world: World, make: Maker) -> World:
    """The partnership with an audit whose framework has a timescale."""
    edition = make.edition(key="timed", sections=timed_sections())
    audit = make.audit(world.area, edition, (world.health, world.police), title="Timescales")
    case = make.case(audit, "C015")
    make.profile_value(case, edition, "pathway", "child_protection")
    row = make.case_return(case, world.health, world.auditor)
    other = make.case_return(case, world.police, world.police_auditor)
    return replace(world, edition=edition, audit=audit, case=case, row=row, other_row=other)


def beside(page: Page) -> str:
    """What stands beside the second date."""
    (line,) = [one for one in page.all("p") if one.get("data-counted") == "decided_on"]
    return "".join(line.itertext())


def test_the_page_says_the_limit_and_after_saving_how_long_it_took(timed: World) -> None:
    page = timed.browser(timed.auditor).get(timed.section())
    assert beside(page) == LIMIT
    assert beside(timed.save(REFERRED)) == LIMIT
    assert beside(timed.save(DECIDED)) == COUNTED
    assert beside(timed.save(dated("decided_on", "10 3 2025"))) == "5 working days, limit 5"
    early = beside(timed.save(dated("decided_on", "28 2 2025")))
    assert early == "This date is before 3 March 2025, the date that it is counted from. Check both."
    far = beside(timed.save(dated("referred_on", "3 3 1950")))
    assert far == "Working days can be counted from 1978 to 2100. Check the year of both dates."


def test_a_page_with_an_error_counts_what_was_typed(timed: World) -> None:
    page = timed.save({**REFERRED, **DECIDED, "q-decision_days": "soon"})
    assert page.errors
    assert beside(page) == COUNTED


def test_saving_by_itself_says_how_long_it_took(timed: World) -> None:
    browser = timed.browser(timed.auditor)
    form = timed.open_section()
    saved = browser.client.post(
        timed.section() + "/autosave",
        data={**form, **REFERRED, **DECIDED, "csrf_token": browser.token()},
    )
    assert saved.json is not None
    assert saved.json["counted"] == {"decided_on": COUNTED}
    form = timed.open_section()
    half = {**form, "q-decided_on-day": "", "csrf_token": browser.token()}
    saved = browser.client.post(timed.section() + "/autosave", data=half)
    assert saved.json is not None
    assert saved.json["counted"] == {"decided_on": COUNTED}, "half a date leaves what is kept"


def test_it_stands_where_answers_are_checked_and_read(timed: World) -> None:
    timed.save({**COMPLETE_FRONT_DOOR, **REFERRED, **DECIDED})
    timed.save(COMPLETE_PROTECTION, "protection")
    browser = timed.browser(timed.auditor)
    page = browser.get(timed.address("check-answers"))
    assert f"13 March 2025 {COUNTED}" in page.text
    browser.post(timed.address("check-answers"), {**page.form("seen"), "declared": "y"})
    assert f"13 March 2025 {COUNTED}" in browser.get(timed.address("read")).text


def test_the_panel_sees_it_for_each_agency(timed: World, make: Maker) -> None:
    for row, days in ((timed.row, 13), (timed.other_row, 4)):
        make.answer(row, timed.edition, "referred_on", day=date(2025, 3, 3))
        make.answer(row, timed.edition, "decided_on", day=date(2025, 3, days))
    with timed.app.app_context(), writing() as session:
        for row in (timed.row, timed.other_row):
            session.get_one(Return, row.id).state = ReturnState.SUBMITTED
        session.get_one(Case, timed.case.id).panel_opened_at = now()
    page = timed.browser(timed.qa_lead).get(f"/audits/{timed.audit.id}/panel/{timed.case.id}")
    assert COUNTED in page.text
    assert "1 working day, limit 5" in page.text
