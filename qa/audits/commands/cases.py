"""Adding, changing and removing one case of an audit."""

from collections.abc import Mapping
from typing import Any, cast

from sqlalchemy import Table, delete, func, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from qa.accounts.permissions import CurrentPerson
from qa.audits.commands.locking import at_stage, locked_audit, require_open_to_cases
from qa.audits.lifecycle import REPORTED, ReturnState
from qa.audits.models import Audit, Case, CaseProfileValue, Return
from qa.audits.profiles import BadValue, ProfileValue, parse_value, shown_value
from qa.audits.queries.reach import case_profile
from qa.audits.references import case_reference_problem
from qa.db import now, writing
from qa.frameworks.editions import EditionTree
from qa.frameworks.reading import edition_tree
from qa.problems import NotFound, Refused, Stale, refused
from qa.trail.recording import record

# Straight into the table: a bulk insert of mapped rows splits wherever another column is empty.
VALUES = cast(Table, CaseProfileValue.__table__)


def profile_name(key: str) -> str:
    """Name in forms of the field for a profile field."""
    return f"profile-{key}"


def add_case(person: CurrentPerson, audit_id: int, reference: str, profile: Mapping[str, str]) -> int:
    """Add a case with its profile, as typed: field key to a choice's key, yes/no, or digits.

    Gives back its number. Raises NotFound, NotAllowed, or Refused: at a stage that is closed to cases, for a
    reference that is taken or could identify a child, for a profile with a mistake.
    """
    with writing() as session:
        audit = locked_audit(session, person, audit_id)
        require_open_to_cases(audit)
        tree = edition_tree(audit.edition_id)
        refuse_self_assessment(tree)
        values = _checked(session, audit, tree, reference, profile, None)
        case = Case(
            audit_id=audit.id,
            number=last_number(session, audit.id) + 1,
            reference=reference,
            created_at=now(),
        )
        session.add(case)
        session.flush()
        _write_profile(session, case.id, tree, values)
        record(
            session,
            person.id,
            "audits.case_added",
            "case",
            case.id,
            fields=["reference", *(value.field for value in values)],
            area_id=audit.area_id,
        )
        return case.id


def edit_case(
    person: CurrentPerson,
    audit_id: int,
    case_id: int,
    version: int,
    reference: str,
    profile: Mapping[str, str],
) -> None:
    """Put a case's reference and profile right, until the audit is reported. Answers already given stay.

    Raises NotFound, NotAllowed, Stale, or Refused as `add_case` does.
    """
    with writing() as session:
        audit = locked_audit(session, person, audit_id)
        case = _locked_case(session, audit, case_id)
        if audit.stage in REPORTED:
            raise refused(f"The audit is {at_stage(audit.stage)}: its cases cannot change any more")
        tree = edition_tree(audit.edition_id)
        present = case_profile(case.id, tree)
        if case.version != version:
            raise _stale(case, tree, present)
        if case.agency_id is not None:
            reference = case.reference  # in a self-assessment it is the agency's name
        values = _checked(session, audit, tree, reference, profile, case)
        after = {value.field: _plain(value) for value in values}
        changed = [
            field.key for field in tree.content.profile if present.get(field.key) != after.get(field.key)
        ]
        if reference != case.reference:
            changed.append("reference")
        if not changed:
            return
        case.reference = reference
        flag_modified(case, "reference")  # a new version even when only the profile changed
        # Values of another edition's fields stay with the case.
        asked = CaseProfileValue.field_id.in_(tree.ids.fields.values())
        session.execute(delete(CaseProfileValue).where(CaseProfileValue.case_id == case.id, asked))
        _write_profile(session, case.id, tree, values)
        record(
            session, person.id, "audits.case_edited", "case", case.id, fields=changed, area_id=audit.area_id
        )


def remove_case(person: CurrentPerson, audit_id: int, case_id: int) -> str:
    """Remove a case on which no agency has begun, with the returns allocated; gives back what it is called.

    Raises NotFound, NotAllowed, or Refused when there are answers, findings, concerns or judgements on it.
    """
    name = ""
    try:
        with writing() as session:
            audit = locked_audit(session, person, audit_id)
            require_open_to_cases(audit)
            # Its returns before the case, as whoever completes one takes them: else two could lock up.
            states = session.scalars(
                select(Return.state).where(Return.case_id == case_id).order_by(Return.id).with_for_update()
            ).all()
            case = _locked_case(session, audit, case_id)
            name = case.reference if case.agency_id else f"Case {case.reference}"
            if any(state is not ReturnState.NOT_STARTED for state in states):
                raise refused(f"{name} has answers, so it cannot be removed")
            session.execute(delete(Return).where(Return.case_id == case.id))
            session.execute(delete(Case).where(Case.id == case.id))
            record(session, person.id, "audits.case_removed", "case", case_id, area_id=audit.area_id)
    except IntegrityError as error:
        # Later capabilities' records (concerns, findings) hold on to it by their foreign keys.
        raise refused(
            f"{name} has a concern, a finding or an answer on record, so it cannot be removed"
        ) from error
    return name


def refuse_self_assessment(tree: EditionTree) -> None:
    """Raises Refused when the cases are the agencies themselves."""
    if tree.self_assessment:
        raise refused(
            "In a self-assessment each agency answers about itself: add it from the list of agencies"
        )


def _locked_case(session: Session, audit: Audit, case_id: int) -> Case:
    case = session.scalar(select(Case).where(Case.id == case_id, Case.audit_id == audit.id).with_for_update())
    if case is None:
        raise NotFound
    return case


def last_number(session: Session, audit_id: int) -> int:
    """The number of the case added last; 0 when there is none."""
    return session.scalar(select(func.max(Case.number)).where(Case.audit_id == audit_id)) or 0


def _checked(
    session: Session,
    audit: Audit,
    tree: EditionTree,
    reference: str,
    profile: Mapping[str, str],
    case: Case | None,
) -> list[ProfileValue]:
    """The profile's values. Raises Refused with everything wrong, by the names of the form's fields."""
    problems: dict[str, str] = {}
    if case is None or reference != case.reference:
        problem = case_reference_problem(reference)
        same = select(Case.id).where(
            Case.audit_id == audit.id, func.lower(Case.reference) == reference.lower()
        )
        if case is not None:
            same = same.where(Case.id != case.id)
        if problem is None and session.scalar(same.limit(1)) is not None:
            problem = f"{reference} is a case of this audit already. Choose another reference"
        if problem:
            problems["reference"] = problem
    values: list[ProfileValue] = []
    for field in tree.content.profile:
        try:
            value = parse_value(field, profile.get(field.key, ""))
        except BadValue as error:
            problems[profile_name(field.key)] = str(error)
        else:
            values += [value] if value else []
    if problems:
        raise Refused(problems)
    return values


def _plain(value: ProfileValue) -> str:
    return value.option or value.code or str(value.number)


def _write_profile(session: Session, case_id: int, tree: EditionTree, values: list[ProfileValue]) -> None:
    if values:
        session.execute(
            insert(VALUES),
            [value_row(case_id, tree, value) for value in values],
        )


def value_row(case_id: int, tree: EditionTree, value: ProfileValue) -> dict[str, Any]:
    """The row that keeps one value of a case's profile."""
    return {
        "case_id": case_id,
        "field_id": tree.ids.fields[value.field],
        "option_id": tree.ids.profile_options[(value.field, value.option)] if value.option else None,
        "number": value.number,
        "code": value.code,
    }


def _stale(case: Case, tree: EditionTree, profile: Mapping[str, str]) -> Stale:
    current = {"reference": case.reference}
    for field in tree.content.profile:
        current[profile_name(field.key)] = shown_value(field, profile.get(field.key), missing="")
    return Stale(current=current, version=case.version)
