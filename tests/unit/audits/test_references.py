"""What a reference of an audit or a case may be, and which comes next."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.audits.references import (
    area_letters,
    audit_reference_problem,
    case_reference_problem,
    case_suggestions,
    following,
    free_audit_reference,
)
from qa.identifiers.finding import looks_like_name


@pytest.mark.parametrize(
    "text",
    ["John Smith", "smith, john", "John-Smith", "anna_o'neil", "Zoë Brontë", "Mary Anne Jones", "JANE DOE"],
)
def test_two_words_look_like_a_name(text: str) -> None:
    assert looks_like_name(text)
    problem = case_reference_problem(text)
    assert problem is not None
    assert "a person’s name" in problem
    assert "C001" in problem


@pytest.mark.parametrize(
    "reference",
    [
        "C001",
        "HP-2019-50",
        "Child A",
        "HAV CP 12",
        "7",
        "2026/14",
        "cp_17.b",
        "9434765918",  # the check digit is wrong
        "31022015",  # no such day
        "HAV-CIN",
        "1234567",
    ],
)
def test_codes_are_fit_references(reference: str) -> None:
    assert case_reference_problem(reference) is None


@pytest.mark.parametrize(
    ("reference", "words"),
    [
        ("", "Enter a reference"),
        ("C" * 41, "40 characters or fewer"),
        ("=1+1", "must not start with ="),
        ("+C1", "must not start with +"),
        ("-C1", "must not start with -"),
        ("@C1", "must not start with @"),
        ("C<b>1</b>", "letters, numbers"),
        (" C1", "must begin with a letter or number"),
        ("Ä1", "letters, numbers"),
    ],
)
def test_unfit_references_are_refused_with_the_remedy(reference: str, words: str) -> None:
    assert words in (case_reference_problem(reference) or "")


def test_the_next_reference_keeps_the_pattern() -> None:
    assert following("C009") == "C010"
    assert following("HP-2019-99") == "HP-2019-100"
    assert following("Child A") is None
    assert case_suggestions(None)[0] == "C001"
    assert case_suggestions("C041")[0] == "C042"
    assert case_suggestions("Child A")[:2] == ["Child A-2", "Child A-3"]


@given(st.from_regex(r"[A-Za-z0-9][A-Za-z0-9 ._/-]{0,39}", fullmatch=True))
def test_every_suggestion_is_fit(last: str) -> None:
    assert all(case_reference_problem(reference) is None for reference in case_suggestions(last))


def test_audits_are_numbered_by_area_and_year() -> None:
    assert area_letters("barking-and-dagenham") == "BD"
    assert area_letters("havering") == "HAV"
    assert free_audit_reference("HAV-2026-", {"HAV-2026-01", "HAV-2026-03"}) == "HAV-2026-02"
    assert audit_reference_problem("HAV-2026-02") is None
    assert "Enter a reference" in (audit_reference_problem("") or "")
    assert "must begin" in (audit_reference_problem("<script>") or "")


@given(st.text(max_size=60))
def test_any_reference_is_looked_at_without_failing(text: str) -> None:
    case_reference_problem(text)
