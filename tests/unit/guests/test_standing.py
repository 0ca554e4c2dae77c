"""When a link works, why it has ended, and the codes that go with it."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from qa.db import LONDON
from qa.guests import codes
from qa.guests.standing import Ending, LinkFacts, LinkState, end_of, ending, state

TODAY = date(2026, 7, 20)
WORKING = LinkFacts(due_on=TODAY, complete=False, held=True, fieldwork=True)
FACTS = st.builds(
    LinkFacts,
    due_on=st.dates(TODAY - timedelta(days=2), TODAY + timedelta(days=2)),
    complete=st.booleans(),
    held=st.booleans(),
    fieldwork=st.booleans(),
    guest=st.booleans(),
    revoked=st.booleans(),
    code_asked=st.booleans(),
    opened=st.booleans(),
)
KEY = b"k" * 40
DIGITS = st.text("0123456789", min_size=6, max_size=6)


def test_a_link_works_to_the_end_of_the_day_its_return_is_due() -> None:
    assert ending(WORKING, TODAY) is None
    assert ending(WORKING, TODAY + timedelta(days=1)) is Ending.OVERDUE
    extended = WORKING._replace(due_on=TODAY + timedelta(days=7))
    assert ending(extended, TODAY + timedelta(days=1)) is None
    # Midnight in England in summer is 11 in the evening in UTC.
    assert end_of(TODAY, LONDON).astimezone(UTC) == datetime(2026, 7, 20, 23, tzinfo=UTC)


def test_each_ending_has_its_reason() -> None:
    assert ending(WORKING._replace(revoked=True, held=False), TODAY) is Ending.REVOKED
    assert ending(WORKING._replace(held=False, complete=True), TODAY) is Ending.REASSIGNED
    assert ending(WORKING._replace(guest=False), TODAY) is Ending.REASSIGNED
    assert ending(WORKING._replace(complete=True, fieldwork=False), TODAY) is Ending.SUBMITTED
    assert ending(WORKING._replace(fieldwork=False), TODAY) is Ending.CLOSED


def test_how_far_it_has_come() -> None:
    assert state(WORKING, TODAY) is LinkState.SENT
    assert state(WORKING._replace(code_asked=True), TODAY) is LinkState.CODE_ASKED
    assert state(WORKING._replace(code_asked=True, opened=True), TODAY) is LinkState.OPENED
    assert state(WORKING._replace(complete=True), TODAY) is LinkState.SUBMITTED
    assert state(WORKING._replace(held=False), TODAY) is LinkState.ENDED
    assert LinkState.CODE_ASKED.label == "Code asked for"


@given(FACTS)
def test_it_works_only_while_nothing_speaks_against_it(facts: LinkFacts) -> None:
    works = ending(facts, TODAY) is None
    assert works == (
        facts.held
        and facts.guest
        and facts.fieldwork
        and not facts.complete
        and not facts.revoked
        and facts.due_on >= TODAY
    )
    assert works == (state(facts, TODAY) in {LinkState.SENT, LinkState.CODE_ASKED, LinkState.OPENED})


@given(DIGITS, DIGITS, st.integers(1, 9))
def test_a_code_fits_itself_alone_for_its_own_link(code: str, other: str, link: int) -> None:
    kept = codes.code_hash(KEY, link, code)
    assert codes.fits(kept, KEY, link, f" {code[:3]} {code[3:]}-")
    assert codes.fits(kept, KEY, link, other) == (code == other)
    assert not codes.fits(kept, KEY, link + 1, code)
    assert not codes.fits(kept, b"x" * 40, link, code)
    assert code not in kept


def test_codes_are_six_digits() -> None:
    made = {codes.new_code() for _ in range(50)}
    assert len(made) > 40
    assert all(len(code) == 6 and code.isdigit() for code in made)


def test_codes_are_counted_by_the_hour() -> None:
    noon = datetime(2026, 7, 20, 12, tzinfo=UTC)
    assert codes.asked_now(None, 0, noon) == (noon, 0)
    assert codes.asked_now(noon, 3, noon + timedelta(minutes=59)) == (noon, 3)
    assert codes.asked_now(noon, 3, noon + timedelta(minutes=61)) == (noon + timedelta(minutes=61), 0)
    assert codes.minutes_until(noon + timedelta(seconds=61), noon) == "2 minutes"
    assert codes.minutes_until(noon, noon) == "1 minute"
