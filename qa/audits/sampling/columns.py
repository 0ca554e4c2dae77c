"""What the columns of a population list are for: guesses by name and by values, and the mapping. Pure."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from enum import StrEnum
from typing import NamedTuple

from qa.audits.case_files import RowProblem
from qa.audits.profiles import BadValue, ProfileValue, parse_value, shown_value
from qa.audits.references import case_reference_problem
from qa.audits.sampling.drawing import canonical
from qa.audits.sampling.reading import ERROR, PopulationFile, Row
from qa.frameworks.content import ProfileField
from qa.frameworks.vocabulary import ProfileFieldType

MOST_STRATA = 50
MOST_UNMATCHED = 40
SHOWN_VALUES = 3
LEFT_BLANK, NOT_ENTERED = "Left blank", "Not entered"
FIELD = "field-"
_REFERENCE = re.compile(
    r"(case|child|client|record|unique|pseudonym\w*)? ?(reference|ref|id|identifier|code|number|no)?",
    re.IGNORECASE,
)
_ALIKE = 0.8


class Use(StrEnum):
    """What a column is for, where it fills no field of the case profile."""

    REFERENCE = "reference"
    STRATA = "strata"
    IGNORE = "ignore"


class Guess(NamedTuple):
    """What a column seems to be for. use: a Use, or FIELD and a profile field's key; why: in words."""

    use: str
    why: str


class Looked(NamedTuple):
    """A column as the page shows it. examples: its first values; different: how many there are."""

    heading: str
    examples: tuple[str, ...]
    different: int
    blank: int


@dataclass(frozen=True, slots=True)
class ColumnPlan:
    """How a list is to be read. uses: of each column; values: by column, what a value of it stands for.

    A value stands for the key of an answer, or for "" where it is left empty.
    """

    uses: tuple[str, ...]
    values: Mapping[int, Mapping[str, str]] = field(default_factory=dict)


class Case(NamedTuple):
    """One case of the population. cells: one for each kept column, a field's value by its key."""

    reference: str
    cells: tuple[str, ...]


class Kept(NamedTuple):
    """A column that is kept. key: of the profile's field that it fills, "" for strata only."""

    heading: str
    key: str


class Settled(NamedTuple):
    """The population as it is drawn from. repeated: rows that said the same again of a case."""

    kept: tuple[Kept, ...]
    cases: tuple[Case, ...]
    repeated: int = 0


def folded(text: str) -> str:
    """Words alone, in small letters."""
    return " ".join(re.findall(r"[a-z0-9]+", text.lower()))


def looked_at(file: PopulationFile) -> tuple[Looked, ...]:
    """Each column in brief."""
    found = []
    for column, heading in enumerate(file.headings):
        values = dict.fromkeys(row.cells[column] for row in file.rows)
        blank = sum(not row.cells[column] for row in file.rows)
        values.pop("", None)
        shown = ("#error" if value == ERROR else value for value in list(values)[:SHOWN_VALUES])
        found.append(Looked(heading, tuple(shown), len(values), blank))
    return tuple(found)


def reference_column(file: PopulationFile) -> int | None:
    """The column that seems to hold the references: called so, or else the first whose values all differ."""
    ours = [number for number, heading in enumerate(file.headings) if _called_reference(heading)]
    differing = [number for number in range(len(file.headings)) if _all_differ(file.rows, number)]
    return next((number for number in ours if number in differing), next(iter(ours or differing), None))


def _called_reference(heading: str) -> bool:
    words = folded(heading)
    return bool(words) and bool(_REFERENCE.fullmatch(words))


def _all_differ(rows: Sequence[Row], column: int) -> bool:
    values = {row.cells[column] for row in rows}
    return "" not in values and len(values) == len(rows) and not any(value == ERROR for value in values)


def guesses(file: PopulationFile, fields: Sequence[ProfileField]) -> tuple[Guess, ...]:
    """What each column seems to be for; each field of the profile is guessed once at most."""
    reference = reference_column(file)
    columns = looked_at(file)
    made: dict[int, Guess] = {}
    if reference is not None:
        made[reference] = Guess(Use.REFERENCE, "its values all differ, or its heading says so")
    for way in (_by_name, _by_values):
        for number, column in enumerate(columns):
            taken = {guess.use for guess in made.values()}
            free = [entry for entry in fields if FIELD + entry.key not in taken]
            if number not in made and (found := way(file, number, column, free)):
                made[number] = found
    for number, column in enumerate(columns):
        made.setdefault(number, _by_size(column))
    return tuple(made[number] for number in range(len(columns)))


def _by_size(column: Looked) -> Guess:
    if column.different < 2:
        return Guess(Use.IGNORE, "its values are all the same")
    if column.different + bool(column.blank) <= MOST_STRATA:
        return Guess(Use.STRATA, f"it has {column.different} different values")
    return Guess(Use.IGNORE, f"it has {column.different:,} different values")


def _by_name(
    _file: PopulationFile, _number: int, column: Looked, fields: Sequence[ProfileField]
) -> Guess | None:
    heading = folded(column.heading)

    def alike(entry: ProfileField) -> float:
        names = (folded(entry.label), folded(entry.key))
        return max(SequenceMatcher(None, heading, name).ratio() for name in names)

    best = max(fields, key=alike, default=None)
    return Guess(FIELD + best.key, "by its heading") if best and alike(best) >= _ALIKE else None


def _by_values(
    file: PopulationFile, number: int, _column: Looked, fields: Sequence[ProfileField]
) -> Guess | None:
    values = {row.cells[number] for row in file.rows} - {""}
    if not 1 < len(values) <= MOST_STRATA:
        return None
    for entry in fields:
        if entry.type is ProfileFieldType.SINGLE_CHOICE:
            fit = sum(_parsed(entry, value) is not None for value in values)
            if fit >= _ALIKE * len(values):
                return Guess(FIELD + entry.key, "by its values")
    return None


def _parsed(entry: ProfileField, value: str) -> ProfileValue | None:
    try:
        return parse_value(entry, value)
    except BadValue:
        return None


def plain(value: ProfileValue) -> str:
    """A value as it is kept: an answer's key, or a number's digits."""
    return value.option or value.code or str(value.number)


def unmatched(file: PopulationFile, column: int, entry: ProfileField) -> list[str]:
    """The different values of a column that are no answer of the field, in the order they come in."""
    values = dict.fromkeys(row.cells[column] for row in file.rows)
    return [value for value in values if value and _parsed(entry, value) is None]


def field_of(use: str, fields: Sequence[ProfileField]) -> ProfileField | None:
    """The field of the profile that a column with this use fills."""
    return next((entry for entry in fields if FIELD + entry.key == use), None)


def mapping_problems(
    file: PopulationFile, mapping: ColumnPlan, fields: Sequence[ProfileField]
) -> dict[int, str]:
    """What is wrong with the uses, by column."""
    wrong: dict[int, str] = {}
    for number, use in enumerate(mapping.uses):
        entry, earlier = field_of(use, fields), mapping.uses[:number]
        if use not in set(Use) and entry is None:
            wrong[number] = "Choose what the column is for"
        elif use in earlier and use not in {Use.STRATA, Use.IGNORE}:
            other = file.headings[earlier.index(use)]
            wrong[number] = f"“{other}” is used for that already. Choose one of the two"
        elif entry and (many := len(unmatched(file, number, entry))) > MOST_UNMATCHED:
            wrong[number] = (
                f"The column has {many:,} values that are no answer of “{entry.label}”. "
                "Use it for strata only, or ignore it"
            )
    if Use.REFERENCE not in mapping.uses:
        wrong.setdefault(0, "Choose which column holds the case’s reference")
    return wrong


def settle(
    file: PopulationFile, mapping: ColumnPlan, fields: Sequence[ProfileField]
) -> tuple[Settled, list[RowProblem]]:
    """The population, each case once, and what is wrong with rows; a mapping that `mapping_problems` passed.

    A row that says the same of a case again is counted and left out; one that says otherwise is a problem.
    """
    reference = mapping.uses.index(Use.REFERENCE)
    kept, tables = [], []
    for number, use in enumerate(mapping.uses):
        entry = field_of(use, fields)
        if entry or use == Use.STRATA:
            kept.append(Kept(file.headings[number], entry.key if entry else ""))
            tables.append((number, _table(file, number, entry, mapping.values.get(number, {}))))
    problems: list[RowProblem] = []
    first: dict[str, tuple[int, Case]] = {}
    repeated = 0
    heading = file.headings[reference]
    for row in file.rows:
        text = row.cells[reference]
        case = Case(text, tuple(table[row.cells[number]] for number, table in tables))
        line, same = first.setdefault(canonical(text), (row.line, case))
        if line == row.line:
            if problem := case_reference_problem("" if text == ERROR else text):
                problems.append(RowProblem(row.line, heading, problem))
        elif same.cells == case.cells:
            repeated += 1
        else:
            problems.append(
                RowProblem(
                    row.line,
                    heading,
                    f"The case of row {line:,} again, with other values. Keep the row that is right",
                )
            )
    return Settled(tuple(kept), tuple(case for _, case in first.values()), repeated), problems


def _table(
    file: PopulationFile, column: int, entry: ProfileField | None, given: Mapping[str, str]
) -> dict[str, str]:
    """What each value of a column is kept as."""
    values = dict.fromkeys(row.cells[column] for row in file.rows)
    if entry is None:
        return {value: "" if value == ERROR else value for value in values}
    found = {value: _parsed(entry, value) for value in values if value}
    return {"": ""} | {
        value: plain(parsed) if parsed else given.get(value, "") for value, parsed in found.items()
    }


def stratum_of(kept: Kept, cell: str, fields: Sequence[ProfileField]) -> str:
    """What a case's stratum is called, by its cell in the column of strata."""
    entry = field_of(FIELD + kept.key, fields) if kept.key else None
    return shown_value(entry, cell, NOT_ENTERED) if entry else cell or LEFT_BLANK


def strata(
    settled: Settled, column: int | None, fields: Sequence[ProfileField], taken: Collection[str] = ()
) -> dict[str, list[str]]:
    """The references of the population by stratum, in the order of their names; those taken are left out.

    column: number of the kept column that divides it, None for a population that is not divided: one
    stratum called "". taken: references in lower case that are cases of the audit already.
    """
    named: dict[str, str] = {}
    found: dict[str, list[str]] = {}
    for case in settled.cases:
        if canonical(case.reference) in taken:
            continue
        if column is None:
            label = ""
        else:
            cell = case.cells[column]
            label = named.get(cell) or named.setdefault(cell, stratum_of(settled.kept[column], cell, fields))
        found.setdefault(label, []).append(case.reference)
    return {label: found[label] for label in sorted(found, key=_natural)}


def _natural(text: str) -> tuple[str, str]:
    """Orders text so that 5 to 9 comes before 10 to 15."""
    return re.sub(r"[0-9]+", lambda number: number[0].zfill(9), text.casefold()), text
