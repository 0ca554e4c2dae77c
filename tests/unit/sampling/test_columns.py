"""Columns of a population list: guesses, values matched to answers, each case once."""

import datetime

from hypothesis import given
from hypothesis import strategies as st

from qa.audits.sampling.allocation import Allocation
from qa.audits.sampling.columns import ColumnPlan, Use, guesses, mapping_problems, settle, strata, unmatched
from qa.audits.sampling.designing import (
    NOT_DIVIDED,
    Design,
    count,
    fingerprint,
    outlook,
    problems,
    read,
    written,
)
from qa.audits.sampling.reading import PopulationFile, read_population
from qa.audits.sampling.storing import pack_file, pack_settled, unpack_file, unpack_settled
from qa.frameworks.content import Option, ProfileField
from qa.frameworks.vocabulary import ProfileFieldType

PLAN = ProfileField(
    "plan",
    "Plan or pathway",
    ProfileFieldType.SINGLE_CHOICE,
    required=True,
    options=(Option("cin", "Child in need"), Option("cp", "Child protection"), Option("eh", "Early help")),
)
AGE = ProfileField(
    "age_band",
    "Age band",
    ProfileFieldType.SINGLE_CHOICE,
    options=(Option("0_4", "0 to 4"), Option("5_9", "5 to 9"), Option("10_17", "10 to 17")),
)
INTERPRETER = ProfileField("interpreter", "Interpreter needed", ProfileFieldType.YES_NO)
REFERRALS = ProfileField("referrals", "Referrals in 12 months", ProfileFieldType.NUMBER)
FIELDS = (PLAN, AGE, INTERPRETER, REFERRALS)


def listed(text: str) -> PopulationFile:
    return read_population(text.encode())


def many(rows: int = 60) -> PopulationFile:
    plans = ("Child in Need", "Child Protection", "Early Help", "Care leaver")
    lines = [
        f"L{n:04},{plans[n % 4]},{('0 to 4', '5 to 9', '10 to 17')[n % 3]},{n % 5},Team {n % 3},same,note {n}"
        for n in range(rows)
    ]
    return listed("LCS ID,Pathway,Ages,Referrals in 12 mths,Team,Area,Note\n" + "\n".join(lines) + "\n")


def test_columns_are_guessed_by_heading_and_by_values() -> None:
    made = guesses(many(), FIELDS)
    assert [guess.use for guess in made] == [
        Use.REFERENCE,
        Use.STRATA,
        "field-age_band",
        "field-referrals",
        Use.STRATA,
        Use.IGNORE,
        Use.IGNORE,
    ]
    assert made[2].why == "by its values"
    assert made[3].why == "by its heading"


def test_a_field_is_guessed_once() -> None:
    file = listed("Reference,Age band,Age Band 2,Ages\nC1,0 to 4,0 to 4,0 to 4\nC2,5 to 9,5 to 9,5 to 9\n")
    assert [guess.use for guess in guesses(file, FIELDS)].count("field-age_band") == 1


def test_the_column_called_reference_is_taken_before_one_whose_values_differ() -> None:
    file = listed("Row,Case reference\nx1,C1\nx2,C2\n")
    assert [guess.use for guess in guesses(file, FIELDS)][1] == Use.REFERENCE


def test_what_is_wrong_with_the_uses_is_said_beside_the_column() -> None:
    file = many()
    uses = (Use.STRATA, "field-plan", "field-plan", "nonsense", Use.IGNORE, Use.IGNORE, "field-plan")
    wrong = mapping_problems(file, ColumnPlan(uses), FIELDS)
    assert wrong[0] == "Choose which column holds the case’s reference"
    assert wrong[2] == "“Pathway” is used for that already. Choose one of the two"
    assert wrong[3] == "Choose what the column is for"
    uses = (Use.REFERENCE, *(Use.IGNORE,) * 5, "field-plan")
    (text,) = mapping_problems(file, ColumnPlan(uses), FIELDS).values()
    assert text.startswith("The column has 60 values that are no answer of “Plan or pathway”")


def test_values_are_matched_to_answers_and_the_others_listed() -> None:
    file = many()
    assert unmatched(file, 1, PLAN) == ["Care leaver"]
    uses = (Use.REFERENCE, "field-plan", Use.IGNORE, "field-referrals", Use.STRATA, Use.IGNORE, Use.IGNORE)
    settled, wrong = settle(file, ColumnPlan(uses, {1: {"Care leaver": "eh"}}), FIELDS)
    assert wrong == []
    assert [kept.key for kept in settled.kept] == ["plan", "referrals", ""]
    assert settled.cases[3].cells == ("eh", "3", "Team 0")
    ages, _ = settle(
        listed("Ref,Age\nC1,10 to 15\nC2,5 to 9\nC3,\n"), ColumnPlan(uses[:1] + uses[4:5]), FIELDS
    )
    assert list(strata(ages, 0, FIELDS)) == ["5 to 9", "10 to 15", "Left blank"]
    named = {label: len(found) for label, found in strata(settled, 0, FIELDS).items()}
    assert named == {"Child in need": 15, "Child protection": 15, "Early help": 30}
    left_empty, _ = settle(file, ColumnPlan(uses), FIELDS)
    assert len(strata(left_empty, 0, FIELDS)["Not entered"]) == 15


def test_a_row_that_says_the_same_again_counts_once_and_one_that_differs_is_named() -> None:
    file = listed("Ref,Team\nC1,North\nC2,South\nc1,North\nC2,North\n,South\nJohn Smith,South\n=C3,South\n")
    settled, wrong = settle(file, ColumnPlan((Use.REFERENCE, Use.STRATA)), FIELDS)
    assert settled.repeated == 1
    said = {problem.line: problem.reason for problem in wrong}
    assert said[5] == "The case of row 3 again, with other values. Keep the row that is right"
    assert said[6].startswith("Enter a reference")
    assert "a person’s name" in said[7]
    assert "must not start with =" in said[8]
    assert {problem.column for problem in wrong} == {"Ref"}


def test_cases_that_are_there_already_are_in_no_stratum() -> None:
    plan = ColumnPlan((Use.REFERENCE, Use.STRATA))
    settled, _ = settle(listed("Ref,Team\nC1,N\nC2,S\nC3,S\n"), plan, FIELDS)
    numbers = count(settled, FIELDS, {"c2"})
    assert (numbers.population, numbers.left_out) == (2, 1)
    assert numbers.counts(0) == {"N": 1, "S": 1}
    assert numbers.counts(NOT_DIVIDED) == {"": 2}
    assert read(2, 1, written(numbers)) == numbers


def test_what_is_kept_comes_back_as_it_was() -> None:
    file = many(8)
    assert unpack_file(pack_file(file)) == file
    settled, _ = settle(file, ColumnPlan((Use.REFERENCE, *(Use.STRATA,) * 6)), FIELDS)
    assert unpack_settled(pack_settled(settled)) == settled


@given(st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_no_stratum(random: object) -> None:
    file = many(24)
    rows = list(file.rows)
    random.shuffle(rows)  # type: ignore[attr-defined]
    plan = ColumnPlan((Use.REFERENCE, "field-plan", *(Use.STRATA,) * 5))
    settled, _ = settle(file, plan, FIELDS)
    shuffled, _ = settle(file._replace(rows=tuple(rows)), plan, FIELDS)
    assert written(count(settled, FIELDS, ())) == written(count(shuffled, FIELDS, ()))


def test_a_design_is_checked_and_worked_out() -> None:
    uses = (Use.REFERENCE, *(Use.IGNORE,) * 3, Use.STRATA, *(Use.IGNORE,) * 2)
    settled, _ = settle(many(), ColumnPlan(uses), FIELDS)
    numbers = count(settled, FIELDS, ())
    today = datetime.date(2026, 3, 1)
    good = Design(12, 0, Allocation.PROPORTIONAL, True, 5, "2026")
    assert problems(good, numbers, today) == {}
    seen = outlook(good, numbers)
    assert [(line.label, line.population, line.size) for line in seen.lines] == [
        ("Team 0", 20, 4),
        ("Team 1", 20, 4),
        ("Team 2", 20, 4),
    ]
    assert not seen.may_generalise
    bad = Design(61, 9, Allocation.EQUAL, False, 201, "", datetime.date(2027, 4, 1))
    assert set(problems(bad, numbers, today)) == {"size", "column", "reserve", "seed", "keep_until"}
    assert "There are 3 strata" in problems(good._replace(size=2), numbers, today)["size"]
    assert fingerprint(good, numbers) != fingerprint(good._replace(size=13), numbers)
    assert fingerprint(good, numbers) == fingerprint(good._replace(seed="other"), numbers)
