"""Reads of areas, agencies and people."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from qa.accounts.models import PersonRole
from qa.accounts.permissions import CurrentPerson
from qa.db import db


def own_roles(person: CurrentPerson) -> Sequence[PersonRole]:
    """The person's own roles, with area and agency loaded."""
    return db.session.scalars(
        select(PersonRole)
        .where(PersonRole.person_id == person.id)
        .options(joinedload(PersonRole.area), joinedload(PersonRole.agency))
        .order_by(PersonRole.id)
    ).all()
