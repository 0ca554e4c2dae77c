"""Reads of views, scoped to the person asking: blind before the panel opens the case, shared afterwards."""

from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Row, Select, and_, false, func, or_, select

from qa.accounts.models import Agency, Person
from qa.accounts.permissions import CurrentPerson, Facts, Permission, Role, can
from qa.audits.lifecycle import Stage
from qa.audits.models import Case
from qa.audits.queries import get_case
from qa.db import Base, db
from qa.feedback.models import Feedback
from qa.feedback.records import Entry
from qa.feedback.vocabulary import Voice
from qa.problems import NotFound
from qa.web.paging import PAGE_SIZE, Page

WRITABLE = frozenset({Stage.FIELDWORK, Stage.PANEL})
"""The stages in which views are entered and changed."""

_people = Base.metadata.tables[Person.__tablename__]
_entered, _removed = _people.alias("entered"), _people.alias("removed")


class Place(NamedTuple):
    """A case as far as views of it need to know.

    leads: the reader is a QA lead of the area. reads, writes: the agencies for which they may read and enter
    views before the panel opens. shared: the panel has opened the case. blind: the agencies of which two
    auditors work on the case without knowing of each other; the reader, one of them, reads their own alone.
    """

    audit_id: int
    case_id: int
    area_id: int
    reference: str
    audit_title: str
    stage: Stage
    leads: bool
    reads: frozenset[int]
    writes: frozenset[int]
    shared: bool
    person_id: int
    blind: frozenset[int]

    @property
    def open(self) -> bool:
        """Whether the audit's stage lets views be entered."""
        return self.stage in WRITABLE

    @property
    def may_add(self) -> bool:
        """Whether the reader may enter views now."""
        return self.open and (self.leads or bool(self.writes))

    @property
    def enters_for(self) -> int | None:
        """The agency for which the reader enters views; None: as the QA lead."""
        return None if self.leads or not self.writes else min(self.writes)

    def may_change(self, agency_id: int | None) -> bool:
        """Whether the reader may change what that agency's auditor, or (None) the QA lead, has entered."""
        return self.open and (self.leads or agency_id in self.writes)

    def may_remove(self, agency_id: int | None) -> bool:
        """Whether the reader may remove it: a QA lead at any stage, since consent can be withdrawn later."""
        return self.leads or self.may_change(agency_id)


def get_place(person: CurrentPerson, audit_id: int, case_id: int) -> Place:
    """A case that the person may read views of, in two statements.

    Raises NotFound out of reach, and for a self-assessment, which is of no child.
    """
    return place_of(person, get_case(person, audit_id, case_id, Permission.FEEDBACK_READ))


def place_of(person: CurrentPerson, case: Case) -> Place:
    """What views of a case need to know, of a case with its audit and returns, which the person reaches.

    Raises NotFound for a self-assessment.
    """
    if case.agency_id is not None:
        raise NotFound
    audit, agencies = case.audit, {row.agency_id for row in case.returns}
    # Whoever reached the case is named on a confidential audit, so that is not asked again.
    leads = can(person, Permission.FEEDBACK_READ, Facts(area_id=audit.area_id))

    def allowed(permission: Permission) -> frozenset[int]:
        facts = ((agency, Facts(agency_ids=frozenset({agency}))) for agency in agencies)
        return frozenset(agency for agency, known in facts if can(person, permission, known))

    return Place(
        audit.id,
        case.id,
        audit.area_id,
        case.reference,
        audit.title,
        audit.stage,
        leads,
        allowed(Permission.FEEDBACK_READ),
        allowed(Permission.FEEDBACK_WRITE),
        case.panel_opened_at is not None,
        person.id,
        _blind(person, case),
    )


def _blind(person: CurrentPerson, case: Case) -> frozenset[int]:
    """Agencies of the case that are audited twice and that the person does not lead (decision 11)."""
    twice = {row.agency_id for row in case.returns if row.second}
    led = {grant.agency_id for grant in person.grants if grant.role is Role.AGENCY_LEAD}
    return frozenset(twice - led)


def _readable(place: Place) -> ColumnElement[bool]:
    """The condition on Feedback that leaves what the reader of the case may read."""
    if place.leads or place.shared:
        return Feedback.case_id == place.case_id
    whole = place.reads - place.blind
    of_agency = Feedback.agency_id.in_(sorted(whole)) if whole else false()
    half = place.reads & place.blind
    of_reader = (
        and_(Feedback.agency_id.in_(sorted(half)), Feedback.entered_by_id == place.person_id)
        if half
        else false()
    )
    return (Feedback.case_id == place.case_id) & or_(of_agency, of_reader)


def _entries() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Feedback.id,
            Feedback.voice,
            Feedback.outcome,
            Feedback.reason,
            Feedback.given_on,
            Feedback.manner,
            Feedback.interviewer,
            Feedback.listened,
            Feedback.helped,
            Feedback.difference,
            Feedback.proud,
            Feedback.barriers,
            Feedback.support,
            Feedback.other,
            Feedback.quotable,
            Feedback.agency_id,
            Agency.name,
            _entered.c.name,
            Feedback.entered_at,
            Feedback.changed_at,
            Feedback.removed_at,
            _removed.c.name,
            Feedback.removed_reason,
            Feedback.version,
        )
        .outerjoin(Agency, Agency.id == Feedback.agency_id)
        .outerjoin(_entered, _entered.c.id == Feedback.entered_by_id)
        .outerjoin(_removed, _removed.c.id == Feedback.removed_by_id)
    )


def list_views(place: Place, voice: Voice | None, number: int) -> Page[Entry]:
    """What the reader of a case may read of its views, child first, those removed last. Two statements."""
    where = _readable(place)
    if voice is not None:
        where = where & (Feedback.voice == voice)
    total = db.session.scalar(select(func.count(Feedback.id)).where(where)) or 0
    query = (
        _entries()
        .where(where)
        .order_by(Feedback.removed_at.is_not(None), Feedback.voice, Feedback.given_on, Feedback.id)
        .limit(PAGE_SIZE)
        .offset((number - 1) * PAGE_SIZE)
    )
    return Page([_shown(place, row) for row in db.session.execute(query)], number, total)


def get_entry(place: Place, feedback_id: int) -> Entry:
    """One entry that has not been removed. Raises NotFound. One statement."""
    where = (_readable(place), Feedback.id == feedback_id, Feedback.removed_at.is_(None))
    row = db.session.execute(_entries().where(*where)).one_or_none()
    if row is None:
        raise NotFound
    return _shown(place, row)


def _shown(place: Place, row: Row[*tuple[Any, ...]]) -> Entry:
    entry = Entry(*row)
    if entry.removed_at is not None:
        return entry
    return entry._replace(
        may_change=place.may_change(entry.agency_id), may_remove=place.may_remove(entry.agency_id)
    )


def views_at_panel(case: Case) -> tuple[Entry, ...]:
    """What the panel reads of the views on a case that is open to it, in one statement; the caller checks.

    Every voice has its few: the first fifty are shown.
    """
    query = (
        _entries()
        .where(Feedback.case_id == case.id, Feedback.removed_at.is_(None))
        .order_by(Feedback.voice, Feedback.given_on, Feedback.id)
        .limit(PAGE_SIZE)
    )
    return tuple(Entry(*row) for row in db.session.execute(query))
