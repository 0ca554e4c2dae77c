"""A sample as it is planned: how many, from which strata, and how much could be said from it. Pure."""

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from hashlib import sha256
from typing import NamedTuple

from qa.audits.sampling.allocation import Allocation, allocate
from qa.audits.sampling.columns import MOST_STRATA, Settled, strata
from qa.audits.sampling.margin import margin, may_generalise, stratified_margin
from qa.frameworks.content import ProfileField

MOST_CASES = 5_000
MOST_RESERVE = 200
USUAL_SIZE, USUAL_RESERVE = 30, 5
LONGEST_SEED = 64
LONGEST_KEPT = 366  # days
NOT_DIVIDED = -1


class Design(NamedTuple):
    """What was chosen. column: number of the kept column that divides the population, NOT_DIVIDED for none.

    reserve: how many more to keep for each stratum. keep_until: the list is kept on purpose until then.
    """

    size: int
    column: int
    allocation: Allocation
    at_least_one: bool
    reserve: int
    seed: str
    keep_until: date | None = None


class Divided(NamedTuple):
    """A column that can divide the population, and how many cases each stratum has by its name."""

    heading: str
    column: int
    counts: Mapping[str, int]


class Counted(NamedTuple):
    """The population in numbers. left_out: cases of the list that are in the audit already."""

    population: int
    left_out: int
    columns: Sequence[Divided] = ()

    def counts(self, column: int) -> Mapping[str, int]:
        """Cases by stratum. Raises KeyError for a column that does not divide the population."""
        if column == NOT_DIVIDED:
            return {"": self.population}
        return next(one.counts for one in self.columns if one.column == column)

    def heading(self, column: int) -> str:
        """What divides the population; "" when nothing does."""
        return next((one.heading for one in self.columns if one.column == column), "")

    def divides(self, column: int) -> bool:
        """Whether the column can divide the population, or is none."""
        return column == NOT_DIVIDED or any(one.column == column for one in self.columns)


class Line(NamedTuple):
    """A stratum. margin: in percentage points, None when no case is taken from it."""

    label: str
    population: int
    share: Decimal
    size: int
    margin: float | None


class Outlook(NamedTuple):
    """What a design comes to. margin: over the strata that are sampled."""

    lines: tuple[Line, ...]
    population: int
    size: int
    margin: float | None

    @property
    def unsampled(self) -> tuple[Line, ...]:
        """Strata from which no case is taken."""
        return tuple(line for line in self.lines if not line.size)

    @property
    def may_generalise(self) -> bool:
        """Whether percentages of the sample may be taken for those of the population."""
        return self.margin is not None and may_generalise(self.size, self.margin)


def count(settled: Settled, fields: Sequence[ProfileField], taken: Collection[str]) -> Counted:
    """The population in numbers. taken: references in lower case that are cases of the audit already."""
    whole = strata(settled, None, fields, taken).get("", [])
    columns = []
    for number, kept in enumerate(settled.kept):
        found = strata(settled, number, fields, taken)
        if 1 < len(found) <= MOST_STRATA:
            counts = {label: len(references) for label, references in found.items()}
            columns.append(Divided(kept.heading, number, counts))
    return Counted(len(whole), len(settled.cases) - len(whole), columns)


def written(counted: Counted) -> str:
    """The numbers as JSON."""
    return json.dumps([[one.heading, one.column, one.counts] for one in counted.columns], ensure_ascii=False)


def read(population: int, left_out: int, text: str) -> Counted:
    """The numbers that were written so."""
    return Counted(population, left_out, [Divided(*one) for one in json.loads(text or "[]")])


def problems(design: Design, counted: Counted, today: date) -> dict[str, str]:
    """What is wrong with a design, by the name of its field."""
    wrong: dict[str, str] = {}
    most = min(counted.population, MOST_CASES)
    if not 1 <= design.size <= most:
        wrong["size"] = f"The number of cases must be from 1 to {most:,}"
    if not counted.divides(design.column):
        wrong["column"] = "Choose one of the columns on the page"
    elif design.at_least_one and design.size < len(counted.counts(design.column)):
        number = len(counted.counts(design.column))
        wrong.setdefault(
            "size", f"There are {number} strata: draw at least {number} cases, or untick the box"
        )
    if not 0 <= design.reserve <= MOST_RESERVE:
        wrong["reserve"] = f"The number of reserve cases must be from 0 to {MOST_RESERVE}"
    if not design.seed:
        wrong["seed"] = "Enter a seed: any word or number"
    elif len(design.seed) > LONGEST_SEED:
        wrong["seed"] = f"The seed must be {LONGEST_SEED} characters or fewer"
    last = today + timedelta(days=LONGEST_KEPT)
    if design.keep_until and not today < design.keep_until <= last:
        wrong["keep_until"] = f"Choose a day after today and within a year, at the latest {_day(last)}"
    return wrong


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def outlook(design: Design, counted: Counted) -> Outlook:
    """The strata with what is taken from each, of a design without problems."""
    counts = counted.counts(design.column)
    sizes = allocate(counts, design.size, design.allocation, at_least_one=design.at_least_one)
    lines = tuple(line(label, number, sizes[label], counted.population) for label, number in counts.items())
    over_all = stratified_margin((one.population, one.size) for one in lines)
    return Outlook(lines, counted.population, design.size, over_all)


def line(label: str, population: int, size: int, whole: int) -> Line:
    """A stratum of a population of `whole` cases."""
    share = (Decimal(100 * population) / (whole or 1)).quantize(Decimal("0.1"), ROUND_HALF_UP)
    return Line(label, population, share, size, margin(population, size) if size else None)


def fingerprint(design: Design, counted: Counted) -> str:
    """What a page showed, so that the draw is of nothing else: changes with all that decides the strata."""
    decides = [design.size, design.column, design.allocation, design.at_least_one, written(counted)]
    return sha256(json.dumps([*decides, counted.population]).encode()).hexdigest()[:16]
