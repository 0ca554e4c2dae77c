"""Allocating returns to agencies, and giving them to auditors. Statements do not grow with the cases."""

from collections.abc import Collection
from typing import cast

from sqlalchemy import Connection, Select, Table, and_, bindparam, delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, aliased

from qa.accounts.permissions import CurrentPerson
from qa.audits.allocation import spread
from qa.audits.commands.doubling import check_blind
from qa.audits.commands.locking import locked_audit, require_open_to_cases
from qa.audits.lifecycle import COMPLETE, ReturnState
from qa.audits.models import Audit, Case, Return
from qa.audits.queries.allocation import auditors_of
from qa.db import writing
from qa.frameworks.reading import edition_tree
from qa.problems import NotFound, refused
from qa.trail.recording import record

TABLE = cast(Table, Return.__table__)


def allocate(person: CurrentPerson, audit_id: int, agency_ids: Collection[int]) -> int:
    """Give each of the agencies a return on every case, due when the audit's returns are.

    Returns that exist are left alone; in a self-assessment an agency gets its own case's return only.
    Gives back how many were added. Raises NotFound (also for an agency that takes no part), NotAllowed or
    Refused (no cases, no agency, wrong stage).
    """
    with writing() as session:
        audit = locked_audit(session, person, audit_id)
        require_open_to_cases(audit)
        if not agency_ids:
            raise refused("Choose at least one agency", "agencies")
        if not set(agency_ids) <= {agency.id for agency in audit.agencies}:
            raise NotFound
        # In order, as each insert locks its case: whoever locks several takes them so.
        query = select(Case.id, Case.agency_id).where(Case.audit_id == audit.id).order_by(Case.id)
        cases = session.execute(query).all()
        own = edition_tree(audit.edition_id).self_assessment
        if not cases:
            raise refused(
                "No agency has been added yet. Add the agencies first, then allocate their returns"
                if own
                else "There are no cases yet. Add cases first, then allocate them"
            )
        pairs = session.execute(select(Return.case_id, Return.agency_id).where(Return.audit_id == audit.id))
        present = {(case_id, agency_id) for case_id, agency_id in pairs}
        new = [
            _new_return(audit, case_id, agency_id)
            for case_id, case_agency in cases
            for agency_id in sorted(agency_ids)
            if (case_id, agency_id) not in present and (not own or case_agency == agency_id)
        ]
        if new:
            session.execute(insert(Return), new)
            record(session, person.id, "audits.returns_allocated", "audit", audit.id, area_id=audit.area_id)
        return len(new)


def add_return(person: CurrentPerson, audit_id: int, case_id: int, agency_id: int) -> str:
    """Give one agency taking part a return on one case, due when the audit's returns are; gives its name.

    Raises NotFound (also for a case of another audit), NotAllowed, or Refused: at another stage, for an
    agency that takes no part or has its return, in a self-assessment for any but the agency itself.
    """
    with writing() as session:
        audit = locked_audit(session, person, audit_id)
        require_open_to_cases(audit)
        case = session.scalar(select(Case).where(Case.id == case_id, Case.audit_id == audit.id))
        if case is None:
            raise NotFound
        names = {agency.id: agency.name for agency in audit.agencies}
        if agency_id not in names or case.agency_id not in {None, agency_id}:
            raise refused("Choose an agency from the list", "agency")
        same = select(Return.id).where(Return.case_id == case.id, Return.agency_id == agency_id)
        if session.scalar(same) is not None:
            raise refused(f"{names[agency_id]} has a return here by now. Choose another", "agency")
        session.execute(insert(Return), [_new_return(audit, case.id, agency_id)])
        record(session, person.id, "audits.return_added", "case", case.id, area_id=audit.area_id)
        return names[agency_id]


def _new_return(audit: Audit, case_id: int, agency_id: int) -> dict[str, object]:
    return {
        "audit_id": audit.id,
        "case_id": case_id,
        "agency_id": agency_id,
        "state": ReturnState.NOT_STARTED,
        "due_on": audit.returns_due_on,
    }


def share_out(
    person: CurrentPerson,
    audit_id: int,
    agency_id: int,
    auditor_ids: Collection[int],
    *,
    only_without: bool = True,
) -> int:
    """Share an agency's returns that are not in out among its auditors, evenly; gives back how many.

    only_without: those without an auditor, evened out with what the auditors hold already; otherwise all
    that are not in, but for cases audited twice. Answers begun stay with the return. Raises NotFound,
    NotAllowed or Refused.
    """
    with writing() as session:
        audit = locked_audit(session, person, audit_id)
        require_open_to_cases(audit)
        if agency_id not in {agency.id for agency in audit.agencies}:
            raise NotFound
        if not auditor_ids:
            raise refused("Choose at least one auditor", "auditors")
        known = {auditor.id: auditor for auditor in auditors_of(audit, with_held=True)[agency_id]}
        if not set(auditor_ids) <= known.keys():
            raise refused("Choose only auditors of the agency", "auditors")
        wanted = (
            select(Return.id)
            .join(Case, Case.id == Return.case_id)
            .where(Return.audit_id == audit.id, Return.agency_id == agency_id, Return.state.not_in(COMPLETE))
            # Both returns of a case that is audited twice keep the auditors they have.
            .where(Return.second.is_(False), Return.case_id.not_in(_audited_twice(audit, agency_id)))
            .order_by(Case.number)
        )
        if only_without:
            wanted = wanted.where(Return.auditor_id.is_(None))
        returns = session.scalars(wanted).all()
        if not returns:
            raise refused("There are no such returns: nothing was changed", "which")
        loads = {number: known[number].outstanding if only_without else 0 for number in auditor_ids}
        _give(session.connection(), spread(returns, loads))
        record(
            session,
            person.id,
            "audits.returns_assigned",
            "audit",
            audit.id,
            fields=["auditor"],
            area_id=audit.area_id,
        )
        return len(returns)


def _audited_twice(audit: Audit, agency_id: int) -> Select[int]:
    return select(Return.case_id).where(
        Return.audit_id == audit.id, Return.agency_id == agency_id, Return.second.is_(True)
    )


def _give(connection: Connection, shared: dict[int, int]) -> None:
    connection.execute(
        update(TABLE)
        .where(TABLE.c.id == bindparam("number"))
        .values(auditor_id=bindparam("auditor"), version=TABLE.c.version + 1),
        [{"number": number, "auditor": auditor} for number, auditor in shared.items()],
    )


def assign(person: CurrentPerson, audit_id: int, return_ids: Collection[int], auditor_id: int | None) -> int:
    """Give the returns ticked to one auditor, or (None) to nobody; gives back how many.

    Answers begun stay with the return. Raises NotFound, NotAllowed, or Refused when one is in already,
    another agency's than the auditor's, or audited twice and would not be blind any more.
    """
    with writing() as session:
        audit = locked_audit(session, person, audit_id)
        require_open_to_cases(audit)
        rows = _ticked(session, audit, return_ids)
        complete = sum(state.complete for _, state in rows)
        if complete:
            is_in = (
                "1 return you ticked is in already"
                if complete == 1
                else f"{complete} returns you ticked are in already"
            )
            raise refused(f"{is_in}, so nothing was changed. Untick what is in", "auditor")
        agencies = {agency_id for agency_id, _ in rows}
        if auditor_id is not None:
            _require_auditor_of(audit, agencies, auditor_id)
        check_blind(session, audit, dict.fromkeys(return_ids, auditor_id))
        session.execute(
            update(TABLE)
            .where(TABLE.c.audit_id == audit.id, TABLE.c.id.in_(return_ids))
            .values(auditor_id=auditor_id, version=TABLE.c.version + 1)
        )
        record(
            session,
            person.id,
            "audits.returns_assigned",
            "audit",
            audit.id,
            fields=["auditor"],
            area_id=audit.area_id,
        )
        return len(rows)


def _require_auditor_of(audit: Audit, agencies: Collection[int], auditor_id: int) -> None:
    auditors = auditors_of(audit)
    if not any(auditor_id == auditor.id for of_agency in auditors.values() for auditor in of_agency):
        raise refused("Choose an auditor from the list", "auditor")
    names = {agency.id: agency.name for agency in audit.agencies}
    others = sorted(
        names[number] for number in agencies if all(auditor.id != auditor_id for auditor in auditors[number])
    )
    if others:
        raise refused(
            f"Some returns you ticked are another agency’s ({', '.join(others)}). "
            "Tick returns of the auditor’s own agency only",
            "auditor",
        )


def remove_returns(person: CurrentPerson, audit_id: int, return_ids: Collection[int]) -> int:
    """Take back the returns ticked, as long as nobody has begun any of them; gives back how many.

    Raises NotFound, NotAllowed, or Refused.
    """
    try:
        with writing() as session:
            audit = locked_audit(session, person, audit_id)
            require_open_to_cases(audit)
            rows = _ticked(session, audit, return_ids)
            begun = sum(state is not ReturnState.NOT_STARTED for _, state in rows)
            if begun:
                has = "1 return you ticked has" if begun == 1 else f"{begun} returns you ticked have"
                raise refused(f"{has} been started, so nothing was removed. Untick what has been started")
            _keep_firsts(session, return_ids)
            session.execute(delete(Return).where(Return.audit_id == audit.id, Return.id.in_(return_ids)))
            record(session, person.id, "audits.returns_removed", "audit", audit.id, area_id=audit.area_id)
            return len(rows)
    except IntegrityError as error:
        # Later capabilities' records (concerns, answers) hold on to it by their foreign keys.
        raise refused(
            "A return you ticked has a concern or an answer on record, so nothing was removed"
        ) from error


def _keep_firsts(session: Session, return_ids: Collection[int]) -> None:
    """Raises Refused when a second return would be left without its first."""
    other = aliased(Return)
    left = (
        select(Case.reference)
        .join(Return, Return.case_id == Case.id)
        .join(other, and_(other.case_id == Return.case_id, other.agency_id == Return.agency_id))
        .where(Return.id.in_(return_ids), other.second.is_(True), other.id.not_in(return_ids))
        .order_by(Case.number)
        .limit(1)
    )
    reference = session.scalar(left)
    if reference is not None:
        raise refused(f"{reference} has a second auditor’s return, so nothing was removed. Tick that one too")


def _ticked(session: Session, audit: Audit, return_ids: Collection[int]) -> list[tuple[int, ReturnState]]:
    """Agency and state of each return ticked, locked until the commit.

    Raises Refused for none, NotFound for one of another audit.
    """
    if not return_ids:
        raise refused("Tick at least one return")
    # In order, as two who lock several returns in any order could lock up.
    rows = session.execute(
        select(Return.agency_id, Return.state)
        .where(Return.audit_id == audit.id, Return.id.in_(return_ids))
        .order_by(Return.id)
        .with_for_update()
    ).all()
    if len(rows) != len(set(return_ids)):
        raise NotFound
    return [(agency_id, state) for agency_id, state in rows]
