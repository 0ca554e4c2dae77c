"""What the thematic report holds, read back from its PDF and its page."""

from __future__ import annotations

import re
from datetime import timedelta
from xml.etree.ElementTree import Element

import pytest

from qa.accounts.permissions import Role
from qa.audits.lifecycle import Stage
from qa.db import now, today
from qa.findings.models import FindingTheme
from qa.frameworks.content import FrameworkContent
from qa.returns.models import ConcernState, Finding, FindingKind
from qa.web.layout import day
from tests.integration.analysis import scene as scenes
from tests.integration.analysis.reading import tables, words
from tests.integration.analysis.scene import COUNCIL, HEALTH, POLICE, TABLES, Scene
from tests.integration.reports.conftest import MARKING, Visit, write
from tests.integration.reports.reading import Pdf, pdf, squeezed
from tests.support.factories import TEMPLATES, Maker
from tests.support.pages import Page

SECTION_11 = TEMPLATES / "section_11.yaml"


@pytest.fixture
def file(scene: Scene, browser: Visit) -> Pdf:
    """The report as a PDF."""
    return pdf(browser(scene.lead.email).get(f"{scene.report}.pdf"))


@pytest.fixture
def page(scene: Scene, browser: Visit) -> Page:
    """The report as a web page."""
    return browser(scene.lead.email).get(scene.report)


def headings(page: Page) -> list[tuple[int, str]]:
    """The headings of the report's body with their levels, the report's own title left out."""
    found = [(element.tag[-2:], words(element)) for element in body(page).iter()]
    return [(int(tag[1]) - 1, text) for tag, text in found if tag in {"h2", "h3", "h4"}]


def body(page: Page) -> Element:
    """The report without its cover."""
    (found,) = [div for div in page.all("div") if div.get("class") == "at-report__body"]
    return found


@pytest.mark.parametrize("caption", TABLES)
def test_figures_are_those_counted_by_hand(file: Pdf, page: Page, caption: str) -> None:
    assert tables(page)[caption] == TABLES[caption]
    assert file.holds(caption)
    for row in TABLES[caption]:
        assert file.holds(*row), row


def test_the_page_and_the_pdf_have_the_same_headings(file: Pdf, page: Page) -> None:
    assert [(entry.level, entry.title) for entry in file.outline] == headings(page)


def test_the_page_and_the_pdf_have_the_same_tables(file: Pdf, page: Page) -> None:
    found = tables(page)
    assert len(found) > len(TABLES) + 3
    for caption, rows in found.items():
        assert file.holds(caption)
        for row in rows:
            assert file.holds(*row), (caption, row)


def test_the_page_and_the_pdf_say_the_same(file: Pdf, page: Page) -> None:
    said = squeezed(file.text)
    for tag in ("p", "dt", "dd", "li"):
        for element in page.all(tag, body(page)):
            for text in element.itertext():
                assert squeezed(text) in said, text


def test_the_cover_says_what_it_is(file: Pdf, scene: Scene) -> None:
    cover = file.pages[0]
    for text in (
        MARKING,
        "Havering Safeguarding Children Partnership",
        "Help and protection",
        "Multi-agency thematic audit",
        "HAV-2026-01",
        f"{day(scene.audit.period_start)} to {day(scene.audit.period_end)}",
        day(today()),
        "Version 1",
        "Draft",
    ):
        assert text in cover
    assert str(file.reader.metadata.title if file.reader.metadata else "") == "Help and protection"


def test_the_contents_give_the_true_pages(file: Pdf) -> None:
    assert file.pages[1].split()[-1] == MARKING
    listed = [entry for entry in file.outline if entry.level < 3]
    assert len(listed) > 15
    for entry in listed:
        assert re.search(rf"{re.escape(entry.title)} {entry.page}\b", file.pages[1]), entry
        assert entry.title in file.pages[entry.page - 1]


def test_the_marking_and_the_number_stand_on_every_page(file: Pdf) -> None:
    total = len(file.pages)
    for number, text in enumerate(file.pages, start=1):
        assert text.count(MARKING) >= 2
        assert number == 1 or f"Page {number} of {total}" in text


def test_another_marking_replaces_the_usual_one(scene: Scene, make: Maker, browser: Visit) -> None:
    write(make, scene, "", marking="OFFICIAL")
    file = pdf(browser(scene.lead.email).get(f"{scene.report}.pdf"))
    assert all(text.count("OFFICIAL") >= 2 for text in file.pages)
    assert "SENSITIVE" not in file.text


def test_without_a_summary_the_report_gives_the_main_figures(file: Pdf, page: Page) -> None:
    sentence = "This audit looked at 6 cases over the period"
    for text in (file.text, page.text):
        assert sentence in text
        assert "10 of 13 returns are in, and 2 are late." in text
        assert "The panel graded 2 of 3 (66.7%) at or above the standard." in text
        assert "Seen in most cases: Voice of the child (3 of 6 cases)." in text


def test_the_summary_that_was_written_takes_its_place(scene: Scene, make: Maker, browser: Visit) -> None:
    write(make, scene, "First words.\n \nSecond words,\nand a line.", "Families were asked by telephone.")
    lead = browser(scene.lead.email)
    page = lead.get(scene.report)
    file = pdf(lead.get(f"{scene.report}.pdf"))
    paragraphs = [words(p) for p in page.all("p")]
    assert "First words." in paragraphs
    assert "Second words, and a line." in paragraphs
    for text in (file.text, page.text):
        assert "First words." in text
        assert "Families were asked by telephone." in text
        assert "This audit looked at" not in text


def test_key_facts_stand_under_the_summary(file: Pdf) -> None:
    for fact in (
        ("Cases", "6"),
        ("Returns in", "10 of 13"),
        ("Agreed at or above the standard", "2 of 3 (66.7%)"),
        ("Findings", "3 strengths, 4 areas for improvement"),
        ("Recommendations", "3: 2 open, 1 closed; 1 action overdue"),
    ):
        assert file.holds(*fact), fact


def test_method_and_sample_come_from_the_audits_record(file: Pdf, page: Page) -> None:
    for text in (file.text, page.text):
        assert "6 cases were audited with the framework Small framework, edition 1." in text
        assert f"3 agencies took part: {COUNCIL}, {HEALTH} and {POLICE}." in text
        assert "In 2 returns the agency was not involved with the child." in text
        assert "Whether thresholds are applied alike." in text
        assert "Is the plan about outcomes?" in text
        assert "No auditor raised an immediate concern about a child’s safety." in text
    assert tables(page)["Pathway"] == [["Early help", "3", "50.0%"], ["Child protection", "3", "50.0%"]]


def test_concerns_are_counted_and_not_told(scene: Scene, make: Maker, browser: Visit) -> None:
    scenes.raise_concern(make, scene)
    lead = browser(scene.lead.email)
    for text in (lead.get(scene.report).text, pdf(lead.get(f"{scene.report}.pdf")).text):
        assert "1 immediate concern about a child’s safety was raised" in text
        assert "Words of a concern" not in text


def test_closed_concerns_are_counted_among_them(scene: Scene, make: Maker, browser: Visit) -> None:
    scenes.raise_concern(make, scene)
    scenes.raise_concern(make, scene, state=ConcernState.CLOSED)
    text = browser(scene.lead.email).get(scene.report).text
    assert "2 immediate concerns about a child’s safety were raised during the audit. 1 of them is" in text


def test_the_qa_lead_chooses_whether_the_report_counts_concerns(
    scene: Scene, make: Maker, browser: Visit
) -> None:
    scenes.raise_concern(make, scene)
    lead = browser(scene.lead.email)
    form = lead.get(f"{scene.report}/edit").form("counts_concerns")
    lead.post(
        f"{scene.report}/edit", {name: value for name, value in form.items() if name != "counts_concerns"}
    )
    for text in (lead.get(scene.report).text, pdf(lead.get(f"{scene.report}.pdf")).text):
        assert "concern" not in text.lower()
    assert "counts_concerns" not in lead.get(f"{scene.report}/edit").form("executive_summary")
    lead.submit(f"{scene.report}/edit", {"counts_concerns": "y"}, holding="executive_summary")
    assert "1 immediate concern" in lead.get(scene.report).text


def test_each_section_tells_what_works_and_what_needs_improving(file: Pdf, page: Page) -> None:
    for text in (file.text, page.text):
        front_door = text[text.rindex("Agencies gave 7 grades for this section") :]
        plan = front_door[front_door.index("Child protection plan") :]
        front_door = front_door[: front_door.index("Child protection plan")]
        # The same words in two returns of one case and in another case: two cases.
        assert "Seen alone at each visit. 2 cases" in front_door
        assert "3 strengths in 2 cases." in front_door
        assert "Feedback was not sent. 2 cases" in front_door
        assert "The decision took nine days. 1 case" in front_door
        assert "3 areas for improvement in 2 cases." in front_door
        assert plan.index("What is working well") < plan.index("None recorded.")
        assert "The plan lists tasks. 1 case" in plan
    assert "Never to be seen" not in file.text + page.text


def test_the_commonest_findings_are_listed_and_the_others_counted(
    scene: Scene, make: Maker, browser: Visit
) -> None:
    for number in range(14):
        make.finding(scene.made["C3", COUNCIL], scene.edition, f"Numbered {number:02}.", section="protection")
    text = browser(scene.lead.email).get(scene.report).text
    assert text.count("Numbered") == 12
    assert "14 strengths in 1 case. The 12 seen in most cases are listed, 2 more are not." in text


def test_a_finding_of_the_panel_on_the_whole_case_is_told(scene: Scene, make: Maker, browser: Visit) -> None:
    make.add(
        Finding(
            audit_id=scene.audit.id,
            case_id=scene.cases["C1"].id,
            kind=FindingKind.STRENGTH,
            text="Agencies acted as one.",
            released=True,
            created_at=now(),
        )
    )
    text = browser(scene.lead.email).get(scene.report).text
    assert text.index("Across all sections") < text.index("Agencies acted as one. 1 case")


def test_recommendations_stand_with_their_state_and_what_is_overdue(file: Pdf, page: Page) -> None:
    due = day(today() - timedelta(days=12))
    overview = [
        ["1", "Send feedback to every referrer.", "High", "Open", "1 of 2", "1"],
        ["2", "Record the decision.", "Low", "Closed", "0 of 0", "0"],
        ["3", "Agree one threshold document.", "Medium", "Open", "0 of 0", "0"],
    ]
    assert tables(page)["Recommendations and their state"] == overview
    actions = tables(page)["Actions for recommendation 1"]
    assert actions[0] == [
        f"{HEALTH} (Hana Health)", "Brief the teams.", due, "Not started, overdue by 12 days",
    ]  # fmt: skip
    assert [row[-1] for row in actions[1:]] == ["Verified"]
    assert tables(page)["Actions for recommendation 3"] == [["No action yet."]]
    for row in (*overview, *actions):
        assert file.holds(*row), row
    assert "Nine plans in ten judged good." in file.text


def test_terms_and_grades_are_explained_at_the_end(file: Pdf) -> None:
    appendix = file.text[file.text.rindex("Appendix: terms") :]
    assert "Requires improvement to be good Not yet good." in appendix
    assert "Panel The agencies’ meeting" in appendix


def test_a_real_audit_is_not_called_illustrative(file: Pdf, page: Page) -> None:
    assert "illustrative" not in file.text
    assert "illustrative" not in page.text


def test_an_illustrative_one_is_called_so_on_every_page(make: Maker, browser: Visit) -> None:
    shown = scenes.build(make, illustrative=True)
    lead = browser(shown.lead.email)
    file = pdf(lead.get(f"{shown.report}.pdf"))
    assert all("grades are illustrative" in text for text in file.pages)
    assert lead.get(shown.report).text.count("grades are illustrative") == 2


def test_before_fieldwork_the_report_says_what_there_is_not(make: Maker, browser: Visit) -> None:
    empty = scenes.people(make, Stage.PLANNING)
    lead = browser(empty.lead.email)
    for text in (lead.get(empty.report).text, pdf(lead.get(f"{empty.report}.pdf")).text):
        for sentence in (
            "This audit looked at 0 cases",
            "Not yet agreed",
            "No return is allocated to an agency yet.",
            "The panel has not agreed any grade yet.",
            "No finding is coded to a theme yet.",
            "No recommendation has been made yet.",
        ):
            assert sentence in text


def test_a_self_assessment_is_told_in_agencies(make: Maker, browser: Visit) -> None:
    area, edition = make.area("Havering"), make.edition(SECTION_11)
    content: FrameworkContent = edition.content
    audit = make.audit(area, edition, stage=Stage.PANEL, title="Section 11")
    lead = browser(make.person(Role.QA_LEAD, area=area).email)
    theme = make.theme("Training")
    for number in range(2):
        agency = make.agency(f"Agency {number}")
        row = make.case_return(make.case(audit, f"A{number}"), agency, state=scenes.SUBMITTED)
        make.answer(row, edition, f"{content.sections[0].key}_grade", grade="green")
        finding = make.finding(row, edition, "Every volunteer is trained.")
        make.add(FindingTheme(finding_id=finding.id, theme_id=theme.id, coded_at=now()))
    for text in (
        lead.get(f"/audits/{audit.id}/report").text,
        pdf(lead.get(f"/audits/{audit.id}/report.pdf")).text,
    ):
        assert "Self-assessment" in text
        assert "2 agencies assessed themselves" in text
        assert "Every volunteer is trained. 2 agencies" in text
        assert "Themes by number of agencies" in text
        assert not re.search(r"\b\d+ cases?\b|Whole case|number of cases", text)


def test_statements_are_few_and_the_same_however_much_there_is(
    scene: Scene, make: Maker, browser: Visit
) -> None:
    lead = browser(scene.lead.email)
    addresses = (scene.report, f"{scene.report}.pdf", f"{scene.report}/edit")
    for address in addresses:
        lead.get(address)
    few = [lead.get(address).statements for address in addresses]
    assert max(few) <= 12
    for number in range(6):
        agency = make.agency(f"More {number}")
        row = make.case_return(make.case(scene.audit, f"M{number}"), agency, state=scenes.SUBMITTED)
        make.answer(row, scene.edition, "front_door_grade", grade="good")
        make.finding(row, scene.edition, f"More {number}.")
        make.action(make.recommendation(scene.audit), agency)
    assert [lead.get(address).statements for address in addresses] == few
