"""What a list of findings can be narrowed to: pure."""

from enum import StrEnum
from typing import NamedTuple

from qa.returns.vocabulary import FindingKind

PANEL = "panel"
WHOLE_CASE = "whole-case"


class Sort(StrEnum):
    """The order of a list of findings."""

    OLDEST = "oldest"
    SECTION = "section"

    @property
    def label(self) -> str:
        """What people read."""
        return "As they came in" if self is Sort.OLDEST else "By section"


class Filters(NamedTuple):
    """None or "" lets everything through; all that are set must hold.

    section: its key, or WHOLE_CASE. agency: its number in digits, or PANEL for the panel's own. theme: its
    number. uncoded: only findings without a theme. text: words found in the finding.
    """

    kind: FindingKind | None = None
    section: str = ""
    agency: str = ""
    theme: int | None = None
    uncoded: bool = False
    text: str = ""

    @property
    def any(self) -> bool:
        """Whether anything is narrowed."""
        return self != Filters()
