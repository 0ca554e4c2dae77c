"""The figures of one audit, as counted: pure values that pages and reports draw from."""

from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple

from qa.audits.lifecycle import ReturnState
from qa.frameworks.content import NOT_APPLICABLE

__all__ = ["NOT_APPLICABLE", "AgencyReturns", "AuditFigures", "Grades", "ThemeFigures"]

Grades = Counter[str]
"""Counts by grade key; `not_applicable` may be among them and is in no denominator."""


class AgencyReturns(NamedTuple):
    """One agency's returns by state; late: not complete and past their due date."""

    agency_id: int
    name: str
    by_state: Mapping[ReturnState, int]
    late: int

    @property
    def total(self) -> int:
        """Returns allocated."""
        return sum(self.by_state.values())

    @property
    def complete(self) -> int:
        """Returns in: submitted, or not involved."""
        return sum(count for state, count in self.by_state.items() if state.complete)


class ThemeFigures(NamedTuple):
    """A theme by the cases it was seen in."""

    theme_id: int
    name: str
    cases: int
    findings: int
    strengths: int
    areas_for_improvement: int


class AuditFigures(NamedTuple):
    """Everything counted in one audit.

    cases: in a self-assessment, agencies. opened: those that went to the panel. given: the agencies' own
    section grades in submitted returns, where they were asked, by (section key, agency id). agreed: the
    panel's grades by section key; None for the whole case. strengths, areas_for_improvement: findings that
    are released. themes: those of most cases first. concerns: raised, whatever became of them.
    """

    cases: int
    opened: int
    agencies: tuple[AgencyReturns, ...]
    given: Mapping[tuple[str, int], Grades]
    agreed: Mapping[str | None, Grades]
    themes: tuple[ThemeFigures, ...]
    strengths: int
    areas_for_improvement: int
    concerns: int
    concerns_closed: int = 0

    @property
    def returns(self) -> int:
        """Returns allocated."""
        return sum(agency.total for agency in self.agencies)

    @property
    def complete(self) -> int:
        """Returns in."""
        return sum(agency.complete for agency in self.agencies)

    @property
    def late(self) -> int:
        """Returns that are not in and past their due date."""
        return sum(agency.late for agency in self.agencies)

    def in_state(self, state: ReturnState) -> int:
        """Returns in one state, over all agencies."""
        return sum(agency.by_state.get(state, 0) for agency in self.agencies)

    @property
    def judged(self) -> int:
        """Cases for which the panel agreed a grade of the whole case."""
        return sum(self.agreed_in(None).values())

    def agreed_in(self, key: str | None) -> Grades:
        """The panel's grades of one section; None: of the whole case."""
        return self.agreed.get(key, Grades())

    def of_section(self, key: str) -> Grades:
        """The agencies' grades of one section together."""
        return sum((grades for (section, _), grades in self.given.items() if section == key), Grades())

    def of_agency(self, agency_id: int, keys: frozenset[str]) -> Grades:
        """One agency's grades of the sections named."""
        return sum(
            (
                grades
                for (section, agency), grades in self.given.items()
                if agency == agency_id and section in keys
            ),
            Grades(),
        )
