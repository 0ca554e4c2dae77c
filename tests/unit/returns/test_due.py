"""Due dates in words."""

from datetime import date, timedelta

import pytest

from qa.returns.due import LATE, LATER, THIS_WEEK, due

TODAY = date(2025, 11, 20)


@pytest.mark.parametrize(
    ("days", "words", "group"),
    [
        (-400, "400 days late", LATE),
        (-2, "2 days late", LATE),
        (-1, "1 day late", LATE),
        (0, "Due today", THIS_WEEK),
        (1, "1 day left", THIS_WEEK),
        (7, "7 days left", THIS_WEEK),
        (8, "8 days left", LATER),
        (1500, "1,500 days left", LATER),
    ],
)
def test_how_near_a_day_is(days: int, words: str, group: str) -> None:
    found = due(TODAY + timedelta(days=days), TODAY)
    assert (found.words, found.group) == (words, group)
    assert found.late is (days < 0)
