"""Steps of the journey from an empty installation to a closed recommendation, as people take them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from email import message_from_string
from email.policy import default
from io import BytesIO
from pathlib import Path

from flask import Flask
from playwright.sync_api import Page
from pypdf import PdfReader

from tests.browser.conftest import Visitor

PASSWORD = "quiet-orchard-lamp"
WORRY = "The record says the child sleeps in a car; no agency has seen the child for three weeks."
STRENGTH = "The health visitor saw the child alone and wrote down the child's own words."
WEAKNESS = "The plan lists tasks and never says what should change for the child."
RECOMMENDATION = "Write every plan around what has to change for the child."
TODAY = date.today()  # noqa: DTZ011 only a date to type into forms


@dataclass
class Journey:
    """Everybody in the journey, each at a browser of their own."""

    app: Flask
    visitor: Callable[..., Visitor]
    outbox: Path

    def invitation(self, email: str) -> str:
        """The path of the newest link that was mailed to an address."""
        found = ""
        for file in sorted(self.outbox.glob("*.eml"), key=lambda path: path.stat().st_mtime_ns):
            message = message_from_string(file.read_text("utf-8"), policy=default)
            if email in str(message["To"]):
                body = message.get_body()
                match = re.search(r"https?://[^/\s]+(/\S+)", body.get_content() if body else "")
                found = match.group(1) if match else found
        assert found, f"no mail to {email} in {self.outbox}"
        return found

    def arrive(self, name: str, email: str, path: str) -> Visitor:
        """Choose a password by a link and sign in."""
        person = self.visitor(name)
        person.visit(path)
        person.fill("New password", PASSWORD)
        person.fill("New password again", PASSWORD)
        person.click("Set password")
        person.fill("E-mail address", email)
        person.fill("Password", PASSWORD)
        person.click("Sign in")
        assert person.heading.startswith("Hello, "), person.text
        return person


def set_up_partnership(journey: Journey) -> None:
    """The administrator's part: the first invitation, an area, three agencies, five people."""
    result = journey.app.test_cli_runner().invoke(
        args=["people", "invite", "chief@example.org", "--administrator", "--name", "Ola Chief"]
    )
    assert result.exit_code == 0, result.output
    link = re.search(r"https?://[^/\s]+(/\S+)", result.output)
    assert link, result.output
    admin = journey.arrive("administrator", "chief@example.org", link.group(1))
    admin.visit("/areas/new")
    admin.fill("Name", "Riverton")
    admin.press(admin.page.get_by_role("main").get_by_role("button").first)
    for name, sector in (
        ("Riverton Council", "Local authority"),
        ("Riverton Police", "Police"),
        ("Riverton Health", "Health"),
    ):
        admin.visit("/agencies/new")
        admin.fill("Name", name)
        admin.choose("Sector", sector)
        admin.tick("Riverton")
        admin.press(admin.page.get_by_role("main").get_by_role("button").first)
    for name, email, role, group, choice in (  # one role each, but for health
        ("Quin Lead", "lead@example.org", "QA lead", "QA lead for which areas?", "Riverton"),
        ("Carys Council", "council@example.org", "Auditor", "Auditor in which agency?", "Riverton Council"),
        ("Petra Police", "police@example.org", "Auditor", "Auditor in which agency?", "Riverton Police"),
        ("Hana Health", "health@example.org", "Agency lead", "Lead of which agency?", "Riverton Health"),
        (
            "Mo Member",
            "member@example.org",
            "Partnership member",
            "Partnership member for which areas?",
            "Riverton",
        ),
    ):
        admin.visit("/people/invite")
        admin.fill("Full name", name)
        admin.fill("E-mail address", email)
        admin.tick(role, group="Roles")
        admin.tick(choice, group=group)
        if role == "Agency lead":
            admin.tick("Auditor", group="Roles")
            admin.tick(choice, group="Auditor in which agency?")
        admin.click("Send invitation")
        assert "There is a problem" not in admin.text, admin.text


def plan_audit(lead: Visitor, folder: Path) -> str:
    """Framework, audit, cases by form and CSV, allocation, fieldwork; gives the audit's path."""
    lead.click("Frameworks")
    lead.click("Add Help and Protection")
    assert lead.heading == "Help and Protection"
    lead.click("Audits")
    lead.click("Create an audit")
    lead.fill("Title", "Help and protection in Riverton")
    lead.tick("Help and Protection, edition 1")
    lead.fill("Terms of reference (optional)", "To learn whether children are helped in time.")
    lead.fill("Key lines of enquiry (optional)", "Is the child seen alone?\nDo plans change lives?")
    due = TODAY + timedelta(days=30)
    lead.day("Returns due", due.day, due.month, due.year)
    lead.click("Create the audit")
    path = lead.page.url.removeprefix(lead.address)
    lead.visit(f"{path}/cases/new")
    lead.fill("Reference", "R001")
    lead.choose_any("Pathway at the time of the audit", "Early help")
    lead.press(lead.page.get_by_role("main").get_by_role("button", name="Add").first)
    lead.visit(f"{path}/cases/import")
    with lead.page.expect_download() as download:
        lead.page.get_by_role("link", name=re.compile("template", re.I)).first.click()
    headings = Path(download.value.path()).read_text("utf-8-sig").splitlines()[0].split(",")
    file = folder / "cases.csv"
    row = ["R002", *("Early help" if "athway" in heading else "" for heading in headings[1:])]
    file.write_text("\n".join([",".join(headings), ",".join(row)]), "utf-8")
    lead.page.locator("input[type=file]").set_input_files(file)
    lead.click("Import the cases")
    assert "R002" in lead.text or "1 case" in lead.text, lead.text
    lead.visit(f"{path}/allocation")
    for agency in ("Riverton Council", "Riverton Police", "Riverton Health"):
        lead.page.get_by_role("checkbox", name=agency, exact=True).check()
    lead.click("Allocate to the ticked agencies")
    for agency in ("Riverton Council", "Riverton Police"):
        lead.visit(f"{path}/allocation")
        lead.click(f"Share out the returns of {agency}")
        for box in lead.page.get_by_role("group", name="Auditors").get_by_role("checkbox").all():
            box.check()
        lead.page.get_by_label("Only those without an auditor").check()
        lead.click("Share out")
    lead.visit(path)
    lead.click("Open fieldwork", exact=False)
    lead.click("Open fieldwork", exact=False)
    assert "Fieldwork" in lead.text
    return path


def complete_return(auditor: Visitor, reference: str, grade: int, *, worry: bool = False) -> None:
    """The auditor's part: every section answered a page at a time, checked and submitted.

    grade: which of the grades to give, from 0, the best.
    """
    auditor.click("My work")
    auditor.click(reference, exact=False)
    base = auditor.page.url
    if worry:
        auditor.click("Raise a concern about this child")
        auditor.fill("What are you worried about?", WORRY)
        auditor.click("Raise this concern", exact=False)
    for title in section_titles(auditor, base):
        auditor.page.goto(base)
        auditor.click(title)
        answer_section(auditor, grade, title)
    auditor.page.goto(base)
    auditor.click("Check your answers and submit")
    auditor.page.get_by_label(re.compile("I have checked these answers")).check()
    auditor.click("Submit return")
    assert "There is a problem" not in auditor.text, auditor.text[:2000]


def section_titles(auditor: Visitor, base: str) -> list[str]:
    """The titles of the sections on the task list."""
    auditor.page.goto(base)
    titles = auditor.page.locator(".govuk-task-list a").all_inner_texts()
    return [title for title in titles if not title.startswith("Check your answers")]


def answer_section(auditor: Visitor, grade: int, title: str) -> None:
    """Answer what is asked, until saving moves on; questions may appear as answers are given."""
    page = auditor.page
    here = page.url
    for _ in range(6):
        fill_in(page, grade)
        if title.startswith("Front door"):
            page.get_by_label("Strength 1", exact=True).fill(STRENGTH)
            page.get_by_label("Area for improvement 1", exact=True).fill(WEAKNESS)
        auditor.click("Save and continue")
        if page.url.split("?")[0].split("#")[0] != here:
            return
    raise AssertionError(f"{title} could not be saved: {auditor.text[:1500]}")


FILL_IN = """
grade => {
  const chosen = ['radio', 'checkbox'];
  const seen = element => element.offsetParent !== null || chosen.includes(element.type);
  const tell = element => ['input', 'change'].forEach(
    kind => element.dispatchEvent(new Event(kind, {bubbles: true})));
  const type = (element, text) => {
    if (!element.value && seen(element)) { element.value = text; tell(element); }
  };
  for (const fieldset of document.querySelectorAll('main form fieldset')) {
    if (fieldset.offsetParent === null) continue;
    const choices = [...fieldset.querySelectorAll('input')].filter(input => chosen.includes(input.type));
    if (choices.length && !choices.some(choice => choice.checked)) {
      const place = choices[0].type === 'radio' ? Math.min(grade, choices.length - 1) : 0;
      choices[place].checked = true;
      tell(choices[place]);
    }
    [...fieldset.querySelectorAll('.govuk-date-input input')].forEach(
      (part, n) => type(part, ['3', '2', '2026'][n]));
  }
  const words = 'Chronology entry of 3 February; the child\u2019s own words are in the record.';
  const boxes = 'main textarea[id^="q-"], main textarea[id^="e-"]';
  document.querySelectorAll(boxes).forEach(box => type(box, words));
  document.querySelectorAll('main input[inputmode=numeric]').forEach(box => type(box, '3'));
  document.querySelectorAll('main form input[type=text]').forEach(box => type(box, 'As the record says'));
}
"""


def fill_in(page: Page, grade: int) -> None:
    """Fill in every question of a section that has no answer yet, as typing and choosing would.

    Forty questions typed one by one by the driver take minutes; their own tests do that.
    """
    page.evaluate(FILL_IN, grade)


def deal_with_concern(lead: Visitor) -> None:
    """The QA lead sees the concern on the home page at once, acknowledges it, acts and closes it."""
    lead.visit("/")
    lead.click("concern nobody has acknowledged", exact=False)
    if lead.heading != "Concern about a child":
        lead.click("R001", exact=False)
    assert WORRY in lead.text
    lead.click("Acknowledge this concern")
    lead.fill("What was done?", "Social worker visited.")
    lead.click("Record this action")
    assert "Social worker visited." in lead.text
    lead.fill("What came of it?", "The child is safe with an aunt.")
    lead.click("Close this concern")
    assert "Closed" in lead.text


def hold_panel(lead: Visitor, path: str) -> None:
    """Open the complete case, look at where agencies differ, agree every grade with a reason."""
    lead.visit(f"{path}/panel")
    lead.click("Open the 2 complete cases to the panel")
    lead.click("Open to the panel")
    lead.click("R001")
    assert "grades apart" in lead.text
    for number, _ in enumerate(lead.page.locator("section.at-agreed").all()):
        box = lead.page.locator("section.at-agreed").nth(number)
        box.get_by_label("Requires improvement to be good", exact=True).check()
        box.locator("textarea").fill("The agencies' evidence was weighed; plans lag behind visits.")
        lead.press(box.get_by_role("button", name=re.compile("^Save")))
    lead.visit(f"{path}/panel")
    assert "Judged" in lead.text
    lead.visit(path)
    lead.click("Open the panel stage", exact=False)
    lead.click("Open the panel stage", exact=False)


def code_findings(lead: Visitor, path: str) -> None:
    """Code a finding to a theme of the library."""
    lead.visit("/themes")
    fill_library = lead.page.get_by_role("button", name=re.compile("library", re.I))
    if fill_library.count():
        lead.press(fill_library.first)
    lead.visit(f"{path}/findings")
    assert WEAKNESS in lead.text
    for box in lead.page.locator("input[name=finding]").all():
        box.check()
    lead.page.get_by_label("SMART and outcome-focused planning").or_(
        lead.page.get_by_label("Outcome-focused planning")
    ).first.check()
    lead.click("Code to themes")
    assert "coded" in lead.text.lower()


def recommend(lead: Visitor, path: str) -> None:
    """Make a recommendation from the theme, with one action for the health agency."""
    lead.visit(f"{path}/findings/themes")
    lead.click("Make a recommendation", exact=False)
    lead.fill("Recommendation", RECOMMENDATION)
    lead.page.get_by_label("Strategic", exact=True).check()
    lead.fill("Measure of success", "Nine plans in ten are judged good at the next audit.")
    lead.page.get_by_label("High", exact=True).check()
    who = lead.page.get_by_label("Agency and lead").first
    option = who.locator("option", has_text="Hana Health").first.get_attribute("value")
    who.select_option(value=option)
    lead.fill("What is to be done", "Change the template and brief every team.")
    due = TODAY + timedelta(days=60)
    lead.day("Due date", due.day, due.month, due.year)
    lead.press(lead.page.get_by_role("button", name="Add recommendation").last)
    assert RECOMMENDATION in lead.text


def act(agency_lead: Visitor, folder: Path) -> None:
    """The agency lead posts progress with a file and says it is done."""
    agency_lead.click("Recommendations")
    agency_lead.click("Change the template and brief every team.", exact=False)
    agency_lead.fill("What has been done?", "The template is changed; all four teams were briefed.")
    evidence = folder / "briefing.txt"
    evidence.write_text("Briefed on the new template: teams one to four.", "utf-8")
    agency_lead.page.locator("input[type=file]").first.set_input_files(evidence)
    states = agency_lead.page.get_by_role("group", name="Where does the action stand now?")
    states.get_by_role("radio").last.check()
    agency_lead.click("Post update")
    assert "briefing.txt" in agency_lead.text


def verify_and_close(lead: Visitor) -> None:
    """The QA lead verifies the action and closes the recommendation."""
    lead.click("Recommendations")
    lead.click("Change the template and brief every team.", exact=False)
    lead.page.get_by_label("Verify", exact=True).check()
    lead.fill("What did you see, or what is still needed?", "I read the briefing and three new plans.")
    lead.click("Record decision")
    lead.click("Recommendations")
    lead.click(RECOMMENDATION, exact=False)
    lead.click("Close recommendation")
    lead.fill("Closing note", "Done in all teams; the next audit will tell.")
    lead.press(lead.page.get_by_role("main").get_by_role("button", name=re.compile("Close")))
    assert "Closed by Quin Lead" in lead.text


def read_pdf(visitor: Visitor, link: str) -> tuple[PdfReader, str]:
    """Download a PDF by its link and read it back."""
    with visitor.page.expect_download() as download:
        links = visitor.page.get_by_role("link", name=re.compile(link))
        links.or_(visitor.page.get_by_role("button", name=re.compile(link))).first.click()
    reader = PdfReader(BytesIO(Path(download.value.path()).read_bytes()))
    return reader, "\n".join(page.extract_text() for page in reader.pages)


def issue_report(lead: Visitor, path: str) -> None:
    """Issue the report as it stands and mark the audit as reported, so that the partnership may read it."""
    lead.visit(f"{path}/report")
    lead.click("Issue this report")
    if "Issue" in lead.heading:
        lead.press(lead.page.get_by_role("main").get_by_role("button", name=re.compile("Issue")).first)
    lead.visit(path)
    lead.click("Mark as reported", exact=False)
    lead.click("Mark as reported", exact=False)


def say_not_involved(person: Visitor, reference: str) -> None:
    """The agency lead says that the agency does not know the child."""
    person.click("My work")
    if not person.page.get_by_role("link", name=re.compile(reference)).count():
        person.page.get_by_label("Allocated to").select_option(index=0)
        person.click("Show")
    person.click(reference, exact=False)
    person.click("Not involved with this child")
    person.fill("Why was your agency not involved?", "Searched in both systems; no record found.")
    person.click("Complete: not involved")
    assert "ot involved" in person.text
