"""A return with what is needed to decide about it, and what it holds: frozen values, pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from qa.accounts.permissions import CurrentPerson, Facts
from qa.accounts.sectors import Sector
from qa.audits.lifecycle import REPORTED, ReturnState, Stage, sent_by
from qa.frameworks.editions import EditionTree
from qa.returns.drafts import StoredAnswer, StoredFinding


class ReturnRecord(NamedTuple):
    """One agency's return on one case. named: the person asking is named on its confidential audit.

    profile_text: the case's profile, packed; see `qa.returns.decoding.profile_of`. second: the second
    auditor's.
    """

    id: int
    version: int
    state: ReturnState
    due_on: date
    auditor_id: int | None
    auditor: str | None
    not_involved_reason: str
    sent_back_reason: str
    started_at: datetime | None
    saved_at: datetime | None
    submitted_at: datetime | None
    submitted_by: str | None
    audit_id: int
    audit_reference: str
    audit_title: str
    stage: Stage
    area_id: int
    area: str
    edition_id: int
    confidential: bool
    named: bool
    case_id: int
    case_reference: str
    panel_opened_at: datetime | None
    agency_id: int
    agency: str
    sector: Sector
    profile_text: str | None
    second: bool
    names_stamp: str | None = None

    @property
    def sent_by(self) -> str:
        """Whose return it is, in words."""
        return sent_by(self.agency, second=self.second)

    @property
    def fieldwork(self) -> bool:
        """Whether the audit's fieldwork is open: only then does a return change."""
        return self.stage is Stage.FIELDWORK

    @property
    def open(self) -> bool:
        """Whether answers may still be changed."""
        return self.fieldwork and not self.state.complete

    def facts(self, person: CurrentPerson) -> Facts:
        """What `can` needs to know of the return for that person."""
        named = frozenset({person.id} if self.named else ()) if self.confidential else None
        return Facts(
            area_id=self.area_id,
            agency_ids=frozenset({self.agency_id}),
            allocated_to=self.auditor_id,
            submitted=self.state.complete,
            panel_open=self.panel_opened_at is not None,
            reported=self.stage in REPORTED,
            named=named,
            return_id=self.id,
        )


@dataclass(frozen=True, slots=True)
class Contents:
    """What a return holds: answers by question key, and findings in the order they were written.

    elsewhere: answers given in another edition before the audit was moved, which are not answers to a
    question of this one: (the edition, the question's key, the answer). sections_elsewhere: (edition's
    number, title) of the sections of other editions that findings are of, by the section's number.
    """

    answers: dict[str, StoredAnswer]
    findings: list[StoredFinding]
    elsewhere: tuple[tuple[EditionTree, str, StoredAnswer], ...] = ()
    sections_elsewhere: Mapping[int, tuple[int, str]] = field(default_factory=dict)

    @property
    def last_change(self) -> datetime | None:
        """When anything in it was last changed; None when it is empty."""
        moments = [answer.updated_at for answer in self.answers.values()]
        moments += [finding.updated_at for finding in self.findings]
        return max((moment for moment in moments if moment), default=None)
