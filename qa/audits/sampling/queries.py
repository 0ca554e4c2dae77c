"""Reads of samples, scoped to the person asking."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import aliased

from qa.accounts.models import Person
from qa.accounts.permissions import CurrentPerson, Permission
from qa.audits.lifecycle import ReturnState
from qa.audits.models import Audit
from qa.audits.queries import get_audit
from qa.audits.queries.cases import taken_references
from qa.audits.queries.reach import get_case
from qa.audits.sampling.columns import Settled
from qa.audits.sampling.designing import Counted, read
from qa.audits.sampling.drawing import canonical
from qa.audits.sampling.methods import sampled_of
from qa.audits.sampling.models import PopulationList, Sample, Stratum, Unit
from qa.audits.sampling.reading import PopulationFile
from qa.audits.sampling.records import Begun, DrawnSample, Replaced, Replacing, WaitingList
from qa.audits.sampling.storing import unpack_file, unpack_settled
from qa.audits.sampling.verifying import Reached, Record
from qa.audits.sampling.vocabulary import SampleState, UnitState
from qa.db import db, now, today
from qa.problems import NotFound

WAITS_DAYS = 14
"""A list that was brought in and not drawn from is deleted after so many days."""

SHOWN_REPLACED = 100


class SamplePage(NamedTuple):
    """The samples of an audit: a list that waits, and what was drawn, newest first."""

    audit: Audit
    waiting: WaitingList | None
    drawn: Sequence[DrawnSample]
    replaced: Sequence[Replaced]
    number_replaced: int


def sample_page(person: CurrentPerson, audit_id: int) -> SamplePage:
    """The samples of an audit that the person manages, in six statements at most. Raises NotFound."""
    audit = get_audit(person, audit_id, Permission.AUDITS_MANAGE)
    drawn = _drawn(audit_id)
    number = sum(sum(one.method.replaced.values()) for one in drawn)
    return SamplePage(audit, _waiting(audit_id), drawn, _replaced(audit_id) if number else (), number)


def _waiting(audit_id: int) -> WaitingList | None:
    row = db.session.execute(
        select(
            Sample.id,
            Sample.version,
            Sample.rows,
            Sample.repeated,
            Sample.population,
            Sample.left_out,
            Sample.uploaded_at,
            Person.name,
            PopulationList.settled.is_not(None),
        )
        .join(PopulationList, PopulationList.sample_id == Sample.id)
        .outerjoin(Person, Person.id == Sample.uploaded_by_id)
        .where(Sample.audit_id == audit_id, Sample.state == SampleState.LISTED)
        .order_by(Sample.id.desc())
        .limit(1)
    ).one_or_none()
    return WaitingList(*row) if row else None


def _drawn(audit_id: int) -> list[DrawnSample]:
    """The samples drawn, the newest first; two statements at most."""
    keeper = aliased(Person)
    rows = db.session.execute(
        select(
            Sample.id,
            Sample.version,
            Person.name.label("drawn_by"),
            PopulationList.sample_id.is_not(None).label("kept"),
            Sample.kept_until,
            keeper.name.label("kept_by"),
        )
        .outerjoin(Person, Person.id == Sample.drawn_by_id)
        .outerjoin(keeper, keeper.id == Sample.kept_by_id)
        .outerjoin(PopulationList, PopulationList.sample_id == Sample.id)
        .where(Sample.audit_id == audit_id, Sample.state == SampleState.DRAWN)
        .order_by(Sample.id.desc())
    ).all()
    sampled = sampled_of(audit_id) if rows else {}
    return [
        DrawnSample(
            row.id,
            row.version,
            sampled[row.id].method,
            row.drawn_by,
            sampled[row.id].reserve,
            row.kept,
            row.kept_until,
            row.kept_by,
        )
        for row in rows
    ]


def _replaced(audit_id: int) -> list[Replaced]:
    """The cases replaced, the last first."""
    new = aliased(Unit)
    rows = db.session.execute(
        select(
            Unit.reference,
            new.reference,
            Stratum.label,
            Unit.reason,
            Unit.note,
            Person.name,
            Unit.replaced_at,
        )
        .join(Sample, Sample.id == Unit.sample_id)
        .join(new, new.replaces_id == Unit.id)
        .join(Stratum, Stratum.id == Unit.stratum_id)
        .outerjoin(Person, Person.id == Unit.replaced_by_id)
        .where(Sample.audit_id == audit_id, Unit.state == UnitState.REPLACED)
        .order_by(Unit.replaced_at.desc(), Unit.id.desc())
        .limit(SHOWN_REPLACED)
    )
    return [
        Replaced(reference, by, stratum, reason, note, person, at)
        for reference, by, stratum, reason, note, person, at in rows
        if reason is not None and at is not None
    ]


class CheckPage(NamedTuple):
    """A sample that was drawn, with its audit and what is on record of the draw."""

    audit: Audit
    record: Record
    drawn_at: datetime


def record_of(person: CurrentPerson, audit_id: int, sample_id: int) -> CheckPage:
    """What is on record of a draw, of an audit that the person manages; five statements. Raises NotFound."""
    audit = get_audit(person, audit_id, Permission.AUDITS_MANAGE)
    here = (Sample.id == sample_id, Sample.audit_id == audit_id, Sample.state == SampleState.DRAWN)
    sample = db.session.scalar(select(Sample).where(*here))
    if sample is None or sample.drawn_at is None:
        raise NotFound
    labels = db.session.scalars(select(Stratum.label).where(Stratum.sample_id == sample_id)).all()
    reached = [
        Reached(*row)
        for row in db.session.execute(
            select(Unit.reference, Stratum.label, Unit.place)
            .join(Stratum, Stratum.id == Unit.stratum_id)
            .where(Unit.sample_id == sample_id)
            .order_by(Unit.id)
        )
    ]
    others = taken_references(audit_id) - {canonical(one.reference) for one in reached}
    left_out = others if sample.left_out else ()
    record = Record(sample.seed, sample.digest, sample.stratified_by, labels, reached, left_out)
    return CheckPage(audit, record, sample.drawn_at)


class ListPage(NamedTuple):
    """A list that waits for its draw, with its audit."""

    audit: Audit
    sample: Sample


def listed_sample(person: CurrentPerson, audit_id: int, sample_id: int) -> ListPage:
    """A list that waits, of an audit that the person manages; two statements. Raises NotFound."""
    audit = get_audit(person, audit_id, Permission.AUDITS_MANAGE)
    sample = db.session.scalar(
        select(Sample).where(
            Sample.id == sample_id, Sample.audit_id == audit_id, Sample.state == SampleState.LISTED
        )
    )
    if sample is None:
        raise NotFound
    return ListPage(audit, sample)


def list_as_it_came(sample_id: int) -> PopulationFile:
    """The list of a sample that waits; the caller checks. Raises NotFound when it is gone."""
    return unpack_file(_content(PopulationList.content, sample_id))


def settled_list(sample_id: int) -> Settled:
    """The population of a sample; the caller checks. Raises NotFound when it is gone, or not settled yet."""
    return unpack_settled(_content(PopulationList.settled, sample_id))


def _content(column: Any, sample_id: int) -> bytes:
    content: bytes | None = db.session.scalar(select(column).where(PopulationList.sample_id == sample_id))
    if content is None:
        raise NotFound
    return content


def counted(sample: Sample) -> Counted:
    """The population of a sample in numbers. No statement."""
    return read(sample.population, sample.left_out, sample.strata_counts)


def already_there(audit_id: int) -> set[str]:
    """The references of the audit's cases, in lower case."""
    return taken_references(audit_id)


def replacing(person: CurrentPerson, audit_id: int, case_id: int) -> Replacing:
    """A drawn case with what its replacement would be, in four statements.

    Raises NotFound when it is out of the person's reach, or was not drawn.
    """
    case = get_case(person, audit_id, case_id, Permission.AUDITS_MANAGE)
    row = db.session.execute(
        select(Unit, Stratum.label, Sample.version)
        .join(Stratum, Stratum.id == Unit.stratum_id)
        .join(Sample, Sample.id == Unit.sample_id)
        .where(Unit.case_id == case_id)
    ).one_or_none()
    if row is None:
        raise NotFound
    unit, label, version = row
    begun = [
        Begun(one.agency.name, one.state.label)
        for one in case.returns
        if one.state is not ReturnState.NOT_STARTED
    ]
    following = db.session.scalar(next_in_line(unit.stratum_id))
    return Replacing(
        unit.sample_id,
        version,
        case.id,
        case.reference,
        label,
        following.reference if following else None,
        begun,
        len(case.returns),
    )


def next_in_line(stratum_id: int) -> Any:
    """The statement that finds the next in reserve of a stratum."""
    return (
        select(Unit)
        .where(Unit.stratum_id == stratum_id, Unit.state == UnitState.RESERVE)
        .order_by(Unit.place)
        .limit(1)
    )


def was_drawn(case_id: int) -> bool:
    """Whether the case came from a draw; the caller checks that the person may see it. One statement."""
    return db.session.scalar(select(Unit.id).where(Unit.case_id == case_id)) is not None


def overdue() -> ColumnElement[bool]:
    """The condition on Sample that its list has to go: its day has come, or it waited for too long."""
    return or_(
        Sample.kept_until < today(),
        and_(Sample.state == SampleState.LISTED, Sample.uploaded_at < now() - timedelta(days=WAITS_DAYS)),
    )
