"""What a report is made of besides figures, as queries hand it to the rooms that write it. Pure."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from qa.audits.lifecycle import Stage
from qa.audits.sampling.records import Method
from qa.returns.vocabulary import FindingKind

KIND = "thematic"
MARKINGS = ("OFFICIAL", "OFFICIAL-SENSITIVE")
USUAL_MARKING = "OFFICIAL-SENSITIVE"
ISSUABLE = frozenset({Stage.PANEL, Stage.REPORTED, Stage.CLOSED})
"""The stages in which a report may be issued: before the panel there is nothing agreed to report."""


class SectionFindings(NamedTuple):
    """Findings of one kind in one section: the commonest texts with their cases, and how many there are."""

    shown: tuple[tuple[str, int], ...]
    texts: int
    findings: int
    cases: int


Findings = Mapping[tuple[str | None, FindingKind], SectionFindings]
"""By section key (None: the whole case) and kind."""

Sample = Mapping[str, Mapping[str, int]]
"""How many cases have each answer, by profile field's key and answer's label, in the framework's order."""


class Words(NamedTuple):
    """What a person writes and chooses of a report; version: 0 while nobody has.

    counts_concerns: whether it says how many concerns were raised and closed.
    """

    executive_summary: str = ""
    method_note: str = ""
    protective_marking: str = USUAL_MARKING
    counts_concerns: bool = True
    version: int = 0


WORDS = ("executive_summary", "method_note", "protective_marking", "counts_concerns")


class IssuedVersion(NamedTuple):
    """One of the versions in which an audit's report was issued."""

    id: int
    number: int
    issued_at: datetime


class Desk(NamedTuple):
    """What lies on the desk for an audit's report: its words, the versions issued, newest first, and how its
    samples were drawn.
    """

    words: Words
    issued: Sequence[IssuedVersion]
    methods: Sequence[Method] = ()

    @property
    def last(self) -> int:
        """The number of the last version issued; 0 when there is none."""
        return max((version.number for version in self.issued), default=0)


class KeptReport(NamedTuple):
    """A report as it was issued. page: its web page; content: its PDF; what was not asked for is empty.

    analysis: whether the person asking may read the analysis of its audit.
    """

    id: int
    audit_id: int
    area_id: int
    reference: str
    kind: str
    number: int
    title: str
    issued_at: datetime
    analysis: bool
    page: str = ""
    content: bytes = b""

    @property
    def file_name(self) -> str:
        """Of the PDF."""
        return f"{self.reference}-{self.kind}-report-{self.number}.pdf"


class ListedReport(NamedTuple):
    """A line of the register. size: of the PDF, in bytes."""

    id: int
    title: str
    kind: str
    number: int
    area: str
    reference: str
    issued_at: datetime
    size: int
