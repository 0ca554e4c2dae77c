"""Reads of the lists of names: for QA leads of the area, and nobody else."""

from typing import NamedTuple

from sqlalchemy import func, select

from qa.accounts.models import Area
from qa.accounts.permissions import CurrentPerson, Facts, Permission, can, reach
from qa.db import db
from qa.identifiers.models import GuardedName
from qa.identifiers.names import folded_name
from qa.problems import NotFound
from qa.web.paging import PAGE_SIZE, Page


class NameArea(NamedTuple):
    """An area whose list the person keeps. names: how many are on it."""

    id: int
    name: str
    names: int


class ListedName(NamedTuple):
    """An entry of a list."""

    id: int
    name: str


def name_areas(person: CurrentPerson) -> list[NameArea]:
    """The areas whose lists of names the person keeps, by name."""
    reached = reach(person, Permission.NAMES_MANAGE)
    count = select(func.count()).where(GuardedName.area_id == Area.id).scalar_subquery()
    query = select(Area.id, Area.name, count).order_by(Area.name)
    if not reached.everywhere:
        query = query.where(Area.id.in_(reached.areas))
    return [NameArea(*row) for row in db.session.execute(query)]


def name_area(person: CurrentPerson, area_id: int) -> Area:
    """An area whose list the person keeps. Raises NotFound."""
    area = db.session.get(Area, area_id)
    if area is None or not can(person, Permission.NAMES_MANAGE, Facts(area_id=area_id)):
        raise NotFound
    return area


def listed_names(area_id: int, number: int) -> Page[ListedName]:
    """One page of an area's list, in the order of the alphabet."""
    mine = GuardedName.area_id == area_id
    total = db.session.scalar(select(func.count()).select_from(GuardedName).where(mine)) or 0
    number = min(number, max(1, -(-total // PAGE_SIZE)))
    query = (
        select(GuardedName.id, GuardedName.name)
        .where(mine)
        .order_by(GuardedName.folded)
        .limit(PAGE_SIZE)
        .offset((number - 1) * PAGE_SIZE)
    )
    return Page([ListedName(*row) for row in db.session.execute(query)], number, total)


def names_like(area_id: int, text: str) -> list[ListedName]:
    """The entries of an area's list that hold the text, a page of them at most."""
    part = folded_name(text)
    if not part:
        return []
    query = (
        select(GuardedName.id, GuardedName.name)
        .where(GuardedName.area_id == area_id)
        .where(GuardedName.folded.contains(part, autoescape=True))
        .order_by(GuardedName.folded)
        .limit(PAGE_SIZE)
    )
    return [ListedName(*row) for row in db.session.execute(query)]
