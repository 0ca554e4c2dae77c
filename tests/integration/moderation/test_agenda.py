"""The panel's agenda: cases, filters, order, and the roll-up of divergence behind it."""

from __future__ import annotations

import random
from collections.abc import Callable
from itertools import combinations

import pytest
from flask import Flask
from sqlalchemy import insert, select, update

from bench.load import load
from qa.audits.lifecycle import ReturnState, Stage
from qa.audits.models import Case, CaseProfileValue, Return
from qa.db import db, now, today, writing
from qa.moderation.agenda import agenda
from qa.moderation.models import CaseDivergence, Judgement
from qa.moderation.rollup import bring_up_to_date
from qa.moderation.showing import Order, Show
from qa.returns.models import Answer
from tests.integration.moderation.conftest import Scene, Visit
from tests.support.factories import Maker
from tests.support.pages import NAMESPACE, Page

Empty = Callable[[], None]


def rows(page: Page) -> list[list[str]]:
    """The agenda's cells, row by row."""
    table = page.find("tbody")
    if table is None:
        return []
    return [
        [" ".join(" ".join(cell.itertext()).split()) for cell in row] for row in table.iter(f"{NAMESPACE}tr")
    ]


def second_case(make: Maker, scene: Scene, grade: str = "inadequate") -> Case:
    """Another case with one return missing; the council's grade on it is outstanding, health's as told."""
    case = make.case(scene.audit, "HP-002")
    for agency, given in ((scene.council, "outstanding"), (scene.health, grade)):
        row = make.case_return(case, agency, state=ReturnState.SUBMITTED)
        make.answer(row, scene.edition, "threshold", grade=given)
    make.case_return(case, scene.police, state=ReturnState.IN_PROGRESS)
    return case


def test_the_furthest_apart_come_first_or_the_cases_go_by_number(
    make: Maker, scene: Scene, browser: Visit
) -> None:
    second_case(make, scene)
    third = make.case(scene.audit, "HP-003")
    make.case_return(third, scene.council)
    lead = browser(scene.lead.email)
    assert rows(lead.get(scene.agenda)) == [
        ["HP-002", "2 of 3", "Not open yet", "3 grades apart 1 question two or more apart", "Not yet"],
        ["HP-001", "3 of 3", "Not open yet", "2 grades apart 1 question two or more apart", "Not yet"],
        ["HP-003", "0 of 1", "Not open yet", "Nothing to compare", "Not yet"],
    ]
    by_number = [row[0] for row in rows(lead.get(f"{scene.agenda}?order=number"))]
    assert by_number == ["HP-001", "HP-002", "HP-003"]


def test_filters_leave_the_cases_asked_for(make: Maker, open_case: Scene, browser: Visit) -> None:
    lead = browser(open_case.lead.email)
    second = second_case(make, open_case, "good")
    third = make.case(open_case.audit, "HP-003")
    make.case_return(third, open_case.council, state=ReturnState.SUBMITTED)
    lead.post(f"{open_case.agenda}/{second.id}/open")
    data = {"grade": "good", "reason": "Agreed.", "version": "0"}
    lead.post(f"{open_case.agenda}/{second.id}/overall", data)
    lead.post(f"{open_case.page}/sections/front_door", data)
    found = {
        show: [row[0] for row in rows(lead.get(f"{open_case.agenda}?show={show}&order=number"))]
        for show in ("all", "not-opened", "opened", "judged", "divergent", "nonsense")
    }
    assert found == {
        "all": ["HP-001", "HP-002", "HP-003"],
        "not-opened": ["HP-003"],
        "opened": ["HP-001"],
        "judged": ["HP-002"],
        "divergent": ["HP-001"],
        "nonsense": ["HP-001", "HP-002", "HP-003"],
    }
    page = lead.get(f"{open_case.agenda}?order=number")
    assert rows(page)[0][2:3] + rows(page)[1][2:] == [
        "Open 1 section agreed",
        "Judged",
        "1 grade apart",
        "Good",
    ]
    assert "Overall grade agreed (1)" in page.text
    empty = lead.get(f"{open_case.agenda}?show=judged&page=4")
    assert "No case fits this filter." in empty.text


def test_agencies_see_the_open_cases_they_have_a_return_on(
    make: Maker, open_case: Scene, browser: Visit
) -> None:
    second_case(make, open_case)
    assert [row[0] for row in rows(browser(open_case.health_lead.email).get(open_case.agenda))] == ["HP-001"]
    page = browser(open_case.stranger.email).get(open_case.agenda)
    assert "No case of this audit is open to the panel for your agency yet." in page.text
    assert "Not open yet" not in page.text


@pytest.mark.parametrize("everywhere", [True, False])
@pytest.mark.parametrize("opened", [range(5), range(1, 4), range(0)])
def test_an_agencys_figures_are_those_of_the_open_cases_it_has_a_return_on(
    app: Flask, make: Maker, scene: Scene, opened: range, everywhere: bool
) -> None:
    grades = scene.edition.ids.grades
    judged, apart, theirs = {1, 2, 3}, {0, 2, 3}, {0, 1, 3, 4} if not everywhere else set(range(5))
    audit = make.audit(
        scene.area, scene.edition, (scene.council, scene.health, scene.police), stage=Stage.PANEL
    )
    for place in range(5):
        case = make.case(audit)
        for agency, given in ((scene.council, "outstanding"), (scene.police, "inadequate")):
            row = make.case_return(case, agency, state=ReturnState.SUBMITTED)
            make.answer(row, scene.edition, "threshold", grade=given if place in apart else "good")
        if place in theirs:
            make.case_return(case, scene.health)
        with app.app_context(), writing() as session:
            if place in opened:
                session.execute(update(Case).where(Case.id == case.id).values(panel_opened_at=now()))
            if place in judged and place in opened:
                grade_id = grades[("ofsted", "good")]
                values = {"grade_id": grade_id, "reason": "Agreed.", "decided_at": now()}
                session.add(Judgement(audit_id=audit.id, case_id=case.id, **values))
    seen = theirs & set(opened)
    with app.app_context():
        found = agenda(scene.health_lead, audit.id, Show.ALL, Order.DIVERGENCE, 1)
        assert found.counts == {
            Show.ALL: len(seen),
            Show.NOT_OPENED: 0,
            Show.OPENED: len(seen - judged),
            Show.JUDGED: len(seen & judged),
            Show.DIVERGENT: len(seen & apart),
        }
        assert len(found.page.items) == len(seen)


def test_a_resubmitted_return_and_a_changed_profile_are_counted_afresh(
    app: Flask, make: Maker, scene: Scene, browser: Visit
) -> None:
    lead = browser(scene.lead.email)

    def apart() -> str:
        return rows(lead.get(scene.agenda))[0][3]

    assert apart().startswith("2 grades apart")
    with app.app_context(), writing() as session:
        row = session.get_one(Return, scene.health_return.id)
        row.state, row.submitted_at = ReturnState.IN_PROGRESS, None
    assert apart() == "Nothing to compare"
    good = scene.edition.ids.grades[("ofsted", "good")]
    with app.app_context(), writing() as session:
        row = session.get_one(Return, scene.health_return.id)
        row.state, row.submitted_at = ReturnState.SUBMITTED, now()
        threshold = scene.edition.ids.questions["threshold"]
        session.execute(
            update(Answer)
            .where(Answer.return_id == row.id, Answer.question_id == threshold)
            .values(grade_id=good)
        )
    assert apart() == "1 grade apart"
    # The plan's questions are asked on the child protection pathway alone.
    for row_, grade in ((scene.council_return, "outstanding"), (scene.health_return, "inadequate")):
        make.answer(row_, scene.edition, "plan_smart", grade=grade)
    assert apart() == "1 grade apart"
    with app.app_context(), writing() as session:
        session.execute(
            update(CaseProfileValue)
            .where(CaseProfileValue.case_id == scene.case.id)
            .values(option_id=scene.edition.ids.profile_options[("pathway", "child_protection")])
        )
        case = session.get_one(Case, scene.case.id)
        session.execute(update(Case).where(Case.id == case.id).values(version=case.version + 1))
    assert apart().startswith("3 grades apart")


def test_one_return_opened_again_while_another_comes_in_is_noticed(
    app: Flask, make: Maker, scene: Scene, browser: Visit
) -> None:
    lead = browser(scene.lead.email)
    second = make.case(scene.audit, "HP-002")
    theirs = make.case_return(second, scene.council, state=ReturnState.SUBMITTED)
    waiting = make.case_return(second, scene.health, state=ReturnState.IN_PROGRESS)
    for row_, grade in ((theirs, "outstanding"), (waiting, "inadequate")):
        make.answer(row_, scene.edition, "threshold", grade=grade)
    assert [row[3][:14] for row in rows(lead.get(scene.agenda))] == ["2 grades apart", "Nothing to com"]
    with app.app_context(), writing() as session:
        opened = session.get_one(Return, scene.health_return.id)
        opened.state, opened.submitted_at = ReturnState.IN_PROGRESS, None
        sent = session.get_one(Return, waiting.id)
        sent.state, sent.submitted_at = ReturnState.SUBMITTED, now()
    found = rows(lead.get(scene.agenda))
    assert [(row[0], row[3][:14]) for row in found] == [
        ("HP-002", "3 grades apart"),
        ("HP-001", "Nothing to com"),
    ]


def test_opening_cases_counts_nothing_afresh(make: Maker, scene: Scene, browser: Visit) -> None:
    second_case(make, scene)
    third = make.case(scene.audit, "HP-003")
    make.case_return(third, scene.council, state=ReturnState.SUBMITTED)
    lead = browser(scene.lead.email)
    lead.get(scene.agenda)
    quiet = lead.get(scene.agenda)
    lead.post(f"{scene.page}/open")
    lead.post(scene.agenda)
    after = lead.get(scene.agenda)
    assert [row[3] for row in rows(after)] == [row[3] for row in rows(quiet)]
    assert after.statements == quiet.statements


@pytest.mark.parametrize("seed", range(6))
def test_the_roll_up_is_what_counting_by_hand_gives(app: Flask, make: Maker, scene: Scene, seed: int) -> None:
    chance = random.Random(seed)
    scale = [grade.key for grade in scene.edition.judgement_scale.grades]
    expected: dict[int, tuple[int | None, int]] = {scene.case.id: (2, 1)}
    with app.app_context(), writing() as session:
        for number in range(2, 14):
            case = Case(audit_id=scene.audit.id, number=number, reference=f"X{number}", created_at=now())
            session.add(case)
            session.flush()
            given: dict[str, list[str]] = {}
            for agency in (scene.council, scene.health, scene.police):
                state = chance.choice(
                    [ReturnState.SUBMITTED] * 3 + [ReturnState.IN_PROGRESS, ReturnState.NOT_INVOLVED]
                )
                row = Return(
                    audit_id=scene.audit.id,
                    case_id=case.id,
                    agency_id=agency.id,
                    state=state,
                    due_on=today(),
                    submitted_at=now() if state is ReturnState.SUBMITTED else None,
                )
                session.add(row)
                session.flush()
                for key in ("threshold", "front_door_grade", "plan_smart"):
                    said = chance.choice([*scale, "not_applicable", None])
                    if said is None:
                        continue
                    grade = scene.edition.ids.grades.get(("ofsted", said))
                    values = {"grade_id": grade, "code": None if grade else said}
                    question = scene.edition.ids.questions[key]
                    session.execute(
                        insert(Answer).values(
                            return_id=row.id, question_id=question, updated_at=now(), **values
                        )
                    )
                    # The case has no pathway, so nobody is asked about the plan.
                    if grade and state is ReturnState.SUBMITTED and key != "plan_smart":
                        given.setdefault(key, []).append(said)
            steps = [
                max(abs(scale.index(one) - scale.index(other)) for one, other in combinations(listed, 2))
                for listed in given.values()
                if len(listed) > 1
            ]
            expected[case.id] = (max(steps, default=None), sum(step >= 2 for step in steps))
    with app.app_context():
        bring_up_to_date(scene.audit.id)
        counted = {row.case_id: (row.spread, row.apart) for row in db.session.scalars(select(CaseDivergence))}
        assert expected == {key: counted[key] for key in expected}


def test_the_number_of_statements_is_the_same_at_any_size(
    app: Flask, browser: Visit, empty_again: Empty
) -> None:
    found: list[list[int]] = []
    for cases in (20, 240):
        if found:
            empty_again()
        loaded = load(app, cases, 4)
        lead = browser(loaded.lead)
        pages = [
            f"/audits/{loaded.audit_id}/panel{query}" for query in ("", "?order=number", "?show=divergent")
        ]
        found.append([lead.get(page).statements for page in (*pages, *pages)])
    few, many = found
    assert few == many
    assert max(many[1:]) <= 8


def test_a_long_agenda_has_pages(app: Flask, browser: Visit) -> None:
    loaded = load(app, 60, 4)
    lead = browser(loaded.lead)
    first, second = (
        [row[0] for row in rows(lead.get(f"/audits/{loaded.audit_id}/panel?order=number&page={page}"))]
        for page in (1, 2)
    )
    assert (len(first), len(second)) == (50, 10)
    assert first + second == sorted(first + second)
    # The same cases stand on the pages when the furthest apart come first.
    apart = [
        row[0] for page in (1, 2) for row in rows(lead.get(f"/audits/{loaded.audit_id}/panel?page={page}"))
    ]
    assert sorted(apart) == first + second


def test_the_home_page_counts_open_cases_without_an_overall_grade(open_case: Scene, browser: Visit) -> None:
    lead = browser(open_case.lead.email)
    page = lead.get("/")
    assert "1 case to agree at the panel Audit 1" in page.text
    assert page.links["case to agree at the panel"] == f"{open_case.agenda}?show=opened"
    lead.post(f"{open_case.page}/overall", {"grade": "good", "reason": "Agreed.", "version": "0"})
    assert "to agree at the panel" not in lead.get("/").text
    assert "to agree at the panel" not in browser(open_case.health_lead.email).get("/").text
