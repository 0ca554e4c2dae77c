"""My work: whose returns, in which order, how far each has come, filters and pages."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import insert

from qa.accounts.permissions import CurrentPerson, Role
from qa.accounts.sectors import Sector
from qa.audits.lifecycle import ReturnState, Stage
from qa.audits.models import Audit, AuditPerson, Case, Return
from qa.db import now, today, writing
from tests.integration.returns.conftest import COMPLETE_FRONT_DOOR, World
from tests.support.pages import Page


def references(page: Page) -> list[str]:
    """The cases of the list, from above."""
    items = [item for item in page.all("li") if item.get("class") == "at-work__item"]
    return ["".join(page.all("a", item)[0].itertext()).split(",")[0] for item in items]


def add(
    world: World,
    days: int,
    person: CurrentPerson | None,
    *,
    state: ReturnState = ReturnState.NOT_STARTED,
) -> Return:
    """A return on a new case due in so many days."""
    case = world.make.case(world.audit)
    due_on = today() + timedelta(days=days)
    made: Return = world.make.case_return(case, world.health, person, due_on=due_on, state=state)
    return made


def test_the_next_due_comes_first_with_how_near_it_is(world: World) -> None:
    for days in (20, -2, 0, 3):
        add(world, days, world.auditor)
    page = world.browser(world.auditor).get("/my-work")
    assert references(page) == ["C003", "C004", "C005", "C002", "C014"]
    headings = ["".join(heading.itertext()) for heading in page.all("h2")]
    assert headings == ["Late", "Due in the next 7 days", "Due later"]
    for words in ("2 days late", "Due today", "3 days left", "20 days left"):
        assert words in page.text


def test_it_says_how_many_sections_are_complete(world: World) -> None:
    assert "sections complete" not in world.browser(world.auditor).get("/my-work").text
    world.save({"q-threshold": "good"})
    assert "0 of 2 sections complete" in world.browser(world.auditor).get("/my-work").text
    world.save(COMPLETE_FRONT_DOOR)
    page = world.browser(world.auditor).get("/my-work")
    assert "In progress 1 of 2 sections complete" in page.text


def test_progress_in_the_list_agrees_with_the_task_list(world: World) -> None:
    row = add(world, 5, world.auditor)
    browser = world.browser(world.auditor)
    section = f"/returns/{row.id}/sections/front_door"
    browser.submit(section, {**COMPLETE_FRONT_DOOR, "q-consent": "no", "do": "stay"}, holding="form")
    assert "0 of 1 section complete" in browser.get(f"/returns/{row.id}").text
    assert "0 of 1 section complete" in browser.get("/my-work").text
    browser.submit(
        section, {"q-consent_why": "Danger.", "q-consulted": ["health"], "do": "stay"}, holding="form"
    )
    assert "1 of 1 section complete" in browser.get(f"/returns/{row.id}").text
    assert "1 of 1 section complete" in browser.get("/my-work").text


def test_an_auditor_sees_their_own_and_is_told_of_what_is_nobody_s(world: World) -> None:
    other = world.make.person(Role.AUDITOR, agency=world.health, name="Other Auditor")
    add(world, 1, other)
    add(world, 2, None)
    browser = world.browser(world.auditor)
    page = browser.get("/my-work")
    assert references(page) == ["C014"]
    assert "1 return of your agency is allocated to nobody yet" in page.text
    assert references(browser.get("/my-work?who=nobody")) == ["C003"]
    assert references(browser.get("/my-work?who=anybody")) == ["C003", "C014"]
    assert references(browser.get(f"/my-work?who={other.id}")) == []


def test_an_agency_lead_sees_the_agency_s_and_filters_by_auditor(world: World) -> None:
    other = world.make.person(Role.AUDITOR, agency=world.health, name="Other Auditor")
    add(world, 1, other)
    add(world, 2, None)
    browser = world.browser(world.lead)
    page = browser.get("/my-work")
    assert page.heading == "Returns of my agency"
    assert references(page) == ["C002", "C003", "C014"]
    assert "Other Auditor" in page.text
    assert references(browser.get(f"/my-work?who={other.id}")) == ["C002"]
    read = browser.get(f"/returns/{world.row.id}")
    assert read.heading == "Return of Riverside NHS Trust"
    assert "allocated to Hana Visitor" in read.text
    browser.get(world.section(), status=403)


def test_filters_by_state_and_audit(world: World) -> None:
    second = world.make.audit(world.area, world.edition, (world.health,), title="Children in need")
    world.make.case_return(world.make.case(second, "N001"), world.health, world.auditor)
    add(world, 1, world.auditor, state=ReturnState.SUBMITTED)
    browser = world.browser(world.auditor)
    assert references(browser.get("/my-work")) == ["C014", "N001"]
    assert references(browser.get(f"/my-work?audit={second.id}")) == ["N001"]
    assert references(browser.get("/my-work?show=done")) == ["C002"]
    assert references(browser.get("/my-work?show=all")) == ["C002", "C014", "N001"]
    assert references(browser.get("/my-work?show=nonsense&audit=x&who=y&page=z")) == ["C014", "N001"]
    assert "No return fits these filters" in browser.get(f"/my-work?show=done&audit={second.id}").text


def test_only_audits_in_fieldwork_are_to_do(world: World) -> None:
    for stage, title in ((Stage.PLANNING, "Planned"), (Stage.PANEL, "Ended")):
        audit = world.make.audit(world.area, world.edition, (world.health,), stage=stage, title=title)
        world.make.case_return(world.make.case(audit, f"{title}-1"), world.health, world.auditor)
    browser = world.browser(world.auditor)
    assert references(browser.get("/my-work")) == ["C014"]
    page = browser.get("/my-work?show=all")
    assert "Opens when fieldwork starts" in page.text
    assert "Fieldwork has ended" in page.text


def test_nothing_to_do_says_so(world: World) -> None:
    idle = world.make.person(Role.AUDITOR, agency=world.make.agency())
    assert "Nothing is waiting for you" in world.browser(idle).get("/my-work").text
    assert references(world.browser(world.qa_lead).get("/my-work")) == []


def test_a_confidential_audit_is_for_those_named_on_it(world: World) -> None:
    with world.app.app_context(), writing() as session:
        session.get_one(Audit, world.audit.id).confidential = True
    browser = world.browser(world.auditor)
    assert references(browser.get("/my-work?show=all")) == []
    for page in ("", "sections/front_door", "check-answers", "read", "concern", "not-involved"):
        browser.get(world.address(page), status=404)
    with world.app.app_context(), writing() as session:
        session.add(AuditPerson(audit_id=world.audit.id, person_id=world.auditor.id))
    assert references(browser.get("/my-work")) == ["C014"]
    assert browser.get(world.section()).heading == "Front door and threshold"


def test_the_home_page_counts_what_is_to_do_and_what_is_late(world: World) -> None:
    assert "None is late." in world.browser(world.auditor).get("/").text
    add(world, -3, world.auditor)
    page = world.browser(world.auditor).get("/")
    assert "2 returns to do 1 late" in page.text
    assert page.links["returns to do"] == "/my-work"
    assert "to do" not in world.browser(world.qa_lead).get("/").text


def test_navigation_offers_my_work_to_those_who_have_some(world: World) -> None:
    for person, expected in ((world.auditor, True), (world.lead, True), (world.qa_lead, False)):
        assert ("My work" in world.browser(person).get("/").links) is expected


def test_previous_and_next_case_follow_the_list(world: World) -> None:
    add(world, 3, world.auditor)
    add(world, 5, world.make.person(Role.AUDITOR, agency=world.health))
    add(world, 40, world.auditor)
    browser = world.browser(world.auditor)
    links = browser.get(world.address()).links
    assert [text for text in links if "case" in text] == ["Previous case:C002", "Next case:C004"]
    first = browser.get(links["Previous case:C002"])
    assert [text for text in first.links if "case" in text] == ["Next case:C014"]


def test_bars_say_how_far_a_return_and_all_of_them_have_come(world: World) -> None:
    add(world, 3, world.auditor)
    done = add(world, 5, world.auditor)
    add(world, 6, world.make.person(Role.AUDITOR, agency=world.health))
    with world.app.app_context(), writing() as session:
        session.get_one(Return, done.id).state = ReturnState.SUBMITTED
    browser = world.browser(world.auditor)
    page = browser.get("/my-work")
    (bar,) = page.all("progress")
    assert (bar.get("value"), bar.get("max")) == ("1", "3")
    assert "1 of 3 returns complete" in page.text
    assert "1 of 4 returns complete" in world.browser(world.lead).get("/my-work").text
    world.save(COMPLETE_FRONT_DOOR)
    page = browser.get(world.address())
    (bar,) = page.all("progress")
    assert (bar.get("value"), bar.get("max")) == ("1", "2")
    assert "1 of 2 sections complete" in page.text


def test_the_cases_before_and_after_are_on_every_page_of_the_whole_return(world: World) -> None:
    add(world, 3, world.auditor)
    add(world, 40, world.auditor)
    browser = world.browser(world.auditor)
    for name in ("", "check-answers", "read"):
        links = browser.get(world.address(name)).links
        assert {"Previous case:C002", "Next case:C003"} <= links.keys(), name


def test_an_auditor_opens_only_what_is_theirs_or_nobody_s(world: World) -> None:
    theirs = add(world, 1, world.make.person(Role.AUDITOR, agency=world.health))
    nobodys = add(world, 2, None)
    browser = world.browser(world.auditor)
    browser.get(f"/returns/{theirs.id}", status=404)
    assert browser.get(f"/returns/{nobodys.id}").heading == "Return of Riverside NHS Trust"
    browser.get(f"/returns/{world.other_row.id}", status=404)
    browser.get("/returns/999999", status=404)
    for person in (world.qa_lead, world.make.person(Role.AUDITOR, agency=world.make.agency())):
        world.browser(person).get(world.address(), status=404)


def many(world: World, count: int) -> None:
    """So many further cases of the audit, each with a return that is in progress, by Core."""
    with world.app.app_context(), writing() as session:
        start = 1000 + count
        cases = [
            {"audit_id": world.audit.id, "number": n, "reference": f"X{n}", "created_at": now(), "version": 1}
            for n in range(start, start + count)
        ]
        numbers = list(session.scalars(insert(Case).returning(Case.id), cases))
        session.execute(
            insert(Return),
            [
                {
                    "audit_id": world.audit.id,
                    "case_id": number,
                    "agency_id": world.health.id,
                    "auditor_id": world.auditor.id,
                    "state": ReturnState.IN_PROGRESS,
                    "due_on": today() + timedelta(days=60),
                    "version": 1,
                }
                for number in numbers
            ],
        )


def test_pages_cost_the_same_with_20_and_with_2000_cases(world: World) -> None:
    world.save({"q-threshold": "good", "q-consent": "no"})
    pages = ["/my-work", "/my-work?show=all&who=anybody", "/", world.address(), world.section()]
    pages += [world.address(name) for name in ("check-answers", "read", "not-involved", "concern")]
    many(world, 20)
    few = {address: world.browser(world.auditor).get(address).statements for address in pages}
    many(world, 2000)
    assert {address: world.browser(world.auditor).get(address).statements for address in pages} == few
    assert max(few[address] for address in pages[:2]) <= 8, few
    assert few[world.section()] <= 8, few
    assert max(few.values()) <= 12, few
    assert "Showing 1 to 20 of 2,021 returns" in world.browser(world.auditor).get("/my-work").text


def test_sectors_other_than_the_question_s_are_not_counted(world: World) -> None:
    council = world.make.agency("Council", Sector.LOCAL_AUTHORITY, (world.area,))
    auditor = world.make.person(Role.AUDITOR, agency=council)
    row = world.make.case_return(world.case, council, auditor)
    page = world.browser(auditor).get(f"/returns/{row.id}/sections/protection")
    assert "Did the police share what they know?" in page.text
    assert "Section 2 of 2" in page.text
