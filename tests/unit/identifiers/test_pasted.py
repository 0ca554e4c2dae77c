"""Identifiers as they come out of other programs: spaces that do not break, long hyphens, wide digits."""

from datetime import date

import pytest

from qa.identifiers.asking import NOT_IN_REASON, Choices, Looking, suspect
from qa.identifiers.finding import Kind, identifiers_in
from qa.identifiers.names import NO_NAMES, names_from
from qa.identifiers.replacing import replaced

TODAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("943\u00a0476\u00a05919", Kind.NHS_NUMBER),
        ("943\u2009476\u202f5919", Kind.NHS_NUMBER),
        ("943\u2011476\u20135919", Kind.NHS_NUMBER),
        ("943\u200b476\u200b5919", Kind.NHS_NUMBER),
        ("９４３４７６５９１９", Kind.NHS_NUMBER),
        ("12\u00a0March\u00a02011", Kind.DATE),
        ("12\u201303\u20132011", Kind.DATE),
        ("RM7\u00a00XX", Kind.POSTCODE),
        ("07700\u00a0900\u00a0123", Kind.PHONE),
        ("AB\u00a012\u00a034\u00a056\u00a0C", Kind.NATIONAL_INSURANCE),
    ],
)
def test_what_is_pasted_is_found_and_replaced_where_it_stands(text: str, kind: Kind) -> None:
    (found,) = identifiers_in(f"The child’s, {text}, was seen", today=TODAY)
    assert (found.kind, found.text) == (kind, text)
    whole = replaced(f"The child’s, {text}, was seen", NO_NAMES, TODAY)
    assert whole == f"The child’s, {kind.neutral}, was seen"


def test_long_hyphens_between_words_and_years_are_left_alone() -> None:
    text = "Seen weekly – as planned – in 2019–2024; pages 12–14"
    assert identifiers_in(text, today=TODAY) == ()
    assert replaced(text, names_from(["Tolu"]), TODAY) == text


def test_a_reason_may_not_hold_what_is_kept_though_it_would_pass_by_itself() -> None:
    looking = Looking(NO_NAMES, TODAY, b"key")
    (seen,) = looking.look("Born on 3 April 2026", "text")
    choices = Choices({seen.token: "3  april 2026 is the day of the inspection"})
    assert suspect(seen, choices, looking).problem == NOT_IN_REASON
    assert not suspect(seen, Choices({seen.token: "It is the day of the inspection"}), looking).problem
