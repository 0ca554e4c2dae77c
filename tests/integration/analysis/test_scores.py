"""The page of scores: every answer with a grade or a yes, partly or no, counted by hand beside it."""

from __future__ import annotations

from pathlib import Path

import pytest

from qa.accounts.permissions import CurrentPerson
from qa.audits.lifecycle import Stage
from tests.integration.analysis import scene as scenes
from tests.integration.analysis.conftest import Visit
from tests.integration.analysis.reading import charts, labels, tables
from tests.integration.analysis.scene import COUNCIL, HEALTH, POLICE, Scene
from tests.support.factories import Maker

DASH = "–"
SMALL = Path(__file__).parents[2] / "support" / "small_framework.yaml"
PLAN_WEIGHS_THREE = "    title: Child protection plan\n    weight: 3\n"


@pytest.fixture
def answered(make: Maker, scene: Scene) -> Scene:
    """The audit with answers beside its section grades."""
    edition, made = scene.edition, scene.made
    for case, agency, threshold, consent in (
        ("C1", COUNCIL, "outstanding", "yes"),
        ("C1", HEALTH, "inadequate", "partly"),
        ("C1", POLICE, "requires_improvement", "not_applicable"),
        ("C2", COUNCIL, "good", "no"),
        ("C2", POLICE, "outstanding", "yes"),  # not submitted
    ):
        make.answer(made[case, agency], edition, "threshold", grade=threshold)
        make.answer(made[case, agency], edition, "consent", code=consent)
    # The police are not asked this one, nor is anybody on a case of early help.
    for case, agency in (("C1", COUNCIL), ("C1", POLICE), ("C4", COUNCIL)):
        make.answer(made[case, agency], edition, "plan_smart", grade="inadequate")
    # Of the local authority alone.
    for case, agency in (("C1", COUNCIL), ("C1", HEALTH), ("C2", COUNCIL)):
        make.answer(made[case, agency], edition, "police_check", code="yes")
    return scene


def scores(scene: Scene, section: str = "") -> str:
    return f"{scene.analysis}/scores{f'?section={section}' if section else ''}"


def test_every_counted_answer_and_no_other_is_in_the_figures(answered: Scene, browser: Visit) -> None:
    page = browser(answered.lead.email).get(scores(answered))
    assert page.heading == "Scores"
    # Front door. Grades of the section: good, outstanding, good, requires improvement, good, inadequate,
    # good. Threshold: 3/3, 0/3, 1/3, 2/3. Consent: 1, 1/2, 0. Points: 2/3*4 + 1 + 1/3 + 0 = 4; 2; 1.5.
    # So 7.5 of 14. At the standard: 5 + 2 + 1 = 8.
    # Plan. Grades: good, inadequate, good: 4/3. Smart: 0 of one. Police check: 2 of 2. 3 1/3 of 6; 4 of 6.
    assert tables(page)["Every section and the whole"] == [
        ["Front door and threshold", "1", "14", "57.1%", "53.6%"],
        ["Child protection plan", "1", "6", "66.7%", "55.6%"],
        ["The whole", "", "20", "60.0%", "54.6%"],
    ]
    assert tables(page)["Answers by section: Ofsted's four grades: figures"] == [
        ["Front door and threshold", "2", "5", "2", "2", "11", "63.6%", "1"],
        ["Child protection plan", "0", "2", "0", "2", "4", "50.0%", "1"],
    ]
    assert tables(page)["Answers by section: Yes, partly or no: figures"] == [
        ["Front door and threshold", "1", "1", "1", "3", "33.3%", "1"],
        ["Child protection plan", "2", "0", "0", "2", "100.0%", "0"],
    ]
    assert len(charts(page)) == 3
    assert "In no denominator: “Not applicable”" in page.text
    assert "Inadequate is 0% and Outstanding is 100%" in page.text


def test_the_picture_has_the_same_figures_to_the_whole_per_cent(answered: Scene, browser: Visit) -> None:
    page = browser(answered.lead.email).get(scores(answered))
    drawn = " ".join(labels(charts(page)[0]))
    for bar in ("At standard 57", "Weighted 54", "At standard 67", "Weighted 56"):
        assert bar in drawn


def test_a_section_shows_each_question_with_its_wording(answered: Scene, browser: Visit) -> None:
    lead = browser(answered.lead.email)
    address = lead.get(scores(answered)).links["Front door and threshold"]
    page = lead.get(address)
    assert page.heading == "Front door and threshold"
    assert tables(page)["Every question and the section"] == [
        ["Was the threshold decision right?", "1", "4", "50.0%", "50.0%"],
        ["Was consent sought?", "1", "3", "33.3%", "50.0%"],
        ["Overall grade for the front door", "1", "7", "71.4%", "57.1%"],
        ["The section", "", "14", "57.1%", "53.6%"],
    ]
    assert tables(page)["Answers by question: Yes, partly or no: figures"] == [
        ["Was consent sought?", "1", "1", "1", "3", "33.3%", "1"],
    ]
    assert "Was it" not in page.text
    assert "Child protection plan" not in page.text
    assert page.links["Scores"] == scores(answered)


def test_weights_of_questions_and_sections_count_so_many_times(
    make: Maker, browser: Visit, tmp_path: Path
) -> None:
    text = SMALL.read_text("utf-8").replace("{key: threshold, ", "{key: threshold, weight: 4, ")
    text = text.replace(", themes: [thresholds]", "")
    weighted = tmp_path / SMALL.name
    weighted.write_text(text.replace("    title: Child protection plan\n", PLAN_WEIGHS_THREE), "utf-8")
    edition = make.edition(weighted)
    scene = scenes.build(make, edition=edition)
    make.answer(scene.made["C1", COUNCIL], edition, "threshold", grade="inadequate")
    page = browser(scene.lead.email).get(scores(scene))
    # Points of the grades: 2/3*4 + 1 + 1/3 + 0 = 4, of 7 and the threshold's 4; 4/3 of 3.
    assert tables(page)["Every section and the whole"] == [
        ["Front door and threshold", "1", "8", "62.5%", "36.4%"],
        ["Child protection plan", "3", "3", "66.7%", "44.4%"],
        ["The whole", "", "11", "63.6%", "42.4%"],
    ]


def test_nothing_to_count_is_said_in_words_and_is_not_nought(make: Maker, browser: Visit) -> None:
    scene = scenes.people(make, Stage.REPORTED)
    lead = browser(scene.lead.email)
    for address in (scores(scene), scores(scene, "protection")):
        page = lead.get(address)
        assert "is answered in a submitted return yet." in page.text
        assert charts(page) == []


def test_a_section_without_answers_has_a_dash(scene: Scene, browser: Visit) -> None:
    page = browser(scene.lead.email).get(scores(scene, "protection"))
    assert tables(page)["Every question and the section"][0] == [
        "Is the plan specific and measurable?",
        "1",
        "0",
        DASH,
        DASH,
    ]


def test_an_unknown_section_is_not_found(scene: Scene, browser: Visit) -> None:
    browser(scene.lead.email).get(scores(scene, "nonsense"), status=404)


@pytest.mark.parametrize(
    ("who", "status"),
    [("member", 200), ("agency_lead", 403), ("auditor", 403), ("other_lead", 404), ("other_member", 404)],
)
def test_whoever_reads_the_analysis_reads_the_scores(
    scene: Scene, browser: Visit, who: str, status: int
) -> None:
    person: CurrentPerson = getattr(scene, who)
    visit = browser(person.email)
    visit.get(scores(scene), status=status)
    if status == 200:
        page = visit.get(visit.get(scene.analysis).links["Scores of every question with grades"])
        for address in set(page.links.values()):
            if address.startswith("/") and address != "/sign-out":
                visit.get(address)
