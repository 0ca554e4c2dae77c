"""The figures of the analysis page against those counted by hand."""

from __future__ import annotations

import pytest
from flask import Flask

from qa.analysis.queries import audit_figures
from qa.audits.lifecycle import Stage
from qa.db import now
from qa.findings.models import FindingTheme
from tests.integration.analysis import scene as scenes
from tests.integration.analysis.conftest import Visit
from tests.integration.analysis.reading import charts, labels, tables, words
from tests.integration.analysis.scene import FOUND, GIVEN, IMPROVE, STRENGTH, TABLES, Scene
from tests.support.factories import Maker


@pytest.mark.parametrize("caption", TABLES)
def test_every_table_says_what_counting_by_hand_says(scene: Scene, browser: Visit, caption: str) -> None:
    page = browser(scene.lead.email).get(scene.analysis)
    assert tables(page)[caption] == TABLES[caption]


def test_there_is_no_figure_that_was_not_counted_by_hand(scene: Scene, browser: Visit) -> None:
    assert tables(browser(scene.lead.email).get(scene.analysis)).keys() == TABLES.keys()


def test_every_chart_draws_the_numbers_of_the_table_beside_it(scene: Scene, browser: Visit) -> None:
    page = browser(scene.lead.email).get(scene.analysis)
    found = charts(page)
    assert len(found) == 5
    for chart in found:
        (caption,) = page.all("caption", chart)
        drawn = " ".join(labels(chart))
        rows = [row for row in TABLES[words(caption)] if row[0] != "All agencies"]
        bars = 1 if "Themes" in words(caption) else 4
        for row in rows:
            assert row[0] in drawn
            for cell in row[1 : 1 + bars]:
                assert cell == "0" or cell in drawn.split()


def test_the_page_opens_with_the_sums(scene: Scene, browser: Visit) -> None:
    page = browser(scene.lead.email).get(scene.analysis)
    cards = [words(card) for card in page.all("li") if card.get("class") == "at-card"]
    complete = sum(entry.state.complete for entry in GIVEN)
    released = [entry.kind for entry in FOUND if entry.released]
    assert cards == [
        "6cases",
        f"{complete} of {len(GIVEN)}returns in",
        "3 of 6graded by the panel",
        f"{released.count(STRENGTH)}strengths",
        f"{released.count(IMPROVE)}areas for improvement",
    ]


def test_a_theme_of_a_finding_not_released_yet_is_in_no_figure(
    scene: Scene, make: Maker, browser: Visit
) -> None:
    hidden = make.theme("Hidden")
    finding = make.finding(scene.made["C5", scenes.COUNCIL], scene.edition, "Not yet.", released=False)
    make.add(FindingTheme(finding_id=finding.id, theme_id=hidden.id, coded_at=now()))
    page = browser(scene.lead.email).get(scene.analysis)
    assert "Hidden" not in page.text
    assert tables(page)["Themes by number of cases: figures"] == scenes.rows_of_themes()


def test_another_audits_figures_stay_with_it(app: Flask, scene: Scene, make: Maker) -> None:
    other = make.audit(scene.area, scene.edition, stage=Stage.REPORTED)
    case = make.case(other)
    make.profile_value(case, scene.edition, "pathway", "child_protection")
    row = make.case_return(case, scene.agencies[scenes.HEALTH], state=scenes.SUBMITTED)
    make.answer(row, scene.edition, "front_door_grade", grade="inadequate")
    make.finding(row, scene.edition)
    with app.app_context():
        _, _, theirs = audit_figures(scene.lead, other.id)
        _, _, ours = audit_figures(scene.lead, scene.audit.id)
    assert (theirs.cases, theirs.returns, theirs.strengths) == (1, 1, 1)
    assert theirs.of_section("front_door") == {"inadequate": 1}
    assert (ours.cases, ours.returns) == (6, len(GIVEN))
    assert ours.of_section("front_door")["inadequate"] == 1


def test_an_audit_with_nothing_in_it_yet_says_so(make: Maker, browser: Visit) -> None:
    empty = scenes.people(make, Stage.PLANNING)
    page = browser(empty.lead.email).get(empty.analysis)
    assert not charts(page)
    assert tables(page) == {}
    for sentence in (
        "No return is allocated to an agency yet.",
        "The panel has not agreed any grade yet.",
        "No agency has graded a section in a submitted return yet.",
        "No finding is coded to a theme yet.",
    ):
        assert sentence in page.text


def test_statements_are_few_and_the_same_however_much_there_is(
    scene: Scene, make: Maker, browser: Visit
) -> None:
    for who in (scene.lead, scene.member):
        visit = browser(who.email)
        visit.get(scene.analysis)
        few = visit.get(scene.analysis).statements
        assert few <= 8
        more = make.agency(f"Another {who.id}")
        for number in range(5):
            case = make.case(scene.audit, f"M{who.id}-{number}")
            row = make.case_return(case, more, state=scenes.SUBMITTED)
            make.answer(row, scene.edition, "front_door_grade", grade="good")
            finding = make.finding(row, scene.edition, f"Another {number}.")
            theme = make.theme(f"Theme {who.id} {number}")
            make.add(FindingTheme(finding_id=finding.id, theme_id=theme.id, coded_at=now()))
        assert visit.get(scene.analysis).statements == few


def test_the_demonstrations_figures_are_marked_as_illustrative(make: Maker, browser: Visit) -> None:
    shown = scenes.build(make, illustrative=True)
    assert (
        "Grades in this demonstration are illustrative" in browser(shown.lead.email).get(shown.analysis).text
    )
    real = make.audit(shown.area, shown.edition, stage=Stage.REPORTED)
    assert "illustrative" not in browser(shown.lead.email).get(f"/audits/{real.id}/analysis").text
