"""Second returns: given by hand, and kept blind whoever a return is given to."""

from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

from sqlalchemy import and_, insert, select
from sqlalchemy.orm import Session, aliased

from qa.accounts.permissions import CurrentPerson
from qa.audits.allotting import Known
from qa.audits.commands.locking import locked_audit, require_open_to_cases
from qa.audits.lifecycle import ReturnState
from qa.audits.models import Audit, Case, Return
from qa.audits.queries.allocation import auditors_of
from qa.audits.queries.allotting import known
from qa.db import writing
from qa.frameworks.reading import edition_tree
from qa.problems import NotFound, refused
from qa.trail.recording import record


class _Pair(NamedTuple):
    """A return and the other of the same case and agency, with their auditors."""

    id: int
    agency_id: int
    reference: str
    other_id: int
    other_auditor_id: int | None


def check_blind(
    session: Session,
    audit: Audit,
    given: Mapping[int, int | None],
) -> None:
    """Raises Refused when giving returns to those auditors (None: to nobody) would end a double audit's
    blindness: one of two returns without an auditor, both with the same, or with one who can see the other.

    One statement; three more when one of them is audited twice.
    """
    pairs = _pairs(session, given)
    if not pairs:
        return
    facts = known(audit, {number for number in given.values() if number is not None})
    for pair in pairs:
        auditor = given[pair.id]
        problem = _problem(pair, auditor, given.get(pair.other_id, pair.other_auditor_id), facts)
        if problem:
            raise refused(f"{pair.reference} is audited twice: {problem}. Nothing was changed", "auditor")


def audited_twice(session: Session, return_id: int) -> bool:
    """Whether the agency of that return has another on the same case. One statement."""
    return bool(_pairs(session, [return_id]))


def _pairs(session: Session, return_ids: Iterable[int]) -> list[_Pair]:
    other = aliased(Return)
    query = (
        select(Return.id, Return.agency_id, Case.reference, other.id, other.auditor_id)
        .join(Case, Case.id == Return.case_id)
        .join(
            other,
            and_(
                other.case_id == Return.case_id,
                other.agency_id == Return.agency_id,
                other.second != Return.second,
            ),
        )
        .where(Return.id.in_(list(return_ids)))
        .order_by(Case.number)
    )
    return [_Pair(*row) for row in session.execute(query)]


def _problem(pair: _Pair, auditor: int | None, other: int | None, facts: Known) -> str:
    if auditor is None:
        return "both returns need an auditor of their own, or any auditor could read them"
    if auditor == other:
        return "the second auditor must be another than the first"
    if (pair.other_id, auditor) in facts.opened:
        return "this auditor has opened the other return"
    if (pair.agency_id, auditor) in facts.read_all:
        return "this auditor leads the agency or the audit, and could read the other return"
    return ""


def add_seconds(person: CurrentPerson, audit_id: int, return_ids: Collection[int], auditor_id: int) -> int:
    """Give a second auditor a return of their own on the case of each return ticked; gives back how many.

    Raises NotFound, NotAllowed or Refused: for a self-assessment, a return that has no auditor, is a second
    one, has one, is of an agency that is not involved or on a case open to the panel, and as `check_blind`.
    """
    with writing() as session:
        audit = locked_audit(session, person, audit_id)
        require_open_to_cases(audit)
        if edition_tree(audit.edition_id).self_assessment:
            raise refused("A self-assessment is not audited twice", "auditor")
        if not return_ids:
            raise refused("Tick at least one return", "auditor")
        rows = _firsts(session, audit, return_ids)
        _require_auditor(audit, rows, auditor_id)
        facts = known(audit, {auditor_id, *(row.auditor_id for row in rows if row.auditor_id)})
        for row, case in rows.items():
            problem = _no_second(row, case, auditor_id, facts)
            if problem:
                raise refused(f"{case.reference}: {problem}. Nothing was changed", "auditor")
        if _pairs(session, [row.id for row in rows]):
            raise refused("A return you ticked is audited twice already. Nothing was changed", "auditor")
        write_seconds(session, {row.id: auditor_id for row in rows})
        fields = ["second", f"returns:{len(rows)}"]
        record(
            session,
            person.id,
            "audits.second_returns_added",
            "audit",
            audit.id,
            fields=fields,
            area_id=audit.area_id,
        )
        return len(rows)


def _firsts(session: Session, audit: Audit, return_ids: Collection[int]) -> dict[Return, Case]:
    query = (
        select(Return, Case)
        .join(Case, Case.id == Return.case_id)
        .where(Return.audit_id == audit.id, Return.id.in_(return_ids))
        .order_by(Return.id)
        .with_for_update(of=Return)
    )
    rows = {found[0]: found[1] for found in session.execute(query)}
    if len(rows) != len(set(return_ids)):
        raise NotFound
    return rows


def _require_auditor(audit: Audit, rows: Iterable[Return], auditor_id: int) -> None:
    auditors = auditors_of(audit)
    for row in rows:
        if all(auditor_id != auditor.id for auditor in auditors[row.agency_id]):
            raise refused("The second auditor must be an auditor of the same agency", "auditor")


def _no_second(row: Return, case: Case, auditor_id: int, facts: Known) -> str:
    """Why a return can have no second one by that auditor; "" when it can."""
    if row.second:
        return "this is a second auditor’s return already"
    if case.panel_opened_at is not None:
        return "the case is open to the panel, so a second auditor would not be blind"
    if row.state is ReturnState.NOT_INVOLVED:
        return "the agency is not involved with this child"
    if row.auditor_id is None:
        return "give the first return to an auditor first, as any auditor could read it now"
    if (row.agency_id, row.auditor_id) in facts.read_all:
        return "its auditor leads the agency or the audit, and could read the second return"
    return _problem(_Pair(0, row.agency_id, "", row.id, row.auditor_id), auditor_id, row.auditor_id, facts)


def write_seconds(session: Session, given: Mapping[int, int]) -> None:
    """Add second returns: the number of each first one to its second auditor's. Due when the first one is."""
    rows = session.execute(
        select(Return.id, Return.audit_id, Return.case_id, Return.agency_id, Return.due_on)
        .where(Return.id.in_(list(given)))
        # By the case, as each insert locks its case: whoever locks several takes them so.
        .order_by(Return.case_id, Return.id)
    )
    new = [
        {
            "audit_id": row.audit_id,
            "case_id": row.case_id,
            "agency_id": row.agency_id,
            "auditor_id": given[row.id],
            "second": True,
            "state": ReturnState.NOT_STARTED,
            "due_on": row.due_on,
        }
        for row in rows
    ]
    if new:
        session.execute(insert(Return), new)
