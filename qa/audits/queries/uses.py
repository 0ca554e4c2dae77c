"""Which audits use a framework."""

from collections.abc import Collection, Sequence

from sqlalchemy import case, func, not_, or_, select

from qa.accounts.models import Area
from qa.accounts.permissions import CurrentPerson, Permission, holds
from qa.audits.models import Audit
from qa.audits.queries.reach import visible_audits
from qa.db import db
from qa.frameworks.models import Edition

Counted = tuple[int, int, int, str, int, int]


def audits_by_framework(person: CurrentPerson, framework_ids: Collection[int]) -> Sequence[Counted]:
    """Framework, edition, area (number and name), audits within the person's reach, and audits they may
    know of.

    Whoever manages frameworks or areas knows of every audit that is not confidential. One statement.
    """
    within = visible_audits(person, Permission.AUDITS_READ)
    known = within
    if holds(person, Permission.FRAMEWORKS_MANAGE) or holds(person, Permission.AREAS_MANAGE):
        known = or_(within, not_(Audit.confidential))
    rows = db.session.execute(
        select(
            Edition.framework_id,
            Edition.id,
            Area.id,
            Area.name,
            func.sum(case((within, 1), else_=0)),
            func.count(),
        )
        .select_from(Audit)
        .join(Edition, Edition.id == Audit.edition_id)
        .join(Area, Area.id == Audit.area_id)
        .where(Edition.framework_id.in_(framework_ids), known)
        .group_by(Edition.framework_id, Edition.id, Area.id, Area.name)
        .order_by(Area.name, Edition.id)
    )
    return [(row[0], row[1], row[2], row[3], int(row[4]), row[5]) for row in rows]


def areas_using(framework_id: int) -> frozenset[int]:
    """The areas with an audit that uses any edition of the framework, confidential or not."""
    return frozenset(
        db.session.scalars(
            select(Audit.area_id)
            .join(Edition, Edition.id == Audit.edition_id)
            .where(Edition.framework_id == framework_id)
            .distinct()
        )
    )
