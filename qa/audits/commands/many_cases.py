"""Adding many cases to an audit at once: from a file, or its agencies in a self-assessment."""

from collections.abc import Iterable, Sequence

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from qa.accounts.permissions import CurrentPerson
from qa.audits.case_files import CaseRow
from qa.audits.commands.cases import VALUES, last_number, refuse_self_assessment, value_row
from qa.audits.commands.locking import locked_audit, require_open_to_cases
from qa.audits.models import Audit, Case
from qa.audits.queries.cases import taken_references
from qa.audits.references import LIMIT
from qa.db import now, writing
from qa.frameworks.reading import edition_tree
from qa.problems import NotFound, refused
from qa.trail.recording import record


def add_agencies(person: CurrentPerson, audit_id: int, agency_ids: Iterable[int] | None = None) -> int:
    """For a self-assessment: make agencies taking part cases of their own, all of them by default.

    Agencies that are a case already are left alone. Gives back how many were added. Raises NotFound (also
    for an agency that takes no part), NotAllowed or Refused.
    """
    with writing() as session:
        audit = locked_audit(session, person, audit_id)
        require_open_to_cases(audit)
        if not edition_tree(audit.edition_id).self_assessment:
            raise refused("Agencies are added to a self-assessment only")
        by_id = {agency.id: agency for agency in audit.agencies}
        wanted = list(by_id) if agency_ids is None else list(agency_ids)
        if not set(wanted) <= by_id.keys():
            raise NotFound
        rows = session.execute(
            select(Case.agency_id, func.lower(Case.reference)).where(Case.audit_id == audit.id)
        ).all()
        present, taken = {row[0] for row in rows}, {row[1] for row in rows}
        number, moment, new = last_number(session, audit.id), now(), []
        for agency_id in wanted:
            if agency_id in present:
                continue
            number += 1
            name = _free_name(by_id[agency_id].short_name, taken)
            new.append(
                {
                    "audit_id": audit.id,
                    "number": number,
                    "reference": name,
                    "agency_id": agency_id,
                    "created_at": moment,
                }
            )
        if new:
            session.execute(insert(Case), new)
            record(session, person.id, "audits.cases_added", "audit", audit.id, area_id=audit.area_id)
        return len(new)


def import_cases(person: CurrentPerson, audit_id: int, rows: Sequence[CaseRow]) -> int:
    """Add every case of a file that was read without a problem, or none; gives back how many.

    The number of statements does not depend on the number of cases. Raises NotFound, NotAllowed or Refused.
    """
    with writing() as session:
        return write_cases(session, person, audit_id, rows)


def write_cases(session: Session, person: CurrentPerson, audit_id: int, rows: Sequence[CaseRow]) -> int:
    """As `import_cases`, in the caller's unit of work: that of a request, or of a step of long work."""
    audit = open_for_cases(session, person, audit_id)
    tree = edition_tree(audit.edition_id)
    _refuse_taken(audit, [row.reference for row in rows])
    first, moment = last_number(session, audit.id) + 1, now()
    session.execute(
        insert(Case),
        [
            {
                "audit_id": audit.id,
                "number": number,
                "reference": row.reference,
                "created_at": moment,
            }
            for number, row in enumerate(rows, start=first)
        ],
    )
    new = session.execute(select(Case.number, Case.id).where(Case.audit_id == audit.id, Case.number >= first))
    ids = {row.number: row.id for row in new}
    values = [
        value_row(ids[number], tree, value)
        for number, row in enumerate(rows, start=first)
        for value in row.values
    ]
    if values:
        session.execute(insert(VALUES), values)
    record(session, person.id, "audits.cases_imported", "audit", audit.id, area_id=audit.area_id)
    return len(rows)


def open_for_cases(session: Session, person: CurrentPerson, audit_id: int) -> Audit:
    """The audit, locked, if the person may bring cases into it. Raises NotFound, NotAllowed or Refused."""
    audit = locked_audit(session, person, audit_id)
    require_open_to_cases(audit)
    refuse_self_assessment(edition_tree(audit.edition_id))
    return audit


def _refuse_taken(audit: Audit, references: Sequence[str]) -> None:
    taken = taken_references(audit.id)
    again = [reference for reference in references if reference.lower() in taken]
    if again:
        said = ", ".join(again[:5])
        raise refused(f"Cases of this audit already: {said}. Nothing was imported", "file")


def _free_name(short_name: str, taken: set[str]) -> str:
    name, number = short_name[:LIMIT], 2
    while name.lower() in taken:
        name, number = f"{short_name[: LIMIT - 4]} {number}", number + 1
    taken.add(name.lower())
    return name
