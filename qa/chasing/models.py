"""Who was chased when, and due dates that were changed."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from qa.accounts.models import Person
from qa.audits.models import Audit, Return
from qa.db import Base, UtcDateTime


class Chase(Base):
    """One return that somebody was written to about. person_id: to whom; sent_by_id None: a reminder of the
    product's own.
    """

    __tablename__ = "chase"

    id: Mapped[int] = mapped_column(primary_key=True)
    audit_id: Mapped[int] = mapped_column(ForeignKey(Audit.id))
    return_id: Mapped[int] = mapped_column(ForeignKey(Return.id, ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey(Person.id))
    sent_at: Mapped[datetime] = mapped_column(UtcDateTime)
    sent_by_id: Mapped[int | None] = mapped_column(ForeignKey(Person.id))

    __table_args__ = (
        Index("ix_chase_audit_id_sent_at", "audit_id", "sent_at", "id"),
        Index("ix_chase_return_id_sent_at", "return_id", "sent_at"),
        Index("ix_chase_person_id", "person_id"),
    )


class Extension(Base):
    """The due date of a return was put off, and why."""

    __tablename__ = "due_date_extension"

    id: Mapped[int] = mapped_column(primary_key=True)
    return_id: Mapped[int] = mapped_column(ForeignKey(Return.id, ondelete="CASCADE"), index=True)
    from_on: Mapped[date]
    to_on: Mapped[date]
    reason: Mapped[str] = mapped_column(Text)
    extended_at: Mapped[datetime] = mapped_column(UtcDateTime)
    extended_by_id: Mapped[int | None] = mapped_column(ForeignKey(Person.id))
