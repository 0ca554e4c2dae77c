"""The list of audits, and what each person finds on an audit's page."""

from collections.abc import Callable
from datetime import timedelta

from flask import Flask

from qa.accounts.permissions import Role
from qa.audits.lifecycle import ReturnState, Stage
from qa.db import today
from tests.integration.audits.conftest import Place
from tests.support.factories import Maker
from tests.support.pages import Browser

Browsers = Callable[[str], Browser]


def test_an_empty_list_leads_to_the_first_audit(place: Place, lead: Browser, browser: Browsers) -> None:
    page = lead.get("/audits")
    assert page.links["Create an audit"] == "/audits/new"
    page = browser(place.ann.email).get("/audits")
    assert "Your agency takes part in no audit yet" in page.text
    assert "Create an audit" not in page.links


def test_each_sees_the_audits_within_reach(
    place: Place, make: Maker, lead: Browser, browser: Browsers
) -> None:
    ours = make.audit(place.area, place.edition, (place.police,), title="Police and others")
    make.audit(place.area, place.edition, (place.health,), title="Health alone")
    make.audit(place.area, place.edition, (place.police,), title="Secret", confidential=True)
    case = make.case(ours)
    make.case_return(case, place.police, state=ReturnState.SUBMITTED)
    make.case_return(make.case(ours), place.police)
    make.case_return(case, place.health)
    page = lead.get("/audits")
    assert {"Police and others", "Health alone"} <= page.links.keys()
    assert "Secret" not in page.text
    assert "1 of 3" in page.text
    page = browser(place.police_lead.email).get("/audits")
    assert "Health alone" not in page.text
    assert "1 of 2" in page.text
    assert "There are no audits yet" in browser(place.elsewhere.email).get("/audits").text
    browser(make.person(Role.PARTNERSHIP_MEMBER, area=place.area).email).get("/audits", status=403)


def test_the_list_is_filtered_by_area_stage_and_text(place: Place, make: Maker, browser: Browsers) -> None:
    second = make.area("Barking")
    everywhere = browser(make.person(Role.QA_LEAD).email)
    make.audit(place.area, place.edition, title="Neglect", stage=Stage.PANEL, theme="100% drift")
    make.audit(second, place.edition, title="Front door", stage=Stage.PLANNING, reference="BD-9")
    page = everywhere.get("/audits")
    assert {"Neglect", "Front door"} <= page.links.keys()
    for query, kept in (
        (f"area={second.id}", "Front door"),
        ("stage=panel", "Neglect"),
        ("text=bd-9", "Front door"),
        ("text=100%25", "Neglect"),
    ):
        page = everywhere.get(f"/audits?{query}")
        assert [text for text in page.links if text in {"Neglect", "Front door"}] == [kept]
    assert "No audit matches these filters" in everywhere.get("/audits?text=_").text
    assert {"Neglect", "Front door"} <= everywhere.get("/audits?stage=nonsense&area=x").links.keys()


def test_the_list_is_paged(place: Place, make: Maker, lead: Browser) -> None:
    for number in range(52):
        make.audit(place.area, place.edition, title=f"Audit number {number}")
    page = lead.get("/audits")
    assert "Showing 1 to 50 of 52 audits" in page.text
    page = lead.get("/audits?page=2")
    assert [text for text in page.links if text.startswith("Audit number")] == [
        "Audit number 1",
        "Audit number 0",
    ]


def test_addresses_that_nobody_meant_do_no_harm(place: Place, make: Maker, lead: Browser) -> None:
    audit = make.audit(place.area, place.edition, (place.police,))
    for _ in range(51):
        make.case_return(make.case(audit), place.police)
    lead.get("/audits/99999999999999999999", status=404)
    for path in ("/audits", f"/audits/{audit.id}/cases", f"/audits/{audit.id}/allocation"):
        lead.get(f"{path}?page=999&audit_id=7&_anchor=x&text=%00")  # answers 200 and a sound page
    page = lead.get(f"/audits/{audit.id}/cases?page=999")
    assert "Showing 51 to 51 of 51 cases" in page.text
    assert "C051" in page.links


def test_the_page_of_an_audit_says_how_far_it_has_come(place: Place, make: Maker, lead: Browser) -> None:
    audit = make.audit(
        place.area,
        place.edition,
        (place.police, place.health),
        terms_of_reference="To learn <b>whether</b> help comes in time.",
        key_lines_of_enquiry="Was the child seen?\n- Did it help?",
        panel_on=today() + timedelta(days=1),
        report_due_on=today(),
    )
    for number, (state, late) in enumerate(
        [
            (ReturnState.SUBMITTED, False),
            (ReturnState.NOT_INVOLVED, True),
            (ReturnState.IN_PROGRESS, True),
            (ReturnState.NOT_STARTED, False),
        ]
    ):
        due = today() - timedelta(days=1) if late else today()
        make.case_return(
            make.case(audit), place.police, place.ann if number else None, state=state, due_on=due
        )
    page = lead.get(f"/audits/{audit.id}")
    assert "Next step Get the returns in 2 of 4 returns in. 1 return is late." in page.text
    assert "2 of 4 returns in (50%) 1 late" in page.text
    assert "Submitted 1 Not involved 1 In progress 1 Not started 1" in page.text
    assert "Police 4 2 1" in page.text
    assert "Health 0 0 0" in page.text
    assert "tomorrow" in page.text
    assert "today" in page.text
    assert "To learn <b>whether</b> help comes in time." in page.text
    assert "Did it help?" in page.text
    assert page.links["See the returns that are not in"] == f"/audits/{audit.id}/tracker?show=out"
    assert page.statements <= 9


def test_agency_people_see_their_own_returns_and_nothing_of_others(
    place: Place, make: Maker, browser: Browsers
) -> None:
    audit = make.audit(place.area, place.edition, (place.police, place.health))
    rows = [(place.ann, "C001"), (place.ben, "C002"), (None, "C003")]
    for auditor, reference in rows:
        make.case_return(make.case(audit, reference), place.police, auditor)
    make.case_return(make.case(audit, "H001"), place.health, place.hal)
    page = browser(place.police_lead.email).get(f"/audits/{audit.id}")
    assert "Returns of Police 0 of 3 in" in page.text
    assert all(reference in page.text for _, reference in rows)
    assert "H001" not in page.text
    assert "Returns of Health" not in page.text
    assert not any(text in page.links for text in ("Cases", "Allocation", "Change the audit", "Findings"))
    page = browser(place.ann.email).get(f"/audits/{audit.id}")
    assert ("C001" in page.text, "C002" in page.text, "C003" in page.text) == (True, False, True)
    assert page.statements <= 8
    for person in (place.ann, place.police_lead):
        visitor = browser(person.email)
        for path in ("cases", "cases/new", "cases/import", "allocation", "edit", "stage/open-panel"):
            visitor.get(f"/audits/{audit.id}/{path}", status=403)


def test_an_audit_being_planned_tells_agencies_when_to_begin(
    place: Place, make: Maker, browser: Browsers
) -> None:
    audit = make.audit(place.area, place.edition, (place.police,), stage=Stage.PLANNING)
    page = browser(place.ann.email).get(f"/audits/{audit.id}")
    assert "This audit is being planned" in page.text
    assert "No return has been allocated to your agency yet" in page.text


def test_other_areas_and_agencies_do_not_find_an_audit(place: Place, make: Maker, browser: Browsers) -> None:
    audit = make.audit(place.area, place.edition, (place.police,))
    case = make.case(audit)
    for person in (place.elsewhere, place.hal):
        browser(person.email).get(f"/audits/{audit.id}", status=404)
    visitor = browser(place.elsewhere.email)
    for path in (
        "cases",
        "cases/new",
        "cases/import",
        "cases/template.csv",
        f"cases/{case.id}",
        f"cases/{case.id}/edit",
        f"cases/{case.id}/remove",
        "allocation",
        f"allocation/agencies/{place.police.id}",
        "edit",
        "stage/open-panel",
    ):
        visitor.get(f"/audits/{audit.id}/{path}", status=404)
    for path in (
        "cases/new",
        "cases/agencies",
        f"cases/{case.id}/edit",
        f"cases/{case.id}/remove",
        "stage/open-panel",
    ):
        form = {"reference": "C9", "profile-pathway": "early_help", "version": "1"}
        visitor.post(f"/audits/{audit.id}/{path}", form, status=404)
    visitor.post(f"/audits/{audit.id}/allocation", {"agencies": [str(place.police.id)]}, status=404)
    share = {"auditors": [str(place.ann.id)], "which": "without"}
    visitor.post(f"/audits/{audit.id}/allocation/agencies/{place.police.id}", share, status=404)
    visitor.post(f"/audits/{audit.id}/allocation/returns", {"returns": ["1"], "remove": "yes"}, status=404)


def test_the_home_page_says_what_waits_for_a_qa_lead(
    app: Flask, place: Place, make: Maker, lead: Browser, browser: Browsers
) -> None:
    assert "late returns" not in lead.get("/").text
    audit = make.audit(place.area, place.edition, (place.police, place.health))
    planned = make.audit(place.area, place.edition, (place.police,), stage=Stage.PLANNING)
    yesterday = today() - timedelta(days=1)
    make.case_return(make.case(audit), place.police, due_on=yesterday)
    make.case_return(make.case(audit), place.police, due_on=yesterday, state=ReturnState.SUBMITTED)
    make.case_return(make.case(planned), place.police, due_on=yesterday)
    page = lead.get("/")
    assert "1 audit with late returns 1 return is late" in page.text
    assert page.links["audit with late returns"] == f"/audits/{audit.id}/allocation?state=late"
    assert "1 case ready for the panel" in page.text
    assert page.links["case ready for the panel"] == f"/audits/{audit.id}/cases?state=ready"
    for person in (place.elsewhere, place.ann):
        assert "late returns" not in browser(person.email).get("/").text
