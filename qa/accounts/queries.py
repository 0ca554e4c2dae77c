"""Reads of areas and agencies. They are for administrators, which the routes see to: their permissions reach
everywhere.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import selectinload

from qa.accounts.models import Agency, AgencyArea, Area, Person, PersonRole
from qa.accounts.sectors import Sector
from qa.db import db
from qa.problems import NotFound
from qa.web.paging import PAGE_SIZE, Page

Choice = tuple[str, str]


class AreaRow(NamedTuple):
    """An area as the list shows it, with how many active agencies work in it."""

    id: int
    name: str
    version: int
    agencies: int


class AgencyRow(NamedTuple):
    """An agency as the list shows it, with how many active people hold a role in it."""

    id: int
    name: str
    short_name: str
    sector: Sector
    active: bool
    people: int
    areas: tuple[str, ...]


class AgencyFilter(NamedTuple):
    """What a list of agencies is narrowed to; None: not at all."""

    sector: Sector | None = None
    area_id: int | None = None
    active: bool | None = True


def areas() -> Sequence[AreaRow]:
    """Every area, by name."""
    working = (
        select(func.count())
        .select_from(AgencyArea)
        .join(Agency, and_(Agency.id == AgencyArea.agency_id, Agency.active))
        .where(AgencyArea.area_id == Area.id)
        .scalar_subquery()
    )
    query = select(Area.id, Area.name, Area.version, working).order_by(func.lower(Area.name), Area.id)
    return [AreaRow(*row) for row in db.session.execute(query)]


def area(area_id: int) -> Area:
    """One area. Raises NotFound."""
    row = db.session.get(Area, area_id)
    if row is None:
        raise NotFound
    return row


def area_choices() -> list[Choice]:
    """Number and name of every area, for a form or filter."""
    query = select(Area.id, Area.name).order_by(func.lower(Area.name), Area.id)
    return [(str(number), name) for number, name in db.session.execute(query)]


def agency_choices(*, also: Iterable[int | None] = (), inactive: bool = False) -> list[Choice]:
    """Number and name of the active agencies, of those in `also`, and of all when inactive is asked for."""
    query = select(Agency.id, Agency.name).order_by(func.lower(Agency.name), Agency.id)
    if not inactive:
        kept = [number for number in also if number is not None]
        query = query.where(or_(Agency.active, Agency.id.in_(kept)))
    return [(str(number), name) for number, name in db.session.execute(query)]


def agencies(wanted: AgencyFilter, number: int) -> Page[AgencyRow]:
    """One page of agencies, by name."""
    conditions: list[ColumnElement[bool]] = []
    if wanted.sector is not None:
        conditions.append(Agency.sector == wanted.sector)
    if wanted.area_id is not None:
        conditions.append(
            exists().where(AgencyArea.agency_id == Agency.id, AgencyArea.area_id == wanted.area_id)
        )
    if wanted.active is not None:
        conditions.append(Agency.active.is_(wanted.active))
    total, number = counted(select(func.count()).select_from(Agency).where(*conditions), number)
    holding = (
        select(func.count(func.distinct(PersonRole.person_id)))
        .join(Person, and_(Person.id == PersonRole.person_id, Person.active))
        .where(PersonRole.agency_id == Agency.id)
        .scalar_subquery()
    )
    query = (
        select(
            Agency.id, Agency.name, Agency.short_name, Agency.sector, Agency.active, holding.label("people")
        )
        .where(*conditions)
        .order_by(func.lower(Agency.name), Agency.id)
        .limit(PAGE_SIZE)
        .offset((number - 1) * PAGE_SIZE)
    )
    rows = db.session.execute(query).all()
    places = _areas_of([row.id for row in rows])
    items = [
        AgencyRow(**row._asdict(), areas=tuple(places[row.id]))  # the columns are named as its fields are
        for row in rows
    ]
    return Page(items, number, total)


def agency(agency_id: int) -> Agency:
    """One agency with its areas. Raises NotFound."""
    row = db.session.get(Agency, agency_id, options=[selectinload(Agency.areas)])
    if row is None:
        raise NotFound
    return row


def counted(query: Select[int], number: int) -> tuple[int, int]:
    """How many there are, and the page asked for or the last there is."""
    total = db.session.scalar(query) or 0
    return total, min(number, max(1, -(-total // PAGE_SIZE)))


def _areas_of(agency_ids: Sequence[int]) -> defaultdict[int, list[str]]:
    found: defaultdict[int, list[str]] = defaultdict(list)
    query = (
        select(AgencyArea.agency_id, Area.name)
        .join(Area, Area.id == AgencyArea.area_id)
        .where(AgencyArea.agency_id.in_(agency_ids))
        .order_by(func.lower(Area.name))
    )
    for agency_id, name in db.session.execute(query):
        found[agency_id].append(name)
    return found
