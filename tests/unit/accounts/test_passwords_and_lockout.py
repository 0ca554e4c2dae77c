"""What makes a password weak, and how long sign-in waits after failed tries."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.accounts import lockout, passwords

NOON = datetime(2026, 3, 27, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("password", "problem"),
    [
        ("short-one", "12 characters or more"),
        ("x" * 201, "200 characters or fewer"),
        ("ababababababab", "more than a few different characters"),
        ("ada.quill rides again", "must not contain your e-mail name"),
        ("Password-2026!", "easy to guess"),
        ("Welcome 12345678", "easy to guess"),
        ("qwertyuiop123", "easy to guess"),
        ("Audit Together 26", "easy to guess"),
    ],
)
def test_a_weak_password_is_named_with_its_fault(password: str, problem: str) -> None:
    assert problem in (passwords.weakness(password, "ada.quill@example.org") or "")


@pytest.mark.parametrize(
    "password",
    ["three-random-words", "correct horse battery staple", "žluťoučký kůň pěl", "tr0ub4dor&three!"],
)
def test_a_long_one_of_ones_own_will_do(password: str) -> None:
    assert passwords.weakness(password, "ada.quill@example.org") is None


def test_a_very_short_e_mail_name_may_stand_in_a_password() -> None:
    assert passwords.weakness("three-random-words", "a@example.org") is None


def test_a_password_fits_however_the_keyboard_composed_it() -> None:
    kept = passwords.hashed("cafe\u0301 by the river")
    assert passwords.matches(kept, "caf\u00e9 by the river")
    assert not passwords.matches(kept, "cafe by the river")
    assert not passwords.matches(None, "caf\u00e9 by the river")


@given(st.integers(0, 100))
def test_the_wait_grows_and_never_exceeds_a_day(failures: int) -> None:
    assert timedelta(0) <= lockout.delay(failures) <= lockout.delay(failures + 1) <= timedelta(hours=24)


def test_four_tries_are_free_then_the_wait_doubles() -> None:
    minutes = [lockout.delay(failures).total_seconds() / 60 for failures in range(4, 9)]
    assert minutes == [0, 1, 2, 4, 8]


def test_a_day_without_a_try_wipes_the_slate() -> None:
    assert lockout.failures_now(6, NOON, NOON + timedelta(hours=23)) == 6
    assert lockout.failures_now(6, NOON, NOON + timedelta(hours=25)) == 0


@pytest.mark.parametrize(
    ("wait", "words"),
    [
        (timedelta(seconds=1), "1 minute"),
        (timedelta(minutes=3, seconds=59), "4 minutes"),
        (timedelta(minutes=100), "100 minutes"),
        (timedelta(minutes=179), "3 hours"),
        (timedelta(hours=24), "24 hours"),
    ],
)
def test_the_wait_is_told_rounded_up(wait: timedelta, words: str) -> None:
    assert lockout.waiting(NOON + wait, NOON) == words
    assert lockout.waiting(NOON, NOON) is None
    assert lockout.waiting(None, NOON) is None
