"""Commands on areas and agencies."""

import re
import unicodedata
from collections.abc import Collection

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, selectinload
from sqlalchemy.orm.attributes import flag_modified

from qa.accounts.managing import who_changed
from qa.accounts.models import Agency, Area
from qa.accounts.permissions import CurrentPerson, Facts, Permission, can
from qa.accounts.sectors import Sector
from qa.db import writing
from qa.problems import NotAllowed, NotFound, Stale, refused
from qa.trail.recording import record

AREA_TAKEN = "There is an area of this name already"
AGENCY_TAKEN = "There is an agency of this name already"


def add_area(person: CurrentPerson, name: str) -> int:
    """Add an area; gives back its number. Raises Refused when the name is taken."""
    _check(person, Permission.AREAS_MANAGE)
    try:
        with writing() as session:
            _check_free(session, Area, name, AREA_TAKEN)
            row = Area(slug=_free_slug(session, name), name=name)
            session.add(row)
            session.flush()
            record(session, person.id, "accounts.area_added", "area", row.id, fields=["name"], area_id=row.id)
            return row.id
    except IntegrityError:
        raise refused(AREA_TAKEN, "name") from None


def rename_area(person: CurrentPerson, area_id: int, version: int, name: str) -> None:
    """Rename an area; everything that belongs to it stays. Raises NotFound, Stale, or Refused."""
    _check(person, Permission.AREAS_MANAGE)
    try:
        with writing() as session:
            row = session.scalar(select(Area).where(Area.id == area_id).with_for_update())
            if row is None:
                raise NotFound
            if row.version != version:
                raise Stale({"name": row.name}, row.version, who_changed(session, "area", row.id))
            if row.name == name:
                return
            _check_free(session, Area, name, AREA_TAKEN, but=area_id)
            row.name = name
            fields = ["name"]
            record(session, person.id, "accounts.area_renamed", "area", row.id, fields=fields, area_id=row.id)
    except IntegrityError:
        raise refused(AREA_TAKEN, "name") from None


def add_agency(
    person: CurrentPerson, name: str, short_name: str, sector: Sector, area_ids: Collection[int]
) -> int:
    """Add an agency working in the areas; gives back its number. Raises Refused when the name is taken."""
    _check(person, Permission.AGENCIES_MANAGE)
    try:
        with writing() as session:
            _check_free(session, Agency, name, AGENCY_TAKEN)
            row = Agency(name=name, short_name=short_name or name[:40].strip(), sector=sector)
            row.areas = _areas(session, area_ids)
            session.add(row)
            session.flush()
            fields = ["name", "short_name", "sector", "areas"]
            record(session, person.id, "accounts.agency_added", "agency", row.id, fields=fields)
            return row.id
    except IntegrityError:
        raise refused(AGENCY_TAKEN, "name") from None


def change_agency(
    person: CurrentPerson,
    agency_id: int,
    version: int,
    name: str,
    short_name: str,
    sector: Sector,
    area_ids: Collection[int],
) -> None:
    """Change an agency. Raises NotFound, Stale, or Refused when the name is taken."""
    _check(person, Permission.AGENCIES_MANAGE)
    try:
        with writing() as session:
            row = _locked_agency(session, agency_id)
            if row.version != version:
                raise Stale(_agency_texts(row), row.version, who_changed(session, "agency", row.id))
            _check_free(session, Agency, name, AGENCY_TAKEN, but=agency_id)
            wanted = {"name": name, "short_name": short_name or name[:40].strip(), "sector": sector}
            changed = [field for field, value in wanted.items() if getattr(row, field) != value]
            for field in changed:
                setattr(row, field, wanted[field])
            if {area.id for area in row.areas} != set(area_ids):
                row.areas = _areas(session, area_ids)
                flag_modified(row, "name")  # its areas are rows of their own: its version must rise too
                changed.append("areas")
            if changed:
                record(session, person.id, "accounts.agency_changed", "agency", row.id, fields=changed)
    except IntegrityError:
        raise refused(AGENCY_TAKEN, "name") from None


def set_agency_active(person: CurrentPerson, agency_id: int, *, active: bool) -> str:
    """Offer an agency for new work again, or no more; what it has done stays. Gives back its name."""
    _check(person, Permission.AGENCIES_MANAGE)
    with writing() as session:
        row = _locked_agency(session, agency_id)
        if row.active != active:
            row.active = active
            event = "accounts.agency_reactivated" if active else "accounts.agency_deactivated"
            record(session, person.id, event, "agency", row.id, fields=["active"])
        return row.name


def _check(person: CurrentPerson, permission: Permission) -> None:
    if not can(person, permission, Facts()):
        raise NotAllowed("Only an administrator changes areas and agencies.")


def _check_free(
    session: Session, kind: type[Area | Agency], name: str, message: str, *, but: int | None = None
) -> None:
    """Two names that differ in capitals alone would be taken for each other."""
    taken = select(kind.id).where(func.lower(kind.name) == name.lower())
    if but is not None:
        taken = taken.where(kind.id != but)
    if session.scalar(taken.limit(1)) is not None:
        raise refused(message, "name")


def _free_slug(session: Session, name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    stem = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:50] or "area"
    taken = set(session.scalars(select(Area.slug).where(Area.slug.startswith(stem, autoescape=True))))
    return next(slug for slug in (stem, *(f"{stem}-{n}" for n in range(2, 1000))) if slug not in taken)


def _areas(session: Session, area_ids: Collection[int]) -> list[Area]:
    if not area_ids:
        raise refused("Choose at least one area", "areas")
    rows = list(session.scalars(select(Area).where(Area.id.in_(area_ids)).order_by(Area.name)))
    if len(rows) != len(set(area_ids)):
        raise refused("One of the areas is not here any more. Open the form again", "areas")
    return rows


def _locked_agency(session: Session, agency_id: int) -> Agency:
    row = session.scalar(
        select(Agency).where(Agency.id == agency_id).options(selectinload(Agency.areas)).with_for_update()
    )
    if row is None:
        raise NotFound
    return row


def _agency_texts(row: Agency) -> dict[str, str]:
    return {
        "name": row.name,
        "short_name": row.short_name,
        "sector": row.sector.label,
        "areas": ", ".join(area.name for area in row.areas),
    }
