"""What is there already, for the first steps of a new installation."""

from typing import NamedTuple

from sqlalchemy import exists, select

from qa.accounts.models import Agency, Area, Person, PersonRole
from qa.accounts.permissions import Role
from qa.db import db
from qa.frameworks.models import Edition
from qa.frameworks.states import EditionState


class Groundwork(NamedTuple):
    """Whether there is an area, an active agency, a QA lead, and a published framework."""

    area: bool
    agency: bool
    qa_lead: bool
    framework: bool

    @property
    def laid(self) -> bool:
        """Whether an audit can be planned."""
        return self.area and self.agency and self.qa_lead and self.framework


def groundwork() -> Groundwork:
    """What is there, in one statement."""
    lead = exists().where(PersonRole.role == Role.QA_LEAD, PersonRole.person_id == Person.id, Person.active)
    row = db.session.execute(
        select(
            exists().where(Area.id.is_not(None)),
            exists().where(Agency.active),
            lead,
            exists().where(Edition.state == EditionState.PUBLISHED),
        )
    ).one()
    return Groundwork(*(bool(found) for found in row))
