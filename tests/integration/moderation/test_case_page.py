"""The panel's page of a case: everything side by side."""

from flask import Flask

from qa.audits.lifecycle import ReturnState
from qa.audits.models import AuditPerson
from qa.db import writing
from qa.returns.vocabulary import FindingKind
from tests.integration.moderation.conftest import REASON, Scene, Visit, events
from tests.support.factories import TEMPLATES, Maker
from tests.support.pages import NAMESPACE, Page

SECTION_11 = TEMPLATES / "section_11.yaml"


def table_rows(page: Page, caption: str) -> list[list[str]]:
    """The cells of the table with that caption, row by row."""
    for table in page.all("table"):
        found = table.find(f".//{NAMESPACE}caption")
        if found is not None and caption in "".join(found.itertext()):
            return [
                [" ".join("".join(cell.itertext()).split()) for cell in row]
                for row in table.iter(f"{NAMESPACE}tr")
            ]
    raise AssertionError(f"no table {caption!r}")


def test_grades_stand_side_by_side_with_their_evidence(open_case: Scene, browser: Visit) -> None:
    page = browser(open_case.lead.email).get(open_case.page)
    rows = table_rows(page, "Front door and threshold: answers")
    assert rows[0] == ["Question", "East Health Trust", "Havering Council"]
    assert rows[1] == [
        "Was the threshold decision right?2 grades apart",
        "Requires improvement to be good",
        "Outstanding",
    ]
    assert "The school nurse was never asked." in rows[2][0]
    assert "The decision record weighs three earlier referrals." in rows[2][0]
    said = {row[0]: row[1:] for row in rows if len(row) == 3}
    assert said["Was consent sought?"] == ["Not answered", "Yes"]
    assert said["Working days to the decision"] == ["Not answered", "3 days"]
    assert said["Who referred?"] == ["School", "School"]
    glance = table_rows(page, "Each agency’s grade for each section")
    assert glance[1] == [
        "Front door and threshold",
        "Good",
        "Good",
        "1 question",
        "Agree a grade for Front door and threshold",
    ]


def test_agencies_that_were_not_involved_are_named_with_their_reason(
    open_case: Scene, browser: Visit
) -> None:
    page = browser(open_case.lead.email).get(open_case.page)
    assert f"Not involved East Area Police: {REASON}" in page.text
    assert "Answered by East Health Trust, Havering Council" in page.text
    assert "About the case Pathway Early help" in page.text


def test_only_divergent_questions_can_be_asked_for(open_case: Scene, browser: Visit) -> None:
    visitor = browser(open_case.lead.email)
    page = visitor.get(visitor.get(open_case.page).links["Show only questions two or more grades apart (1)"])
    rows = table_rows(page, "Front door and threshold: answers")
    assert [row[0] for row in rows if len(row) == 3] == [
        "Question",
        "Was the threshold decision right?2 grades apart",
    ]
    assert "questions not shown: grades are less than two apart." in page.text
    assert "Was consent sought?" in visitor.get(page.links["Show every question"]).text


def test_all_evidence_can_be_opened_without_a_script(open_case: Scene, browser: Visit) -> None:
    visitor = browser(open_case.lead.email)

    def opened(page: Page) -> list[bool]:
        return [
            each.get("open") is not None for each in page.all("details") if each.get("class") == "at-evidence"
        ]

    page = visitor.get(open_case.page)
    assert not any(opened(page))
    assert all(opened(visitor.get(page.links["Open all evidence"])))


def test_an_unfinished_return_stays_unseen(app: Flask, make: Maker, scene: Scene, browser: Visit) -> None:
    case = make.case(scene.audit, "HP-002")
    make.case_return(case, scene.council, state=ReturnState.SUBMITTED)
    unfinished = make.case_return(case, scene.health, state=ReturnState.IN_PROGRESS)
    make.answer(unfinished, scene.edition, "threshold", grade="inadequate", evidence="A secret draft.")
    make.finding(unfinished, scene.edition, "A secret finding.", released=False)
    lead = browser(scene.lead.email)
    page = lead.post(f"{scene.agenda}/{case.id}/open")
    assert "Not in yet East Health Trust" in page.text
    assert "secret" not in page.text


def test_findings_of_agencies_stand_in_their_section(
    app: Flask, make: Maker, open_case: Scene, browser: Visit
) -> None:
    make.finding(open_case.health_return, open_case.edition, "Health saw the child alone.")
    make.finding(
        open_case.council_return,
        open_case.edition,
        "Plans were lists of tasks.",
        kind=FindingKind.AREA_FOR_IMPROVEMENT,
    )
    page = browser(open_case.health_lead.email).get(open_case.page)
    assert "Strengths Health saw the child alone. East Health Trust" in page.text
    assert "Areas for improvement Plans were lists of tasks. Havering Council" in page.text


def test_the_case_before_and_after_are_one_click_away(make: Maker, open_case: Scene, browser: Visit) -> None:
    lead = browser(open_case.lead.email)
    later, closed, last = (make.case(open_case.audit, f"HP-00{number}") for number in (2, 3, 4))
    for case in (later, closed, last):
        make.case_return(case, open_case.council, state=ReturnState.SUBMITTED)
    for case in (later, last):
        lead.post(f"{open_case.agenda}/{case.id}/open")
    page = lead.get(f"{open_case.agenda}/{later.id}?show=apart")
    assert page.links["‹ Previous case: HP-001"] == f"{open_case.page}?show=apart"
    assert page.links["Next case: HP-004 ›"] == f"{open_case.agenda}/{last.id}?show=apart"
    # Health has a return on the first case alone.
    reader = browser(open_case.health_lead.email).get(open_case.page)
    assert not [text for text in reader.links if "case:" in text]


def test_markup_is_shown_as_it_was_typed(app: Flask, make: Maker, open_case: Scene, browser: Visit) -> None:
    nasty = "<script>alert(1)</script> & <img src=x onerror=alert(1)>"
    make.answer(
        open_case.health_return, open_case.edition, "front_door_impact", text=nasty * 4, evidence=nasty
    )
    make.finding(open_case.health_return, open_case.edition, nasty)
    page = browser(open_case.lead.email).get(open_case.page)
    assert page.text.count("<script>alert(1)</script>") >= 3
    assert not page.all("img")


def test_each_reading_is_in_the_trail(app: Flask, open_case: Scene, browser: Visit) -> None:
    before = len(events(app, "case.read"))
    browser(open_case.health_lead.email).get(open_case.page)
    entry = events(app, "case.read")[before]
    assert (entry.person_id, entry.record_id, entry.fields) == (
        open_case.health_lead.id,
        open_case.case.id,
        "panel",
    )


def test_a_page_sends_at_most_twelve_statements_also_for_a_confidential_audit(
    app: Flask, make: Maker, open_case: Scene, browser: Visit
) -> None:
    lead = browser(open_case.lead.email)
    assert lead.get(open_case.page).statements <= 12
    with app.app_context(), writing() as session:
        session.get_one(type(open_case.audit), open_case.audit.id).confidential = True
        session.add(AuditPerson(audit_id=open_case.audit.id, person_id=open_case.lead.id))
    assert lead.get(open_case.page).statements <= 12


def test_a_self_assessment_shows_the_agencys_grade_beside_the_moderated_one(
    app: Flask, make: Maker, scene: Scene, browser: Visit
) -> None:
    edition = make.edition(SECTION_11)
    audit = make.audit(scene.area, edition, (scene.health,), stage=scene.audit.stage, title="Section 11")
    case = make.case(audit, "S11-1", agency_id=scene.health.id)
    row = make.case_return(case, scene.health, state=ReturnState.SUBMITTED)
    question = next(question for section in edition.content.sections if (question := section.grade_question))
    grades = edition.content.scale(question.scale or "").grades
    make.answer(row, edition, question.key, grade=grades[0].key, evidence="Minutes of the board.")
    lead = browser(scene.lead.email)
    address = f"/audits/{audit.id}/panel/{case.id}"
    assert lead.post(f"{address}/open").heading == "East Health Trust: panel"
    section = edition.content.section_of(question.key)
    lead.post(
        f"{address}/sections/{section.key}",
        {"grade": edition.judgement_scale.grades[-1].key, "reason": "Seen."},
    )
    glance = table_rows(lead.get(address), "the moderated grade")
    assert glance[0] == ["Section", "Self-assessed", "Moderated grade"]
    assert glance[1] == [section.title, grades[0].label, edition.judgement_scale.grades[-1].label]
