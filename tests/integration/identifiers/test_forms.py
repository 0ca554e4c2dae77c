"""Every form with free text asks about what could identify somebody: replaced, or kept with a reason."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from sqlalchemy import select

from qa.db import db, today
from qa.identifiers.models import KeptIdentifier
from tests.support.application import Database, NewDatabase
from tests.support.factories import Maker
from tests.support.pages import Browser, Page
from tests.support.world import Exercise, World

NUMBER = "943 476 5919"
TEXT = f"It says {NUMBER} there."
SOON = today() + timedelta(days=40)
DAYS = [str(SOON.day), str(SOON.month), str(SOON.year)]
LEAD, AUDITOR, HEAD = "QA lead", "auditor", "agency lead"


@dataclass(frozen=True)
class Case:
    """One free text. page: where its form stands; to: where it is sent, when elsewhere. record, kept: what it
    is kept under.
    """

    who: str
    page: Callable[[Exercise], str]
    name: str
    record: str
    more: Mapping[str, object] = field(default_factory=dict)
    to: Callable[[Exercise], str] | None = None
    kept: str = ""


def at(pattern: str) -> Callable[[Exercise], str]:
    """An address with numbers of an exercise: "/actions/{action}"."""

    def address(e: Exercise) -> str:
        rows = {name: getattr(row, "id", row) for name, row in vars(e).items()}
        return pattern.format(**rows, programme=e.in_programme.programme_id, area=e.open.area_id)

    return address


CHOSEN = object()  # the Trust and its lead, wherever the page lists them
CONCERN = at("/concerns/{concern}")
VIEWS = at("/audits/{open}/cases/{open_case}/views/new/child")
NO_VIEWS = at("/audits/{open}/cases/{open_case}/views/new/parent_or_carer/none")
FIRST_ACTION = {"level": "strategic", "priority": "high", "text": "Do.", "measure_of_success": "Done."}
MEETING = at("/audits/{panel}/panel/meetings/new")

CASES = {
    "plan, title": Case(LEAD, at("/audits/{planned}/edit"), "title", "audit"),
    "plan, theme": Case(LEAD, at("/audits/{planned}/edit"), "theme", "audit"),
    "plan, terms": Case(LEAD, at("/audits/{planned}/edit"), "terms_of_reference", "audit"),
    "plan, lines": Case(LEAD, at("/audits/{planned}/edit"), "key_lines_of_enquiry", "audit"),
    "programme, note": Case(LEAD, at("/audits/programmes/{programme}/edit"), "note", "programme"),
    "planned, title": Case(LEAD, at("/audits/planned/{in_programme}/edit"), "title", "planned_audit"),
    "sample, note": Case(
        LEAD,
        at("/audits/{planned}/cases/{new_case}/replace"),
        "note",
        "sample_unit",
        {"reason": "other"},
    ),
    "not involved": Case(
        AUDITOR, at("/returns/{draft}/not-involved"), "reason", "return", kept="not_involved_reason"
    ),
    "sent back": Case(
        LEAD, at("/returns/{sent_early}/send-back"), "reason", "return", kept="sent_back_reason"
    ),
    "concern": Case(AUDITOR, at("/returns/{draft}/concern"), "text", "concern", {"already_done": "Rang."}),
    "concern, done already": Case(
        AUDITOR, at("/returns/{draft}/concern"), "already_done", "concern", {"text": "Unsafe."}
    ),
    "concern, action": Case(LEAD, CONCERN, "action", "concern", to=at("/concerns/{concern}/actions")),
    "concern, outcome": Case(LEAD, CONCERN, "outcome", "concern", to=at("/concerns/{concern}/close")),
    "views, words": Case(
        AUDITOR,
        VIEWS,
        "helped",
        "feedback",
        {
            "manner": "own_words",
            "quotable": "no",
            "given_on": [str(today().day), str(today().month), str(today().year)],
        },
    ),
    "views, why none": Case(AUDITOR, NO_VIEWS, "reason", "feedback", {"outcome": "declined"}),
    "views, removal": Case(
        AUDITOR, at("/audits/{open}/cases/{open_case}/views/{views}/remove"), "reason", "feedback"
    ),
    "panel, finding": Case(
        LEAD,
        at("/audits/{panel}/panel/{panel_case}/findings/new"),
        "text",
        "finding",
        {"kind": "strength"},
    ),
    "panel, minutes": Case(LEAD, MEETING, "minutes", "panel_meeting"),
    "recommendation": Case(
        LEAD,
        at("/audits/{done}/recommendations/new"),
        "text",
        "recommendation",
        {**FIRST_ACTION, "later": "y"},
    ),
    "recommendation, measure": Case(
        LEAD, at("/recommendations/{recommendation}/edit"), "measure_of_success", "recommendation"
    ),
    "recommendation, note": Case(LEAD, at("/recommendations/{finished}/close"), "note", "recommendation"),
    "recommendation, reopened": Case(
        LEAD, at("/recommendations/{closed}/reopen"), "reason", "recommendation"
    ),
    "action": Case(LEAD, at("/actions/{fresh}/edit"), "text", "action", {"who": CHOSEN}),
    "action, day": Case(LEAD, at("/actions/{fresh}/due-date"), "reason", "action", {"due_on": DAYS}),
    "action, progress": Case(
        HEAD, at("/actions/{action}/progress"), "text", "action", {"state": "in_progress"}
    ),
    "action, decision": Case(
        LEAD, at("/actions/{said_done}/decision"), "reason", "action", {"outcome": "verified"}
    ),
    "report": Case(LEAD, at("/audits/{done}/report/edit"), "executive_summary", "report_draft"),
    "report, method": Case(LEAD, at("/audits/{done}/report/edit"), "method_note", "report_draft"),
    "tracker, e-mail": Case(LEAD, at("/audits/{open}/tracker/chase?return={draft}"), "text", "chase"),
    "tracker, later date": Case(
        LEAD, at("/audits/{open}/tracker/{draft}/extend"), "reason", "audit", {"due_on": DAYS}
    ),
    "theme": Case(LEAD, at("/themes/{own_theme}"), "description", "theme"),
}


class Standing:
    """The world, and a browser of everybody."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.world = World(Maker(database.app))
        vars(self.world.plain)["own_theme"] = self.world.own_theme
        database.keep()

    def browser(self, who: str) -> Browser:
        return Browser(self.database.app, self.world.people[who].email)

    def kept(self) -> list[KeptIdentifier]:
        with self.database.app.app_context():
            rows = list(db.session.scalars(select(KeptIdentifier)))
            db.session.remove()
            return rows


@pytest.fixture(scope="module")
def made(new_database: NewDatabase, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Standing]:
    with ExitStack() as stack:
        database = Database(stack, new_database, tmp_path_factory.mktemp("forms"))
        yield Standing(database)


@pytest.fixture
def standing(made: Standing) -> Standing:
    made.database.reset()
    return made


def trust_of(page: Page) -> str:
    """The choice of the Trust and its lead."""
    return next(
        option.get("value", "")
        for option in page.all("option")
        if "Trust" in "".join(option.itertext()) and option.get("value")
    )


def sent(case: Case, page: Page) -> dict[str, object]:
    """The form as the page has it."""
    return dict(page.form(case.name))


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_what_could_identify_somebody_is_asked_about(standing: Standing, case: Case) -> None:
    browser, exercise = standing.browser(case.who), standing.world.plain
    to = (case.to or case.page)(exercise)
    page = browser.get(case.page(exercise))
    data = {**sent(case, page), **case.more, case.name: TEXT}
    data |= {name: trust_of(page) for name, value in data.items() if value is CHOSEN}
    asked = browser.post(to, data)
    assert f"“{NUMBER}” looks like an NHS number. Replace it, or say why it has to stay" in asked.errors
    form = sent(case, asked)
    assert str(form[case.name]).strip() == TEXT
    token = str(form[f"asked-{case.name}"]).partition("|")[0]
    again = browser.post(to, {**form, "guard": f"replace:{token}"})
    assert "Replaced, but not saved yet" in again.text
    assert str(sent(case, again)[case.name]).strip() == "It says [NHS number] there."
    assert standing.kept() == []
    after = browser.post(to, {**form, f"why-{token}": "It is the agency’s own number"})
    assert after.errors == []
    (row,) = standing.kept()
    assert (row.record, row.field) == (case.record, case.kept or case.name)
    assert (row.kind, row.reason) == ("nhs_number", "It is the agency’s own number")


def test_a_first_action_is_asked_about_beside_its_own_box(standing: Standing) -> None:
    browser = standing.browser(LEAD)
    address = f"/audits/{standing.world.plain.done.id}/recommendations/new"
    page = browser.get(address)
    form = page.form("text")
    form |= {"actions-0-who": trust_of(page), "actions-0-text": TEXT, "actions-0-due_on": DAYS}
    page = browser.post(address, {**form, **FIRST_ACTION})
    assert "looks like an NHS number" in page.field_error("actions-0-text")
    form = page.form("actions-0-text")
    token = str(form["asked-actions-0-text"]).partition("|")[0]
    page = browser.post(address, {**form, "guard": f"replace:{token}"})
    form = page.form("actions-0-text")
    assert str(form["actions-0-text"]).strip() == "It says [NHS number] there."
    assert "The recommendation is added" in browser.post(address, form).text
