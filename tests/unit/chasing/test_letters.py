"""Who is written to about which returns, and what the message says."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.audits.lifecycle import NOT_IN, ReturnState
from qa.chasing.grid import days_left
from qa.chasing.letters import Due, Recipient, body, grouped, usual_text

TODAY = date(2026, 11, 20)
PEOPLE = [
    (1, "Ada", "ada@example.org", False, 0, "auditor"),
    (2, "Ben", "ben@example.org", False, 0, "auditor"),
    (3, "Cara", "cara@example.org", False, 10, "lead"),
    (4, "Dan", "dan@example.org", False, 10, "lead"),
]
RETURNS = st.lists(
    st.builds(
        Due,
        st.integers(1, 1000),
        st.sampled_from([10, 20]),
        st.sampled_from([None, 1, 2, 9]),
        st.dates(date(2026, 10, 1), date(2026, 12, 1)),
        st.sampled_from(list(NOT_IN)),
    ),
    unique_by=lambda one: one.id,
)


@given(RETURNS)
def test_a_return_goes_to_its_auditor_else_to_every_lead_of_its_agency(returns: list[Due]) -> None:
    recipients, nobody = grouped(returns, PEOPLE, {10: "Health", 20: "Police"})
    for one in returns:
        told = {row.id for row in recipients if one in row.returns}
        if one.auditor_id in {1, 2}:
            assert told == {one.auditor_id}
        elif one.agency_id == 10:
            assert told == {3, 4}
        else:
            assert told == set()
        assert (one in nobody) == (not told)


def recipient(**changes: Any) -> Recipient:
    due = Due(7, 10, 1, TODAY - timedelta(days=3), ReturnState.IN_PROGRESS)
    made = Recipient(1, "Ada", "ada@example.org", False, "Health", "auditor", (due,))
    return made._replace(**changes)


def test_the_message_holds_the_senders_text_the_returns_and_the_way_there() -> None:
    said = body(recipient(), "Please hurry.", "https://audit.example.org/my-work", TODAY)
    assert said == (
        "Hello Ada,\n\nPlease hurry.\n\nNot in yet: 1 return, yours; 3 days late.\n\n"
        "https://audit.example.org/my-work\n"
    )


def test_a_guest_is_led_to_their_own_link() -> None:
    said = body(recipient(guest=True), "Please hurry.", "https://audit.example.org/my-work", TODAY)
    assert "my-work" not in said
    assert "by the link in the message that you were sent before" in said


def test_an_agency_lead_is_told_that_nobody_has_them() -> None:
    later = Due(8, 10, None, TODAY + timedelta(days=2), ReturnState.NOT_STARTED)
    said = body(recipient(because="lead", returns=(later, later._replace(id=9))), "T", "A", TODAY)
    assert "2 returns, Health’s, with no auditor yet; the first is due in 2 days." in said


def test_the_usual_text_names_no_confidential_audit() -> None:
    assert "“Neglect”" in usual_text("Neglect", "Lena Lead")
    assert "an audit you take part in" in usual_text(None, "Lena Lead")


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (0, "due today"),
        (1, "due in 1 day"),
        (5, "due in 5 days"),
        (-1, "1 day late"),
        (-1200, "1,200 days late"),
    ],
)
def test_days_are_said_in_words(days: int, words: str) -> None:
    assert days_left(TODAY + timedelta(days=days), TODAY) == words
