"""One case, for its page and its form."""

from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import func, select

from qa.accounts.permissions import CurrentPerson
from qa.audits.lifecycle import OPEN_TO_CASES, REPORTED, ReturnState, Stage
from qa.audits.models import Audit, Case, CaseProfileValue
from qa.audits.profiles import shown_profile
from qa.audits.queries.reach import case_profile, get_case
from qa.audits.references import case_suggestions
from qa.db import db, today
from qa.frameworks.content import PROFILE_YES_NO
from qa.frameworks.editions import EditionTree
from qa.frameworks.models import Edition, ProfileField, ProfileOption
from qa.frameworks.reading import edition_tree


class ReturnLine(NamedTuple):
    """One agency's return on a case, as far as a QA lead may know of it before it is in.

    agency: whose return it is, in words.
    """

    id: int
    agency: str
    auditor: str | None
    state: ReturnState
    due_on: date
    late: bool
    submitted_at: datetime | None


class CaseView(NamedTuple):
    """A case whole: plain values, so that it can be shown after its reading was noted in the trail.

    without_return: number and name of each agency that could be given a return on it.
    """

    id: int
    version: int
    audit_id: int
    audit_title: str
    audit_stage: Stage
    area_id: int
    tree: EditionTree
    reference: str
    agency: str | None
    created_at: datetime
    panel_opened_at: datetime | None
    profile: dict[str, str]
    earlier: tuple[tuple[str, str], ...]
    returns: tuple[ReturnLine, ...]
    returns_due_on: date
    without_return: tuple[tuple[int, str], ...]

    @property
    def shown(self) -> tuple[tuple[str, str], ...]:
        """Labels and values of its profile."""
        return shown_profile(self.tree.content.profile, self.profile)

    @property
    def missing(self) -> tuple[str, ...]:
        """Labels of required fields that were not entered."""
        return tuple(
            field.label
            for field in self.tree.content.profile
            if field.required and not self.profile.get(field.key)
        )

    @property
    def complete(self) -> int:
        """Returns in."""
        return sum(row.state.complete for row in self.returns)

    @property
    def untouched(self) -> bool:
        """Whether no agency has begun, so that the case may be removed."""
        return all(row.state is ReturnState.NOT_STARTED for row in self.returns)

    @property
    def editable(self) -> bool:
        """Whether its reference and profile may still be put right."""
        return self.audit_stage not in REPORTED

    @property
    def removable(self) -> bool:
        """Whether it may be removed."""
        return self.untouched and self.audit_stage in OPEN_TO_CASES


def case_view(person: CurrentPerson, audit_id: int, case_id: int) -> CaseView:
    """A case with its profile and returns, in four statements. Raises NotFound when out of reach."""
    case = get_case(person, audit_id, case_id)
    tree = edition_tree(case.audit.edition_id)
    day = today()
    rows = sorted(case.returns, key=lambda row: (row.agency.name, row.second))
    returns = tuple(
        ReturnLine(
            row.id,
            row.sent_by,
            row.auditor.name if row.auditor else None,
            row.state,
            row.due_on,
            not row.state.complete and row.due_on < day,
            row.submitted_at,
        )
        for row in rows
    )
    return CaseView(
        id=case.id,
        version=case.version,
        audit_id=case.audit_id,
        audit_title=case.audit.title,
        audit_stage=case.audit.stage,
        area_id=case.audit.area_id,
        tree=tree,
        reference=case.reference,
        agency=case.agency.name if case.agency else None,
        created_at=case.created_at,
        panel_opened_at=case.panel_opened_at,
        profile=case_profile(case.id, tree),
        earlier=_earlier_profile(case),
        returns=returns,
        returns_due_on=case.audit.returns_due_on,
        without_return=_without_return(case),
    )


def _earlier_profile(case: Case) -> tuple[tuple[str, str], ...]:
    """What the profile says in other editions, before the audit was moved: (field and edition, value)."""
    query = (
        select(
            ProfileField.label,
            Edition.number,
            ProfileOption.label,
            CaseProfileValue.number,
            CaseProfileValue.code,
        )
        .join(ProfileField, ProfileField.id == CaseProfileValue.field_id)
        .join(Edition, Edition.id == ProfileField.edition_id)
        .outerjoin(ProfileOption, ProfileOption.id == CaseProfileValue.option_id)
        .where(CaseProfileValue.case_id == case.id, ProfileField.edition_id != case.audit.edition_id)
        .order_by(Edition.number, ProfileField.position)
    )
    codes = {option.key: option.label for option in PROFILE_YES_NO}
    return tuple(
        (
            f"{label} (edition {edition})",
            option or (f"{number.normalize():f}" if number is not None else codes.get(code or "", "")),
        )
        for label, edition, option, number, code in db.session.execute(query)
    )


def _without_return(case: Case) -> tuple[tuple[int, str], ...]:
    if case.audit.stage not in OPEN_TO_CASES:
        return ()
    present = {row.agency_id for row in case.returns}
    return tuple(
        (agency.id, agency.name)
        for agency in case.audit.agencies
        if agency.id not in present and case.agency_id in {None, agency.id}
    )


def suggested_case_reference(audit: Audit) -> str:
    """The next reference in the pattern of the case added last; empty when none fits. Two statements."""
    last = db.session.scalar(
        select(Case.reference).where(Case.audit_id == audit.id).order_by(Case.number.desc()).limit(1)
    )
    wanted = case_suggestions(last)
    query = select(func.lower(Case.reference)).where(
        Case.audit_id == audit.id, func.lower(Case.reference).in_([text.lower() for text in wanted])
    )
    taken = set(db.session.scalars(query))
    return next((text for text in wanted if text.lower() not in taken), "")


def agencies_without_case(audit: Audit) -> tuple[tuple[int, str], ...]:
    """For a self-assessment: agencies taking part that are not a case yet, by name. One statement."""
    query = select(Case.agency_id).where(Case.audit_id == audit.id, Case.agency_id.is_not(None))
    present = set(db.session.scalars(query))
    return tuple((agency.id, agency.name) for agency in audit.agencies if agency.id not in present)


def taken_references(audit_id: int) -> set[str]:
    """References of an audit's cases, in lower case: two that differ in case alone would be mixed up."""
    return set(db.session.scalars(select(func.lower(Case.reference)).where(Case.audit_id == audit_id)))
