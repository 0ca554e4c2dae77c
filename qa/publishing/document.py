"""The one description of a report that the PDF, the web page and every other rendering draw from.

Plain frozen dataclasses. Every text is plain text: nothing in it is ever markup. What cannot be rendered
faithfully (a row with a cell missing, a heading level skipped, an unsafe link) is refused with `ValueError`.
"""

from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Final, Literal, NamedTuple

from qa.publishing.figures import (
    HIDDEN,
    Cell,
    Chart,
    ChartKind,
    Column,
    Figure,
    Series,
    Table,
    TableRow,
    check_link,
)
from qa.publishing.plain_text import one_line, slug
from qa.publishing.timeline import Timeline, TimelineBar, TimelineRow

__all__ = [
    "HIDDEN", "Block", "BulletList", "Callout", "Cell", "Chart", "ChartKind", "Column", "Definition",
    "Definitions", "Fact", "Figure", "FindingItem", "FindingKind", "FindingList", "Heading", "KeyFacts",
    "NumberedList", "PageBreak", "Paragraph", "ReportDocument", "RichText", "Run", "Series", "Table",
    "TableRow", "Timeline", "TimelineBar", "TimelineRow", "WritingSpace", "with_anchors",
]  # fmt: skip


MOST_LINES: Final = 20
"""As much writing space as fits any page in one piece."""


class Run(NamedTuple):
    """A stretch of text set alike."""

    text: str
    bold: bool = False
    italic: bool = False


RichText = str | tuple[Run, ...]


class Heading(NamedTuple):
    """A heading. The document gives it an `anchor` from its text where none is given."""

    level: Literal[1, 2, 3]
    text: str
    anchor: str = ""


class Paragraph(NamedTuple):
    """A paragraph; line breaks in it are kept. `lead` sets it larger, for the opening of a part.

    `keep`: it introduces what follows and stands on the same page.
    """

    text: RichText
    lead: bool = False
    keep: bool = False


class BulletList(NamedTuple):
    """A list whose order does not matter."""

    items: tuple[RichText, ...]


class NumberedList(NamedTuple):
    """A list whose order matters, numbered from 1."""

    items: tuple[RichText, ...]


class Fact(NamedTuple):
    """One line of a summary: what it is, and what it says."""

    term: str
    text: str


class KeyFacts(NamedTuple):
    """A summary list."""

    facts: tuple[Fact, ...]


class FindingKind(Enum):
    """Which kind of findings a list holds; the value is the heading it gets."""

    STRENGTH = "What is working well"
    IMPROVEMENT = "What needs improving"


@dataclass(frozen=True, slots=True)
class FindingItem:
    """A finding and the number of cases it was seen in, or None where that is not counted.

    unit: what is counted, one and several.
    """

    text: str
    cases: Figure | None = None
    link: str | None = None
    unit: tuple[str, str] = ("case", "cases")

    def __post_init__(self) -> None:
        """Refuse a link that must not be followed."""
        check_link(self.link)

    @property
    def cases_text(self) -> str:
        """The count in words: `1 case`, `12 cases`, `c cases`, or nothing."""
        one, several = self.unit
        return "" if self.cases is None else f"{self.cases} {one if self.cases == 1 else several}"


class FindingList(NamedTuple):
    """Strengths or areas for improvement, set apart from each other by words, sign and colour."""

    kind: FindingKind
    items: tuple[FindingItem, ...]
    empty_text: str = "None recorded."


class Callout(NamedTuple):
    """Something not to be missed, in a box."""

    text: str
    heading: str = ""


@dataclass(frozen=True, slots=True)
class PageBreak:
    """What follows starts a page."""


class Definition(NamedTuple):
    """A term or abbreviation and what it means."""

    term: str
    meaning: str


class Definitions(NamedTuple):
    """A list of terms."""

    entries: tuple[Definition, ...]


@dataclass(frozen=True, slots=True)
class WritingSpace:
    """Room to write by hand on paper, or to type in a file. `lines`: how many written lines it holds."""

    label: str
    lines: int

    def __post_init__(self) -> None:
        """Refuse a space that no page could hold."""
        if not 1 <= self.lines <= MOST_LINES:
            raise ValueError(f"Space “{self.label}”: {self.lines} lines; 1 to {MOST_LINES} can be had.")


Block = (
    Heading
    | Paragraph
    | BulletList
    | NumberedList
    | Table
    | Chart
    | Timeline
    | KeyFacts
    | FindingList
    | Callout
    | PageBreak
    | Definitions
    | WritingSpace
)


@dataclass(frozen=True, slots=True)
class ReportDocument:
    """A whole report. After creation every heading has an anchor of its own.

    `illustrative_note` is shown on the cover and on every page. `version` is a label such as `Version 2`.
    `status`: nothing for what is never issued.
    """

    title: str
    organisation: str
    reference: str
    protective_marking: str
    date: date
    version: str
    status: Literal["Draft", "Issued", ""]
    blocks: tuple[Block, ...]
    subtitle: str = ""
    period: str = ""
    illustrative_note: str | None = None
    language: str = "en-GB"

    def __post_init__(self) -> None:
        """Give headings their anchors; refuse skipped levels and an anchor given twice."""
        object.__setattr__(self, "blocks", with_anchors(self.blocks))

    @property
    def headings(self) -> tuple[Heading, ...]:
        """The headings in their order, each with its anchor."""
        return tuple(block for block in self.blocks if isinstance(block, Heading))

    @property
    def details(self) -> tuple[Fact, ...]:
        """What the cover says about the report: period, reference, date, version and status."""
        facts = (
            Fact("Period covered", self.period),
            Fact("Reference", self.reference),
            Fact("Date", f"{self.date.day} {self.date:%B %Y}"),
            Fact("Version", self.version),
            Fact("Status", self.status),
        )
        return tuple(fact for fact in facts if fact.text.strip())


def with_anchors(blocks: tuple[Block, ...], highest: int = 1) -> tuple[Block, ...]:
    """Return `blocks` with an anchor for every heading; `highest` is the level that headings begin with.

    Raises `ValueError` for skipped levels, an anchor given twice and one with signs that links may not have.
    """
    given = [block.anchor for block in blocks if isinstance(block, Heading) and block.anchor]
    taken = dict.fromkeys(given, 1)
    if len(taken) < len(given):
        raise ValueError("Two headings have the same anchor.")
    if any(anchor != slug(anchor) for anchor in taken):
        raise ValueError("An anchor is made of lower-case letters, digits and hyphens.")
    level = highest - 1
    result: list[Block] = []
    for block in blocks:
        if isinstance(block, Heading):
            if not highest <= block.level <= min(level + 1, 3):
                raise ValueError(
                    f"Heading “{block.text}” is level {block.level} straight after level {level}."
                )
            level = block.level
        if isinstance(block, Heading) and not block.anchor:
            result.append(block._replace(anchor=_free_anchor(one_line(block.text), taken)))
        else:
            result.append(block)
    return tuple(result)


def _free_anchor(text: str, taken: dict[str, int]) -> str:
    """An anchor for `text` that no other heading has; `taken` holds the last number tried for each."""
    base = anchor = slug(text)
    number = taken.get(base, 0)
    while anchor in taken:
        number += 1
        anchor = f"{base}-{number}"
    taken[base] = number or 1
    taken[anchor] = 1
    return anchor
