"""What looks like an identifier, and what a reference may be."""

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
from qa.identifiers.finding import (
    Kind,
    identifier_in_reference,
    identifiers_in,
    is_nhs_number,
    looks_like_name,
)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("943 476 5919", Kind.NHS_NUMBER),
        ("C-9434765919", Kind.NHS_NUMBER),
        ("943-476-5919", Kind.NHS_NUMBER),
        ("14/02/2015", Kind.DATE),
        ("C 14.2.15", Kind.DATE),
        ("2015-02-14", Kind.DATE),
        ("14022015", Kind.DATE),
        ("20150214", Kind.DATE),
        ("14 February 2015", Kind.DATE),
        ("3rd Mar 15", Kind.DATE),
        ("RM10 7XX", Kind.POSTCODE),
        ("ig11aa", Kind.POSTCODE),
        ("a.b@example.org", Kind.EMAIL),
        ("07700 900123", Kind.PHONE),
        ("+44 20 7946 0123", Kind.PHONE),
        ("(020) 7946 0123", Kind.PHONE),
    ],
)
def test_identifiers_are_found_in_references_and_in_the_midst_of_text(text: str, kind: Kind) -> None:
    found = identifier_in_reference(text)
    assert found is not None
    assert found.kind is kind
    assert kind in {entry.kind for entry in identifiers_in(f"Seen on the visit: {text}, as recorded.")}


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


@given(st.integers(0, 999_999_999))
def test_an_nhs_number_has_one_check_digit_at_most(number: int) -> None:
    nine = f"{number:09}"
    fitting = [digit for digit in "0123456789" if is_nhs_number(nine + digit)]
    assert len(fitting) <= 1
    if fitting:
        spaced = f"{nine[:3]} {nine[3:6]} {nine[6:]}{fitting[0]}"
        assert is_nhs_number(spaced)


@given(st.text(max_size=60))
def test_any_text_is_looked_through_without_failing(text: str) -> None:
    for found in identifiers_in(text):
        assert found.text in text
    case_reference_problem(text)


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
