"""Which of two versions counts."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.frameworks.answers import AnswerValue
from qa.returns.drafts import (
    EMPTY,
    FormKey,
    Mark,
    StoredAnswer,
    Verdict,
    answer_digest,
    form_key,
    judge,
    read_mark,
    text_digest,
)

MINE, OTHERS = FormKey("a" * 12, 3), FormKey("b" * 12)
NO, YES, PARTLY = (AnswerValue(option=key) for key in ("no", "yes", "partly"))


def stored(value: AnswerValue, version: int, writer: FormKey = OTHERS) -> StoredAnswer:
    return StoredAnswer(value, "", version, str(writer))


def of(value: AnswerValue) -> str:
    return answer_digest(value, "")


@pytest.mark.parametrize(
    ("mark", "typed", "kept", "verdict"),
    [
        (Mark(1, of(NO)), NO, stored(NO, 1), Verdict.LEAVE),
        (Mark(1, of(NO)), YES, stored(NO, 1), Verdict.WRITE),
        (Mark(1, of(NO)), NO, stored(YES, 2), Verdict.LEAVE),
        (Mark(1, of(NO)), YES, stored(YES, 2), Verdict.LEAVE),
        (Mark(1, of(NO)), YES, stored(PARTLY, 2), Verdict.CLASH),
        (Mark(2), YES, stored(PARTLY, 2), Verdict.WRITE),
        (Mark(2), YES, stored(PARTLY, 3), Verdict.CLASH),
        (Mark(1, of(NO)), YES, stored(PARTLY, 5, FormKey(MINE.opening, 2)), Verdict.WRITE),
        (Mark(1, of(NO)), NO, stored(PARTLY, 5, FormKey(MINE.opening, 2)), Verdict.WRITE),
        (Mark(1, of(NO)), YES, stored(PARTLY, 5, FormKey(MINE.opening, 4)), Verdict.LEAVE),
    ],
    ids=[
        "nothing changed",
        "changed by this form alone",
        "changed by the other alone",
        "changed by both to the same",
        "changed by both",
        "chosen on the page of two versions",
        "chosen there, and changed once more",
        "written by an earlier sending of this form",
        "taken back after an earlier sending of this form",
        "written by a later sending of this form",
    ],
)
def test_what_counts(mark: Mark, typed: AnswerValue, kept: StoredAnswer, verdict: Verdict) -> None:
    assert judge(MINE, mark, of(typed), kept) is verdict


@given(st.text("0123456789abcdef-x", max_size=24))
def test_a_hidden_field_is_read_or_refused_but_never_breaks(text: str) -> None:
    mark, key = read_mark(text), form_key(text)
    assert mark is None or read_mark(str(mark)) == mark
    assert key is None or text.startswith(key.opening)


@given(st.integers(0, 10**6), st.text())
def test_a_mark_comes_back_as_it_was_written(version: int, text: str) -> None:
    mark = Mark(version, text_digest(text))
    assert read_mark(str(mark)) == mark


def test_a_form_key_comes_back_as_it_was_written() -> None:
    assert form_key(str(MINE)) == MINE
    assert form_key("nonsense") is None


def test_a_digest_is_of_what_is_said_and_not_of_how_it_is_written() -> None:
    assert answer_digest(AnswerValue(number=Decimal("12.00")), "") == answer_digest(
        AnswerValue(number=Decimal(12)), ""
    )
    assert answer_digest(AnswerValue(text="12"), "") != answer_digest(AnswerValue(number=Decimal(12)), "")
    assert answer_digest(None, "") == text_digest("") == EMPTY
    assert answer_digest(None, "words") != answer_digest(AnswerValue(text="words"), "")
