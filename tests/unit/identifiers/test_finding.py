"""What looks like an identifier in a text, what does not, and what takes its place."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.identifiers.dates import EVERYDAY_YEARS
from qa.identifiers.finding import Kind, identifier_in_reference, identifiers_in, is_nhs_number
from qa.identifiers.names import NO_NAMES, names_from
from qa.identifiers.replacing import replaced

TODAY = date(2026, 11, 20)
NAMES = names_from(
    ["Jayden Okafor", "Zoë Brontë", "O’Neil", "Mary Anne van der Berg", "Tolu", "Elodie", "한"]
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


def kinds(text: str) -> list[Kind]:
    return [found.kind for found in identifiers_in(text, NAMES, TODAY)]


@pytest.mark.parametrize(
    ("text", "kind", "instead"),
    [
        ("NHS number 943 476 5919 was on the letter", Kind.NHS_NUMBER, "[NHS number]"),
        ("Father, QQ is no prefix: AB 12 34 56 C", Kind.NATIONAL_INSURANCE, "[National Insurance number]"),
        ("his nino is ab123456c", Kind.NATIONAL_INSURANCE, "[National Insurance number]"),
        ("They moved to RM10 7XX in May", Kind.POSTCODE, "[postcode]"),
        ("They moved to ig11aa in May", Kind.POSTCODE, "[postcode]"),
        ("Mother rang from 07700 900123 twice", Kind.PHONE, "[telephone number]"),
        ("Mother rang from 07700900123 twice", Kind.PHONE, "[telephone number]"),
        ("Mother rang from (020) 7946 0123 twice", Kind.PHONE, "[telephone number]"),
        ("Mother rang from +44 (0)20 7946 0123 twice", Kind.PHONE, "[telephone number]"),
        ("Wrote to mother.of@example.org, no answer", Kind.EMAIL, "[e-mail address]"),
        ("Child is 14/02/2015 on the system", Kind.DATE, "[date of birth]"),
        ("Mother (3 March 1991) attended", Kind.DATE, "[date of birth]"),
        ("The baby, born 2.11.26, was seen", Kind.DATE, "[date of birth]"),
        ("DOB 14022015 in the file", Kind.DATE, "[date of birth]"),
        ("14 2 26 is the date of birth", Kind.DATE, "[date of birth]"),
        ("Due to be born on 4 January 2027", Kind.DATE, "[date of birth]"),
    ],
)
def test_what_is_found_in_evidence_and_what_replaces_it(text: str, kind: Kind, instead: str) -> None:
    (found,) = identifiers_in(text, NAMES, TODAY)
    assert found.kind is kind
    assert text[found.start : found.end] == found.text
    assert replaced(text, NAMES, TODAY) == text[: found.start] + instead + text[found.end :]


@pytest.mark.parametrize(
    "text",
    [
        "Strategy meeting on 12/03/2026, conference on 2 April 2026.",
        "Visited 20.11.2024, two years ago to the day.",
        "The next review is on 3 February 2027.",
        "Threshold document, section 1.2.10, and standard 3.4.11",
        "Scores of 3 12 15 and 4 1 16 on the scale",
        "Crime reference 14022015 was recorded",
        "Police log number 07700900123 was shared",
        "URN: 01234567890",
        "Ref 0123456780",
        "AB123456 is a case number, with no letter at its end",
        "BG 12 34 56 C and DA 12 34 56 C have prefixes that HMRC never gives",
        "943 476 5918 has the wrong check digit",
        "Told to ring Childline on 0800 1111 and the NSPCC on 0808 800 5000",
        "The council is on 0300 123 4567",
        "Key stage KS2 3RD attempt; Q4 2AB",
        "Seen @ home, alone",
        "Okafor? Jayden? Neither is listed alone",
        "Told Tolulope and the tolulas of it",
        "[NHS number], [date of birth], [postcode] and J.O. stand here already",
        "",
    ],
)
def test_what_is_everyday_in_evidence_is_no_worry(text: str) -> None:
    assert kinds(text) == []


@pytest.mark.parametrize(
    ("text", "name", "initials"),
    [
        ("Seen with Jayden Okafor’s sister", "Jayden Okafor", "J.O."),
        ("OKAFOR, Jayden (child)", "OKAFOR, Jayden", "O.J."),
        ("jayden okafor was seen", "jayden okafor", "j.o.".upper()),
        ("Jayden T. Okafor was seen", "Jayden T. Okafor", "J.T.O."),
        ("Jayden-Okafor was seen", "Jayden-Okafor", "J.O."),
        ("Zoe Bronte was seen", "Zoe Bronte", "Z.B."),
        ("Zoe\u0308 Bronte\u0308 was seen", "Zoe\u0308 Bronte\u0308", "Z.B."),
        ("Mrs ONEIL was seen", "ONEIL", "O."),
        ("Mrs O'Neil's home", "O'Neil", "O."),
        ("Mary van Berg was seen", None, None),
        ("Mary Berg was seen", "Mary Berg", "M.B."),
        ("tolu disclosed", "tolu", "T."),
        ("Élodie was seen", "Élodie", "E."),
        ("한 was seen", "한", "\u1112."),
    ],
)
def test_names_of_the_list_are_found_however_they_are_written(
    text: str, name: str | None, initials: str | None
) -> None:
    found = identifiers_in(text, NAMES, TODAY)
    assert [(one.text, one.instead) for one in found] == ([(name, initials)] if name else [])


def test_initials_alone_are_no_name() -> None:
    assert identifiers_in("J.O. and J saw O", names_from(["J", ":J", "J O", "J van O"]), TODAY) == ()
    assert len(identifiers_in("J. Okafor", names_from(["J Okafor"]), TODAY)) == 1


def test_a_day_ceases_to_be_everyday_two_years_later() -> None:
    edge = TODAY.replace(year=TODAY.year - EVERYDAY_YEARS)
    assert kinds(f"Visited {edge:%d/%m/%Y}") == []
    assert kinds(f"Visited {edge - timedelta(days=1):%d/%m/%Y}") == [Kind.DATE]


def test_without_a_day_to_go_by_every_identifier_counts() -> None:
    text = "12/03/2026, 0800 123 4567, 14022015"
    assert len(identifiers_in(text)) == 3
    assert identifiers_in(text, NO_NAMES, TODAY) == ()


# Pieces that join into something now and then, and whatever else Hypothesis thinks of.
PIECES = st.sampled_from(
    [
        "943 476 5919",
        "9434765919",
        "14/02/2015",
        "3 March 1991",
        "born ",
        "DOB ",
        "RM10 7XX",
        "07700 900123",
        "ab123456c",
        "mother@example.org",
        "Jayden",
        "Okafor",
        "Tolu",
        "O’Neil",
        "[date of birth]",
        "[",
        "]",
        "J.O.",
        " ",
        "-",
        ", ",
        "\n",
        "0",
        "44",
        "5",
        "E1 ",
        "@",
        "’s",
    ]
)
TEXTS = st.lists(PIECES | st.text(max_size=6), max_size=12).map("".join)
LISTS = st.lists(
    st.sampled_from(["Jayden Okafor", "Tolu", "birth", "NHS number", "date", "postcode", "of", "J", "no"])
    | st.text(max_size=12),
    max_size=6,
)


@given(TEXTS, LISTS)
def test_replacing_leaves_nothing_to_be_found(text: str, listed: list[str]) -> None:
    names = names_from(listed)
    assert identifiers_in(replaced(text, names, TODAY), names, TODAY) == ()


@given(TEXTS, LISTS)
def test_what_is_found_stands_in_the_text_in_order_and_apart(text: str, listed: list[str]) -> None:
    done = 0
    for found in identifiers_in(text, names_from(listed), TODAY):
        assert text[found.start : found.end] == found.text
        assert found.start >= done
        done = found.end


@given(TEXTS)
def test_replacing_one_kind_changes_nothing_else(text: str) -> None:
    found = [one for one in identifiers_in(text, NAMES, TODAY) if one.kind is Kind.POSTCODE]
    rest, done = [], 0
    for one in found:
        rest.append(text[done : one.start])
        done = one.end
    rest.append(text[done:])
    after = replaced(text, NAMES, TODAY, wanted=lambda one: one.kind is Kind.POSTCODE)
    assert after == "[postcode]".join(rest)


@given(TEXTS)
def test_a_text_without_identifiers_is_left_as_it_is(text: str) -> None:
    if not identifiers_in(text, NAMES, TODAY):
        assert replaced(text, NAMES, TODAY) == text


@pytest.mark.parametrize(
    "letters", ["a" * 200_000, "1 " * 100_000, "0 1" + "(" * 200_000, "Jayden " * 30_000]
)
def test_a_long_text_is_looked_through_in_one_go(letters: str) -> None:
    assert len(identifiers_in(letters, NAMES, TODAY)) == 0
