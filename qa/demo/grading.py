"""How the demonstration's grades come about: drawn from a fixed seed around tendencies. Pure.

A level is a place on a scale as a number with decimals: 0 is the best grade, 1 the next, and so on.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from random import Random


@dataclass(frozen=True, slots=True)
class Tendency:
    """Where grades lie. mean: the usual level; sections, agencies: what is added for each, by key.

    divergence: how often an agency sees a section two grades from where it would. worst: the lowest place
    an agency gives; panel_worst: the lowest that the panel agrees.
    """

    mean: float
    sections: Mapping[str, float] = field(default_factory=dict)
    agencies: Mapping[str, float] = field(default_factory=dict)
    divergence: float = 0.015
    worst: int = 3
    panel_worst: int = 3


class Marker:
    """Draws levels and grades for the cases of one audit."""

    def __init__(self, random: Random, tendency: Tendency) -> None:
        self.random = random
        self.tendency = tendency

    def case_level(self) -> float:
        """How one case differs from the usual."""
        return self.random.gauss(0, 0.45)

    def section_level(self, case_level: float, section: str, agency: str) -> float:
        """How one agency sees one section of a case."""
        tendency = self.tendency
        level = (
            tendency.mean + case_level + tendency.sections.get(section, 0) + tendency.agencies.get(agency, 0)
        )
        level += self.random.gauss(0, 0.22)
        if self.random.random() < tendency.divergence:
            level += 2 if level < tendency.worst / 2 else -2
        return level

    def place(self, level: float, worst: int, spread: float = 0.26) -> int:
        """A grade's place around a level, none below `worst`."""
        return max(0, min(worst, round(self.random.gauss(level, spread))))

    def agreed(self, places: Sequence[int], worst: int) -> int | None:
        """What the panel makes of the agencies' grades: near their middle, the lower one where they are
        split; None when there is nothing to judge.
        """
        if not places:
            return None
        ordered = sorted(places)
        middle = ordered[len(ordered) // 2]
        if self.random.random() < 0.3:
            middle = ordered[(len(ordered) - 1) // 2]
        return min(middle, worst, self.tendency.panel_worst)
