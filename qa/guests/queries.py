"""Reads of links: what a link's own page shows, and the lists of those who send them."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, func, select, true

from qa.accounts.models import Agency, Person
from qa.accounts.permissions import CurrentPerson, Permission, reach
from qa.accounts.sessions import token_hash
from qa.audits.lifecycle import ReturnState, Stage
from qa.audits.models import Audit, Case, Return
from qa.audits.queries import get_audit
from qa.db import Base, db, today
from qa.guests.models import ReturnLink
from qa.guests.standing import Ending, LinkFacts, LinkState, ending, state
from qa.problems import NotFound
from qa.returns.queries import get_return
from qa.returns.records import ReturnRecord
from qa.web.paging import PAGE_SIZE, Page

_people = Base.metadata.tables[Person.__tablename__]
_guest, _sender = _people.alias("guest"), _people.alias("sender")


class OpenedLink(NamedTuple):
    """A link as its own page shows it: nothing of whom it was sent to. ended: why it opens nothing."""

    id: int
    return_id: int
    due_on: date
    sender: str
    ended: Ending | None


class LinkLine(NamedTuple):
    """A link as those who send links see it."""

    id: int
    return_id: int
    case: str
    agency: str
    name: str
    email: str
    sender: str
    sent_at: datetime
    times_sent: int
    seen_at: datetime | None
    due_on: date
    state: LinkState
    ended: Ending | None


class LinksOfAudit(NamedTuple):
    """One page of an audit's links."""

    audit_id: int
    title: str
    page: Page[LinkLine]


def link_columns() -> tuple[Any, ...]:
    """What `facts_of` looks at."""
    return (
        Return.due_on,
        Return.state.label("return_state"),
        Return.auditor_id,
        Audit.stage,
        _guest.c.guest.label("is_guest"),
        _guest.c.active.label("is_active"),
        ReturnLink.person_id,
        ReturnLink.revoked_at,
        ReturnLink.code_asked_at,
        ReturnLink.opened_at,
    )


def linked(*columns: Any) -> Select[*tuple[Any, ...]]:
    """Links with their return, audit, guest and sender."""
    return (
        select(*columns)
        .select_from(ReturnLink)
        .join(Return, Return.id == ReturnLink.return_id)
        .join(Audit, Audit.id == Return.audit_id)
        .join(_guest, _guest.c.id == ReturnLink.person_id)
        .join(_sender, _sender.c.id == ReturnLink.sent_by_id)
    )


def facts_of(row: Any) -> LinkFacts:
    """What decides whether a link works."""
    return LinkFacts(
        due_on=row.due_on,
        complete=ReturnState(row.return_state).complete,
        held=row.auditor_id == row.person_id,
        fieldwork=row.stage is Stage.FIELDWORK,
        guest=bool(row.is_guest) and bool(row.is_active),
        revoked=row.revoked_at is not None,
        code_asked=row.code_asked_at is not None,
        opened=row.opened_at is not None,
    )


def opened_link(token: str) -> OpenedLink:
    """The link with that secret. Raises NotFound when there is none."""
    query = linked(
        ReturnLink.id.label("number"), ReturnLink.return_id, _sender.c.name.label("sender"), *link_columns()
    ).where(ReturnLink.token_hash == token_hash(token))
    row = db.session.execute(query).one_or_none()
    if row is None:
        raise NotFound("no such link")
    return OpenedLink(row.number, row.return_id, row.due_on, row.sender, ending(facts_of(row), today()))


def links_of_audit(person: CurrentPerson, audit_id: int, number: int) -> LinksOfAudit:
    """The links of an audit's returns that the person may send, the newest first. Three statements."""
    audit = get_audit(person, audit_id, Permission.RETURNS_SEND_LINK)
    conditions = (Return.audit_id == audit_id, _within(person, audit.area_id))
    counted = select(func.count()).select_from(ReturnLink).join(Return, Return.id == ReturnLink.return_id)
    total = db.session.scalar(counted.where(*conditions)) or 0
    number = min(number, max(1, -(-total // PAGE_SIZE)))
    lines = _lines(conditions, number)
    return LinksOfAudit(audit.id, audit.title, Page(lines, number, total))


def links_of_return(person: CurrentPerson, return_id: int) -> tuple[ReturnRecord, Sequence[LinkLine]]:
    """A return that the person may send a link to, and the links sent for it. Two statements.

    Raises NotFound, or NotAllowed when they only read it.
    """
    record = get_return(person, return_id, Permission.RETURNS_SEND_LINK)
    return record, _lines((ReturnLink.return_id == return_id,), 1)


def link_return(person: CurrentPerson, link_id: int) -> int:
    """The number of the return that a link is for. Raises NotFound, NotAllowed as `links_of_return`."""
    number = db.session.scalar(select(ReturnLink.return_id).where(ReturnLink.id == link_id))
    if number is None:
        raise NotFound
    return get_return(person, number, Permission.RETURNS_SEND_LINK).id


def _within(person: CurrentPerson, area_id: int) -> ColumnElement[bool]:
    """Which returns' links: all of an audit in the person's area, else those of their agencies."""
    within = reach(person, Permission.RETURNS_SEND_LINK)
    if within.everywhere or area_id in within.areas:
        return true()
    return Return.agency_id.in_(sorted(within.agencies))


def _lines(conditions: Sequence[ColumnElement[bool]], number: int) -> list[LinkLine]:
    query = (
        linked(
            ReturnLink.id.label("number"),
            ReturnLink.return_id,
            Case.reference.label("case"),
            Agency.name.label("agency"),
            _guest.c.name.label("name"),
            _guest.c.email.label("email"),
            _sender.c.name.label("sender"),
            ReturnLink.sent_at,
            ReturnLink.times_sent,
            ReturnLink.seen_at,
            *link_columns(),
        )
        .join(Case, Case.id == Return.case_id)
        .join(Agency, Agency.id == Return.agency_id)
        .where(*conditions)
        .order_by(ReturnLink.id.desc())
        .limit(PAGE_SIZE)
        .offset((number - 1) * PAGE_SIZE)
    )
    day = today()
    return [
        LinkLine(
            row.number,
            row.return_id,
            row.case,
            row.agency,
            row.name,
            row.email,
            row.sender,
            row.sent_at,
            row.times_sent,
            row.seen_at,
            row.due_on,
            state(facts_of(row), day),
            ending(facts_of(row), day),
        )
        for row in db.session.execute(query)
    ]
