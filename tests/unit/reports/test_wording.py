"""The sentences that a report writes by itself."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.analysis.figures import AgencyReturns, AuditFigures
from qa.analysis.wording import AGENCY, CASE
from qa.audits.lifecycle import ReturnState
from qa.frameworks.content import FrameworkContent, Option, ProfileField
from qa.frameworks.vocabulary import ProfileFieldType
from qa.recommendations.lifecycle import ActionState, Level, Priority, RecommendationState
from qa.recommendations.records import ReportedAction, ReportedRecommendation
from qa.reports import wording
from qa.reports.records import SectionFindings
from qa.returns.vocabulary import FindingKind
from tests.unit.analysis.examples import AGENCIES, CASES, COUNTS, FRAMEWORKS, audits, numbers, slips

Audit = tuple[FrameworkContent, AuditFigures]
NOTHING = AuditFigures(0, 0, (), {}, {}, (), 0, 0, 0)
GENDER = ProfileField(
    "gender",
    "Gender",
    ProfileFieldType.SINGLE_CHOICE,
    options=(Option("girl", "Girl"), Option("boy", "Boy")),
)
action_states = st.builds(
    lambda state, overdue: action(state, days=9 if overdue else 0),
    st.sampled_from(ActionState),
    st.booleans(),
)


def action(state: ActionState = ActionState.IN_PROGRESS, days: int = 0) -> ReportedAction:
    return ReportedAction(
        "Health Trust", "Train staff.", "Hana Health", date(2026, 3, 27), state, days > 0, days
    )


def recommendation(
    number: int, *actions: ReportedAction, state: RecommendationState = RecommendationState.OPEN
) -> ReportedRecommendation:
    return ReportedRecommendation(
        number, number, "Write plans.", Level.STRATEGIC, Priority.HIGH, "Nine in ten.", state, actions
    )


def agency(number: int, **states: int) -> AgencyReturns:
    return AgencyReturns(number, f"Agency {number}", {ReturnState(key): n for key, n in states.items()}, 0)


@given(audits, st.integers(1, 9))
def test_sentences_are_whole_and_agree_with_their_numbers(audit: Audit, edition: int) -> None:
    framework, figures = audit
    sentences = [
        wording.unwritten_summary(framework, figures, "1 April 2019 to 31 March 2020"),
        wording.method(framework, edition, figures),
        wording.concerns(figures),
        wording.grades_rule(framework),
        *(wording.section_grades(framework, figures, section) for section in framework.sections),
    ]
    for text in filter(None, sentences):
        assert text.endswith(".")
        assert "None" not in text
        assert "  " not in text
        assert ".." not in text
        assert not slips(text)


@given(audits)
def test_key_facts_agree_with_their_numbers(audit: Audit) -> None:
    share = wording.agreed_share(*audit)
    assert share
    assert "None" not in share
    assert (share == "Not yet agreed") == (audit[1].judged - audit[1].agreed_in(None)["not_applicable"] == 0)


@given(
    st.sampled_from(FindingKind),
    st.sampled_from([CASE, AGENCY]),
    st.integers(1, 12),
    st.integers(0, 2_000),
    COUNTS,
    COUNTS,
)
def test_counts_of_findings_agree_with_their_numbers(
    kind: FindingKind, unit: object, shown: int, more: int, findings: int, cases: int
) -> None:
    found = SectionFindings((("Seen alone.", 1),) * shown, shown + more, findings, cases)
    text = wording.finding_counts(found, kind, CASE if unit is CASE else AGENCY)
    assert not slips(text)
    assert ("are listed" in text) == (more > 0)


@given(st.lists(st.lists(action_states, max_size=3), max_size=4), st.data())
def test_states_of_recommendations_add_up(plans: list[list[ReportedAction]], data: st.DataObject) -> None:
    rows = [
        recommendation(place, *actions, state=data.draw(st.sampled_from(RecommendationState)))
        for place, actions in enumerate(plans)
    ]
    text = wording.recommendation_states(rows)
    assert not slips(text)
    if not rows:
        assert text == "None made"
        return
    total, rest = text.split(": ")
    opened, closed = (int(part.split()[0]) for part in rest.split("; ")[0].split(", "))
    assert int(total) == opened + closed == len(rows)


@given(st.integers(0, 500), st.integers(0, 500), st.integers(0, 500))
def test_the_sample_adds_up_to_its_cases(girls: int, boys: int, blank: int) -> None:
    cases = girls + boys + blank
    table = wording.sample_table(GENDER, {"Girl": girls, "Boy": boys}, CASE, cases)
    cells = numbers(table)
    assert sum(int(row[0]) for row in cells) == cases
    shares = [float(row[1].removesuffix("%")) for row in cells if row[1] != "–"]
    assert all(0 <= share <= 100 for share in shares)
    assert bool(shares) == (cases > 0)
    assert ("Left blank" in [row.full_cells[0].text for row in table.rows]) == (blank > 0)


def test_a_self_assessment_is_told_in_its_own_words() -> None:
    figures = NOTHING._replace(cases=10, opened=7, agencies=(agency(1, submitted=1),))
    text = wording.method(AGENCIES, 2, figures)
    assert text.startswith("10 agencies assessed themselves with the framework Small framework, edition 2.")
    assert "7 agencies went to a panel" in text
    assert "case" not in text
    assert "took part" not in text
    one = figures._replace(cases=1)
    assert wording.method(AGENCIES, 1, one).startswith("1 agency assessed itself with")
    assert wording.sample_table(GENDER, {"Girl": 1}, AGENCY, 1).columns[1].heading == "Agencies"


@pytest.mark.parametrize(
    ("framework", "words"),
    list(
        zip(
            FRAMEWORKS,
            (
                "Multi-agency thematic audit",
                "Self-assessment",
                "Single-agency thematic audit",
                "Multi-agency thematic audit",
            ),
            strict=True,
        )
    ),
)
def test_the_subtitle_says_what_kind_of_audit_it_is(framework: FrameworkContent, words: str) -> None:
    assert wording.subtitle(framework) == words


def test_agencies_that_took_part_are_named() -> None:
    two = NOTHING._replace(cases=1, agencies=(agency(1, submitted=1), agency(2, not_involved=1)))
    text = wording.method(CASES, 1, two)
    assert text.startswith("1 case was audited with")
    assert "2 agencies took part: Agency 1 and Agency 2. Each graded its own records without seeing" in text
    assert "In 1 return the agency was not involved with the child." in text
    one = two._replace(agencies=(agency(1, submitted=1),))
    assert "1 agency took part: Agency 1." in wording.method(CASES, 1, one)
    assert "seeing the others" not in wording.method(CASES, 1, one)


def test_the_panels_grades_stand_beside_the_agencies_own() -> None:
    figures = NOTHING._replace(
        given={("front_door", 1): Counter(good=3, inadequate=1, not_applicable=5)},
        agreed={"front_door": Counter(good=1)},
    )
    front_door, plans, *_ = CASES.sections
    assert wording.section_grades(CASES, figures, front_door) == (
        "Agencies gave 4 grades for this section, 3 of them (75.0%) at or above the standard. "
        "The panel agreed a grade in 1 case, at or above the standard."
    )
    assert wording.section_grades(CASES, figures, plans) == ""


def test_what_is_not_applicable_everywhere_is_not_told_as_nought_per_cent() -> None:
    figures = NOTHING._replace(agreed={None: Counter(not_applicable=3)})
    assert wording.agreed_share(CASES, figures) == "Not yet agreed"
    assert "The panel graded" not in wording.unwritten_summary(CASES, figures, "the year")


@pytest.mark.parametrize(
    ("number", "start"),
    [
        (0, "No auditor raised an immediate concern"),
        (1, "1 immediate concern about a child’s safety was raised"),
        (2, "2 immediate concerns about a child’s safety were raised"),
    ],
)
def test_immediate_concerns_are_counted_and_never_told(number: int, start: str) -> None:
    assert wording.concerns(NOTHING._replace(concerns=number)).startswith(start)


@pytest.mark.parametrize(
    ("raised", "closed", "end"),
    [
        (1, 0, "It is being acted on."),
        (1, 1, "It has been acted on and closed."),
        (3, 0, "They are being acted on."),
        (3, 1, "1 of them is closed; the others are being acted on."),
        (3, 2, "2 of them are closed; the others are being acted on."),
        (3, 3, "All have been acted on and closed."),
    ],
)
def test_it_says_how_many_concerns_are_closed(raised: int, closed: int, end: str) -> None:
    assert wording.concerns(NOTHING._replace(concerns=raised, concerns_closed=closed)).endswith(end)


@pytest.mark.parametrize(
    ("typed", "parts"),
    [
        ("", []),
        ("   \n \n", []),
        ("One\ntwo\n\nthree", ["One\ntwo", "three"]),
        ("One\n \t\nTwo", ["One", "Two"]),
        ("One\n\n\n\nTwo", ["One", "Two"]),
    ],
)
def test_an_empty_line_ends_a_paragraph(typed: str, parts: list[str]) -> None:
    assert wording.paragraphs(typed) == parts


@given(st.text("ab \n", max_size=60))
def test_paragraphs_lose_nothing_that_was_typed(typed: str) -> None:
    assert "".join("".join(wording.paragraphs(typed)).split()) == "".join(typed.split())
    assert all(wording.paragraphs(typed))


def test_a_line_is_a_point() -> None:
    assert wording.lines(" Is the child seen?\n\n Alone? \n") == ("Is the child seen?", "Alone?")


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(0, 800))
def test_periods_are_two_days_in_words(start: date, length: int) -> None:
    end = start + timedelta(days=length)
    first, last = wording.period(start, end).split(" to ")
    assert (first, last) == (wording.day(start), wording.day(end))
    assert first.startswith(f"{start.day} ")


def test_overdue_actions_are_told_with_the_recommendations() -> None:
    rows = [recommendation(1, action(days=9)), recommendation(2, state=RecommendationState.CLOSED)]
    assert wording.recommendation_states(rows) == "2: 1 open, 1 closed; 1 action overdue"
    assert wording.recommendation_states(rows[1:]) == "1: 0 open, 1 closed"
