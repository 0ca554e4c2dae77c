"""Reads of the library of themes."""

from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, func, or_, select

from qa.accounts.models import Area
from qa.accounts.permissions import CurrentPerson, Permission, Reach, reach
from qa.audits.models import Audit
from qa.audits.queries import visible_audits
from qa.db import db
from qa.findings.models import FindingTheme, Theme
from qa.problems import NotFound
from qa.returns.models import Finding


class LibraryTheme(NamedTuple):
    """A theme in the library. area: whose it is, None when shared. findings: coded to it, within reach."""

    id: int
    name: str
    description: str
    area: str | None
    findings: int
    version: int


def library(person: CurrentPerson) -> tuple[LibraryTheme, ...]:
    """The shared themes and those of the person's areas, by name, with how often each is used."""
    used = (
        select(FindingTheme.theme_id, func.count().label("findings"))
        .join(Finding, Finding.id == FindingTheme.finding_id)
        .join(Audit, Audit.id == Finding.audit_id)
        .where(visible_audits(person, Permission.FINDINGS_READ), Finding.released.is_(True))
        .group_by(FindingTheme.theme_id)
        .subquery("used")
    )
    query = (
        select(
            Theme.id,
            Theme.name,
            Theme.description,
            Area.name,
            func.coalesce(used.c.findings, 0),
            Theme.version,
        )
        .outerjoin(Area, Area.id == Theme.area_id)
        .outerjoin(used, used.c.theme_id == Theme.id)
        .where(within(reach(person, Permission.FINDINGS_CODE)))
        .order_by(func.lower(Theme.name), Theme.id)
    )
    return tuple(LibraryTheme(*row) for row in db.session.execute(query))


def within(reached: Reach) -> ColumnElement[bool]:
    """The condition on Theme that leaves the shared ones and those of the areas reached."""
    if reached.everywhere:
        return Theme.id > 0
    return or_(Theme.area_id.is_(None), Theme.area_id.in_(reached.areas))


def own_areas(person: CurrentPerson) -> tuple[tuple[int, str], ...]:
    """Number and name of the areas whose themes the person keeps, by name."""
    reached = reach(person, Permission.FINDINGS_CODE)
    query = select(Area.id, Area.name).order_by(Area.name)
    if not reached.everywhere:
        query = query.where(Area.id.in_(reached.areas))
    return tuple((row.id, row.name) for row in db.session.execute(query))


def own_theme(person: CurrentPerson, theme_id: int) -> LibraryTheme:
    """A theme of one of the person's areas. Raises NotFound for others and for shared ones."""
    query = (
        select(Theme.id, Theme.name, Theme.description, Area.name, Theme.version)
        .join(Area, Area.id == Theme.area_id)
        .where(and_(Theme.id == theme_id, within(reach(person, Permission.FINDINGS_CODE))))
    )
    row = db.session.execute(query).one_or_none()
    if row is None:
        raise NotFound
    return LibraryTheme(row[0], row[1], row[2], row[3], 0, row.version)
