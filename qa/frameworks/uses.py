"""What later capabilities say of frameworks in use: audits register it with the application."""

from collections.abc import Callable, Collection, Sequence
from typing import NamedTuple


class Use(NamedTuple):
    """How many audits of one area use one edition. href: their list, empty where the reader has none."""

    framework_id: int
    edition_id: int
    area: str
    audits: int
    href: str = ""


class FrameworkUses(NamedTuple):
    """listed: the uses of these frameworks that the person asking may know of, by area.

    areas: the numbers of all areas with an audit that uses the framework, whoever asks: for rules.
    """

    listed: Callable[[Collection[int]], Sequence[Use]]
    areas: Callable[[int], frozenset[int]]


def by_area(uses: Sequence[Use], framework_id: int) -> tuple[Use, ...]:
    """A framework's uses with its editions put together, one for each area."""
    together: dict[str, Use] = {}
    for use in uses:
        if use.framework_id == framework_id:
            before = together.get(use.area)
            together[use.area] = use._replace(audits=use.audits + (before.audits if before else 0))
    return tuple(together.values())
