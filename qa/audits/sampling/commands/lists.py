"""Bringing a population list in, saying what its columns are, and deleting it."""

from collections.abc import Mapping, Sequence

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from qa.accounts.permissions import CurrentPerson, Permission
from qa.audits.case_files import RowProblem
from qa.audits.commands.cases import refuse_self_assessment
from qa.audits.commands.locking import locked_audit, require_open_to_cases
from qa.audits.models import Audit
from qa.audits.queries import get_audit
from qa.audits.sampling.columns import ColumnPlan, mapping_problems, reference_column, settle
from qa.audits.sampling.designing import count, written
from qa.audits.sampling.guarding import Refusal, refusals
from qa.audits.sampling.models import PopulationList, Sample, Unit
from qa.audits.sampling.queries import already_there, list_as_it_came, listed_sample, overdue
from qa.audits.sampling.reading import PopulationFile
from qa.audits.sampling.storing import pack_file, pack_settled
from qa.audits.sampling.vocabulary import SampleState, UnitState
from qa.db import db, now, writing
from qa.frameworks.reading import edition_tree
from qa.identifiers.finding import identifier_in_reference
from qa.identifiers.models import GuardedName
from qa.identifiers.names import names_from
from qa.problems import NotFound, Stale, refused
from qa.trail.recording import record


class Identifying(Exception):
    """The list holds what could identify somebody, and nothing of it is kept."""

    def __init__(self, found: Sequence[Refusal]) -> None:
        super().__init__("identifiers in the list")
        self.found = found


class BadColumns(Exception):
    """The columns cannot be used so. columns: what is wrong by column; rows: what is wrong with rows.

    deleted: references that could identify somebody were found, and the list is deleted.
    """

    def __init__(
        self, columns: Mapping[int, str], rows: Sequence[RowProblem] = (), *, deleted: bool = False
    ) -> None:
        super().__init__("columns that cannot be used so")
        self.columns = columns
        self.rows = rows
        self.deleted = deleted


def bring_in(person: CurrentPerson, audit_id: int, file: PopulationFile) -> int:
    """Keep a list until it is drawn from, in the place of one that waits; gives back its sample's number.

    Raises NotFound, NotAllowed, Refused (wrong stage, self-assessment), and Identifying with all that must be
    taken out of it first: nothing is kept then.
    """
    # Looked through before the lock is taken: a long list takes seconds, and nobody has to wait for it.
    look_through(person, audit_id, file)
    content = pack_file(file)
    with writing() as session:
        return keep_list(session, person, audit_id, len(file.rows), content)


def look_through(person: CurrentPerson, audit_id: int, file: PopulationFile) -> None:
    """Raises Identifying with all that must be taken out of a list, and NotFound; nothing is written."""
    area_id = get_audit(person, audit_id, Permission.AUDITS_MANAGE).area_id
    kept = select(GuardedName.name).where(GuardedName.area_id == area_id)
    found = refusals(file, reference_column(file), names_from(db.session.scalars(kept)))
    if found:
        raise Identifying(found)


def keep_list(session: Session, person: CurrentPerson, audit_id: int, rows: int, content: bytes) -> int:
    """Keep a list that was looked through and packed, in the caller's unit of work; its sample's number.

    Raises NotFound, NotAllowed, Refused as `bring_in`.
    """
    audit = open_audit(session, person, audit_id)
    waiting = (Sample.audit_id == audit.id, Sample.state == SampleState.LISTED)
    # The row of a list that waits is used again, so that forms opened for that list are out of date.
    sample = session.scalar(select(Sample).where(*waiting).with_for_update()) or Sample()
    sample.audit_id, sample.state, sample.rows = audit.id, SampleState.LISTED, rows
    sample.population, sample.strata_counts = 0, ""
    sample.uploaded_at, sample.uploaded_by_id = now(), person.id
    session.add(sample)
    session.flush()
    session.execute(delete(PopulationList).where(PopulationList.sample_id == sample.id))
    session.execute(insert(PopulationList), [{"sample_id": sample.id, "content": content}])
    _record(session, person, "list_brought_in", audit, sample.id)
    return sample.id


def open_audit(session: Session, person: CurrentPerson, audit_id: int) -> Audit:
    """The audit, locked; raises Refused where no case can be added."""
    audit = locked_audit(session, person, audit_id)
    require_open_to_cases(audit)
    refuse_self_assessment(edition_tree(audit.edition_id))
    return audit


def _record(session: Session, person: CurrentPerson | None, event: str, audit: Audit, sample_id: int) -> None:
    number = person.id if person else None
    record(session, number, f"sampling.{event}", "sample", sample_id, area_id=audit.area_id)


def locked_sample(session: Session, audit: Audit, sample_id: int, version: int | None = None) -> Sample:
    """A sample of the audit, locked. Raises NotFound, and Stale when it is of another version by now."""
    sample = session.scalar(
        select(Sample).where(Sample.id == sample_id, Sample.audit_id == audit.id).with_for_update()
    )
    if sample is None:
        raise NotFound
    if version is not None and sample.version != version:
        now_is = (
            f"{sample.rows:,} rows, {'drawn from' if sample.state is SampleState.DRAWN else 'not drawn from'}"
        )
        raise Stale(current={"The list": now_is}, version=sample.version)
    return sample


def choose_columns(
    person: CurrentPerson, audit_id: int, sample_id: int, version: int, plan: ColumnPlan
) -> None:
    """Say what the columns of a list are for; the population is settled by it.

    Raises NotFound, NotAllowed, Refused, Stale, and BadColumns with all that is wrong. Where a reference
    could identify somebody the list is deleted.
    """
    waiting = listed_sample(person, audit_id, sample_id)
    file = list_as_it_came(sample_id)
    fields = edition_tree(waiting.audit.edition_id).content.profile
    wrong = mapping_problems(file, plan, fields)
    if wrong:
        raise BadColumns(wrong)
    settled, rows = settle(file, plan, fields)
    if rows:
        column = plan.uses.index("reference")
        deleted = any(identifier_in_reference(row.cells[column]) for row in file.rows)
        if deleted:
            delete_list(person, audit_id, sample_id, version)
        raise BadColumns({column: "Some rows need putting right: see the list below"}, rows, deleted=deleted)
    counted = count(settled, fields, already_there(audit_id))
    if not counted.population:
        message = "Every case of the list is in the audit already"
        raise BadColumns({plan.uses.index("reference"): message})
    content = pack_settled(settled)
    with writing() as session:
        audit = open_audit(session, person, audit_id)
        sample = locked_sample(session, audit, sample_id, version)
        sample.repeated = settled.repeated
        sample.population, sample.left_out = counted.population, counted.left_out
        sample.strata_counts = written(counted)
        here = PopulationList.sample_id == sample.id
        session.execute(update(PopulationList).where(here).values(settled=content))
        _record(session, person, "columns_chosen", audit, sample.id)


def delete_list(person: CurrentPerson, audit_id: int, sample_id: int, version: int) -> None:
    """Delete a list: with its sample when nothing was drawn from it, else the list alone.

    Raises NotFound, NotAllowed, Stale, or Refused when there is no list any more.
    """
    with writing() as session:
        audit = locked_audit(session, person, audit_id)
        sample = locked_sample(session, audit, sample_id, version)
        if sample.state is SampleState.DRAWN and not _has_list(session, sample.id):
            raise refused("The list is deleted already")
        _delete(session, sample)
        _record(session, person, "list_deleted", audit, sample_id)


def _has_list(session: Session, sample_id: int) -> bool:
    here = PopulationList.sample_id == sample_id
    return session.scalar(select(PopulationList.sample_id).where(here)) is not None


def _delete(session: Session, sample: Sample) -> None:
    session.execute(delete(PopulationList).where(PopulationList.sample_id == sample.id))
    if sample.state is SampleState.LISTED:
        session.execute(delete(Sample).where(Sample.id == sample.id))
        session.expunge(sample)
    else:
        sample.kept_until = None
        sample.list_deleted_at = now()
        session.flush()


def delete_reserve(person: CurrentPerson, audit_id: int, sample_id: int, version: int) -> int:
    """Delete the references in reserve; no case can be replaced after that. Gives back how many there were.

    Raises NotFound, NotAllowed or Stale.
    """
    with writing() as session:
        audit = locked_audit(session, person, audit_id)
        sample = locked_sample(session, audit, sample_id, version)
        reserve = (Unit.sample_id == sample.id, Unit.state == UnitState.RESERVE)
        gone = session.execute(delete(Unit).where(*reserve).returning(Unit.id)).all()
        sample.reserve = 0
        session.flush()
        _record(session, person, "reserve_deleted", audit, sample_id)
        return len(gone)


def delete_overdue() -> int:
    """Delete the lists whose day has come, and those that waited too long; gives back how many.

    Nothing is locked unless there is one.
    """
    if db.session.scalar(select(Sample.id).where(overdue()).limit(1)) is None:
        return 0
    with writing() as session:
        rows = session.execute(
            select(Sample, Audit)
            .join(Audit, Audit.id == Sample.audit_id)
            .where(overdue())
            .order_by(Sample.id)
            .with_for_update(of=Sample)
        ).all()
        for sample, audit in rows:
            number = sample.id
            _delete(session, sample)
            _record(session, None, "list_deleted", audit, number)
        return len(rows)
