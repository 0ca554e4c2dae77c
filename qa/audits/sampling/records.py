"""A sample as its queries hand it on. Pure."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

from qa.audits.sampling.allocation import Allocation
from qa.audits.sampling.designing import Line
from qa.audits.sampling.margin import may_generalise, stratified_margin
from qa.audits.sampling.vocabulary import Reason


class Method(NamedTuple):
    """How a sample was drawn, for the sentences that say so.

    strata: with the cases that are in the audit now. replaced: how many, by reason. removed: cases drawn that
    were taken out of the audit without being replaced.
    """

    drawn_at: datetime
    population: int
    left_out: int
    size: int
    stratified_by: str
    allocation: Allocation | None
    at_least_one: bool
    seed: str
    digest: str
    strata: Sequence[Line]
    replaced: Mapping[Reason, int]
    removed: int = 0

    @property
    def cases(self) -> int:
        """Cases of the sample that are in the audit now."""
        return sum(line.size for line in self.strata)

    @property
    def margin(self) -> float | None:
        """The margin of error in percentage points, over the strata that are sampled."""
        return stratified_margin((line.population, line.size) for line in self.strata)

    @property
    def may_generalise(self) -> bool:
        """Whether percentages of the sample may be taken for those of the population."""
        return self.margin is not None and may_generalise(self.cases, self.margin)


class DrawnSample(NamedTuple):
    """A sample that was drawn, for its page. reserve: references in reserve, in all strata together."""

    id: int
    version: int
    method: Method
    drawn_by: str | None
    reserve: int
    list_kept: bool
    kept_until: date | None
    kept_by: str | None


class Replaced(NamedTuple):
    """A case that was replaced: a record of method."""

    reference: str
    by: str
    stratum: str
    reason: Reason
    note: str
    person: str | None
    at: datetime


class WaitingList(NamedTuple):
    """A list that waits for its draw. settled: its columns were chosen."""

    id: int
    version: int
    rows: int
    repeated: int
    population: int
    left_out: int
    uploaded_at: datetime
    uploaded_by: str | None
    settled: bool


class Begun(NamedTuple):
    """An agency that has begun on a case, with the state of its return in words."""

    agency: str
    state: str


class Replacing(NamedTuple):
    """A drawn case for the page on which it is replaced. next: the reference that would take its place."""

    sample_id: int
    version: int
    case_id: int
    reference: str
    stratum: str
    next: str | None
    begun: Sequence[Begun]
    returns: int
