"""Reads of frameworks and editions, scoped to the person asking."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, false, func, or_, select, true
from sqlalchemy.orm import aliased

from qa.accounts.models import AgencyArea, Area
from qa.accounts.permissions import CurrentPerson, Permission, holds
from qa.db import LONDON, db
from qa.frameworks.models import Edition, Framework, Question
from qa.frameworks.sharing import agencies_of, areas_of, managed_areas, manages, sees_every_area
from qa.frameworks.states import EditionState
from qa.frameworks.wording import EditionWords, Wording, wordings
from qa.problems import NotFound


class EditionFacts(NamedTuple):
    """What an edition's page needs besides its content. area: the one that keeps the framework, or None.

    draft_id: the framework's draft where the person may write it. manages: whether they may change it.
    """

    id: int
    version: int
    state: EditionState
    number: int
    name: str
    framework_id: int
    area_id: int | None
    area: str | None
    published_at: datetime | None
    draft_id: int | None
    manages: bool


def readable(person: CurrentPerson) -> ColumnElement[bool]:
    """The condition on Framework that the person may read it: shared, or kept to one of their areas."""
    if sees_every_area(person):
        return true()
    ways = [Framework.area_id.is_(None), Framework.area_id.in_(areas_of(person))]
    agencies = agencies_of(person)
    if agencies:
        theirs = select(AgencyArea.area_id).where(AgencyArea.agency_id.in_(agencies))
        ways.append(Framework.area_id.in_(theirs))
    return or_(*ways)


def managed(person: CurrentPerson) -> ColumnElement[bool]:
    """The condition on Framework that the person may change it: the same rule as `sharing.manages`."""
    if not holds(person, Permission.FRAMEWORKS_MANAGE):
        return false()
    areas = managed_areas(person)
    if areas is None:
        return true()
    return or_(Framework.area_id.is_(None), Framework.area_id.in_(areas))


def visible(person: CurrentPerson, edition: type[Edition] = Edition) -> ColumnElement[bool]:
    """The condition on Framework and an edition of it that the person may see that edition.

    A draft is there only for those who may write it.
    """
    return and_(readable(person), or_(edition.state != EditionState.DRAFT, managed(person)))


def edition_facts(person: CurrentPerson, edition_id: int) -> EditionFacts:
    """An edition within the person's reach. Raises NotFound. One statement."""
    other = aliased(Edition)
    draft = (
        select(func.max(other.id))
        .where(other.framework_id == Framework.id, other.state == EditionState.DRAFT)
        .correlate(Framework)
        .scalar_subquery()
    )
    found = db.session.execute(
        select(
            Edition.id,
            Edition.version,
            Edition.state,
            Edition.number,
            Edition.name,
            Framework.id,
            Framework.area_id,
            Area.name,
            Edition.published_at,
            draft,
        )
        .join(Framework, Framework.id == Edition.framework_id)
        .outerjoin(Area, Area.id == Framework.area_id)
        .where(Edition.id == edition_id, visible(person))
    ).one_or_none()
    if found is None:
        raise NotFound("no such edition")
    *facts, draft_id = found
    theirs = manages(person, found[6])
    return EditionFacts._make((*facts, draft_id if theirs else None, theirs))


def check_readable(person: CurrentPerson, edition_id: int) -> int:
    """The edition's version. Raises NotFound for an unknown one, one kept to another area, or a draft not
    theirs to see.
    """
    return edition_facts(person, edition_id).version


def wordings_of(framework_id: int, number: int) -> Mapping[str, Wording]:
    """Since when each question of that edition is worded as it is, by the question's key.

    Only published and withdrawn editions count. One statement; for whoever may read the edition.
    """
    rows = db.session.execute(
        select(Edition.number, Edition.published_at, Question.key, Question.text)
        .join(Question, Question.edition_id == Edition.id)
        .where(
            Edition.framework_id == framework_id,
            Edition.number <= number,
            Edition.state != EditionState.DRAFT,
        )
        .order_by(Edition.number)
    )
    return wordings(_by_edition(rows.all()))


def _by_edition(rows: Iterable[Sequence[Any]]) -> list[EditionWords]:
    editions: dict[int, EditionWords] = {}
    for number, published_at, key, text in rows:
        if number not in editions:
            day = published_at.astimezone(LONDON).date() if published_at else None
            editions[number] = EditionWords(number, day, {})
        editions[number].texts[key] = text
    return list(editions.values())


def published_edition_id(key: str, number: int | None = None) -> int:
    """The row number of a framework's newest published edition, or of the edition with that number.

    Raises NotFound when there is none. For the command line: nobody is asked who they are.
    """
    query = (
        select(Edition.id).join(Framework, Framework.id == Edition.framework_id).where(Framework.key == key)
    )
    if number is None:
        query = query.where(Edition.state == EditionState.PUBLISHED)
    else:
        query = query.where(Edition.number == number)
    found = db.session.scalar(query.order_by(Edition.number.desc()).limit(1))
    if found is None:
        raise NotFound(f"no such edition of {key}")
    return found
