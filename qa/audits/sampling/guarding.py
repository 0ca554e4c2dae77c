"""Finds what could identify a child in a population list, column by column and row by row. Pure.

A list that holds any is refused before anything of it is kept. What was found is named by heading and row;
the words themselves are not repeated.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

from qa.audits.sampling.reading import PopulationFile, Row
from qa.identifiers.finding import Kind, identifiers_in, looks_like_name
from qa.identifiers.names import NO_NAMES, Names

ADDRESS = "an address"
PUPIL_NUMBER = "a unique pupil number"
SHOWN_ROWS = 6
_WHOLE = 0.5  # a column with findings in this share of its filled cells is refused as a whole
_MOSTLY_DIFFERENT = 0.9
_FEWEST_TO_JUDGE = 20

_PERSON = (
    "child|children|client|person|people|pupil|student|patient|parent|carer|mother|father|guardian|sibling|"
    "service user|subject|first|middle|last|given|family|full|preferred|known|maiden|user"
)
_HEADINGS: tuple[tuple[str, re.Pattern[str]], ...] = (
    (Kind.DATE, re.compile(r"\b(dob|d o b|date of birth|birth ?date|birthday|born|edd)\b")),
    (Kind.NHS_NUMBER, re.compile(r"\bnhs\b")),
    (PUPIL_NUMBER, re.compile(r"\b(upn|unique pupil)\b")),
    (Kind.NATIONAL_INSURANCE, re.compile(r"\b(nino|national insurance|ni (number|no))\b")),
    (Kind.POSTCODE, re.compile(r"\bpost ?code\b")),
    (Kind.EMAIL, re.compile(r"\be ?mail\b")),
    (Kind.PHONE, re.compile(r"\b(tele)?phone\b|\bmobile\b|\btel\b")),
    (ADDRESS, re.compile(r"\baddress\b|\bhouse (number|no|name)\b|\bstreet\b")),
    (
        Kind.NAME,
        re.compile(rf"^names?$|\b(fore|sur|first|last)names?\b|\b({_PERSON})( s)? ?names?\b|\baka\b"),
    ),
)
_REMEDIES = {
    Kind.DATE: "Take it out, or write the month alone (2026-03) or an age band",
    Kind.POSTCODE: "Take it out, or write the ward or the locality",
    ADDRESS: "Take it out, or write the ward or the locality",
    Kind.NAME: "Take it out, or write a code that identifies nobody",
}
_TAKE_OUT = "Take it out"


class Refusal(NamedTuple):
    """What was found in one column. rows: the first rows in which it stands; number: how many there are.

    whole: the heading says so, or most of the column is like that.
    """

    heading: str
    kind: str
    rows: tuple[int, ...]
    number: int
    whole: bool

    @property
    def where(self) -> str:
        """The rows in words."""
        if self.whole:
            return "The whole column"
        more = self.number - len(self.rows)
        said = ", ".join(f"{row:,}" for row in self.rows)
        if more:
            return f"Rows {said} and {more:,} more"
        return f"Row {said}" if self.number == 1 else f"Rows {said}"

    @property
    def remedy(self) -> str:
        """What to do."""
        return _REMEDIES.get(self.kind, _TAKE_OUT)


def refusals(file: PopulationFile, reference: int | None, names: Names = NO_NAMES) -> list[Refusal]:
    """What must be taken out of a list before it may be brought in; empty for a clean one.

    reference: the column that seems to hold the references, in which whatever looks like a name is refused
    too. names: those that the area keeps, looked for everywhere.
    """
    found: list[Refusal] = []
    for column, heading in enumerate(file.headings):
        filled = sum(bool(row.cells[column]) for row in file.rows)
        found += [
            Refusal(heading, each.kind, (), filled, whole=True) for each in identifiers_in(heading, names)
        ]
        named = kind_of_heading(heading)
        if named and filled:
            found.append(Refusal(heading, named, (), filled, whole=True))
        else:
            found += _in_cells(file.rows, column, filled, heading, names, column == reference)
    return found


def kind_of_heading(heading: str) -> str | None:
    """What a column holds by its heading alone, when that identifies somebody."""
    plain = re.sub(r"[^a-z0-9]+", " ", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", heading).lower()).strip()
    return next((kind for kind, pattern in _HEADINGS if pattern.search(plain)), None)


def _in_cells(
    rows: Sequence[Row], column: int, filled: int, heading: str, names: Names, references: bool
) -> list[Refusal]:
    values = {row.cells[column] for row in rows} - {""}
    kinds = {value: kind for value in values if (kind := kind_of(value, names))}
    different = len(values) >= max(_FEWEST_TO_JUDGE, _MOSTLY_DIFFERENT * filled)
    if references or different:
        # A column of a few repeated words, such as a plan or a team, is not one of children's names.
        named = [value for value in values if value not in kinds and looks_like_name(value)]
        if references or len(named) > _WHOLE * len(values):
            kinds |= dict.fromkeys(named, str(Kind.NAME))
    if not kinds:
        return []
    lines: dict[str, list[int]] = {}
    for row in rows:
        kind = kinds.get(row.cells[column])
        if kind:
            lines.setdefault(kind, []).append(row.line)
    return [
        Refusal(heading, kind, tuple(found[:SHOWN_ROWS]), len(found), len(found) > _WHOLE * filled > 1)
        for kind, found in lines.items()
    ]


def kind_of(value: str, names: Names = NO_NAMES) -> str | None:
    """What a cell looks like, when that could identify somebody; names: those that are looked for."""
    if not names.begins and "@" not in value and not any(char.isdecimal() for char in value):
        return None
    found = identifiers_in(value, names)
    return str(found[0].kind) if found else None
