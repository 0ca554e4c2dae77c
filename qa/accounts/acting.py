"""A person in whose name work is done after their request has been answered."""

from sqlalchemy import select

from qa.accounts.models import Person, PersonRole
from qa.accounts.permissions import CurrentPerson, Grant
from qa.db import db


def active_person(person_id: int) -> CurrentPerson | None:
    """A person with the roles they hold now, for work done on their behalf; None for nobody active."""
    rows = db.session.execute(
        select(
            Person.id, Person.name, Person.email, PersonRole.role, PersonRole.area_id, PersonRole.agency_id
        )
        .outerjoin(PersonRole, PersonRole.person_id == Person.id)
        .where(Person.id == person_id, Person.active)
        .order_by(PersonRole.id)
    ).all()
    if not rows:
        return None
    grants = tuple(Grant(row.role, row.area_id, row.agency_id) for row in rows if row.role is not None)
    return CurrentPerson(rows[0].id, rows[0].name, rows[0].email, grants)
