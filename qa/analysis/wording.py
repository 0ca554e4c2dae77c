"""Numbers in words, and what an audit counts: cases, or the agencies themselves. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from qa.frameworks.content import FrameworkContent
from qa.frameworks.vocabulary import FrameworkKind


def figure(number: int) -> str:
    """A count as tables show it: 1,417."""
    return f"{number:,}"


def per_cent(value: Decimal | None) -> str:
    """A percentage as tables show it: 52.0%, or a dash where there is nothing to count."""
    return "–" if value is None else f"{value}%"


def count(number: int, one: str, many: str = "") -> str:
    """1 case, 2 cases. many: the plural, where it is not the singular with an s."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def listed(names: Sequence[str]) -> str:
    """One, two and three; empty for none."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"


def some_of(names: Sequence[str]) -> str:
    """Up to two names, the others counted: one, two, or `one and 4 others`."""
    return listed(names) if len(names) < 3 else f"{names[0]} and {len(names) - 1:,} others"


@dataclass(frozen=True, slots=True)
class Unit:
    """What an audit counts. whole: what a grade for all of it is called."""

    one: str
    many: str
    whole: str

    def count(self, number: int) -> str:
        """1 case, 2 cases."""
        return count(number, self.one, self.many)

    @property
    def heading(self) -> str:
        """Over a column: Cases."""
        return self.many.capitalize()


CASE = Unit("case", "cases", "Whole case")
AGENCY = Unit("agency", "agencies", "Whole agency")


def unit_of(content: FrameworkContent) -> Unit:
    """What audits with this framework count: in a self-assessment the cases are the agencies."""
    return AGENCY if content.kind is FrameworkKind.SELF_ASSESSMENT else CASE
