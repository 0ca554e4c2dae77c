"""Reads of the tracker of returns: an audit's cases and agencies, what is late, and who was chased when."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    ScalarSelect,
    Select,
    and_,
    exists,
    func,
    literal,
    select,
    true,
    union_all,
)
from sqlalchemy.orm import Session, aliased

from qa.accounts.models import Agency, Person, PersonRole
from qa.accounts.permissions import CurrentPerson, Permission, Role
from qa.audits.lifecycle import NOT_IN, Stage
from qa.audits.models import Audit, AuditPerson, Case, Return
from qa.audits.queries import get_audit
from qa.audits.queries.counting import AgencyLine, agency_lines
from qa.chasing.grid import SOON, Entry, GridRow, Show
from qa.chasing.letters import Due, Recipient, grouped
from qa.chasing.models import Chase, Extension
from qa.db import LONDON, db, today
from qa.frameworks.reading import edition_tree
from qa.problems import NotFound
from qa.web.paging import PAGE_SIZE, Page


class Which(NamedTuple):
    """Which returns are meant. return_id: one; else all late ones, or those of one agency."""

    return_id: int | None = None
    agency_id: int | None = None


class Tracker(NamedTuple):
    """A page of the grid. lines: figures by agency, of the agencies that are columns."""

    audit: Audit
    self_assessment: bool
    lines: tuple[AgencyLine, ...]
    shown: tuple[AgencyLine, ...]
    page: Page[GridRow]
    today: date

    @property
    def late(self) -> int:
        """Late returns of the agencies that are shown."""
        return sum(line.late for line in self.shown)

    @property
    def fieldwork(self) -> bool:
        """Whether returns can be completed, so that chasing makes sense."""
        return self.audit.stage is Stage.FIELDWORK


def tracker(person: CurrentPerson, audit_id: int, show: Show, agency_id: int | None, number: int) -> Tracker:
    """A page of an audit's returns, case by case. number: of the page. Raises NotFound.

    agency_id: that agency's alone. Five statements, whatever the number of cases.
    """
    audit = get_audit(person, audit_id, Permission.AUDITS_MANAGE)
    lines = agency_lines(audit)
    shown = tuple(line for line in lines if agency_id is None or line.id == agency_id)
    where = and_(Case.audit_id == audit_id, _with(show, agency_id))
    total = db.session.scalar(select(func.count()).select_from(Case).where(where)) or 0
    number = min(number, Page((), number, total).pages)
    cases = db.session.execute(
        select(Case.id, Case.reference, Agency.short_name)
        .outerjoin(Agency, Agency.id == Case.agency_id)
        .where(where)
        .order_by(Case.number)
        .limit(PAGE_SIZE)
        .offset((number - 1) * PAGE_SIZE)
    ).all()
    entries = _entries([row.id for row in cases], agency_id)
    rows = [GridRow(row.id, row.reference, row.short_name, _by_agency(entries, row.id)) for row in cases]
    own = edition_tree(audit.edition_id).self_assessment
    return Tracker(audit, own, lines, shown, Page(rows, number, total), today())


def _with(show: Show, agency_id: int | None) -> ColumnElement[bool]:
    """The condition on Case that it has a return of that kind (of that agency)."""
    if show is Show.ALL and agency_id is None:
        return true()
    conditions = [Return.case_id == Case.id]
    if agency_id is not None:
        conditions.append(Return.agency_id == agency_id)
    if show is not Show.ALL:
        conditions.append(Return.state.in_(NOT_IN))
    if show is Show.LATE:
        conditions.append(Return.due_on < today())
    if show is Show.SOON:
        conditions.append(Return.due_on.between(today(), today() + timedelta(days=SOON)))
    return exists().where(*conditions)


def _last_chased() -> ScalarSelect[Any]:
    return (
        select(func.max(Chase.sent_at, type_=Chase.sent_at.type))
        .where(Chase.return_id == Return.id)
        .correlate(Return)
        .scalar_subquery()
    )


def _entries(case_ids: Sequence[int], agency_id: int | None) -> list[Entry]:
    query = (
        select(
            Return.id,
            Return.case_id,
            Return.agency_id,
            Return.second,
            Return.state,
            Return.due_on,
            Return.submitted_at,
            Person.name,
            _last_chased(),
        )
        .outerjoin(Person, Person.id == Return.auditor_id)
        .where(Return.case_id.in_(case_ids), true() if agency_id is None else Return.agency_id == agency_id)
        .order_by(Return.second, Return.id)
    )
    return [Entry(*row) for row in db.session.execute(query)] if case_ids else []


def _by_agency(entries: Sequence[Entry], case_id: int) -> dict[int, tuple[Entry, ...]]:
    found: dict[int, tuple[Entry, ...]] = {}
    for entry in entries:
        if entry.case_id == case_id:
            found[entry.agency_id] = (*found.get(entry.agency_id, ()), entry)
    return found


class ChaseLine(NamedTuple):
    """Somebody was written to about a return. by: None for a reminder of the product's own."""

    sent_at: datetime
    to: str
    by: str | None
    reference: str
    agency: str
    return_id: int


class ExtensionLine(NamedTuple):
    """A due date was put off."""

    extended_at: datetime
    by: str | None
    from_on: date
    to_on: date
    reason: str


class Followed(NamedTuple):
    """One return of the tracker with what was done to get it."""

    audit: Audit
    entry: Entry
    reference: str
    agency: str
    version: int
    chases: tuple[ChaseLine, ...]
    extensions: tuple[ExtensionLine, ...]
    today: date

    @property
    def open(self) -> bool:
        """Whether its agency can still complete it."""
        return self.audit.stage is Stage.FIELDWORK and not self.entry.state.complete


def followed(person: CurrentPerson, audit_id: int, return_id: int) -> Followed:
    """One return, for whoever manages its audit. Raises NotFound. Four statements."""
    audit = get_audit(person, audit_id, Permission.AUDITS_MANAGE)
    row = db.session.execute(
        select(Return, Case.reference, Agency.name, Person.name, _last_chased())
        .join(Case, Case.id == Return.case_id)
        .join(Agency, Agency.id == Return.agency_id)
        .outerjoin(Person, Person.id == Return.auditor_id)
        .where(Return.id == return_id, Return.audit_id == audit_id)
    ).one_or_none()
    if row is None:
        raise NotFound
    one, reference, agency, auditor, chased_at = row
    entry = Entry(
        one.id,
        one.case_id,
        one.agency_id,
        one.second,
        one.state,
        one.due_on,
        one.submitted_at,
        auditor,
        chased_at,
    )
    chases = db.session.execute(_chases().where(Chase.return_id == return_id).limit(50))
    extensions = db.session.execute(
        select(Extension.extended_at, Person.name, Extension.from_on, Extension.to_on, Extension.reason)
        .outerjoin(Person, Person.id == Extension.extended_by_id)
        .where(Extension.return_id == return_id)
        .order_by(Extension.id.desc())
        .limit(50)
    )
    return Followed(
        audit,
        entry,
        reference,
        agency,
        one.version,
        tuple(ChaseLine(*line) for line in chases),
        tuple(ExtensionLine(*line) for line in extensions),
        today(),
    )


def _chases() -> Select[datetime, str, str | None, str, str, int]:
    by = aliased(Person)
    return (
        select(Chase.sent_at, Person.name, by.name, Case.reference, Agency.short_name, Chase.return_id)
        .join(Person, Person.id == Chase.person_id)
        .outerjoin(by, by.id == Chase.sent_by_id)
        .join(Return, Return.id == Chase.return_id)
        .join(Case, Case.id == Return.case_id)
        .join(Agency, Agency.id == Return.agency_id)
        .order_by(Chase.sent_at.desc(), Chase.id.desc())
    )


class Chased(NamedTuple):
    """A page of everybody who was written to about an audit's returns, the latest first."""

    audit: Audit
    page: Page[ChaseLine]


def chased(person: CurrentPerson, audit_id: int, number: int) -> Chased:
    """Who was chased when. number: of the page. Raises NotFound. Three statements."""
    audit = get_audit(person, audit_id, Permission.AUDITS_MANAGE)
    total = db.session.scalar(select(func.count()).where(Chase.audit_id == audit_id)) or 0
    query = _chases().where(Chase.audit_id == audit_id)
    rows = db.session.execute(query.limit(PAGE_SIZE).offset((number - 1) * PAGE_SIZE))
    return Chased(audit, Page([ChaseLine(*row) for row in rows], number, total))


class ToChase(NamedTuple):
    """Who would be written to. nobody: returns that nobody can be written to about.

    before: returns left out because somebody was written to about them today already.
    """

    audit: Audit
    recipients: tuple[Recipient, ...]
    nobody: tuple[Due, ...]
    before: int
    agency: str | None

    @property
    def returns(self) -> int:
        """How many returns the messages are about."""
        return len({one.id for recipient in self.recipients for one in recipient.returns})


def to_chase(session: Session, audit: Audit, which: Which, began: datetime | None = None) -> ToChase:
    """Who would be written to about the returns meant. Three statements at most.

    Of all late ones those are left out that somebody was written to about today; a single one is not. began:
    when the writing began that this is part of: what was written from then on does not count.
    """
    found, before = _due(session, audit, which, began)
    people = _people(session, audit, found)
    names = {agency.id: agency.name for agency in audit.agencies}
    recipients, nobody = grouped(found, people, names)
    agency = names.get(which.agency_id) if which.agency_id is not None else None
    return ToChase(audit, tuple(recipients), tuple(nobody), before, agency)


def _due(session: Session, audit: Audit, which: Which, began: datetime | None) -> tuple[list[Due], int]:
    morning = datetime.combine(today(), time(), LONDON)
    columns = (Return.id, Return.agency_id, Return.auditor_id, Return.due_on, Return.state)
    query = select(*columns, _last_chased()).where(
        Return.audit_id == audit.id, Return.state.in_(NOT_IN), meant(which)
    )
    rows = session.execute(query.order_by(Return.due_on, Return.id)).all()
    if which.return_id is not None:
        return [Due(*row[:-1]) for row in rows], 0
    kept = [
        Due(*row[:-1])
        for row in rows
        if row[-1] is None or row[-1] < morning or (began is not None and row[-1] >= began)
    ]
    return kept, len(rows) - len(kept)


def meant(which: Which) -> ColumnElement[bool]:
    """The condition on Return that it is one of those meant, besides not being in."""
    if which.return_id is not None:
        return Return.id == which.return_id
    late = Return.due_on < today()
    return late if which.agency_id is None else and_(late, Return.agency_id == which.agency_id)


def _people(
    session: Session, audit: Audit, found: Sequence[Due]
) -> list[tuple[int, str, str, bool, int, str]]:
    """Auditors of the returns, and the leads of their agencies: whoever may see the audit."""
    auditors = {one.auditor_id for one in found} - {None}
    agencies = {one.agency_id for one in found}
    if not found:
        return []
    named = exists().where(AuditPerson.audit_id == audit.id, AuditPerson.person_id == Person.id)
    allowed = named if audit.confidential else true()
    who = (Person.id, Person.name, Person.email, Person.guest)
    query: CompoundSelect[Any, Any, Any, Any, Any, Any] = union_all(
        select(*who, literal(0), literal("auditor")).where(Person.id.in_(auditors), Person.active),
        select(*who, PersonRole.agency_id, literal("lead"))
        .join(PersonRole, PersonRole.person_id == Person.id)
        .where(
            PersonRole.role == Role.AGENCY_LEAD,
            PersonRole.agency_id.in_(agencies),
            Person.active,
            allowed,
        ),
    )
    return [(row[0], row[1], row[2], bool(row[3]), row[4], row[5]) for row in session.execute(query)]
