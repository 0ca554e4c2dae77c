"""Forms of samples: the list, its columns, the draw, a case replaced."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from qa.audits.forms import offer
from qa.audits.sampling.allocation import Allocation
from qa.audits.sampling.columns import FIELD, ColumnPlan, Guess, Use, field_of, unmatched
from qa.audits.sampling.commands.replace import NOTE_LIMIT
from qa.audits.sampling.designing import (
    LONGEST_SEED,
    MOST_CASES,
    MOST_RESERVE,
    NOT_DIVIDED,
    Counted,
    Design,
)
from qa.audits.sampling.reading import MOST_ROWS, PopulationFile
from qa.audits.sampling.vocabulary import Reason
from qa.frameworks.content import ProfileField
from qa.web.forms import (
    Form,
    day_field,
    file_field,
    long_text_field,
    radio_field,
    select_field,
    text_field,
    tick_field,
    whole_number,
)

TOGETHER = "Not divided: a simple random sample"
LEAVE_EMPTY = "-"


class ListForm(Form):
    """A population list."""

    file = file_field(
        "Population list (CSV or Excel)",
        required="Choose a CSV file or an Excel workbook",
        hint=f"Up to {MOST_ROWS:,} rows. The first row gives each column a heading",
    )


class ColumnsForm(Form):
    """What the columns of a list are for: its fields depend on the list, and `sent_plan` reads them."""


class DrawForm(Form):
    """How many cases, from which strata, and with which seed."""

    size = text_field("Cases to draw", required="Enter how many cases to draw", limit=9)
    column = select_field("Divide the list into strata by", required="Choose how to divide the list")
    allocation = radio_field(
        "Cases from each stratum",
        [(one.value, one.label) for one in Allocation],
        required="Choose how many cases each stratum gives",
    )
    at_least_one = tick_field("At least one case from each stratum")
    reserve = text_field(
        "Cases to keep in reserve, for each stratum",
        required="Enter how many cases to keep in reserve, 0 for none",
        hint="The next in the drawn order, with their profile. Without a reserve no case can be replaced",
        limit=4,
    )
    seed = text_field(
        "Seed",
        required="Enter a seed: any word or number",
        hint="The same list and seed give the same draw. Leave what is here, or type what was agreed",
        limit=LONGEST_SEED,
    )
    keep = tick_field("Keep the list after the draw")
    keep_until = day_field("Keep it until", hint="At most a year. It is deleted after that day")

    def offer(self, counted: Counted) -> None:
        """Set by which columns the list can be divided."""
        choices = [(one.column, f"{one.heading} ({len(one.counts)} strata)") for one in counted.columns]
        offer(self.column, [(NOT_DIVIDED, TOGETHER), *choices])

    @property
    def design(self) -> Design:
        """What was chosen; only of a form that was found valid."""
        return Design(
            int(self.size.data or 0),
            int(self.column.data or ""),
            Allocation(self.allocation.data),
            bool(self.at_least_one.data),
            int(self.reserve.data or 0),
            str(self.seed.data),
            self.keep_until.data if self.keep.data else None,
        )

    def validate(self, extra_validators: Mapping[str, Sequence[object]] | None = None) -> bool:
        """Fields one by one, then a day for a list that is kept."""
        bounds = {"size": [whole_number(1, MOST_CASES)], "reserve": [whole_number(0, MOST_RESERVE)]}
        valid: bool = super().validate({**(extra_validators or {}), **bounds})
        if self.keep.data and not self.keep_until.data and not self.keep_until.errors:
            self.keep_until.errors = ["Enter the day until which the list is kept"]
            return False
        return valid


class ReplaceForm(Form):
    """Why a case is replaced."""

    reason = radio_field(
        "Why is it replaced?",
        [(reason.value, reason.label) for reason in Reason],
        required="Choose why the case is replaced",
    )
    note = long_text_field(
        "More about the reason (optional)",
        hint="Needed for another reason. Nothing that identifies a child",
        limit=NOTE_LIMIT,
    )


class ColumnChoice(NamedTuple):
    """A column on the page. unmatched: its values that are no answer of the field chosen, each with the
    name of its control and what is chosen for it; answers: what can be.
    """

    number: int
    name: str
    use: str
    why: str
    unmatched: Sequence[tuple[str, str, str]] = ()
    answers: Sequence[tuple[str, str]] = ()


def use_name(column: int) -> str:
    """The name of a column's control."""
    return f"use-{column}"


def uses_offered(fields: Sequence[ProfileField]) -> list[tuple[str, str]]:
    """What a column can be used for: value and words."""
    return [
        (Use.REFERENCE, "The case’s reference"),
        *((FIELD + entry.key, f"Case profile: {entry.label}") for entry in fields),
        (Use.STRATA, "Strata only, not kept with the case"),
        (Use.IGNORE, "Ignore"),
    ]


def _value_name(column: int, key: str, place: int) -> str:
    return f"value-{column}-{key}-{place}"


def sent_uses(sent: Mapping[str, str], columns: int) -> tuple[str, ...]:
    """The uses that a form sends."""
    return tuple(sent.get(use_name(number), "") for number in range(columns))


def choices(
    file: PopulationFile,
    fields: Sequence[ProfileField],
    uses: Sequence[str],
    guesses: Sequence[Guess],
    sent: Mapping[str, str],
) -> list[ColumnChoice]:
    """The columns with what is chosen, and the values that have to be matched."""
    made = []
    for number, (use, guess) in enumerate(zip(uses, guesses, strict=True)):
        entry = field_of(use, fields)
        why = guess.why if use == guess.use else ""
        if entry is None:
            made.append(ColumnChoice(number, use_name(number), use, why))
            continue
        values = []
        for place, value in enumerate(unmatched(file, number, entry)):
            name = _value_name(number, entry.key, place)
            values.append((value, name, sent.get(name, "")))
        answers = [(option.key, option.label) for option in entry.choices]
        made.append(
            ColumnChoice(
                number, use_name(number), use, why, values, [*answers, (LEAVE_EMPTY, "Leave it empty")]
            )
        )
    return made


def plan_of(chosen: Sequence[ColumnChoice]) -> tuple[ColumnPlan, dict[str, str]]:
    """The plan that was chosen, and what to say beside each control in which nothing fit was."""
    values: dict[int, dict[str, str]] = {}
    missing = {}
    for choice in chosen:
        fit = {key for key, _ in choice.answers}
        for value, name, key in choice.unmatched:
            if key not in fit:
                missing[name] = f"Choose which answer “{value[:60]}” is, or leave it empty"
            else:
                values.setdefault(choice.number, {})[value] = "" if key == LEAVE_EMPTY else key
    return ColumnPlan(tuple(choice.use for choice in chosen), values), missing
