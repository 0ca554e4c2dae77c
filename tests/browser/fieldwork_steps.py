"""Steps of the QA lead: the sample, the allocation, chasing, a concern, the panel, the summaries."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from playwright.sync_api import expect
from sqlalchemy import func, select, update

from qa.audits.models import Case, Return
from qa.audits.sampling.models import Sample
from qa.chasing.models import Chase, Extension
from qa.db import writing
from qa.returns.models import Concern, ConcernState, ConcernStep
from tests.browser.conftest import Visitor
from tests.browser.fieldwork_world import AGENCIES, Fieldwork

TODAY = date.today()  # noqa: DTZ011 only a date to type into forms
PLANS = ("Early help", "Child protection", "CP plan")


def write_population(folder: Path, rows: int = 120) -> Path:
    """A list of cases as an information team gives it, with one way of writing too many for a pathway."""
    lines = [
        f"L{number:04},{PLANS[number % 3]},Team {'ABCD'[number % 7 // 2]},{number % 18}"
        for number in range(1, rows + 1)
    ]
    file = folder / "population.csv"
    file.write_text("\n".join(["Ref no,Plan,Locality,Months open", *lines]), "utf-8")
    return file


def draw_sample(work: Fieldwork, lead: Visitor, folder: Path) -> None:
    """From the list of all cases to thirty of them, by strata and with a seed that was agreed."""
    lead.visit(work.path)
    lead.click("Draw a sample from a list")
    lead.click("Bring in a population list")
    lead.page.locator("input[type=file]").set_input_files(write_population(folder))
    lead.click("Bring in the list")
    assert lead.heading == "What the columns are"
    assert "120 rows in 4 columns" in lead.text
    lead.choose("What “Ref no” is for", "The case’s reference")
    lead.choose("What “Plan” is for", "Case profile: Pathway")
    lead.choose("What “Locality” is for", "Strata only, not kept with the case")
    lead.choose("What “Months open” is for", "Ignore")
    lead.click("Continue")
    if lead.heading == "What the columns are":
        lead.choose("“CP plan”", "Child protection")
        lead.click("Continue")
    assert lead.heading == "Draw the sample", lead.text
    lead.fill("Cases to draw", "30")
    lead.choose("Divide the list into strata by", "Locality (4 strata)")
    lead.tick("In proportion to how many cases each stratum has")
    lead.click("Show the strata")
    assert "margin of error" in lead.text.lower()
    lead.fill("Seed", work.say("chosen by the board in November", Sample.seed, f"{work.path}/sample"))
    lead.click("Draw the sample")
    assert lead.heading == "Sample", lead.text
    assert "30 cases are drawn" in lead.text
    assert work.ask(select(func.count()).select_from(Case)) == [30]


def allocate(work: Fieldwork, lead: Visitor) -> None:
    """Every case to all five agencies, then out to auditors, some cases twice; fieldwork opens."""
    lead.visit(f"{work.path}/allocation")
    for agency, _, _ in AGENCIES:
        lead.page.get_by_role("checkbox", name=agency, exact=True).check()
    lead.click("Allocate to the ticked agencies")
    lead.click("Give returns out automatically")
    lead.fill("Cases to audit twice", "6")
    lead.fill("Seed of the draw", "2026")
    lead.click("Look at what would be done")
    assert "120 returns would be given out, and 24 second returns added on 6 cases" in lead.text, lead.text
    assert "Riverton School, 30 returns." in lead.text, lead.text
    lead.click("Give these returns out")
    assert work.ask(select(func.count()).select_from(Return)) == [174]
    lead.visit(work.path)
    lead.click("Open fieldwork")
    lead.click("Open fieldwork")
    assert "Fieldwork" in lead.text


def chase_late_return(work: Fieldwork, lead: Visitor) -> None:
    """A return is late: the tracker shows it, its auditor is written to, and it gets a new date."""
    late = work.returns("Riverton Police", "Petra Police")[0]
    with work.app.app_context(), writing() as session:
        yesterday = TODAY - timedelta(days=1)
        session.execute(update(Return).where(Return.id == late.id).values(due_on=yesterday))
    lead.visit(work.path)
    lead.click("Tracker of returns")
    expect(lead.page.locator(".at-cell--late")).to_have_count(1)
    lead.click("Chase 1 late return")
    lead.fill("Subject", work.say("One return is still out", None, None))
    lead.fill("Text", work.say("Please send it before the panel meets on Thursday.", None, None))
    lead.click("Send 1 message")
    work.message(lead, "Please send it before the panel meets on Thursday")
    assert work.ask(select(Chase.person_id)) == [work.people["Petra Police"].id]
    lead.visit(f"{work.path}/tracker")
    assert "Chased" in lead.text
    lead.click("Extend 1 late return")
    new = TODAY + timedelta(days=10)
    lead.day("New due date", new.day, new.month, new.year)
    place = f"{work.path}/tracker/{late.id}"
    lead.fill(
        "Reason", work.say("The police file was with the coroner until today.", Extension.reason, place)
    )
    lead.click("Extend")
    expect(lead.page.locator(".at-cell--late")).to_have_count(0)
    assert work.ask(select(Return.due_on).where(Return.id == late.id)) == [new]
    lead.click("Who was chased when")
    assert "Petra Police" in lead.text


def follow_concern(work: Fieldwork, lead: Visitor, concern: Concern) -> None:
    """The QA lead sees the concern on the home page, acknowledges it, acts and closes it."""
    place = f"/concerns/{concern.id}"
    lead.visit("/")
    lead.click("concern nobody has acknowledged", exact=False)
    if lead.heading != "Concern about a child":
        lead.click(work.reference(concern.case_id), exact=False)
    assert concern.text in lead.text
    assert lead.page.url.endswith(place)
    lead.click("Acknowledge this concern")
    action = work.say("The social worker saw him at school at noon.", ConcernStep.text, place)
    lead.fill("What was done?", action)
    lead.click("Record this action")
    assert action in lead.text
    lead.fill("What came of it?", work.say("He is safe with his aunt.", Concern.outcome, place))
    lead.click("Close this concern")
    assert work.ask(select(Concern.state)) == [ConcernState.CLOSED]
