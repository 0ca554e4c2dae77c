"""How long things took: counted against a plain list of days, and shown in words and charts."""

from collections import Counter
from fractions import Fraction
from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.analysis.timescale_charts import NONE, timescale_blocks
from qa.analysis.timescales import OVER, Spans, TimescaleFigures
from qa.frameworks.content import Question, Timescale
from qa.frameworks.vocabulary import DayKind, EvidenceRule, QuestionType
from qa.publishing.document import Heading, Paragraph
from qa.publishing.figures import Chart

BEGUN = Question("begun", "When did it begin?", QuestionType.DATE, EvidenceRule.NONE)
WITHIN_5 = Timescale("begun", 5, DayKind.WORKING)
HELD = Question("held", "When was it held?", QuestionType.DATE, EvidenceRule.NONE, timescale=WITHIN_5)
listed_days = st.lists(st.integers(0, 60))


def figures(*agencies: tuple[str, Spans]) -> TimescaleFigures:
    """What was counted of those agencies."""
    return TimescaleFigures(HELD, BEGUN, WITHIN_5, agencies)


@given(listed_days, st.integers(0, 60))
def test_everything_counted_is_in_one_place(days: list[int], limit: int) -> None:
    spans = Spans(Counter(days))
    assert spans.total == len(days)
    assert spans.within(limit) == sum(one <= limit for one in days)
    assert spans.within(limit) + spans.over(limit) == len(days)
    assert sum(spans.over_by(limit)) == spans.over(limit)
    assert spans.longest == max(days, default=None)


@given(st.lists(st.integers(0, 60), min_size=1))
def test_the_median_is_the_middle_of_all(days: list[int]) -> None:
    found = Spans(Counter(days)).median
    assert found is not None
    assert float(found) == median(days)


@given(listed_days, listed_days)
def test_agencies_add_up(one: list[int], other: list[int]) -> None:
    both = Spans(Counter(one), 1, 2, 3) + Spans(Counter(other), 10, 20, 30)
    assert both == Spans(Counter([*one, *other]), 11, 22, 33)
    assert both.left_out == 66


def test_days_over_the_limit_are_put_together() -> None:
    assert OVER[-1] == (21, None)
    spans = Spans(Counter([5, 6, 7, 10, 11, 15, 16, 25, 26, 90]))
    assert spans.over_by(5) == (1, 2, 2, 2, 2)
    assert Spans(Counter()).median is None
    assert Spans(Counter([1, 2])).median == Fraction(3, 2)


def test_a_timescale_in_words_with_its_charts() -> None:
    council, health = Spans(Counter([1, 5, 6, 30]), backwards=1, missing=2), Spans(Counter(), uncounted=1)
    blocks = timescale_blocks([figures(("Council", council), ("Health", health))])
    assert blocks[0] == Heading(2, "When was it held?")
    assert blocks[1] == Paragraph(
        "Limit: 5 working days, counted from “When did it begin?”. 2 of 4 returns with both dates are within "
        "it (50.0%). The median is 5.5 working days, the longest 30 working days. 2 returns lack a date. "
        "In 1 return the second date is before the first: check them. 1 return has years whose bank "
        "holidays are not known."
    )
    histogram, by_agency = (block for block in blocks if isinstance(block, Chart))
    assert histogram.categories[:2] == ("Within 5 working days", "1 day over")
    assert histogram.categories[-1] == "More than 20 days over"
    assert [row.texts for row in histogram.table.rows] == [
        ("Within 5 working days", "2", "50.0%"),
        ("1 day over", "1", "25.0%"),
        ("2 to 5 days over", "0", "0.0%"),
        ("6 to 10 days over", "0", "0.0%"),
        ("11 to 20 days over", "0", "0.0%"),
        ("More than 20 days over", "1", "25.0%"),
        ("All with both dates", "4", "100.0%"),
    ]
    assert [series.values for series in histogram.series] == [(2, 0, 0, 0, 0, 0), (0, 1, 0, 0, 0, 1)]
    assert by_agency.categories == ("Council",)
    assert [row.texts for row in by_agency.table.rows] == [
        ("Council", "2", "2", "50.0%", "5.5", "30", "3"),
        ("Health", "0", "0", "–", "–", "–", "1"),
        ("All agencies", "2", "2", "50.0%", "5.5", "30", "4"),
    ]
    assert isinstance(blocks[-1], Paragraph)
    assert "The day of the first event is day 0." in str(blocks[-1].text)


def test_one_return_is_spoken_of_as_one() -> None:
    blocks = timescale_blocks([figures(("Council", Spans(Counter([1]), missing=1)))], 3)
    assert blocks[0] == Heading(3, "When was it held?")
    assert isinstance(blocks[1], Paragraph)
    assert blocks[1].text == (
        "Limit: 5 working days, counted from “When did it begin?”. 1 of 1 return with both dates is within "
        "it (100.0%). The median is 1 working day, the longest 1 working day. 1 return lacks a date."
    )


@pytest.mark.parametrize("agencies", [(), (("Council", Spans(Counter(), missing=2)),)])
def test_nothing_to_count_is_said_in_place_of_empty_bars(agencies: tuple[tuple[str, Spans], ...]) -> None:
    blocks = timescale_blocks([figures(*agencies)])
    assert not [block for block in blocks if isinstance(block, Chart)]
    assert isinstance(blocks[1], Paragraph)
    assert "No submitted return has both dates yet." in str(blocks[1].text)
    assert timescale_blocks([]) == [Paragraph(NONE)]
