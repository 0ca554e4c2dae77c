"""Changes gathered for a page: what happened to many questions in the same way is said once. Pure."""

from collections.abc import Iterable
from typing import NamedTuple

from qa.frameworks.comparing import Change, Detail, Difference


class Gathered(NamedTuple):
    """One change, or the same one of several parts: a scale that gets another grade rescales all its
    questions.
    """

    parts: tuple[Difference, ...]

    @property
    def one(self) -> Difference:
        """The first of them: the others differ in their names alone."""
        return self.parts[0]


def gathered(differences: Iterable[Difference]) -> tuple[Gathered, ...]:
    """The changes in their order; those that are nothing but one and the same rescaling together."""
    made: list[list[Difference]] = []
    alike: dict[tuple[Detail, ...], list[Difference]] = {}
    for difference in differences:
        if difference.changes != (Change.RESCALED,):
            made.append([difference])
        elif difference.details in alike:
            alike[difference.details].append(difference)
        else:
            alike[difference.details] = [difference]
            made.append(alike[difference.details])
    return tuple(Gathered(tuple(parts)) for parts in made)
