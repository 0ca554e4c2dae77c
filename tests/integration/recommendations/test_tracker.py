"""The tracker: what each person sees, filters, order, counts, download; and the home page's cards."""

import csv
from collections.abc import Callable
from datetime import date, timedelta
from io import StringIO
from typing import Any

import pytest
from flask import Flask

from qa.accounts.permissions import Role
from qa.audits.models import AuditPerson
from qa.db import today, writing
from qa.recommendations import tracking
from qa.recommendations.lifecycle import ActionState, RecommendationState
from qa.recommendations.models import Action, Recommendation, RecommendationTheme
from qa.recommendations.tracker import Filters
from tests.integration.recommendations.conftest import Scene, Visit
from tests.support.factories import Maker
from tests.support.pages import Page

S = ActionState


def days(number: int) -> date:
    return today() + timedelta(days=number)


@pytest.fixture
def many(scene: Scene, make: Maker) -> dict[str, Recommendation]:
    """Recommendations in every standing, two actions each in one of them."""
    made = {
        name: make.recommendation(scene.audit, f"The {name} one.", priority=priority, level=level)
        for name, priority, level in (
            ("late", "low", "case"),
            ("awaiting", "medium", "operational"),
            ("soon", "high", "strategic"),
            ("empty", "high", "strategic"),
            ("done", "high", "strategic"),
        )
    }
    give = make.action
    give(made["late"], scene.health, scene.health_lead, text="Late step.", due_on=days(-12))
    give(
        made["late"],
        scene.police,
        scene.police_lead,
        text="Police step.",
        due_on=days(-3),
        state=S.IN_PROGRESS,
    )
    give(made["awaiting"], scene.health, text="Said done.", due_on=days(-30), state=S.AWAITING_VERIFICATION)
    give(made["soon"], scene.police, scene.police_lead, text="Soon due.", due_on=days(5), state=S.SENT_BACK)
    give(made["done"], scene.health, scene.health_lead, text="All done.", state=S.VERIFIED)
    closed = make.recommendation(
        scene.audit, "The closed one.", state=RecommendationState.CLOSED, level="case", priority="low"
    )
    give(closed, scene.police, scene.police_lead, text="Long done.", state=S.VERIFIED)
    return {**made, "closed": closed}


def shown(page: Page) -> list[str]:
    """The recommendations listed, in order, by the word that tells them apart."""
    titles = ["".join(element.itertext()) for element in page.all("h3")]
    return [title.removeprefix("The ").removesuffix(" one.") for title in titles]


def figures(page: Page) -> dict[str, int]:
    """The counts at the top by their words."""
    return {
        words.split(" ", 1)[1].removesuffix("Shown below. Show all"): int(words.split(" ", 1)[0])
        for words in page.links
        if words.split(" ", 1)[0].isdigit()
        and words.split(" ", 1)[1].startswith(("with overdue", "awaiting", "open", "closed"))
    }


def test_the_whole_list_by_due_date(scene: Scene, many: dict[str, Recommendation], browser: Visit) -> None:
    page = browser(scene.qa_lead.email).get("/recommendations")
    assert shown(page) == ["awaiting", "late", "soon", "empty", "done", "closed"]
    assert figures(page) == {"with overdue actions": 1, "awaiting verification": 1, "open": 5, "closed": 1}
    for words in ("Overdue by 12 days", "Overdue by 3 days", "Awaiting verification", "Ready to close"):
        assert words in page.text
    assert "No action yet" in page.text
    assert page.statements <= 8


def test_where_actions_drift(scene: Scene, many: dict[str, Recommendation], browser: Visit) -> None:
    page = browser(scene.member.email).get("/recommendations")
    rows = [" ".join(" ".join(row.itertext()).split()) for row in page.all("tr")][1:]
    assert rows == ["North East Health Trust 1 of 1 12 days", "East Area Police 1 of 2 3 days"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("due=overdue", ["late"]),
        ("due=soon", ["soon"]),
        ("action_state=awaiting_verification", ["awaiting"]),
        ("action_state=verified", ["done", "closed"]),
        ("state=closed", ["closed"]),
        ("state=open&level=strategic", ["soon", "empty", "done"]),
        ("priority=medium", ["awaiting"]),
        ("text=SOON", ["soon"]),
        ("text=police+step", ["late"]),
        ("text=AUD-1&level=case", ["late", "closed"]),
        ("text=%25", []),
        ("order=number", ["late", "awaiting", "soon", "empty", "done", "closed"]),
        ("order=priority", ["soon", "empty", "done", "awaiting", "late", "closed"]),
        ("agency={health}", ["awaiting", "late", "done"]),
        ("agency={health}&due=overdue", ["late"]),
        ("agency={health}&due=soon", []),
        ("lead={police_lead}", ["late", "soon", "closed"]),
        ("audit={audit}&area={area}&state=open", ["awaiting", "late", "soon", "empty", "done"]),
        ("area={other}", []),
        ("theme={theme}", ["empty"]),
        ("agency=x&state=ajar", ["awaiting", "late", "soon", "empty", "done", "closed"]),
    ],
)
def test_filters_and_order(
    scene: Scene,
    many: dict[str, Recommendation],
    make: Maker,
    browser: Visit,
    query: str,
    expected: list[str],
) -> None:
    theme = make.theme("Planning")
    make.add(RecommendationTheme(recommendation_id=many["empty"].id, theme_id=theme.id))
    filled = query.format(
        health=scene.health.id,
        police_lead=scene.police_lead.id,
        audit=scene.audit.id,
        area=scene.area.id,
        other=scene.other_area.id,
        theme=theme.id,
    )
    page = browser(scene.qa_lead.email).get(f"/recommendations?{filled}")
    assert shown(page) == expected
    if not expected:
        assert "No recommendation fits these filters." in page.text
    rows = list(csv.reader(StringIO(download(browser, scene.qa_lead.email, filled), newline="")))[1:]
    assert list(dict.fromkeys(row[4] for row in rows)) == [f"The {name} one." for name in expected]


def download(browser: Visit, email: str, query: str = "") -> str:
    got = browser(email).get(f"/recommendations/download?{query}").response
    assert got.headers["Content-Disposition"] == "attachment; filename=recommendations.csv"
    assert got.mimetype == "text/csv"
    return got.get_data().decode("utf-8-sig")


def test_each_count_leads_to_that_many(scene: Scene, many: dict[str, Recommendation], browser: Visit) -> None:
    lead = browser(scene.qa_lead.email)
    page = lead.get("/recommendations?level=case")
    counted = figures(page)
    assert sum(counted.values()) > 0
    for words, figure in counted.items():
        href = next(href for text, href in page.links.items() if text.endswith(words))
        listed = lead.get(href)
        assert len(shown(listed)) == figure
        assert figures(listed) == counted


def test_an_action_filter_lists_only_those_actions(
    scene: Scene, many: dict[str, Recommendation], browser: Visit
) -> None:
    page = browser(scene.qa_lead.email).get(f"/recommendations?agency={scene.police.id}&due=overdue")
    assert "Police step." in page.text
    assert "Late step." not in page.text
    assert "1 more action" in page.text


def test_an_agency_sees_what_it_has_a_part_in(
    scene: Scene, many: dict[str, Recommendation], browser: Visit
) -> None:
    for person in (scene.health_lead, scene.auditor):
        page = browser(person.email).get("/recommendations")
        assert shown(page) == ["awaiting", "late", "done"]
        assert figures(page) == {
            "with overdue actions": 1,
            "awaiting verification": 1,
            "open": 3,
            "closed": 0,
        }
        assert "Late step." in page.links
        assert "Police step." in page.text
        assert "Police step." not in page.links
        assert "Overdue by 12 days" in page.text
        assert "Overdue by 3 days" not in page.text
        assert "Pat Police" not in page.text
    page = browser(scene.health_lead.email).get(f"/recommendations/{many['late'].id}")
    assert "Police step." in page.text
    assert "Pat Police" not in page.text
    assert "of other agencies’ actions what is to be done and its state" in page.text


def test_an_agencys_download_keeps_other_agencies_dates_and_leads(
    scene: Scene, many: dict[str, Recommendation], browser: Visit
) -> None:
    rows = list(csv.DictReader(StringIO(download(browser, scene.health_lead.email), newline="")))
    police = next(row for row in rows if row["Action"] == "Police step.")
    assert (police["Lead"], police["Due date"], police["Days overdue"]) == ("", "", "")
    assert police["Action state"] == "In progress"
    own = next(row for row in rows if row["Action"] == "Late step.")
    assert (own["Lead"], own["Days overdue"]) == ("Hana Health", "12")
    assert own["Due date"] == days(-12).isoformat()


def test_others_see_nothing(scene: Scene, many: dict[str, Recommendation], browser: Visit) -> None:
    for person in (scene.other_qa_lead, scene.stranger):
        visitor = browser(person.email)
        page = visitor.get("/recommendations")
        assert shown(page) == []
        assert sum(figures(page).values()) == 0
        assert "East Area Police" not in page.text
        visitor.get(f"/recommendations/{many['late'].id}", status=404)
    assert "no recommendations for you to see yet" in page.text


def test_an_administrator_has_no_business_here(scene: Scene, make: Maker, browser: Visit) -> None:
    visitor = browser(make.person(Role.ADMINISTRATOR).email)
    assert "Recommendations" not in visitor.get("/").links
    visitor.get("/recommendations", status=403)
    visitor.get("/recommendations/download", status=403)


def test_a_confidential_audit_is_for_those_named(
    app: Flask, scene: Scene, make: Maker, browser: Visit
) -> None:
    secret = make.audit(scene.area, scene.edition, (scene.health,), confidential=True)
    row = make.recommendation(secret, "The secret one.")
    action = make.action(row, scene.health, scene.health_lead, due_on=days(-1))
    for person in (scene.qa_lead, scene.health_lead, scene.member):
        visitor = browser(person.email)
        assert shown(visitor.get("/recommendations")) == []
        assert "overdue" not in visitor.get("/").text
        visitor.get(f"/recommendations/{row.id}", status=404)
        visitor.get(f"/actions/{action.id}", status=404)
    for person in (scene.qa_lead, scene.health_lead):
        with app.app_context(), writing() as session:
            session.add(AuditPerson(audit_id=secret.id, person_id=person.id))
        visitor = browser(person.email)
        assert shown(visitor.get("/recommendations")) == ["secret"]
        assert visitor.get(f"/actions/{action.id}").heading == "Action of North East Health Trust"
    offered = browser(scene.qa_lead.email).get(f"/audits/{secret.id}/recommendations/new")
    assert "Hana Health" in offered.text
    deputy = make.person(Role.AGENCY_LEAD, agency=scene.health, name="Dee Deputy")
    assert (
        deputy.name not in browser(scene.qa_lead.email).get(f"/audits/{secret.id}/recommendations/new").text
    )


def test_pages_of_twenty_and_the_same_statements_for_many(
    app: Flask, scene: Scene, many: dict[str, Recommendation], browser: Visit
) -> None:
    lead, agency = browser(scene.qa_lead.email), browser(scene.health_lead.email)
    few = (lead.get("/recommendations").statements, agency.get("/recommendations").statements)
    fill(app, scene, 60)
    page = lead.get("/recommendations?page=2")
    assert "Showing 21 to 40 of 66 recommendations" in page.text
    assert len(shown(page)) == 20
    assert len(shown(lead.get("/recommendations?page=99"))) == 6
    assert (lead.get("/recommendations").statements, agency.get("/recommendations").statements) == few
    assert max(few) <= 8
    kept = lead.get("/recommendations?state=open&page=2").links["Previous page"]
    assert "state=open" in kept


def fill(app: Flask, scene: Scene, number: int) -> None:
    """Many more recommendations, with more actions each than the tracker lists."""
    with app.app_context(), writing() as session:
        for place in range(number):
            made = Recommendation(
                audit_id=scene.audit.id,
                area_id=scene.area.id,
                number=100 + place,
                text="One of many.",
                level="case",
                priority="low",
                measure_of_success="Some.",
                created_at=scene.audit.created_at,
            )
            session.add(made)
            session.flush()
            session.add_all(
                Action(
                    recommendation_id=made.id,
                    audit_id=made.audit_id,
                    agency_id=scene.health.id,
                    text=f"Step {step}.",
                    due_on=days(step),
                    created_at=scene.audit.created_at,
                )
                for step in range(10)
            )


def test_a_long_recommendation_lists_its_first_actions(app: Flask, scene: Scene, browser: Visit) -> None:
    fill(app, scene, 1)
    page = browser(scene.qa_lead.email).get("/recommendations")
    assert "Step 5." in page.text
    assert "Step 6." not in page.text
    assert "4 more actions" in page.text


def test_markup_and_formulas_are_only_text(scene: Scene, make: Maker, browser: Visit) -> None:
    row = make.recommendation(scene.audit, "<script>alert(1)</script>")
    make.action(row, scene.health, text='=HYPERLINK("http://x","y")')
    page = browser(scene.qa_lead.email).get("/recommendations?text=<script>")
    assert "<script>alert(1)</script>" in page.text
    assert "<script>alert" not in page.html
    assert "\"'=HYPERLINK(" in download(browser, scene.qa_lead.email)


Cards = Callable[[str], dict[str, str]]


@pytest.fixture
def cards(browser: Visit) -> Cards:
    """The cards of a person's home page that lead to the tracker: their words and where they lead."""

    def read(email: str) -> dict[str, str]:
        page = browser(email).get("/")
        found: dict[str, str] = {}
        for item in page.all("li"):
            if "at-card" in (item.get("class") or "").split():
                words = " ".join("".join(item.itertext()).split())
                href = page.all("a", item)[0].get("href", "")
                if href.startswith("/recommendations"):
                    urgent = "at-card--urgent" in (item.get("class") or "")
                    found[("! " if urgent else "") + words] = href
        return found

    return read


def test_what_waits_for_an_agency_lead(
    scene: Scene, many: dict[str, Recommendation], cards: Cards, browser: Visit
) -> None:
    health, police = cards(scene.health_lead.email), cards(scene.police_lead.email)
    assert list(health) == ["! 1of your agency’s actions is overdue"]
    assert [words.split("A QA lead")[0] for words in police] == [
        "! 1of your agency’s actions is overdue",
        "1action was sent back to your agency",
        "1of your agency’s actions is due in the next 30 days",
    ]
    visitor = browser(scene.police_lead.email)
    assert [shown(visitor.get(href)) for href in police.values()] == [["late"], ["soon"], ["soon"]]


def test_what_waits_for_a_qa_lead_and_a_member(
    scene: Scene, many: dict[str, Recommendation], cards: Cards, browser: Visit
) -> None:
    lead, member = cards(scene.qa_lead.email), cards(scene.member.email)
    assert list(lead) == ["1action awaits verification", "2actions are overdue"]
    assert list(member) == ["5recommendations are open", "1recommendation has overdue actions"]
    visitor = browser(scene.qa_lead.email)
    assert [shown(visitor.get(href)) for href in lead.values()] == [["awaiting"], ["late"]]
    visitor = browser(scene.member.email)
    assert [len(shown(visitor.get(href))) for href in member.values()] == [5, 1]
    assert cards(scene.other_qa_lead.email) == {}
    assert cards(scene.auditor.email) == {}


def test_a_qa_lead_who_works_for_the_agency_is_not_asked_to_verify(
    app: Flask, scene: Scene, many: dict[str, Recommendation], make: Maker
) -> None:
    both = make.grant(make.person(Role.QA_LEAD, area=scene.area), Role.AUDITOR, agency=scene.health)
    with app.app_context():
        assert tracking.waiting(both).to_verify == 0
        assert tracking.waiting(scene.qa_lead).to_verify == 1


def test_the_tracker_of_a_person_with_an_area_and_an_agency_joins_both(
    app: Flask, scene: Scene, many: dict[str, Recommendation], make: Maker
) -> None:
    elsewhere = make.audit(scene.other_area, scene.edition, (scene.health,))
    make.action(make.recommendation(elsewhere, "The other one."), scene.health, scene.health_lead)
    both = make.grant(make.person(Role.QA_LEAD, area=scene.area), Role.AGENCY_LEAD, agency=scene.health)
    with app.app_context():
        seen = [line.text for line in tracking.tracker_page(both, Filters(), 1).items]
        assert len(seen) == 7
        assert "The other one." in seen
        rows: list[dict[str, Any]] = tracking.every_line(both, Filters())
        assert {row["area"] for row in rows} == {"Havering", "Redbridge"}
