"""What a digest says."""

from datetime import date

from qa.reminding.digest import Line, body, in_words, subject

TODAY = date(2026, 11, 20)
LATE = Line("return", 3, 1, date(2026, 11, 2), "yours", "https://audit.example.org/my-work")
SOON = Line("action", 1, 0, TODAY, "yours", "https://audit.example.org/recommendations")


def test_a_line_says_how_many_how_late_and_where() -> None:
    assert in_words(LATE, TODAY) == (
        "3 returns, yours: 1 late, the first due 2 November 2026.\nhttps://audit.example.org/my-work"
    )
    assert in_words(SOON, TODAY).startswith("1 action, yours: none late yet, due today.")


def test_the_subject_says_whether_something_is_late_and_no_more() -> None:
    assert subject([SOON]) == "Due soon in Audit Together"
    assert subject([SOON, LATE]) == "Overdue in Audit Together"


def test_the_message_holds_every_line() -> None:
    said = body("Ada", [LATE, SOON], TODAY)
    assert said.startswith("Hello Ada,\n")
    assert in_words(LATE, TODAY) in said
    assert in_words(SOON, TODAY) in said
