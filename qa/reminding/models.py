"""When each person last had a digest."""

from datetime import date

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from qa.accounts.models import Person
from qa.db import Base


class LastDigest(Base):
    """The day on which a person was last sent a digest: one a day at most."""

    __tablename__ = "last_digest"

    person_id: Mapped[int] = mapped_column(
        ForeignKey(Person.id, ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    sent_on: Mapped[date]
