"""Recommendations as a report shows them."""

from __future__ import annotations

from datetime import date

from qa.publishing.document import Block, Heading, KeyFacts, Paragraph, Table
from qa.recommendations.lifecycle import ActionState, Level, Priority, RecommendationState
from qa.recommendations.records import ReportedAction, ReportedRecommendation
from qa.reports.recommendations import recommendation_blocks


def action(state: ActionState, *, days: int = 0, lead: str | None = "Hana Health") -> ReportedAction:
    return ReportedAction("Health Trust", "Train staff.", lead, date(2026, 3, 27), state, days > 0, days)


def recommendation(number: int, *actions: ReportedAction) -> ReportedRecommendation:
    return ReportedRecommendation(
        100 + number,
        number,
        f"Recommendation text {number}.",
        Level.OPERATIONAL,
        Priority.MEDIUM,
        "Nine in ten.",
        RecommendationState.OPEN,
        actions,
    )


def rows(block: Block) -> list[list[str]]:
    assert isinstance(block, Table)
    return [[cell.text for cell in row.full_cells] for row in block.rows]


def test_the_overview_counts_what_is_verified_and_what_is_overdue() -> None:
    blocks = recommendation_blocks(
        [
            recommendation(1, action(ActionState.VERIFIED), action(ActionState.IN_PROGRESS, days=1)),
            recommendation(2),
        ]
    )
    assert rows(blocks[1]) == [
        ["1", "Recommendation text 1.", "Medium", "Open", "1 of 2", "1"],
        ["2", "Recommendation text 2.", "Medium", "Open", "0 of 0", "0"],
    ]


def test_each_has_its_facts_and_its_actions() -> None:
    late, plain = action(ActionState.SENT_BACK, days=1), action(ActionState.NOT_STARTED, lead=None)
    blocks = recommendation_blocks([recommendation(1, late, plain)])
    headings = [block.text for block in blocks if isinstance(block, Heading)]
    assert headings == ["Recommendations", "Each recommendation and its actions", "Recommendation 1"]
    (facts,) = [block for block in blocks if isinstance(block, KeyFacts)]
    assert [(fact.term, fact.text) for fact in facts.facts] == [
        ("Level and priority", "Operational, medium priority"),
        ("Measure of success", "Nine in ten."),
        ("State", "Open"),
    ]
    assert rows(blocks[-1]) == [
        ["Health Trust (Hana Health)", "Train staff.", "27 March 2026", "Sent back, overdue by 1 day"],
        ["Health Trust", "Train staff.", "27 March 2026", "Not started"],
    ]


def test_a_recommendation_without_an_action_says_so() -> None:
    table = recommendation_blocks([recommendation(1)])[-1]
    assert isinstance(table, Table)
    assert (table.rows, table.empty_text) == ((), "No action yet.")


def test_a_report_without_recommendations_says_so() -> None:
    heading, sentence = recommendation_blocks([])
    assert isinstance(heading, Heading)
    assert isinstance(sentence, Paragraph)
    assert sentence.text == "No recommendation has been made yet."
