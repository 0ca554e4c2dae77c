"""What a panel may not write about a child, and what it may."""

from datetime import date

import pytest

from qa.moderation.anonymity import identifying

BEGINS, TODAY = date(2025, 4, 1), date(2026, 4, 20)


def said_of(text: str, reference: str | None = "HP-001") -> str | None:
    return identifying(text, reference=reference, begins=BEGINS, today=TODAY)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("NHS number 943 476 5919 was on the form.", "“943 476 5919” looks like an NHS number"),
        ("They moved to RM1 3BD in May.", "“RM1 3BD” looks like a postcode"),
        ("Mother wrote from a.b@example.org twice.", "“a.b@example.org” looks like an e-mail address"),
        ("The number given, 07700 900123, was dead.", "“07700 900123” looks like a telephone number"),
        ("He is the twin of the child of 14/02/2015.", "“14/02/2015” looks like a date of birth"),
        ("Born 3 March 2026, known since before birth.", "“3 March 2026” looks like a date of birth"),
        ("Baby (DOB 03.03.2026) was seen.", "“03.03.2026” looks like a date of birth"),
        ("On 1 June 2025 all met. Her birthday is 1 June 2025.", "“1 June 2025” looks like a date of birth"),
        ("Father, d.o.b. 3/4/85, was not asked.", "“3/4/85” looks like a date of birth"),
    ],
)
def test_what_could_identify_a_child_is_named_with_the_remedy(text: str, found: str) -> None:
    problem = said_of(text)
    assert problem is not None
    assert problem.startswith(f"{found}. Use the case reference, HP-001, instead")


@pytest.mark.parametrize(
    "text",
    [
        "The visit of 12 May 2025 came late, the next on 1/6/2025.",
        "The review on 12 January 2027 will look at it.",
        "Agencies weighed 12 of 14 indicators; s47 in 2019.",
        "The first referral was in May 2011.",
        "Case HP-001 and case HP-2019-50 differ.",
        "",
    ],
)
def test_days_of_visits_and_reviews_may_be_written(text: str) -> None:
    assert said_of(text) is None


def test_three_things_are_named_at_most_and_each_once() -> None:
    problem = said_of("RM1 3BD, RM1 3BD, RM2 5AA, a@b.org, 07700 900123 and 943 476 5919")
    assert problem is not None
    assert problem.count("looks like") == 3
    assert problem.count("RM1 3BD") == 1


def test_a_self_assessment_may_name_the_day_of_a_policy_but_no_number() -> None:
    assert said_of("The policy of 1 May 2011 still stands.", None) is None
    assert said_of("Record 943 476 5919 was looked at.", None) == (
        "“943 476 5919” looks like an NHS number. Leave it out"
    )
