"""Reads of people. All but one's own roles are for administrators, which the routes see to: their permissions
reach everywhere.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import joinedload

from qa.accounts.granting import in_words
from qa.accounts.models import Agency, AgencyArea, Area, OneTimeLink, Person, PersonRole, SignIn
from qa.accounts.permissions import CurrentPerson, Grant, Role
from qa.accounts.queries import Choice, counted
from qa.accounts.role_fields import AREAS_OF
from qa.db import db, now
from qa.problems import NotFound
from qa.web.paging import PAGE_SIZE, Page

GUESTS = "guests"


class PersonRow(NamedTuple):
    """A person as the list shows them. invited: no password chosen yet. guest: has no account."""

    id: int
    name: str
    email: str
    active: bool
    invited: bool
    guest: bool
    roles: tuple[str, ...]


class PersonPage(NamedTuple):
    """A person as their page shows them. invitation_until: when the open invitation runs out, None without
    one. sign_ins: how many browsers are signed in.
    """

    id: int
    name: str
    email: str
    active: bool
    invited: bool
    guest: bool
    version: int
    created_at: datetime
    sign_ins: int
    seen_at: datetime | None
    invitation_until: datetime | None
    roles: tuple[str, ...]
    grants: tuple[Grant, ...]


class PeopleFilter(NamedTuple):
    """What a list of people is narrowed to. text: part of a name or address. state: active, invited,
    deactivated or guests, who are in no other list.
    """

    text: str = ""
    role: Role | None = None
    area_id: int | None = None
    agency_id: int | None = None
    state: str = ""


def own_roles(person: CurrentPerson) -> Sequence[PersonRole]:
    """The person's own roles, with area and agency loaded."""
    return db.session.scalars(
        select(PersonRole)
        .where(PersonRole.person_id == person.id)
        .options(joinedload(PersonRole.area), joinedload(PersonRole.agency))
        .order_by(PersonRole.id)
    ).all()


def people(wanted: PeopleFilter, number: int) -> Page[PersonRow]:
    """One page of people, by name, with their roles in words; of guests when they are asked for."""
    conditions = list(_people_conditions(wanted))
    total, number = counted(select(func.count()).select_from(Person).where(*conditions), number)
    query = (
        select(
            Person.id,
            Person.name,
            Person.email,
            Person.active,
            and_(Person.password_hash.is_(None), ~Person.guest).label("invited"),
            Person.guest,
        )
        .where(*conditions)
        .order_by(func.lower(Person.name), Person.id)
        .limit(PAGE_SIZE)
        .offset((number - 1) * PAGE_SIZE)
    )
    rows = db.session.execute(query).all()
    roles = _roles_of([row.id for row in rows])
    items = [PersonRow(**row._asdict(), roles=tuple(words for words, _ in roles[row.id])) for row in rows]
    return Page(items, number, total)


def person_page(person_id: int) -> PersonPage:
    """One person with roles, sessions and invitation. Raises NotFound."""
    moment = now()
    live = and_(SignIn.person_id == Person.id, SignIn.ended_at.is_(None), SignIn.expires_at > moment)
    invited = and_(
        OneTimeLink.person_id == Person.id,
        OneTimeLink.purpose == "invitation",
        OneTimeLink.used_at.is_(None),
        OneTimeLink.expires_at > moment,
    )
    seen = select(func.max(SignIn.seen_at)).where(SignIn.person_id == Person.id)
    query = select(
        Person.id,
        Person.name,
        Person.email,
        Person.active,
        and_(Person.password_hash.is_(None), ~Person.guest).label("invited"),
        Person.guest,
        Person.version,
        Person.created_at,
        select(func.count()).where(live).scalar_subquery().label("sign_ins"),
        seen.scalar_subquery().label("seen_at"),
        select(func.max(OneTimeLink.expires_at)).where(invited).scalar_subquery().label("invitation_until"),
    ).where(Person.id == person_id)
    row = db.session.execute(query).one_or_none()
    if row is None:
        raise NotFound
    roles = _roles_of([person_id])[person_id]
    words, grants = tuple(words for words, _ in roles), tuple(grant for _, grant in roles)
    return PersonPage(**row._asdict(), roles=words, grants=grants)


def people_choices() -> list[Choice]:
    """Number and name of everybody who was ever here; those of one name are told apart by their address."""
    query = select(Person.id, Person.name, Person.email).order_by(func.lower(Person.name), Person.id)
    rows = db.session.execute(query).all()
    names = Counter(row.name for row in rows)
    return [(str(row.id), row.name if names[row.name] == 1 else f"{row.name} ({row.email})") for row in rows]


def _people_conditions(wanted: PeopleFilter) -> Iterable[ColumnElement[bool]]:
    if wanted.text:
        yield or_(
            Person.name.icontains(wanted.text, autoescape=True),
            Person.email.icontains(wanted.text, autoescape=True),
        )
    yield Person.guest.is_(wanted.state == GUESTS)
    if wanted.state == "deactivated":
        yield Person.active.is_(False)
    elif wanted.state and wanted.state != GUESTS:
        yield and_(Person.active, Person.password_hash.is_(None).is_(wanted.state == "invited"))
    held: list[ColumnElement[bool]] = []
    if wanted.role is not None:
        held.append(PersonRole.role == wanted.role)
    if wanted.agency_id is not None:
        held.append(PersonRole.agency_id == wanted.agency_id)
    if wanted.area_id is not None:
        held.append(_covers(wanted.area_id))
    if held:
        # One and the same role must fit everything asked for.
        yield exists().where(PersonRole.person_id == Person.id, *held)


def _covers(area_id: int) -> ColumnElement[bool]:
    """Roles held for the area, for all areas, or in an agency that works in it."""
    everywhere = and_(PersonRole.role.in_(AREAS_OF), PersonRole.area_id.is_(None))
    working = exists().where(AgencyArea.agency_id == PersonRole.agency_id, AgencyArea.area_id == area_id)
    return or_(PersonRole.area_id == area_id, everywhere, and_(PersonRole.role.not_in(AREAS_OF), working))


def _roles_of(person_ids: Sequence[int]) -> defaultdict[int, list[tuple[str, Grant]]]:
    found: defaultdict[int, list[tuple[str, Grant]]] = defaultdict(list)
    query = (
        select(
            PersonRole.person_id,
            PersonRole.role,
            PersonRole.area_id,
            PersonRole.agency_id,
            Area.name.label("area"),
            Agency.name.label("agency"),
        )
        .outerjoin(Area, Area.id == PersonRole.area_id)
        .outerjoin(Agency, Agency.id == PersonRole.agency_id)
        .where(PersonRole.person_id.in_(person_ids))
        .order_by(PersonRole.id)
    )
    for row in db.session.execute(query):
        grant = Grant(row.role, row.area_id, row.agency_id)
        found[row.person_id].append((in_words(row.role, row.area, row.agency), grant))
    return found
